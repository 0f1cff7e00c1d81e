/** Interactive cards of DingTalk by a template, the way a message is chosen, and what of its quotas is counted. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Sent } from '../../src/bot/ports.ts';
import { usedIn } from '../../src/bot/quota.ts';
import { measures } from '../../src/measures.ts';
import { makeBatch } from '../../src/platforms/dingtalk/batch.ts';
import { commandOf, heardPress, OUTSIDER } from '../../src/platforms/dingtalk/card.ts';
import { classify, type Route, routeOf } from '../../src/platforms/dingtalk/send.ts';
import { openPace } from '../../src/platforms/pace.ts';
import { type SentMessage, TEMPLATE } from '../fakes/dingtalk.ts';
import { type DingtalkWorld, dingtalkWorld } from '../harness/live-world.ts';
import { memoryNotes } from '../harness/notes.ts';

let world: DingtalkWorld | undefined;
afterEach(async () => {
  if (!world) return;
  const { refusals } = world.fake;
  await world.close();
  const told = world.logged.join('\n');
  for (const secret of world.fake.secrets) expect(told).not.toContain(secret);
  expect(refusals).toEqual([]);
  world = undefined;
});
const begin = async (options: Parameters<typeof dingtalkWorld>[0] = {}): Promise<DingtalkWorld> => {
  world = await dingtalkWorld({ ...options, settings: { cardTemplate: TEMPLATE, ...options.settings } });
  return world;
};
const titled = (words: string) => (m: SentMessage) => m.title.includes(words);
const quietly = (w: DingtalkWorld) => w.live.assembled.bot.delivered();
const labels = (m: SentMessage) => m.buttons.map(b => b.title);
/** The clinic is asked who came: a card with buttons. */
const asked = async (w: DingtalkWorld): Promise<SentMessage> => {
  await w.fake.say(w.fake.message(w.who('吴沐阳'), w.chat('城郊'), '/签到'));
  await w.fake.next(titled('已签到'));
  await w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), '/核实'));
  return w.fake.next(m => m.by === 'card' && labels(m).some(l => l.includes('在岗')));
};
const present = (w: DingtalkWorld) =>
  w.live.store.read.count('visits', { presence: 'present', verifiedAs: 'clinic', day: { from: '2024-04-08' as never } });

