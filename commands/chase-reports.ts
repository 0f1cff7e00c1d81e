/** /催报 — where the units' reports stand, and a reminder to those that the coordinator picks, once a day at most. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import type { Read } from '../src/bot/ports.ts';
import { type CountyReports, countyReports, countyReportsCard } from '../src/bot/report-counties.ts';
import { checkOf, confirmingOf, feedersOf, outlinesOf } from '../src/bot/report-draft.ts';
import { isProblem, problemOf, type Target, type TargetProblem, targetOf } from '../src/bot/report-target.ts';
import { filersAt, type StandingUnit, standing } from '../src/bot/reports.ts';
import type { Outgoing, Table } from '../src/core/card.ts';
import { at, type Day, type Month, sayDay } from '../src/core/day.ts';
import { newReport } from '../src/core/filing.ts';
import { nextSpeakingTime, sayTold } from '../src/core/hours.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { type Change, numbered } from '../src/core/records.ts';
import { isFiled, rateOf, sayPeriod, sayRate, sayShort } from '../src/core/report.ts';
import { basisOf, periodWord, sayDue, sayLacks, sayUnchecked, typedPeriod } from '../src/core/report-cards.ts';
import { topicOf } from './report-filing.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
  closing: z.literal('closing').optional(),
  all: z.literal('all').optional(),
  post: z.literal('post').optional(),
  orgs: z.array(z.string()).optional(),
});
type Args = z.infer<typeof args>;

/** A unit that owes something. */
interface Owing extends StandingUnit {
  missing: string[];
}
interface Loaded extends Target {
  units: StandingUnit[];
  owing: Owing[];
}
type Facts = { problem: TargetProblem } | { problem: null; loaded: Loaded } | { problem: null; counties: CountyReports };

const load = async (read: Read, target: Target, today: Asked['today']): Promise<Loaded> => {
  const { programme, period, unit } = target;
  const units = await feedersOf(read, programme, unit, period, today);
  const open = units.filter(s => !isFiled(s.report) && !s.merged);
  const outlines = await outlinesOf(read, programme, open, period, today);
  const owing: Owing[] = open.map((s, i) => ({ ...s, missing: sayLacks(programme, period, s.unit.filer, outlines[i]!) }));
  for (const s of await standing(read, programme, await confirmingOf(read, programme, unit, period), period)) {
    const missing = sayUnchecked(await checkOf(read, programme, s.unit, period));
    if (missing.length) owing.push({ ...s, missing });
  }
  return { ...target, units, owing };
};

export default defineCommand<Args, Facts>({
  name: '催报',
  serves: ['report'],
  aliases: ['催月报', '催办月报', 'cb', 'cuibao', 'chase'],
  sayings: /(?:谁|哪些|哪几|哪家|哪个[县区市家院]).{0,4}没有?上?[报交]|催.{0,3}月报/,
  daily: ['bureau'],
  summary: '看谁没报月报，催选定的单位',
  usage: '/催报 [月份] [单位…|全部]',
  examples: ['/催报', '/催报 4月 青山卫生院', '/催报 4月 全部'],
  slots: {
    month: { kind: 'month', prefer: 'year' },
    closing: { kind: 'choice', words: { 年终: 'closing', 年终补报: 'closing' } },
    all: { kind: 'choice', words: { 全部: 'all', 所有: 'all' } },
    post: { kind: 'choice', words: { 公布: 'post', 发群里: 'post' } },
    orgs: { kind: 'org', many: true, regions: true },
  },
  args,

  async facts(read, asked) {
    const { month, closing } = asked.args;
    const own = asked.actor.grants.find(g => g.role === 'bureau')?.org;
    const words = { month, closing, ...(own ? { org: own } : {}) };
    const about = asked.args.orgs?.[0];
    const counties = about === undefined ? await countyReports(read, asked, words) : undefined;
    if (counties) return { problem: null, counties };
    const target = await targetOf(read, asked, { ...words, about });
    return isProblem(target) ? { problem: target } : { problem: null, loaded: await load(read, target, asked.today) };
  },

  decide(asked) {
    const { facts, args } = asked;
    if (facts.problem) return problemOf(facts.problem, asked.today);
    if ('counties' in facts) return { reply: countyReportsCard(facts.counties, asked.today, '催报'), replyIn: 'direct' };
    return args.orgs?.length || args.all ? send(asked, facts.loaded) : show(asked, facts.loaded);
  },
});

