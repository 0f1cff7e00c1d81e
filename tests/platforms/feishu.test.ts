/** The bot on a fake Feishu that refuses what the real one refuses. What people see, and what is stored. */
import { afterEach, describe, expect, it } from 'vitest';
import type { SentMessage } from '../fakes/feishu.ts';
import { type FeishuWorld, feishuWorld } from '../harness/live-world.ts';

let world: FeishuWorld;
afterEach(async () => {
  const { refusals } = world.fake;
  await world.close();
  const told = world.logged.join('\n');
  for (const secret of world.fake.secrets) expect(told).not.toContain(secret);
  expect(told).not.toMatch(/1[3-9]\d{9}/);
  // Whatever the platform refused without being told to by a test is a fault of ours.
  expect(refusals).toEqual([]);
});

const title = (m: SentMessage): string => {
  const header = m.content['header'] as { title: { content: string } } | undefined;
  return header ? header.title.content : String(m.content['text'] ?? m.type);
};
const checkIns = () => world.live.store.read.count('checkIns', {});
const titled = (words: string) => (m: SentMessage) => title(m).includes(words);
const labels = (m: SentMessage): string[] => world.fake.parts(m.content, 'button').map(b => (b['text'] as { content: string }).content);
const quietly = async () => {
  await world.live.assembled.bot.delivered();
};

describe('what is said', () => {
  it('is answered below the message, once, however often it comes', async () => {
    world = await feishuWorld();
    const { fake, who, chat } = world;
    const said = fake.text(who('吴沐阳'), chat('城郊'), '@下基层助手 签到');
    expect(await fake.push(said)).toEqual({ code: 200 });
    const answer = await fake.next(titled('已签到'));
    expect(answer).toMatchObject({ to: chat('城郊'), type: 'interactive' });
    expect(answer.replyTo).toBe((said['event'] as { message: { message_id: string } }).message.message_id);
    // The same message as another event, and after a restart.
    expect(await fake.push(said)).toEqual({ code: 200 });
    await world.restart();
    expect(await fake.push({ ...said, header: { ...(said['header'] as object), event_id: 'another' } })).toEqual({ code: 200 });
    await quietly();
    expect(fake.sent.filter(titled('已签到'))).toHaveLength(1);
    expect(await checkIns()).toBe(1);
  });

  it('comes whole out of frames in parts, and out of rich text', async () => {
    world = await feishuWorld();
    const { fake, who, chat } = world;
    await fake.push(fake.text(who('吴沐阳'), null, '签到 上午查房，下午带教，一切都好'), { parts: 7 });
    await fake.next(titled('已签到'));
    const post = {
      title: '',
      content: [
        [
          { tag: 'at', user_id: '@_user_1', user_name: '下基层助手' },
          { tag: 'text', text: ' 统计' },
        ],
      ],
    };
    const mention = [{ key: '@_user_1', id: { open_id: 'ou_bot' }, name: '下基层助手' }];
    await fake.push(fake.message(who('黄怀瑾'), chat('城郊'), 'post', post, mention));
    expect((await fake.next(m => m.to === chat('城郊'))).type).toBe('interactive');
  });

  it('is left alone where it is not for the bot', async () => {
    world = await feishuWorld();
    const { fake, who, chat } = world;
    const before = fake.sent.length;
    await fake.push(fake.text(who('吴沐阳'), chat('城郊'), '明天谁值班'));
    await fake.push(fake.message(who('吴沐阳'), chat('城郊'), 'image', { image_key: 'img_x' }));
    const robot = fake.text('ou_other', chat('城郊'), '/签到');
    (robot['event'] as { sender: { sender_type: string } }).sender.sender_type = 'app';
    await fake.push(robot);
    expect(
      await fake.push({ schema: '2.0', header: { event_id: 'e', event_type: 'im.message.receive_v1' }, event: { nonsense: true } }),
    ).toEqual({ code: 200 });
    await quietly();
    expect(fake.sent.length).toBe(before);
    expect(world.logged.some(l => l.includes('could not be read'))).toBe(true);
  });

  it('is not acknowledged while nothing can be stored, and is taken when it comes again', async () => {
    world = await feishuWorld();
    const { fake, who } = world;
    const { store } = world.live;
    const { StoreFault } = await import('../../src/bot/ports.ts');
    const turn = store.turn.bind(store);
    store.turn = () => Promise.reject(new StoreFault('disk full'));
    const said = fake.text(who('吴沐阳'), null, '签到');
    expect(await fake.push(said)).toEqual({ code: 500 });
    store.turn = turn;
    expect(await fake.push(said)).toEqual({ code: 200 });
    await fake.next(titled('已签到'));
  });

  it('is not acknowledged when it takes too long, and is done once all the same', async () => {
    world = await feishuWorld({ pace: { answer: 100 } });
    const { fake, who } = world;
    const { store } = world.live;
    const turn = store.turn.bind(store);
    store.turn = async (event, work) => {
      await new Promise(resolve => setTimeout(resolve, 300));
      return turn(event, work);
    };
    const said = fake.text(who('吴沐阳'), null, '签到');
    expect(await fake.push(said)).toEqual({ code: 500 });
    await fake.next(titled('已签到'));
    store.turn = turn;
    expect(await fake.push(said)).toEqual({ code: 200 });
    await quietly();
    expect(fake.sent.filter(titled('已签到'))).toHaveLength(1);
  });
});

