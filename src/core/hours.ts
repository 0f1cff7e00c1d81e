/** Working hours, and the hours in which nothing unasked is said. */
import { assumedWorkday, assumeWeekdays, type Calendar, firstWorkdayOnOrAfter, nextWorkday, type Unsure } from './calendar.ts';
import { addDays, at, type Day, dayAt, type Half, type Instant, sayDay, timeOf } from './day.ts';
import type { Settings } from './settings.ts';

/** Unasked messages are said on workdays between these; the first belongs to it, the second does not. */
export const SPEAKING = { from: '07:30', until: '21:00' } as const;

/**
 * The first moment, from an instant on, at which something unasked may be said; `urgent` is said at once.
 * Monday to Friday is assumed where the calendar is unknown: a message must not wait for a notice of the State Council.
 */
export const nextSpeakingTime = (from: Instant, calendar: Calendar, urgent = false): Instant => {
  if (urgent) return from;
  const day = dayAt(from);
  if (!assumedWorkday(calendar, day) || timeOf(from) >= SPEAKING.until)
    return at(nextWorkday(assumeWeekdays(calendar), day), SPEAKING.from);
  return timeOf(from) < SPEAKING.from ? at(day, SPEAKING.from) : from;
};

/** When news of some days is said: at once where it changes somebody's next two days, else in speaking hours. */
export const newsTime = (now: Instant, calendar: Calendar, days: readonly Day[]): Instant =>
  nextSpeakingTime(
    now,
    calendar,
    days.some(d => d <= addDays(dayAt(now), 2)),
  );

/** What a reply says of a message to others: `已通知医师`, or when they will read it: `明早7:30通知医师`. */
export const sayTold = (act: string, now: Instant, told: Instant): string => {
  if (told <= now) return `已${act}`;
  const [today, day] = [dayAt(now), dayAt(told)];
  const time = timeOf(told).replace(/^0/, '');
  const when = day === today ? '今早' : day === addDays(today, 1) ? '明早' : `${sayDay(day, today)} `;
  return `${when}${time}${act}`;
};

/** When unasked messages that are over a place's share of the day are said together. */
export const JOINED = { evening: '17:00', morning: '08:00' } as const;

/** The same of what keeps to a place's share of the day: a unit that has had it reads it with what is said together. */
export const sayTellsUnasked = (act: string, now: Instant, told: Instant): string =>
  told > now
    ? sayTold(act, now, told)
    : `马上${act}；今天消息已多的单位${timeOf(now) < JOINED.evening ? `${JOINED.evening}` : `下个工作日${JOINED.morning}`}收到`;

/** `HH:MM` to `HH:MM`, the last minute not counted. */
export interface Session {
  from: string;
  until: string;
}
/** Other hours for a part of the year, `MM-DD` to `MM-DD`, both counted; it may run over the year's end. */
export interface Season {
  from: string;
  until: string;
  sessions: Session[];
}
export interface Hours {
  sessions: Session[];
  seasons: Season[];
}

const parseSessions = (text: string): Session[] | undefined => {
  const found = text
    .trim()
    .split(/[\s、]+/)
    .map(s => /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(s));
  if (found.some(s => s === null)) return undefined;
  const all = found.map(s => ({ from: `${s![1]}:${s![2]}`, until: `${s![3]}:${s![4]}` }));
  return all.every((s, i) => s.from < s.until && (i === 0 || all[i - 1]!.until <= s.from)) ? all : undefined;
};

const inSeason = (s: Pick<Season, 'from' | 'until'>, monthDay: string): boolean =>
  s.from <= s.until ? s.from <= monthDay && monthDay <= s.until : s.from <= monthDay || monthDay <= s.until;

const isMonthDay = (text: string): boolean => {
  const [m = 0, d = 0] = text.split('-').map(Number);
  return m >= 1 && m <= 12 && d >= 1 && d <= [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1]!;
};

/** `08:00-12:00 14:30-17:30`, and behind `；` other hours for a season: `06-01至09-30 08:00-12:00 15:00-18:00`. Undefined when it is not of that form or seasons overlap. */
export const parseHours = (text: string): Hours | undefined => {
  const [base = '', ...rest] = text.normalize('NFKC').split(';');
  const sessions = parseSessions(base);
  if (!sessions) return undefined;
  const seasons: Season[] = [];
  for (const part of rest) {
    const m = /^\s*(\d\d-\d\d)\s*[至~]\s*(\d\d-\d\d)\s+(.+)$/.exec(part);
    const own = m && parseSessions(m[3]!);
    if (!own || !isMonthDay(m[1]!) || !isMonthDay(m[2]!)) return undefined;
    const season = { from: m[1]!, until: m[2]!, sessions: own };
    if (seasons.some(s => inSeason(s, season.from) || inSeason(season, s.from))) return undefined;
    seasons.push(season);
  }
  return { sessions, seasons };
};

/** What a bureau has that sets nothing. */
export const DEFAULT_HOURS: Hours = {
  sessions: [
    { from: '08:00', until: '12:00' },
    { from: '14:30', until: '17:30' },
  ],
  seasons: [],
};

/** The hours that the bureau has set. */
export const hoursOf = (settings: Settings): Hours => parseHours(settings.get('hours')) ?? DEFAULT_HOURS;

const NOON = '12:00';
/** Before the morning's end it is morning, from then on afternoon. */
export const halfAt = (when: Instant, hours: Hours): Half => {
  const d = dayAt(when);
  const sessions = sessionsOn(hours, d);
  return when < at(d, sessions.length > 1 ? sessions[0]!.until : NOON) ? 'am' : 'pm';
};

/** When a half of a day begins there. */
export const beginOf = (d: Day, half: Half, hours: Hours): Instant => {
  const sessions = sessionsOn(hours, d);
  const first = half === 'am' ? sessions[0] : sessions.find(s => s.from >= NOON);
  return at(d, first?.from ?? NOON);
};

/** The hours of a day, were it a workday. */
export const sessionsOn = (hours: Hours, d: Day): readonly Session[] =>
  hours.seasons.find(s => inSeason(s, d.slice(5)))?.sessions ?? hours.sessions;

const MS_AN_HOUR = 3_600_000;

/** The instant after so many working hours (0 or more) from an instant on; an hour that ends with a session ends then. Undefined when an unknown day lies on the way. */
export const addWorkingHours = <C extends Calendar>(
  from: Instant,
  n: number,
  calendar: C,
  hours: Hours = DEFAULT_HOURS,
): Instant | Unsure<C> => {
  let left = n * MS_AN_HOUR;
  for (let d: Day | undefined = firstWorkdayOnOrAfter(calendar, dayAt(from)); d !== undefined; d = nextWorkday(calendar, d)) {
    for (const s of sessionsOn(hours, d)) {
      const begin = Math.max(from, at(d, s.from));
      const length = at(d, s.until) - begin;
      if (length <= 0) continue;
      if (left <= length) return begin + left;
      left -= length;
    }
  }
  return undefined as Unsure<C>;
};
