/** 年度目标: what a programme is to reach as a whole by a day, beside what was verified from its beginning. People are neither ranked nor told what they are to add. */
import type { Programme, TargetData } from '../programmes/schema.ts';
import { type Day, monthOf, type Span, sayMonth, sayMonthDay, within } from './day.ts';

/** What was verified from the programme's first day to a day. */
export interface TargetSums {
  doctorDays: number;
  /** Doctor-days of whole months that were taken over from paper. */
  paper: number;
  /** Physicians with a verified doctor-day. */
  people: number;
  /** By the figures' ids; absent: nobody reported it. */
  figures: Readonly<Record<string, number>>;
}

/** Where a target stands. */
export interface Standing extends Pick<TargetData, 'wanted' | 'until' | 'force'> {
  /** In a line and in a letter: 人次 and 下基层, 诊疗. */
  name: string;
  called: string;
  unit: string;
  done: number;
  paper: number;
}

/** By their days, those of one day in the order of the file. */
export const standingsOf = (programme: Programme, sums: (until: Day) => TargetSums): Standing[] =>
  programme.targets
    .map(({ counts, name, wanted, until, force }): Standing => {
      const of = sums(until);
      const rest = { wanted, until, force, paper: 0 };
      if (counts === 'doctor-days')
        return { ...rest, name: name ?? '人次', called: name ?? '下基层', unit: '人次', done: of.doctorDays, paper: of.paper };
      if (counts === 'people') return { ...rest, name: name ?? '医师', called: name ?? '医师', unit: '人', done: of.people };
      const figure = programme.workload!.figures.find(f => `figure.${f.id}` === counts)!;
      return { ...rest, name: name ?? figure.name, called: name ?? figure.name, unit: figure.unit, done: of.figures[figure.id] ?? 0 };
    })
    .sort((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));

/** A question of several months shows the targets of a programme that is running in it or ends in it; a month's own sums are no part of a year. */
export const showsTargets = ({ term }: Pick<Programme, 'term'>, span: Span, today: Day): boolean =>
  monthOf(span.from) !== monthOf(span.to) &&
  ((within(today, span) && within(today, { from: term.from, to: term.until })) || within(term.until, span));

const about = (s: Standing): string => `${s.force === 'must' ? '' : '约'}${s.wanted}`;
const reached = (s: Standing): boolean => s.done >= s.wanted;
/** What is there from paper is said, and nothing is concluded of it. */
const settled = (s: Standing): boolean => s.paper === 0 && reached(s);

/** `年度目标（只算已核实）8月31日前：诊疗 640/900，另4项已达到；12月31日前：人次 112/187`. `since`: where what was asked for begins later than the programme. */
export const targetsLine = (standings: readonly Standing[], today: Day, since: Day | null): string | null => {
  if (!standings.length) return null;
  const groups = [...new Set(standings.map(s => s.until))].map(until => {
    const its = standings.filter(s => s.until === until);
    // What is reached needs no more room where something is not.
    const done = its.length > 1 ? its.filter(settled) : [];
    const items = its
      .filter(s => !done.includes(s))
      .map(s => `${s.name} ${s.done}/${about(s)}${s.paper ? `（另据纸质报表 ${s.paper}）` : ''}`);
    if (done.length) items.push(items.length ? `另${done.length}项已达到` : `${done.length}项都已达到`);
    return `${sayMonthDay(until, today)}${until < today ? '止' : '前'}：${items.join('，')}`;
  });
  return `年度目标（${since ? `${sayMonth(monthOf(since))}起，` : ''}只算已核实）${groups.join('；')}`;
};

/** The same as a sentence of a summary, against each number; null: there are none. */
export const targetsText = (standings: readonly Standing[], today: Day): string | null => {
  if (!standings.length) return null;
  const groups = [...new Set(standings.map(s => s.until))].map(until => {
    const its = standings
      .filter(s => s.until === until)
      .map(s => {
        const short = `${until < today ? '' : '还'}差${s.wanted - s.done}${s.unit}`;
        const how = s.paper ? '' : `，${reached(s) ? '已达到' : short}`;
        return `${s.called}${s.done}${s.unit}${s.paper ? `、另据纸质报表${s.paper}${s.unit}` : ''}（目标${about(s)}${s.unit}${how}）`;
      });
    return `${sayMonthDay(until, today)}前，${its.join('，')}`;
  });
  return `对照年度目标（只算已核实的）：${groups.join('；')}。`;
};
