/** Forms, remarks and sizes on Feishu; and that no failure tells a secret. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { CARD_BYTES, TEXT_BYTES } from '../../src/platforms/feishu/render.ts';
import type { SentMessage } from '../fakes/feishu.ts';
import { type FeishuWorld, feishuWorld } from '../harness/live-world.ts';

let world: FeishuWorld;
afterEach(async () => {
  const { refusals } = world.fake;
  await world.close();
  const told = world.logged.join('\n');
  for (const secret of world.fake.secrets) expect(told).not.toContain(secret);
  expect(told).not.toMatch(/1[3-9]\d{9}/);
  expect(refusals).toEqual([]);
});
const title = (m: SentMessage): string =>
  (m.content['header'] as { title: { content: string } } | undefined)?.title.content ?? String(m.content['text'] ?? m.type);
const titled = (words: string) => (m: SentMessage) => title(m).includes(words);
const say = (who: string, text: string) => world.fake.push(world.fake.text(world.who(who), null, text));

describe('an approval', () => {
  const asked = async (who: string): Promise<SentMessage> => {
    await say('吴沐阳', '请假 4月17日 家中有事 改到 4月25日');
    return world.fake.next(m => m.to === world.who(who) && title(m).startsWith('请假：'));
  };
  const notes = async () => (await world.live.store.read.all('leaveSteps', {})).map(s => s.state);

  it('takes a remark that may be left out, with either button', async () => {
    world = await feishuWorld();
    const card = await asked('赖静姝');
    expect(world.fake.parts(card.content, 'input').map(i => [i['name'], i['required']])).toEqual([['note', false]]);
    const yes = await world.fake.push(world.fake.click(world.who('赖静姝'), card, '同意', { note: '' }));
    expect(yes).toMatchObject({ data: { toast: { type: 'success', content: expect.stringContaining('已同意') } } });
    const other = await world.fake.next(m => m.to === world.who('黄怀瑾') && title(m).startsWith('请假：'));
    // What is typed into a form is no command line: words that look like a day or a number stay what they are.
    const no = await world.fake.push(
      world.fake.click(world.who('黄怀瑾'), other, '不同意', { note: '4月17日 有 2 台义诊，离不开 编号 9' }),
    );
    expect(no).toMatchObject({ data: { toast: { content: expect.not.stringContaining('为什么') } } });
    expect(await notes()).toContain('refused');
    const told = await world.fake.next(m => m.to === world.who('吴沐阳') && JSON.stringify(m.content).includes('义诊'));
    expect(JSON.stringify(told.content)).toContain('4月17日 有 2 台义诊，离不开 编号 9');
  });

  it('without one asks for the reason of a no, and the card stays', async () => {
    world = await feishuWorld();
    const card = await asked('赖静姝');
    const no = await world.fake.push(world.fake.click(world.who('赖静姝'), card, '不同意', {}));
    expect(no).toMatchObject({ data: { toast: { content: '为什么不同意？' } } });
    expect(card.edits).toEqual([]);
    await say('赖静姝', '当天有手术');
    expect(await notes()).toContain('refused');
  });

  it('too long a remark is refused in a toast that says so; nothing changes, the card stays', async () => {
    world = await feishuWorld();
    const card = await asked('赖静姝');
    const before = await notes();
    const answer = await world.fake.push(world.fake.click(world.who('赖静姝'), card, '同意', { note: '长'.repeat(201) }));
    expect(answer).toMatchObject({ data: { toast: { type: 'warning', content: '没看明白：意见不超过200字' } } });
    expect(JSON.stringify(answer)).not.toContain('"card"');
    expect(await notes()).toEqual(before);
    expect(card.edits).toEqual([]);
  });
});

describe('a form', () => {
  const form: Card['form'] = {
    command: '/补签',
    fields: [
      { name: 'reason', label: '事由', kind: 'long', required: true },
      { name: 'patients', label: '接诊人数', kind: 'number' },
    ],
    submit: '提交',
  };
  it('has numbers as text, is checked by the server, and says what is wrong where it was filled in', async () => {
    world = await feishuWorld();
    await world.tell(world.who('吴沐阳'), { title: '补签', form }, { place: 'direct' });
    const m = await world.fake.next(titled('补签'));
    expect(world.fake.parts(m.content, 'input').map(i => i['input_type'])).toEqual(['multiline_text', 'text']);
    const answer = await world.fake.push(world.fake.click(world.who('吴沐阳'), m, '提交', { reason: '没有信号', patients: 'x' }));
    expect(answer).toMatchObject({ data: { toast: { type: 'info', content: '补哪一天的？' } } });
    expect(JSON.stringify(answer)).not.toContain('"card"');
    expect(m.edits).toEqual([]);
    expect(await world.live.store.read.count('checkIns', {})).toBe(0);
  });
});

describe('sizes', () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => [`第${i}家卫生院`, '12']);
  it.each([
    ['one that just fits is a card', 300, 'interactive'],
    ['one past 30 KB is said in words, and nothing of it is lost', 900, 'text'],
  ])('%s', async (_name, n, type) => {
    world = await feishuWorld();
    await world.tell(world.chat('城郊'), { title: '统计', table: { columns: ['单位', '人次'], rows: rows(n) } });
    const m = await world.fake.next(x => x.to === world.chat('城郊'));
    expect(m.type).toBe(type);
    if (type === 'text') for (const [name] of rows(n)) expect(String(m.content['text'])).toContain(name);
    else expect(Buffer.byteLength(JSON.stringify(JSON.stringify(m.content)))).toBeLessThanOrEqual(CARD_BYTES);
  });

  it('past 150 KB it is cut and says so', async () => {
    world = await feishuWorld();
    await world.tell(world.chat('城郊'), { title: '很长', lines: ['长'.repeat(60_000)] });
    const m = await world.fake.next(x => x.to === world.chat('城郊'));
    const text = String(m.content['text']);
    expect(m.type).toBe('text');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(TEXT_BYTES + 64);
    expect(text).toMatch(/（太长，后面 1 行没有显示，请用 \/网页 看全）$/);
    expect(text).not.toContain('\ufffd');
  });

  it('the same file goes up once', async () => {
    world = await feishuWorld();
    const { openFiles } = await import('../../src/forms/files.ts');
    const { join } = await import('node:path');
    const file = await openFiles(join(world.folder, 'files'), () => world.live.store.vault).keep('请假条.docx', Buffer.from('docx'));
    for (const t of ['一', '二']) await world.tell(world.chat('城郊'), { title: t, file });
    await expect.poll(() => world.fake.sent.filter(m => m.type === 'file').length).toBe(2);
    expect(world.fake.uploads.size).toBe(1);
  });
});

describe('when something fails, the log tells no secret', () => {
  const token = /tenant_access_token/;
  it.each([
    [
      'the token is refused with the secret in the answer',
      { status: 400, body: { code: 10015, msg: 'bad a-secret-that-must-not-be-logged' } },
    ],
    ['the token’s server fails', { status: 500, body: { code: 1 } }],
    ['the token’s call is cut', 'cut' as const],
  ])('%s', async (_name, how) => {
    world = await feishuWorld();
    world.fake.renewToken();
    world.fake.faults.push({ path: token, times: 2, how });
    await say('吴沐阳', '签到');
    await expect.poll(async () => (await world.live.store.read.outbox({ limit: 5 })).some(r => r.state !== 'sending')).toBe(true);
    const rows = await world.live.store.read.outbox({ limit: 5 });
    expect(JSON.stringify(rows)).not.toContain('a-secret-that-must-not-be-logged');
    world.fake.refusals.splice(0);
  });
});

describe('presses by HTTP without a signature', () => {
  const press = async (unsignedClicks: boolean) => {
    world = await feishuWorld({ webhook: true, unsignedClicks });
    const call = (request: Request) => world.live.callbacks['/feishu/webhook']!(request);
    await call(world.fake.callback(world.fake.text(world.who('吴沐阳'), null, '统')));
    const m = await world.fake.next(x => world.fake.parts(x.content, 'button').length > 0);
    const label = (world.fake.parts(m.content, 'button')[0]!['text'] as { content: string }).content;
    const click = world.fake.click(world.who('吴沐阳'), m, label);
    const message = world.fake.text(world.who('吴沐阳'), null, '签到');
    return {
      click: (await call(world.fake.callback(click, { sign: false }))).status,
      otherKey: (await call(world.fake.callback(click, { sign: false, key: 'another' }))).status,
      message: (await call(world.fake.callback(message, { sign: false }))).status,
    };
  };
  it('are refused', async () => expect(await press(false)).toEqual({ click: 401, otherKey: 401, message: 401 }));
  it('are taken where that is switched on, when our key and token are right; messages never', async () =>
    expect(await press(true)).toEqual({ click: 200, otherKey: 401, message: 401 }));
});
