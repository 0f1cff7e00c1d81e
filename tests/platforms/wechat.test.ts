/** The bot on a fake of ordinary WeChat, through wechaty: what people see, what is stored, and what a puppet may do without harm. */
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { types } from 'wechaty';
import type { Card } from '../../src/core/card.ts';
import { openFiles } from '../../src/forms/files.ts';
import { heardMessage, type Raw } from '../../src/platforms/wechat/receive.ts';
import { MOST_BYTES, render } from '../../src/platforms/wechat/render.ts';
import { classify, wechatPlatform } from '../../src/platforms/wechat/send.ts';
import { keepPrivate, SESSION } from '../../src/platforms/wechat/session.ts';
import { BOT_NAME, type SentMessage } from '../fakes/wechat.ts';
import { type WechatWorld, wechatWorld } from '../harness/live-world.ts';
import { VirtualTicks } from '../harness/ticks.ts';

let world: WechatWorld | undefined;
afterEach(async () => {
  if (!world) return;
  const w = world;
  world = undefined;
  await w.close();
  const told = w.logged.join('\n');
  expect(told).not.toMatch(/1[3-9]\d{9}|签到|绑定/);
  expect(w.logged.filter(l => l.startsWith('error'))).toEqual([]);
  expect(w.fake.refusals).toEqual([]);
});
const begin = async (options: Parameters<typeof wechatWorld>[0] = {}): Promise<WechatWorld> => {
  world = await wechatWorld(options);
  return world;
};
const says = (words: string) => (m: SentMessage) => m.text.includes(words);
const to = (place: string, words: string) => (m: SentMessage) => m.to === place && m.text.includes(words);
const quiet = (w: WechatWorld) => w.live.assembled.bot.delivered();
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('what does not fit into a message', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [`第${i}县`, `${i}`, '未报']);
  const table = { columns: ['区县', '人次', '月报'], rows };
  const told = (sent: readonly SentMessage[]) => sent.flatMap(m => m.text.split('\n').filter(l => l.startsWith('·')));

  it('comes page by page for one word, all of it and once; then there is no more', async () => {
    const w = await begin();
    const { fake, who } = w;
    const me = who('赖知远');
    await w.tell(`user:${me}`, { title: '全省月报', table, buttons: [{ label: '看待办', command: '/待办' }] });
    await fake.next(to(me, '全省月报'));
    for (let page = 2; told(fake.sent).length < rows.length; page++) {
      expect(page).toBeLessThan(9);
      expect(fake.sent.at(-1)!.text).toMatch(/还有 \d+ 行，回复“更多”接着看/);
      await quiet(w);
      fake.say(fake.message(me, null, '更多'));
      await expect.poll(() => fake.sent.length).toBe(page);
      expect(fake.sent.at(-1)!.text).toMatch(/^接上：全省月报/);
    }
    expect(told(fake.sent)).toEqual(rows.map(([c, n, s]) => `· ${c}：${n} ${s}`));
    for (const m of fake.sent) expect(Buffer.byteLength(m.text)).toBeLessThanOrEqual(MOST_BYTES);
    await quiet(w);
    fake.say(fake.message(me, null, '下一页'));
    await fake.next(to(me, '后面没有了'));
    // What can be chosen can be chosen on every page.
    await w.tell(`user:${me}`, { title: '全市月报', table, buttons: [{ label: '看隐私', command: '/隐私' }] });
    await fake.next(to(me, '回复 1 看隐私'));
    await quiet(w);
    fake.say(fake.message(me, null, '更多'));
    await fake.next(m => m.text.startsWith('接上') && m.text.includes('回复 1 看隐私'));
    await quiet(w);
    fake.say(fake.message(me, null, '1'));
    await fake.next(m => m.to === me && m.text.includes('电话'));
  });

  it('in a group comes to whoever asked; where nothing was cut the word is no command, and nothing is kept of it', async () => {
    const w = await begin();
    const { fake, who, chat, live } = w;
    const group = chat('城郊');
    const said = async () => (await live.store.read.journal({}, 1_000)).length;
    const before = await said();
    fake.say(fake.message(who('吴沐阳'), group, '更多'));
    await pause(100);
    expect(fake.sent).toEqual([]);
    expect(await said()).toBe(before);
    await w.tell(group, { title: '本周安排', table }, { class: 'news' });
    await fake.next(to(group, '本周安排'));
    await quiet(w);
    fake.say(fake.message(who('吴沐阳'), group, '更多'));
    await fake.next(to(group, '接上'));
    // That was said to one of them: another does not turn its page, but reads on from what all were told.
    await quiet(w);
    const turned = fake.sent.length;
    fake.say(fake.message(who('黄怀瑾'), group, '更多'));
    await expect.poll(() => fake.sent.length).toBe(turned + 1);
    expect(told(fake.sent.slice(-1))[0]).toBe(told(fake.sent.slice(-2, -1))[0]);
  });
});

