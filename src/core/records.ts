/** What is stored, as the rules see it. `db/schema.ts` has one table for each of these, with the same field names. */
import type { Day, Half, Instant, Month } from './day.ts';

/** A personal datum that the store seals on writing: plain text on the way in, masked or absent on the way out. */
export type Secret = string | null;

export type OrgKind = 'bureau' | 'general' | 'hospital' | 'clinic';
export type Level = 'province' | 'city' | 'county' | 'township';

export interface Org {
  id: string;
  kind: OrgKind;
  level: Level;
  name: string;
  /** Names it may be called by; the first is the one shown. */
  names: string[];
  city: string | null;
  /** Name of its county. */
  district: string | null;
  parent: string | null;
  /** The county bureau in charge (of that bureau: itself), for statistics; null above the county. */
  county: string | null;
  /** Affiliation of a hospital (annex 2, column 9) or type of a clinic (column 6). */
  type: 'province' | 'city' | 'county' | 'township' | 'community' | 'private' | null;
  phone: Secret;
  phoneMask: string | null;
  need: string | null;
  /** Place in the annex, from 1. */
  order: number | null;
  /** `lat,lng,metres`; nearness is judged only where the unit has set it. */
  place: string | null;
}

export interface Person {
  id: string;
  name: string;
  phone: Secret;
  /** As it may be shown: 138****1234, or the mask that was published. */
  phoneMask: string | null;
  /** Keyed digest for equality, made by the store. */
  phoneIndex: string | null;
  /** True when `phone` is complete, so that its last four digits prove something. */
  phoneFull: boolean;
  title: string | null;
  specialty: string | null;
  hospital: string | null;
}

export const ROLES = ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'chief', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** A role at an organisation, for a time. */
export interface Grant {
  id: string;
  person: string;
  role: Role;
  org: string;
  /** 股室 of the bureau: 医政股, 基妇股, 人事股, 综合股, 分管领导. */
  office: string | null;
  /** The county bureau in whose programme it is held; null above the county. */
  county: string | null;
  /** B岗: acts only within its dates. */
  deputy: boolean;
  from: Day;
  until: Day | null;
}

/** A platform's user and the person behind. */
export interface Account {
  id: string;
  platform: string;
  app: string;
  account: string;
  person: string;
  /** frozen: the messenger has given out new ids since; nobody acts by it, and it is bound again or stays so. */
  state: 'bound' | 'frozen' | 'ended';
  at: Instant;
}

/** A wish that waits for another's confirmation: to bind an account, to hold a role. */
export interface Request {
  id: string;
  kind: 'bind' | 'rebind' | 'staff';
  platform: string;
  app: string;
  account: string;
  person: string | null;
  name: string;
  org: string | null;
  role: Role | null;
  office: string | null;
  state: 'waiting' | 'agreed' | 'refused' | 'withdrawn';
  at: Instant;
  decidedBy: string | null;
}

/** Wrong tries at binding, by account. */
export interface Lock {
  id: string;
  wrong: number;
  until: Instant | null;
}

export interface Group {
  id: string;
  platform: string;
  app: string;
  conversation: string;
  name: string;
  orgs: string[];
}

/** A group as it was bound before the messenger gave out new ids. It may be bound again by its code. */
export interface FrozenGroup extends Group {
  at: Instant;
  /** Its place now, once it was bound again. */
  again: string | null;
}

export interface RosterVersion {
  id: string;
  programme: string;
  county: string;
  from: Month;
  at: Instant;
  by: string;
  rows: number;
  says: string;
}

/** Who supports which clinic from which month on. Title, specialty and hospital are those of that time. */
export interface Posting {
  id: string;
  programme: string;
  county: string;
  person: string;
  clinic: string;
  hospital: string;
  title: string | null;
  specialty: string | null;
  need: string | null;
  from: Month;
  until: Month | null;
  /** Arranged by the clinic: owes no monthly minimum. */
  arranged: boolean;
  roster: string | null;
}

export const VISIT_TYPES = ['outpatient', 'home', 'rounds', 'lecture', 'training', 'remote', 'other'] as const;
export type VisitType = (typeof VISIT_TYPES)[number];

