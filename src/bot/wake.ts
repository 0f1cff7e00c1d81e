/** Time passes: runs every job's every slot in order, once, whoever calls: the minute, the rehearsal, the start after a stop. */

import type { Calendar } from '../core/calendar.ts';
import { addDays, type Day, dayAt, type Instant } from '../core/day.ts';
import { shownOrg } from '../core/org-names.ts';
import type { Org, Setting } from '../core/records.ts';
import { type Settings, settingsFrom } from '../core/settings.ts';
import type { Programme } from '../programmes/schema.ts';
import { address } from './address.ts';
import type { AnyJob, JobContext } from './job.ts';
import type { CalendarSource, OutboxRow, Platform, Read, Store } from './ports.ts';
import { chainIn, programmeOf } from './programmes.ts';

export interface WakeDeps {
  store: Store;
  jobs: readonly AnyJob[];
  platforms: ReadonlyMap<string, Platform>;
  programmes: readonly Programme[];
  calendars: CalendarSource;
  speakAt(calendar: Calendar, settings: Settings, at: Instant): Instant;
  demo: boolean;
  log: { error(what: object, message: string): void };
  kick(posts: OutboxRow[]): void;
}

interface Slot {
  job: AnyJob;
  /** Name of the run: the job, and the programme it is for. */
  run: string;
  at: Instant;
  context: Context;
}

interface Context extends Omit<JobContext, 'slot' | 'today' | 'turn'> {
  /** Its programme is over: only what lingers is still said. */
  over: boolean;
}

export interface Wake {
  /** Runs the slots in (from, to], in order. `now` is when it really runs: what has expired by then is recorded as expired. */
  run(from: Instant, to: Instant, now: Instant): Promise<void>;
  /** The slots in (from, to] that have something to say, as the facts stand. */
  foresee(from: Instant, to: Instant, limit: number): Promise<{ at: Instant; what: string }[]>;
  /** The moments of slots in (from, to]. */
  moments(from: Instant, to: Instant): Promise<Instant[]>;
}

const runOf = (job: AnyJob, { programme, county }: Slot['context']): string =>
  programme ? `${job.name}/${programme.id}/${county}` : job.name;

/** After a longer stop the days before are not gone through: nothing said then would still be worth saying. */
const LOOK_BACK_DAYS = 35;
/** So long after a programme's end its last reports are still looked after. */
const LINGERS_DAYS = 31;

