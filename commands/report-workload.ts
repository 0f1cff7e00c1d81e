/** /填报 — the day's figures of a physician, once, tied to the visit. How they are read stands in src/core/words/figures.ts. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { type DayFacts, dayFacts, saysFiguresAs, visitsOfUnits } from '../src/bot/workloads.ts';
import type { Button, Card } from '../src/core/card.ts';
import { type Day, daysBetween, parseDay, sayDate, sayDay } from '../src/core/day.ts';
import { figureForm, figureProblemCard, sayFigures, templateLine } from '../src/core/figure-words.ts';
import type { Org, Person, Visit, Workload } from '../src/core/records.ts';
import { clash, dayChanges, newVisit, sayHalves } from '../src/core/visit.ts';
import { type FigureReading, figureLine } from '../src/core/words/figures.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';
import { answerProposal, confirmFigures, refuseClosed, writeFigures } from './workload-steps.ts';

const NOTHING: FigureReading = { figures: {}, words: {}, problems: [] };

const args = z.object({
  days: z
    .array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() }))
    .refine(days => days.length === 1 && days[0]!.from === days[0]!.to, '一次填一天')
    .optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  visit: z.string().optional(),
  workload: z.string().optional(),
  does: z.enum(['sure', 'unplanned', 'other-day', 'agree', 'disagree', 'correct']).optional(),
  reason: z.string().max(100, '原因不超过100字').optional(),
  figures: z.custom<FigureReading>().optional(),
});
export type Args = z.infer<typeof args>;

export interface Facts extends DayFacts {
  /** The visit that was named by its number. */
  visit: Visit | undefined;
  /** The figures that were named by their number. */
  workload: Workload | undefined;
  /** Nobody was named: visits of the asker's units that day, to choose from. */
  choice: Visit[] | undefined;
  names: Map<string, Person>;
}
export type Filing = Asked<Args> & { facts: Facts };

const shown = (org: Org | undefined): string => org?.names[0] ?? org?.name ?? '';

export default defineCommand<Args, Facts>({
  name: '填报',
  aliases: ['填工作量', '报工作量', '工作量', '改报', 'tb', 'tianbao', 'figures'],
  summary: '填当天工作量',
  usage: '/填报 [日期] [单位] [医师] 诊疗30 讨论5 …（单发 /填报 出表格）',
  examples: ['/填报 诊疗30 讨论5 查房6 讲座1', '/填报 昨天 诊疗三十 其余0', '/填报 4月10日 张三 诊疗30 上门2'],
  slots: {
    visit: { kind: 'labelled', labels: ['班次'], of: { kind: 'ref' } },
    workload: { kind: 'labelled', labels: ['编号'], of: { kind: 'ref' } },
    reason: { kind: 'labelled', labels: ['原因：', '原因:', '原因 '], of: { kind: 'rest' } },
    days: { kind: 'dates', prefer: 'past', many: true },
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    does: {
      kind: 'choice',
      words: {
        确认无误: 'sure',
        数字无误: 'sure',
        无误: 'sure',
        临时下乡: 'unplanned',
        换日期: 'other-day',
        同意改报: 'agree',
        不同意改报: 'disagree',
        改报: 'correct',
      },
    },
    figures: { kind: 'figures', of: 'workload' },
  },
  args,
  needsProgramme: true,
  async concerns(read, { workload, visit, days }) {
    const named = workload ? await read.get('workloads', workload) : visit ? await read.get('visits', visit) : undefined;
    return named ? [named.day] : (days ?? []).map(d => d.from);
  },

  async facts(read, { args, actor, today }) {
    const workload = args.workload ? await read.get('workloads', args.workload) : undefined;
    const visit = args.visit ? await read.get('visits', args.visit) : undefined;
    const typed = args.days?.[0]?.from;
    const day = workload?.day ?? visit?.day ?? typed ?? today;
    const physician = actor.grants.some(g => g.role === 'physician');
    const named = workload?.person ?? visit?.person ?? args.person ?? (physician ? actor.person!.id : undefined);
    const choice = named === undefined ? await visitsOfUnits(read, actor, day, args.clinic) : undefined;
    const single = choice && new Set(choice.map(v => `${v.person} ${v.clinic}`)).size === 1 ? choice[0]!.person : undefined;
    const person = named ?? single;
    const clinic = args.clinic ? [args.clinic] : [];
    const names = choice?.length ? await read.all('people', { id: [...new Set(choice.map(v => v.person))] }) : [];
    const facts: DayFacts = person
      ? await dayFacts(read, person, day, { orgs: [...clinic, ...(choice ?? []).map(v => v.clinic)], people: [actor.person!.id] })
      : {
          person: undefined,
          bound: false,
          day,
          visits: [],
          month: [],
          postings: [],
          workloads: [],
          leaves: [],
          reports: [],
          orgs: new Map((choice?.length ? await read.all('orgs', { id: choice.map(v => v.clinic) }) : []).map(o => [o.id, o])),
          people: new Map(),
        };
    return { ...facts, visit, workload, choice: single ? undefined : choice, names: new Map(names.map(p => [p.id, p])) };
  },

  decide: asked => weigh(asked),
});

