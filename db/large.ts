/** A turn that changes thousands of rows, in steps between which others have their turns (src/decisions/0013-large-turns.md). */
import { and, eq, gt, or } from 'drizzle-orm';
import { Conflict, type Large, type Tx } from '../src/bot/ports.ts';
import type { Change, LeansOn, Table } from '../src/core/records.ts';
import type { Commits } from './commits.ts';
import type { Connection, Rows } from './connection.ts';
import { begunIn, FORETELLABLE, HIDEABLE, madeBy, noteOver, PLACE } from './hidden.ts';
import type { Shared } from './read.ts';
import { fields, literal, run, statement, value } from './statements.ts';
import type { Foretold, Hands, Told } from './write.ts';

/** Rows of one step: some milliseconds. */
const STEP = 60;
/** What later turns wrote about these tables. */
const LATER = statement(({ build, journal: t }, ...tables: Table[]) =>
  build
    .select(fields([t.table, t.row, t.before, t.after]))
    .from(t)
    .where(and(gt(t.turn, value(t.turn)), or(...tables.map(table => eq(t.table, literal(table)))))),
);

/** The lines of a turn about these tables, as they were written. */
const LINES = statement(({ build, journal: t }, ...tables: Table[]) =>
  build
    .select(fields([t.table, t.row, t.before, t.after]))
    .from(t)
    .where(and(eq(t.turn, value(t.turn)), or(...tables.map(table => eq(t.table, literal(table))))))
    .orderBy(t.seq),
);

type By = Parameters<Tx['apply']>[1];
interface Deps {
  commits: Commits;
  shared: Shared;
  /** Hands of the turn that began it. */
  hands(c: Connection): Hands;
}

export const hide = (shared: Shared, turn: number | undefined): void => {
  shared.hidden.turns = turn;
  shared.hidden.beside = turn;
};

const inHands = async <T>(hands: Hands, work: () => Promise<T>): Promise<T> => {
  let done = false;
  try {
    const value = await work();
    done = true;
    return value;
  } finally {
    hands.end(done);
  }
};

const nameOf = (table: string, id: string): string => `${table} ${id}`;

/** @throws Conflict when a later turn has changed something of it, or one of these rows. */
const unchangedSince = async (c: Connection, turn: number, leansOn: LeansOn, rows: readonly Foretold[]): Promise<void> => {
  const own = new Set(rows.map(f => nameOf(f.table, f.id)));
  const tables = [...new Set([...(Object.keys(leansOn) as Table[]), ...rows.map(f => f.table)])];
  for (const [table, row, ...versions] of tables.length ? await run(c, LATER(c, ...tables), { turn }) : []) {
    const concerns = leansOn[table as Table] as 'all' | ((row: unknown) => boolean) | undefined;
    if (
      own.has(nameOf(table as string, row as string)) ||
      concerns === 'all' ||
      (concerns && versions.some(v => v !== null && concerns(JSON.parse(v as string))))
    )
      throw new Conflict(table as string, row as string);
  }
};

export const largeTurn = (turn: number, changes: readonly Change[], by: By, leansOn: LeansOn, { commits, shared, hands }: Deps): Large => {
  const fresh = changes.filter(c => c.to !== null && madeBy(turn, c.table, c.id));
  const rest = changes.filter(c => c.to === null || !madeBy(turn, c.table, c.id));
  // What changes once has its line beforehand, and is written with the others at the end: until then nobody else may have changed it.
  const times = new Map<string, number>();
  for (const c of rest) times.set(nameOf(c.table, c.id), (times.get(nameOf(c.table, c.id)) ?? 0) + 1);
  const once = (c: Change) => FORETELLABLE.includes(c.table) && times.get(nameOf(c.table, c.id)) === 1;
  const known = rest.filter(once);
  const last = rest.filter(c => !once(c));
  const foretold: Foretold[] = [];
  const all = fresh.length + known.length;
  return {
    async prepare(told) {
      hide(shared, turn);
      for (let i = 0; i < fresh.length; i += STEP) {
        await commits.write(async c => {
          await shared.leases.take(c, PLACE);
          const its = hands(c);
          await inHands(its, () => its.make(fresh.slice(i, i + STEP), by));
        });
        told(Math.min(i + STEP, fresh.length), all);
      }
      for (let i = 0; i < known.length; i += STEP) {
        const its = await commits.write(async c => {
          await shared.leases.take(c, PLACE);
          const hand = hands(c);
          return inHands(hand, () => hand.foretell(known.slice(i, i + STEP), by));
        });
        for (const f of its) foretold.push(f);
        told(fresh.length + Math.min(i + STEP, known.length), all);
      }
    },
    async show(work) {
      const posts = await commits.write(async c => {
        await unchangedSince(c, turn, leansOn, foretold);
        const its = hands(c);
        return inHands(its, async () => {
          // For this transaction; what others may see is told by its commit.
          shared.hidden.turns = undefined;
          if (all) for (const table of HIDEABLE) shared.kept.changed(table);
          await its.write(foretold);
          await its.apply(last, by);
          await work(its);
          await noteOver(c);
          await shared.leases.release(c, PLACE);
          return its.posts;
        });
      });
      hide(shared, undefined);
      return posts;
    },
    withdraw: () => takeAway(turn, by, { commits, shared, hands }),
  };
};

/** What a turn foretold of rows that were there before it, as one change of each; what was taken back already is none. */
const notYetUntold = (turn: number, lines: Rows): Told[] => {
  const changes = new Map<string, Told>();
  for (const [table, row, before, after] of lines as [Table, string, string | null, string | null][]) {
    if (madeBy(turn, table, row)) continue;
    const known = changes.get(`${table} ${row}`);
    changes.set(`${table} ${row}`, { table, row, before: known ? known.before : before, after });
  }
  return [...changes.values()].filter(c => c.before !== c.after);
};

/** Takes away what a turn made and foretold and nobody was shown, step by step. */
export const takeAway = async (turn: number, by: By, { commits, shared, hands }: Deps): Promise<void> => {
  hide(shared, turn);
  const untold = await commits.write(async c => notYetUntold(turn, await run(c, LINES(c, ...FORETELLABLE), { turn })));
  for (let i = 0; i < untold.length; i += STEP)
    await commits.write(async c => {
      const its = hands(c);
      await inHands(its, () => its.untell(untold.slice(i, i + STEP), by));
    });
  for (const table of HIDEABLE) {
    for (;;) {
      const left = await commits.write(async c => {
        const { statement, values } = shared.statements[table].made(turn, STEP);
        const ids = (await run(c, statement, values)).map(r => r[0] as string);
        const its = hands(c);
        await inHands(its, () =>
          its.make(
            ids.map(id => ({ table, id, to: null }) as Change),
            by,
          ),
        );
        return ids.length;
      });
      if (left < STEP) break;
    }
  }
  await commits.write(async c => {
    await noteOver(c);
    await shared.leases.release(c, PLACE);
  });
  hide(shared, undefined);
};

/** What a stop left half-made is taken away; gives where it had been asked for. Another instance that is at it is left alone. */
export const takeAwayLeft = async (now: number, deps: Omit<Deps, 'hands'> & { handsOf(turn: number, c: Connection): Hands }) => {
  const left = await deps.commits.write(async c => {
    const begun = await begunIn(c);
    return begun && (await deps.shared.leases.take(c, PLACE)) === undefined ? begun : undefined;
  });
  if (left)
    await takeAway(left.turn, { actor: null, command: '导入', sentAt: now, now }, { ...deps, hands: c => deps.handsOf(left.turn, c) });
  return left;
};