/** One physician at one clinic on one day, for one or both halves. */
export interface Visit {
  id: string;
  programme: string;
  county: string;
  person: string;
  clinic: string;
  hospital: string;
  posting: string | null;
  day: Day;
  am: boolean;
  pm: boolean;
  type: VisitType;
  planned: boolean;
  /** `leave`: on approved leave, with no other day to make it up yet, or where none is owed. */
  state: 'on' | 'moved' | 'cancelled' | 'leave';
  /** The visit it was moved to, or that it came from. */
  moved: string | null;
  reason: string | null;
  checkedIn: Instant | null;
  /** Entered after the day. */
  late: boolean;
  /** The clinic's word: there, or not there (which is a report and never an absence by itself). */
  presence: 'present' | 'not-there' | null;
  /** When the clinic said that the physician is on the way. */
  onTheWay: Instant | null;
  verifiedBy: string | null;
  verifiedAt: Instant | null;
  /** 'clinic', or 'stand-in' when hospital or bureau verified for it. */
  verifiedAs: 'clinic' | 'stand-in' | null;
  /** The doctor-day: at most one visit of a person and day carries it. Every total is a sum of these. */
  tally: 'waiting' | 'verified' | null;
  /** The doctor-day consists of a half day only. */
  tallyHalf: boolean;
}

/** One piece of evidence of presence. */
export interface CheckIn {
  id: string;
  visit: string;
  person: string;
  clinic: string;
  day: Day;
  at: Instant;
  by: string;
  kind: 'self' | 'stand-in' | 'late';
  note: string | null;
  near: boolean | null;
  leftAt: Instant | null;
  /** Arrived long after it was sent. */
  delayed: boolean;
  /** Paper shown by the one who stood in: its file's content address, size and kind (src/core/check-in-paper.ts). */
  paper: string | null;
}

/** A month's schedule made public for an organisation's subtree. */
export interface Publication {
  id: string;
  programme: string;
  org: string;
  month: Month;
  at: Instant;
  by: string;
}

/** A change of a published visit that waits for the other side. */
export interface Move {
  id: string;
  visit: string;
  toDay: Day | null;
  am: boolean;
  pm: boolean;
  reason: string;
  by: string;
  /** The organisation that must agree. */
  waitsFor: string;
  state: 'waiting' | 'agreed' | 'refused' | 'withdrawn';
}

/** end: the posting ends early; nobody comes back from it. */
export const LEAVE_KINDS = ['sick', 'urgent', 'other', 'end'] as const;
export type LeaveKind = (typeof LEAVE_KINDS)[number];

/** A physician's written leave: what was asked, and where it stands. Its steps and its visits are rows of their own. */
export interface Leave {
  id: string;
  programme: string;
  /** The programme's text that it is judged by, id@sha. */
  programmeKey: string;
  county: string;
  person: string;
  hospital: string;
  from: Day;
  to: Day;
  kind: LeaveKind;
  /** Never shown in a group. */
  reason: Secret;
  /** Workdays asked for; null where a programme counts visits. */
  workdays: number | null;
  /** Too late for the ordinary path, or sudden: told at once, agreed to afterwards. */
  emergency: boolean;
  /** Limits in principle that it exceeds, as they are said; null within all limits. */
  exception: string | null;
  /** moot: nothing is left to ask leave from. ended: reported back before its end. */
  state: 'open' | 'approved' | 'refused' | 'withdrawn' | 'moot' | 'ended';
  at: Instant;
  by: string;
  /** The earlier leave whose make-up day this one asks to change. */
  follows: string | null;
}

/** One visit that a leave is asked from, and when it is made up. */
export interface LeaveVisit {
  id: string;
  leave: string;
  person: string;
  visit: string;
  clinic: string;
  /** Halves of the visit that the leave takes. */
  day: Day;
  am: boolean;
  pm: boolean;
  /** The make-up day; null: not settled yet, or none is owed. */
  toDay: Day | null;
  toAm: boolean;
  toPm: boolean;
  /** The visit that makes it up, once approved. */
  made: string | null;
  /** When the clinic had told the villagers, and who said so. */
  told: Instant | null;
  toldBy: string | null;
  /** dropped: moved, passed on or put back meanwhile. */
  state: 'on' | 'dropped';
}

