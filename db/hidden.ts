/** What a large turn has made so far: rows that nobody is shown before all of them are there (src/decisions/0013-large-turns.md). */
import type { ConversationKey } from '../src/core/card.ts';
import type { Table } from '../src/core/records.ts';
import type { Connection } from './connection.ts';
import { NOTE, NOTED, UNNOTE } from './meta.ts';
import { run } from './statements.ts';

/** Tables whose new rows can be hidden: their ids begin with the turn's number. */
export const HIDEABLE: readonly Table[] = ['orgs', 'people', 'grants', 'postings'];
/** Tables whose rows can be told of beforehand and written at the end, all at once. */
export const FORETELLABLE: readonly Table[] = [...HIDEABLE, 'acceptances'];
const hideable: ReadonlySet<Table> = new Set(HIDEABLE);
const KEY = 'hidden';
/** Of several instances one at a time may be at a large turn: whoever holds this. */
export const PLACE: ConversationKey = { platform: 'store', app: '', conversation: 'large' };

/** Made by this turn, in a table where that can be hidden. */
export const madeBy = (turn: number | undefined, table: Table, id: string): boolean =>
  turn !== undefined && hideable.has(table) && (id === `${turn}` || id.startsWith(`${turn}-`));

/** A large turn that has begun, and where it was asked for. */
export interface Begun {
  turn: number;
  to: ConversationKey;
}
export const noteBegun = async (c: Connection, begun: Begun): Promise<void> => {
  await run(c, NOTE(c), { key: KEY, value: JSON.stringify(begun) });
};
export const noteOver = async (c: Connection): Promise<void> => {
  await run(c, UNNOTE(c), { key: KEY });
};
export const begunIn = async (c: Connection): Promise<Begun | undefined> => {
  const [row] = await run(c, NOTED(c), { key: KEY });
  return row ? (JSON.parse(row[0] as string) as Begun) : undefined;
};
