/** A programme file: the rules of one government document as data. Numbers stand beside their clause; what a document does not say is absent, never 0. */
import { z } from 'zod';
import type { Day, Month } from '../core/day.ts';

const day = z.iso.date({ error: '要写成 2024-01-31 这样的日期' }).transform(d => d as Day);

/** must: 必须. in-principle: 原则上，可说明理由例外. encouraged: 鼓励，只作记录. */
export const Force = z.enum(['must', 'in-principle', 'encouraged'], { error: '只能是 must、in-principle 或 encouraged' });

/** Where a rule stands and what it says in our own short words. */
const rule = { clause: z.string().min(1, '要写明条款'), says: z.string().min(1, '要写明规则的简短说法'), force: Force.default('must') };

const Rule = z.strictObject(rule);
const halfDays = z.int('要写整数').min(1).max(62);

/** So many days before: of the calendar, or workdays. */
const lead = z.strictObject({ days: z.int().min(0).max(60), counted: z.enum(['calendar', 'work'], { error: '只能是 calendar 或 work' }) });

/** A station of leave. Steps of one stage are asked at the same time; the next stage begins when all have agreed. */
const Step = z.strictObject({
  ...rule,
  id: z.string().regex(/^[a-z-]+$/, '要用小写字母'),
  by: z.enum(['hospital', 'clinic', 'bureau', 'general'], { error: '只能是 hospital、clinic、bureau 或 general' }),
  office: z.string().optional(),
  stage: z.int().min(1).max(9),
  /** Its yes grants the leave; without such a step all consents together do. */
  decides: z.boolean().default(false),
  lead: lead.optional(),
});

const Limit = z
  .strictObject({
    ...rule,
    per: z.enum(['leave', 'month', 'quarter', 'year'], { error: '只能是 leave、month、quarter 或 year' }),
    times: z.int().min(1).optional(),
    workdays: z.int().min(1).optional(),
    /** Who may make an exception from a limit in principle. */
    except: z.enum(['hospital', 'clinic', 'bureau', 'general']).optional(),
  })
  .refine(l => (l.times === undefined) !== (l.workdays === undefined), '要写 times 或 workdays 其中一项');

/** Each hop by which it is reported upward. */
const Filing = z.strictObject({ ...rule, hops: z.array(z.string()).min(1), lead: lead.optional() });

const Leave = z.strictObject({
  ...rule,
  /** visits: only a planned visit needs leave. workdays: every workday of the posting does. */
  of: z.enum(['visits', 'workdays'], { error: '只能是 visits 或 workdays' }),
  /** What must be stated. */
  states: z.array(z.enum(['reason', 'make-up'])).default(['reason']),
  steps: z.array(Step).min(1, '至少要有一步'),
  filing: Filing.optional(),
  /** Who tells the villagers. */
  notice: Rule.optional(),
  limits: z.array(Limit).default([]),
  /** Share of a month's workdays below which it does not count. */
  credit: z
    .strictObject({
      ...rule,
      share: z.number().gt(0).max(1),
      scope: z.enum(['early-end', 'everyone'], { error: '只能是 early-end 或 everyone' }),
    })
    .optional(),
});

/** A posting that cannot be served to its end: asked for and reported like a leave, without its days and limits. */
const EarlyEnd = z
  .strictObject({ ...rule, steps: z.array(Step).min(1, '至少要有一步'), filing: Filing.optional() })
  .transform((r): z.infer<typeof Leave> => ({ ...r, of: 'visits', states: ['reason'], limits: [] }));

/** What follows findings: the rung of so many in a month, a quarter or a year. */
const Rung = z.strictObject({
  per: z.enum(['month', 'quarter', 'year']),
  times: z.int().min(1),
  clause: z.string().min(1),
  measures: z.array(z.strictObject({ what: z.string(), by: z.string() })).min(1),
});

const Absence = z.strictObject({
  /** What a finding is called. */
  label: z.string().min(1),
  clause: z.string().min(1),
  says: z.string().min(1),
  /** Office of the bureau whose named person decides. */
  office: z.string().optional(),
  ladder: z.array(Rung).default([]),
});

const figureId = z.string().regex(/^[a-z]+(-[a-z]+)*$/, '要用小写字母');