/** One station of a leave's way: a consent, a decision, a filing; stamped with who, when and how. */
export interface LeaveStep {
  id: string;
  leave: string;
  county: string;
  /** Name of the step in the programme file. */
  step: string;
  kind: 'consent' | 'decision' | 'filing';
  stage: number;
  org: string;
  role: 'hospital' | 'clinic' | 'bureau' | 'general';
  office: string | null;
  /** later: its turn has not come. void: the matter ended without it. */
  state: 'later' | 'waiting' | 'agreed' | 'refused' | 'void';
  /** Last day on which the lead time is kept; null where none is fixed. */
  due: Day | null;
  /** When it came to this station. */
  askedAt: Instant | null;
  by: string | null;
  at: Instant | null;
  /** offline: said by phone or on paper and entered by another. */
  how: 'self' | 'stand-in' | 'offline' | null;
  note: Secret;
  /** Of a filing: its day and document number. */
  on: Day | null;
  number: string | null;
}

/** Somebody's not being there that a named person must weigh. One for each person and day. */
export interface Case {
  id: string;
  programme: string;
  programmeKey: string;
  county: string;
  person: string;
  hospital: string;
  clinic: string;
  visit: string;
  day: Day;
  /** What brought it up: the clinic's report, or an emergency leave that was not agreed to. */
  from: 'report' | 'leave';
  leave: string | null;
  /** closed: corrected before it was weighed. */
  state: 'open' | 'decided' | 'objected' | 'closed';
  at: Instant;
  /** Last day on which both sides are heard. */
  hearUntil: Day;
  finding: 'unexcused' | 'excused' | null;
  why: Secret;
  by: string | null;
  decidedAt: Instant | null;
  /** Last day on which one may object. */
  objectUntil: Day | null;
}

/** What physician or hospital says to a case. */
export interface Statement {
  id: string;
  case: string;
  person: string;
  side: 'physician' | 'hospital' | 'clinic';
  kind: 'explanation' | 'objection';
  text: Secret;
  at: Instant;
}

/** The day's figures (工作量) of one physician at one clinic: one row for each physician, clinic and day. */
export interface Workload {
  id: string;
  programme: string;
  county: string;
  person: string;
  clinic: string;
  hospital: string;
  day: Day;
  /** By the programme's figure ids. A figure that is absent was not reported; 0 was. */
  figures: Record<string, number>;
  /** Figures that are texts: other services. */
  words: Record<string, string>;
  by: string;
  at: Instant;
  /** Who typed them: the physician, or a unit for one. */
  as: 'self' | 'clinic' | 'hospital' | 'bureau';
  /** Entered after its day. */
  late: boolean;
  /** When the physician said yes; null while figures typed by another wait for that. */
  confirmed: Instant | null;
  verifiedBy: string | null;
  verifiedAt: Instant | null;
  /** Why they were last corrected; the versions before stand in the journal. */
  reason: string | null;
  /** A correction of verified figures that waits for the clinic's yes; until then the verified ones stand. */
  proposal: Proposal | null;
}

/** Figures as they would be, and whose wish that is. */
export interface Proposal {
  figures: Record<string, number>;
  words: Record<string, string>;
  by: string;
  at: Instant;
  reason: string;
}

/** What a unit reports of its month: a clinic's publicity, a hospital's cost. One row for each unit and month. */
export interface UnitMonth {
  id: string;
  programme: string;
  county: string;
  org: string;
  month: Month;
  /** By the programme's figure ids; absent: not reported. Yes and no are 1 and 0; money is in fen. */
  figures: Record<string, number>;
  words: Record<string, string>;
  by: string;
  at: Instant;
  /** Why another's word was changed. */
  reason: string | null;
}

/** Doctor-days of a clinic's month taken over from paper, of a county that started in mid-year. No visits are invented. */
export interface PaperTotal {
  id: string;
  programme: string;
  county: string;
  clinic: string;
  month: Month;
  doctorDays: number;
  by: string;
  at: Instant;
}

