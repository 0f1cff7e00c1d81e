/** Every table, written once for both engines. Column names are the names of the records' fields. */
import { sql } from 'drizzle-orm';
import type { Card } from '../src/core/card.ts';
import type { Instant } from '../src/core/day.ts';
import type { Records, Table } from '../src/core/records.ts';
import {
  columnsOf,
  type Decode,
  decoderOf,
  type Index,
  type Kind,
  type Kit,
  type StoredTable,
  type TableDeclaration,
  type TableShape,
  tellerOf,
} from './kit.ts';

/** The platform on which people choose by a number. */
export const TYPED = 'wechat';

interface InboxRow {
  seq: number;
  platform: string;
  app: string;
  eventId: string;
  conversation: string;
  account: string;
  sentAt: Instant;
  receivedAt: Instant;
  state: string | null;
  code: string | null;
}
interface JournalTableRow {
  seq: number;
  turn: number;
  at: Instant;
  sentAt: Instant;
  actor: string | null;
  command: string;
  table: string;
  row: string;
  before: string | null;
  after: string | null;
  source: string;
  hash: string;
}
interface OutboxTableRow {
  seq: number;
  turn: number;
  key: string;
  topic: string | null;
  platform: string;
  app: string;
  conversation: string;
  place: string;
  class: string;
  card: Card;
  /** 0: at once. */
  notBefore: Instant;
  expires: Instant | null;
  replyTo: string | null;
  state: string;
  attempts: number;
  providerId: string | null;
  error: string | null;
  createdAt: Instant;
  settledAt: Instant | null;
}
/** Somebody whom an outbox row reaches directly or calls by name: what the day's limit of unasked messages is counted from. */
interface CallRow {
  person: string;
  seq: number;
}
interface JobRunRow {
  job: string;
  slot: Instant;
  ranAt: Instant;
  result: string;
}
interface ProgrammeRow {
  key: string;
  programme: string;
  text: string;
  at: Instant;
}
interface LeaseRow {
  conversation: string;
  holder: string;
  until: Instant;
}
interface MetaRow {
  key: string;
  value: string;
}
interface AnyDeclaration {
  columns: Readonly<Record<string, string>>;
  indexes?: Readonly<Record<string, Index>>;
  seq?: true;
}
interface EngineTables {
  inbox: InboxRow;
  journal: JournalTableRow;
  outbox: OutboxTableRow;
  calls: CallRow;
  jobRuns: JobRunRow;
  programmes: ProgrammeRow;
  leases: LeaseRow;
  meta: MetaRow;
}