describe('what is said', () => {
  it('is answered once, in group and in direct chat, however often it comes and across a restart', async () => {
    const { fake, who, chat, restart } = await begin();
    const said = fake.message(who('吴沐阳'), chat('城郊'), '/签到');
    fake.say(said);
    await fake.next(to(chat('城郊'), '已签到'));
    fake.say(said);
    await restart();
    fake.say(said);
    fake.say(fake.message(who('吴沐阳'), null, '我的'));
    await fake.next(m => m.to === who('吴沐阳'));
    expect(fake.sent.filter(m => m.to === chat('城郊'))).toHaveLength(1);
    expect(await world!.live.store.read.count('checkIns', {})).toBe(1);
  });

  it('talk in a group leaves no trace; a call by name needs no slash; own words and those of official accounts are not heard', async () => {
    const { fake, who, chat, live } = await begin();
    const before = await live.store.read.journal({}, 1_000);
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), '明天谁去'));
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), '1'));
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), '', { type: types.Message.Image }));
    await pause(100);
    expect(fake.sent).toEqual([]);
    expect(await live.store.read.journal({}, 1_000)).toHaveLength(before.length);
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), `@${BOT_NAME}\u2005签到`));
    await fake.next(says('已签到'));
  });

  it('a place is read by the puppet’s own call, and one that cannot be read harms nothing', async () => {
    const { fake, who, live } = await begin();
    const place = { latitude: 24.72, longitude: 116.73, name: '城郊卫生院' };
    fake.say(fake.message(who('吴沐阳'), null, '', { type: types.Message.Location, place }));
    await fake.next(to(who('吴沐阳'), '已签到'));
    expect(await live.store.read.count('checkIns', {})).toBe(1);
    fake.say(fake.message(who('黄怀瑾'), null, '', { type: types.Message.Location }));
    await fake.next(to(who('黄怀瑾'), '这个位置没有收下'));
  });

  it('a table sent in direct chat reaches the import; other files of a group are nobody’s business', async () => {
    const { fake, who, chat } = await begin();
    const bytes = Buffer.from('单位,姓名,角色,电话\n城郊卫生院,黄怀瑾,受援单位专人,\n');
    fake.say(fake.message(who('赖知远'), null, '联络员.csv', { type: types.Message.Attachment, file: { name: '联络员.csv', bytes } }));
    expect((await fake.next(m => m.to === who('赖知远'))).text).toMatch(/联络员|人/);
    fake.say(fake.message(who('赖知远'), chat('城郊'), '照片.zip', { type: types.Message.Attachment, file: { name: '照片.zip', bytes } }));
    await pause(80);
    expect(fake.sent.filter(m => m.to === chat('城郊'))).toEqual([]);
  });

  it('the bot greets a group it is taken into, once', async () => {
    const { fake, who } = await begin();
    fake.invite(who('黄怀瑾'), 'new@chatroom', '新群');
    const hello = await fake.next(m => m.to === 'new@chatroom');
    expect(hello.text).toContain('/绑定群');
    fake.say(fake.message(who('黄怀瑾'), 'new@chatroom', '/绑定群 城郊卫生院'));
    await fake.next(to('new@chatroom', '本群绑定了城郊卫生院'));
  });
});

