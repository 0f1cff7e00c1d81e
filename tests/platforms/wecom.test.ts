/** The bot on a fake WeCom that refuses what the real one refuses. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { openPace } from '../../src/platforms/pace.ts';
import { openWecom } from '../../src/platforms/wecom/connect.ts';
import { MOST_BYTES, render, webhookImage } from '../../src/platforms/wecom/render.ts';
import { byWebhook, wecomPlatform } from '../../src/platforms/wecom/send.ts';
import type { SentMessage } from '../fakes/wecom.ts';
import { openFakeWecom } from '../fakes/wecom.ts';
import { type WecomWorld, wecomWorld } from '../harness/live-world.ts';
import { memoryNotes } from '../harness/notes.ts';

let world: WecomWorld | undefined;
afterEach(async () => {
  if (!world) return;
  const { refusals } = world.fake;
  await world.close();
  const told = world.logged.join('\n');
  for (const secret of world.fake.secrets) expect(told).not.toContain(secret);
  expect(told).not.toMatch(/1[3-9]\d{9}|签到/);
  expect(refusals).toEqual([]);
  world = undefined;
});
const begin = async (options: Parameters<typeof wecomWorld>[0] = {}): Promise<WecomWorld> => {
  world = await wecomWorld(options);
  return world;
};
const says = (words: string) => (m: SentMessage) => m.text.includes(words);
const labels = (m: SentMessage): string[] => ((m.card?.['button_list'] as { text: string }[] | undefined) ?? []).map(b => b.text);

/** Everything that WeCom can show, and everybody can be reached. */
const PLAIN = { cards: 'full', mentions: 'names', chatType: 'send', reaches: () => true, arrived: () => undefined } as const;

describe('what is said', () => {
  it('is answered once, in group and in direct chat, across a restart', async () => {
    const { fake, who, chat, restart } = await begin();
    const said = fake.message(who('吴沐阳'), chat('城郊'), '签到');
    fake.say(said);
    expect((await fake.next(says('已签到'))).to).toBe(chat('城郊'));
    fake.say(said);
    await restart();
    fake.say(said);
    fake.say(fake.message(who('吴沐阳'), null, '我的'));
    await fake.next(m => m.to === who('吴沐阳'));
    expect(fake.sent.filter(m => m.to === chat('城郊'))).toHaveLength(1);
    expect(await world!.live.store.read.count('checkIns', {})).toBe(1);
  });

  it('is understood in mixed messages and in speech; a file reaches the import', async () => {
    const { fake, who, chat } = await begin();
    const mixed = {
      msgtype: 'mixed',
      text: null,
      mixed: { msg_item: [{ msgtype: 'text', text: { content: '@下基层助手 签到' } }, { msgtype: 'image' }] },
    };
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), '', mixed));
    await fake.next(says('已签到'));
    fake.say(fake.message(who('黄怀瑾'), null, '', { msgtype: 'voice', text: null, voice: { content: '待办' } }));
    await fake.next(m => m.to === who('黄怀瑾'));
    const rows = '受援单位,医师姓名,工作单位\n城郊卫生院,吴沐阳,区医院\n';
    fake.say(fake.message(who('赖知远'), null, '', { msgtype: 'file', text: null, file: fake.file('名册.csv', Buffer.from(rows)) }));
    const answer = await fake.next(m => m.to === who('赖知远'));
    expect(answer.text).not.toMatch(/出错|没有取到/);
  });

  it('buttons are pressed by whoever may', async () => {
    const { fake, who, chat, live } = await begin();
    fake.say(fake.message(who('吴沐阳'), chat('城郊'), '签到'));
    await fake.next(says('已签到'));
    fake.say(fake.message(who('黄怀瑾'), chat('城郊'), '核实'));
    const card = await fake.next(m => labels(m).some(l => l.includes('在岗')));
    const press = fake.press(who('黄怀瑾'), chat('城郊'), card, labels(card).find(l => l.includes('在岗'))!);
    fake.event(press);
    fake.event(press);
    await expect
      .poll(() => live.store.read.count('visits', { presence: 'present', day: { from: '2024-04-08' as never } }))
      .toBeGreaterThan(0);
  });
});

