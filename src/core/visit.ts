/** Visits and doctor-days. A doctor-day belongs to one visit, the first verified of that doctor and day; every total is a sum of these flags. */
import type { Change, Visit, VisitType } from './records.ts';

const halves = (visits: readonly Visit[]): number => Number(visits.some(v => v.am)) + Number(visits.some(v => v.pm));
const byVerification = (a: Visit, b: Visit) => (a.verifiedAt ?? 0) - (b.verifiedAt ?? 0) || compareIds(a.id, b.id);
const byCheckIn = (a: Visit, b: Visit) => (a.checkedIn ?? 0) - (b.checkedIn ?? 0) || compareIds(a.id, b.id);

/** Ids are turn numbers, `57` or `57-2`: in order of their making. */
export const compareIds = (a: string, b: string): number => {
  const [x = 0, y = 0] = a.split('-').map(Number);
  const [p = 0, q = 0] = b.split('-').map(Number);
  return x - p || y - q;
};

/** What is over with a visit that is off, under way or done: the word of its eve, and the question whether it may move. */
export const overWith = (visit: string): string[] => [`visit/${visit}`, `move/${visit}`];

/** Puts the doctor-day flag of one person's one day where it belongs. `halfCounts`: a half day alone is 1 人次. */
export const withTally = (day: readonly Visit[], halfCounts: boolean): Visit[] => {
  const on = day.filter(v => v.state === 'on');
  const verified = on.filter(v => v.presence === 'present').sort(byVerification);
  const half = halves(verified) === 1;
  const counted = verified.length > 0 ? (half && !halfCounts ? undefined : verified[0]) : undefined;
  const waiting = verified.length > 0 ? undefined : on.filter(v => v.checkedIn !== null && v.presence === null).sort(byCheckIn)[0];
  return day.map(v => ({
    ...v,
    tally: v.id === counted?.id ? 'verified' : v.id === waiting?.id ? 'waiting' : null,
    tallyHalf:
      v.id === counted?.id
        ? half
        : v.id === waiting?.id
          ? halves(on.filter(w => w.checkedIn !== null && w.presence === null)) === 1
          : false,
  }));
};

/** By day, mornings before afternoons. */
export const byDay = (a: Pick<Visit, 'day' | 'am'>, b: Pick<Visit, 'day' | 'am'>): number =>
  a.day === b.day ? Number(b.am) - Number(a.am) : a.day < b.day ? -1 : 1;

/** Changes that bring one person's one day from `before` to `after` (all visits of that day, new ones included), flags put right. */
export const dayChanges = (before: readonly Visit[], after: readonly Visit[], halfCounts: boolean): Change[] => {
  const old = new Map(before.map(v => [v.id, v]));
  const changes: Change[] = [];
  for (const to of withTally(after, halfCounts)) {
    const was = old.get(to.id);
    if (!was) changes.push({ table: 'visits', id: to.id, to });
    else if ((Object.keys(to) as (keyof Visit)[]).some(field => was[field] !== to[field]))
      changes.push({
        table: 'visits',
        id: to.id,
        to,
        was: { state: was.state, presence: was.presence, checkedIn: was.checkedIn, tally: was.tally },
      });
  }
  return changes;
};

/** Morning and afternoon at one clinic are one check-in: the other visit of the same physician, day and clinic that has it. */
export const sameCheckIn = (day: readonly Visit[], v: Visit): Visit | undefined =>
  day.find(
    w =>
      w.id !== v.id &&
      w.person === v.person &&
      w.day === v.day &&
      w.clinic === v.clinic &&
      w.state === 'on' &&
      w.checkedIn !== null &&
      w.presence !== 'not-there',
  );

/** A visit of one half is in the way of another of the same physician in that half. */
export const clash = (visits: readonly Visit[], wanted: { am: boolean; pm: boolean }): Visit | undefined =>
  visits.find(v => v.state === 'on' && ((v.am && wanted.am) || (v.pm && wanted.pm)));

export const newVisit = (
  v: Pick<Visit, 'id' | 'programme' | 'county' | 'person' | 'clinic' | 'hospital' | 'posting' | 'day'> & Partial<Visit>,
): Visit => ({
  am: true,
  pm: true,
  type: 'outpatient',
  planned: true,
  state: 'on',
  moved: null,
  reason: null,
  checkedIn: null,
  late: false,
  presence: null,
  onTheWay: null,
  verifiedBy: null,
  verifiedAt: null,
  verifiedAs: null,
  tally: null,
  tallyHalf: false,
  ...v,
});

/** The clinic has said nothing of a visit, or what it said holds no more. */
export const UNSAID = { presence: null, verifiedBy: null, verifiedAt: null, verifiedAs: null } as const;

export const VISIT_TYPE_NAMES: Readonly<Record<VisitType, string>> = {
  outpatient: '坐诊',
  home: '上门送医',
  rounds: '教学查房',
  lecture: '讲座',
  training: '培训',
  remote: '远程',
  other: '其他',
};
/** Words that are typed for a type. */
export const VISIT_TYPE_WORDS: Readonly<Record<string, VisitType>> = {
  坐诊: 'outpatient',
  门诊: 'outpatient',
  上门送医: 'home',
  上门: 'home',
  送医: 'home',
  入户: 'home',
  教学查房: 'rounds',
  查房: 'rounds',
  讲座: 'lecture',
  培训: 'training',
  远程: 'remote',
  远程会诊: 'remote',
  其他: 'other',
};
/** 上午, 下午, or nothing for a whole day. */
export const sayHalves = (v: { am: boolean; pm: boolean }): string => (v.am && v.pm ? '' : v.am ? '上午' : '下午');
export const halvesFrom = (half: 'am' | 'pm' | 'day' | undefined): { am: boolean; pm: boolean } => ({
  am: half !== 'pm',
  pm: half !== 'am',
});