/** One who was served and may be called. Seen by clinic and bureau roles only; every reading is journalled. */
export interface Beneficiary {
  id: string;
  programme: string;
  county: string;
  clinic: string;
  hospital: string;
  person: string | null;
  day: Day;
  name: Secret;
  phone: Secret;
  phoneMask: string | null;
  phoneIndex: string | null;
  /** What they wished for (诉求); never a diagnosis. */
  wish: Secret;
  /** Was told that the number is for a call about satisfaction. */
  informed: boolean;
  by: string;
  at: Instant;
  /** Erased after this day. */
  keepUntil: Day;
  state: 'kept' | 'erased';
}

/** A drawing of beneficiaries to be called: whoever has its seed draws the same again. */
export interface Sample {
  id: string;
  programme: string;
  county: string;
  kind: 'month' | 'year';
  /** null: the year's. */
  month: Month | null;
  size: number;
  /** How many there were to draw from. */
  pool: number;
  seed: string;
  /** The bureau's recorded order, of a year's export. */
  order: string | null;
  /** What the city found of the year's: how many of each result. */
  results: Partial<Record<FollowUpResult, number>> | null;
  by: string;
  at: Instant;
}

export const FOLLOW_UP_RESULTS = ['satisfied', 'fairly', 'dissatisfied', 'refused', 'unreachable'] as const;
export type FollowUpResult = (typeof FOLLOW_UP_RESULTS)[number];

/** A follow-up call (回访) to one of a sample. */
export interface FollowUp {
  id: string;
  sample: string;
  county: string;
  clinic: string;
  beneficiary: string;
  /** Its place in the sample, from 1. */
  place: number;
  result: FollowUpResult | null;
  note: Secret;
  by: string | null;
  at: Instant | null;
}

export const REPORT_KINDS = ['month', 'first', 'closing'] as const;
/** month: a month's report. first: with the four parts, after the first month. closing: 年终补报. */
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Where a unit's report (月报) stands. No row: nothing yet. */
export interface Report {
  id: string;
  programme: string;
  /** The programme's text that it is judged by, id@sha. */
  programmeKey: string;
  county: string;
  org: string;
  month: Month;
  kind: ReportKind;
  state: 'draft' | 'filed' | 'returned' | 'accepted' | 'locked';
  /** What was filed last. */
  filing: string | null;
  /** Text parts by the programme's names: 存在问题 and so on. */
  parts: Record<string, string>;
  /** Why it was returned, or unlocked. */
  why: string | null;
  by: string | null;
  at: Instant | null;
  /** Unlocked until the end of this day. */
  openUntil: Day | null;
  /** The day of the last /催报 to it. */
  reminded: Day | null;
}

/** One filing of a report, kept as it was filed. */
export interface Filing {
  id: string;
  report: string;
  programme: string;
  county: string;
  org: string;
  month: Month;
  kind: ReportKind;
  /** 截至: what was known then is in it. */
  at: Instant;
  by: string;
  /** stand-in (代办): filed for the unit by its hospital or bureau. */
  as: 'self' | 'stand-in';
  /** Last day of filing in time. */
  due: Day;
  late: boolean;
  /** Why there is nothing to report (零报告). */
  zero: string | null;
  parts: Record<string, string>;
  /** The unit's own figures of the month as filed. */
  figures: Record<string, number>;
  words: Record<string, string>;
  state: 'current' | 'superseded';
}

/** One line of a filing: a physician at a clinic on a day, as it was filed. */
export interface FiledLine {
  id: string;
  filing: string;
  report: string;
  county: string;
  /** Month of the report that it stands in; `day` may lie before. */
  month: Month;
  person: string;
  clinic: string;
  hospital: string;
  day: Day;
  /** The line carries the doctor-day: of a day at two clinics only one does. */
  counted: boolean;
  half: boolean;
  /** 补报: of an earlier month that no filed report contained. */
  supplement: boolean;
  figures: Record<string, number>;
  words: Record<string, string>;
  /** 未经医师确认, 代填 and the like. */
  note: string | null;
}

/** A hospital's yes to its own people's lines of a month. */
export interface Confirmation {
  id: string;
  programme: string;
  county: string;
  org: string;
  month: Month;
  lines: number;
  by: string;
  at: Instant;
}

/** The bureau's own file for a form: filled from then on. */
export interface Template {
  id: string;
  county: string;
  form: string;
  /** Content address of the file, and its name. */
  file: string;
  name: string;
  /** Which column of the sheet takes which column of the form, as recognised from its header cells. */
  columns: Record<string, number>;
  by: string;
  at: Instant;
  state: 'on' | 'replaced';
}

