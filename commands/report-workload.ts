/** /填报 — the day's figures of a physician, once, tied to the visit. How they are read stands in src/core/words/figures.ts. */
import { type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { type DayFacts, dayFacts, saysFiguresAs, visitsOfUnits } from '../src/bot/workloads.ts';
import { sayDate, sayDay } from '../src/core/day.ts';
import { figureProblemCard } from '../src/core/figure-words.ts';
import { figureLine } from '../src/core/words/figures.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';
import { type Args, args, type Facts, type Filing, NO_FIGURES } from './report-workload/asked.ts';
import { formCard } from './report-workload/form.ts';
import { answerProposal, confirmFigures, refuseClosed, writeFigures } from './report-workload/steps.ts';
import { commandFor, visitFor, whose } from './report-workload/visit.ts';

export default defineCommand<Args, Facts>({
  name: '填报',
  serves: ['workload'],
  aliases: ['填工作量', '报工作量', '工作量', '改报', 'tb', 'tianbao', 'figures'],
  daily: ['physician', 'clinic'],
  summary: '填当天工作量',
  usage: '/填报 [日期] [单位] [医师] 诊疗30 讨论5 …（单发 /填报 出表格）',
  examples: ['/填报 诊疗30 讨论5 查房6 讲座1', '/填报 昨天 诊疗三十 其余0', '/填报 4月10日 张三 诊疗30 上门2'],
  slots: {
    visit: { kind: 'labelled', labels: ['班次'], of: { kind: 'ref' } },
    workload: { kind: 'labelled', labels: ['编号'], of: { kind: 'ref' } },
    reason: { kind: 'labelled', labels: ['原因：', '原因:', '原因 '], of: { kind: 'rest' } },
    // 看了18号 may be registrations: asked, not read as a day.
    days: { kind: 'dates', prefer: 'past', many: true, notBehind: /[看挂](?:了|过)?(?:一共|总共|共)?$/ },
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
  const given = args.figures ?? NO_FIGURES;

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
