/** The days on which visits on leave are made up, or the question for them. */
import { type Asked, type Decision } from '../../src/bot/command.ts';
import { sayDay } from '../../src/core/day.ts';
import { joinHalves } from '../../src/core/leave-cards.ts';
import { type HalfDay, type MakeUp, makeUpProblem, makeUpsFor, type Taken } from '../../src/core/leave-make-up.ts';
import { basisOf, owes } from '../../src/core/leave-news.ts';
import { problemWords } from '../../src/core/leave-words.ts';
import { sayHalves } from '../../src/core/visit.ts';
import { type LeaveRules } from '../../src/programmes/schema.ts';
import { type Args, type Facts, halfDays, live, reasonLines, sayHalfDays, termOf } from './asked.ts';

type MakeUps = { days: MakeUp[] | null } | { decision: Decision };
export const makeUpsOf = (
  asked: Asked<Args>,
  f: Facts,
  rules: LeaveRules,
  taken: readonly Taken[],
  wanted: readonly HalfDay[],
  emergency: boolean,
  said: (more: { days?: string; reason?: string; to?: string; emergency?: boolean }) => string,
): MakeUps => {
  const { args, today, programme } = asked;
  if (!owes(rules) || !taken.length) return { days: null };
  // 17日 出差 24日: the second day is rather that of the make-up; a press says so.
  const [leave, second, ...more] = (args.days ?? []).filter(d => d.from === d.to);
  const moved = !args.to && leave && second && !more.length && args.days?.length === 2 && leave.from < second.from;
  const button = moved && {
    label: `请${sayDay(leave.from, today)}，改到${sayDay(second.from, today)}`,
    command: said({
      days: sayHalfDays([{ day: leave.from, half: leave.half }]),
      to: `改到 ${sayHalfDays([{ day: second.from, half: second.half }])}`,
      emergency,
    }),
  };
  const anew = args.reason ? { label: '改事由', command: said({ reason: '', emergency }) } : undefined;
  const buttons = [button || anew].filter(b => b !== undefined);
  const again = (title: string, ...lines: string[]): MakeUps => ({
    decision: {
      reply: {
        code: 'leave.make-up',
        title,
        tone: 'ask',
        lines: [
          ...lines,
          ...reasonLines(asked),
          '直接回复日期，如：6月19日',
          '发 取消 不办',
          basisOf({ programme: programme!, rules }),
        ].slice(0, 6),
        ...(buttons.length ? { buttons } : {}),
      },
      waitFor: said({ to: '改到', emergency }),
    },
  });
  const to = halfDays(args.to, undefined);
  const list = joinHalves(taken.map(t => ({ ...t, clinic: t.visit.clinic, day: t.visit.day, toDay: null, toAm: false, toPm: false }))).map(
    t => `${f.names.org(t.clinic)} ${sayDay(t.day, today)}${sayHalves(t)}`,
  );
  if (!to.length) {
    if (emergency) return { days: null };
    return again(args.open ? '补班日要写明' : list.length > 1 ? `${list.length}天的班各改到哪天？` : '改到哪天补班？', ...list);
  }
  const makeUps = makeUpsFor(taken, to);
  if (!makeUps) return again(`有${list.length}天的班要补，这里写了${to.length}天`, ...list);
  const problem = makeUpProblem(
    taken,
    makeUps,
    { theirs: f.visits, leaves: f.files.filter(x => live(x.leave)) },
    { today, term: termOf(programme!), days: wanted },
  );
  if (problem) return again(...problemWords(problem, f.names, today));
  return { days: makeUps };
};
