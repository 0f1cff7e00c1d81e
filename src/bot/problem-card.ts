/** What is said to a line that cannot be placed: what is wrong, a line that would work, and for a near miss the corrected line behind a button. */

import type { z } from 'zod';
import type { Button, Card } from '../core/card.ts';
import { looksLikePhone } from '../core/names.ts';
import type { Role } from '../core/records.ts';
import { type Lexicon, type NameProblem, nearestWord, type Placed, type Problem } from '../core/words/place.ts';
import { type AnyCommand, no } from './command.ts';
import { mayImport, PERMISSIONS } from './permissions.ts';

/** Characters that are put behind a button. */
export const MOST_BEHIND = 200;

/** The typed line with each of the names that may have been meant. `line`: what stands behind the command; null where a form was filled. */
const corrected = (command: AnyCommand, { from, end, options }: NameProblem, line: string | null): Button[] =>
  // What is kept nowhere is not kept behind a button either.
  line === null || line.length > MOST_BEHIND || PERMISSIONS[command.name]?.recall || looksLikePhone(line).length
    ? []
    : options.map(o => ({ label: o.name, command: `/${command.name} ${line.slice(0, from)}${o.name}${line.slice(end)}` }));
const offering = (card: Card, buttons: Button[]): Card => (buttons.length ? { ...card, tone: 'ask', buttons } : card);

/** Characters behind a command: words are looked for at each of them. */
const LONGEST = 4_000;
/** Said to what is no line any more. */
export const tooLongCard = (command: AnyCommand, line: string, roles: readonly Role[]): Card | undefined =>
  command.takesTable || line.length <= LONGEST
    ? undefined
    : no(
        'args.too-long',
        '太长了，没有收下',
        `/${command.name} 后面最多${LONGEST}字，这条有${line.length}字`,
        ...(mayImport(roles) ? ['表格请发文件，或贴在 /导入 后面'] : []),
        `这样发：${command.examples[0] ?? command.usage}`,
      );

/** A word that is wrong by itself. */
export const problemCard = (command: AnyCommand, problem: Problem, line: string | null): Card => {
  const timed = problem.kind === 'no-such-period' ? command.examples.find(e => /\d月|季度/.test(e)) : undefined;
  const dated = problem.kind === 'no-such-day' || problem.kind === 'backwards' || problem.kind === 'other-weekday';
  const shown = dated ? command.examples.find(e => /\d月|\d日/.test(e)) : undefined;
  // Whoever wrote more than the command's name wants more than it shows by itself.
  const longer = command.examples.find(e => e !== `/${command.name}`);
  const example = `这样发：${timed ?? shown ?? longer ?? command.usage}`;
  switch (problem.kind) {
    case 'no-such-day':
      return no('args.no-such-day', `没有${problem.said}这一天`, example);
    case 'backwards':
      return no('args.backwards', `“${problem.said}”先后颠倒了`, example);
    case 'other-weekday':
      return no('args.other-weekday', `“${problem.said}”日期和星期对不上`, '请核对后再发', example);
    case 'ambiguous':
      return offering(
        { ...no('args.ambiguous', `“${problem.said}”有${problem.options.length}个`, `请写全名：${namesOf(problem)}`), tone: 'ask' },
        corrected(command, problem, line),
      );
    case 'unknown-name':
      return offering(
        no('args.unknown-name', `没有找到“${problem.said}”`, ...(problem.options.length ? [`是不是：${namesOf(problem)}`] : []), example),
        corrected(command, problem, line),
      );
    case 'no-such-period':
      return no('args.no-such-period', `没有“${problem.said}”`, '月份从1月到12月，季度从第一到第四', example);
    case 'one-only':
      return no('args.one-only', `“${short(problem.said)}”多了，没有办`, `这里一次只写一个${WHAT[problem.what] ?? '，请分开发'}`, example);
    case 'not-understood':
      return no(
        'args.not-understood',
        `没认出“${short(problem.said)}”，没有办`,
        problem.what === null ? '写错了请改好再发，多余的请去掉' : `/${command.name} 这里不写${WHAT[problem.what]}`,
        example,
      );
    default:
      return no('args.wrong', '没看明白', example);
  }
};
const short = (said: string): string => said.slice(0, 20);
const WHAT: Readonly<Record<string, string>> = {
  person: '人',
  org: '单位',
  period: '时间',
  month: '月份',
  dates: '日子',
  half: '半天',
  'visit-type': '类型',
};
const namesOf = ({ options }: NameProblem): string => options.map(o => o.name).join('、');

/** Something is missing or too long. */
export const argsCard = (
  command: AnyCommand,
  placed: Placed,
  issues: readonly z.core.$ZodIssue[],
  line: string | null,
  lexicon: Lexicon,
): Card => {
  const unplaced = unplacedName(command, placed, issues[0]?.path[0]);
  const near = unplaced && line !== null ? nearestWord(line, unplaced.kind, lexicon) : undefined;
  if (near) return problemCard(command, near, line);
  return no(
    'args.wrong',
    '没看明白',
    ...issues.slice(0, 2).map(i => i.message),
    ...(unplaced ? [`没认出“${unplaced.typed}”，请写全名`] : []),
    `这样发：${command.examples[0] ?? command.usage}`,
  );
};

/** A person or unit is missing, and what was typed in its place was nobody's name. */
const unplacedName = (
  command: AnyCommand,
  placed: Placed,
  missing: PropertyKey | undefined,
): { kind: 'person' | 'org'; typed: string } | undefined => {
  const kind = typeof missing === 'string' ? command.slots[missing]?.kind : undefined;
  const rest = Object.entries(command.slots).find(([, slot]) => slot.kind === 'rest')?.[0];
  const typed = rest === undefined ? placed.left : placed.values[rest];
  return (kind === 'person' || kind === 'org') && typeof typed === 'string' && typed.length > 0 && typed.length <= 20
    ? { kind, typed }
    : undefined;
};