describe('a card of the template', () => {
  it('has the buttons; a press is a command of who presses, said on the card to them alone', async () => {
    const w = await begin();
    const card = await asked(w);
    expect(card).toMatchObject({ to: w.chat('城郊'), type: 'card' });
    const label = labels(card).find(l => l.includes('在岗'))!;
    expect(await w.fake.press(w.who('谢卓群'), card, label)).toContain('不能用 /核实');
    expect(await present(w)).toBe(0);
    expect(await w.fake.press(w.who('黄怀瑾'), card, label)).toMatch(/^已核实/);
    expect(await present(w)).toBe(1);
    expect([...card.card!.privately.keys()]).toEqual([w.who('谢卓群'), w.who('黄怀瑾')]);
    // What was answered stands in the group too, as with every other button.
    expect((await w.fake.next(m => m.title.startsWith('已核实'))).to).toBe(w.chat('城郊'));
  });

  it('the same press delivered again, also after a restart, is done once', async () => {
    const w = await begin();
    const card = await asked(w);
    const label = labels(card).find(l => l.includes('在岗'))!;
    await w.fake.press(w.who('黄怀瑾'), card, label, { frame: 'f1' });
    await w.fake.next(titled('已核实'));
    const before = w.fake.sent.length;
    await w.fake.press(w.who('黄怀瑾'), card, label, { frame: 'f1' });
    await w.restart();
    await w.fake.press(w.who('黄怀瑾'), card, label, { frame: 'f1' });
    await quietly(w);
    expect(w.fake.sent.length).toBe(before);
  });

  it('of somebody from another organisation, with the same number or none, does nothing and says why', async () => {
    const w = await begin();
    const card = await asked(w);
    const label = labels(card).find(l => l.includes('在岗'))!;
    expect(await w.fake.press(w.who('黄怀瑾'), card, label, { corp: 'corp2' })).toContain('不在本组织');
    expect(await present(w)).toBe(0);
  });

  it('whose matter is settled elsewhere is shown as done, without buttons', async () => {
    const w = await begin();
    await w.to('2024-04-08 17:00');
    await w.to('2024-04-09 17:00');
    const card = await w.fake.next(m => m.by === 'card' && m.title.includes('谁来了') && labels(m).some(l => l.includes('在岗')));
    const all = card.buttons.find(b => b.title.includes('全部')) ?? card.buttons.find(b => b.title.includes('在岗'))!;
    // Typed by the same person in direct chat, not pressed.
    const who = card.to.startsWith('cid') ? w.who('黄怀瑾') : card.to;
    await w.fake.say(w.fake.message(who, card.to.startsWith('cid') ? card.to : null, commandOf(all.url)!));
    await expect.poll(() => card.title).toMatch(/^已办：/);
    expect(card.buttons).toEqual([]);
  });

  it('that reaches nobody, though the call is well, is failed with the reason', async () => {
    const w = await begin();
    w.fake.dropChat(w.chat('城郊'));
    await w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), '/核实'));
    await w.fake.say(w.fake.message(w.who('黄怀瑾'), w.chat('城郊'), '统'));
    await expect
      .poll(async () => (await w.live.store.read.outbox({ states: ['failed'], limit: 9 })).map(r => r.error))
      .toContain('钉钉没有投出卡片：space not exist');
  });

  it('pressed while nothing can be stored: told so, and nothing is done', async () => {
    const w = await begin();
    const card = await asked(w);
    const { StoreFault } = await import('../../src/bot/ports.ts');
    const { store } = w.live;
    const turn = store.turn.bind(store);
    store.turn = () => Promise.reject(new StoreFault('disk full'));
    const label = labels(card).find(l => l.includes('在岗'))!;
    expect(await w.fake.press(w.who('黄怀瑾'), card, label)).toBe('没有办成，请稍后再点');
    store.turn = turn;
    expect(await w.fake.press(w.who('黄怀瑾'), card, label)).toMatch(/^已核实/);
  });

  it('by HTTP: presses come to an address that was registered and that nobody else knows', async () => {
    const w = await begin({ http: true });
    const call = (request: Request) => w.live.callbacks['/dingtalk/webhook']!(request);
    const say = (who: string, text: string) => call(w.fake.callback(w.fake.message(w.who(who), w.chat('城郊'), text)));
    const address = w.fake.routes.get('xiajiceng')!;
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:8080\/dingtalk\/webhook\?press=[0-9a-f]{64}$/);
    await say('吴沐阳', '/签到');
    await say('黄怀瑾', '/核实');
    const card = await w.fake.next(m => m.by === 'card' && labels(m).some(l => l.includes('在岗')));
    const label = labels(card).find(l => l.includes('在岗'))!;
    const strange = w.fake.pressByHttp(w.who('黄怀瑾'), card, label, `${address.slice(0, -1)}x`);
    expect((await call(strange)).status).toBe(401);
    expect(await present(w)).toBe(0);
    const answer = await call(w.fake.pressByHttp(w.who('黄怀瑾'), card, label));
    expect(w.fake.shownTo(w.who('黄怀瑾'), card, (await answer.json()) as Record<string, unknown>)).toMatch(/^已核实/);
    expect(await present(w)).toBe(1);
  });

  it('ids of buttons that are not ours are no command', () => {
    const press = (content: unknown, more = {}) =>
      heardPress({ outTrackId: 't', corpId: 'c', userId: 'u', content: JSON.stringify(content), ...more }, 'f', 'app', 'c', 1);
    expect(press({ cardPrivateData: { actionIds: ['approve'], params: {} } })).toBeUndefined();
    expect(press({ cardPrivateData: { actionIds: ['say.'], params: {} } })).toBeUndefined();
    // A template of one's own hands the command over by name; without a place the answer goes to who pressed.
    expect(press({ cardPrivateData: { actionIds: ['x'], params: { command: '/待办' } } })).toMatchObject({
      content: { kind: 'button', command: '/待办' },
      conversation: { id: 'c/u', kind: 'direct' },
    });
    const of = (more: object) => press({ cardPrivateData: { actionIds: [], params: { command: '/待办' } } }, more);
    expect(of({ spaceId: 'dtv1.card//IM_GROUP.cidA/b==' })).toMatchObject({ conversation: { id: 'cidA/b==', kind: 'group' } });
    expect(of({ userId: '' })).toBe(OUTSIDER);
    expect(of({ corpId: 'other' })).toBe(OUTSIDER);
  });
});

