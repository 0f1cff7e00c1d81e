/** /月报 — a unit's monthly report: draft, filing, return, acceptance, lock; for the bureau, where all units stand. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, isRefusal } from '../src/bot/command.ts';
import type { Read } from '../src/bot/ports.ts';
import { type CountyReports, countyReports, countyReportsCard } from '../src/bot/report-counties.ts';
import { type Check, checkOf, confirmingOf, type Draft, draftOf, feedersOfEach, sinceOf } from '../src/bot/report-draft.ts';
import { type Above, isAlone, isOver, mayFile, whoIsAbove } from '../src/bot/report-rights.ts';
import { compiles, earlierOwed, isProblem, problemOf, type Target, type TargetProblem, targetOf } from '../src/bot/report-target.ts';
import { aboveOf, countiesOf, type StandingUnit } from '../src/bot/reports.ts';
import type { Month } from '../src/core/day.ts';
import { placeOf, shownOrg } from '../src/core/org-names.ts';
import type { Filing, Report } from '../src/core/records.ts';
import { isFiled, isOpen, type Period, partsOwed, rateOf, sayShort, saySince, sayState } from '../src/core/report.ts';
import {
  type DraftLine,
  draftCard,
  firstSentence,
  type ProgressRow,
  periodWord,
  progressCard,
  sayFiled,
} from '../src/core/report-cards.ts';
import { checkCard, confirmLines, fileReport, keepParts } from './report-filing.ts';
import { heldOf, stepAll, stepOne } from './report-steps.ts';

const part = z.string().trim().max(2000).optional();
const args = z.object({
  action: z.enum(['file', 'return', 'accept', 'lock', 'confirm']).optional(),
  anyway: z.literal('anyway').optional(),
  merge: z.literal('merge').optional(),
  zero: z.literal('zero').optional(),
  all: z.literal('all').optional(),
  closing: z.literal('closing').optional(),
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  org: z.string().optional(),
  text: z.string().max(2000).optional(),
  part1: part,
  part2: part,
  part3: part,
  part4: part,
  part5: part,
  part6: part,
});
export type ReportArgs = z.infer<typeof args>;

export interface Loaded extends Target {
  draft: Draft;
  as: Filing['as'] | 'no';
  over: boolean;
  /** Nobody above is in the bot: the unit records itself what they said. */
  alone: boolean;
  earlier: Period[];
  /** Who filed, by name. */
  filer: string;
  since: string | null;
  /** As they were filed, where that lies with those above. */
  filed: DraftLine[] | null;
  check: Check | null;
  /** Reports that each unit's is made from. */
  below: ReadonlyMap<string, (Report | undefined)[]>;
  /** Those who only confirm and have not, or have not entered their cost. */
  unchecked: string[];
  costless: string[];
  above: Report | undefined;
  aboveIs: Above | null;
  /** County bureaus that the report speaks of. */
  counties: string[];
  names: ReadonlyMap<string, string>;
  offer: string | null;
}
type Facts = { problem: TargetProblem } | { problem: null; loaded: Loaded } | { problem: null; counties: CountyReports };

const load = async (read: Read, asked: Asked<ReportArgs>, target: Target): Promise<Loaded> => {
  const { actor, today } = asked;
  const { programme, period, unit } = target;
  const bureau = unit.org.kind === 'bureau';
  const draft = await draftOf(read, programme, unit, period, today);
  const by = draft.filing && (await read.get('people', draft.filing.by));
  const above = await aboveOf(read, programme, unit, period);
  const stand = draft.feeders;
  const confirming = bureau ? await confirmingOf(read, programme, unit, period) : [];
  const checks = await Promise.all(confirming.map(async u => ({ u, check: await checkOf(read, programme, u, period) })));
  const filed = draft.filing && !isOpen(draft.report, today) ? await linesAsFiled(read, draft.filing) : null;
  const people = [...new Set((filed ?? []).map(f => f.line.person))];
  const names = new Map((people.length ? await read.all('people', { id: people }) : []).map(p => [p.id, p.name]));
  return {
    ...target,
    draft,
    as: await mayFile(read, programme, actor, unit, period.month),
    over: await isOver(read, actor, unit),
    alone: await isAlone(read, programme, actor, unit, today),
    earlier: asked.args.action === 'file' ? await earlierOwed(read, target, today) : [],
    filer: by?.name ?? '',
    since:
      draft.filing && unit.filer.does === 'files' && period.kind !== 'closing'
        ? saySince(await sinceOf(read, programme, unit, period, draft.filing))
        : null,
    filed,
    check: unit.filer.does === 'confirms' ? await checkOf(read, programme, unit, period) : null,
    below: await belowEach(read, programme, stand, period, today),
    unchecked: checks.filter(c => c.check.lines.length && !c.check.confirmation).map(c => shownOrg(c.u.org)),
    costless: checks.filter(c => c.check.cost.length).map(c => shownOrg(c.u.org)),
    above,
    aboveIs: await whoIsAbove(read, programme, actor, above, today),
    counties: await countiesOf(read, unit.org),
    names: new Map([...names, ...draft.names]),
    offer:
      period.kind === 'first'
        ? firstSentence(
            programme,
            period,
            draft.lines.map(l => l.line),
          )
        : null,
  };
};

