import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/bot/stage.ts';
import { plainText } from '../../src/core/card.ts';
import { makeGate } from '../../src/platforms/sandbox/gate.ts';
import { masked } from '../../src/platforms/sandbox/phones.ts';
import { type FakeWorld, makeFakeWorld, START } from '../harness/fake-bot.ts';

let folder: string;
let world: FakeWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stage-'));
  world = makeFakeWorld(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (speaker: string, said: string, conversation = 'direct', eventId?: string) =>
  world.sandbox.say({ speaker, conversation, content: { kind: 'text', text: said }, ...(eventId ? { eventId } : {}) });
const ok = <T>(answer: T): Exclude<T, Problem> => {
  if (typeof answer === 'object' && answer !== null && 'problem' in answer) throw new Error(JSON.stringify(answer));
  return answer as Exclude<T, Problem>;
};
const disk = () => readFileSync(join(folder, 'stage.jsonl'), 'utf8');

describe('masking of what goes to disk', () => {
  it.each([
    ['13812345678', '138****5678'],
    ['电话138 1234 5678，谢谢', '电话138****5678，谢谢'],
    ['138-1234-5678', '138****5678'],
    ['１３８１２３４５６７８', '138****5678'],
    ['1 3 8 1 2 3 4 5 6 7 8', '138****5678'],
    ['1381234\u200b5678', '138****5678'],
    ['0597-5831234', '059****1234'],
    ['１３８１２３４５６７８和138 1234 5679', '138****5678和138****5679'],
    ['350803199001011234', '350803********1234'],
    ['/补签 20240508 下村', '/补签 20240508 下村'],
    ['1381234567', '1381234567'],
    ['编号 1713542400000', '编号 1713542400000'],
    ['/绑定 林知夏 1234', '/绑定 林知夏 1234'],
    ['5月12日　上午', '5月12日　上午'],
  ])('%s → %s', (typed, kept) => expect(masked(typed)).toBe(kept));
});

describe('the stage', () => {
  it('shows what was typed as typed, and keeps no complete phone on disk', async () => {
    ok(await text('lin', '我的电话是13812345678'));
    expect(world.stage.messages()[0]?.text).toBe('我的电话是13812345678');
    expect(disk()).not.toContain('13812345678');
    expect(disk()).toContain('138****5678');
  });

  it('takes up after a stop: messages, keys and events, and buttons still work', async () => {
    ok(await text('huang', '/核实', 'g-guzhu', 'e-1'));
    const before = world.sandbox.messages();
    world = makeFakeWorld(folder);
    expect(world.sandbox.messages()).toEqual(before);
    const asked = before!.find(m => m.from === 'bot')!;
    ok(await world.sandbox.say({ speaker: 'huang', conversation: 'g-guzhu', content: { kind: 'button', message: asked.id, index: 0 } }));
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'button', command: '/核实 12 在岗', message: asked.id });
    const again = await world.platform.send({
      key: 'reply/e-1',
      to: { platform: 'sandbox', app: 'stage', conversation: 'g-guzhu' },
      card: { code: 'x', title: 'x', tone: 'ok', lines: [] },
      text: '',
      replyTo: null,
      mention: [],
    });
    expect(again).toEqual({ result: 'sent', providerId: asked.id });
  });

  it('drops half a line that a kill left behind, and goes on', async () => {
    ok(await text('lin', '帮助'));
    appendFileSync(join(folder, 'stage.jsonl'), '{"kind":"message","message":{"id":"3","at"');
    world = makeFakeWorld(folder);
    expect(world.sandbox.last()).toBe('2');
    ok(await text('lin', '帮助'));
    expect(makeFakeWorld(folder).sandbox.last()).toBe('4');
  });

  it('refuses to open a damaged file, by name', () => {
    appendFileSync(join(folder, 'stage.jsonl'), 'nonsense\n');
    expect(() => makeFakeWorld(folder)).toThrow(/演练记录已损坏.*stage\.jsonl/);
  });

  it('goes on numbering after a reset, also when started again', async () => {
    ok(await text('lin', '帮助'));
    ok(await world.sandbox.reset({}));
    expect(world.sandbox.messages()).toEqual([]);
    world = makeFakeWorld(folder);
    ok(await text('lin', '帮助'));
    expect(world.sandbox.messages()!.map(m => m.id)).toEqual(['3', '4']);
  });
});