describe('buttons, forms, places, files', () => {
  it('a click is a command of who clicks, with a toast; clicked twice it is done once', async () => {
    world = await feishuWorld();
    const { fake, who, chat } = world;
    await fake.push(fake.text(who('吴沐阳'), chat('城郊'), '/签到'));
    await fake.next(titled('已签到'));
    await fake.push(fake.text(who('黄怀瑾'), chat('城郊'), '/核实'));
    const card = await fake.next(m => labels(m).some(l => l.includes('在岗')));
    const label = labels(card).find(l => l.includes('在岗'))!;
    const click = fake.click(who('黄怀瑾'), card, label);
    const first = await fake.push(click);
    expect(first).toMatchObject({ code: 200, data: { toast: { type: 'success' } } });
    expect(await fake.push(click)).toMatchObject({ code: 200 });
    await quietly();
    const seen = await world.live.store.read.count('visits', { presence: 'present' });
    // Somebody who may not: told so alone, and nothing changes.
    const refused = await fake.push(fake.click(who('谢卓群'), card, label));
    expect(refused).toMatchObject({ code: 200, data: { toast: { type: 'warning' } } });
    expect(await world.live.store.read.count('visits', { presence: 'present' })).toBe(seen);
  });

  it('a storm of clicks, by one person and by two, does it once and answers each', async () => {
    world = await feishuWorld();
    const { fake, who, chat } = world;
    await fake.push(fake.text(who('吴沐阳'), chat('城郊'), '/签到'));
    await fake.next(titled('已签到'));
    await fake.push(fake.text(who('黄怀瑾'), chat('城郊'), '/核实'));
    const card = await fake.next(m => labels(m).some(l => l.includes('在岗')));
    const label = labels(card).find(l => l.includes('在岗'))!;
    const clickers = Array.from({ length: 12 }, (_, i) => who(i % 3 === 0 ? '巫承安' : '黄怀瑾'));
    const answers = await Promise.all(clickers.map(c => fake.push(fake.click(c, card, label))));
    for (const a of answers) expect(a).toMatchObject({ code: 200, data: { toast: { content: expect.any(String) } } });
    const { store } = world.live;
    const rows = await store.read.journal({ table: 'visits' }, 50);
    const present = rows.filter(r => r.after?.includes('"presence":"present"') && !r.before?.includes('"presence":"present"'));
    expect(present.filter(r => r.command === '核实')).toHaveLength(1);
    expect(await store.verifyJournal()).toMatchObject({ brokenAt: null });
  });

  it('a click on a card that is not ours, or while it stops, says so', async () => {
    world = await feishuWorld();
    const { fake, who } = world;
    await fake.push(fake.text(who('吴沐阳'), null, '统'));
    const card = await fake.next(m => labels(m).length > 0);
    const click = fake.click(who('吴沐阳'), card, labels(card)[0]!);
    (click['event'] as { action: { value: unknown } }).action.value = { act: 'old' };
    expect(await fake.push(click)).toMatchObject({ data: { toast: { content: expect.stringContaining('不能用') } } });
  });

  it('a place checks in, and is not kept as coordinates', async () => {
    world = await feishuWorld();
    const { fake, who } = world;
    await fake.push(fake.message(who('吴沐阳'), null, 'location', { name: '卫生院', longitude: '116.73', latitude: '24.72' }));
    await fake.next(titled('已签到'));
    expect(JSON.stringify(await world.live.store.read.all('checkIns', {}))).not.toContain('116.73');
  });

  it('a file reaches the import, and is not left lying about', async () => {
    world = await feishuWorld();
    const { fake, who } = world;
    const rows = [
      ['受援单位', '医师姓名', '工作单位', '专业', '职称', '手机'],
      ['城郊卫生院', '吴沐阳', '区医院', '内科', '主治医师', '13800000000'],
    ];
    fake.resources.set('file_a', Buffer.from(rows.map(r => r.join(',')).join('\n')));
    await fake.push(fake.message(who('赖知远'), null, 'file', { file_key: 'file_a', file_name: '名册.csv' }));
    const answer = await fake.next(m => m.to === who('赖知远'));
    expect(title(answer)).not.toContain('出错');
    // A file that is gone is said so.
    await fake.push(fake.message(who('赖知远'), null, 'file', { file_key: 'file_b', file_name: '名册.xlsx' }));
    const second = await fake.next(m => m.to === who('赖知远') && m !== answer);
    expect(JSON.stringify(second.content)).toContain('没有取到');
    expect(fake.refusals.splice(0)).toEqual(['234003 no such file']);
  });

  it('added to a group it greets, and offers to be tied', async () => {
    world = await feishuWorld();
    const { fake, who } = world;
    fake.addChat('oc_new', '古竹卫生院工作群');
    await fake.push(
      fake.envelope('im.chat.member.bot.added_v1', {
        chat_id: 'oc_new',
        operator_id: { open_id: who('赖知远') },
        external: false,
        name: '机器人',
      }),
    );
    const greeting = await fake.next(m => m.to === 'oc_new');
    expect(title(greeting)).toBe('大家好，我是下基层助手');
    await fake.push(fake.text(who('赖知远'), 'oc_new', '/绑定群 古竹'));
    await fake.next(m => m.to === 'oc_new' && m !== greeting);
    expect((await world.live.store.read.first('groups', { conversation: 'oc_new' }))?.name).toBe('古竹卫生院工作群');
  });
});

