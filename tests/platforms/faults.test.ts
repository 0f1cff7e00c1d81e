/**
 * Every named fault on every messenger, on virtual time: nothing is lost, nothing is done twice, and this is what people see.
 *
 * | fault | Feishu | DingTalk | WeCom |
 * |---|---|---|---|
 * | 429 with its end | after it, once | after it, once | (says none) |
 * | 429 without | once | once | after a minute, once |
 * | a failing server | once, by its key | doubtful: the admin is told, sent again by hand | busy: once |
 * | cut before it was done | once | doubtful | doubtful |
 * | done, and never answered | once, by its key | arrived; doubtful | arrived; doubtful |
 * | nobody listens for ten minutes | once, afterwards; the admin hears that it waits | the same | the same |
 * | token ended in flight | once | once | has none: it subscribes anew |
 * | half-open line | found, made anew, heard | the same | the same |
 * | line cut in the middle of a message | comes again, once | comes again, once | what arrived is answered on the new line |
 * | delivered again at 0 s, 60 s, 5 min, 1 h, 6 h, 25 h, over restarts | once | once | once |
 * | in another order | each by its own time | the same | the same |
 * | a storm of clicks | done once, each is answered | the same | the same |
 */
import { afterEach, describe, expect, it } from 'vitest';
import { TEMPLATE } from '../fakes/dingtalk.ts';
import { dingtalkWorld, feishuWorld, type World, wecomWorld } from '../harness/live-world.ts';

type Json = Record<string, unknown>;
type FaultName = 'limit-with-end' | 'limit' | 'failing' | 'cut' | 'silent';

/** One messenger, as the table speaks of it. */
interface Side {
  name: string;
  begin(more?: {
    quick?: boolean;
  }): Promise<
    World<{ away(): Promise<void>; back(): Promise<void>; connected(): Promise<void>; close(): Promise<void>; refusals: string[] }>
  >;
  /** What somebody says alone, as it comes over the line. `sentAt`: when, if not now. */
  said(who: string, text: string, sentAt?: number): Json;
  /** It arrives. */
  arrives(raw: Json): Promise<unknown>;
  /** The next sending goes wrong. false: the messenger has no such thing. */
  fails(how: FaultName): boolean;
  /** It has gone wrong. */
  wentWrong(): boolean;
  /** What people were shown, by title. */
  shown(): string[];
  /** The line dies without a word; resolves when the bot has found that and has another. */
  halfOpen(): Promise<void>;
  /** The line is cut while this arrives; it comes again where the messenger repeats itself. */
  cutWithin(raw: Json): Promise<void>;
  /** false: there is none. */
  endToken(): boolean;
  /** Clicks on the card that asks who came: all at once. Resolves with what each was told, where the messenger tells. */
  storm(clickers: string[]): Promise<string[]>;
}

let world: World<{ refusals: string[] }> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const feishu = (): Side => {
  let w: Awaited<ReturnType<typeof feishuWorld>>;
  const title = (m: { content: Json; type: string }) =>
    (m.content['header'] as { title: { content: string } } | undefined)?.title.content ?? String(m.content['text'] ?? m.type);
  const limit = { code: 99991400, msg: 'limit' };
  return {
    name: '飞书',
    async begin({ quick = false } = {}) {
      w = await feishuWorld({ virtual: true, pace: { look: 60, stuck: 300, pong: 1 }, ...(quick ? { pingInterval: 2 } : {}) });
      return w as never;
    },
    said(who, text, sentAt) {
      const raw = w.fake.text(w.who(who), null, text);
      const { message } = raw['event'] as { message: { create_time: string } };
      if (sentAt !== undefined) message.create_time = String(sentAt);
      return raw;
    },
    arrives: raw => w.fake.push(raw),
    fails(how) {
      const path = /\/im\/v1\/messages/;
      const faults = {
        'limit-with-end': { status: 429, body: limit, headers: { 'x-ogw-ratelimit-reset': '30' } },
        limit: { status: 429, body: limit },
        failing: { status: 502, body: {} },
        cut: 'cut',
        silent: 'silent',
      } as const;
      w.fake.faults.push({ path, times: 1, how: faults[how] });
      return true;
    },
    wentWrong: () => w.fake.faults.every(f => f.times === 0),
    shown: () => w.fake.sent.map(title),
    async halfOpen() {
      const asked = () => w.fake.calls.filter(c => c.includes('endpoint')).length;
      const before = asked();
      w.fake.mute();
      await expect.poll(asked).toBeGreaterThan(before);
      const back = w.fake.connected();
      // Feishu's client tells a new line by the answer to its first ping.
      w.fake.unmute();
      await back;
    },
    async cutWithin(raw) {
      const back = w.fake.connected();
      await w.fake.push(raw, { parts: 3, breaks: true, within: 50 });
      await back;
      await w.fake.push(raw);
    },
    endToken() {
      w.fake.renewToken();
      return true;
    },
    async storm(clickers) {
      const labels = (m: { content: Json }) => w.fake.parts(m.content, 'button').map(b => (b['text'] as { content: string }).content);
      const card = await w.fake.next(m => labels(m).some(l => l.includes('在岗')));
      const label = labels(card).find(l => l.includes('在岗'))!;
      const answers = await Promise.all(clickers.map(c => w.fake.push(w.fake.click(w.who(c), card, label))));
      return answers.map(a => String(((a as { data?: { toast?: { content: string } } }).data ?? {}).toast?.content ?? ''));
    },
  };
};

