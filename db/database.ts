/** The one door to better-sqlite3. Where it was built for Node 24.19 or later, its version 12 aborts the process when one of its objects is garbage-collected while no script runs; so none of them is ever let go. Closing gives file and memory back all the same. */
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';

interface Made {
  (this: object, ...given: unknown[]): object;
}
/** The library's compiled part: its objects are made by these. */
const { prototype: makers } = (
  createRequire(import.meta.url)('better-sqlite3/build/Release/better_sqlite3.node') as {
    Database: { prototype: Record<'prepare' | 'backup', Made> };
  }
).Database;

const held = new Set<object>();

for (const name of ['prepare', 'backup'] as const) {
  const made = makers[name];
  makers[name] = function (...given) {
    held.add(this);
    const it = made.apply(this, given);
    held.add(it);
    return it;
  };
}

/** Opens a file as better-sqlite3 does. */
export const openDatabase = (file: string, options?: Database.Options): Database.Database => {
  const db = new Database(file, options);
  held.add(db);
  return db;
};