/** One figure: what it is called, how it is typed, and what the official form calls it. */
const Figure = z.strictObject({
  id: figureId,
  /** As it is typed and shown: 诊疗. */
  name: z.string().min(1),
  /** Other words for it. */
  words: z.array(z.string()).default([]),
  /** What is said around its number: 看…病人. */
  sayings: z.array(z.string().regex(/^[^…]+…[^…]+$/, '写成 看…病人 这样，… 处是数字')).default([]),
  /** 人次, 次, 份. */
  unit: z.string().default(''),
  /** count: whole numbers. yes-no: 1 or 0. money: yuan. text: words. */
  kind: z.enum(['count', 'yes-no', 'money', 'text'], { error: '只能是 count、yes-no、money 或 text' }).default('count'),
  /** Never asked for. */
  optional: z.boolean().default(false),
  /** Above this it is asked about, never refused. */
  unusual: z.int().min(1).optional(),
  /** Guidance of the clinic's own people. */
  guidance: z.boolean().default(false),
  /** More than 0 of it meets this duty of the month. */
  meets: z.enum(['home-visit']).optional(),
  clause: z.string().optional(),
});

/** Who files a report, in the order in which it goes up. */
const Filer = z.strictObject({
  ...rule,
  by: z.enum(['clinic', 'hospital', 'county', 'city'], { error: '只能是 clinic、hospital、county 或 city' }),
  /** files: its own lines. confirms: its own people's lines, in one tap, without blocking. compiles: what stands below, and sends it up. */
  does: z.enum(['files', 'confirms', 'compiles'], { error: '只能是 files、confirms 或 compiles' }),
  office: z.string().optional(),
});

const Report = z.strictObject({
  ...rule,
  'due-day': z.int().min(1).max(31),
  /** The month that a report due in a month covers. */
  covers: z.enum(['same-month', 'month-before'], { error: '只能是 same-month 或 month-before' }),
  /** until-filing: closes when it is filed; later visits stand as 补报 in the next. whole-month: the month is over when it is due. */
  window: z.enum(['until-filing', 'whole-month'], { error: '只能是 until-filing 或 whole-month' }).default('until-filing'),
  filers: z
    .array(Filer)
    .min(1, '至少要有一个填报单位')
    .default([{ by: 'clinic', does: 'files', clause: '（未写明）', says: '受援单位填报', force: 'must' }]),
  /** The first report, with its text parts; without a day of its own it is due like the others. */
  first: z
    .strictObject({
      ...rule,
      month: z
        .string()
        .regex(/^\d{4}-\d\d$/, '要像 2024-03')
        .transform(m => m as Month),
      due: day.optional(),
      parts: z.array(z.string()).min(1),
    })
    .optional(),
  /** 年终补报: visits after the last report, until this day. */
  closing: z.strictObject({ ...rule, due: day }).optional(),
});

/** People who were served and may be called about their satisfaction. */
const Beneficiaries = z.strictObject({
  ...rule,
  /** Days they are kept after the day of service; no document says how long, so it is the program's default unless a clause is given. */
  keep: z.strictObject({ days: z.int().min(1).max(3660), clause: z.string().optional(), says: z.string() }),
  'follow-up': z.strictObject({ ...rule, per: z.literal('month'), people: z.int().min(1) }).optional(),
  /** How many must be there for the year's sample. */
  pool: z.strictObject({ ...rule, people: z.int().min(1), by: z.string() }).optional(),
});

/** What fills a column: `/` or nothing as printed, the row's number, its day, its doctor-days, a field of its clinic, hospital or physician, a figure of its line (`figure.…`) or of its clinic's month (`month.…`), how many beneficiaries are listed elsewhere. */
const Fill = z
  .string()
  .regex(
    /^(\/|number|day|doctor-days|beneficiaries|need|clinic\.(name|city|district|phone|type)|hospital\.(name|type)|person\.(name|title|specialty|phone)|(figure|month)\.[a-z]+(-[a-z]+)*)?$/,
    '不认识这个填法',
  );

/** A column of an official form, in the order and with the wording in which it was issued. */
const Column = z.strictObject({
  /** Header texts from top to bottom; neighbours under the same text share one merged cell. */
  head: z.array(z.string().min(1)).min(1).max(3, '表头最多三行'),
  fill: Fill,
  /** One column for each month of the year; `{month}` in the header is its number. */
  each: z.literal('month').optional(),
  /** In characters. */
  width: z.number().min(2).max(60).default(9),
  /** Total row: a sum, the number of 是, `/`, nothing, or a figure of units' months that stands in the total only. */
  total: z
    .string()
    .regex(/^(sum|yes|\/|month\.[a-z]+(-[a-z]+)*)?$/, '只能是 sum、yes、/ 或 month.…')
    .default(''),
});