/** One table for each record. A hidden `seq` keeps the order in which rows were made, which is the order they are read in. */
const recordTables: { readonly [T in Table]: TableDeclaration<Records[T]> } = {
  orgs: {
    columns: {
      id: 'text',
      kind: 'text',
      level: 'text',
      name: 'text',
      names: 'json',
      city: 'text?',
      district: 'text?',
      parent: 'text?',
      county: 'text?',
      type: 'text?',
      phone: 'secret?',
      phoneMask: 'text?',
      need: 'text?',
      order: 'int?',
      place: 'text?',
    },
    indexes: { name: { on: ['name'] }, county: { on: ['county', 'kind'] } },
  },
  people: {
    columns: {
      id: 'text',
      name: 'text',
      phone: 'secret?',
      phoneMask: 'text?',
      phoneIndex: 'text?',
      phoneFull: 'bool',
      title: 'text?',
      specialty: 'text?',
      hospital: 'text?',
    },
    indexes: { name: { on: ['name'] }, phone: { on: ['phoneIndex'], where: '"phoneIndex" is not null' }, hospital: { on: ['hospital'] } },
  },
  grants: {
    columns: {
      id: 'text',
      person: 'text',
      role: 'text',
      org: 'text',
      office: 'text?',
      county: 'text?',
      deputy: 'bool',
      from: 'text',
      until: 'text?',
    },
    indexes: { person: { on: ['person'] }, org: { on: ['org', 'role'] }, county: { on: ['county', 'role'] } },
  },
  accounts: {
    columns: { id: 'text', platform: 'text', app: 'text', account: 'text', person: 'text', state: 'text', at: 'int' },
    indexes: { bound: { on: ['platform', 'app', 'account'], unique: true, where: `"state" = 'bound'` }, person: { on: ['person'] } },
  },
  requests: {
    columns: {
      id: 'text',
      kind: 'text',
      platform: 'text',
      app: 'text',
      account: 'text',
      person: 'text?',
      name: 'text',
      org: 'text?',
      role: 'text?',
      office: 'text?',
      state: 'text',
      at: 'int',
      decidedBy: 'text?',
    },
    indexes: { waiting: { on: ['platform', 'app', 'account'], where: `"state" = 'waiting'` } },
  },
  locks: { columns: { id: 'text', wrong: 'int', until: 'int?' } },
  groups: {
    columns: { id: 'text', platform: 'text', app: 'text', conversation: 'text', name: 'text', orgs: 'json' },
    indexes: { conversation: { on: ['platform', 'app', 'conversation'], unique: true } },
  },
  frozenGroups: {
    columns: {
      id: 'text',
      platform: 'text',
      app: 'text',
      conversation: 'text',
      name: 'text',
      orgs: 'json',
      at: 'int',
      again: 'text?',
    },
  },
  rosters: {
    columns: { id: 'text', programme: 'text', county: 'text', from: 'text', at: 'int', by: 'text', rows: 'int', says: 'text' },
    indexes: { county: { on: ['county', 'programme'] } },
  },
  postings: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      person: 'text',
      clinic: 'text',
      hospital: 'text',
      title: 'text?',
      specialty: 'text?',
      need: 'text?',
      from: 'text',
      until: 'text?',
      arranged: 'bool',
      roster: 'text?',
    },
    indexes: {
      person: { on: ['person'] },
      clinic: { on: ['clinic'] },
      hospital: { on: ['hospital'] },
      county: { on: ['county', 'programme'], carries: ['from', 'until', 'clinic', 'hospital'] },
    },
  },
  visits: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      person: 'text',
      clinic: 'text',
      hospital: 'text',
      posting: 'text?',
      day: 'text',
      am: 'bool',
      pm: 'bool',
      type: 'text',
      planned: 'bool',
      state: 'text',
      moved: 'text?',
      reason: 'text?',
      checkedIn: 'int?',
      late: 'bool',
      presence: 'text?',
      onTheWay: 'int?',
      verifiedBy: 'text?',
      verifiedAt: 'int?',
      verifiedAs: 'text?',
      tally: 'text?',
      tallyHalf: 'bool',
    },
    indexes: {
      // Finds a physician's visits, and lets only one visit of a doctor-day hold it.
      doctor_day: { on: ['person', 'day', `(case when "tally" is null then "id" else '' end)`], unique: true },
      clinic: { on: ['clinic', 'day'] },
      hospital: { on: ['hospital', 'day'] },
      day: { on: ['day', 'county'] },
      // Holds all that a county's sums need, so that the table itself is not read.
      sums: {
        on: ['county', 'programme', 'day', 'tally', 'tallyHalf', 'planned', 'state', 'presence', 'am', 'clinic', 'hospital', 'person'],
      },
      moved: { on: ['moved'], where: '"moved" is not null' },
      // A planned afternoon looks here whether the day is counted with its morning.
      morning: { on: ['person', 'day'], where: `"am" and not "pm" and "planned" and "state" = 'on'` },
      // What was reported of a day counts when somebody was there: in the order of `workloads_county`, so that its pages are met one after another.
      present: {
        on: ['county', 'programme', 'day', 'person', 'clinic', 'hospital'],
        where: `"state" = 'on' and "presence" = 'present'`,
      },
    },
  },
  checkIns: {
    columns: {
      id: 'text',
      visit: 'text',
      person: 'text',
      clinic: 'text',
      day: 'text',
      at: 'int',
      by: 'text',
      kind: 'text',
      note: 'text?',
      near: 'bool?',
      leftAt: 'int?',
      delayed: 'bool',
      paper: 'text?',
    },
    indexes: {
      person: { on: ['person', 'day'] },
      // What somebody has just entered for another: a picture that follows belongs to it.
      for_others: { on: ['by', 'at'], where: `"kind" = 'stand-in' or "kind" = 'late'` },
    },
  },
  publications: {
    columns: { id: 'text', programme: 'text', org: 'text', month: 'text', at: 'int', by: 'text' },
    indexes: { month: { on: ['month', 'org'] } },
  },
  moves: {
    columns: {
      id: 'text',
      visit: 'text',
      toDay: 'text?',
      am: 'bool',
      pm: 'bool',
      reason: 'text',
      by: 'text',
      waitsFor: 'text',
      state: 'text',
    },
    indexes: { visit: { on: ['visit'] }, waiting: { on: ['waitsFor'], where: `"state" = 'waiting'` } },
  },
  leaves: {
    columns: {
      id: 'text',
      programme: 'text',
      programmeKey: 'text',
      county: 'text',
      person: 'text',
      hospital: 'text',
      from: 'text',
      to: 'text',
      kind: 'text',
      reason: 'secret?',
      workdays: 'int?',
      emergency: 'bool',
      exception: 'text?',
      state: 'text',
      at: 'int',
      by: 'text',
      follows: 'text?',
    },
    indexes: { person: { on: ['person', 'to'] }, county: { on: ['county', 'to'] } },
  },
  leaveVisits: {
    columns: {
      id: 'text',
      leave: 'text',
      person: 'text',
      visit: 'text',
      clinic: 'text',
      day: 'text',
      am: 'bool',
      pm: 'bool',
      toDay: 'text?',
      toAm: 'bool',
      toPm: 'bool',
      made: 'text?',
      told: 'int?',
      toldBy: 'text?',
      state: 'text',
    },
    indexes: { leave: { on: ['leave'] }, visit: { on: ['visit'] }, person: { on: ['person'] }, clinic: { on: ['clinic', 'day'] } },
  },
  leaveSteps: {
    columns: {
      id: 'text',
      leave: 'text',
      county: 'text',
      step: 'text',
      kind: 'text',
      stage: 'int',
      org: 'text',
      role: 'text',
      office: 'text?',
      state: 'text',
      due: 'text?',
      askedAt: 'int?',
      by: 'text?',
      at: 'int?',
      how: 'text?',
      note: 'secret?',
      on: 'text?',
      number: 'text?',
    },
    indexes: { leave: { on: ['leave'] }, waiting: { on: ['org'], where: `"state" = 'waiting'` } },
  },
  cases: {
    columns: {
      id: 'text',
      programme: 'text',
      programmeKey: 'text',
      county: 'text',
      person: 'text',
      hospital: 'text',
      clinic: 'text',
      visit: 'text',
      day: 'text',
      from: 'text',
      leave: 'text?',
      state: 'text',
      at: 'int',
      hearUntil: 'text',
      finding: 'text?',
      why: 'secret?',
      by: 'text?',
      decidedAt: 'int?',
      objectUntil: 'text?',
    },
    indexes: { person: { on: ['person', 'day'] }, county: { on: ['county', 'state'] } },
  },
  statements: {
    columns: { id: 'text', case: 'text', person: 'text', side: 'text', kind: 'text', text: 'secret?', at: 'int' },
    indexes: { case: { on: ['case'] } },
  },
  workloads: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      person: 'text',
      clinic: 'text',
      hospital: 'text',
      day: 'text',
      figures: 'json',
      words: 'json',
      by: 'text',
      at: 'int',
      as: 'text',
      late: 'bool',
      confirmed: 'int?',
      verifiedBy: 'text?',
      verifiedAt: 'int?',
      reason: 'text?',
      proposal: 'json?',
    },
    indexes: {
      line: { on: ['person', 'day', 'clinic'], unique: true },
      clinic: { on: ['clinic', 'day'] },
      hospital: { on: ['hospital', 'day'] },
      county: { on: ['county', 'programme', 'day'], carries: ['person', 'clinic', 'hospital', 'figures'] },
    },
  },
  unitMonths: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      org: 'text',
      month: 'text',
      figures: 'json',
      words: 'json',
      by: 'text',
      at: 'int',
      reason: 'text?',
    },
    indexes: { unit: { on: ['org', 'month', 'programme'], unique: true }, county: { on: ['county', 'programme', 'month'] } },
  },
  paperTotals: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      clinic: 'text',
      month: 'text',
      doctorDays: 'int',
      by: 'text',
      at: 'int',
    },
    indexes: { unit: { on: ['clinic', 'month', 'programme'], unique: true }, county: { on: ['county', 'programme', 'month'] } },
  },
  beneficiaries: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      clinic: 'text',
      hospital: 'text',
      person: 'text?',
      day: 'text',
      name: 'secret?',
      phone: 'secret?',
      phoneMask: 'text?',
      phoneIndex: 'text?',
      wish: 'secret?',
      informed: 'bool',
      by: 'text',
      at: 'int',
      keepUntil: 'text',
      state: 'text',
    },
    indexes: {
      clinic: { on: ['clinic', 'day'] },
      county: { on: ['county', 'programme', 'day'] },
      phone: { on: ['phoneIndex'], where: '"phoneIndex" is not null' },
      kept: { on: ['keepUntil'], where: `"state" = 'kept'` },
    },
  },
  samples: {
    columns: {
      id: 'text',
      programme: 'text',
      county: 'text',
      kind: 'text',
      month: 'text?',
      size: 'int',
      pool: 'int',
      seed: 'text',
      order: 'text?',
      results: 'json?',
      by: 'text',
      at: 'int',
    },
    indexes: { county: { on: ['county', 'programme'] } },
  },
  followUps: {
    columns: {
      id: 'text',
      sample: 'text',
      county: 'text',
      clinic: 'text',
      beneficiary: 'text',
      place: 'int',
      result: 'text?',
      note: 'secret?',
      by: 'text?',
      at: 'int?',
    },
    indexes: { sample: { on: ['sample', 'place'] }, beneficiary: { on: ['beneficiary'] } },
  },
  reports: {
    columns: {
      id: 'text',
      programme: 'text',
      programmeKey: 'text',
      county: 'text',
      org: 'text',
      month: 'text',
      kind: 'text',
      state: 'text',
      filing: 'text?',
      parts: 'json',
      why: 'text?',
      by: 'text?',
      at: 'int?',
      openUntil: 'text?',
      reminded: 'text?',
    },
    indexes: { unit: { on: ['org', 'month', 'programme', 'kind'], unique: true }, county: { on: ['county', 'programme', 'month'] } },
  },
  filings: {
    columns: {
      id: 'text',
      report: 'text',
      programme: 'text',
      county: 'text',
      org: 'text',
      month: 'text',
      kind: 'text',
      at: 'int',
      by: 'text',
      as: 'text',
      due: 'text',
      late: 'bool',
      zero: 'text?',
      parts: 'json',
      figures: 'json',
      words: 'json',
      state: 'text',
    },
    indexes: { report: { on: ['report'] }, county: { on: ['county', 'programme', 'month'] } },
  },
  filedLines: {
    columns: {
      id: 'text',
      filing: 'text',
      report: 'text',
      county: 'text',
      month: 'text',
      person: 'text',
      clinic: 'text',
      hospital: 'text',
      day: 'text',
      counted: 'bool',
      half: 'bool',
      supplement: 'bool',
      figures: 'json',
      words: 'json',
      note: 'text?',
    },
    indexes: { filing: { on: ['filing'] }, line: { on: ['person', 'day', 'clinic'] }, county: { on: ['county', 'day'] } },
  },
  confirmations: {
    columns: { id: 'text', programme: 'text', county: 'text', org: 'text', month: 'text', lines: 'int', by: 'text', at: 'int' },
    indexes: { unit: { on: ['org', 'month', 'programme'], unique: true } },
  },
  templates: {
    columns: {
      id: 'text',
      county: 'text',
      form: 'text',
      file: 'text',
      name: 'text',
      columns: 'json',
      by: 'text',
      at: 'int',
      state: 'text',
    },
    indexes: { form: { on: ['county', 'form'] } },
  },
  drafts: {
    columns: { id: 'text', kind: 'text', programme: 'text?', by: 'text', at: 'int', rows: 'secret?', from: 'text?', state: 'text' },
    indexes: { by: { on: ['by', 'state'] } },
  },
  acceptances: { columns: { id: 'text', by: 'text', at: 'int' } },
  settings: { columns: { id: 'text', key: 'text', org: 'text', value: 'text', by: 'text', at: 'int' }, indexes: { org: { on: ['org'] } } },
  questions: {
    columns: { id: 'text', conversation: 'text', account: 'text', text: 'secret?', day: 'text', expires: 'int' },
    indexes: { expires: { on: ['expires'] } },
  },
  sessions: {
    columns: { id: 'text', person: 'text', kind: 'text', expires: 'int' },
    indexes: { expires: { on: ['expires'] }, person: { on: ['person'] } },
  },
  codes: { columns: { id: 'text', usedBy: 'text?', for: 'text?' }, indexes: { for: { on: ['for'], where: '"for" is not null' } } },
  calendarDays: { columns: { id: 'text', work: 'bool', name: 'text', source: 'text' } },
};

