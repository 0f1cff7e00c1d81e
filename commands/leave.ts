/** /请假 — a physician asks leave, in one line. What must be said and which way it goes stands in the programme; how it is weighed, in src/core/leave.ts. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { answererOf, leaveFile, leaveFiles, namesOf } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { actsFor } from '../src/bot/scope.ts';
import { workdaysIn } from '../src/core/calendar.ts';
import { type Card, pointer } from '../src/core/card.ts';
import { addDays, type Day, daysBetween, daysIn, monthOf, parseDay, sayDay, within, yearOf } from '../src/core/day.ts';
import {
  countLimits,
  type HalfDay,
  leadDays,
  leadOf,
  leaveKind,
  type MakeUp,
  makeUpProblem,
  makeUpsFor,
  makeUpVisit,
  sayCounted,
  stepsOf,
  type Taken,
  takenBy,
} from '../src/core/leave.ts';
import {
  joinHalves,
  type LeaveFile,
  leaveState,
  type Names,
  nextVisits,
  reasonLine,
  sayLeaveDays,
  stepLine,
  visitLines,
} from '../src/core/leave-cards.ts';
import { askedOf, askStations, basisOf, leadLine, owes, type Saying, slipPaper } from '../src/core/leave-news.ts';
import { creditLines, makeUpWarnings, problemWords } from '../src/core/leave-words.ts';
import {
  type Change,
  type Leave,
  type LeaveVisit,
  numbered,
  type Org,
  type Person,
  type Posting,
  type Visit,
} from '../src/core/records.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { sayHalves } from '../src/core/visit.ts';
import { cite, type LeaveRules, type Programme } from '../src/programmes/schema.ts';

const day = z.string().transform(d => parseDay(d)!);
const half = z.enum(['am', 'pm', 'day']);
const days = z.array(z.object({ from: day, to: day, half: half.optional() }));
const args = z.object({
  leave: z.string().optional(),
  person: z.string().optional(),
  emergency: z.literal('emergency').optional(),
  open: z.literal('open').optional(),
  days: days.optional(),
  half: half.optional(),
  to: days.optional(),
  reason: z.string().max(200, '事由不超过200字').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  person: Person | undefined;
  /** Visits of the physician: in the span, on the make-up days, and what comes next. */
  visits: Visit[];
  postings: Posting[];
  /** Every leave of the physician that may matter here, newest first. */
  files: LeaveFile[];
  /** The leave that was named. */
  file: LeaveFile | undefined;
  reason: string | null;
  /** The actor has to do with the named leave. */
  concerned: boolean;
  /** Other physicians' visits at the clinics on the make-up days. */
  others: Visit[];
  names: Names & { people: Map<string, Person>; orgs: Map<string, Org> };
}

/** Longest span that is leave; what is longer is another physician's posting. */
const LONGEST = 62;

const halfDays = (said: Args['days'], half: Args['half']): HalfDay[] =>
  (said ?? []).flatMap(d => daysIn({ from: d.from, to: d.to }).map(on => ({ day: on, half: d.half ?? half })));
const sayHalfDays = (all: readonly HalfDay[]): string =>
  all.map(d => `${d.day}${d.half === 'am' ? '上午' : d.half === 'pm' ? '下午' : ''}`).join('、');

