/** Working hours and quiet hours. */
import { assumedWorkday, type Calendar, nextWorkday } from './calendar.ts';
import { at, dayAt, type Instant, timeOf } from './day.ts';

/** Unasked messages are said on workdays between these. */
export const SPEAKING = { from: '07:30', until: '21:00' } as const;

/** The first moment, from an instant on, at which something unasked may be said. */
export const nextSpeakingTime = (from: Instant, calendar: Calendar): Instant => {
  const day = dayAt(from);
  if (!assumedWorkday(calendar, day) || timeOf(from) >= SPEAKING.until) return at(nextWorkday(calendar, day), SPEAKING.from);
  return timeOf(from) < SPEAKING.from ? at(day, SPEAKING.from) : from;
};

export interface Session {
  from: string;
  until: string;
}
/** `08:00-12:00 14:30-17:30` as sessions; undefined when it is not of that form. */
export const parseHours = (text: string): Session[] | undefined => {
  const sessions = text.split(/[\s,，、;；]+/).map(s => /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(s));
  if (!sessions.length || sessions.some(s => s === null)) return undefined;
  const all = sessions.map(s => ({ from: `${s![1]}:${s![2]}`, until: `${s![3]}:${s![4]}` }));
  return all.every((s, i) => s.from < s.until && (i === 0 || all[i - 1]!.until <= s.from)) ? all : undefined;
};

/** The instant after so many working milliseconds from an instant on. */
export const addWorkingTime = (from: Instant, ms: number, sessions: readonly Session[], calendar: Calendar): Instant => {
  let left = ms;
  let day = dayAt(from);
  if (!assumedWorkday(calendar, day)) day = nextWorkday(calendar, day);
  for (;;) {
    for (const s of sessions) {
      const begin = Math.max(from, at(day, s.from));
      const length = at(day, s.until) - begin;
      if (length <= 0) continue;
      if (left <= length) return begin + left;
      left -= length;
    }
    day = nextWorkday(calendar, day);
  }
};
