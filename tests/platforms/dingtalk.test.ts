/** The bot on a fake DingTalk that refuses what the real one refuses. What people see, and what is stored. */
import { afterEach, describe, expect, it } from 'vitest';
import { StoreFault } from '../../src/bot/ports.ts';
import type { Card } from '../../src/core/card.ts';
import { MOST_BYTES, render } from '../../src/platforms/dingtalk/render.ts';
import type { SentMessage } from '../fakes/dingtalk.ts';
import { type DingtalkWorld, dingtalkWorld } from '../harness/live-world.ts';

let world: DingtalkWorld;
afterEach(async () => {
  if (!world) return;
  const { refusals } = world.fake;
  await world.close();
  const told = world.logged.join('\n');
  for (const secret of world.fake.secrets) expect(told).not.toContain(secret);
  expect(told).not.toMatch(/1[3-9]\d{9}/);
  expect(refusals).toEqual([]);
});

const titled = (words: string) => (m: SentMessage) => m.title.includes(words);
const quietly = () => world.live.assembled.bot.delivered();
const checkIns = () => world.live.store.read.count('checkIns', {});

describe('what is said', () => {
  it('is answered by the session, once, however often it comes and across a restart', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    const said = fake.message(who('吴沐阳'), chat('城郊'), '/签到');
    expect(await fake.say(said)).toBe(200);
    expect(await fake.next(titled('已签到'))).toMatchObject({ to: chat('城郊'), by: 'session' });
    expect(await fake.say(said)).toBe(200);
    await world.restart();
    expect(await fake.say(said)).toBe(200);
    await quietly();
    expect(fake.sent.filter(titled('已签到'))).toHaveLength(1);
    expect(await checkIns()).toBe(1);
  });

  it('needs no slash behind the name of the bot, and is understood in rich text and in speech', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    const rich = {
      msgtype: 'richText',
      text: null,
      content: { richText: [{ text: ' 签到 ' }, { type: 'picture', downloadCode: 'x' }, { text: '带教' }] },
    };
    await fake.say(fake.message(who('吴沐阳'), chat('城郊'), '', rich));
    await fake.next(titled('已签到'));
    await fake.say(
      fake.message(who('黄怀瑾'), null, '', { msgtype: 'audio', text: null, content: { recognition: '统计', duration: 900 } }),
    );
    await fake.next(m => m.to === who('黄怀瑾'));
  });

  it('is not acknowledged while nothing can be stored, and is taken when it comes again', async () => {
    world = await dingtalkWorld();
    const { fake, who } = world;
    const { store } = world.live;
    const turn = store.turn.bind(store);
    store.turn = () => Promise.reject(new StoreFault('disk full'));
    const said = fake.message(who('吴沐阳'), null, '签到');
    expect(await fake.say(said, 300)).toBe('none');
    store.turn = turn;
    expect(await fake.say(said)).toBe(200);
    await fake.next(titled('已签到'));
  });

  it('by somebody from outside the organisation is answered, and nothing is stored', async () => {
    world = await dingtalkWorld();
    const { fake, chat } = world;
    await fake.say(fake.message('x', chat('城郊'), '/签到', { senderStaffId: null, senderCorpId: 'other' }));
    expect((await fake.next(m => m.type === 'text')).text).toContain('不在本组织');
    expect(await checkIns()).toBe(0);
  });

  it('a session of a strange host is never written to', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    for (const sessionWebhook of [
      'https://evil.example/robot',
      'http://oapi.dingtalk.com/x',
      'https://dingtalk.com.evil.example/x',
      'no address',
    ])
      await fake.say(fake.message(who('吴沐阳'), chat('城郊'), '/我的', { sessionWebhook }));
    await quietly();
    expect(fake.sent.length).toBeGreaterThan(0);
    expect(fake.sent.every(m => m.by === 'robot')).toBe(true);
  });
});