describe('what the clock brings', () => {
  it('goes to people and groups at its own moment', async () => {
    world = await feishuWorld();
    await world.to('2024-04-08 17:00');
    const unasked = world.fake.sent.map(m => `${m.to} ${title(m)}`);
    expect(unasked.length).toBeGreaterThan(0);
    // Once: the same minute again says nothing more.
    await world.to('2024-04-08 17:01');
    expect(world.fake.sent.map(m => `${m.to} ${title(m)}`)).toEqual(unasked);
    await world.restart();
    await world.to('2024-04-08 17:02');
    expect(world.fake.sent.map(m => `${m.to} ${title(m)}`)).toEqual(unasked);
  });
});

describe('a card whose matter is settled', () => {
  it.each([
    ['at once', []],
    ['also where Feishu says at first that the card is changed too often', [{ status: 400, body: { code: 230020, msg: 'limit' } }]],
    [
      'also where it says so of the whole app',
      [{ status: 429, body: { code: 99991400, msg: 'limit' }, headers: { 'x-ogw-ratelimit-reset': '1' } }],
    ],
  ])('by anybody, elsewhere, is shown as done and offers nothing any more: %s', async (_name, limits) => {
    world = await feishuWorld();
    const { fake } = world;
    for (const how of limits) fake.faults.push({ path: /messages\/om_[^/]+$/, times: 1, how });
    // Two physicians have been to 城郊 and 洪山; the clinics are asked at five.
    await world.to('2024-04-08 17:00');
    await world.to('2024-04-09 17:00');
    const asked = await fake.next(m => title(m).includes('谁来了') && !m.to.startsWith('oc_') && labels(m).some(l => l.includes('在岗')));
    const [first] = labels(asked).filter(l => l.includes('在岗'));
    const everybody = labels(asked).find(l => l.includes('全部')) ?? first!;
    // Typed, not pressed: the card must follow all the same.
    const button = fake.parts(asked.content, 'button').find(b => (b['text'] as { content: string }).content === everybody)!;
    const { command } = (button['behaviors'] as { value: { command: string } }[])[0]!.value;
    await fake.push(fake.text(asked.to, null, command));
    await expect.poll(() => asked.edits.length, { timeout: 15_000 }).toBe(1);
    const shown = asked.edits[0] as { header: { title: { content: string } } };
    expect(shown.header.title.content).toMatch(/^已办：.*谁来了/);
    expect(fake.parts(shown, 'button')).toEqual([]);
  });
});

