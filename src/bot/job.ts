/** What the clock brings. A job says what should have been said by a slot; keys keep it from being said twice. */
import type { Calendar } from '../core/calendar.ts';
import type { Outgoing } from '../core/card.ts';
import type { Day, Instant } from '../core/day.ts';
import type { Change } from '../core/records.ts';
import type { Settings } from '../core/settings.ts';
import type { Programme } from '../programmes/schema.ts';
import type { Read } from './ports.ts';

export interface JobContext {
  programme: Programme | null;
  /** The county bureau it runs for; empty for jobs of the installation. */
  county: string;
  settings: Settings;
  calendar: Calendar;
  /** The moment the job stands for. */
  slot: Instant;
  today: Day;
  /** Number of the job's turn, from which new records are numbered; 0 where it is only foreseen. */
  turn: number;
  demo: boolean;
}

export interface Job<F = unknown> {
  name: string;
  /** What it does, for the list of what is coming: 下周排班告知. */
  title: string;
  /** `programme`: once for each county with a programme in force that day; `installation`: once. */
  per: 'programme' | 'installation';
  /** Goes on for a month after its programme's end, since the last reports are due then. */
  lingers?: boolean;
  /** Its slots on a day, as instants of that day. */
  times(day: Day, context: Omit<JobContext, 'slot' | 'today' | 'turn'>): Instant[];
  /** Further slots, which hang on what is stored: those in (from, to]. */
  moments?(read: Read, span: { from: Instant; to: Instant }, context: Omit<JobContext, 'slot' | 'today' | 'turn'>): Promise<Instant[]>;
  facts(read: Read, context: JobContext): Promise<F>;
  due(context: JobContext & { facts: F }): { tell: Outgoing[]; changes?: Change[]; settles?: string[]; result?: string };
}

export const defineJob = <F>(job: Job<F>): Job<F> => job;
// biome-ignore lint: a list of jobs of different facts
export type AnyJob = Job<any>;