export const makeWake = (deps: WakeDeps): Wake => {
  const contexts = async (read: Read, day: Day): Promise<Context[]> => {
    const calendar = await deps.calendars.calendar(read);
    const none = { programme: null, county: '', settings: settingsFrom(new Map()), calendar, demo: deps.demo, over: false };
    const out: Context[] = [none];
    const ended = deps.programmes.filter(p => p.term.until < day && p.term.until >= addDays(day, -LINGERS_DAYS));
    // Every minute asks this: of a hundred counties it is read together.
    const bureaus = new Map((await read.all('orgs', { kind: 'bureau' })).map(o => [o.id, o]));
    const held: { county: Org; mine: Pick<Context, 'programme' | 'over'>[] }[] = [];
    for (const county of bureaus.values()) {
      if (county.level !== 'county') continue;
      const chain = chainIn(bureaus, county);
      const programme = programmeOf(deps.programmes, chain, day);
      const mine = [
        ...(programme ? [{ programme, over: false }] : []),
        ...ended.filter(p => chain.some(o => o.name === p.bureau)).map(p => ({ programme: p, over: true })),
      ];
      if (mine.length) held.push({ county, mine });
    }
    const stored = new Map<string, Setting[]>();
    for (const s of held.length ? await read.all('settings', { org: held.map(h => h.county.id) }) : [])
      stored.set(s.org, [...(stored.get(s.org) ?? []), s]);
    for (const { county, mine } of held) {
      const settings = settingsFrom(new Map(stored.get(county.id)?.map(s => [s.key, { value: s.value, set: { by: s.by, at: s.at } }])));
      for (const m of mine) out.push({ ...none, ...m, county: county.id, settings });
    }
    return out;
  };

  const slots = async (from: Instant, to: Instant): Promise<Slot[]> => {
    const all: Slot[] = [];
    let last: Context[] = [];
    const first = dayAt(Math.max(from, to - LOOK_BACK_DAYS * 86_400_000));
    for (let day = first; day <= dayAt(to); day = addDays(day, 1)) {
      last = await contexts(deps.store.read, day);
      for (const context of last) {
        for (const job of deps.jobs) {
          if ((job.per === 'programme') !== (context.programme !== null) || (context.over && !job.lingers)) continue;
          for (const at of job.times(day, context)) if (at > from && at <= to) all.push({ job, run: runOf(job, context), at, context });
        }
      }
    }
    for (const context of last)
      for (const job of deps.jobs) {
        if (!job.moments || (job.per === 'programme') !== (context.programme !== null)) continue;
        const at = await job.moments(deps.store.read, { from, to }, context);
        for (const moment of new Set(at))
          if (moment > from && moment <= to) all.push({ job, run: runOf(job, context), at: moment, context });
      }
    return all.sort((a, b) => a.at - b.at);
  };

  const due = async (read: Read, slot: Slot, turn: number) => {
    const context: JobContext = { ...slot.context, slot: slot.at, today: dayAt(slot.at), turn };
    return slot.job.due({ ...context, facts: await slot.job.facts(read, context) });
  };

  /** Slots whose job threw: nothing of them was stored, so they are tried again when time is next looked at. */
  let failed: Slot[] = [];

  return {
    async run(from, to, now) {
      const again = failed;
      failed = [];
      for (const slot of [...again, ...(await slots(from, to))]) {
        try {
          await deps.store.jobTurn({ job: slot.run, slot: slot.at, now }, async tx => {
            const said = await due(tx.read, slot, tx.turn);
            if (said.changes?.length) await tx.apply(said.changes, { actor: null, command: slot.job.name, sentAt: slot.at, now });
            if (said.settles?.length) await tx.settle(said.settles, now);
            const speakAt = (at: Instant) => deps.speakAt(slot.context.calendar, slot.context.settings, at);
            await tx.post(
              await address({ read: tx.read, today: dayAt(slot.at), now: slot.at, platforms: deps.platforms, speakAt }, said.tell),
              slot.at,
            );
            return said.result ?? `${said.tell.length}`;
          });
        } catch (err) {
          failed.push(slot);
          deps.log.error({ job: slot.run, slot: slot.at, err }, 'job failed, will be tried again');
        }
      }
      deps.kick([]);
    },

    async foresee(from, to, limit) {
      const coming: { at: Instant; what: string }[] = [];
      const ahead = await slots(from, to);
      const counties = [...new Set(ahead.flatMap(s => (s.context.county === '' ? [] : [s.context.county])))];
      const named = counties.length > 1 ? await deps.store.read.all('orgs', { id: counties }) : [];
      // Where the same is said for several counties at a time, each row says whose it is.
      const whose = ({ context, at, job }: Slot) => {
        const several = ahead.some(s => s.at === at && s.job === job && s.context.county !== context.county);
        const county = several && named.find(o => o.id === context.county);
        return county ? ` ${shownOrg(county)}` : '';
      };
      for (const slot of ahead) {
        if (coming.length >= limit) break;
        const { tell } = await due(deps.store.read, slot, 0);
        if (!tell.length) continue;
        // Why: the clause, or whose setting it is, as the messages themselves say it.
        const why = tell[0]!.card.lines.find(l => /^依据|系统默认|本局设定/.test(l));
        coming.push({ at: slot.at, what: `${slot.job.title}${whose(slot)}（${tell.length}条）${why ? `。${why}` : ''}` });
      }
      return coming;
    },

    moments: async (from, to) => [...new Set((await slots(from, to)).map(s => s.at))],
  };
};