describe('when sending fails', () => {
  const begin = async () => {
    world = await feishuWorld();
    return world;
  };
  const post = /\/im\/v1\/messages/;
  const say = () => world.fake.push(world.fake.text(world.who('吴沐阳'), null, '签到'));
  const arrived = async () => {
    await world.fake.next(titled('已签到'));
    await quietly();
    expect(world.fake.sent.filter(titled('已签到'))).toHaveLength(1);
  };

  it.each([
    ['a limit with its end', { status: 429, body: { code: 99991400, msg: 'limit' }, headers: { 'x-ogw-ratelimit-reset': '1' } }],
    ['a limit of the group', { status: 400, body: { code: 230020, msg: 'limit' } }],
    ['a gateway without words', { status: 502, body: {} }],
    ['a connection that is cut', 'cut' as const],
    ['an answer that is lost', 'answer-lost' as const],
  ])('%s: it arrives once', async (_name, how) => {
    await begin();
    world.fake.faults.push({ path: post, times: 1, how });
    await say();
    await arrived();
  });

  it('a token that has ended is renewed, by one call for all', async () => {
    await begin();
    await say();
    await arrived();
    const before = world.fake.tokenCalls();
    world.fake.renewToken();
    const people = ['黄怀瑾', '谢卓群', '赖知远', '池景天'].map(world.who);
    await Promise.all(people.map(who => world.fake.push(world.fake.text(who, null, '隐私'))));
    await quietly();
    expect(
      world.fake.sent
        .slice(1)
        .map(m => m.to)
        .sort(),
    ).toEqual([...people].sort());
    expect(world.fake.tokenCalls()).toBe(before + 1);
    expect(new Set(world.fake.refusals.splice(0))).toEqual(new Set(['99991663 Invalid access token for authorization']));
  });

  it('a group that is gone is listed with its reason, and holds nothing up', async () => {
    await begin();
    world.fake.dropChat(world.chat('城郊'));
    await world.fake.push(world.fake.text(world.who('黄怀瑾'), world.chat('城郊'), '/待办'));
    await quietly();
    const failed = await world.live.store.read.outbox({ states: ['failed'], limit: 50 });
    expect(failed.filter(r => r.to.conversation === world.chat('城郊')).map(r => r.error)).toEqual(['机器人不在这个群里']);
    world.fake.refusals.splice(0);
    await say();
    await arrived();
  });

  it('a card that Feishu does not build is said in words', async () => {
    await begin();
    world.fake.faults.push({ path: post, times: 1, how: { status: 400, body: { code: 230099, msg: 'Failed to create card content' } } });
    await say();
    const answer = await world.fake.next(m => m.to === world.who('吴沐阳'));
    expect(answer.type).toBe('text');
    expect(answer.content['text']).toContain('已签到');
  });
});