describe('numbers in place of buttons', () => {
  /** 黄怀瑾 asks for the list of today's visits in the group; its choices are offered to her. */
  const offered = async (w: WechatWorld) => {
    w.fake.say(w.fake.message(w.who('吴沐阳'), w.chat('城郊'), '/签到'));
    await w.fake.next(says('已签到'));
    w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), '/核实'));
    const card = await w.fake.next(m => /回复 \d+ .*在岗/.test(m.text));
    await quiet(w);
    return Number(/回复 (\d+) .*在岗/.exec(card.text)![1]);
  };
  const present = (w: WechatWorld) => w.live.store.read.count('visits', { presence: 'present', day: { from: '2024-04-08' as never } });

  it('do what was offered, only for whom it was offered to, and after a restart as well', async () => {
    const w = await begin();
    const number = await offered(w);
    const before = w.fake.sent.length;
    w.fake.say(w.fake.message(w.who('池景天'), w.chat('城郊'), `${number}`));
    w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), '99'));
    await pause(100);
    expect(w.fake.sent).toHaveLength(before);
    expect(await present(w)).toBe(0);
    await w.restart();
    const said = w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), `回复${number}`);
    w.fake.say(said);
    w.fake.say(said);
    await expect.poll(() => present(w)).toBe(1);
    await quiet(w);
    expect(w.fake.sent.length).toBe(before + 1);
  });

  it('hold for ten minutes: then a group hears nothing of it, and a direct chat what to send', async () => {
    const w = await begin();
    const number = await offered(w);
    const before = w.fake.sent.length;
    w.fake.say(w.fake.message(w.who('黄怀瑾'), null, '核实'));
    const direct = await w.fake.next(m => m.to === w.who('黄怀瑾') && /回复 1 /.test(m.text));
    await quiet(w);
    const at = w.fake.sent.length;
    await w.to('2024-04-08 08:11');
    w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), `${number}`));
    w.fake.say(w.fake.message(w.who('黄怀瑾'), null, '1'));
    const late = await w.fake.next(to(w.who('黄怀瑾'), '十分钟'));
    expect(late.text).toMatch(/请发：\//);
    expect(w.fake.sent.filter(m => m.to === w.chat('城郊'))).toHaveLength(before);
    expect(w.fake.sent).toHaveLength(at + 1);
    expect(await present(w)).toBe(0);
    expect(direct.text).not.toContain('dtmd');
  });

  it('of two cards are asked for, not guessed', async () => {
    const w = await begin();
    const { fake, who } = w;
    const card = (n: number): Card => ({
      code: 'x',
      title: `第${n}件`,
      tone: 'ask',
      lines: [],
      buttons: [{ label: '看', command: n === 1 ? '/我的' : '/待办' }],
    });
    const now = 1_712_534_400_000;
    const event = { platform: 'wechat', app: 'wechat', eventId: 'two', conversation: '', account: '', sentAt: now, receivedAt: now };
    const { posts } = await w.live.store.turn(event, async tx => {
      const to = { platform: 'wechat', app: 'wechat', conversation: `user:${who('吴沐阳')}` };
      const rest = {
        topic: null,
        to,
        place: 'direct',
        class: 'news',
        notBefore: null,
        expires: null,
        replyTo: null,
        born: 'pending',
      } as const;
      await tx.post(
        [1, 2].map(n => ({ ...rest, key: `two/${n}`, card: card(n) })),
        now,
      );
      return 'two';
    });
    w.live.assembled.relay.kick(posts);
    await fake.next(says('第2件'));
    await quiet(w);
    fake.say(fake.message(who('吴沐阳'), null, '1'));
    const which = await fake.next(says('您选的是哪一个'));
    expect(which.text).toMatch(/回复 1 看（第2件）\n回复 2 看（第1件）/);
    await quiet(w);
    fake.say(fake.message(who('吴沐阳'), null, '2'));
    await fake.next(m => m.to === who('吴沐阳') && m.text.startsWith('吴沐阳'));
  });
});

