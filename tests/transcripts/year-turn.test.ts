/** What is past is judged by the programme of its time: in the new year the old one's months are still chased, filed, shown, exported and summed up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readProgramme } from '../../src/programmes/load.ts';
import { nextYear } from '../../src/programmes/next-year.ts';
import { packageRoot } from '../../src/root.ts';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room?.close());
const text = readFileSync(join(packageRoot, 'src/programmes/yongding-2024.yaml'), 'utf8');
const next = nextYear(text, 'yongding-2024.yaml').text;
const title = async (who: string, line: string) => {
  const [answer] = await room.say(who, line);
  return `${answer!.code} ${answer!.card.title.replace('【演示数据】', '')}`;
};
const lines = async (who: string, line: string) => (await room.say(who, line))[0]!.card.lines;

/** The turn of the year, with the next programme and without it. */
const january = async (at: string, more: readonly string[]) => {
  room = await chat({ at: '2024-12-31 09:00', more });
  await room.to(at);
};

test('the next year’s copy asks for its months from its first day on, whatever month the old one began with', () => {
  const { report, term } = readProgramme(next, 'next.yaml').programme;
  expect([report?.first, term.from]).toEqual([undefined, '2025-01-01']);
  expect(next).toContain('  #   month: 2025-03\n');
  expect(() => readProgramme(text.replace('month: 2024-03', 'month: 2023-03'), 'x.yaml')).toThrow('不在方案期内');
});

test.each([
  ['with the next programme', [next]],
  ['without one', []],
])('%s: what December owes is chased and shown in January, not what nobody asked for', async (_, more) => {
  await january('2025-01-03 09:00', more);
  expect(await title('赖知远', '催报')).toBe(await title('赖知远', '催报 12月'));
  expect(await title('赖知远', '催报')).toBe('chase.shown 2024年12月月报：27家还没办完');
  expect(await title('赖知远', '月报')).toMatch(/2024年12月/);
  expect((await lines('池景天', '待办')).join()).toMatch(/月报（未填，.*截止/);
  expect(await title('池景天', '月报 年终')).toMatch(/2024年终补报/);
});
