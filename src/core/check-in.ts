/** Check-in: one kind of evidence of presence, not a duty. */
import type { Day, Half } from './day.ts';
import type { Posting, Visit } from './records.ts';
import { clash, newVisit } from './visit.ts';

/** What a check-in of a person on a day meets. */
export type CheckInTarget =
  /** This visit takes it. */
  | { kind: 'visit'; visit: Visit }
  /** Nothing is planned there: a visit is made, and an open planned one of the month may be counted as this. */
  | { kind: 'unplanned'; visit: Visit; insteadOf: Visit | undefined }
  /** There already: says when the first was. `later`: another kind of visit there that belongs to the afternoon. */
  | { kind: 'already'; visit: Visit; later?: Visit }
  /** `there`: where the physician has checked in already. */
  | { kind: 'which'; clinics: string[]; there?: Visit }
  | { kind: 'no-posting' }
  /** The wanted half is taken by another clinic's visit. */
  | { kind: 'clash'; visit: Visit };

export interface CheckInFacts {
  /** Visits of the person on the day. */
  day: readonly Visit[];
  /** Planned visits of the person in the month, other days. */
  month: readonly Visit[];
  /** Postings of the person that hold in the month. */
  postings: readonly Posting[];
}

const inOrder = (a: Visit, b: Visit) => Number(b.am) - Number(a.am);

/**
 * Which visit a check-in belongs to. `clinic`: the one that was named. `half`: the part of the day that it is or that was named; undefined where
 * neither is known. `id`: for a visit that must be made.
 */
export const checkInTarget = (
  facts: CheckInFacts,
  asked: {
    person: string;
    day: Day;
    clinic: string | undefined;
    half: Half | undefined;
    halves: { am: boolean; pm: boolean };
    id: string;
  },
): CheckInTarget => {
  const on = facts.day.filter(v => v.state === 'on' && (asked.clinic === undefined || v.clinic === asked.clinic)).sort(inOrder);
  const open = on.filter(v => v.checkedIn === null);
  const done = on.filter(v => v.checkedIn !== null).sort((a, b) => a.checkedIn! - b.checkedIn!);
  const { half } = asked;
  const due = half === undefined ? open : open.filter(v => v[half]);
  // Who has checked in today does so again only for what its time has come for; whoever comes first is early, or late.
  const next = due.length || done.length ? due : open;
  const first = next[0];
  if (first) {
    const there = done.find(d => d.clinic !== first.clinic && next.some(v => (v.am && d.am) || (v.pm && d.pm)));
    const clinics = [...new Set(next.map(v => v.clinic))];
    return clinics.length > 1 || there ? { kind: 'which', clinics, ...(there ? { there } : {}) } : { kind: 'visit', visit: first };
  }
  const last = done.at(-1);
  if (last) {
    const later = half === 'am' ? open.find(v => v.pm && v.clinic === last.clinic) : undefined;
    return { kind: 'already', visit: done.find(d => d.clinic === last.clinic)!, ...(later ? { later } : {}) };
  }

  const clinics = [...new Set(facts.postings.map(p => p.clinic))];
  const clinic = asked.clinic ?? (clinics.length === 1 ? clinics[0] : undefined);
  if (clinic === undefined) return clinics.length ? { kind: 'which', clinics } : { kind: 'no-posting' };
  const posting = facts.postings.find(p => p.clinic === clinic);
  if (!posting) return { kind: 'no-posting' };
  const taken = clash(facts.day, asked.halves);
  if (taken) return { kind: 'clash', visit: taken };
  const visit = newVisit({
    id: asked.id,
    programme: posting.programme,
    county: posting.county,
    person: asked.person,
    clinic,
    hospital: posting.hospital,
    posting: posting.id,
    day: asked.day,
    ...asked.halves,
    planned: false,
  });
  const planned = facts.month.filter(
    v => v.state === 'on' && v.planned && v.clinic === clinic && v.presence === null && v.checkedIn === null,
  );
  return { kind: 'unplanned', visit, insteadOf: planned.sort((a, b) => (a.day < b.day ? -1 : 1))[0] };
};

const EARTH = 6_371_000;
const rad = (d: number) => (d * Math.PI) / 180;
/** Metres between two points. */
export const metresBetween = (a: { lat: number; lng: number }, b: { lat: number; lng: number }): number => {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
};