const weigh = (asked: Filing): Decision => {
  const { args, facts, programme, actor } = asked;
  const figures = programme?.workload?.figures;
  if (!programme || !figures) return refuse('figures.none', '本方案没有要填的工作量', '来源：方案文件未写明');
  const given = args.figures ?? NOTHING;

  if (args.workload !== undefined) {
    const { workload } = facts;
    const as = workload && saysFiguresAs(actor, workload);
    if (!workload || (as === undefined && args.does !== 'agree' && args.does !== 'disagree'))
      return { ...refuse('figures.not-yours', `没有您能办的编号 ${args.workload}`, '发 /待办 看等您的事'), private: true };
    if (args.does === 'agree' || args.does === 'disagree') return answerProposal(asked, workload, args.does === 'agree');
    if (args.does === 'sure') return confirmFigures(asked, workload);
  }

  if (facts.choice) {
    if (given.problems.length) return { reply: figureProblemCard(figures, given, line => `/填报 ${line}`) };
    return whose(asked, facts.choice);
  }
  if (!facts.person) return notYours(programme, '这位医师');

  const own = facts.person.id === actor.person?.id;
  const mine = [...facts.visits, ...facts.postings, ...facts.month].some(
    p => saysFiguresAs(actor, { person: facts.person!.id, clinic: p.clinic, hospital: p.hospital }) !== undefined,
  );
  if (!own && !mine) return notYours(programme, '这位医师');

  const command = commandFor(asked);
  if (given.problems.length) return { reply: figureProblemCard(figures, given, line => command(line)) };
  if (args.does === 'other-day')
    return {
      reply: { code: 'figures.which-day', title: '填到哪一天？', tone: 'ask', lines: ['直接回复日期，如：昨天、4月10日', '发 取消 不办'] },
      waitFor: `/填报 ${[own ? '' : facts.person.name, args.clinic ? (facts.orgs.get(args.clinic)?.name ?? '') : '', figureLine(figures, given)].filter(Boolean).join(' ')}`,
    };
  const { day } = facts;
  if (day > asked.today) return refuse('figures.future', `${sayDay(day, asked.today)}还没到`, '到那天再填；今天的发 /填报');
  if (day < programme.term.from || day > programme.term.until)
    return refuse(
      'figures.outside',
      `${sayDay(day, asked.today)}不在方案期内`,
      `方案从${sayDate(programme.term.from)}到${sayDate(programme.term.until)}`,
      '例：/填报 昨天 诊疗30',
      cite(programme, { clause: programme.term.clause, says: '方案期限' }),
    );

  const target = visitFor(asked);
  if ('decision' in target) return target.decision;
  const { visit } = target;
  const as = saysFiguresAs(actor, visit);
  if (!as) return notYours(programme, '这个班次');
  const closed = refuseClosed(asked, visit);
  if (closed) return closed;

  const before = facts.workloads.find(w => w.day === day && w.clinic === visit.clinic);
  if (!Object.keys(given.figures).length && !Object.keys(given.words).length) return { reply: formCard(asked, visit, before) };
  return writeFigures(asked, { visit, as, before, given, made: target.made });
};

/** Another's figures are nobody's business but the units' between which that physician works. */
const notYours = (programme: Programme, of: string): Decision => ({
  ...refuse(
    'figures.not-yours',
    `不能填${of}的工作量`,
    '只有本人、受援单位专人和支援单位可以',
    ...(programme.reporter ? [cite(programme, programme.reporter)] : []),
  ),
  private: true,
});

/** The same command again with other figures. */
const commandFor = ({ args, facts, actor }: Filing) => {
  const named = args.visit ?? args.workload;
  const fixed = named
    ? [`班次${args.visit ?? ''}`]
    : [
        facts.person?.id === actor.person?.id ? '' : (facts.person?.name ?? ''),
        args.days?.[0]?.from ?? '',
        args.clinic ? (facts.orgs.get(args.clinic)?.name ?? '') : '',
      ];
  const words = args.does === 'unplanned' ? ['临时下乡'] : [];
  return (line: string, ...more: string[]): string => ['/填报', ...fixed, ...words, ...more, line].filter(Boolean).join(' ');
};

