/** 没到 in a clinic's word: cases that it opens or closes, and who hears of it. */

import type { Asked } from '../../src/bot/command.ts';
import { newCase } from '../../src/core/absence.ts';
import { type Card, type Outgoing, pointer } from '../../src/core/card.ts';
import { sayDay, timeOf } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Correction, correctionNews, toldOfReport } from '../../src/core/presence-news.ts';
import { type Case, type Change, numbered, type Visit } from '../../src/core/records.ts';
import { sayHalves } from '../../src/core/visit.ts';
import { cite } from '../../src/programmes/schema.ts';
import { type Args, type Facts } from './day.ts';
import { halvesOf, stillReported } from './halves.ts';
import { pendingLeaves, pendingMoves } from './open-leave.ts';

interface Cases {
  changes: Change[];
  settles: string[];
  /** New cases, by visit. */
  made: Map<string, Case>;
}

/** The clinic's report opens a case, one for each person and day. */
export const opened = (asked: Asked<Args>, facts: Facts, open: readonly Visit[]): Cases => {
  const out: Cases = { changes: [], settles: [], made: new Map() };
  for (const visit of open) {
    const there = [...facts.cases, ...out.made.values()].some(
      c => c.person === visit.person && c.day === visit.day && c.state !== 'closed',
    );
    if (there || !asked.programme?.absence) continue;
    const c = newCase(visit, 'report', null, asked, numbered(asked.turn, out.changes.length));
    out.changes.push({ table: 'cases', id: c.id, to: c });
    out.made.set(visit.id, c);
  }
  return out;
};

/** Corrected to 在岗: a case that nobody has weighed is closed; where the other half of the day is still reported, it is about that one. */
export const closed = (facts: Facts, persons: readonly string[], said: readonly Visit[]): Cases => {
  const open = facts.cases
    .filter(c => persons.includes(c.person) && c.state === 'open')
    .map(c => ({ c, still: stillReported(facts, c.person, said) }));
  return {
    changes: open.map(({ c, still }) => ({
      table: 'cases' as const,
      id: c.id,
      to: still ? { ...c, visit: still.id, clinic: still.clinic, hospital: still.hospital } : { ...c, state: 'closed' as const },
      was: { state: 'open' as const },
    })),
    settles: open.flatMap(({ c, still }) => (still ? [] : [`case-hear/${c.id}`, `case-weigh/${c.id}`, `not-there/${c.visit}`])),
    made: new Map(),
  };
};

/** A5.9: the clinic's report on a physician's day goes to hospital, general hospital and bureau; the physician hears of it too. */
export const notThere = (asked: Asked<Args>, facts: Facts, visits: readonly Visit[], c: Case | undefined): Outgoing[] => {
  const visit = visits[0]!;
  const checkedIn = visits.find(v => v.checkedIn !== null)?.checkedIn ?? null;
  const hearing = c ? [`有情况请在${sayDay(c.hearUntil, asked.today)}前发：/说明 ${c.id} 情况`] : [];
  const report = asked.programme?.presence?.report;
  const name = facts.people.get(visit.person)?.name ?? '';
  // Who has read a report and that it holds no more does not read the same card again.
  const again = visits.some(v => facts.reportedBefore.has(v.id));
  const holds = again ? ['先前的更正作废，以这条为准'] : [];
  const card: Card = {
    code: 'presence.reported',
    title: `受援单位${again ? '再次' : ''}反映未到，待核实：${name}`,
    tone: 'urgent',
    lines: [
      `${shownOrg(facts.clinic)} ${sayDay(visit.day, asked.today)}${halvesOf(visits)}`,
      ...holds,
      checkedIn === null ? '没有签到记录' : `本人${timeOf(checkedIn)}签到过，请核对`,
      ...pendingLeaves(facts, [visit.person]),
      ...pendingMoves(facts, [visit.person], asked.today),
      ...(report && asked.programme ? [cite(asked.programme, report)] : []),
    ],
  };
  const hospital: Card = { ...card, lines: [...card.lines, ...hearing] };
  const own: Card = {
    code: 'presence.reported-you',
    title: `${shownOrg(facts.clinic)}${again ? '再次' : ''}反映您${sayDay(visit.day, asked.today)}${halvesOf(visits)}未到`,
    tone: 'urgent',
    lines: [
      '这只是反映，尚未认定',
      ...holds,
      ...pendingMoves(facts, [visit.person], asked.today),
      '您到了或另有安排，请联系受援单位更正',
      ...hearing,
    ],
  };
  const key = `not-there/${visit.id}/${asked.turn}`;
  const base = { class: 'news', about: 'person', topic: `not-there/${visit.id}` } as const;
  const to = toldOfReport(visit, asked.programme);
  return [
    { ...base, key: `${key}/hospital`, to: to.hospital, card: hospital },
    { ...base, key: `${key}/general`, to: to.general, card },
    { ...base, key: `${key}/bureau`, to: to.bureau, card },
    { ...base, key: `${key}/physician`, to: to.physician, card: own, inGroup: pointer(name) },
  ];
};

/** Corrected by the clinic's new word: once for each physician whose not being there was reported. */
export const correctedNews = (asked: Asked<Args>, facts: Facts, visits: readonly Visit[], correction: Correction): Outgoing[] => {
  const reported = visits.filter(v => v.presence === 'not-there');
  return [...new Map(reported.map(v => [v.person, v])).values()].flatMap(v => {
    const still = stillReported(facts, v.person, visits);
    return correctionNews(v, correction, {
      ...(still ? { half: halvesOf(reported.filter(r => r.person === v.person)), still: `${sayHalves(still)}反映的未到不变` } : {}),
      turn: asked.turn,
      today: asked.today,
      programme: asked.programme,
      name: facts.people.get(v.person)?.name ?? '',
      clinic: shownOrg(facts.clinic),
    });
  });
};
