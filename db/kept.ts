/** Answers that turns ask for again and again: who speaks, where, under which settings. They hold as long as the journal's end is the one they were read under (src/decisions/0011-kept-answers.md). */
import type { Table } from '../src/core/records.ts';
import type { Lexicon } from '../src/core/words/place.ts';
import { type Head, START } from './journal.ts';
import { frozen, KeptSums } from './kept-sums.ts';
import type { Statement } from './statements.ts';

/** What nearly every turn asks and few turns change. */
const KEPT: ReadonlySet<Table> = new Set(['orgs', 'people', 'grants', 'accounts', 'groups', 'settings', 'calendarDays', 'postings']);
/** The bureaus of a province are kept; a longer answer is no matter of one message. */
const LONGEST = 250;
/** More answers than this are let go of together. */
const MOST = 20_000;

/** Only turns use it: they come one after another, so that it needs no guard. */
export class Kept {
  /** The journal's end, uncommitted turns included. */
  end: Head = START;
  readonly sums = new KeptSums();
  #answers = new Map<Table, Map<Statement, Map<string, readonly unknown[]>>>();
  #count = 0;
  #names: Lexicon | undefined;

  /** At the beginning of a transaction: what was kept under another end is let go of. */
  under(end: Head): void {
    if (end.hash !== this.end.hash) this.forget();
    this.end = end;
  }

  /** What was read in a transaction that is taken back may never have been: with one turn of it all are taken back. */
  forget(): void {
    this.#answers.clear();
    this.#count = 0;
    this.#names = undefined;
    this.sums.clear();
  }

  /** Without the row, as it was and as it is: any of the table's. */
  changed(table: Table, change?: Parameters<KeptSums['written']>[1]): void {
    this.sums.written(table, change);
    this.#answers.delete(table);
    if (table === 'orgs' || table === 'people') this.#names = undefined;
  }

  find(table: Table, question: Statement, values: string): readonly unknown[] | undefined {
    return this.#answers.get(table)?.get(question)?.get(values);
  }

  keep(table: Table, question: Statement, values: string, rows: readonly unknown[]): void {
    if (rows.length > LONGEST) return;
    if (this.#count++ >= MOST) this.forget();
    let answers = this.#answers.get(table);
    if (!answers) this.#answers.set(table, (answers = new Map()));
    let known = answers.get(question);
    if (!known) answers.set(question, (known = new Map()));
    known.set(values, frozen(rows));
  }

  get names(): Lexicon | undefined {
    return this.#names;
  }
  set names(names: Lexicon) {
    this.#names = names;
  }

  static holds(table: Table): boolean {
    return KEPT.has(table);
  }
}
