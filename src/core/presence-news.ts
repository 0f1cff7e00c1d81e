/** A report of somebody not there that is corrected: whoever was told of it at once is told of that as well. */

import type { Programme } from '../programmes/schema.ts';
import { type Card, type Outgoing, pointer } from './card.ts';
import { type Day, sayDay } from './day.ts';
import { officeOver } from './offices.ts';
import type { Visit } from './records.ts';

/** present, moved: the clinic's new word; leave: leave of that day was granted; withdrawn: the report was taken back; again: the correction was. */
export type Correction = 'present' | 'moved' | 'leave' | 'withdrawn' | 'again';

const SAYS: Readonly<Record<Correction, { title: (whose: string, day: string) => string; line: string; tone: Card['tone'] }>> = {
  present: { title: (whose, day) => `更正：${whose}${day}在岗`, line: '先前反映的未到作废', tone: 'ok' },
  moved: { title: (whose, day) => `更正：${whose}${day}的班已改期`, line: '先前反映的未到作废', tone: 'ok' },
  leave: { title: (whose, day) => `更正：${whose}${day}已准假`, line: '先前反映的未到作废', tone: 'ok' },
  withdrawn: { title: (whose, day) => `更正：${whose}${day}未到的反映已收回`, line: '先前反映的未到作废', tone: 'info' },
  again: { title: (whose, day) => `仍反映未到，待核实：${whose}${day}`, line: '刚才的更正已收回', tone: 'urgent' },
};

/** Those of a report: hospital, general hospital, the bureau's office, and the physician. */
export const toldOfReport = (visit: Pick<Visit, 'hospital' | 'county' | 'person'>, programme: Programme | null) => ({
  hospital: { org: visit.hospital, role: 'hospital' as const },
  general: { org: visit.county, role: 'general' as const },
  bureau: { org: visit.county, role: 'bureau' as const, office: officeOver(programme, 'hospitals') },
  physician: { person: visit.person },
});

/** Whose of these keys (`not-there/57/60/hospital`, of a visit and a turn) a message bears; nothing for any other. */
export const whoHeard = (key: string, visits: readonly string[], turn: number): string | undefined => {
  const [word, visit = '', at, who] = key.split('/');
  return (word === 'not-there' || word === 'corrected' || word === 'moved') && visits.includes(visit) && at === `${turn}` ? who : undefined;
};

/** One message to each of them for one physician's day, or for the `half` that was corrected while the other is `still` reported. `name`, `clinic`: as they are said. */
export const correctionNews = (
  visit: Pick<Visit, 'id' | 'hospital' | 'county' | 'person' | 'day'>,
  correction: Correction,
  {
    turn,
    today,
    programme,
    name,
    clinic,
    half = '',
    still,
    heard,
  }: {
    turn: number;
    today: Day;
    programme: Programme | null;
    name: string;
    clinic: string;
    half?: string;
    still?: string;
    /** Who has heard what is corrected; all, where it is not said. */
    heard?: ReadonlySet<string>;
  },
): Outgoing[] => {
  const { title, line, tone } = SAYS[correction];
  const day = `${sayDay(visit.day, today)}${half}`;
  const card = (whose: string): Card => ({
    code: 'presence.corrected',
    title: title(whose, day),
    tone,
    lines: [clinic, still ?? line],
  });
  const others = Object.entries(toldOfReport(visit, programme));
  // Of a move hospital and physician hear anyway.
  const told = correction === 'moved' ? others.filter(([who]) => who === 'general' || who === 'bureau') : others;
  const concerned = heard ? told.filter(([who]) => heard.has(who)) : told;
  return concerned.map(([who, to]) => ({
    key: `corrected/${visit.id}/${turn}/${who}`,
    to,
    class: 'news',
    about: 'person',
    card: card(who === 'physician' ? '您' : name),
    ...(who === 'physician' ? { inGroup: pointer(name) } : {}),
  }));
};
