/** Who was told of what is taken back hears that it no longer holds, in the same place; what was not sent yet is not sent. */
import type { JournalRow, OutboxRow, Read } from '../../src/bot/ports.ts';
import type { Calendar } from '../../src/core/calendar.ts';
import type { Card, ConversationKey, Outgoing } from '../../src/core/card.ts';
import { addDays, type Day, dayAt, type Instant } from '../../src/core/day.ts';
import { newsTime } from '../../src/core/hours.ts';
import type { Move, Visit } from '../../src/core/records.ts';

/** What the undone action told others. */
export interface Told {
  /** Arrived, or may have. */
  said: OutboxRow[];
  /** Not sent yet. */
  unsaid: OutboxRow[];
  /** Days that it was about. */
  days: Day[];
}

const SAID: ReadonlySet<OutboxRow['state']> = new Set(['sent', 'sending', 'unknown']);
const PASS_ON = '请转告群众';
/** Lines that say what to do or why: they went with the action. */
const WENT_WITH_IT = /请|发 ?\/|^(?:原因|注意|提示|依据)/;

export const toldOf = async (read: Read, rows: readonly JournalRow[]): Promise<Told> => {
  const [first] = rows;
  const told = first ? (await read.told(first.turn)).filter(r => r.card.title !== '') : [];
  const days = new Set<Day>();
  for (const row of told.length ? rows : [])
    for (const text of [row.before, row.after]) {
      const is = text === null ? undefined : (JSON.parse(text) as unknown);
      if (is && row.table === 'visits') days.add((is as Visit).day);
      if (!is || row.table !== 'moves') continue;
      const visit = await read.get('visits', (is as Move).visit);
      for (const day of [visit?.day, (is as Move).toDay]) if (day) days.add(day);
    }
  return { said: told.filter(r => SAID.has(r.state)), unsaid: told.filter(r => r.state === 'pending'), days: [...days] };
};

interface Undone {
  command: string;
  by: string;
  turn: number;
  now: Instant;
  calendar: Calendar;
  /** Where it was undone: whoever reads there has the answer. */
  here: ConversationKey;
}

const placeOf = ({ platform, app, conversation }: ConversationKey): string => `${platform} ${app} ${conversation}`;

/** When they hear of it: at once where it is about the next two days. */
export const heardAt = ({ days }: Told, { now, calendar }: Pick<Undone, 'now' | 'calendar'>): Instant => newsTime(now, calendar, days);

/** One message to each place where something was said. */
export const takeBack = (told: Told, undone: Undone): Outgoing[] => {
  const elsewhere = told.said.filter(r => placeOf(r.to) !== placeOf(undone.here));
  const places = [...new Set(elsewhere.map(r => placeOf(r.to)))].map(place => elsewhere.filter(r => placeOf(r.to) === place));
  const urgent = told.days.some(d => d <= addDays(dayAt(undone.now), 2));
  return places.map(
    (rows, n): Outgoing => ({
      key: `undone/${undone.turn}/${n}`,
      to: { conversation: rows[0]!.to },
      class: 'news',
      about: 'unit',
      notBefore: heardAt(told, undone),
      card: cardOf(
        rows.map(r => r.card),
        undone,
        urgent,
      ),
    }),
  );
};

const cardOf = ([first, ...more]: readonly Card[], { command, by }: Undone, urgent: boolean): Card => ({
  code: 'undo.told',
  title: `已收回：${first!.title}`,
  tone: urgent ? 'urgent' : 'info',
  lines: [
    `${by}撤销了这次${command}，仍按原来的`,
    ...more.slice(0, 2).map(c => `已收回：${c.title}`),
    ...first!.lines.filter(l => !WENT_WITH_IT.test(l)).slice(0, 2),
    ...([first, ...more].some(c => c!.lines.includes(PASS_ON) || c!.code === 'schedule.for-villagers') ? [PASS_ON] : []),
  ],
  ...(first!.mention ? { mention: first!.mention } : {}),
});