describe('what people do', () => {
  it('hands on one canonical message with the rehearsal time', async () => {
    ok(await text('lin', '/签到', 'g-guzhu', 'e-9'));
    expect(world.heard[0]).toEqual({
      platform: 'sandbox',
      app: 'stage',
      eventId: 'e-9',
      conversation: { id: 'g-guzhu', kind: 'group', name: '古竹乡卫生院工作群' },
      account: 'lin',
      accountName: '林知夏',
      sentAt: START,
      receivedAt: START,
      content: { kind: 'text', text: '/签到' },
    });
  });

  it('answers the same event once, also when nobody was addressed', async () => {
    expect(ok(await text('lin', '帮助', 'direct', 'same')).messages).toHaveLength(1);
    expect(ok(await text('lin', '帮助', 'direct', 'same'))).toEqual({ duplicate: true, messages: [] });
    expect(ok(await text('lin', '大家早', 'g-guzhu', 'chat'))).toEqual({ duplicate: false, messages: [] });
    expect(ok(await text('lin', '大家早', 'g-guzhu', 'chat'))).toEqual({ duplicate: true, messages: [] });
    expect(world.sandbox.messages()).toHaveLength(3);
  });

  it('hands an event on again that the bot could not take, without saying it twice', async () => {
    world.fault.on = true;
    await expect(text('lin', '帮助', 'direct', 'later')).rejects.toThrow('full');
    world.fault.on = false;
    expect(ok(await text('lin', '帮助', 'direct', 'later'))).toMatchObject({ duplicate: false, messages: [{ code: 'help' }] });
    expect(world.sandbox.messages()!.filter(m => m.from === 'lin')).toHaveLength(1);
  });

  it.each([
    ['an unknown person', { speaker: 'nobody', conversation: 'direct' }, 'speaker.unknown', 'speaker'],
    ['an unknown conversation', { speaker: 'lin', conversation: 'g-none' }, 'conversation.unknown', 'conversation'],
    ['a group one is not in', { speaker: 'stranger-1', conversation: 'g-all' }, 'conversation.not-member', 'conversation'],
    ["somebody else's direct chat", { speaker: 'lin', conversation: 'direct:huang' }, 'conversation.unknown', 'conversation'],
  ])('refuses %s', async (_, who, code, path) => {
    const answer = await world.sandbox.say({ ...who, content: { kind: 'text', text: '帮助' } });
    expect(answer).toMatchObject({ problem: { status: 404, code, path } });
    expect(world.heard).toEqual([]);
    expect(world.sandbox.messages()).toEqual([]);
  });

  it('presses only what was offered, where it was offered', async () => {
    const [asked] = ok(await text('huang', '/核实', 'g-guzhu')).messages;
    const press = (message: string, index: number, conversation = 'g-guzhu') =>
      world.sandbox.say({ speaker: 'huang', conversation, content: { kind: 'button', message, index } });
    expect(await press(asked!.id, 3)).toMatchObject({ problem: { status: 400, path: 'button.index' } });
    expect(await press('999', 0)).toMatchObject({ problem: { status: 404, path: 'button.message' } });
    expect(await press(asked!.id, 0, 'direct')).toMatchObject({ problem: { status: 404 } });
    expect(await press(asked!.replyTo!, 0)).toMatchObject({ problem: { status: 404 } });
    expect(world.heard).toHaveLength(1);
  });

  it("fills in a form's own fields only, and shows what was chosen by its label", async () => {
    const [form] = ok(await text('lin', '改班')).messages;
    const fill = (values: Record<string, string>) =>
      world.sandbox.say({ speaker: 'lin', conversation: 'direct', content: { kind: 'form', message: form!.id, values } });
    expect(await fill({ role: 'admin' })).toMatchObject({ problem: { status: 400, path: 'form.values.role' } });
    ok(await fill({ day: '2024-04-16', half: 'pm' }));
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'form', command: '/改班 12', values: { day: '2024-04-16', half: 'pm' } });
    expect(world.sandbox.messages()!.at(-2)?.card.fields).toEqual([
      { label: '改到', value: '2024-04-16' },
      { label: '半天', value: '下午' },
    ]);
  });

  it('keeps a table with phones for some days only, and other files by content', async () => {
    const send = async (name: string, body: string) =>
      ok(await world.sandbox.say({ speaker: 'chen', conversation: 'direct', content: { kind: 'file', name, bytes: Buffer.from(body) } }));
    const kept = world.files.size;
    await send('名册.csv', '姓名,电话\n林知夏,13812345678');
    const list = world.sandbox.messages()!.find(m => m.from === 'chen')!.card.file!;
    expect((await world.sandbox.file(list.id))?.bytes.length).toBe(list.bytes);
    expect([...world.brief]).toEqual([list.id]);
    await send('名册.csv', '姓名,电话\n林知夏,138****5678');
    await send('照片.jpg', 'jpg');
    expect(world.files.size).toBe(kept + 3);
    expect(world.brief.size).toBe(1);
    expect(world.heard.at(-1)?.content).toMatchObject({ kind: 'file', rows: null });
  });

  it('serves only files that were said here', async () => {
    const [id] = [...world.files.keys()];
    expect(await world.sandbox.file(id!)).toBeUndefined();
    ok(await text('lin', '图'));
    expect(await world.sandbox.file(id!)).toMatchObject({ name: '各单位人次.png' });
  });

  it('makes a group, and the bot hears that it came in', async () => {
    const { group, messages } = ok(await world.sandbox.addGroup({ name: '新群', members: ['chen', 'huang', 'chen'] }));
    expect(group.members).toEqual(['chen', 'huang']);
    expect(world.heard[0]).toMatchObject({
      account: 'chen',
      conversation: { id: group.id, kind: 'group', name: '新群' },
      content: { kind: 'joined' },
    });
    expect(messages).toHaveLength(1);
    expect(await world.sandbox.addGroup({ name: '新群', members: ['chen', 'nobody'] })).toMatchObject({
      problem: { status: 404, path: 'members.1' },
    });
  });
});