describe('a login that gives out new ids', () => {
  const again = async (w: WechatWorld) => {
    w.fake.newIds();
    await w.fake.logout();
    await pause(30);
    w.fake.enter();
    await expect.poll(() => w.live.store.read.count('accounts', { platform: 'wechat', state: 'bound' })).toBe(0);
  };

  it('freezes every binding: nobody acts by one, groups are asked, the terminal has the admin’s code, history stays', async () => {
    const w = await begin();
    const { fake, who, chat, live } = w;
    const people = await live.store.read.count('accounts', { platform: 'wechat', state: 'bound' });
    const groups = await live.store.read.all('groups', {});
    await again(w);
    expect(await live.store.read.count('accounts', { platform: 'wechat', state: 'frozen' })).toBe(people);
    expect(await live.store.read.count('groups', {})).toBe(0);
    expect(await live.store.read.count('frozenGroups', {})).toBe(groups.length);
    const asked = await fake.next(to(chat('城郊'), '本群要再认一次'));
    fake.say(fake.message(who('吴沐阳'), null, '签到'));
    expect((await fake.next(m => m.to === who('吴沐阳'))).text).toContain('请再绑定一次');
    expect(await live.store.read.count('checkIns', {})).toBe(0);

    // Whoever stands at the terminal has the admin's code; it works once, and only for the admin's person.
    const code = /绑定 ([A-Z2-9]{8})/.exec(w.shown.join('\n'))![1]!;
    fake.say(fake.message(who('赖知远'), null, `绑定 ${code.toLowerCase()}`));
    expect((await fake.next(to(who('赖知远'), '绑定好了'))).text).toMatch(/重绑码 [A-Z2-9]{6}/);
    fake.say(fake.message(who('吴沐阳'), null, `绑定 ${code}`));
    await fake.next(to(who('吴沐阳'), '重绑码不对或已用过'));

    const groupCode = /\/绑定群 ([A-Z2-9]{6})/.exec(asked.text)![1]!;
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), `/绑定群 ${groupCode}`));
    await fake.next(to(chat('城郊'), '请再绑定一次'));
    fake.say(fake.message(who('赖知远'), chat('城郊'), `/绑定群 ${groupCode}`));
    await fake.next(to(chat('城郊'), '本群绑定了城郊卫生院'));
    const bound = await live.store.read.all('groups', {});
    expect(bound.map(g => g.conversation)).toEqual([fake.idNow(chat('城郊'))]);
    fake.say(fake.message(who('赖知远'), chat('古竹'), `/绑定群 ${groupCode}`));
    await fake.next(to(chat('古竹'), '不对或已用过'));
    expect((await live.store.verifyJournal()).brokenAt).toBeNull();
  });

  it('leaves nobody to be written to by an id of before, however well it is still remembered', async () => {
    const w = await begin();
    await w.tell(`user:${w.who('吴沐阳')}`, { title: '先前的话' });
    await w.fake.next(to(w.who('吴沐阳'), '先前的话'));
    await again(w);
    const before = w.fake.sent.length;
    await w.tell(`user:${w.who('吴沐阳')}`, { title: '后来的话' });
    await expect.poll(async () => (await w.live.store.outbox.byKey('test/后来的话'))?.state).toBe('failed');
    expect(w.fake.sent.slice(before).filter(says('后来的话'))).toEqual([]);
    // Whoever speaks is answered by the id of now.
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    await w.fake.next(to(w.who('吴沐阳'), '请再绑定一次'));
  });

  it('is undone by the code that was given at binding, or by name and number; a code is kept nowhere in plain words', async () => {
    const w = await begin();
    const { fake, who, live } = w;
    await again(w);
    fake.say(fake.message(who('黄怀瑾'), null, '绑定 黄怀瑾 1037'));
    const first = await fake.next(to(who('黄怀瑾'), '绑定好了'));
    const code = /重绑码 ([A-Z2-9]{6})/.exec(first.text)![1]!;
    await quiet(w);
    const kept = JSON.stringify([await live.store.read.outbox({ limit: 500 }), await live.store.read.journal({}, 5_000)]);
    expect(kept).not.toContain(code);
    expect(kept).toContain('绑定好了');
    await again(w);
    // A code binds whom it was given to, from whichever account he writes now, and no other account twice.
    fake.say(fake.message(who('黄怀瑾'), null, `绑定 ${code}`));
    await expect.poll(() => fake.sent.filter(to(who('黄怀瑾'), '绑定好了，黄怀瑾')).length).toBe(2);
    const mine = await live.store.read.all('accounts', { platform: 'wechat', state: 'bound' });
    expect(mine.map(a => a.account)).toEqual([fake.idNow(who('黄怀瑾'))]);
    fake.say(fake.message(who('黄怀瑾'), null, '待办'));
    await expect.poll(() => fake.sent.filter(m => m.to === who('黄怀瑾')).length).toBe(3);
  });

  it('is none while one id is still there: a kept session, or a part of the contacts', async () => {
    const w = await begin();
    const before = await w.live.store.read.count('accounts', { platform: 'wechat', state: 'bound' });
    await w.fake.logout();
    await pause(30);
    w.fake.enter();
    await pause(250);
    expect(await w.live.store.read.count('accounts', { platform: 'wechat', state: 'bound' })).toBe(before);
    await w.restart();
    await pause(250);
    expect(await w.live.store.read.count('accounts', { platform: 'wechat', state: 'bound' })).toBe(before);
  });
});