/** An official form (附件). */
const OfficialForm = z.strictObject({
  /** As people ask for it: 附件1. */
  id: z.string().min(1),
  /** Other words for it. */
  words: z.array(z.string()).default([]),
  title: z.string().min(1),
  clause: z.string().min(1, '要写明条款'),
  /** false: no form was issued; this is a plain table of the figures that the programme asks for. */
  issued: z.boolean().default(true),
  /** units: clinics of a county, counties above it. clinics: one row each. postings: the roster. lines: one row for each physician, clinic and day. */
  rows: z.enum(['units', 'clinics', 'postings', 'lines'], { error: '只能是 units、clinics、postings 或 lines' }),
  /** Between title and header: `{unit}`, `{reporter}`, `{date}` are filled in; a place for a seal stays empty. */
  above: z.array(z.string()).default([]),
  columns: z.array(Column).min(1, '至少要有一列'),
  /** The total row: its label, and over how many columns it stands. */
  total: z.strictObject({ label: z.string(), over: z.int().min(1) }).optional(),
  notes: z.array(z.string()).default([]),
});

/** A summary's draft: sections by what fills them; what people must write is marked. */
const Summary = z.strictObject({
  ...rule,
  /** As people ask for it: 年度, 阶段. */
  id: z.string().min(1),
  /** A line break stands where the title should break. */
  title: z.string().min(1),
  due: day,
  /** What it covers; absent: the programme's term up to its due day. */
  until: day.optional(),
  /** Whose summary it is: supporting and receiving units, the bureau. */
  by: z.array(z.enum(['hospital', 'clinic', 'county', 'city'], { error: '只能是 hospital、clinic、county 或 city' })).min(1),
  sections: z
    .array(
      z.strictObject({
        head: z.string().min(1),
        /** figures: from the records. problems: named from the records. write: to be written by people. */
        fill: z.enum(['figures', 'presence', 'publicity', 'problems', 'write'], {
          error: '只能是 figures、presence、publicity、problems 或 write',
        }),
        ask: z.string().optional(),
      }),
    )
    .min(1),
});

/** 年度目标: a number that the whole programme is to reach from its first day to this one, of what was verified. */
const Target = z.strictObject({
  ...rule,
  id: figureId,
  /** doctor-days: 人次. people: physicians who served at least a day. `figure.…`: the sum of a figure of the day's work. */
  counts: z.string().regex(/^(doctor-days|people|figure\.[a-z]+(-[a-z]+)*)$/, '只能是 doctor-days、people 或 figure.…'),
  /** What it is called where the records' word is too narrow: 派驻人员. */
  name: z.string().min(1).optional(),
  wanted: z.int('要写整数').min(1),
  until: day,
});