const linesAsFiled = async (read: Read, filing: Filing): Promise<DraftLine[]> =>
  (await read.all('filedLines', { filing: filing.id }, { by: 'day' })).map(line => ({ line, supplement: line.supplement }));

const belowEach = async (
  read: Read,
  programme: Target['programme'],
  units: readonly StandingUnit[],
  period: Period,
  today: Asked['today'],
): Promise<ReadonlyMap<string, (Report | undefined)[]>> => {
  const below = await feedersOfEach(
    read,
    programme,
    units.map(u => u.unit),
    period,
    today,
  );
  return new Map(units.map(({ unit }, i) => [unit.org.id, below[i]!.map(f => f.report)]));
};

export default defineCommand<ReportArgs, Facts>({
  name: '月报',
  serves: ['report'],
  aliases: ['月报表', '报表', 'yb', 'yuebao', 'report'],
  sayings: /月报|(?:谁|哪些|哪几|哪家|哪个[县区市家院]).{0,4}没有?上?[报交]/,
  shows: true,
  daily: ['hospital', 'clinic', 'general', 'bureau', 'chief'],
  summary: '看、报、退、受理月报',
  usage: '/月报 [月份] [单位]，/月报 上报|核对|受理|锁定 [月份] [单位]，/月报 退回 单位 [月份] 原因',
  examples: ['/月报', '/月报 4月 青山卫生院', '/月报 上报 4月', '/月报 退回 青山卫生院 4月 4月9日诊疗数有误'],
  slots: {
    action: {
      kind: 'choice',
      words: {
        上报: 'file',
        报送: 'file',
        提交: 'file',
        汇总上报: 'file',
        退回: 'return',
        打回: 'return',
        受理: 'accept',
        接收: 'accept',
        锁定: 'lock',
        核对: 'confirm',
        核对无误: 'confirm',
      },
    },
    anyway: { kind: 'choice', words: { 照报: 'anyway', 照此上报: 'anyway' } },
    merge: { kind: 'choice', words: { 并入: 'merge' } },
    zero: { kind: 'choice', words: { 零报告: 'zero', 零报: 'zero' } },
    all: { kind: 'choice', words: { 全部: 'all', 所有: 'all' } },
    closing: { kind: 'choice', words: { 年终: 'closing', 年终补报: 'closing' } },
    month: { kind: 'month', prefer: 'year' },
    org: { kind: 'org', regions: true },
    text: { kind: 'rest' },
  },
  args,
  // A step has its reason there, the first report its parts; to look, nothing more is said.
  unread: ({ action, text }, programme) =>
    (action === undefined || action === 'confirm') && !programme?.report?.first?.parts.some(p => text?.includes(p)) ? text : undefined,

  async facts(read, asked) {
    const looks = asked.args.action === undefined;
    const counties = looks ? await countyReports(read, asked, asked.args) : undefined;
    if (counties) return { problem: null, counties };
    const target = await targetOf(read, asked, asked.args, looks);
    return isProblem(target) ? { problem: target } : { problem: null, loaded: await load(read, asked, target) };
  },

  decide(asked) {
    const { facts, conversation } = asked;
    if (facts.problem) return problemOf(facts.problem, asked.today);
    const several = 'counties' in facts;
    const decision = several ? { reply: countyReportsCard(facts.counties, asked.today, '月报') } : weigh(asked, facts.loaded);
    const of = several ? facts.counties.org : facts.loaded.unit.org;
    // What a unit reported, and who has not, is no matter of a shared group.
    const own = conversation.kind === 'direct' || (conversation.group?.orgs.length === 1 && conversation.group.orgs[0] === of.id);
    return own ? decision : isRefusal(decision) ? { ...decision, private: true } : { ...decision, replyIn: 'direct' };
  },
});

