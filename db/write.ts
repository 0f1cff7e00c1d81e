/** One turn's hands: changes against what was, each with its line in the journal. */

import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { Conflict, isDigest, type JournalRow, type OutboxRow, type Post, READINGS, type Reading, type Tx } from '../src/bot/ports.ts';
import type { ConversationKey } from '../src/core/card.ts';
import type { Instant } from '../src/core/day.ts';
import type { Change, Table } from '../src/core/records.ts';
import type { Connection, Engine } from './connection.ts';
import { begunIn, noteBegun, PLACE } from './hidden.ts';
import { JournalWriter } from './journal.ts';
import { canonical } from './kit.ts';
import { settleByHand, settleTopics, writePosts } from './outbox.ts';
import { Reads, type Row, type Shared, shownFor } from './read.ts';
import { mobileOf } from './seal.ts';
import { run, type Statements } from './statements.ts';

type By = Parameters<Tx['apply']>[1];

/** What one row is to become, with its sealed values. */
interface Written {
  row: Row;
  /** As the journal tells it. */
  told: string;
}

/** What a change makes of the row that was: none any more, a new one, or one of which only these columns change; and both as the journal tells them. */
interface Weighed {
  was: Row | undefined;
  row: Row | null;
  changed?: readonly SQLiteColumn[];
  before: string | null;
  after: string | null;
}
/** A change whose line stands in the journal already. */
export interface Foretold extends Pick<Weighed, 'row'> {
  table: Table;
  id: string;
  changed: readonly SQLiteColumn[] | undefined;
}
/** A line of the journal. */
export type Told = Pick<JournalRow, 'row' | 'before' | 'after'> & { table: Table };

/** A value as its column is given it. */
const written = (column: SQLiteColumn, value: unknown): unknown => (value === null ? null : column.mapToDriverValue(value));

export class Hands implements Tx {
  readonly turn: number;
  readonly read: Reads;
  /** What this turn put into the outbox. */
  readonly posts: OutboxRow[] = [];
  #c: Connection;
  #engine: Engine;
  #shared: Shared;
  #journal: JournalWriter;
  #source: string;
  #over = false;
  /** Records numbered from this turn that it has written. */
  #made = new Set<string>();

  constructor(turn: number, source: string, connection: Connection, engine: Engine, shared: Shared) {
    this.turn = turn;
    this.read = new Reads(connection, shared, shared.kept);
    this.#c = connection;
    this.#engine = engine;
    this.#shared = shared;
    this.#journal = new JournalWriter(connection, shared.kept.end);
    this.#source = source;
  }

  /** The transaction is no longer this turn's. Not `done`: what it did is being taken back. */
  end(done: boolean): void {
    this.#over = true;
    if (done) this.#shared.kept.end = this.#journal.end;
  }
  #check(): void {
    if (this.#over) throw new Error('the turn is over');
  }

  async apply(changes: readonly Change[], by: By): Promise<void> {
    this.#check();
    for (const change of freeingFirst(changes)) await this.#change(change, by);
  }

  /** As `apply`, of rows that are shown to nobody: what others were answered holds. */
  async make(changes: readonly Change[], by: By): Promise<void> {
    this.#check();
    for (const change of changes) await this.#change(change, by, true);
  }

  /** Lines of changes that are yet to be written, all together: what `write` takes. */
  async foretell(changes: readonly Change[], by: By): Promise<Foretold[]> {
    this.#check();
    const foretold: Foretold[] = [];
    for (const change of changes) {
      const { table, id } = change;
      const weighed = await this.#weighed(this.#shared.statements[table], change);
      if (!weighed) continue;
      await this.#tell(table, id, weighed.before, weighed.after, by);
      foretold.push({ table, id, row: weighed.row, changed: weighed.changed });
    }
    return foretold;
  }

