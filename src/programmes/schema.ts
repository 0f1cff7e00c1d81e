/** A programme file: the rules of one government document as data. Numbers stand beside their clause; what a document does not say is absent, never 0. */
import { z } from 'zod';
import type { Day } from '../core/day.ts';

const day = z.iso.date({ error: '要写成 2024-01-31 这样的日期' }).transform(d => d as Day);

/** must: 必须. in-principle: 原则上，可说明理由例外. encouraged: 鼓励，只作记录. */
export const Force = z.enum(['must', 'in-principle', 'encouraged'], { error: '只能是 must、in-principle 或 encouraged' });

/** Where a rule stands and what it says in our own short words. */
const rule = { clause: z.string().min(1, '要写明条款'), says: z.string().min(1, '要写明规则的简短说法'), force: Force.default('must') };

const Rule = z.strictObject(rule);
const halfDays = z.int('要写整数').min(1).max(62);

export const ProgrammeFile = z.strictObject({
  id: z.string().regex(/^[a-z]+-\d{4}$/, '要像 yongding-2024'),
  title: z.string().min(1),
  document: z.strictObject({ title: z.string(), number: z.string().nullable(), issuer: z.string() }),
  /** The county (or higher) bureau that runs it. */
  bureau: z.string(),
  city: z.string(),
  district: z.string(),
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
  roster: z.strictObject({ change: Rule.optional(), clinics: z.int().optional(), need: Rule.optional() }).optional(),
  reporter: Rule.optional(),
  report: z.strictObject({ ...rule, 'due-day': z.int().min(1).max(31), covers: z.enum(['same-month', 'month-before']) }).optional(),
  supervision: z
    .strictObject({
      hospitals: z.strictObject({ office: z.string(), clause: z.string() }),
      clinics: z.strictObject({ office: z.string(), clause: z.string() }),
    })
    .optional(),
  /** People of the bureau named as contact; absent in the file, set by the bureau. */
  contact: z.string().optional(),
});
export type ProgrammeData = z.infer<typeof ProgrammeFile>;
export type RuleData = z.infer<typeof Rule>;

/** A loaded programme file with the key of its text. */
export interface Programme extends ProgrammeData {
  /** id@sha256 shortened: decisions carry it. */
  key: string;
}

/** `依据 永卫〔2024〕13号 七（三）：须书面请假` */
export const cite = (p: Pick<Programme, 'document'>, r: { clause: string; says: string }): string =>
  `依据 ${p.document.number ?? `《${p.document.title}》`} ${r.clause}：${r.says}`;
