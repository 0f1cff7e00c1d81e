/** What the store needs of a database engine. Each connection prepares a text once and keeps it. */

import { StoreFault } from '../src/bot/ports.ts';
import type { Schema } from './schema.ts';

export type Rows = unknown[][];

export interface Connection {
  readonly schema: Schema;
  /** Runs one statement; rows as arrays, none for statements that return nothing. SQLite answers at once. */
  rows(sql: string, params?: readonly unknown[]): Rows | Promise<Rows>;
}

export interface Engine {
  readonly schema: Schema;
  /** Committed rows only. */
  readonly reader: Connection;
  /** A connection that sees what is committed at this moment, and nothing later, until it is ended. */
  snapshot(): Promise<{ connection: Connection; end(): Promise<void> }>;
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

/** A reader, whose own failures come as StoreFault. */
export const readerOf = (engine: Engine, reader: Connection = engine.reader): Connection => {
  const told = (e: unknown): unknown =>
    engine.faulty(e) ? new StoreFault(`nothing could be read: ${(e as Error).message}`, { cause: e }) : e;
  return {
    schema: engine.schema,
    rows(sql, params) {
      try {
        const rows = reader.rows(sql, params);
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
