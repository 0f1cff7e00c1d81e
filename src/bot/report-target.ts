/** Which report a line means: whose, of which month; and what is said where there is none. */

import { type Month, sayDay, sayMonth } from '../core/day.ts';
import { shownOrg } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import type { Org } from '../core/records.ts';
import { isFiled, type Period, sayPeriod } from '../core/report.ts';
import type { Programme } from '../programmes/schema.ts';
import { type Asked, type Decision, orgsAs, refuse } from './command.ts';
import type { Read } from './ports.ts';
import { feedersOf, owedBy } from './report-draft.ts';
import { maySee } from './report-rights.ts';
import { filerOf, onPaper, periodsFor, reportProgramme, reportProgrammes, standing, type Unit, unitsIn } from './reports.ts';

export interface ReportWords {
  org?: string | undefined;
  month?: Month | undefined;
  closing?: 'closing' | undefined;
  /** Whose programme is meant, where the report itself is another's: of which county the units are that are urged. */
  about?: string | undefined;
}

export interface Target {
  programme: Programme;
  periods: Period[];
  period: Period;
  unit: Unit;
}
export type TargetProblem =
  | { problem: 'no-programme' }
  | { problem: 'no-report'; programme: Programme }
  | { problem: 'which'; orgs: Org[] }
  | { problem: 'no-unit' }
  | { problem: 'not-yours' | 'no-filer'; org: Org }
  | { problem: 'no-posting' | 'on-paper'; org: Org; period: Period }
  | { problem: 'outside'; programme: Programme; first: Month; last: Month }
  | { problem: 'future'; period: Period };

/** What a line without a unit is about: the speaker's own clinic or hospital, the unit of the group, the bureau. */
export const ownUnits = async (read: Read, { actor, conversation }: Pick<Asked, 'actor' | 'conversation'>): Promise<Org[]> => {
  const of = async (ids: readonly string[]) => (ids.length ? read.all('orgs', { id: ids }) : []);
  const clinics = await of(orgsAs(actor, 'clinic'));
  if (clinics.length) return clinics;
  const bureaus = await of(orgsAs(actor, 'bureau', 'chief'));
  const here = conversation.group?.orgs.length === 1 ? await of(conversation.group.orgs) : [];
  if (bureaus.length) return here[0] && here[0].kind !== 'bureau' ? here : bureaus.slice(0, 1);
  const general = actor.grants.find(g => g.role === 'general')?.county;
  const hospitals = await of(orgsAs(actor, 'hospital'));
  if (hospitals.length) return hospitals;
  if (general) return of([general]);
  return of(orgsAs(actor, 'head'));
};

/** The report that is meant where no month was said: the oldest that the unit owes, else the latest; of a bureau, the month before while it is not complete and the running one is not due yet. */
const defaultPeriod = async (
  read: Read,
  programme: Programme,
  periods: readonly Period[],
  unit: Unit,
  asked: Pick<Asked, 'today'>,
): Promise<Period | undefined> => {
  const { today } = asked;
  const open = periods.filter(p => p.opens <= today && p.kind !== 'closing');
  const latest = open.at(-1);
  if (unit.filer.does === 'files') {
    const owed = await owedBy(read, programme, periods, unit, today);
    return owed[0]?.period ?? latest;
  }
  // From its due day on the running month is what is asked about.
  if (latest && latest.due <= today) return latest;
  const before = open.at(-2);
  return before && latest && unit.filer.does === 'compiles' && (await waits(read, programme, unit, before, today)) ? before : latest;
};

/** Of a compiling unit: its own report of a month or one that it is made from is not there. */
const waits = async (read: Read, programme: Programme, unit: Unit, period: Period, today: Asked['today']): Promise<boolean> => {
  const own = await standing(read, programme, filerOf(programme, unit.org) ? [unit] : [], period);
  return [...own, ...(await feedersOf(read, programme, unit, period, today))].some(s => !isFiled(s.report) && !s.merged);
};

/** What is still to be done of a programme when the next one has begun: the same as if its months simply went on. */
const leftOf = async (
  read: Read,
  { before, now }: { before: Programme; now: Programme },
  unit: Unit,
  words: ReportWords,
  { settings, today }: Pick<Asked, 'settings' | 'today'>,
): Promise<Period | undefined> => {
  const periods = periodsFor(before, settings);
  const begun = periodsFor(now, settings).filter(p => p.opens <= today);
  if (words.closing) return begun.some(p => p.kind === 'closing') ? undefined : periods.find(p => p.kind === 'closing');
  if (unit.filer.does === 'files') return (await owedBy(read, before, periods, unit, today))[0]?.period;
  const last = periods.filter(p => p.kind !== 'closing').at(-1);
  return last && begun.length < 2 && unit.filer.does === 'compiles' && (await waits(read, before, unit, last, today)) ? last : undefined;
};

/** An upper bureau that files nothing, or a county's where only the city does, still looks at its units. */
const onlooker = (programme: Programme, org: Org): Unit['filer'] => ({
  ...programme.report!.filers[0]!,
  by: org.level === 'city' ? 'city' : 'county',
  does: 'compiles',
});
export const compiles = (programme: Programme, org: Org): boolean => filerOf(programme, org)?.does === 'compiles';