describe('the bot says', () => {
  const key = { platform: 'sandbox', app: 'stage', conversation: 'g-guzhu' };
  const card = { code: 'check-in.done', title: '已签到', tone: 'ok' as const, lines: ['待核实'], mention: ['p-9'] };
  it('marks demo data in title and text, and names accounts in mentions', async () => {
    await world.platform.send({
      key: 'k',
      to: key,
      card,
      text: plainText(card),
      replyTo: null,
      mention: [{ person: 'p-9', account: 'huang', name: '黄素琴' }],
    });
    expect(world.sandbox.messages()![0]).toMatchObject({
      code: 'check-in.done',
      from: 'bot',
      at: '2024-04-08T08:00:00+08:00',
      card: { title: '已签到【演示数据】', mention: ['huang'] },
      text: '已签到【演示数据】\n待核实',
    });
    expect(world.sandbox.messages()![0]!.card).not.toHaveProperty('code');
  });
  it('has no place in a conversation that does not exist', async () => {
    expect(
      await world.platform.send({ key: 'k', to: { ...key, conversation: 'gone' }, card, text: '', replyTo: null, mention: [] }),
    ).toMatchObject({ result: 'never' });
  });
});

describe('what a messenger without cards would get', () => {
  it('names the columns, the chart, the file, and what to type', () => {
    const form = {
      command: '/改班 12',
      submit: '提交',
      fields: [
        {
          name: 'half',
          label: '半天',
          kind: 'choice' as const,
          required: true,
          options: [
            { label: '上午', value: 'am' },
            { label: '下午', value: 'pm' },
          ],
        },
        { name: 'reason', label: '原因', kind: 'text' as const },
      ],
    };
    const card = {
      code: 'x',
      title: '4月',
      tone: 'info' as const,
      lines: ['已核实 31'],
      fields: [{ label: '编号', value: '7' }],
      table: { columns: ['单位', '人次'], rows: [['甲院', '5']] },
      chart: { title: '各单位人次', unit: '人次', categories: [], series: [] },
      file: { id: 'f', name: '4月.xlsx', bytes: 1 },
      form,
      buttons: [{ label: '在岗', command: '/核实 12 在岗' }],
    };
    expect(plainText(card)).toBe(
      [
        '4月',
        '已核实 31',
        '编号：7',
        '单位　人次',
        '甲院　5',
        '图：各单位人次',
        '文件：4月.xlsx',
        '请发：/改班 12 半天（上午/下午） 原因（可不写）',
        '1. 在岗（发 /核实 12 在岗）',
      ].join('\n'),
    );
  });
});