const weigh = (asked: Asked<ReportArgs>, loaded: Loaded): Decision => {
  const { args } = asked;
  const typed = partsTyped(asked, loaded);
  if (Object.keys(typed).length && !args.action) return keepParts(asked, loaded, typed);
  switch (args.action) {
    case 'file':
      if (loaded.unit.org.kind === 'bureau' && !compiles(loaded.programme, loaded.unit.org))
        return problemOf({ problem: 'no-filer', org: loaded.unit.org }, asked.today);
      return loaded.unit.filer.does === 'confirms' ? confirmLines(asked, loaded) : fileReport(asked, loaded);
    case 'confirm':
      return confirmLines(asked, loaded);
    case 'return':
    case 'accept':
    case 'lock':
      return args.all ? stepAll(args.action, asked, loaded) : stepOne(args.action, asked, loaded);
    default:
      return { reply: view(asked, loaded) };
  }
};

/** 存在问题：路远, one or several, typed or from the form. */
const partsTyped = ({ args }: Asked<ReportArgs>, { programme, period, unit }: Loaded): Record<string, string> => {
  const names = period.kind === 'first' ? (programme.report?.first?.parts ?? []) : [];
  const typed: Record<string, string> = {};
  [args.part1, args.part2, args.part3, args.part4, args.part5, args.part6].forEach((text, i) => {
    const name = partsOwed(programme, period, unit.filer)[i];
    if (text && name) typed[name] = text;
  });
  const text = args.text ?? '';
  const found = names.flatMap(name => {
    const at = text.indexOf(name);
    return at < 0 ? [] : [{ name, at, end: at + name.length }];
  });
  found.sort((a, b) => a.at - b.at);
  found.forEach((f, i) => {
    const said = text.slice(f.end, found[i + 1]?.at).replace(/^[\s:：,，]+|[\s;；]+$/g, '');
    if (said) typed[f.name] = said;
  });
  return typed;
};

const nameIn = (names: ReadonlyMap<string, string>) => (person: string) => names.get(person) ?? '';

const owedParts = ({ programme, period, unit, draft }: Loaded): string[] =>
  partsOwed(programme, period, unit.filer).filter(p => !draft.report?.parts[p]);

const view = (asked: Asked<ReportArgs>, loaded: Loaded) => {
  const { today, actor } = asked;
  const { programme, period, unit, draft, check } = loaded;
  if (check) return checkCard(asked, loaded, check);
  const owed = owedParts(loaded);
  if (unit.org.kind !== 'bureau')
    return draftCard({
      programme,
      org: unit.org,
      period,
      today,
      report: draft.report,
      filing: draft.filing,
      filer: loaded.filer,
      lines: loaded.filed ?? draft.lines,
      open: draft.open,
      ahead: draft.ahead,
      missing: draft.missing,
      name: nameIn(loaded.names),
      files: loaded.as !== 'no' && period.opens <= today,
      over: loaded.over,
      since: loaded.since,
      owed,
      offer: loaded.offer,
    });
  // What is pressed is done for the own bureau's units: beneath another's it would mean others than are shown.
  const coordinates = actor.grants.some(g => g.role === 'bureau' && g.org === unit.org.id);
  const held = heldOf(loaded, today);
  return progressCard({
    programme,
    of: placeOf(unit.org),
    period,
    today,
    rate: rateOf(draft.feeders, period.due, today),
    rows: draft.feeders.map(s => rowOf(s, today)),
    unchecked: loaded.unchecked,
    costless: loaded.costless,
    own:
      compiles(programme, unit.org) && (draft.feeders.length || draft.report)
        ? {
            report: draft.report,
            filing: draft.filing,
            filer: loaded.filer,
            which: `${periodWord(period)} ${unit.org.name}`,
            compiles: loaded.as !== 'no' && period.opens <= today,
            owed,
            alone: loaded.alone,
          }
        : null,
    waiting: draft.feeders.filter(s => s.report?.state === 'filed').length - held.length,
    held,
    coordinates,
    offer: loaded.offer,
  });
};

const rowOf = ({ unit, report, filing, merged }: StandingUnit, today: Asked['today']): ProgressRow => ({
  org: unit.org,
  state: merged ? `并入${sayShort(merged)}` : sayState(report, false, today),
  detail: filing && isFiled(report) ? sayFiled(filing, today) : '',
  filed: isFiled(report) || merged !== undefined,
});