describe('buttons', () => {
  it('say their command as whoever presses them', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    await fake.say(fake.message(who('吴沐阳'), chat('城郊'), '/签到'));
    await fake.next(titled('已签到'));
    await fake.say(fake.message(who('黄怀瑾'), chat('城郊'), '/核实'));
    const card = await fake.next(
      m => /在岗/.test(m.text + JSON.stringify(m.buttons)) && m.to === chat('城郊') && !m.title.includes('签到'),
    );
    const label = [...card.buttons.map(b => b.title), ...[...card.text.matchAll(/\[([^\]]+)\]\(dtmd/g)].map(m => m[1]!)].find(l =>
      l.includes('在岗'),
    )!;
    await fake.say(fake.message(who('黄怀瑾'), chat('城郊'), fake.pressed(card, label)));
    await expect
      .poll(() =>
        world.live.store.read.count('visits', { presence: 'present', verifiedAs: 'clinic', day: { from: '2024-04-08' as never } }),
      )
      .toBeGreaterThan(0);
  });

  const card = (more: Partial<Card>): Card => ({ code: 'x', title: '题', tone: 'info', lines: [], ...more });
  it('beyond five stand as links; signs of markdown in words are no markup; a long text comes in parts, each within the limit', () => {
    const buttons = Array.from({ length: 7 }, (_, i) => ({ label: `第${i}`, command: `/核实 ${i}` }));
    expect(render(card({ buttons: buttons.slice(0, 5) })).buttons).toHaveLength(5);
    const many = render(card({ buttons }));
    expect(many.buttons).toEqual([]);
    expect(many.parts[0]!.match(/\]\(dtmd:/g)).toHaveLength(7);
    expect(render(card({ lines: ['*不*是[链接](http://x)', '- 不是列表'] })).parts[0]).toBe(
      '### 题\n\n\\*不\\*是\\[链接\\](http://x)\n\n\\- 不是列表',
    );
    const long = render(
      card({
        lines: ['长'.repeat(20_000)],
        table: { columns: ['单位', '人次'], rows: Array.from({ length: 900 }, (_, i) => [`卫生院${i}`, `${i}`]) },
      }),
    );
    expect(long.parts.length).toBeGreaterThan(4);
    expect(render(card({ lines: ['长'.repeat(80_000)] })).parts).toHaveLength(8);
    for (const p of long.parts) expect(Buffer.byteLength(p)).toBeLessThanOrEqual(MOST_BYTES);
    expect(long.parts.join('').match(/长/g)).toHaveLength(20_000);
  });
});

describe('what the clock brings', () => {
  it('goes by the robot to groups and people, and to nobody who is not there', async () => {
    world = await dingtalkWorld();
    await world.to('2024-04-08 17:00');
    const { sent } = world.fake;
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.every(m => m.by === 'robot')).toBe(true);
    const before = sent.length;
    await world.restart();
    await world.to('2024-04-08 17:02');
    expect(sent.length).toBe(before);
  });

  it('a session that has ended is not used', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    await fake.say(fake.message(who('吴沐阳'), chat('城郊'), '/我的', { sessionWebhookExpiredTime: 1 }));
    await quietly();
    expect(fake.sent.at(-1)!.by).toBe('robot');
  });
});

describe('a session that has ended before its time', () => {
  it.each([
    ['as it says itself', undefined],
    ['as a robot of a group says it', { status: 200, body: { errcode: 310000, errmsg: 'token is not exist' } }],
  ])('is forgotten, and the robot says it: %s', async (_name, gone) => {
    world = await dingtalkWorld();
    const { fake, who, chat } = world;
    const said = fake.message(who('吴沐阳'), chat('城郊'), '/签到');
    if (gone) fake.faults.push({ path: /^\/session/, times: 1, how: gone });
    else fake.endSessions();
    await fake.say(said);
    expect(await fake.next(titled('已签到'))).toMatchObject({ to: chat('城郊'), by: 'robot' });
    await quietly();
    expect(fake.sent.filter(titled('已签到'))).toHaveLength(1);
    expect(await world.live.store.read.outbox({ states: ['failed', 'unknown'], limit: 9 })).toEqual([]);
  });
});

describe('a session that ends between the parts of a long text', () => {
  it('leaves the rest to the robot, and nothing is lost or said twice', async () => {
    world = await dingtalkWorld();
    const { fake, who, chat, live } = world;
    await fake.say(fake.message(who('吴沐阳'), chat('城郊'), '/我的'));
    await quietly();
    const before = fake.sent.length;
    void fake.next(m => m.text.includes('第一段')).then(() => fake.endSessions());
    await world.tell(chat('城郊'), { title: '很长', lines: ['第一段', '长'.repeat(7_000), '最后一句'] });
    await fake.next(m => m.text.includes('最后一句'));
    const parts = fake.sent.slice(before);
    expect(new Set(parts.map(m => m.by))).toEqual(new Set(['session', 'robot']));
    expect(
      parts
        .map(m => m.text)
        .join('')
        .match(/长{2,}/g)!
        .join(''),
    ).toHaveLength(7_000);
    await quietly();
    expect(await live.store.read.outbox({ states: ['failed', 'unknown'], limit: 9 })).toEqual([]);
  });
});