describe('a look through the contacts', () => {
  it('waits until the list has stopped growing, where the puppet does not tell', async () => {
    const w = await begin({
      before: fake => {
        fake.ready(false);
        // Somebody who is bound to nobody comes first.
        fake.addPerson('wx_friend', '某人');
      },
    });
    const bound = () => w.live.store.read.count('accounts', { platform: 'wechat', state: 'bound' });
    const before = await bound();
    await w.fake.logout();
    await pause(30);
    for (const n of [1, 2, 3]) {
      w.fake.load(n);
      if (n === 1) w.fake.enter();
      await pause(70);
    }
    w.fake.load(999);
    await pause(300);
    expect(await bound()).toBe(before);
  });

  it('is done again when it could not be stored', async () => {
    const w = await begin();
    const { store } = w.live;
    const turn = store.turn.bind(store);
    w.fake.newIds();
    await w.fake.logout();
    await pause(30);
    let refused = 0;
    store.turn = () => {
      refused++;
      return Promise.reject(new Error('disk full'));
    };
    w.fake.enter();
    await expect.poll(() => refused).toBeGreaterThan(0);
    store.turn = turn;
    await expect.poll(() => store.read.count('accounts', { platform: 'wechat', state: 'bound' })).toBe(0);
    expect(w.logged.some(l => l.startsWith('error') && l.includes('could not be looked through'))).toBe(true);
    w.logged.length = 0;
    // Until the contacts could be looked through, the bot may have written to an id of before.
    w.fake.refusals.length = 0;
  });
});