/** Nobody answers on the line until there is another. */
const deafened = async (fake: { connected(): Promise<void>; deafen(on: boolean): void }): Promise<void> => {
  const back = fake.connected();
  fake.deafen(true);
  await back;
  fake.deafen(false);
};

const dingtalk = (): Side => {
  let w: Awaited<ReturnType<typeof dingtalkWorld>>;
  return {
    name: '钉钉',
    async begin() {
      w = await dingtalkWorld({
        virtual: true,
        pace: { first: 30, longest: 120, ping: 80, silent: 300 },
        settings: { cardTemplate: TEMPLATE },
      });
      return w as never;
    },
    said: (who, text, sentAt) => w.fake.message(w.who(who), null, text, sentAt === undefined ? {} : { createAt: sentAt }),
    arrives: raw => w.fake.say(raw),
    fails(how) {
      const path = /^\/session|createAndDeliver$/;
      const faults = {
        'limit-with-end': { status: 429, body: { code: 'TooManyRequests' }, headers: { 'retry-after': '30' } },
        limit: { status: 200, body: { errcode: 130101, errmsg: 'send too fast' } },
        failing: { status: 500, body: {} },
        cut: 'cut',
        silent: 'silent',
      } as const;
      w.fake.faults.push({ path, times: 1, how: faults[how] });
      return true;
    },
    wentWrong: () => w.fake.faults.every(f => f.times === 0),
    shown: () => w.fake.sent.map(m => m.title),
    halfOpen: () => deafened(w.fake),
    async cutWithin(raw) {
      const back = w.fake.connected();
      const first = w.fake.say(raw, 100);
      w.fake.drop();
      await Promise.all([back, first]);
      await w.fake.say(raw);
    },
    endToken() {
      w.fake.renewToken();
      return true;
    },
    async storm(clickers) {
      const card = await w.fake.next(m => m.by === 'card' && m.buttons.some(b => b.title.includes('在岗')));
      const label = card.buttons.find(b => b.title.includes('在岗'))!.title;
      return Promise.all(clickers.map(c => w.fake.press(w.who(c), card, label)));
    },
  };
};