describe('what goes out', () => {
  it('does not speak first, and says so to the admin', async () => {
    const { live, to } = await begin();
    await to('2024-04-08 17:00');
    const failed = await live.store.read.outbox({ states: ['failed'], limit: 20 });
    expect(failed.length).toBeGreaterThan(0);
    for (const row of failed) expect(row.error).toContain('不许先开口');
  });

  it.each([
    ['a limit', { errcode: 45009 }, 'pending'],
    ['an answer that is lost', 'answer-lost' as const, 'unknown'],
    ['a connection that is cut', 'cut' as const, 'unknown'],
    ['a refusal', { errcode: 93008 }, 'failed'],
  ] as const)('%s', async (_name, fault, state) => {
    const { fake, who, live } = await begin();
    fake.faults.push(fault);
    fake.say(fake.message(who('吴沐阳'), null, '签到'));
    const his = async () =>
      (await live.store.read.outbox({ states: [state], limit: 9 })).filter(r => r.to.conversation.includes(who('吴沐阳')));
    await expect.poll(async () => (await his()).length).toBe(1);
  });

  it('calls people by the group’s webhook, where there is one', async () => {
    const { fake, who, chat } = await begin({ webhooks: { wrg4: 'the-key' } });
    expect(chat('城郊')).toBe('wrg4');
    fake.open.add(chat('城郊'));
    const client = { sendMessage: () => Promise.reject(new Error('not connected')), uploadMedia: () => Promise.reject(new Error('x')) };
    const sends = wecomPlatform({
      client: client as never,
      app: 'a',
      files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async () => undefined },
      webhooks: { wrg4: 'the-key' },
      webhookUrl: fake.settings.webhookUrl,
      pace: { take: () => 0 },
      hookPace: { take: () => 0 },
      uploadPace: { take: () => 0 },
      now: () => 0,
      ...PLAIN,
    });
    const card: Card = { code: 'x', title: '明天有班', tone: 'info', lines: ['请带白大褂'] };
    const to = { platform: 'wecom', app: 'a', conversation: 'wrg4' };
    const mention = [{ person: 'p', account: who('吴沐阳'), name: '吴沐阳' }];
    expect(await sends.send({ key: 'k', to, card, text: '', replyTo: null, mention })).toMatchObject({ result: 'sent' });
    expect(fake.sent.at(-1)).toMatchObject({ by: 'webhook', to: 'the-key' });
    expect(fake.sent.at(-1)!.text).toContain(`<@${who('吴沐阳')}>`);
    // Without a webhook it is not sent that way, and not connected is no loss.
    expect(await sends.send({ key: 'k', to: { ...to, conversation: 'other' }, card, text: '', replyTo: null, mention })).toMatchObject({
      result: 'later',
    });
  });

  it('the group’s webhook shows the picture behind the words; one that is too large is left to the words', async () => {
    const fake = await openFakeWecom();
    const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(1_000, 7)]);
    const drawn: Record<string, Buffer> = { small: png, large: Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]) };
    const taken: number[] = [];
    const sends = wecomPlatform({
      client: {} as never,
      app: 'a',
      files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async id => drawn[id] },
      webhooks: { g: 'the-key' },
      webhookUrl: fake.settings.webhookUrl,
      pace: { take: () => 0 },
      hookPace: { take: (_, n) => (taken.push(n), 0) },
      uploadPace: { take: () => 0 },
      now: () => 0,
      ...PLAIN,
    });
    const send = (id: string) =>
      sends.send({
        key: id,
        to: { platform: 'wecom', app: 'a', conversation: 'g' },
        card: { code: 'x', title: '统计', tone: 'info', lines: ['人次 12'], picture: { id, name: '图.png', bytes: 1 } },
        text: '',
        replyTo: null,
        mention: [{ person: 'p', account: 'u', name: '吴沐阳' }],
      });
    for (const id of ['small', 'large', 'gone']) expect(await send(id)).toMatchObject({ result: 'sent' });
    expect(fake.sent.map(m => m.type)).toEqual(['markdown', 'image', 'markdown', 'markdown']);
    expect(taken).toEqual([2, 1, 1]);
    expect(fake.refusals).toEqual([]);
    // The fake looks at the sum, the size and what it is.
    const url = `${fake.settings.webhookUrl}?key=k`;
    const image = (bytes: Buffer, md5?: string) => {
      const body = webhookImage(bytes);
      return { ...body, image: { ...(body['image'] as object), ...(md5 ? { md5 } : {}) } };
    };
    for (const body of [image(png, 'x'), image(drawn['large']!), image(Buffer.from('no picture'))])
      expect(await byWebhook(url, body)).toMatchObject({ result: 'never' });
    await fake.close();
  });

  it('a group’s webhook takes twenty a minute, over a restart as well; what is over waits for its time', async () => {
    const fake = await openFakeWecom();
    let now = 1_000_000;
    fake.setClock(() => now);
    const notes = memoryNotes();
    const sends = async () => {
      const paced = { notes, now: () => now };
      return wecomPlatform({
        client: {} as never,
        app: 'a',
        files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async () => undefined },
        webhooks: { g: 'the-key' },
        webhookUrl: fake.settings.webhookUrl,
        pace: await openPace({ ...paced, takes: [{ count: 30, seconds: 60 }], name: 'chat' }),
        hookPace: await openPace({ ...paced, takes: [{ count: 20, seconds: 60 }], name: 'webhook' }),
        uploadPace: await openPace({ ...paced, takes: [{ count: 30, seconds: 60 }], name: 'upload' }),
        now: () => now,
        ...PLAIN,
      });
    };
    const message = {
      key: 'k',
      to: { platform: 'wecom', app: 'a', conversation: 'g' },
      card: { code: 'x', title: '明天有班', tone: 'info' as const, lines: [] },
      text: '',
      replyTo: null,
      mention: [{ person: 'p', account: 'u', name: '吴沐阳' }],
    };
    let platform = await sends();
    for (let i = 0; i < 20; i++) expect(await platform.send(message)).toMatchObject({ result: 'sent' });
    now += 20_000;
    platform = await sends();
    expect(await platform.send(message)).toMatchObject({ result: 'later', after: 40_000 });
    now += 40_000;
    expect(await platform.send(message)).toMatchObject({ result: 'sent' });
    expect(fake.refusals).toEqual([]);
    // More than it takes is refused, and nothing of it has arrived.
    const url = `${fake.settings.webhookUrl}?key=other`;
    const body = { msgtype: 'markdown', markdown: { content: 'x' } };
    for (let i = 0; i < 20; i++) await byWebhook(url, body);
    expect(await byWebhook(url, body)).toMatchObject({ result: 'later', after: 60_000 });
    await fake.close();
  });

  /** The platform on a fake by itself, whose time passes as the test says. */
  const alone = async () => {
    const fake = await openFakeWecom();
    const clock = { now: 1_000_000 };
    fake.setClock(() => clock.now);
    const { WSClient } = await import('@wecom/aibot-node-sdk');
    const { botId, secret, wsUrl } = fake.settings;
    const nothing = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const client = new WSClient({ botId, secret, wsUrl, logger: nothing });
    const joined = fake.connected();
    client.connect();
    await joined;
    const notes = memoryNotes();
    const pace = (name: string, hour: number) =>
      openPace({
        takes: [
          { count: 30, seconds: 60 },
          { count: hour, seconds: 3_600 },
        ],
        name,
        notes,
        now: () => clock.now,
      });
    const platform = wecomPlatform({
      client,
      app: botId,
      files: { keep: async () => ({ id: '', name: '', bytes: 0 }), open: async id => Buffer.from(id) },
      webhooks: {},
      webhookUrl: '',
      pace: await pace('chat', 1_000),
      hookPace: await pace('hook', 1_000),
      uploadPace: await pace('upload', 1_000),
      now: () => clock.now,
      ...PLAIN,
    });
    /** Sent, however long it takes; gives what it waited for. */
    const send = async (chat: string, key: string, more: Partial<Card>): Promise<string[]> => {
      fake.addChat(chat, chat);
      fake.open.add(chat);
      const waited: string[] = [];
      for (;;) {
        const sent = await platform.send({
          key,
          to: { platform: 'wecom', app: botId, conversation: chat },
          card: { code: 'x', title: '统计', tone: 'info', lines: ['长'.repeat(120)], ...more },
          text: '',
          replyTo: null,
          mention: [],
        });
        if (sent.result === 'sent') return waited;
        if (sent.result !== 'later') throw new Error(sent.why);
        waited.push(sent.why);
        clock.now += sent.after;
      }
    };
    const close = async () => {
      client.disconnect();
      await fake.close();
    };
    return { fake, clock, send, close };
  };
  const ref = (id: string) => ({ id, name: id, bytes: 3 });

  it('a thousand an hour are never passed, whatever a message holds; the same picture and file go up once', async () => {
    const { fake, clock, send, close } = await alone();
    const begun = clock.now;
    const whole = { buttons: [{ label: '看', command: '/待办' }], picture: ref('图.png'), file: ref('表.xlsx') };
    for (let i = 0; i < 260; i++) await send('g', `k${i}`, whole);
    expect(fake.sent).toHaveLength(1_040);
    expect(clock.now - begun).toBeGreaterThanOrEqual(3_600_000);
    expect(fake.refusals).toEqual([]);
    expect(fake.uploaded()).toBe(2);
    // After three days it is gone there, and goes up again.
    clock.now += 3 * 86_400_000 + 1;
    await send('g', 'later', whole);
    expect(fake.uploaded()).toBe(4);
    expect(fake.refusals).toEqual([]);
    await close();
  });

  it('more files than may go up in a minute go later, whole, and none is said not to have gone', async () => {
    const { fake, send, close } = await alone();
    const waited: string[] = [];
    for (let i = 0; i < 35; i++) waited.push(...(await send(`g${i}`, `k${i}`, { lines: [], file: ref(`表${i}.xlsx`) })));
    expect(waited.filter(w => w.includes('文件'))).toHaveLength(1);
    expect(fake.sent.filter(m => m.type === 'file')).toHaveLength(35);
    expect(fake.sent.filter(m => m.text.includes('没有发成'))).toEqual([]);
    expect(fake.refusals).toEqual([]);
    await close();
  });

  const card = (more: Partial<Card>): Card => ({ code: 'x', title: '题', tone: 'info', lines: [], ...more });
  it('what a card’s small fields would cut off stands in its lines', () => {
    const buttons = [{ label: '批准', command: '/批准 12' }];
    const shown = (fields: NonNullable<Card['fields']>) => JSON.stringify(render(card({ lines: ['一'], fields, buttons }), 'k'));
    expect(shown([{ label: '事由', value: '家中有事' }])).toContain('"horizontal_content_list":[{"keyname":"事由","value":"家中有事"}]');
    for (const field of [
      { label: '受援单位意见', value: '同意' },
      { label: '事由', value: '家中老人住院要人照看，已和科里说好由吴沐阳老师代班，特此请假' },
    ]) {
      expect(shown([{ label: '时间', value: '6月12日' }, field])).toContain(`一\\n时间：6月12日\\n${field.label}：${field.value}`);
      expect(render(card({ fields: [field, { label: '事由', value: '长'.repeat(200) }], buttons }), 'k').map(m => m.msgtype)).toEqual([
        'markdown',
        'template_card',
      ]);
    }
  });

  it('a small card is one message; a long one comes as words with its buttons behind; too many buttons are words to type', () => {
    const buttons = [{ label: '在岗', command: '/核实 1 在岗', style: 'primary' as const }];
    expect(render(card({ lines: ['一'], buttons }), 'k').map(m => m.msgtype)).toEqual(['template_card']);
    expect(render(card({ lines: ['长'.repeat(200)], buttons }), 'k').map(m => m.msgtype)).toEqual(['markdown', 'template_card']);
    expect(render(card({ lines: ['*星*'] }), 'k')).toEqual([{ msgtype: 'markdown', markdown: { content: '### 题\n\n\\*星\\*' } }]);
    const many = render(card({ buttons: Array.from({ length: 7 }, (_, i) => ({ label: `第${i}`, command: `/核实 ${i}` })) }), 'k');
    expect(many).toHaveLength(1);
    expect(JSON.stringify(many)).toContain('第6：发 /核实 6');
    const [long] = render(card({ lines: ['长'.repeat(30_000)] }), 'k');
    expect(Buffer.byteLength((long as { markdown: { content: string } }).markdown.content)).toBeLessThanOrEqual(MOST_BYTES);
    expect(JSON.stringify(long)).toContain('后面 1 行没有显示');
  });
});

