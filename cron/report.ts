/** Reminders of monthly reports before they are due, and what follows when they are not filed by then. */

import { heldOn } from '../src/bot/address.ts';
import { defineJob, type JobContext } from '../src/bot/job.ts';
import type { Read } from '../src/bot/ports.ts';
import { checkOf, isLeft, type Outline, outlinesOf } from '../src/bot/report-draft.ts';
import { filersAt, periodsFor, type StandingUnit, standing, type Unit, unitsIn } from '../src/bot/reports.ts';
import { assumeWeekdays } from '../src/core/calendar.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { addDays, at, type Day } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { isFiled, isOpen, nudgeDays, overdueDays, type Period, rateOf, sayRate, sayShort } from '../src/core/report.ts';
import { basisOf, periodWord, sayLacks, sayUnchecked, sayWindow } from '../src/core/report-cards.ts';

/** A unit that has not done its part, with what is missing. */
interface Owing {
  unit: Unit;
  missing: string[];
  /** Only a tap is missing. */
  ready: boolean;
  /** Has somebody as its head. */
  head: boolean;
  /** A clinic's hospital, which stands in where nobody is there. */
  hospital: string | undefined;
}
interface Due {
  period: Period;
  /** 1–3: so many workdays past the due day; 0 before. */
  past: number;
  owing: Owing[];
  files: StandingUnit[];
}

type Moment = Pick<JobContext, 'programme' | 'settings' | 'calendar'>;

/** Reports that are spoken of on a day. */
const periodsOn = ({ programme, settings, calendar }: Moment, day: Day, when: 'before' | 'after'): { period: Period; past: number }[] => {
  const weekdays = assumeWeekdays(calendar);
  return periodsFor(programme!, settings).flatMap(period => {
    // No day of it is further away than the longest holiday with three workdays.
    if (day < addDays(period.due, -20) || day > addDays(period.due, 20)) return [];
    if (when === 'before') return nudgeDays(period.due, weekdays).includes(day) ? [{ period, past: 0 }] : [];
    const n = overdueDays(period.due, weekdays).indexOf(day);
    return n < 0 ? [] : [{ period, past: n + 1 }];
  });
};

const owingOf = async (read: Read, { programme, county, today }: JobContext, period: Period): Promise<Pick<Due, 'owing' | 'files'>> => {
  const units = await unitsIn(read, programme!, [county], period.month);
  const stand = await standing(read, programme!, units, period);
  const owing: Owing[] = [];
  const heads = new Set(
    (await read.all('grants', { role: 'head', org: units.map(u => u.org.id) })).filter(g => heldOn(g, today)).map(g => g.org),
  );
  const postings = await read.all('postings', { programme: programme!.id, county, from: { to: period.month } });
  for (const s of stand) {
    const { unit, report } = s;
    const head = heads.has(unit.org.id);
    const hospital = postings.findLast(p => p.clinic === unit.org.id)?.hospital;
    if (unit.filer.does === 'confirms') {
      if (period.kind === 'closing') continue;
      const check = await checkOf(read, programme!, unit, period);
      const missing = sayUnchecked(check);
      if (missing.length) owing.push({ unit, missing, ready: false, head, hospital });
      continue;
    }
    if (!isOpen(report, today) || s.merged) continue;
    const [draft] = (await outlinesOf(read, programme!, [s], period, today)) as [Outline];
    // 年终补报 is for what is left over.
    if (period.kind === 'closing' && !isLeft(draft)) continue;
    const missing = sayLacks(programme!, period, unit.filer, draft);
    owing.push({ unit, missing, ready: unit.filer.does === 'files' && !draft.open.length && draft.lines.length > 0, head, hospital });
  }
  const asked = (s: StandingUnit) => period.kind !== 'closing' || isFiled(s.report) || owing.some(o => o.unit.org.id === s.org);
  return { owing, files: stand.filter(s => s.unit.filer.does === 'files' && asked(s)) };
};

const facts =
  (when: 'before' | 'after') =>
  async (read: Read, context: JobContext): Promise<Due[]> =>
    Promise.all(periodsOn(context, context.today, when).map(async p => ({ ...p, ...(await owingOf(read, context, p.period)) })));

const askCard = ({ programme, today }: JobContext, { period, past }: Due, { unit, missing, ready }: Owing): Card => {
  const which = `${periodWord(period)} ${unit.org.name}`;
  const what = unit.filer.does === 'confirms' ? '核对和经费' : unit.filer.does === 'compiles' ? '汇总' : '';
  return {
    code: past ? 'report.overdue' : 'report.due',
    title: past
      ? `${shownOrg(unit.org)}${sayShort(period)}${what}已逾期${past}个工作日`
      : `${shownOrg(unit.org)}${sayShort(period)}${what}还没报`,
    tone: 'ask',
    lines: [sayWindow(period, today), ...(missing.length ? missing.slice(0, 4) : ['都齐了，只差上报']), basisOf(programme!, period)],
    buttons: [
      ...(ready && period.opens <= today ? [{ label: '上报', command: `/月报 上报 ${which}`, style: 'primary' as const }] : []),
      { label: '看月报', command: `/月报 ${which}` },
    ],
  };
};