describe('time', () => {
  it('moves forward only, and tells what was said on the way', async () => {
    const moved = ok(await world.sandbox.moveTo(START + 86_400_000));
    expect(moved.messages.map(m => m.at)).toEqual(['2024-04-08T17:00:00+08:00']);
    expect(await world.sandbox.moveTo(START)).toMatchObject({ problem: { status: 400, code: 'clock.backwards', path: 'to' } });
    expect(await world.sandbox.moveTo(START + 500 * 86_400_000)).toMatchObject({ problem: { status: 400, code: 'clock.too-far' } });
  });
  it('is real beside a real platform', async () => {
    world = makeFakeWorld(folder, { real: true });
    expect(await world.sandbox.moveTo(START + 1)).toMatchObject({ problem: { status: 403 } });
    expect(await world.sandbox.reset({})).toMatchObject({ problem: { status: 403 } });
    expect(world.resets).toEqual([]);
  });
  it('begins again by word: asked first, done by its button, once', async () => {
    ok(await text('huang', '/核实', 'g-guzhu'));
    await world.sandbox.moveTo(START + 3_600_000);
    const heard = world.heard.length;
    const [asked] = ok(await text('lin', '/重来', 'g-guzhu', 'e-again')).messages;
    expect([asked!.code, asked!.conversation.id, asked!.card.title]).toEqual(['sandbox.again', 'g-guzhu', '演练从头再来？【演示数据】']);
    expect(ok(await text('lin', '/重来', 'g-guzhu', 'e-again'))).toEqual({ duplicate: true, messages: [] });
    expect(world.resets).toEqual([]);
    const press = {
      speaker: 'lin',
      conversation: 'g-guzhu',
      eventId: 'e-surely',
      content: { kind: 'button', message: asked!.id, index: 0 },
    } as const;
    // What was asked in the group is not there to be pressed in another chat.
    expect(await world.sandbox.say({ ...press, conversation: 'direct' })).toMatchObject({ problem: { status: 404 } });
    expect(world.resets).toEqual([]);
    const [told] = ok(await world.sandbox.say(press)).messages;
    expect([told!.code, told!.conversation.id]).toEqual(['sandbox.again-done', 'direct:lin']);
    expect([world.resets, world.sandbox.now()]).toEqual([[{ again: true }], START]);
    expect(world.sandbox.messages()).toEqual([told]);
    expect(ok(await world.sandbox.say(press))).toEqual({ duplicate: true, messages: [] });
    expect(world.resets.length).toBe(1);
    // The bot hears nothing of it.
    expect(world.heard.length).toBe(heard);
  });
  it.each([
    ['重来', 'direct', 'sandbox.again'],
    ['/重来', 'direct', 'sandbox.again'],
    ['@下基层助手 重来', 'g-guzhu', 'sandbox.again'],
    ['重来', 'g-guzhu', undefined],
    ['重来一次签到', 'direct', 'command.unknown'],
    ['/重来 2024年', 'direct', 'command.unknown'],
  ])('%s in %s is %s', async (said, where, code) => {
    expect(ok(await text('lin', said, where)).messages[0]?.code).toBe(code);
    expect(world.resets).toEqual([]);
  });
  it.each(['/重来', '/重来 确定'])('%s is no word beside a real platform: the bot answers that it does not know it', async said => {
    world = makeFakeWorld(folder);
    world = makeFakeWorld(folder, { real: true });
    expect(ok(await text('lin', said)).messages.map(m => m.code)).toEqual(['command.unknown']);
    expect([world.resets, world.heard.length]).toEqual([[], 1]);
  });
  it('stands still while people speak', async () => {
    const gate = makeGate();
    const order: string[] = [];
    const step = (name: string, ms: number) => async () => {
      order.push(`${name} begins`);
      await new Promise(r => setTimeout(r, ms));
      order.push(`${name} ends`);
    };
    await Promise.all([gate.share(step('a', 20)), gate.share(step('b', 5)), gate.hold(step('clock', 5)), gate.share(step('c', 1))]);
    expect(order).toEqual(['a begins', 'b begins', 'b ends', 'a ends', 'clock begins', 'clock ends', 'c begins', 'c ends']);
  });
  it('goes on after a jump that failed', async () => {
    const gate = makeGate();
    await expect(gate.hold(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(gate.share(async () => 'on')).resolves.toBe('on');
  });
});