describe('the connection', () => {
  const works = async (w: WecomWorld) => {
    w.fake.say(w.fake.message(w.who('吴沐阳'), null, '签到'));
    await w.fake.next(says('已签到'));
    expect(w.live.troubles()['wecom']).toBeNull();
  };
  it('comes back when it is cut', async () => {
    const w = await begin();
    const back = w.fake.connected();
    w.fake.drop();
    await back;
    await works(w);
  });

  it('comes back when the other end has gone silent', async () => {
    const w = await begin({ pace: { heartbeat: 60 } });
    const back = w.fake.connected();
    w.fake.deafen(true);
    await back;
    w.fake.deafen(false);
    await works(w);
  });

  it('does not fight another process that has taken over, and says so', async () => {
    const w = await begin();
    const before = w.fake.attempts();
    w.fake.takeOver();
    await expect.poll(() => w.live.troubles()['wecom']).toContain('另一个程序');
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(w.fake.attempts()).toBe(before);
    expect(w.logged.some(l => l.startsWith('error') && l.includes('taken over'))).toBe(true);
  });

  it('names the variable when the secret is wrong', async () => {
    const fake = await openFakeWecom();
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const messenger = await openWecom(
      { ...fake.settings, secret: 'wrong' },
      {
        bot: () => ({}) as never,
        files: {} as never,
        readRows: async () => ({ rows: null, notices: [] }),
        now: () => 0,
        notes: memoryNotes(),
        sent: async () => undefined,
        alarm: () => undefined,
        log: quiet,
        pace: { reconnect: 20 },
      },
    );
    await messenger.start();
    await expect.poll(() => messenger.trouble()).toContain('WECOM_BOT_SECRET');
    await messenger.stop();
    await fake.close();
  });
});