/** What the engine keeps for itself. */
const engineTables: { readonly [T in keyof EngineTables]: TableDeclaration<EngineTables[T]> } = {
  inbox: {
    columns: {
      seq: 'int',
      platform: 'text',
      app: 'text',
      eventId: 'text',
      conversation: 'text',
      account: 'text',
      sentAt: 'int',
      receivedAt: 'int',
      state: 'text?',
      code: 'text?',
    },
    indexes: { event: { on: ['platform', 'app', 'eventId'], unique: true } },
    seq: true,
  },
  journal: {
    columns: {
      seq: 'int',
      turn: 'int',
      at: 'int',
      sentAt: 'int',
      actor: 'text?',
      command: 'text',
      table: 'text',
      row: 'text',
      before: 'text?',
      after: 'text?',
      source: 'text',
      hash: 'text',
    },
    indexes: {
      actor: { on: ['actor', 'seq'] },
      turn: { on: ['turn'] },
    },
  },
  outbox: {
    columns: {
      seq: 'int',
      turn: 'int',
      key: 'text',
      topic: 'text?',
      platform: 'text',
      app: 'text',
      conversation: 'text',
      place: 'text',
      class: 'text',
      card: 'json',
      notBefore: 'int',
      expires: 'int?',
      replyTo: 'text?',
      state: 'text',
      attempts: 'int',
      providerId: 'text?',
      error: 'text?',
      createdAt: 'int',
      settledAt: 'int?',
    },
    indexes: {
      topic: { on: ['topic'], where: '"topic" is not null' },
      key: { on: ['key'], unique: true },
      waiting: { on: ['state', 'notBefore', 'seq'], where: `"state" = 'pending' or "state" = 'sending'` },
      trouble: { on: ['state', 'seq'], where: `"state" = 'failed' or "state" = 'unknown'` },
      // Where choices are typed as numbers, what was offered is looked for.
      offered: { on: ['conversation', 'settledAt'], where: `"state" = 'sent' and "platform" = '${TYPED}'` },
      unasked: { on: ['conversation', 'settledAt'], where: `"state" = 'sent' and "class" <> 'reply'` },
    },
    seq: true,
  },
  calls: { columns: { person: 'text', seq: 'int' }, indexes: { person: { on: ['person', 'seq'], unique: true }, seq: { on: ['seq'] } } },
  jobRuns: {
    columns: { job: 'text', slot: 'int', ranAt: 'int', result: 'text' },
    indexes: { run: { on: ['job', 'slot'], unique: true }, slot: { on: ['slot'] } },
  },
  programmes: { columns: { key: 'text', programme: 'text', text: 'text', at: 'int' } },
  /** Which instance sends into a conversation, where several share a database. */
  leases: { columns: { conversation: 'text', holder: 'text', until: 'int' } },
  meta: { columns: { key: 'text', value: 'text' } },
};