describe('what goes out', () => {
  const mine = async (w: WechatWorld, state: 'pending' | 'failed' | 'unknown' | 'sent') =>
    (await w.live.store.read.outbox({ states: [state], limit: 50 })).filter(r => r.to.conversation === `user:${w.who('吴沐阳')}`);

  it('waits while nobody is logged in, and goes once when somebody is', async () => {
    const w = await begin();
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    // Logged out in the middle: the message was heard, the answer finds nobody at home.
    await w.fake.logout();
    await expect.poll(async () => (await mine(w, 'pending')).map(r => r.error)).toEqual(['微信没有登录']);
    expect(w.live.troubles()['wechat']).toContain('已退出登录');
    w.fake.enter();
    await w.fake.next(to(w.who('吴沐阳'), '已签到'));
    await quiet(w);
    expect(w.fake.sent.filter(says('已签到'))).toHaveLength(1);
    expect(w.live.troubles()['wechat']).toBeNull();
  });

  it.each([
    ['an error of the puppet', 'socket hang up', 'unknown'],
    ['a login that has ended', 'AssertionError: 1101 == 0', 'pending'],
    ['too fast for WeChat', '发送消息过于频繁', 'pending'],
  ] as const)('%s', async (_name, fault, state) => {
    const w = await begin();
    w.fake.faults.push(fault);
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    await expect.poll(async () => (await mine(w, state)).length).toBe(1);
    expect(await w.live.store.read.count('checkIns', {})).toBe(1);
    expect(w.fake.sent.filter(m => m.to === w.who('吴沐阳'))).toEqual([]);
  });

  it('a group that is gone and a person who is no friend are told to the admin, not tried for ever', async () => {
    const w = await begin();
    w.fake.leaves(w.chat('城郊'));
    w.fake.unfriend(w.who('吴沐阳'));
    w.fake.say(w.fake.message(w.who('吴沐阳'), w.chat('城郊'), '/签到'));
    await expect
      .poll(async () => (await w.live.store.read.outbox({ states: ['failed'], limit: 9 })).map(r => r.error))
      .toEqual(['微信里找不到这个群，或机器人不在群里']);
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '我的'));
    await expect.poll(async () => (await mine(w, 'failed')).map(r => r.error)).toEqual(['微信里找不到这个人，要先加好友']);
    await w.fake.next(to(w.who('赖知远'), '有消息没送到'));
  });

  /** What is said, and when, in virtual milliseconds. */
  const spoken = () => {
    const ticks = new VirtualTicks();
    const said: { what: string; to: string; at: number }[] = [];
    const state = { fail: -1 };
    const { send } = wechatPlatform({
      voice: {
        mute: () => null,
        reaches: async () => true,
        async say(to, what) {
          if (said.length === state.fail) throw new Error('socket hang up');
          if (what === '挂住') return new Promise<never>(() => undefined);
          said.push({ what: typeof what === 'string' ? what : what.name, to: 'room' in to ? to.room : to.contact, at: ticks.now() });
        },
      },
      files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async id => (id === 'lost' ? undefined : new Uint8Array([1])) },
      gap: 2_000,
      ticks,
    });
    const sends = (card: Partial<Card>, conversation = 'g@chatroom') =>
      send({
        key: 'k',
        to: { platform: 'wechat', app: 'wechat', conversation },
        card: { code: 'x', title: '题', tone: 'info', lines: [], ...card },
        text: '',
        replyTo: null,
        mention: [],
      });
    return { ticks, said, state, sends };
  };
  const picture = { id: 'a', name: '图.png', bytes: 1 };
  const file = { id: 'b', name: '单.docx', bytes: 1 };

  it('a picture and a file come behind their words, at a distance; one that is lost is told, and what failed half-way is unknown', async () => {
    const { ticks, said, state, sends } = spoken();
    const whole = sends({ picture, file });
    await ticks.advance(4_000);
    expect(await whole).toEqual({ result: 'sent', providerId: 'k' });
    expect(said.map(s => [s.what, s.at])).toEqual([
      ['题', 0],
      ['图.png', 2_000],
      ['单.docx', 4_000],
    ]);
    void sends({ picture: { ...picture, id: 'lost' } });
    await ticks.advance(4_000);
    expect(said.slice(3).map(s => [s.what, s.at])).toEqual([
      ['题', 6_000],
      ['文件 图.png 没有发成，请用 /网页 取', 8_000],
    ]);
    state.fail = said.length + 1;
    const half = sends({ picture });
    await ticks.advance(10_000);
    expect(await half).toMatchObject({ result: 'unknown', why: expect.stringContaining('前 1 条已发') });
  });

  it('what failed stands in nobody’s way afterwards', async () => {
    const { ticks, said, state, sends } = spoken();
    state.fail = 0;
    for (let i = 0; i < 4; i++) {
      const failed = sends({ picture });
      await ticks.advance(4_000);
      expect(await failed).toMatchObject({ result: 'unknown' });
    }
    state.fail = -1;
    void sends({ title: '乙' });
    await ticks.advance(4_000);
    expect(said.map(s => s.what)).toEqual(['乙']);
  });

  it('a message that hangs holds up the next for a while, and not for good', async () => {
    const { ticks, said, sends } = spoken();
    void sends({ title: '挂住' }, 'a@chatroom');
    void sends({ title: '乙' }, 'b@chatroom');
    await ticks.advance(11_999);
    expect(said).toEqual([]);
    await ticks.advance(1);
    expect(said.map(s => s.what)).toEqual(['乙']);
  });

  it('what hung stands in nobody’s way for good, however often, whatever was to come behind it', async () => {
    const { ticks, said, sends } = spoken();
    for (let i = 0; i < 4; i++) {
      void sends({ title: '挂住', picture, file }, `${i}@chatroom`);
      await ticks.advance(60_000);
    }
    expect(await sends({ title: '乙' }, 'b@chatroom')).toMatchObject({ result: 'sent' });
    expect(said.map(s => s.what)).toEqual(['乙']);
  });

  it('keeps its distance between the parts of cards for several places, and whoever would stand long behind them comes again', async () => {
    const { ticks, said, sends } = spoken();
    const first = sends({ picture, file }, 'a@chatroom');
    await ticks.advance(0);
    const second = sends({ title: '乙', picture }, 'b@chatroom');
    await ticks.advance(2_000);
    expect(await sends({ title: '丙' }, 'c@chatroom')).toMatchObject({ result: 'later', after: expect.any(Number) });
    await ticks.advance(20_000);
    expect(await Promise.all([first, second])).toMatchObject([{ result: 'sent' }, { result: 'sent' }]);
    expect(await sends({ title: '丙' }, 'c@chatroom')).toMatchObject({ result: 'sent' });
    expect(said).toHaveLength(6);
    for (let i = 1; i < said.length; i++) expect(said[i]!.at - said[i - 1]!.at).toBeGreaterThanOrEqual(2_000);
    expect(new Set(said.map(s => s.what))).toEqual(new Set(['题', '图.png', '单.docx', '乙', '丙']));
  });

  it('a file goes through wechaty as it is', async () => {
    const w = await begin();
    const bytes = new TextEncoder().encode('PNG');
    const ref = await openFiles(join(w.folder, 'files'), () => w.live.store.vault).keep('图.png', bytes);
    const now = 1_712_534_400_000;
    const event = { platform: 'wechat', app: 'wechat', eventId: 'pic', conversation: '', account: '', sentAt: now, receivedAt: now };
    const { posts } = await w.live.store.turn(event, async tx => {
      const to = { platform: 'wechat', app: 'wechat', conversation: w.chat('城郊') };
      const card: Card = { code: 'x', title: '题', tone: 'info', lines: [], picture: ref };
      const rest = { topic: null, notBefore: null, expires: null, replyTo: null } as const;
      await tx.post([{ ...rest, key: 'pic', to, place: 'own-group', class: 'news', card, born: 'pending' }], now);
      return 'pic';
    });
    w.live.assembled.relay.kick(posts);
    const picture = await w.fake.next(m => m.file === '图.png');
    expect(Buffer.from(picture.bytes!).toString()).toBe('PNG');
  });

  it('two seconds lie between any two messages, and the queue says why', async () => {
    const w = await begin({ slow: true });
    for (const name of ['吴沐阳', '黄怀瑾', '赖知远']) w.fake.say(w.fake.message(w.who(name), null, '我的'));
    await expect.poll(() => w.live.assembled.relay.waiting().map(x => x.why)).toContain('微信限速：每条之间至少隔两秒');
    await w.fake.next(m => m.to === w.who('赖知远'));
    const times = w.fake.sent.map(m => m.at);
    for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeGreaterThanOrEqual(1_995);
    expect(times).toHaveLength(3);
  });
});