const Contents = z.strictObject({
  id: z.string().regex(/^[a-z]+-\d{4}$/, '要像 yongding-2024'),
  title: z.string().min(1),
  document: z.strictObject({ title: z.string(), number: z.string().nullable(), issuer: z.string() }),
  /** The county (or higher) bureau that runs it. */
  bureau: z.string(),
  /** Region of a county's programme; absent for one of a whole city or province. */
  city: z.string().optional(),
  district: z.string().optional(),
  term: z.strictObject({ from: day, until: day, clause: z.string() }),
  /** Titles that may be sent. */
  titles: Rule.optional(),
  /** A physician's monthly duty, in half days (two are a day). */
  duty: z
    .strictObject({
      ...rule,
      per: z.literal('month'),
      'half-days': halfDays,
      exempt: z.array(z.strictObject({ clinic: z.string(), clause: z.string(), says: z.string() })).default([]),
    })
    .optional(),
  'home-visit': z.strictObject({ ...rule, per: z.literal('month'), 'half-days': halfDays }).optional(),
  /** Clinics to be covered each month. */
  coverage: z.strictObject({ ...rule, clinics: z.int() }).optional(),
  /** What one doctor-day is. */
  'doctor-day': Rule.optional(),
  schedule: z.strictObject({ fixed: Rule.optional(), change: Rule.optional(), publish: Rule.optional() }).optional(),
  /** Who reports presence, and to whom somebody's not coming is reported. */
  presence: z
    .strictObject({ duty: Rule.optional(), report: Rule.optional(), kind: z.enum(['by-schedule', 'every-workday']).default('by-schedule') })
    .optional(),
  leave: Leave.optional(),
  'early-end': EarlyEnd.optional(),
  absence: Absence.optional(),
  roster: z.strictObject({ change: Rule.optional(), clinics: z.int().optional(), need: Rule.optional() }).optional(),
  reporter: Rule.optional(),
  /** The day's figures of a physician, in the order of the official form. */
  workload: z
    .strictObject({
      ...rule,
      figures: z.array(Figure).min(1, '至少要有一项'),
      /** A day with so few patients or fewer (of the first figure), spent on guidance, is a full day. */
      guidance: z.strictObject({ ...rule, few: z.int().min(0) }).optional(),
    })
    .optional(),
  /** What a receiving unit reports of its month beside its physicians' figures. */
  publicity: z.strictObject({ ...rule, figures: z.array(Figure).min(1, '至少要有一项') }).optional(),
  /** A supporting hospital's cost of the month, total only. */
  cost: z.strictObject({ ...rule, figures: z.array(Figure).min(1, '至少要有一项') }).optional(),
  beneficiaries: Beneficiaries.optional(),
  report: Report.optional(),
  forms: z.array(OfficialForm).default([]),
  /** What the document wants to have reached by when. */
  targets: z.array(Target).default([]),
  /** Drafts of a year's or a stage's summary. */
  summaries: z.array(Summary).default([]),
  supervision: z
    .strictObject({
      hospitals: z.strictObject({ office: z.string(), clause: z.string() }),
      clinics: z.strictObject({ office: z.string(), clause: z.string() }),
    })
    .optional(),
  /** People of the bureau named as contact; absent in the file, set by the bureau. */
  contact: z.string().optional(),
});

/** Figures that a form or a target names must be there, and a target's day must lie in the programme's time. */
export const ProgrammeFile = Contents.superRefine((p, context) => {
  const line = new Set(p.workload?.figures.map(f => f.id));
  const unit = new Set([...(p.publicity?.figures ?? []), ...(p.cost?.figures ?? [])].map(f => f.id));
  p.forms.forEach((form, i) =>
    form.columns.forEach((column, c) => {
      for (const said of [column.fill, column.total]) {
        const [of, id = ''] = said.split('.');
        const known = of === 'figure' ? line : of === 'month' ? unit : undefined;
        if (known && !known.has(id))
          context.addIssue({ code: 'custom', path: ['forms', i, 'columns', c], message: `方案里没有 ${id} 这一项` });
      }
    }),
  );
  const counts = new Set(p.workload?.figures.filter(f => f.kind === 'count').map(f => f.id));
  p.targets.forEach((target, i) => {
    const wrong = (at: string, message: string) => context.addIssue({ code: 'custom', path: ['targets', i, at], message });
    const [, figure] = target.counts.split('.');
    if (figure !== undefined && !counts.has(figure)) wrong('counts', `方案的工作量里没有能计数的 ${figure} 这一项`);
    if (target.until < p.term.from || target.until > p.term.until) wrong('until', `${target.until} 不在方案期内`);
    if (p.targets.findIndex(t => t.id === target.id) < i) wrong('id', `${target.id} 写了两次`);
  });
});
export type ProgrammeData = z.infer<typeof ProgrammeFile>;
export type LeaveRules = z.infer<typeof Leave>;
export type LeaveLimit = z.infer<typeof Limit>;
export type Lead = z.infer<typeof lead>;
export type AbsenceRules = z.infer<typeof Absence>;
export type FigureData = z.infer<typeof Figure>;
export type ReportRules = z.infer<typeof Report>;
export type FilerData = z.infer<typeof Filer>;
export type BeneficiaryRules = z.infer<typeof Beneficiaries>;
export type FormData = z.infer<typeof OfficialForm>;
export type TargetData = z.infer<typeof Target>;
export type SummaryData = z.infer<typeof Summary>;
export type Measure = z.infer<typeof Rung>['measures'][number];

/** A loaded programme file with the key of its text. */
export interface Programme extends ProgrammeData {
  /** id@sha256 shortened: decisions carry it. */
  key: string;
}

/** `依据 永卫〔2024〕13号 七（三）：须书面请假` */
export const cite = (p: Pick<Programme, 'document'>, r: { clause: string; says: string }): string =>
  `依据 ${p.document.number ?? `《${p.document.title}》`} ${r.clause}：${r.says}`;