export default defineCommand<Args, Facts>({
  name: '请假',
  aliases: ['休假', '告假', '病假', '请病假', '事假', '请事假', 'qj', 'qingjia', 'leave'],
  summary: '请假并说明改到哪天',
  usage: '/请假 日期 事由 改到 日期',
  examples: ['/请假 6月12日 家中有事 改到 6月19日', '/请假 57'],
  slots: {
    open: { kind: 'choice', words: { 改到待定: 'open', '改到 待定': 'open', 补班待定: 'open', 补班日待定: 'open', 待定: 'open' } },
    emergency: { kind: 'choice', words: { 紧急: 'emergency', 紧急情况: 'emergency', 按紧急情况: 'emergency' } },
    to: {
      kind: 'labelled',
      labels: [
        '改到',
        '改为',
        '改成',
        '换成',
        '改在',
        '改',
        '换到',
        '挪到',
        '补到',
        '补班',
        '补在',
        '调到',
        '延到',
        '推到',
        '推迟到',
        '提前到',
      ],
      of: { kind: 'dates', many: true, prefer: 'future' },
    },
    days: { kind: 'dates', many: true, prefer: 'near' },
    half: { kind: 'half' },
    leave: { kind: 'ref', plain: true },
    person: { kind: 'person' },
    reason: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

  async facts(read, { args, actor, today, programme }) {
    const file = args.leave ? await leaveFile(read, args.leave) : undefined;
    const id = args.person ?? file?.leave.person ?? actor.person!.id;
    const asked = halfDays(args.days, args.half).slice(0, LONGEST + 1);
    const to = halfDays(args.to, undefined).slice(0, LONGEST + 1);
    const from = asked[0]?.day ?? today;
    const until = asked.at(-1)?.day ?? today;
    const all = await read.all(
      'visits',
      { person: id, day: { from: addDays(today < from ? today : from, -31), to: addDays(until, 62) } },
      { by: 'day' },
    );
    const makeUps = to.length ? await read.all('visits', { person: id, day: to.map(d => d.day) }) : [];
    const visits = [...all, ...makeUps.filter(v => !all.some(a => a.id === v.id))];
    const postings = (await read.all('postings', { person: id })).filter(p => programme === null || p.programme === programme.id);
    const year = `${yearOf(from)}-01-01` as Day;
    const leaves = await read.all(
      'leaves',
      { person: id, to: { from: year < from ? addDays(year, -62) : year } },
      { by: 'at', descending: true },
    );
    const clinics = [...new Set(visits.filter(v => asked.some(d => d.day === v.day)).map(v => v.clinic))];
    const others =
      to.length && clinics.length
        ? (await read.all('visits', { clinic: clinics, day: to.map(d => d.day), state: 'on' })).filter(v => v.person !== id)
        : [];
    const files = await leaveFiles(read, leaves);
    const known = [...files, ...(file ? [file] : [])];
    const names = await namesOf(
      read,
      [id, ...others.map(v => v.person), ...known.flatMap(f => [f.leave.by, ...f.steps.map(s => s.by)])],
      [
        ...visits.flatMap(v => [v.clinic, v.hospital, v.county]),
        ...postings.flatMap(p => [p.clinic, p.hospital, p.county]),
        ...known.flatMap(f => f.steps.map(s => s.org)),
      ],
    );
    const concerned =
      file !== undefined &&
      (file.leave.person === actor.person?.id ||
        actor.grants.some(g => (g.role === 'bureau' || g.role === 'general' || g.role === 'chief') && g.county === file.leave.county) ||
        actor.grants.some(
          g => (g.role === 'hospital' || g.role === 'clinic' || g.role === 'head') && file.steps.some(s => s.org === g.org),
        ) ||
        (await answers(read, actor, file, today)));
    return {
      person: id === actor.person?.id ? actor.person : (names.people.get(id) ?? undefined),
      visits,
      postings,
      files,
      file,
      reason: file ? await read.unseal('leaves', file.leave.id, 'reason') : null,
      concerned,
      others,
      names,
    };
  },

  decide(asked) {
    const { args, facts, programme, actor } = asked;
    const rules = programme!.leave;
    if (!rules) return refuse('leave.none', '这个方案没有规定请假', '有事请直接联系支援单位和卫健局');
    if (args.leave) return named(asked, facts, rules);
    const own = facts.person?.id === actor.person?.id;
    if (!facts.person || (!own && !standsIn(asked, facts)))
      return { ...refuse('leave.not-yours', '不能替这位医师请假', '由本人、其支援单位或受援单位提出'), private: true };
    if (own && !actor.grants.some(g => g.role === 'physician'))
      return refuse('leave.not-physician', '请写明替谁请假', '例：/请假 张三 6月12日 家中有事 改到 6月19日');
    return ask(asked, facts, rules, facts.person, own);
  },
});

const answers = async (read: Read, actor: Asked['actor'], file: LeaveFile, today: Day): Promise<boolean> => {
  for (const step of file.steps) if ((await answererOf(read, actor, file, step, today)).as === 'self') return true;
  return false;
};

/** Only a unit of the physician's postings or visits may ask for somebody else. */
const standsIn = ({ actor }: Asked<Args>, f: Facts): boolean =>
  [...f.postings, ...f.visits].some(p =>
    actor.grants.some(g => (g.role === 'hospital' && g.org === p.hospital) || (g.role === 'clinic' && g.org === p.clinic)),
  );

const saying = (asked: Asked<Args>, f: Facts, rules: LeaveRules, reason: string): Saying => ({
  names: f.names,
  reason,
  physician: f.person,
  today: asked.today,
  now: asked.now,
  turn: asked.turn,
  programme: asked.programme!,
  rules,
  calendar: asked.calendar,
  settings: asked.settings,
  demo: asked.demo,
});

// ── A leave that is there already ───────────────────────────────────────────────

const named = (asked: Asked<Args>, f: Facts, rules: LeaveRules): Decision => {
  const { file } = f;
  if (!file || !f.concerned)
    return { ...refuse('leave.unknown', `没有编号 ${asked.args.leave} 的请假`, '发 /请假 看自己的'), private: true };
  if (asked.args.to) return settleMakeUp(asked, f, rules, file);
  return { reply: statusCard(asked, f, rules, file), replyIn: 'direct' };
};

const statusCard = (asked: Asked<Args>, f: Facts, rules: LeaveRules, file: LeaveFile): Card => {
  const own = file.leave.person === asked.actor.person?.id;
  const live = file.leave.state === 'open' || file.leave.state === 'approved';
  return {
    code: 'leave.shown',
    title: `${f.names.person(file.leave.person)}请假 编号${file.leave.id}：${leaveState(file, f.names)}`,
    tone: 'info',
    lines: [
      ...visitLines(file, f.names, asked.today, owes(rules)),
      reasonLine(file.leave, f.reason),
      ...file.steps.map(s => stepLine(s, f.names, asked.today)),
    ],
    ...(own && live ? { buttons: [{ label: file.leave.state === 'open' ? '撤回' : '销假', command: `/销假 ${file.leave.id}` }] } : {}),
    paper: slipPaper(file, saying(asked, f, rules, f.reason ?? '')),
  };
};

/** The make-up day that was left open, named on return. */
const settleMakeUp = (asked: Asked<Args>, f: Facts, rules: LeaveRules, file: LeaveFile): Decision => {
  const { args, actor, today, turn, programme } = asked;
  if (file.leave.person !== actor.person?.id && !actsFor(actor, { id: file.leave.hospital, county: file.leave.county }))
    return { ...refuse('leave.not-yours', '这件请假不由您改'), private: true };
  const open = file.visits.filter(v => v.state === 'on' && v.toDay === null);
  if (!open.length || !owes(rules) || (file.leave.state !== 'approved' && file.leave.state !== 'open'))
    return refuse('leave.make-up-settled', '这件请假没有待定的补班日', '要再改补班日，请对那一天另请假');
  const taken: Taken[] = open.map(v => ({
    visit: f.visits.find(x => x.id === v.visit) ?? ({ ...v, id: v.visit, state: 'leave' } as unknown as Visit),
    am: v.am,
    pm: v.pm,
  }));
  const said = halfDays(args.to, undefined);
  const makeUps = makeUpsFor(taken, said);
  if (!makeUps)
    return refuse(
      'leave.make-up-count',
      `有${open.length}班要补，这里写了${said.length}天`,
      `例：/请假 ${file.leave.id} 改到 ${sayDay(addDays(today, 7))}`,
    );
  const problem = makeUpProblem(
    taken,
    makeUps,
    { theirs: f.visits, leaves: f.files.filter(x => x.leave.id !== file.leave.id && live(x.leave)) },
    { today, term: termOf(programme!), days: [] },
  );
  if (problem)
    return refuse(
      'leave.make-up-wrong',
      ...problemWords(problem, f.names, today),
      `例：/请假 ${file.leave.id} 改到 ${sayDay(addDays(today, 7))}`,
    );
  const changes: Change[] = [];
  const lines: LeaveVisit[] = [];
  open.forEach((v, n) => {
    const m = makeUps[n]!;
    const line: LeaveVisit = { ...v, toDay: m.day, toAm: m.am, toPm: m.pm };
    const visit = f.visits.find(x => x.id === v.visit);
    // Of a leave that is granted already the make-up visit is made at once.
    if (file.leave.state === 'approved' && visit) {
      const id = numbered(turn, n);
      line.made = id;
      changes.push({ table: 'visits', id, to: makeUpVisit(visit, line, id) });
      if (visit.state === 'leave')
        changes.push({ table: 'visits', id: visit.id, to: { ...visit, state: 'moved', moved: id }, was: { state: 'leave' } });
    }
    lines.push(line);
    changes.push({ table: 'leaveVisits', id: v.id, to: line, was: { toDay: null } });
  });
  const after: LeaveFile = { ...file, visits: file.visits.map(v => lines.find(l => l.id === v.id) ?? v) };
  const shown = visitLines(after, f.names, today, true);
  const who = f.names.person(file.leave.person);
  return {
    changes,
    settles: [`leave-make-up/${file.leave.id}`],
    tell: [...new Set(lines.map(l => l.clinic))].flatMap(clinic => [
      {
        key: `leave/${file.leave.id}/make-up/${turn}/${clinic}`,
        to: { org: clinic, role: 'clinic' as const },
        class: 'news' as const,
        about: 'unit' as const,
        card: { code: 'leave.make-up-told', title: `${who}补班日定了`, tone: 'info' as const, lines: [...shown, '请转告群众'] },
      },
    ]),
    reply: {
      code: 'leave.make-up',
      title: '补班日记下了',
      tone: 'ok',
      lines: [...shown, ...makeUpWarnings({ ...asked, programme: programme! }, f, taken, makeUps)],
    },
  };
};

// ── A new leave ─────────────────────────────────────────────────────────────────

const live = (l: Leave) => l.state === 'open' || l.state === 'approved';
const termOf = (p: Programme) => ({ from: p.term.from, to: p.term.until });

const ask = (asked: Asked<Args>, f: Facts, rules: LeaveRules, person: Person, own: boolean): Decision => {
  const { args, today, programme, calendar, settings, turn, now, actor } = asked;
  const wanted = halfDays(args.days, args.half);
  const who = own ? '' : `${person.name} `;
  const said = (more: { reason?: string; to?: string; emergency?: boolean }) =>
    [
      '/请假',
      who.trim(),
      args.emergency || more.emergency ? '紧急' : '',
      sayHalfDays(wanted),
      more.reason ?? args.reason ?? '',
      more.to ?? '',
    ]
      .filter(Boolean)
      .join(' ');
  const first = wanted[0]?.day;
  const last = wanted.at(-1)?.day;
  if (first === undefined || last === undefined) return which(asked, f, who);
  if (daysBetween(first, last) >= LONGEST || wanted.length > LONGEST)
    return refuse('leave.too-long', `一次最多请${LONGEST}天`, '更久请支援单位换人：/换人');
  const outside = [first, last].find(d => !within(d, termOf(programme!)));
  if (outside)
    return refuse('leave.outside', `${sayDay(outside, today)}不在方案期内`, `方案 ${programme!.term.from} 至 ${programme!.term.until}`);

  const taken = takenBy(f.visits, wanted);
  const span = { from: first, to: last };
  const overlap = overlapping(f, taken, wanted, rules);
  if (overlap) return overlap(asked);
  const done = taken.find(t => t.visit.presence === 'present');
  if (done) return refuse('leave.verified', `${sayVisitDay(done.visit, today)}已核实在岗，不用请假`, '核实有误请受援单位更正');
  const workdays = rules.of === 'workdays' ? workdaysIn(calendar, span) : null;
  if (rules.of === 'visits' && !taken.length) return noVisit(asked, f, first, who);
  if (workdays === undefined) return refuse('leave.calendar', `${yearOf(last)}年放假安排还没有，算不出工作日`, '请联系卫健局');
  if (workdays === 0) return refuse('leave.rest-days', `${sayDay(first, today)}是休息日，不用请假`);
  const postings = f.postings.filter(p => p.from <= monthOf(last) && (p.until === null || p.until >= monthOf(first)));
  if (rules.of === 'workdays' && !postings.length) return refuse('leave.no-posting', '这几天没有派驻，不用请假');
  const back = settings.number('leave.back');
  const past = first < today;
  if (past && first < addDays(today, -back))
    return refuse(
      'leave.past',
      `${sayDay(first, today)}已经过了`,
      `事后补请假最多往前${back}天（${settings.source('leave.back')}）`,
      '更早的请在待认定时作说明：/说明',
    );

  const reason = args.reason;
  if (!reason && rules.states.includes('reason'))
    return {
      reply: {
        code: 'leave.reason',
        title: '请写请假原因',
        tone: 'ask',
        lines: ['直接回复，如：家中有事', '发 取消 不办', basisOf({ programme: programme!, rules })],
      },
      waitFor: said({ to: args.to ? `改到 ${sayHalfDays(halfDays(args.to, undefined))}` : args.open ? '待定' : '' }),
    };
  const kind = leaveKind(reason ?? '');
  const start = taken[0]?.visit.day ?? first;
  const lead = leadOf(rules);
  const due = lead ? leadDays(start, lead, calendar) : null;
  const late = past || (due !== null && today > due.last);
  const emergency = late && (args.emergency !== undefined || kind !== 'other');
  if (late && !emergency) return tooLate(asked, f, rules, start, said);

  const makeUp = makeUpsOf(asked, f, rules, taken, wanted, emergency, said);
  if ('decision' in makeUp) return makeUp.decision;

  const earlier = f.files.map(x => x.leave);
  const counted = countLimits(rules.limits, { from: first, workdays: workdays ?? taken.length }, earlier);
  const blocked = counted.find(c => c.over && c.limit.force === 'must');
  if (blocked) return refuse('leave.over-limit', `超出${blocked.limit.says}`, sayCounted(blocked), cite(programme!, blocked.limit));
  const over = counted.filter(c => c.over && c.limit.force === 'in-principle');

  const hospital = taken[0]?.visit.hospital ?? postings[0]!.hospital;
  const county = taken[0]?.visit.county ?? postings[0]!.county;
  const clinics = [
    ...new Set(
      rules.of === 'visits' ? taken.map(t => t.visit.clinic) : [...taken.map(t => t.visit.clinic), ...postings.map(p => p.clinic)],
    ),
  ];
  const follows = f.files.find(x => x.visits.some(v => v.made !== null && taken.some(t => t.visit.id === v.made)))?.leave.id ?? null;
  const leave: Leave = {
    id: `${turn}`,
    programme: programme!.id,
    programmeKey: programme!.key,
    county,
    person: person.id,
    hospital,
    from: rules.of === 'visits' ? taken[0]!.visit.day : first,
    to: rules.of === 'visits' ? taken.at(-1)!.visit.day : last,
    kind,
    reason: reason ?? null,
    workdays,
    emergency,
    exception: over.length ? over.map(c => c.limit.says).join('、') : null,
    state: 'open',
    at: now,
    by: actor.person!.id,
    follows,
  };
  const visits = taken.map(
    (t, n): LeaveVisit => ({
      id: numbered(turn, n),
      leave: leave.id,
      person: person.id,
      visit: t.visit.id,
      clinic: t.visit.clinic,
      day: t.visit.day,
      am: t.am,
      pm: t.pm,
      toDay: makeUp.days?.[n]?.day ?? null,
      toAm: makeUp.days?.[n]?.am ?? false,
      toPm: makeUp.days?.[n]?.pm ?? false,
      made: null,
      told: null,
      toldBy: null,
      state: 'on',
    }),
  );
  const steps = stepsOf(rules, leave, { hospital, clinics, county }, start, calendar, approverOf(asked, rules));
  const file: LeaveFile = { leave, visits, steps };
  const s = saying(asked, f, rules, reason ?? '');
  const changes: Change[] = [
    { table: 'leaves', id: leave.id, to: leave },
    ...visits.map((v): Change => ({ table: 'leaveVisits', id: v.id, to: v })),
    ...steps.map((x): Change => ({ table: 'leaveSteps', id: x.id, to: x })),
  ];
  const lines = [
    ...visitLines(file, f.names, today, owes(rules)),
    ...freeDays(args, taken, rules).map(d => `${sayDay(d, today)}没有班次，不用请`),
    askedOf(steps, f.names),
    ...counted.map(c => `${sayCounted(c)}${c.over ? '，超出，属例外' : ''}`),
    ...creditLines(
      asked.calendar,
      rules,
      span,
      f.files.filter(x => live(x.leave)).map(x => x.leave),
    ),
    ...(emergency ? ['准假可以事后补批，返岗后补交材料即可'] : [leadLine(steps, start, s) ?? '批准后方可离岗']),
    ...(makeUp.days
      ? makeUpWarnings({ ...asked, programme: programme! }, f, taken, makeUp.days)
      : emergency && owes(rules)
        ? [`补班日返岗后发：/请假 ${leave.id} 改到 日期`]
        : []),
  ];
  return {
    changes,
    // Nobody on leave is reminded of the visit.
    settles: emergency ? taken.map(t => `visit/${t.visit.id}`) : [],
    tell: [
      ...askStations(file, steps, s),
      ...(own
        ? []
        : [
            {
              key: `leave/${leave.id}/for-you`,
              to: { person: person.id },
              class: 'news' as const,
              about: 'person' as const,
              inGroup: pointer(person.name),
              card: {
                code: 'leave.for-you',
                title: `${actor.person!.name}代您请假：${sayLeaveDays(file, today)}`,
                tone: 'info' as const,
                lines: visitLines(file, f.names, today, owes(rules)),
              },
            },
          ]),
    ],
    reply: {
      code: emergency ? 'leave.emergency' : 'leave.asked-for',
      title: `${emergency ? '紧急请假' : '请假'}已提交，编号${leave.id}`,
      tone: 'ok',
      lines,
      buttons: [{ label: '撤回', command: `/销假 ${leave.id}` }],
    },
  };
};

/** Days that were named one by one and have no visit: said, so that nothing named is passed over in silence. */
const freeDays = (args: Args, taken: readonly Taken[], rules: LeaveRules): Day[] =>
  rules.of === 'visits' ? (args.days ?? []).filter(d => d.from === d.to && !taken.some(t => t.visit.day === d.from)).map(d => d.from) : [];

/** The office that decides for the bureau: the programme's, unless the bureau has named a 分管领导. */
const approverOf = ({ settings }: Asked<Args>, rules: LeaveRules): string | undefined => {
  const office = rules.steps.find(s => s.by === 'bureau')?.office;
  return office === undefined ? undefined : settings.source('leave.approver') === '系统默认' ? office : settings.get('leave.approver');
};

/** Which days? The next visits as buttons, or the leaves there are. */
const which = ({ today }: Asked<Args>, f: Facts, who: string): Decision => {
  const open = f.files.filter(x => live(x.leave) && x.leave.to >= today);
  const next = nextVisits(f.visits, today, 4);
  return {
    reply: {
      code: 'leave.which',
      title: '请哪天的假？',
      tone: 'ask',
      lines: [
        ...open.slice(0, 3).map(x => `编号${x.leave.id} ${sayLeaveDays(x, today)}：${leaveState(x, f.names)}`),
        '直接回复，如：6月12日 家中有事 改到 6月19日',
        '发 取消 不办',
      ],
      buttons: next.map(v => ({
        label: `${sayVisitDay(v, today)} ${f.names.org(v.clinic)}`,
        command: `/请假 ${who}${v.day}${sayHalves(v)}`,
      })),
    },
    waitFor: `/请假${who ? ` ${who.trim()}` : ''}`,
  };
};

/** A day without a planned visit needs no leave. */
const noVisit = ({ today, programme }: Asked<Args>, f: Facts, first: Day, who: string): Decision => {
  const next = nextVisits(f.visits, today, 3);
  return {
    reply: {
      code: 'leave.no-visit',
      title: `${sayDay(first, today)}没有下乡班次，不用请假`,
      tone: 'info',
      lines: next.length ? ['要请的是不是：'] : [`${programme!.title}近期没有您的班次`],
      ...(next.length
        ? {
            buttons: next.map(v => ({
              label: `${sayVisitDay(v, today)} ${f.names.org(v.clinic)}`,
              command: `/请假 ${who}${v.day}${sayHalves(v)}`,
            })),
          }
        : {}),
    },
  };
};

/** The same days are on leave already, or are the make-up of a leave that is still open. */
const overlapping = (
  f: Facts,
  taken: readonly Taken[],
  wanted: readonly HalfDay[],
  rules: LeaveRules,
): ((asked: Asked<Args>) => Decision) | undefined => {
  for (const file of f.files.filter(x => live(x.leave))) {
    const same =
      rules.of === 'workdays'
        ? wanted.some(d => within(d.day, file.leave))
        : file.visits.some(
            v => v.state === 'on' && (taken.some(t => t.visit.id === v.visit) || (!taken.length && wanted.some(d => d.day === v.day))),
          );
    if (same)
      return ({ today }) => ({
        reply: {
          code: 'leave.already',
          title: `${sayLeaveDays(file, today)}已经请过假`,
          tone: 'info',
          lines: [`编号${file.leave.id}：${leaveState(file, f.names)}`, '要改请先撤回再请'],
          buttons: [{ label: file.leave.state === 'open' ? '撤回' : '销假', command: `/销假 ${file.leave.id}` }],
        },
      });
    const awaited =
      file.leave.state === 'open' && file.visits.some(v => v.state === 'on' && !taken.length && wanted.some(d => d.day === v.toDay));
    if (awaited)
      return ({ today }) =>
        refuse(
          'leave.make-up-open',
          `这天是编号${file.leave.id}请假的补班日，还没批下来`,
          `${sayLeaveDays(file, today)}：${leaveState(file, f.names)}`,
          `要换补班日，先 /销假 ${file.leave.id} 再重请`,
        );
  }
  return undefined;
};

/** Too late for the ordinary path: nothing is lost or retyped. */
const tooLate = (
  asked: Asked<Args>,
  f: Facts,
  rules: LeaveRules,
  start: Day,
  said: (more: { emergency?: boolean; to?: string }) => string,
): Decision => {
  const { today, programme, args } = asked;
  const step = rules.steps.find(s => s.lead);
  const to = args.to ? `改到 ${sayHalfDays(halfDays(args.to, undefined))}` : args.open ? '待定' : '';
  const due = step?.lead ? leadDays(start, step.lead, asked.calendar).last : null;
  return {
    reply: {
      code: 'leave.too-late',
      title: due === null ? `${sayDay(start, today)}已经过了` : `${sayDay(start, today)}的假要在${sayDay(due, today)}前请`,
      tone: 'no',
      lines: ['确有急事，点下面的按钮即可，不用重写', ...(step ? [cite(programme!, step)] : [basisOf({ programme: programme!, rules })])],
      buttons: [{ label: '按紧急情况提交', command: said({ emergency: true, to }), style: 'primary' }],
    },
  };
};

type MakeUps = { days: MakeUp[] | null } | { decision: Decision };
const makeUpsOf = (
  asked: Asked<Args>,
  f: Facts,
  rules: LeaveRules,
  taken: readonly Taken[],
  wanted: readonly HalfDay[],
  emergency: boolean,
  said: (more: { to?: string; emergency?: boolean }) => string,
): MakeUps => {
  const { args, today, programme } = asked;
  if (!owes(rules) || !taken.length) return { days: null };
  const again = (title: string, ...lines: string[]): MakeUps => ({
    decision: {
      reply: {
        code: 'leave.make-up',
        title,
        tone: 'ask',
        lines: [...lines, '直接回复日期，如：6月19日', '发 取消 不办', basisOf({ programme: programme!, rules })].slice(0, 6),
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