describe('when sending fails', () => {
  const session = /^\/session/;
  const say = () => world.fake.say(world.fake.message(world.who('吴沐阳'), null, '签到'));

  it.each([
    ['a limit', { status: 200, body: { errcode: 130101, errmsg: 'send too fast' } }, 'later'],
    ['a connection that is cut after it was made', 'cut' as const, 'unknown'],
    ['an answer that is lost', 'answer-lost' as const, 'unknown'],
    ['a failing server', { status: 500, body: { code: 'x' } }, 'unknown'],
  ])('%s', async (_name, how, outcome) => {
    world = await dingtalkWorld();
    world.fake.faults.push({ path: session, times: 1, how });
    await say();
    const state = outcome === 'unknown' ? 'unknown' : 'pending';
    // What may have arrived is shown to the admin, and never blindly sent again.
    await expect.poll(async () => (await world.live.store.read.outbox({ states: [state], limit: 9 })).length).toBe(1);
    expect(world.fake.sent.filter(titled('已签到')).length).toBeLessThanOrEqual(1);
    expect(await checkIns()).toBe(1);
  });

  it('a token that has ended is renewed, by one call for all', async () => {
    world = await dingtalkWorld();
    await world.to('2024-04-08 17:00');
    const calls = world.fake.tokenCalls();
    world.fake.renewToken();
    const before = world.fake.sent.length;
    await world.to('2024-04-09 17:00');
    expect(world.fake.sent.length).toBeGreaterThan(before);
    expect(world.fake.tokenCalls()).toBe(calls + 1);
    expect(new Set(world.fake.refusals.splice(0))).toEqual(new Set(['401 token']));
  });

  it('a group that is gone, a person who is not in the app’s range: failed with the reason', async () => {
    world = await dingtalkWorld();
    world.fake.dropChat(world.chat('城郊'));
    await world.fake.say(world.fake.message(world.who('吴沐阳'), world.chat('城郊'), '/我的', { sessionWebhook: null }));
    await expect
      .poll(async () => (await world.live.store.read.outbox({ states: ['failed'], limit: 9 })).map(r => r.error))
      .toContain('机器人不在这个群里');
    world.fake.refusals.splice(0);
  });

  it('a spent quota is said in words, and not tried again', async () => {
    world = await dingtalkWorld();
    world.fake.faults.push({ path: session, times: 1, how: { status: 200, body: { errcode: 90030, errmsg: 'webhook over limit' } } });
    await say();
    await expect
      .poll(async () => (await world.live.store.read.outbox({ states: ['failed'], limit: 9 })).map(r => r.error))
      .toEqual([expect.stringContaining('本月调用次数已用完')]);
  });
});

describe('what did not arrive, or may not have', () => {
  const session = /^\/session/;
  const admin = (text: string) => world.fake.say(world.fake.message(world.who('赖知远'), null, text));
  const toAdmin = (words: string) => world.fake.next(m => m.to === world.who('赖知远') && m.title.includes(words));
  const numbered = (m: SentMessage) => /- (\d+)：/.exec(m.text)?.[1] ?? '';

  it('is told to the admin once, shown with its reason and without its words, and sent again by hand', async () => {
    world = await dingtalkWorld();
    world.fake.faults.push({ path: session, times: 1, how: { status: 500, body: {} } });
    await world.fake.say(world.fake.message(world.who('吴沐阳'), null, '签到'));
    expect((await toAdmin('不知是否送到')).text).toContain('原因：钉钉出错');
    await admin('发件箱');
    const box = await toAdmin('发件箱：不明 1');
    expect(box.text).toContain('吴沐阳（钉钉）');
    expect(box.text).not.toContain('已签到');
    await admin(`重发 ${numbered(box)}`);
    expect((await toAdmin('再送一次')).text).toContain('可能看到两次');
    expect((await world.fake.next(titled('已签到'))).to).toBe(world.who('吴沐阳'));
    await admin('发件箱');
    await toAdmin('发件箱是空的');
    expect(await world.live.store.verifyJournal()).toMatchObject({ brokenAt: null });
    const [row] = await world.live.store.read.journal({ table: 'outbox' }, 1);
    expect(row).toMatchObject({ command: '重发', before: '{"state":"unknown"}', after: '{"state":"pending"}' });
  });

  it('is dropped by hand, and then is no more; a number that is not there is said so', async () => {
    world = await dingtalkWorld();
    world.fake.faults.push({ path: session, times: 1, how: { status: 200, body: { errcode: 400, errmsg: 'no' } } });
    await world.fake.say(world.fake.message(world.who('吴沐阳'), null, '签到'));
    await toAdmin('没送到');
    await admin('发件箱');
    const seq = numbered(await toAdmin('没送到 1'));
    await admin(`作废 ${seq}`);
    await toAdmin('不再送：吴沐阳');
    await admin(`重发 ${seq}`);
    await toAdmin(`发件箱里没有编号 ${seq}`);
    expect(world.fake.sent.some(titled('已签到'))).toBe(false);
  });
});