/** Nobody was named by a unit that several physicians came to. */
const whose = (asked: Filing, visits: readonly Visit[]): Decision => {
  const { facts, args, programme, today } = asked;
  const line = args.figures ? figureLine(programme!.workload!.figures, args.figures) : '';
  const first = [...new Map(visits.map(v => [`${v.person} ${v.clinic}`, v])).values()];
  if (!first.length) return refuse('figures.whose', `${sayDay(facts.day, today)}没有班次，请写明哪位医师`, '例：/填报 张三 4月10日 诊疗30');
  return {
    reply: {
      code: 'figures.whose',
      title: '填哪位医师的？',
      tone: 'ask',
      lines: [`${sayDay(facts.day, today)}有${first.length}人`],
      buttons: first.map(v => ({
        label: `${facts.names.get(v.person)?.name ?? ''}${new Set(first.map(f => f.clinic)).size > 1 ? ` ${shown(facts.orgs.get(v.clinic))}` : ''}`,
        command: `/填报 班次${v.id} ${line}`.trim(),
      })),
    },
  };
};

type Target = { visit: Visit; made: ReturnType<typeof dayChanges> } | { decision: Decision };

/** The visit that the figures belong to; where it is not clear, a question. */
const visitFor = (asked: Filing): Target => {
  const { args, facts, today } = asked;
  const { day } = facts;
  const on = facts.visits.filter(v => v.state === 'on' && (args.clinic === undefined || v.clinic === args.clinic));
  const leave = facts.leaves[0];
  const came = on.filter(v => v.checkedIn !== null || v.presence === 'present');
  if (args.visit !== undefined) {
    const named = facts.visit;
    if (!named) return { decision: refuse('figures.no-visit', `没有编号 ${args.visit} 的班次`, '发 /填报 看今天的') };
    if (named.state !== 'on' && named.state !== 'leave')
      return { decision: refuse('figures.moved', '这个班次已改期或取消', '发 /排班 看现在的安排') };
  }
  const wanted = args.visit === undefined ? on : on.filter(v => v.clinic === facts.visit?.clinic);
  if (leave && !came.length && (!wanted.length || leave.workdays !== null))
    return {
      decision: refuse(
        'figures.on-leave',
        `${sayDay(day, today)}已准假，不填工作量`,
        `请假编号${leave.id}`,
        `那天来了，请先销假再签到：/销假 ${leave.id}`,
        ...(asked.programme?.leave ? [cite(asked.programme, asked.programme.leave)] : []),
      ),
    };
  const clinics = [...new Set(wanted.map(v => v.clinic))];
  if (clinics.length > 1) {
    const line = args.figures ? figureLine(asked.programme!.workload!.figures, args.figures) : '';
    return {
      decision: {
        reply: {
          code: 'figures.which',
          title: '填哪一家的？',
          tone: 'ask',
          lines: [`${sayDay(day, today)}到了${clinics.length}家，一家一填`],
          buttons: clinics.map(c => ({
            label: shown(facts.orgs.get(c)),
            command: `/填报 班次${wanted.find(v => v.clinic === c)!.id} ${line}`.trim(),
          })),
        },
      },
    };
  }
  const visit = wanted.find(v => v.presence === 'present') ?? wanted.find(v => v.checkedIn !== null) ?? wanted[0];
  if (visit) {
    if (wanted.every(v => v.presence === 'not-there'))
      return {
        decision: refuse(
          'figures.not-there',
          `受援单位反映${sayDay(day, today)}未到，先不填`,
          '到了的话，请受援单位先更正：/核实 日期 姓名 在岗',
        ),
      };
    return { visit, made: [] };
  }
  return args.does === 'unplanned' ? unplanned(asked) : { decision: { reply: noVisit(asked) } };
};