/** To whoever files; without anybody there, to a hospital that stands in. */
const toUnit = (context: JobContext, due: Due, owing: Owing): Outgoing => {
  const { programme, today } = context;
  const { unit } = owing;
  const id = `${programme!.id}/${unit.org.id}/${due.period.month}/${due.period.kind}`;
  const card = askCard(context, due, owing);
  return {
    key: `report-${due.past ? 'overdue' : 'due'}/${id}/${today}`,
    topic: `report/${id}`,
    to: filersAt(unit),
    class: 'nudge',
    about: 'person',
    expires: at(addDays(today, 1), '21:00'),
    card,
    ...(owing.hospital
      ? {
          otherwise: {
            to: { org: owing.hospital, role: 'hospital' as const },
            card: { ...card, title: `没有专人，请代报：${card.title}` },
          },
        }
      : {}),
  };
};

export const reportNudge = defineJob<Due[]>({
  name: 'report-nudge',
  title: '月报截止前提醒',
  per: 'programme',
  lingers: true,
  times: (day, context) => (periodsOn(context, day, 'before').length ? [at(day, context.settings.get('report.time'))] : []),
  facts: facts('before'),
  due: context => ({ tell: context.facts.flatMap(due => due.owing.map(o => toUnit(context, due, o))) }),
});

const few = (owing: readonly Owing[]): string =>
  owing
    .slice(0, 8)
    .map(o => shownOrg(o.unit.org))
    .join('、') + (owing.length > 8 ? `等${owing.length}家` : '');

/** The third workday: once to heads, to the offices that look after them, and a line to the chief. */
const escalate = (context: JobContext, due: Due): Outgoing[] => {
  const { programme, county, today } = context;
  const { period, owing } = due;
  const id = `${programme!.id}/${period.month}/${period.kind}`;
  const base = { class: 'nudge' as const, about: 'person' as const, expires: at(addDays(today, 3), '21:00') };
  const units = owing.filter(o => o.unit.org.kind !== 'bureau');
  const office = (of: 'clinics' | 'hospitals'): Outgoing[] => {
    const kind = of === 'clinics' ? 'clinic' : 'hospital';
    const theirs = units.filter(o => o.unit.org.kind === kind);
    const rule = programme!.supervision?.[of];
    return theirs.length && rule
      ? [
          {
            ...base,
            key: `report-overdue/${id}/${county}/${of}`,
            to: { org: county, role: 'bureau', office: rule.office },
            card: {
              code: 'report.overdue-office',
              title: `${sayShort(period)}逾期3个工作日未办：${theirs.length}家`,
              tone: 'info',
              lines: [few(theirs), '以后不再自动催，要催请发 /催报', basisOf(programme!, period)],
              buttons: [{ label: '催报', command: `/催报 ${periodWord(period)}` }],
            },
          },
        ]
      : [];
  };
  return [
    ...units
      .filter(o => o.head)
      .map(o => {
        const { otherwise: _, ...asked } = toUnit(context, due, o);
        return { ...asked, key: `report-overdue/${id}/${o.unit.org.id}/head`, to: { org: o.unit.org.id, role: 'head' as const } };
      }),
    ...office('clinics'),
    ...office('hospitals'),
    ...(units.length || owing.some(o => o.unit.org.id === county)
      ? [
          {
            ...base,
            key: `report-overdue/${id}/${county}/chief`,
            to: { org: county, role: 'chief' as const },
            card: {
              code: 'report.overdue-chief',
              title: `${sayShort(period)}：${sayRate(rateOf(due.files, period.due, today))}`,
              tone: 'info' as const,
              lines: [...(owing.some(o => o.unit.org.id === county) ? ['本局的汇总也还没报'] : []), basisOf(programme!, period)],
            },
          },
        ]
      : []),
    // An upper bureau has only its own to answer for; whichever of its counties' jobs says so.
    ...owing
      .filter(o => o.unit.org.kind === 'bureau' && o.unit.org.id !== county)
      .map(o => ({
        ...base,
        key: `report-overdue/${id}/${o.unit.org.id}/chief`,
        to: { org: o.unit.org.id, role: 'chief' as const },
        card: {
          code: 'report.overdue-chief',
          title: `${shownOrg(o.unit.org)}${sayShort(period)}汇总逾期3个工作日没报`,
          tone: 'info' as const,
          lines: [...o.missing.slice(0, 3), basisOf(programme!, period)],
        },
      })),
  ];
};

export const reportOverdue = defineJob<Due[]>({
  name: 'report-overdue',
  title: '月报逾期提醒',
  per: 'programme',
  lingers: true,
  times: (day, context) => (periodsOn(context, day, 'after').length ? [at(day, context.settings.get('report.time'))] : []),
  facts: facts('after'),
  due: context => ({
    tell: context.facts.flatMap(due => (due.past < 3 ? due.owing.map(o => toUnit(context, due, o)) : escalate(context, due))),
  }),
});