describe('the login', () => {
  it('is shown in every state, in words, on the page and in the terminal', async () => {
    const w = await begin({ scan: true });
    const state = () => w.live.logins()[0]!;
    await expect.poll(() => state().state).toBe('waiting');
    expect(state().qr!.path).toMatch(/^M\d+ \d+h1v1h-1z/);
    expect(w.shown.join('\n')).toContain('扫码');
    expect(w.live.troubles()['wechat']).toContain('等扫码');
    w.fake.scan(3);
    expect(state()).toMatchObject({ state: 'scanned', qr: null });
    w.fake.enter();
    await expect.poll(() => state().state).toBe('in');
    expect(state().says).toContain(BOT_NAME);
    expect(w.live.troubles()['wechat']).toBeNull();
    await w.fake.logout();
    expect(state().state).toBe('out');
    const told = async () => (await w.live.store.read.outbox({ states: ['pending'], limit: 9 })).map(r => r.card.lines.join());
    await expect.poll(told).toContainEqual(expect.stringContaining('退出过登录'));
    w.fake.error('1102 == 0');
    expect(state()).toMatchObject({ state: 'error' });
    expect(state().says).toContain('1102');
    w.fake.ask();
    expect(state().state).toBe('waiting');
  });

  it('an error of the puppet changes nothing while it is logged in', async () => {
    const w = await begin();
    w.fake.error('something with 签到 in it');
    expect(w.live.logins()[0]!.state).toBe('in');
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    await w.fake.next(says('已签到'));
  });

  it('without a heartbeat it is an alarm', async () => {
    const w = await begin({ pace: { silence: 60 } });
    expect(w.live.troubles()['wechat']).toBeNull();
    w.fake.beat();
    expect(w.live.troubles()['wechat']).toBeNull();
    await expect.poll(() => w.live.troubles()['wechat']).toContain('没有心跳');
    w.fake.beat();
    expect(w.live.troubles()['wechat']).toBeNull();
  });

  it('that does not come back by itself is started anew', async () => {
    const w = await begin({ pace: { restart: 50, watch: 20 } });
    const before = w.fake.started();
    await w.fake.logout();
    await expect.poll(() => w.fake.started()).toBeGreaterThan(before);
    await expect.poll(() => w.live.troubles()['wechat']).toBeNull();
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    await w.fake.next(says('已签到'));
  });

  it('a puppet that tries again without a pause is stopped, logged once, and started anew later', async () => {
    const w = await begin({ pace: { restart: 300, watch: 20 } });
    w.fake.storm(true);
    await w.fake.logout();
    await expect.poll(() => w.fake.started()).toBe(2);
    await expect.poll(() => w.live.logins()[0]!.state).toBe('error');
    const more = async () => {
      const before = w.fake.storms();
      await pause(50);
      return w.fake.storms() - before;
    };
    await expect.poll(more).toBe(0);
    expect(w.fake.storms()).toBeLessThan(30 * w.fake.started());
    expect(w.logged.filter(l => l.includes('had an error'))).toHaveLength(1);
    w.fake.storm(false);
    await expect.poll(() => w.live.troubles()['wechat']).toBeNull();
  });

  it('is kept where only this program reads', async () => {
    const w = await begin();
    const mode = () => statSync(join(w.folder, SESSION)).mode & 0o777;
    expect(mode()).toBe(0o600);
    chmodSync(join(w.folder, SESSION), 0o644);
    keepPrivate(w.folder);
    expect(mode()).toBe(0o600);
    writeFileSync(join(w.folder, SESSION), '{}');
    expect(mode()).toBe(0o600);
  });
});