  /** Writes what was foretold, a statement for each kind of change. */
  async write(foretold: readonly Foretold[]): Promise<void> {
    this.#check();
    const kinds = new Map<string, Foretold[]>();
    for (const f of foretold) {
      const kind = `${f.table} ${f.row === null} ${f.changed?.map(c => c.name).join() ?? 'new'}`;
      const its = kinds.get(kind);
      if (its) its.push(f);
      else kinds.set(kind, [f]);
    }
    for (const its of kinds.values()) {
      const { table, id, row, changed } = its[0]!;
      const s = this.#shared.statements[table];
      this.#shared.kept.changed(table);
      for (const f of its) this.read.written(f.table, f.id);
      const rows = (columns: readonly SQLiteColumn[]) => ({
        rows: JSON.stringify(its.map(f => columns.map(c => written(c, f.row![c.name])))),
      });
      const [statement, values] = !row
        ? [s.removeAll, { ids: this.#c.schema.listParam(its.map(f => f.id)) }]
        : changed
          ? [s.updateAll(changed), rows([s.shape.byName.get('id')!, ...changed])]
          : [s.insertAll, rows(s.shape.columns)];
      try {
        await run(this.#c, statement, values);
      } catch (e) {
        if (this.#engine.refused(e)) throw new Conflict(table, id);
        throw e;
      }
    }
  }

  /** Lines that take back what was foretold and never written. */
  async untell(lines: readonly Told[], by: By): Promise<void> {
    this.#check();
    for (const { table, row, before, after } of lines) await this.#tell(table, row, after, before, by);
  }

  async begins(to: ConversationKey): Promise<boolean> {
    this.#check();
    if (await begunIn(this.#c)) return false;
    await noteBegun(this.#c, { turn: this.turn, to });
    await this.#shared.leases.take(this.#c, PLACE);
    return true;
  }

  async post(posts: readonly Post[], now: Instant): Promise<void> {
    this.#check();
    this.posts.push(...(await writePosts(this.#c, this.#shared.leases, this.turn, posts, now)));
  }

  async settle(topics: readonly string[], now: Instant): Promise<void> {
    this.#check();
    await settleTopics(this.#c, topics, now);
  }

  async looked(readings: readonly Reading[], { actor, command, sentAt, now }: By): Promise<void> {
    this.#check();
    for (const { table, ids, why } of readings) {
      if (!ids.length) continue;
      await this.#journal.add({
        turn: this.turn,
        at: now,
        sentAt,
        actor,
        command,
        table: READINGS,
        row: table,
        before: null,
        after: canonical({ ids, why }),
        source: this.#source,
      });
    }
  }

  async outbox(seq: number, to: 'again' | 'dropped', { actor, command, sentAt, now }: By): Promise<void> {
    this.#check();
    const settled = await settleByHand(this.#c, seq, to, now);
    if (!settled) throw new Conflict('outbox', String(seq));
    const { before, row } = settled;
    // What is to be sent again goes with what this turn says.
    if (to === 'again') this.posts.push(row);
    await this.#journal.add({
      turn: this.turn,
      at: now,
      sentAt,
      actor,
      command,
      table: 'outbox',
      row: String(seq),
      before: canonical({ state: before }),
      after: canonical({ state: row.state }),
      source: this.#source,
    });
  }

  async #change(change: Change, by: By, unseen = false): Promise<void> {
    const { table, id } = change;
    const s = this.#shared.statements[table];
    const weighed = await this.#weighed(s, change);
    this.read.written(table, id);
    if (!weighed) return;
    if (!unseen) this.#shared.kept.changed(table, weighed);
    const { row, changed, before, after } = weighed;
    try {
      if (!row) await run(this.#c, s.remove, { id });
      else if (!changed) await run(this.#c, s.insert, row);
      else await run(this.#c, s.update(changed), row);
    } catch (e) {
      // Somebody else holds what only one may hold: a doctor-day, an account, a group.
      if (this.#engine.refused(e)) throw new Conflict(table, id);
      throw e;
    }
    await this.#tell(table, id, before, after, by);
  }

  /** What a change makes of the row that is there; undefined where it makes nothing. @throws Conflict when that is another than it was */
  async #weighed(s: Statements, { table, id, to, was }: Change): Promise<Weighed | undefined> {
    const before = to !== null && !was && this.#isNew(table, id) ? undefined : await this.read.stored(table, id);
    if (was && !(before && this.#holds(s, before, was))) throw new Conflict(table, id);
    if (to === null) return before && { was: before, row: null, before: this.#told(s, before), after: null };
    if (to.id !== id) throw new TypeError(`change of ${table} ${id} carries the row ${to.id}`);
    const { row, told } = this.#sealed(s, to as unknown as Row, before);
    if (!before) return { was: undefined, row, before: null, after: told };
    const changed = s.shape.columns.filter(c => !equal(before[c.name], row[c.name]));
    return changed.length ? { was: before, row, changed, before: this.#told(s, before), after: told } : undefined;
  }

  /** The first time this turn writes a record that is numbered from it: there is none before. */
  #isNew(table: Table, id: string): boolean {
    if (id !== `${this.turn}` && !id.startsWith(`${this.turn}-`)) return false;
    const known = this.#made.size;
    return this.#made.add(`${table} ${id}`).size > known;
  }

  #tell(table: Table, row: string, before: string | null, after: string | null, { actor, command, sentAt, now }: By): Promise<void> {
    return this.#journal.add({ turn: this.turn, at: now, sentAt, actor, command, table, row, before, after, source: this.#source });
  }

  #open(s: Statements, row: Row, name: string): string {
    return this.#shared.seals.open(row[name] as string, s.shape.name, row['id'] as string, name);
  }

  /** A stored row as the journal tells it: a keyed digest in place of each sealed value. */
  #told(s: Statements, row: Row): string {
    if (!s.shape.secrets.length) return s.shape.tell(row);
    const told = { ...row };
    for (const name of s.shape.secrets) if (row[name] !== null) told[name] = this.#shared.seals.digest(this.#open(s, row, name));
    return s.shape.tell(told);
  }

  /** Whether a value of a sealed field means the stored one: its mask as read, its digest as journalled, or itself. */
  #means(s: Statements, before: Row, name: string, value: string): boolean {
    if (before[name] === null) return false;
    if (value === shownFor(before)) return true;
    const plain = this.#open(s, before, name);
    return value === plain || value === this.#shared.seals.digest(plain);
  }

  #holds(s: Statements, before: Row, was: object): boolean {
    return Object.entries(was).every(([name, value]) =>
      s.shape.secrets.includes(name) && typeof value === 'string' ? this.#means(s, before, name, value) : equal(before[name], value),
    );
  }

  /** The row to be written. A sealed field that still shows its mask stays as it is; a new value is sealed, and a phone gets its index. */
  #sealed(s: Statements, to: Row, before: Row | undefined): Written {
    for (const { name, notNull } of s.shape.columns) {
      const value = to[name];
      if (value === undefined || (value === null && notNull)) throw new TypeError(`${s.shape.name} ${String(to['id'])} has no ${name}`);
    }
    if (!s.shape.secrets.length) return { row: to, told: s.shape.tell(to) };
    const row: Row = Object.fromEntries(s.shape.columns.map(({ name }) => [name, to[name]]));
    const told = { ...row };
    for (const name of s.shape.secrets) {
      const value = row[name] as string | null;
      const kept = value !== null && before !== undefined && this.#means(s, before, name, value);
      let plain: string | null = value;
      if (kept) {
        row[name] = before[name];
        plain = this.#open(s, before, name);
      } else if (value !== null) {
        // Only the journal has digests: what it tells of is no longer there.
        if (isDigest(value)) throw new Conflict(s.shape.name as Table, row['id'] as string);
        row[name] = this.#shared.seals.seal(value, s.shape.name, row['id'] as string, name);
      }
      told[name] = plain === null ? null : this.#shared.seals.digest(plain);
      if (name === 'phone' && s.shape.byName.has('phoneIndex')) {
        const mobile = plain === null ? undefined : mobileOf(plain);
        row['phoneIndex'] = mobile === undefined ? null : this.#shared.seals.phoneIndex(mobile);
        told['phoneIndex'] = row['phoneIndex'];
      }
    }
    return { row, told: s.shape.tell(told) };
  }
}

const equal = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'object' && a !== null && canonical(a) === canonical(b));

/** What gives up a place that only one may hold goes before what takes it, so that a doctor-day can pass from one visit to another in one turn. */
const freeingFirst = (changes: readonly Change[]): readonly Change[] => {
  const frees = ({ table, to }: Change) =>
    to === null || (table === 'visits' && to.tally === null) || (table === 'accounts' && to.state !== 'bound');
  if (changes.length < 2 || !changes.some(frees)) return changes;
  return [...changes.filter(frees), ...changes.filter(c => !frees(c))];
};