/** All tables of one engine: drizzle-kit writes the migrations from them, and the program its statements. */
export type Schema = Kit & {
  readonly records: { readonly [T in Table]: TableShape };
  readonly outboxRow: Decode;
} & { readonly [T in keyof EngineTables]: StoredTable<EngineTables[T]> };

const tableOf = (kit: Kit, name: string, { columns, indexes = {}, seq }: AnyDeclaration, record: boolean): StoredTable => {
  const made: Record<string, unknown> = record ? { seq: kit.seq() } : {};
  const own = Object.values(indexes).some(i => i.unique) && !seq;
  const key = record || own ? undefined : Object.keys(columns)[0];
  for (const [column, type] of Object.entries(columns)) {
    const plain = kit.column(type.replace('?', '') as Kind);
    if (column === key) made[column] = seq ? kit.seq() : plain.primaryKey();
    else made[column] = type.endsWith('?') ? plain : plain.notNull();
  }
  const all: Record<string, Index> = record ? { id: { on: ['id'], unique: true }, ...indexes } : indexes;
  return kit.table(name, made, t =>
    Object.entries(all).map(([called, index]) => {
      const columns = kit.dialect === 'sqlite' ? [...index.on, ...(index.carries ?? [])] : index.on;
      const on = kit.index(`${name}_${called}`, index.unique === true).on(...columns.map(c => (c.startsWith('(') ? sql.raw(c) : t[c])));
      return index.where === undefined ? on : on.where(sql.raw(index.where));
    }),
  );
};