describe('the way a message goes', () => {
  const s = { session: false, template: false, buttons: false, calls: false, fits: true };
  it.each<[string, Partial<typeof s>, Route]>([
    ['an answer within ninety minutes', { session: true }, 'session'],
    ['what the clock brings', {}, 'robot'],
    ['buttons, with a template', { template: true, session: true, buttons: true }, 'card'],
    ['buttons, without', { session: true, buttons: true }, 'session'],
    ['people are called, a session is open', { template: true, session: true, calls: true }, 'session'],
    ['people are called, no session, a template', { template: true, calls: true }, 'card'],
    ['people are called, neither', { calls: true }, 'robot'],
    ['too long for a card', { template: true, buttons: true, fits: false }, 'robot'],
  ])('%s', (_name, given, route) => expect(routeOf({ ...s, ...given })).toBe(route));

  /** Something with a button goes to a group, and calls one of its people. */
  const tell = async (w: DingtalkWorld, title: string): Promise<SentMessage> => {
    const [person] = await w.live.store.read.all('people', { name: '吴沐阳' });
    const buttons = [{ label: '知道了', command: '/待办' }];
    await w.tell(w.chat('城郊'), { title, tone: 'ask', lines: ['请带白大褂'], mention: [person!.id], buttons });
    return w.fake.next(titled(title));
  };

  it('without a session and a template people are named, for nobody reads a number', async () => {
    world = await dingtalkWorld();
    const m = await tell(world, '明天有班');
    expect(m).toMatchObject({ by: 'robot', at: [] });
    expect(m.text).toContain('@吴沐阳');
    expect(labels(m)).toEqual(['知道了']);
  });

  it('by a session they are really called, and the button stands as a link', async () => {
    world = await dingtalkWorld();
    await world.fake.say(world.fake.message(world.who('黄怀瑾'), world.chat('城郊'), '/隐私'));
    const m = await tell(world, '明天有班');
    expect(m).toMatchObject({ by: 'session', type: 'markdown', at: [world.who('吴沐阳')] });
    expect(m.text).toContain(`@${world.who('吴沐阳')}`);
    expect(world.fake.pressed(m, '知道了')).toBe('/待办');
  });

  it('by a card they are really called at any time', async () => {
    const w = await begin();
    const m = await tell(w, '明天有班');
    expect(m).toMatchObject({ by: 'card', at: [w.who('吴沐阳')] });
    expect(m.text).toContain('@吴沐阳');
    expect(labels(m)).toEqual(['知道了']);
  });

  it('where buttons do not work, their commands are written out', async () => {
    world = await dingtalkWorld({ settings: { buttons: 'words' } });
    const m = await tell(world, '明天有班');
    expect(m.text).toContain('知道了：发 /待办');
    expect(m.buttons).toEqual([]);
  });
});