/** Units with a button of their own; others are picked by typing. */
const MOST_BUTTONS = 4;

/** 按时报, 逾期报, 未报, 逾期未报, 已退回, 并入5月, 待核对. */
const stateOf = ({ unit, report, filing, merged }: StandingUnit, due: Day, today: Day): string => {
  if (report?.state === 'returned') return '已退回';
  if (isFiled(report)) return filing?.late ? '逾期报' : '按时报';
  if (merged) return `并入${typedPeriod(merged)}`;
  if (unit.filer.does === 'confirms') return '待核对';
  return today > due ? '逾期未报' : '未报';
};

/** So many units have a row of their own; of more, those who lack the same share one, or a whole county would not fit a message. */
const MOST_ROWS = 8;
/** So many of them are told in full what they lack. */
const MOST_IN_FULL = 5;

/** Of more than so many that are done a few stand for all: a city's two hundred would leave no room for those that are not. */
const MOST_DONE = 30;
const FEW_DONE = 5;

/** 待核实：张某（专人） → 待核实; 本院人员8条待核对 → 待核对; 退回原因：… → 已退回. */
const kindOf = (missing: string): string =>
  missing
    .replace(/：.*/, '')
    .replace(/^.*\d+条/, '')
    .replace(/^退回原因$/, '已退回');

/** Where each unit stands, and what it lacks. */
const standings = ({ owing, units, period }: Loaded, today: Day): Table => {
  const done = units.filter(u => isFiled(u.report) || u.merged);
  const reminded = (o: Owing) => o.report?.reminded === today;
  if (owing.length + done.length <= MOST_ROWS)
    return {
      columns: ['单位', '月报', '还缺', '今天'],
      rows: [
        ...owing.map(o => [
          shownOrg(o.unit.org),
          stateOf(o, period.due, today),
          o.missing.join('；') || '只差上报',
          reminded(o) ? '已催' : '',
        ]),
        ...done.map(u => [shownOrg(u.unit.org), stateOf(u, period.due, today), '', '']),
      ],
    };
  const lacks = (o: Owing): string =>
    (owing.length > MOST_IN_FULL ? [...new Set(o.missing.map(kindOf))] : o.missing).join('；') || '只差上报';
  const by = new Map<string, string[]>();
  const put = (is: string, { unit }: StandingUnit) => by.set(is, [...(by.get(is) ?? []), shownOrg(unit.org)]);
  for (const o of owing) put(`${lacks(o)}${reminded(o) ? '，今天已催' : ''}`, o);
  for (const u of done) put(stateOf(u, period.due, today), u);
  const filed = new Set(done.map(u => stateOf(u, period.due, today)));
  const said = (is: string, names: readonly string[]) =>
    filed.has(is) && names.length > MOST_DONE ? `${names.slice(0, FEW_DONE).join('、')}等` : names.join('、');
  return { columns: ['月报', '单位'], rows: [...by].map(([is, names]) => [`${is}（${names.length}家）`, said(is, names)]) };
};