describe('pure', () => {
  const raw = (more: Partial<Raw>): Raw => ({
    id: 'm',
    kind: 'text',
    talker: { id: 'a', name: '甲' },
    room: { id: 'r@chatroom', name: '群' },
    text: '',
    at: 5,
    mentioned: false,
    names: ['小助手', '小助手2号'],
    file: null,
    place: null,
    ...more,
  });
  it.each([
    ['@小助手\u2005签到', false, '签到', true],
    ['签到 @小助手2号', false, '签到', true],
    ['@小助手3号 签到', false, '@小助手3号 签到', undefined],
    ['@群名片\u2005/请假 @张三\u20056月1日', true, '/请假 @张三\u20056月1日', true],
    ['/签到', false, '/签到', undefined],
  ])('%s', (text, mentioned, words, called) => {
    expect(heardMessage(raw({ text, mentioned }), 9)!.content).toEqual({
      kind: 'text',
      text: words,
      ...(called ? { mentioned: true } : {}),
    });
  });
  it('takes nothing that is not what it should be, and no time from the future', () => {
    expect(() => heardMessage({ id: 1 }, 9)).toThrow();
    expect(heardMessage(raw({ at: 99 }), 9)!.sentAt).toBe(9);
    expect(heardMessage(raw({ kind: 'voice' }), 9)).toBeUndefined();
    expect(heardMessage(raw({ kind: 'voice', room: null }), 9)).toBeDefined();
  });

  const card = (more: Partial<Card>): Card => ({ code: 'x', title: '请假：甲', tone: 'ask', lines: ['一'], ...more });
  it('a card is words with numbered choices', () => {
    const buttons = [
      { label: '批准', command: '/批准 1' },
      { label: '驳回', command: '/驳回 1' },
    ];
    const table = { columns: ['单位', '谁'], rows: [['城郊', '乙']] };
    expect(render(card({ buttons, table, fields: [{ label: '事由', value: '其他' }] }), ['丙'])).toBe(
      '@丙\n请假：甲\n一\n事由：其他\n· 城郊：谁 乙\n回复 1 批准\n回复 2 驳回',
    );
    const long = render(card({ lines: ['长'.repeat(3_000)], buttons }));
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(MOST_BYTES);
    expect(long).toMatch(/还有 1 行，回复“更多”接着看）\n回复 1 批准\n回复 2 驳回$/);
  });
  it('failures are told apart', () => {
    expect(classify(new Error('1102 == 0')).result).toBe('later');
    expect(classify(new Error('x')).result).toBe('unknown');
    expect(classify('odd').result).toBe('unknown');
  });
});