describe('the long connection', () => {
  const quick = { look: 100, stuck: 400, pong: 1 };
  /** As Feishu does it: what was not acknowledged, because the connection was just being changed, is pushed again. */
  const again = async () => {
    const said = world.fake.text(world.who('吴沐阳'), null, '签到');
    await expect.poll(() => world.fake.push(said, { within: 1_000 })).toMatchObject({ code: 200 });
    await world.fake.next(titled('已签到'));
    await expect.poll(() => world.live.troubles()['feishu']).toBeNull();
  };

  it('comes back when it is cut', async () => {
    world = await feishuWorld({ pace: quick });
    const back = world.fake.connected();
    world.fake.drop();
    await back;
    await again();
  });

  it('comes back when the other end has gone silent', async () => {
    world = await feishuWorld({ pace: quick, pingInterval: 2 });
    world.fake.mute();
    const before = world.fake.calls.filter(c => c.includes('endpoint')).length;
    await expect.poll(() => world.fake.calls.filter(c => c.includes('endpoint')).length).toBeGreaterThan(before);
    const back = world.fake.connected();
    world.fake.unmute();
    await back;
    await again();
  });

  it('is taken up again after a refusal at which the SDK gives up, and the page of health says so meanwhile', async () => {
    world = await feishuWorld({ pace: quick });
    world.fake.setEndpoint({ code: 1000040350, msg: 'too many connections', data: {} });
    world.fake.drop();
    await expect.poll(() => world.live.troubles()['feishu']).toMatch(/^飞书长连接不通，从 .*1000040350/);
    const back = world.fake.connected();
    world.fake.setEndpoint(null);
    await back;
    await again();
  });
});

describe.each([['long connection', false] as const, ['callbacks', true] as const])(
  'by %s, when Feishu is away at the start',
  (_name, webhook) => {
    it('the bot learns its own name later, and then hears it', async () => {
      const away = { path: /bot\/v3\/info/, times: 2, how: 'cut' as const };
      world = await feishuWorld({ webhook, pace: { look: 60 }, before: fake => fake.faults.push(away) });
      const said = () => world.fake.text(world.who('吴沐阳'), world.chat('城郊'), '@下基层助手 签到');
      const say = () => (webhook ? world.live.callbacks['/feishu/webhook']!(world.fake.callback(said())) : world.fake.push(said()));
      await expect.poll(() => away.times).toBe(0);
      await expect
        .poll(async () => {
          await say();
          await quietly();
          return world.fake.sent.some(m => title(m).includes('签到'));
        })
        .toBe(true);
    });
  },
);

describe('callbacks by HTTP', () => {
  const call = (request: Request) => world.live.callbacks['/feishu/webhook']!(request);
  const said = () => world.fake.text(world.who('吴沐阳'), null, '签到');

  it('take what is signed and fresh, and answer clicks', async () => {
    world = await feishuWorld({ webhook: true });
    const answer = await call(world.fake.callback(said()));
    expect(answer.status).toBe(200);
    await world.fake.next(titled('已签到'));
    await call(world.fake.callback(world.fake.text(world.who('黄怀瑾'), null, '核实')));
    const card = await world.fake.next(m => labels(m).some(l => l.includes('在岗')));
    const label = labels(card).find(l => l.includes('在岗'))!;
    const clicked = await call(world.fake.callback(world.fake.click(world.who('黄怀瑾'), card, label)));
    expect(await clicked.json()).toMatchObject({ toast: { type: 'success' } });
    expect(world.live.troubles()['feishu']).toBeNull();
  });

  it('answer the challenge', async () => {
    world = await feishuWorld({ webhook: true });
    const challenge = { challenge: 'c', token: world.fake.webhook.verificationToken, type: 'url_verification' };
    const answer = await call(world.fake.callback(challenge, { sign: false }));
    expect([answer.status, await answer.json()]).toEqual([200, { challenge: 'c' }]);
  });

  it.each<[string, () => Request]>([
    ['without a signature', () => world.fake.callback(said(), { sign: false })],
    ['older than five minutes', () => world.fake.callback(said(), { at: Date.parse('2024-04-08T00:00:00Z') / 1000 - 301 })],
    ['from the future', () => world.fake.callback(said(), { at: Date.parse('2024-04-08T00:00:00Z') / 1000 + 301 })],
    ['with another key', () => world.fake.callback(said(), { key: 'another' })],
    ['with another token', () => world.fake.callback({ ...said(), header: { ...(said()['header'] as object), token: 'x' } })],
    ['in plain', () => new Request('http://bot/x', { method: 'POST', body: JSON.stringify(said()) })],
    ['that are no JSON', () => new Request('http://bot/x', { method: 'POST', body: '{' })],
  ])('refuse what comes %s', async (_name, request) => {
    world = await feishuWorld({ webhook: true });
    expect((await call(request())).status).toBe(401);
    await quietly();
    expect(world.fake.sent).toEqual([]);
    expect(world.logged.some(l => l.includes('a callback was refused'))).toBe(true);
  });
});