describe('the connection', () => {
  const quick = { first: 50, longest: 400, ping: 100, silent: 400 };
  const works = async () => {
    await world.fake.say(world.fake.message(world.who('吴沐阳'), null, '签到'));
    await world.fake.next(titled('已签到'));
    expect(world.live.troubles()['dingtalk']).toBeNull();
  };

  it('comes back when it is cut, and survives a frame that cannot be read', async () => {
    world = await dingtalkWorld({ pace: quick });
    world.fake.raw('{ no json');
    world.fake.raw('{"type":"CALLBACK"}');
    const back = world.fake.connected();
    world.fake.drop();
    await back;
    await works();
  });

  it('opens the new before the old ends', async () => {
    world = await dingtalkWorld({ pace: quick });
    const back = world.fake.connected();
    void world.fake.push({ type: 'SYSTEM', headers: { topic: 'disconnect' }, data: '{"reason":"connection is expired"}' }, 50);
    await back;
    expect(world.fake.connections()).toBeGreaterThanOrEqual(1);
    await works();
    await expect.poll(() => world.fake.connections()).toBe(1);
  });

  it('is made anew when the other end has gone silent', async () => {
    world = await dingtalkWorld({ pace: quick });
    const back = world.fake.connected();
    world.fake.deafen(true);
    await back;
    world.fake.deafen(false);
    const heard = world.fake.connected();
    await heard;
    await works();
  });

  it('echoes a ping', async () => {
    world = await dingtalkWorld();
    expect(await world.fake.push({ type: 'SYSTEM', headers: { topic: 'ping' }, data: '{"opaque":"1"}' })).toBe(200);
  });

  it('an event that cannot be read is acknowledged and logged, for sent again it would be no better', async () => {
    world = await dingtalkWorld();
    expect(await world.fake.push({ type: 'CALLBACK', headers: { topic: '/v1.0/im/bot/messages/get' }, data: '{ half' })).toBe(200);
    expect(world.logged.some(l => l.startsWith('error an event could not be read'))).toBe(true);
    await works();
  });

  it('tries ever more slowly also where it is taken and closed at once', async () => {
    world = await dingtalkWorld({ pace: { first: 20, longest: 60_000 } });
    const opened = () => world.fake.calls.filter(c => c.includes('gateway')).length;
    const before = opened();
    world.fake.slam(true);
    world.fake.drop();
    await expect.poll(() => opened() - before).toBeGreaterThan(3);
    await new Promise(resolve => setTimeout(resolve, 1_500));
    expect(opened() - before).toBeLessThan(12);
    world.fake.slam(false);
    await world.fake.connected();
    await works();
  });

  it('tries again ever more slowly while the gateway refuses, and says so', async () => {
    world = await dingtalkWorld({ pace: quick });
    world.fake.refuseGateway(true);
    const before = world.fake.calls.filter(c => c.includes('gateway')).length;
    world.fake.drop();
    const tries = () => world.fake.calls.filter(c => c.includes('gateway')).length - before;
    await expect.poll(tries).toBeGreaterThan(1);
    await new Promise(resolve => setTimeout(resolve, 1_200));
    expect(tries()).toBeLessThan(12);
    expect(world.live.troubles()['dingtalk']).toContain('钉钉连接不通');
    const back = world.fake.connected();
    world.fake.refuseGateway(false);
    await back;
    await works();
  });
});

describe('callbacks by HTTP', () => {
  const call = (request: Request) => world.live.callbacks['/dingtalk/webhook']!(request);
  it('take what is signed within the hour, once', async () => {
    world = await dingtalkWorld({ http: true });
    const said = world.fake.message(world.who('吴沐阳'), null, '签到');
    expect((await call(world.fake.callback(said))).status).toBe(200);
    await world.fake.next(titled('已签到'));
    expect((await call(world.fake.callback(said))).status).toBe(200);
    await quietly();
    expect(await checkIns()).toBe(1);
  });
  it.each<[string, (m: Record<string, unknown>) => Request]>([
    ['an hour and a second old', m => world.fake.callback(m, { at: Date.parse('2024-04-08T08:00:00+08:00') - 3_601_000 })],
    ['an hour and a second ahead', m => world.fake.callback(m, { at: Date.parse('2024-04-08T08:00:00+08:00') + 3_601_000 })],
    ['signed by another', m => world.fake.callback(m, { secret: 'another' })],
    ['not signed', m => new Request('http://bot/x', { method: 'POST', body: JSON.stringify(m) })],
  ])('refuse what is %s', async (_name, request) => {
    world = await dingtalkWorld({ http: true });
    expect((await call(request(world.fake.message(world.who('吴沐阳'), null, '签到')))).status).toBe(401);
    expect(await checkIns()).toBe(0);
  });
});