/** Who owes what. In a group only the coordinator's own word (公布) shows it. */
const show = ({ args, today }: Asked<Args>, l: Loaded): Decision => {
  const { period, owing, programme } = l;
  const word = periodWord(period);
  if (!l.units.length) return refuse('chase.no-units', `${sayPeriod(period)}还没有单位要报`, '没有派驻安排', rosterHint(['bureau']));
  const open = owing.filter(o => o.report?.reminded !== today);
  return {
    reply: {
      code: 'chase.shown',
      title: `${sayPeriod(period)}：${owing.length ? `${owing.length}家还没办完` : '都报了'}`,
      tone: owing.length ? 'ask' : 'ok',
      lines: [
        sayRate(rateOf(l.units, period.due, today)),
        sayDue(period.due, today),
        ...(open.length > MOST_BUTTONS && !args.post
          ? [
              `只催几家：/催报 ${typedPeriod(period)} ${open
                .slice(-2)
                .map(o => shownOrg(o.unit.org))
                .join(' ')}`,
            ]
          : []),
        basisOf(programme, period),
      ],
      ...(owing.length
        ? {
            // What is missing names people: in a group only who owes it is said.
            table: args.post
              ? { columns: ['单位', '月报'], rows: owing.map(o => [shownOrg(o.unit.org), stateOf(o, period.due, today)]) }
              : standings(l, today),
          }
        : {}),
      ...(open.length && !args.post
        ? {
            buttons: [
              { label: `全部催（${open.length}家）`, command: `/催报 ${word} 全部`, style: 'primary' as const },
              ...open
                .slice(0, MOST_BUTTONS)
                .map(o => ({ label: `催${shownOrg(o.unit.org)}`, command: `/催报 ${word} ${o.unit.org.name}` })),
            ],
          }
        : {}),
    },
    replyIn: args.post ? 'here' : 'direct',
  };
};

const send = (asked: Asked<Args>, l: Loaded): Decision => {
  const { args, actor, now, calendar, today, turn } = asked;
  const { period, programme } = l;
  const picked = args.all ? l.owing : l.owing.filter(o => args.orgs!.includes(o.org));
  const fresh = picked.filter(o => o.report?.reminded !== today);
  const again = picked.length - fresh.length;
  const named = args.all ? [] : args.orgs!;
  const others = named.filter(id => !l.units.some(u => u.org === id) && !l.owing.some(o => o.org === id));
  if (!picked.length)
    return others.length
      ? refuse(
          'chase.not-below',
          `这${named.length > 1 ? '几' : ''}家没有催`,
          '不直接报给本局，或本月没有派驻',
          ...(l.owing[0] ? [`可以催：/催报 ${typedPeriod(period)} ${shownOrg(l.owing[0].unit.org)}`] : []),
        )
      : refuse('chase.none', args.all ? `${sayShort(period)}没有要催的` : `这${named.length > 1 ? '几' : ''}家不用催`, '已经报了');
  if (!fresh.length) return refuse('chase.today', '今天已经催过', '一家一天最多催一次', `明天起可再催：/催报 ${typedPeriod(period)}`);
  const changes: Change[] = fresh.map((o, n) => {
    const report = o.report ?? newReport({ period, programme, county: o.unit.county, org: o.org }, numbered(turn, n));
    return {
      table: 'reports',
      id: report.id,
      to: { ...report, reminded: today },
      ...(o.report ? { was: { state: o.report.state, reminded: o.report.reminded } } : {}),
    };
  });
  const tell: Outgoing[] = fresh.map(o => ({
    key: `report-chased/${programme.id}/${o.org}/${period.month}/${period.kind}/${today}`,
    topic: topicOf({ programme, unit: o.unit, period }),
    to: filersAt(o.unit),
    class: 'nudge',
    about: 'person',
    expires: at(today, '21:00') + 86_400_000,
    card: {
      code: 'report.chased',
      title: `请尽快报${shownOrg(o.unit.org)}${sayShort(period)}`,
      tone: 'ask',
      lines: [
        ...(o.missing.length ? o.missing.slice(0, 4) : ['都齐了，只差上报']),
        `${sayDue(period.due, today)}，${actor.person!.name}催`,
        basisOf(programme, period),
      ],
      buttons: [{ label: '看月报', command: `/月报 ${periodWord(period)} ${o.unit.org.name}`, style: 'primary' }],
    },
  }));
  return {
    changes,
    tell,
    reply: {
      code: 'chase.sent',
      title: sayTold(`催 ${fresh.length} 家`, now, nextSpeakingTime(now, calendar)),
      tone: 'ok',
      lines: [
        fresh
          .slice(0, 5)
          .map(o => shownOrg(o.unit.org))
          .join('、') + (fresh.length > 5 ? '等' : ''),
        ...(others.length ? [`另有${others.length}家没有催：不直接报给本局，或本月没有派驻`] : []),
        ...(again ? [`另有${again}家今天已催过，没有再发`] : []),
        `${sayDay(today)}不再重复催`,
      ],
    },
    replyIn: 'direct',
  };
};
