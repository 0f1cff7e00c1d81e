/** WeCom's votes, selections and cards that change when pressed; chats that are open; the alarm of a take-over. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/core/card.ts';
import { afterPress, changed, keyOf, render, taskId } from '../../src/platforms/wecom/render.ts';
import type { SentMessage } from '../fakes/wecom.ts';
import { type WecomWorld, wecomWorld } from '../harness/live-world.ts';

let world: WecomWorld | undefined;
afterEach(async () => {
  if (!world) return;
  const { refusals } = world.fake;
  await world.close();
  expect(refusals).toEqual([]);
  world = undefined;
});
const begin = async (options: Parameters<typeof wecomWorld>[0] = {}): Promise<WecomWorld> => {
  world = await wecomWorld(options);
  return world;
};
const says = (words: string) => (m: SentMessage) => m.text.includes(words);
const labels = (m: SentMessage): string[] => ((m.card?.['button_list'] as { text: string }[] | undefined) ?? []).map(b => b.text);
const speak = (w: WecomWorld, who: string, where: string | null, text: string) => w.fake.say(w.fake.message(w.who(who), where, text));
const visits = (w: WecomWorld, presence: string) =>
  w.live.store.read.count('visits', { presence: presence as never, verifiedAs: 'clinic', day: { from: '2024-04-08' as never } });
const asked = async (w: WecomWorld): Promise<SentMessage> => {
  speak(w, '吴沐阳', w.chat('城郊'), '签到');
  await w.fake.next(says('已签到'));
  speak(w, '黄怀瑾', w.chat('城郊'), '核实');
  return w.fake.next(m => labels(m).some(l => l.includes('在岗')));
};
const card = (more: Partial<Card>): Card => ({ code: 'x', title: '题', tone: 'info', lines: [], ...more });
const choice = (name: string, n: number, required = true) => ({
  name,
  label: name,
  kind: 'choice' as const,
  required,
  options: Array.from({ length: n }, (_, i) => ({ label: `第${i}`, value: `v${i}` })),
});

describe('a card that is pressed', () => {
  it('shows within five seconds what was done, and keeps what is still to be pressed', async () => {
    const w = await begin();
    const m = await asked(w);
    const label = labels(m).find(l => l.includes('在岗'))!;
    const left = labels(m).filter(l => l !== label);
    w.fake.event(w.fake.press(w.who('黄怀瑾'), w.chat('城郊'), m, label));
    await expect.poll(() => m.edits.length).toBe(1);
    expect(m.edits[0]).toContain('已核实');
    expect(labels(m)).toEqual(left.length ? left : ['看待办']);
    expect(await visits(w, 'present')).toBe(1);
  });

  it('by somebody who may not, stays as it was for the others', async () => {
    const w = await begin();
    const m = await asked(w);
    speak(w, '谢卓群', null, '隐私');
    w.fake.event(w.fake.press(w.who('谢卓群'), w.chat('城郊'), m, labels(m).find(l => l.includes('在岗'))!));
    await w.fake.next(says('不能用 /核实'));
    expect(m.edits).toEqual([]);
    expect(await visits(w, 'present')).toBe(0);
  });

  it('is not changed where that is switched off', async () => {
    const w = await begin({ settings: { cards: 'buttons' } });
    const m = await asked(w);
    w.fake.event(w.fake.press(w.who('黄怀瑾'), w.chat('城郊'), m, labels(m).find(l => l.includes('在岗'))!));
    await w.fake.next(says('已核实'));
    expect(m.edits).toEqual([]);
  });

  it('an approval is shown as done once it is settled', async () => {
    const w = await begin();
    for (const who of ['吴沐阳', '赖静姝', '黄怀瑾']) speak(w, who, null, '隐私');
    await w.fake.next(m => m.to === w.who('黄怀瑾'));
    speak(w, '吴沐阳', null, '请假 4月17日 家中有事 改到 4月25日');
    const m = await w.fake.next(x => x.to === w.who('赖静姝') && labels(x).includes('同意'));
    w.fake.event(w.fake.press(w.who('赖静姝'), null, m, '同意'));
    await expect.poll(() => m.edits.at(-1)).toMatch(/^已办：/);
    expect(labels(m)).toEqual(['看待办']);
  });

  it.each<[string, Partial<Parameters<typeof afterPress>[0]>, Partial<Card>, string[], string | null, string[]]>([
    ['settled', { topic: 't' }, { tone: 'info' }, ['t'], '已办：题', []],
    ['another matter settled', { topic: 't' }, { tone: 'info' }, ['u'], null, []],
    ['refused', { topic: 't' }, { tone: 'no' }, [], null, []],
    ['asked for more', { topic: null }, { tone: 'ask' }, [], null, []],
    ['done, no topic', { topic: null }, { tone: 'ok' }, [], '题', ['乙']],
  ])('%s', (_name, sent, reply, settled, title, rest) => {
    const buttons = ['甲', '乙'].map(l => ({ label: l, command: `/${l}` }));
    const now = afterPress({ card: card({ buttons }), topic: null, ...sent }, '/甲', { card: card(reply), settled });
    expect([now?.title ?? null, (now?.buttons ?? []).map(b => b.label)]).toEqual([title, rest]);
  });

  it('several matters in one card: only what was pressed goes', () => {
    const buttons = ['甲', '乙'].map(l => ({ label: l, command: `/${l}` }));
    const now = afterPress({ card: card({ code: 'joined', buttons }), topic: 't' }, '/甲', { card: card({ tone: 'ok' }), settled: ['t'] });
    expect(now?.buttons?.map(b => b.label)).toEqual(['乙']);
    expect(changed(now!, 'k1')).toMatchObject({ card_type: 'button_interaction', task_id: 'k1' });
  });

  it('a task tells which message it is, and a second sending from the first', () => {
    const key = 'reply/wecom/aib-fake/CAIQz7/MjQYY';
    expect(keyOf(taskId(key, 'a'))).toBe(key);
    expect(taskId(key, 'a')).not.toBe(taskId(key, 'b'));
    const long = taskId('x'.repeat(300), 'lqx2k-1');
    expect(long).toMatch(/^[0-9A-Za-z_\-@]{1,128}$/);
    expect(keyOf(long)).toBeUndefined();
  });
});

describe('a form of choices', () => {
  it('is a vote: what is chosen meets the command’s own schema, beside its fixed words', async () => {
    const w = await begin();
    await asked(w);
    const [person] = await w.live.store.read.all('people', { name: '吴沐阳' });
    const [any] = await w.live.store.read.all('visits', { day: '2024-04-08' as never, person: person!.id });
    const verdict = {
      name: 'verdict',
      label: '来了没有',
      kind: 'choice' as const,
      required: true,
      options: [
        { label: '在岗', value: 'present' },
        { label: '没到', value: 'not-there' },
      ],
    };
    await w.tell(w.chat('城郊'), { title: '谁来了', form: { command: `/核实 ${any!.id}`, fields: [verdict], submit: '报送' } });
    const m = await w.fake.next(x => x.card?.['card_type'] === 'vote_interaction');
    w.fake.event(w.fake.submit(w.who('谢卓群'), w.chat('城郊'), m, { verdict: ['present'] }));
    speak(w, '谢卓群', null, '隐私');
    await w.fake.next(says('不能用 /核实'));
    expect(await visits(w, 'present')).toBe(0);
    w.fake.event(w.fake.submit(w.who('黄怀瑾'), w.chat('城郊'), m, { verdict: ['present'] }));
    await w.fake.next(says('已核实'));
    expect(await visits(w, 'present')).toBe(1);
  });

  it.each<[string, Partial<Card>, string[]]>([
    ['one field: a vote', { form: { command: '/核实', fields: [choice('a', 20)], submit: '报' } }, ['vote_interaction']],
    [
      'three fields: selections',
      { form: { command: '/核实', fields: ['a', 'b', 'c'].map(n => choice(n, 9)), submit: '报' } },
      ['multiple_interaction'],
    ],
    [
      'words before it',
      { lines: ['一'], form: { command: '/核实', fields: [choice('a', 2)], submit: '报' } },
      ['markdown', 'vote_interaction'],
    ],
    [
      'buttons beside it',
      { buttons: [{ label: '甲', command: '/甲' }], form: { command: '/核实', fields: [choice('a', 2)], submit: '报' } },
      ['markdown', 'vote_interaction', 'button_interaction'],
    ],
    ['twenty-one choices: words', { form: { command: '/核实', fields: [choice('a', 21)], submit: '报' } }, ['markdown']],
    ['four fields: words', { form: { command: '/核实', fields: ['a', 'b', 'c', 'd'].map(n => choice(n, 2)), submit: '报' } }, ['markdown']],
    [
      'more than nine choices of two fields and the one for none: words',
      { form: { command: '/核实', fields: [choice('a', 10), choice('b', 2)], submit: '报' } },
      ['markdown'],
    ],
    [
      'something to be typed: words',
      { form: { command: '/核实', fields: [{ name: 'a', label: '甲', kind: 'number' }], submit: '报' } },
      ['markdown'],
    ],
  ])('%s', (_name, more, kinds) => {
    const messages = render(card(more), 'k');
    expect(messages.map(m => (m.msgtype === 'template_card' ? m.template_card['card_type'] : m.msgtype))).toEqual(kinds);
    if (kinds.at(-1) === 'markdown') expect(JSON.stringify(messages)).toContain('请发：/核实');
    expect(render(card(more), 'k', { cards: 'words' }).map(m => m.msgtype)).toEqual(['markdown']);
  });

  it('a selection that must be made begins with none', () => {
    const fields = [choice('a', 2), { ...choice('b', 2), value: 'v1' }];
    const [selections] = render(card({ form: { command: '/核实', fields, submit: '报' } }), 'k');
    expect(JSON.stringify(selections).match(/"id":"-","text":"请选择"/g)).toHaveLength(1);
  });

  it('what may be left open can be', () => {
    const [vote] = render(card({ form: { command: '/核实', fields: [choice('a', 2, false)], submit: '报' } }), 'k');
    expect(JSON.stringify(vote)).toContain('{"id":"-","text":"不选"');
  });
});

describe('chats', () => {
  it('are remembered from their first word on, over a restart; whoever has not spoken is reached elsewhere if anywhere', async () => {
    const w = await begin();
    const platform = () => w.live.assembled;
    expect([...(await w.live.store.read.notes('wecom/chat/')).keys()]).toEqual([]);
    speak(w, '吴沐阳', null, '隐私');
    speak(w, '黄怀瑾', w.chat('城郊'), '隐私');
    await w.fake.next(m => m.to === w.chat('城郊'));
    const kept = async () => [...(await w.live.store.read.notes('wecom/chat/')).keys()].map(k => k.split('/').at(-1)).sort();
    await expect.poll(kept).toEqual([`user:${w.who('吴沐阳')}`, w.chat('城郊')].sort());
    await w.restart();
    expect(await kept()).toHaveLength(2);
    expect(platform().relay.waiting()).toEqual([]);
  });

  it('what is for one person alone is not lost where they have never spoken alone: the group is told what to do first', async () => {
    const w = await begin();
    speak(w, '谢卓群', w.chat('城郊'), '核实');
    const told = await w.fake.next(m => m.to === w.chat('城郊'));
    expect(told.text).toContain('请先私聊我说一句话');
    expect(told.text).not.toContain('不能用');
    speak(w, '谢卓群', null, '隐私');
    await w.fake.next(m => m.to === w.who('谢卓群'));
    speak(w, '谢卓群', w.chat('城郊'), '核实');
    await w.fake.next(m => m.to === w.who('谢卓群') && m.text.includes('不能用 /核实'));
  });

  it('a group’s people are named by their ids where that is switched on', async () => {
    const w = await begin({ settings: { mentions: 'ids' } });
    speak(w, '黄怀瑾', w.chat('城郊'), '隐私');
    await w.fake.next(m => m.to === w.chat('城郊'));
    const [person] = await w.live.store.read.all('people', { name: '吴沐阳' });
    await w.tell(w.chat('城郊'), { title: '明天有班', mention: [person!.id] });
    expect((await w.fake.next(says('明天有班'))).text).toContain(`<@${w.who('吴沐阳')}>`);
  });
});

describe('another process', () => {
  it('that has taken over is an alarm: told to the admin, shown by /体检, and not fought', async () => {
    const w = await begin();
    w.fake.takeOver();
    await expect
      .poll(async () => (await w.live.store.read.outbox({ limit: 20 })).map(r => [r.card.title, r.card.lines[0]]))
      .toContainEqual(['聊天平台断开了', expect.stringContaining('另一个程序用同一个机器人连上了')]);
    w.fake.takeOver();
    await new Promise(resolve => setTimeout(resolve, 100));
    const told = (await w.live.store.read.outbox({ limit: 20 })).filter(r => r.card.title === '聊天平台断开了');
    const admins = new Set((await w.live.store.read.all('grants', { role: 'admin' })).map(g => g.person));
    expect(told).toHaveLength(admins.size);
  });
});