const wecom = (): Side => {
  let w: Awaited<ReturnType<typeof wecomWorld>>;
  const labels = (m: { card: Json | null }) => ((m.card?.['button_list'] as { text: string }[] | undefined) ?? []).map(b => b.text);
  return {
    name: '企业微信',
    async begin({ quick = false } = {}) {
      w = await wecomWorld({ virtual: true, pace: { reconnect: 40, ...(quick ? { heartbeat: 60 } : {}) } });
      return w as never;
    },
    said: (who, text, sentAt) =>
      w.fake.message(w.who(who), null, text, sentAt === undefined ? {} : { create_time: Math.floor(sentAt / 1000) }),
    async arrives(raw) {
      w.fake.say(raw);
      await new Promise(resolve => setTimeout(resolve, 40));
    },
    fails(how) {
      if (how === 'limit-with-end') return false;
      const faults = { limit: { errcode: 45009 }, failing: { errcode: -1 }, cut: 'cut', silent: 'silent' } as const;
      w.fake.faults.push(faults[how]);
      return true;
    },
    wentWrong: () => w.fake.faults.length === 0,
    shown: () => w.fake.sent.map(m => m.text.replace(/^### /, '').split('\n')[0]!),
    halfOpen: () => deafened(w.fake),
    async cutWithin(raw) {
      const back = w.fake.connected();
      w.fake.say(raw);
      await new Promise(resolve => setTimeout(resolve, 5));
      w.fake.drop();
      await back;
      // Nothing is said again by WeCom: what was on the line and did not arrive is said by its author.
      if ((await w.live.store.read.count('checkIns', {})) === 0) w.fake.say(raw);
    },
    endToken: () => false,
    async storm(clickers) {
      const card = await w.fake.next(m => labels(m).some(l => l.includes('在岗')));
      const label = labels(card).find(l => l.includes('在岗'))!;
      for (const c of clickers) w.fake.event(w.fake.press(w.who(c), null, card, label));
      await expect.poll(async () => (await w.live.store.read.journal({ table: 'visits' }, 50)).some(r => r.command === '核实')).toBe(true);
      return clickers.map(() => '—');
    },
  };
};

describe.each([feishu(), dingtalk(), wecom()])('$name', side => {
  const checkIns = () => world!.live.store.read.all('checkIns', {});
  const told = () => side.shown().filter(t => t.includes('已签到')).length;
  /** What became of the answer, and whether the admin heard of it, in the words of the table. */
  const outcome = async (): Promise<string> => {
    const rows = await world!.live.store.read.outbox({ limit: 50 });
    const answer = rows.find(r => r.key.startsWith('reply/') && r.card.title.includes('已签到'));
    const alarm = rows.some(r => r.key.startsWith('trouble/'));
    return `${told()} shown, ${answer?.state}${alarm ? ', admin told' : ''}`;
  };
  /** Time goes on while it is waited for. */
  const later = <T>(what: () => T | Promise<T>) =>
    expect.poll(async () => {
      await world!.pass(1_000);
      return what();
    });
  const begin = async (more = {}) => {
    world = await side.begin(more);
    return world as Awaited<ReturnType<Side['begin']>>;
  };

  const once = '1 shown, sent';
  const [arrivedInDoubt, inDoubt] = ['1 shown, unknown, admin told', '0 shown, unknown, admin told'];
  const EXPECTED: Record<FaultName, [name: string, seconds: number, byMessenger: Record<string, string | null>]> = {
    'limit-with-end': ['429 with its end', 40, { 飞书: once, 钉钉: once, 企业微信: null }],
    limit: ['429 without', 100, { 飞书: once, 钉钉: once, 企业微信: once }],
    failing: ['a failing server', 60, { 飞书: once, 钉钉: inDoubt, 企业微信: once }],
    cut: ['cut before it was done', 60, { 飞书: once, 钉钉: inDoubt, 企业微信: inDoubt }],
    silent: ['done, and never answered', 60, { 飞书: once, 钉钉: arrivedInDoubt, 企业微信: arrivedInDoubt }],
  };
  it.each(Object.entries(EXPECTED))('sending: %s', async (how, [, seconds, byMessenger]) => {
    const w = await begin();
    const there = side.fails(how as FaultName);
    expect(there).toBe(byMessenger[side.name] !== null);
    if (!there) return;
    await side.arrives(side.said('吴沐阳', '签到'));
    if (how === 'limit-with-end') {
      await w.pass(25_000);
      // Not before the platform said so.
      expect(told()).toBe(0);
    }
    await w.pass(seconds * 1000);
    const due = w.now();
    await later(outcome).toBe(byMessenger[side.name]);
    // A busy machine may need some looks more; a minute's pause that became five is found.
    expect(w.now() - due).toBeLessThan(120_000);
    expect(side.wentWrong()).toBe(true);
    expect(await checkIns()).toHaveLength(1);
    // And so it stays.
    await w.pass(300_000, 10_000);
    expect(await outcome()).toBe(byMessenger[side.name]);
    w.fake.refusals.splice(0);
  });

  it('nobody listens for ten minutes: what was said meanwhile arrives once, and the admin hears that it waits', async () => {
    const w = await begin();
    await side.arrives(side.said('吴沐阳', '隐私'));
    await later(() => side.shown().length).toBe(1);
    const conversation = (await w.live.store.read.outbox({ limit: 1 }))[0]!.to.conversation;
    await w.fake.away();
    await new Promise(resolve => setTimeout(resolve, 60));
    await w.tell(conversation, { title: '明天有班' }, { place: 'direct' });
    await w.pass(600_000, 5_000);
    const [waiting] = w.live.assembled.relay.waiting().filter(h => h.to.conversation === conversation);
    expect(waiting?.why).toBeTruthy();
    const rows = await w.live.store.read.outbox({ limit: 50 });
    expect(rows.some(r => r.key.startsWith('trouble/slow/'))).toBe(true);
    const back = w.fake.connected();
    await w.fake.back();
    await back;
    await w.pass(150_000, 2_000);
    await later(() => side.shown().filter(t => t.includes('明天有班')).length).toBe(1);
    await w.pass(300_000, 10_000);
    expect(side.shown().filter(t => t.includes('明天有班'))).toHaveLength(1);
    // And it hears again.
    await side.arrives(side.said('吴沐阳', '签到'));
    await w.pass(3_000);
    await later(told).toBe(1);
  });

  it('a token that ends in flight is renewed, and the message goes once', async () => {
    const w = await begin();
    await side.arrives(side.said('谢卓群', '签到'));
    await w.pass(3_000);
    await later(told).toBe(1);
    const ended = side.endToken();
    expect(ended).toBe(side.name !== '企业微信');
    await side.arrives(side.said('吴沐阳', '签到'));
    await w.pass(5_000);
    await later(outcome).toBe('2 shown, sent');
    // The old one was tried, and refused once.
    expect(w.fake.refusals.splice(0).filter(r => /token/i.test(r))).toHaveLength(ended ? 1 : 0);
  });

  it('a half-open line is found, made anew, and heard', async () => {
    const w = await begin({ quick: true });
    await side.halfOpen();
    await side.arrives(side.said('吴沐阳', '签到'));
    await w.pass(3_000);
    await later(outcome).toBe(once);
  });

  it('a line that is cut in the middle of a message: said once, answered once', async () => {
    const w = await begin();
    await side.cutWithin(side.said('吴沐阳', '签到'));
    await w.pass(90_000, 1_000);
    await later(told).toBe(1);
    expect(await checkIns()).toHaveLength(1);
    await later(outcome).toBe(once);
  });

  it('delivered again at 0 s, 60 s, 5 min, 1 h, 6 h and 25 h, each time after a restart: done and said once', async () => {
    const w = await begin();
    const raw = side.said('吴沐阳', '签到');
    await Promise.all([side.arrives(raw), side.arrives(raw)]);
    await w.pass(3_000);
    await later(told).toBe(1);
    let passed = 0;
    for (const minutes of [1, 5, 60, 360, 1_500]) {
      await w.to(new Date(w.now() + (minutes - passed) * 60_000 + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '));
      passed = minutes;
      await w.restart();
      await side.arrives(raw);
      await w.pass(2_000);
      expect([minutes, told(), (await checkIns()).length]).toEqual([minutes, 1, 1]);
    }
  });

  it('in another order: each is done by the time at which it was sent', async () => {
    const w = await begin();
    const first = w.now();
    const [early, late] = [side.said('吴沐阳', '签到', first), side.said('谢卓群', '签到', first + 60_000)];
    await w.pass(120_000, 30_000);
    await side.arrives(late);
    await side.arrives(early);
    await w.pass(5_000);
    await later(told).toBe(2);
    expect((await checkIns()).map(c => c.at - first).sort((a, b) => a - b)).toEqual([0, 60_000]);
  });

  it('a storm of clicks, by one and by another, does it once', async () => {
    const w = await begin();
    await side.arrives(side.said('吴沐阳', '签到'));
    await w.pass(2_000);
    await side.arrives(side.said('黄怀瑾', '核实'));
    await w.pass(2_000);
    const answers = await side.storm(Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? '巫承安' : '黄怀瑾')));
    for (const a of answers) expect(a).not.toBe('');
    await w.pass(120_000, 2_000);
    const rows = await w.live.store.read.journal({ table: 'visits' }, 50);
    const present = rows.filter(r => r.after?.includes('"presence":"present"') && !r.before?.includes('"presence":"present"'));
    expect(present.filter(r => r.command === '核实')).toHaveLength(1);
    expect(await w.live.store.verifyJournal()).toMatchObject({ brokenAt: null });
    expect(w.fake.refusals).toEqual([]);
  });
});
