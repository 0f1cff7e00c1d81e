/** What the store needs of a database engine. Statements are written with `?`; each connection prepares a text once and keeps it. */

import { StoreFault } from '../src/bot/ports.ts';

export type Rows = unknown[][];

export interface Connection {
  /** Runs one statement; rows as arrays, none for statements that return nothing. SQLite answers at once. */
  rows(sql: string, params?: readonly unknown[]): Rows | Promise<Rows>;
}

export interface Engine {
  readonly dialect: 'sqlite' | 'postgres';
  /** Committed rows only. */
  readonly reader: Connection;
  /** Begins the one writing transaction there may be, and gives its connection. */
  begin(): Promise<Connection>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** A unique index refused the row. */
  refused(error: unknown): boolean;
  /** The engine itself failed (full disk, I/O, lost connection): no statement's fault, and the whole transaction is gone. */
  faulty(error: unknown): boolean;
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}

/** The database cannot be opened; the message is one sentence for the person who started the program. */
export class OpenProblem extends Error {}

/** `in` over a list of any length, as one statement text. */
export const inList = (dialect: Engine['dialect']): string => (dialect === 'sqlite' ? 'in (select value from json_each(?))' : '= any(?)');
export const listParam = (dialect: Engine['dialect'], list: readonly unknown[]): unknown =>
  dialect === 'sqlite' ? JSON.stringify(list) : list;
export const differs = (dialect: Engine['dialect']): string => (dialect === 'sqlite' ? 'is not' : 'is distinct from');

/** The engine's reader, whose own failures come as StoreFault. */
export const readerOf = (engine: Engine): Connection => {
  const told = (e: unknown): unknown =>
    engine.faulty(e) ? new StoreFault(`nothing could be read: ${(e as Error).message}`, { cause: e }) : e;
  return {
    rows(sql, params) {
      try {
        const rows = engine.reader.rows(sql, params);
        return Array.isArray(rows)
          ? rows
          : rows.catch((e: unknown) => {
              throw told(e);
            });
      } catch (e) {
        throw told(e);
      }
    },
  };
};
