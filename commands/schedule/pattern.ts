/** The days of a pattern that was typed, for planning as for cancelling. */
import { type Asked, type Refusal, refuse } from '../../src/bot/command.ts';
import { addMonths, type Day, type Month, monthOf, weekday } from '../../src/core/day.ts';
import { expand, type Pattern, thirdOf } from '../../src/core/words/patterns.ts';
import type { Args, Facts } from './asked.ts';

const monthsBetween = (from: Month, to: Month): Month[] => {
  const months: Month[] = [];
  for (let m = from; m <= to; m = addMonths(m, 1)) months.push(m);
  return months;
};

const monthsOf = ({ args, programme }: Asked<Args>, f: Facts): Month[] =>
  args.month ? [args.month] : monthsBetween(f.month, monthOf(programme!.term.until));

/** From today on: of the named month, else until the programme's end. */
export const patternDays = (asked: Asked<Args>, f: Facts, pattern: Pattern): Day[] =>
  monthsOf(asked, f)
    .flatMap(m => expand(pattern, m, d => asked.calendar.lunarDay(d)))
    .filter(d => d >= asked.today && d <= asked.programme!.term.until);

/** As `patternDays`, where every day that fits is meant: 每月下旬 is all of its days. */
export const allDaysOf = (asked: Asked<Args>, f: Facts, pattern: Pattern): Day[] =>
  pattern.kind === 'third-of-month'
    ? monthsOf(asked, f)
        .flatMap(m => thirdOf(m, pattern.third))
        .filter(d => d >= asked.today && (pattern.weekday === undefined || weekday(d) === pattern.weekday))
    : patternDays(asked, f, pattern);

/** 隔周三 says no weeks, and none are guessed. */
export const whichWeek = (line: string): Refusal =>
  refuse('schedule.which-week', '隔周从哪一周起？', `请写日期或第几周，例：${line} 每月第一、三个周三`);