/** 临时下乡: the visit is made with its figures, and waits for the clinic's word like any other. */
const unplanned = (asked: Filing): Target => {
  const { args, facts, today, turn, settings } = asked;
  const { day } = facts;
  const back = daysBetween(day, today);
  const limit = settings.number('makeup.days');
  if (back > limit)
    return {
      decision: refuse(
        'figures.over-limit',
        `超过补登期限（${limit}天）`,
        `${sayDay(day, today)}已过${back}天；期限来自${settings.source('makeup.days')}`,
        '请受援单位先补排并核实：/核实 日期',
      ),
    };
  const clinics = [...new Set(facts.postings.map(p => p.clinic))];
  const clinic = args.clinic ?? (clinics.length === 1 ? clinics[0] : undefined);
  const posting = facts.postings.find(p => p.clinic === clinic);
  if (!posting)
    return clinics.length > 1 && args.clinic === undefined
      ? {
          decision: {
            reply: {
              code: 'figures.which',
              title: '临时下乡到哪一家？',
              tone: 'ask',
              lines: [sayDay(day, today)],
              buttons: clinics.map(c => ({
                label: shown(facts.orgs.get(c)),
                command: again(asked, `${facts.orgs.get(c)?.name ?? ''} 临时下乡`),
              })),
            },
          },
        }
      : { decision: refuse('figures.no-posting', '那个月没有派驻安排', '请支援单位先更新安排表或排班', '例：/排班 张三 4月12日') };
  const taken = clash(facts.visits, { am: true, pm: true });
  if (taken)
    return {
      decision: refuse(
        'figures.clash',
        `那天已在${shown(facts.orgs.get(taken.clinic))}`,
        `${sayDay(day)}${sayHalves(taken)}`,
        '请先改班，或填到那一家',
      ),
    };
  const visit = newVisit({
    id: String(turn),
    programme: posting.programme,
    county: posting.county,
    person: posting.person,
    clinic: posting.clinic,
    hospital: posting.hospital,
    posting: posting.id,
    day,
    planned: false,
    late: back > 0,
  });
  return { visit, made: dayChanges(facts.visits, [...facts.visits, visit], settings.get('half-day') === '是') };
};

const again = ({ args, facts, actor, programme }: Filing, words: string): string =>
  [
    '/填报',
    facts.person?.id === actor.person?.id ? '' : (facts.person?.name ?? ''),
    facts.day,
    words,
    args.figures ? figureLine(programme!.workload!.figures, args.figures) : '',
  ]
    .filter(Boolean)
    .join(' ');

/** No visit that day: nothing is guessed; the days that still lack figures are offered, an unplanned visit, another day. */
const noVisit = (asked: Filing): Card => {
  const { args, facts, today, programme } = asked;
  const line = args.figures ? figureLine(programme!.workload!.figures, args.figures) : '';
  const clinic = args.clinic ? (facts.orgs.get(args.clinic)?.name ?? '') : '';
  const posted = facts.postings.some(p => args.clinic === undefined || p.clinic === args.clinic);
  const lacking = withoutFigures(facts, today).slice(-3).reverse();
  const buttons: Button[] = [
    ...lacking.map(v => ({
      label: `${sayDay(v.day, today)} ${shown(facts.orgs.get(v.clinic))}`,
      command: `/填报 班次${v.id} ${line}`.trim(),
    })),
    ...(posted ? [{ label: '临时下乡', command: again(asked, `${clinic} 临时下乡`.trim()) }] : []),
    { label: '换日期', command: again({ ...asked, facts: { ...facts, day: '' as Day } }, `${clinic} 换日期`.trim()) },
  ];
  return {
    code: 'figures.no-visit',
    title: `${sayDay(facts.day, today)}没有下乡班次`,
    tone: 'ask',
    lines: [
      line ? `还没有记下：${line}` : '工作量跟着班次填',
      ...(posted ? [] : [`本月没有派驻${args.clinic ? shown(facts.orgs.get(args.clinic)) : '安排'}`]),
      '填到哪天？',
    ],
    buttons,
  };
};

/** Visits of the month, up to today, that have no figures. */
const withoutFigures = (facts: Facts, today: Day): Visit[] => [
  ...new Map(
    facts.month
      .filter(
        v =>
          v.state === 'on' &&
          v.day <= today &&
          v.presence !== 'not-there' &&
          !facts.workloads.some(w => w.day === v.day && w.clinic === v.clinic),
      )
      .map(v => [`${v.day} ${v.clinic}`, v]),
  ).values(),
];

/** /填报 alone: the form, as it stands now; elsewhere the line to copy. */
const formCard = (asked: Filing, visit: Visit, before: Workload | undefined): Card => {
  const { facts, programme, actor, today } = asked;
  const { figures } = programme!.workload!;
  const who = facts.person?.id === actor.person?.id ? '' : `${facts.person?.name} `;
  return {
    code: 'figures.form',
    title: `${who}${shown(facts.orgs.get(visit.clinic))} ${sayDay(visit.day, today)}工作量`,
    tone: 'ask',
    lines: [...(before ? [`已填：${sayFigures(figures, before)}`] : []), '没有请写0，没统计就空着'],
    form: {
      ...figureForm(`/填报 班次${visit.id}`, figures, before ?? NOTHING),
      // A line is typed without a number where the day and the speaker say enough.
      template: templateLine(
        visit.day === today && !who && facts.visits.filter(v => v.state === 'on').length === 1 ? '/填报' : `/填报 班次${visit.id}`,
        figures,
      ),
    },
  };
};
