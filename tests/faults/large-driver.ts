/** A process that may be killed at any moment: imports people in a large turn while others have theirs, and tells what is committed. */
import { openStore } from '../../db/open.ts';
import { type Change, numbered, type Person } from '../../src/core/records.ts';

const store = await openStore({ dataDir: process.argv[2]! });
const life = process.argv[3]!;
const now = Date.now();
const by = { actor: null, command: '导入', sentAt: now, now };
const eventOf = (eventId: string) => ({
  platform: 'sandbox',
  app: 'a',
  eventId,
  conversation: 'g',
  account: 'u',
  sentAt: now,
  receivedAt: now,
});
const person = (id: string): Person => ({
  id,
  name: `林${id}`,
  phone: null,
  phoneMask: null,
  phoneIndex: null,
  phoneFull: false,
  title: null,
  specialty: null,
  hospital: null,
});
const tell = (...words: (string | number)[]) => process.stdout.write(`${words.join(' ')}\n`);

await store.interrupted(now);
const known = (await store.read.all('people', {})).slice(0, 2_000);
tell('ready', await store.read.count('people', {}), await store.read.count('rosters', {}), new Set(known.map(p => p.title)).size);
const { turn } = await store.turn(eventOf(`import-${life}`), async tx => {
  await tx.begins({ platform: 'sandbox', app: 'a', conversation: 'g' });
  return 'running';
});
const changes = Array.from(
  { length: 2_000 },
  (_, i): Change => ({ table: 'people', id: numbered(turn, i), to: person(numbered(turn, i)) }),
);
// Those of the first import change as well, each time to another title.
changes.push(...known.map((p): Change => ({ table: 'people', id: p.id, to: { ...p, title: `${turn}` }, was: { title: p.title } })));
changes.push({
  table: 'rosters',
  id: `${turn}`,
  to: { id: `${turn}`, programme: 'p', county: 'c', from: '2024-06' as never, at: now, by: 'u', rows: 2_000, says: '' },
});
const large = store.large(turn, 'test', changes, by);
let said = 0;
await large.prepare(() => {
  const id = `chat-${life}-${said++}`;
  void store
    .turn(eventOf(id), async tx => {
      await tx.apply([{ table: 'locks', id, to: { id, wrong: 1, until: null } }], by);
      return 'ok';
    })
    .then(() => tell('said', id));
});
await large.show(async () => undefined);
tell('shown', turn);