/** `looking`: a report may be looked at while its days still run; it is filed and taken further from the day on which it opens. */
export const targetOf = async (
  read: Read,
  asked: Pick<Asked, 'actor' | 'conversation' | 'programmes' | 'settings' | 'today'>,
  words: ReportWords,
  looking = false,
): Promise<Target | TargetProblem> => {
  const { actor, today, settings } = asked;
  const named = words.about ?? words.org;
  const about = named === undefined ? undefined : await read.get('orgs', named);
  if (words.month) {
    const its = await reportProgramme(read, asked.programmes, actor, today, { month: words.month, about });
    return its
      ? targetIn(read, asked, words, looking, its, async periods => periods.find(p => p.month === words.month && p.kind !== 'closing'))
      : { problem: 'no-programme' };
  }
  const [now, before] = (await reportProgrammes(read, asked.programmes, actor, today, about)).reverse();
  if (!now) return { problem: 'no-programme' };
  const left =
    before?.report &&
    (await targetIn(read, asked, words, looking, before, (_, unit) => leftOf(read, { before, now }, unit, words, { settings, today })));
  if (left && !isProblem(left)) return left;
  return targetIn(read, asked, words, looking, now, async (periods, unit) =>
    words.closing ? periods.find(p => p.kind === 'closing') : defaultPeriod(read, now, periods, unit, asked),
  );
};

const targetIn = async (
  read: Read,
  asked: Pick<Asked, 'actor' | 'conversation' | 'settings' | 'today'>,
  words: ReportWords,
  looking: boolean,
  programme: Programme,
  choose: (periods: Period[], unit: Unit) => Promise<Period | undefined>,
): Promise<Target | TargetProblem> => {
  const { actor, today } = asked;
  if (!programme.report) return { problem: 'no-report', programme };
  const periods = periodsFor(programme, asked.settings);
  const named = words.org ? await read.get('orgs', words.org) : undefined;
  const orgs = words.org ? (named ? [named] : []) : await ownUnits(read, asked);
  if (!orgs.length) return { problem: 'no-unit' };
  if (orgs.length > 1) return { problem: 'which', orgs };
  const org = orgs[0]!;
  const filer = filerOf(programme, org) ?? (org.kind === 'bureau' ? onlooker(programme, org) : undefined);
  if (!filer) return { problem: 'no-filer', org };
  const bare: Unit = {
    org,
    filer,
    county: org.kind === 'bureau' ? org.id : (org.county ?? actor.grants.find(g => g.county)?.county ?? ''),
  };
  const first = periods[0]!.month;
  const last = periods.at(-1)!.month;
  const period = await choose(periods, bare);
  if (!period) return { problem: 'outside', programme, first, last };
  const unit =
    org.kind === 'bureau'
      ? bare
      : ((await unitsIn(read, programme, bare.county ? [bare.county] : [], period.month)).find(u => u.org.id === org.id) ?? bare);
  if (!(await maySee(read, programme, actor, unit, period.month))) return { problem: 'not-yours', org };
  if ((looking && period.kind !== 'closing' ? period.span.from : period.opens) > today) return { problem: 'future', period };
  const where = org.kind === 'hospital' ? { hospital: org.id } : org.kind === 'clinic' ? { clinic: org.id } : undefined;
  if (where && period.kind !== 'closing') {
    const posted = (await read.all('postings', { programme: programme.id, ...where, from: { to: period.month } })).filter(p =>
      postedIn(p, period.month),
    );
    if (!posted.length) return { problem: 'no-posting', org, period };
    const paper = await onPaper(read, programme, { clinic: posted.map(p => p.clinic), month: period.month });
    if (posted.every(p => paper.has(`${p.clinic} ${period.month}`))) return { problem: 'on-paper', org, period };
  }
  return { programme, periods, period, unit };
};

export const isProblem = (t: Target | TargetProblem): t is TargetProblem => 'problem' in t;

/** What is said of a line that means no report. */
export const problemOf = (p: TargetProblem, today: Asked['today']): Decision => {
  switch (p.problem) {
    case 'no-programme':
      return refuse('report.no-programme', '还没有方案', '请联系卫健局管理员');
    case 'no-report':
      return refuse('report.none', '这个方案没有月报', `《${p.programme.document.title}》没有写月报`);
    case 'which':
      return {
        reply: {
          code: 'report.which',
          title: '哪一家的月报？',
          tone: 'ask',
          lines: [],
          buttons: p.orgs.slice(0, 5).map(o => ({ label: shownOrg(o), command: `/月报 ${o.name}` })),
        },
      };
    case 'no-unit':
      return { ...refuse('report.no-unit', '请写明哪一家', '例：/月报 4月 青山卫生院'), private: true };
    case 'not-yours':
      return { ...refuse('report.not-yours', `看不到${shownOrg(p.org)}的月报`, '只能看本单位和下级的'), private: true };
    case 'no-filer':
      return refuse('report.no-filer', `方案没有要${shownOrg(p.org)}报月报`);
    case 'no-posting':
      return refuse(
        'report.no-posting',
        `${shownOrg(p.org)}${sayMonth(p.period.month)}没有派驻，不用报`,
        '派驻有误请总医院或卫健局更新安排表',
      );
    case 'on-paper':
      return refuse(
        'report.on-paper',
        `${shownOrg(p.org)}${sayMonth(p.period.month)}据纸质报表录入，不用再报`,
        '人次有误请卫健局重新 /导入 附件1',
      );
    case 'outside':
      return refuse(
        'report.outside',
        '这个月不在方案期内',
        `《${p.programme.title}》的月报从${sayMonth(p.first)}到${sayMonth(p.last)}`,
        '例：/月报 上月',
      );
    case 'future':
      return refuse('report.future', `${sayPeriod(p.period)}还没到`, `${sayDay(p.period.opens, today)}起可报`);
  }
};

/** Earlier reports of a unit that were never filed. */
export const earlierOwed = async (read: Read, { programme, periods, period, unit }: Target, today: Asked['today']): Promise<Period[]> => {
  if (unit.filer.does === 'confirms') return [];
  const owed = await owedBy(read, programme, periods, unit, today);
  return owed.filter(o => periods.indexOf(o.period) < periods.indexOf(period) && !o.report?.filing).map(o => o.period);
};