describe('quotas', () => {
  it('calls and pushes are counted, also over a restart, and shown', async () => {
    const w = await begin({ settings: { monthly: { calls: 12, pushes: 100 } } });
    await asked(w);
    await quietly(w);
    const now = Date.parse('2024-04-08T08:00:00+08:00');
    await expect.poll(async () => (await usedIn(w.live.store.read, now))[0]?.pushes).toBeGreaterThan(1);
    const [before] = await usedIn(w.live.store.read, now);
    expect(before).toMatchObject({ platform: 'dingtalk', month: '2024-04', mostCalls: 12 });
    expect(before!.calls).toBeGreaterThanOrEqual(2);
    await w.restart();
    for (let i = 0; i < 8; i++) await w.to(`2024-04-${String(9 + i).padStart(2, '0')} 17:00`);
    await w.fake.say(w.fake.message(w.who('赖知远'), null, '体检'));
    const shown = await w.fake.next(titled('体检'));
    const [, calls] = /钉钉本月接口 (\d+)\/12 次，收发 \d+\/100 次，最忙一分钟 \d+ 次，快用完了/.exec(shown.text) ?? [];
    expect(Number(calls)).toBeGreaterThan(before!.calls);
    expect(shown.title).toBe('体检：有要处理的');
    const all = await measures(w.live.store, w.live.assembled, now + 8 * 86_400_000);
    const month = all.find(m => m.name === 'bot_platform_calls_month')!.values;
    expect(month.find(v => v.labels?.['kind'] === 'calls')!.value).toBeGreaterThanOrEqual(Number(calls));
    // Another month begins anew.
    await w.to('2024-05-06 17:00');
    await w.fake.say(w.fake.message(w.who('赖知远'), null, '隐私'));
    await expect.poll(async () => (await usedIn(w.live.store.read, Date.parse('2024-05-06T17:00:00+08:00')))[0]?.month).toBe('2024-05');
  });

  it('twenty a minute are never passed, whatever a message holds, also over a restart', async () => {
    const notes = memoryNotes();
    let now = 1_000_000;
    const open = () => openPace({ takes: [{ count: 20, seconds: 60 }], name: 'n', notes, now: () => now });
    let pace = await open();
    const went: number[] = [];
    for (let i = 0; i < 200; i++) {
      const parts = 1 + (i % 9);
      const wait = pace.take('g', parts);
      if (wait === 0) for (let p = 0; p < parts; p++) went.push(now);
      now += wait === 0 ? 700 : Math.min(wait, 5_000);
      // It is as if nothing had been sent, if nothing is remembered.
      if (i % 7 === 0) pace = await open();
    }
    for (const t of went) expect(went.filter(x => x > t - 60_000 && x <= t).length).toBeLessThanOrEqual(20);
    expect(went.length).toBeGreaterThan(40);
    expect(pace.take('another', 20)).toBe(0);
    now += 120_000;
    await open();
    expect(notes.kept.size).toBe(0);
  });

  it('a storm of answers in one group: twenty in any minute and no more, the others wait with a reason and all arrive', async () => {
    world = await dingtalkWorld({ virtual: true });
    const w = world;
    const people = ['吴沐阳', '黄怀瑾', '赖知远', '谢卓群'];
    for (let i = 0; i < 26; i++) await w.fake.say(w.fake.message(w.who(people[i % 4]!), w.chat('城郊'), '/隐私'));
    const held = w.live.assembled.relay.waiting();
    expect(held.length).toBeGreaterThan(0);
    for (const h of held) expect(h.why).toMatch(/平台限速|每分钟 20 条|前面还有一条/);
    await w.pass(180_000);
    // The fake refuses the twenty-first within a minute, and the test then fails.
    const rows = (await w.live.store.read.outbox({ limit: 50 })).filter(r => r.class === 'reply');
    expect(rows.map(r => r.state)).toEqual(Array.from({ length: 26 }, () => 'sent'));
    // Where the limit bit, several answers came as one message.
    expect(w.fake.sent.length).toBeLessThan(26);
    expect(w.fake.sent.length).toBeGreaterThan(1);
  });

  it('what says the same to several people is one call of at most twenty, and each hears of their own', async () => {
    const calls: string[][] = [];
    const batch = makeBatch(
      async staff => {
        calls.push(staff);
        const lists = { invalidStaffIdList: ['p3'], flowControlledStaffIdList: ['p4'] };
        return { http: 200, code: '0', msg: '', body: { processQueryKey: 'k', ...lists } };
      },
      classify,
      20,
    );
    const same = { msgKey: 'sampleText', msgParam: '{}' };
    const all = await Promise.all(Array.from({ length: 25 }, (_, i) => batch(`p${i}`, same)));
    expect(calls.map(c => c.length)).toEqual([20, 5]);
    const of = (i: number): Sent => all[i]!;
    expect(of(0)).toEqual({ result: 'sent', providerId: 'k' });
    expect(of(3)).toMatchObject({ result: 'never', why: expect.stringContaining('没有此人') });
    expect(of(4)).toMatchObject({ result: 'later', after: 60_000 });
    const twice = await Promise.all([batch('p0', same), batch('p0', same), batch('p1', { ...same, msgParam: '{"a":1}' })]);
    expect(twice.map(t => t.result)).toEqual(['sent', 'sent', 'sent']);
    expect(calls.slice(2).map(c => c.length)).toEqual([1, 1, 1]);
  });

  it('a limit says how long to wait, and that is waited', () => {
    expect(classify({ http: 429, code: 'HTTP 429', msg: '', body: {}, wait: 7_000 })).toMatchObject({ result: 'later', after: 7_000 });
    expect(classify({ http: 429, code: 'HTTP 429', msg: '', body: {} })).toMatchObject({ result: 'later', after: 2_000 });
  });
});

describe('people from outside the organisation', () => {
  it('with the same number as one of ours are told so, once, and nobody of ours is written to', async () => {
    world = await dingtalkWorld();
    const w = world;
    const said = w.fake.message(w.who('吴沐阳'), null, '签到', {
      senderCorpId: 'corp2',
      sessionWebhook: w.fake.session('cid-x'),
    });
    await w.fake.say(said);
    await w.fake.say(said);
    await quietly(w);
    expect(w.fake.sent.map(m => m.to)).toEqual(['cid-x']);
    expect(w.fake.sent[0]!.text).toContain('不在本组织');
    expect(await w.live.store.read.count('checkIns', {})).toBe(0);
  });
});
