/** Check-in: one kind of evidence of presence, not a duty. */
import { type Day, monthOf } from './day.ts';
import type { Posting, Visit } from './records.ts';
import { clash, newVisit } from './visit.ts';

/** What a check-in of a person on a day meets. */
export type CheckInTarget =
  /** This visit takes it. */
  | { kind: 'visit'; visit: Visit }
  /** Nothing is planned there: a visit is made, and an open planned one of the month may be counted as this. */
  | { kind: 'unplanned'; visit: Visit; insteadOf: Visit | undefined }
  /** There already: says when the first was. */
  | { kind: 'already'; visit: Visit }
  | { kind: 'which'; clinics: string[] }
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

/** Which visit a check-in belongs to. `clinic`: the one that was named. `id`: for a visit that must be made. */
export const checkInTarget = (
  facts: CheckInFacts,
  asked: { person: string; day: Day; clinic: string | undefined; halves: { am: boolean; pm: boolean }; id: string },
): CheckInTarget => {
  const on = facts.day.filter(v => v.state === 'on' && (asked.clinic === undefined || v.clinic === asked.clinic)).sort(inOrder);
  const next = on.find(v => v.checkedIn === null);
  if (next) return { kind: 'visit', visit: next };
  const done = on[0];
  if (done) return { kind: 'already', visit: done };

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
  const open = facts.month.filter(
    v =>
      v.state === 'on' &&
      v.planned &&
      v.clinic === clinic &&
      v.presence === null &&
      v.checkedIn === null &&
      monthOf(v.day) === monthOf(asked.day),
  );
  return { kind: 'unplanned', visit, insteadOf: open.sort((a, b) => (a.day < b.day ? -1 : 1))[0] };
};

const EARTH = 6_371_000;
const rad = (d: number) => (d * Math.PI) / 180;
/** Metres between two points. */
export const metresBetween = (a: { lat: number; lng: number }, b: { lat: number; lng: number }): number => {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
};