const shapeOf = (name: string, declared: AnyDeclaration, table: StoredTable): TableShape => {
  const named = (...kinds: string[]) =>
    Object.entries(declared.columns).flatMap(([column, type]) => (kinds.includes(type.replace('?', '')) ? [column] : []));
  const columns = Object.keys(declared.columns).map(c => table[c]!);
  return {
    name,
    table,
    columns,
    decode: decoderOf(columns),
    tell: tellerOf(columns.map(c => c.name)),
    idAt: columns.findIndex(c => c.name === 'id'),
    byName: new Map(columns.map(c => [c.name, c])),
    secrets: named('secret'),
    unsearchable: new Set(named('secret', 'json')),
    literal: new Set(Object.values(declared.indexes ?? {}).flatMap(i => [...(i.where ?? '').matchAll(/"(\w+)" = '/g)].map(m => m[1]!))),
  };
};

export const schemaOf = (kit: Kit): Schema => {
  const records = Object.entries(recordTables as Record<string, AnyDeclaration>).map(([name, declared]) => [
    name,
    shapeOf(name, declared, tableOf(kit, name, declared, true)),
  ]);
  const engine = Object.entries(engineTables as Record<string, AnyDeclaration>).map(([name, declared]) => [
    name,
    tableOf(kit, name, declared, false),
  ]);
  const tables = Object.fromEntries(engine) as { [T in keyof EngineTables]: StoredTable<EngineTables[T]> };
  return {
    ...kit,
    ...tables,
    records: Object.fromEntries(records) as Schema['records'],
    outboxRow: decoderOf(columnsOf(tables.outbox)),
  };
};

/** For drizzle-kit. */
export const tablesOf = ({ records, ...schema }: Schema): Record<string, StoredTable> =>
  Object.fromEntries([
    ...Object.values(records).map(r => [r.name, r.table]),
    ...Object.keys(engineTables).map(name => [name, schema[name as keyof EngineTables]]),
  ]);