/** Rows read from a file or a paste, waiting for a button. */
export interface Draft {
  id: string;
  kind: 'roster' | 'contacts' | 'paper-totals' | 'beneficiary' | 'lines';
  programme: string | null;
  by: string;
  at: Instant;
  /** JSON of the rows read; sealed, since rosters carry phones. */
  rows: Secret;
  from: Month | null;
  state: 'waiting' | 'done' | 'dropped';
}

/** A neutral notice that was accepted once and is then silent. */
export interface Acceptance {
  id: string;
  by: string;
  at: Instant;
}

/** What the bureau has set, over the programme's value or the default. */
export interface Setting {
  id: string;
  key: string;
  org: string;
  value: string;
  /** Name of the one who set it, as it is shown beside the value. */
  by: string;
  at: Instant;
}

/** A question the bot has asked and waits an answer to, in one conversation from one account. */
export interface Question {
  id: string;
  conversation: string;
  account: string;
  /** The command line so far, sealed, since it may hold a reason for leave; the answer is put behind it. */
  text: Secret;
  day: Day;
  expires: Instant;
}

/** A one-time link to the pages, by the digest of its token; later the session. */
export interface Session {
  id: string;
  person: string;
  kind: 'link' | 'session';
  expires: Instant;
}

/** A one-time code, by its digest. */
export interface Code {
  id: string;
  usedBy: string | null;
  /** The account or frozen group that it binds again; null: the first admin's. */
  for: string | null;
}

/** A day whose kind differs from the State Council calendar that the program knows, or of a year it does not know. */
export interface CalendarDay {
  id: Day;
  work: boolean;
  name: string;
  source: string;
}

export interface Records {
  orgs: Org;
  people: Person;
  grants: Grant;
  accounts: Account;
  requests: Request;
  locks: Lock;
  groups: Group;
  frozenGroups: FrozenGroup;
  rosters: RosterVersion;
  postings: Posting;
  visits: Visit;
  checkIns: CheckIn;
  publications: Publication;
  moves: Move;
  leaves: Leave;
  leaveVisits: LeaveVisit;
  leaveSteps: LeaveStep;
  cases: Case;
  statements: Statement;
  workloads: Workload;
  unitMonths: UnitMonth;
  paperTotals: PaperTotal;
  beneficiaries: Beneficiary;
  samples: Sample;
  followUps: FollowUp;
  reports: Report;
  filings: Filing;
  filedLines: FiledLine;
  confirmations: Confirmation;
  templates: Template;
  drafts: Draft;
  acceptances: Acceptance;
  settings: Setting;
  questions: Question;
  sessions: Session;
  codes: Code;
  calendarDays: CalendarDay;
}
export type Table = keyof Records;

/** What a plan made beside the turns leans on: all rows of a table, or those of which it says so, as they were or as they became. */
export type LeansOn = { readonly [T in Table]?: 'all' | ((row: Records[T]) => boolean) };

/** One row from → to. `to: null` deletes. `was` must still be true of the row before, else the turn is a conflict. */
export type Change = { [T in Table]: { table: T; id: string; to: Records[T] | null; was?: Partial<Records[T]> } }[Table];

export const halvesOf = (v: { am: boolean; pm: boolean }): Half[] => [
  ...(v.am ? (['am'] as const) : []),
  ...(v.pm ? (['pm'] as const) : []),
];

/** Somebody of whom only the name is known. */
export const newPerson = (id: string, name: string): Person => ({
  id,
  name,
  phone: null,
  phoneMask: null,
  phoneIndex: null,
  phoneFull: false,
  title: null,
  specialty: null,
  hospital: null,
});

/** Id of the nth new record of a turn in its table: `57`, `57-2` … This is the 编号 people type. */
export const numbered = (turn: number, n = 0): string => (n === 0 ? `${turn}` : `${turn}-${n + 1}`);

/** Ids for the new records of one turn, in each table one after the other. */
export const numbering = (turn: number): ((table: Table) => string) => {
  const counts = new Map<Table, number>();
  return table => {
    const n = counts.get(table) ?? 0;
    counts.set(table, n + 1);
    return numbered(turn, n);
  };
};
