/** Some while into each session: a question where nothing is known of a planned visit; at the session's end, those who look after it hear what is still unknown. */

import { defineJob, type JobContext } from '../src/bot/job.ts';
import type { Read } from '../src/bot/ports.ts';
import type { Card, Outgoing } from '../src/core/card.ts';
import { at, type Day, type Half, type Instant } from '../src/core/day.ts';
import { hoursOf, type Session, sessionsOn } from '../src/core/hours.ts';
import { officeOver } from '../src/core/offices.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { nothingKnown } from '../src/core/presence.ts';
import type { Visit } from '../src/core/records.ts';
import type { Settings } from '../src/core/settings.ts';
import { sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { cite } from '../src/programmes/schema.ts';
import { type AskedFacts, askedIn, byWhoIsAsked, type VisitFacts } from './visits-ahead.ts';

type Part = Half;
const sessionOf = (day: Day, settings: Settings, part: Part): Session | undefined =>
  sessionsOn(hoursOf(settings), day)[part === 'am' ? 0 : 1];

const facts = (read: Read, context: JobContext) => askedIn(read, context, { from: context.today, to: context.today });

/** Morning and afternoon at one clinic: one way there, asked about once. */
interface Journey {
  first: Visit;
  visits: Visit[];
}
const journeys = (visits: readonly Visit[]): Journey[] => {
  const map = new Map<string, Visit[]>();
  for (const v of visits) if (v.planned) map.set(`${v.person} ${v.clinic}`, [...(map.get(`${v.person} ${v.clinic}`) ?? []), v]);
  return [...map.values()].map(all => ({ first: all.find(v => v.am) ?? all[0]!, visits: all }));
};
/** Journeys of which nothing at all is known. */
const silent = (f: VisitFacts): Journey[] => journeys(f.visits).filter(j => j.visits.every(v => nothingKnown(v, f.leaves)));
const beginIn = (part: Part) => (j: Journey) => j.first.am === (part === 'am');

const question = (part: Part) =>
  defineJob<AskedFacts>({
    name: `presence-${part}`,
    title: part === 'am' ? '上午问到岗' : '下午问到岗',
    per: 'programme',
    times: (day, { settings }) => {
      const session = sessionOf(day, settings, part);
      return session ? [at(day, session.from) + settings.number(part === 'am' ? 'presence.am' : 'presence.pm') * 60_000] : [];
    },
    facts,
    due: ({ facts: f, programme, settings, today }) => {
      const until = at(today, sessionOf(today, settings, part)?.until ?? '17:30');
      const source = `询问时间：${settings.source(part === 'am' ? 'presence.am' : 'presence.pm')}`;
      const open = silent(f).filter(beginIn(part));
      return {
        tell: [
          ...open.map(j => askPhysician(j, f, until, source, programme?.leave !== undefined)),
          ...byWhoIsAsked(
            open.map(j => j.first),
            f.held,
          ).map(({ visits, not }) =>
            askClinic(
              open.filter(j => visits.includes(j.first)),
              f,
              until,
              source,
              not,
            ),
          ),
        ],
      };
    },
  });

const whatOf = ({ visits }: Journey): string => visits.map(x => `${sayHalves(x)}${VISIT_TYPE_NAMES[x.type]}`).join('，');

const askPhysician = (j: Journey, f: VisitFacts, expires: Instant, source: string, leave: boolean): Outgoing => {
  const v = j.first;
  const clinic = f.orgs.get(v.clinic);
  const name = f.people.get(v.person)?.name ?? '';
  const base = { code: 'presence.ask-physician', tone: 'ask' as const, lines: [whatOf(j), source] };
  return {
    key: `presence/${v.id}/physician`,
    topic: `presence/${v.id}`,
    to: { person: v.person },
    class: 'nudge',
    about: 'person',
    expires,
    card: {
      ...base,
      title: `今天去${shownOrg(clinic)}，到了吗？`,
      buttons: [
        { label: '签到', command: `/签到 ${clinic?.name ?? ''}`, style: 'primary' },
        ...(leave ? [{ label: '去不了，请假', command: `/请假 ${v.day}${j.visits.length === 1 ? sayHalves(v) : ''}` }] : []),
      ],
    },
    // Somebody without an account is asked for in the hospital's own group.
    inGroup: {
      ...base,
      title: `${name}今天去${shownOrg(clinic)}，到了吗？`,
      buttons: [{ label: `替${name}签到`, command: `/签到 ${name} ${clinic?.name ?? ''}` }],
    },
  };
};

/** One card a clinic; with several physicians each button says whom it means. */
const askClinic = (all: readonly Journey[], f: VisitFacts, expires: Instant, source: string, not: string | undefined): Outgoing => {
  const own = not === undefined ? {} : { not };
  const v = all[0]!.first;
  const clinic = f.orgs.get(v.clinic);
  const nameOf = (j: Journey) => f.people.get(j.first.person)?.name ?? '';
  const card: Card = {
    code: 'presence.ask-clinic',
    title: all.length === 1 ? `今天${nameOf(all[0]!)}医师到了吗？` : `今天这${all.length}位医师到了吗？`,
    tone: 'ask',
    lines: [...all.map(j => (all.length === 1 ? whatOf(j) : `${nameOf(j)} ${whatOf(j)}`)), source],
    buttons: all.flatMap(j => {
      const who = all.length === 1 ? '' : `${nameOf(j)} `;
      // Two visits of a day are answered together; a single one by its number.
      const which = j.visits.length === 1 ? j.first.id : `${j.first.day} ${clinic?.name ?? ''} ${nameOf(j)}`;
      return [
        { label: `${who}到了`, command: `/核实 ${which} 在岗`, style: 'primary' as const },
        { label: `${who}在路上`, command: `/核实 ${which} 在路上` },
        ...(j.visits.length === 1 ? [{ label: `${who}已改期`, command: `/核实 ${which} 已改期` }] : []),
        { label: `${who}没到`, command: `/核实 ${which} 没到` },
      ];
    }),
  };
  return {
    key: `presence/${v.id}/clinic`,
    topic: `presence/${v.id}`,
    to: { org: v.clinic, role: 'clinic', ...own },
    class: 'nudge',
    about: 'person',
    expires,
    card,
    // Without anybody there to ask, the hospital stands in.
    otherwise: {
      to: { org: v.hospital, role: 'hospital', ...own },
      card: { ...card, title: `${shownOrg(clinic)}没有${not === undefined ? '' : '别的'}专人，请代问：${card.title}` },
    },
  };
};

const listed = (names: readonly string[]): string =>
  names.length <= 6 ? names.join('、') : `${names.slice(0, 6).join('、')}等${names.length}`;

const unanswered = (part: Part) =>
  defineJob<AskedFacts>({
    name: `presence-${part}-open`,
    title: part === 'am' ? '上午没有答复的到岗' : '下午没有答复的到岗',
    per: 'programme',
    times: (day, { settings }) => {
      const session = sessionOf(day, settings, part);
      return session ? [at(day, session.until)] : [];
    },
    facts,
    due: ({ facts: f, programme, county, settings, slot, today }) => {
      const open = silent(f)
        .filter(beginIn(part))
        .map(j => j.first);
      const expires = at(today, '21:00');
      const rule = programme!.presence?.report ?? programme!.presence?.duty;
      const basis = [rule ? cite(programme!, rule) : `时间：${settings.source('hours')}`];
      const tell: Outgoing[] = [...new Set(open.map(v => v.hospital))].map(hospital => {
        const own = open.filter(v => v.hospital === hospital);
        return {
          key: `presence-open/${slot}/${hospital}`,
          to: { org: hospital, role: 'hospital' },
          class: 'nudge',
          about: 'person',
          expires,
          card: {
            code: 'presence.open',
            title: `${part === 'am' ? '上午' : '下午'}尚无到岗记录 ${own.length} 人`,
            tone: 'info',
            lines: [
              listed(own.map(v => `${f.people.get(v.person)?.name}（${shownOrg(f.orgs.get(v.clinic))}）`)),
              '已问过受援单位，还没有答复',
              ...basis,
            ],
          },
        };
      });
      // The day's one line to the bureau counts by unit and names nobody.
      const day = part === 'pm' ? silent(f).map(j => j.first) : [];
      if (day.length) {
        const units = [...new Set(day.map(v => v.clinic))];
        tell.push({
          key: `presence-open/${slot}/bureau`,
          to: { org: county, role: 'bureau', office: officeOver(programme, 'hospitals') },
          class: 'nudge',
          about: 'person',
          expires: at(today, '21:00'),
          card: {
            code: 'presence.open-day',
            title: `今天尚无到岗记录 ${day.length} 人`,
            tone: 'info',
            lines: [
              listed(units.map(c => `${shownOrg(f.orgs.get(c))}${day.filter(v => v.clinic === c).length}`)),
              '看是谁、有什么记录：/在岗',
              ...basis,
            ],
          },
        });
      }
      return { tell };
    },
  });

export const presenceMorning = question('am');
export const presenceAfternoon = question('pm');
export const morningOpen = unanswered('am');
export const afternoonOpen = unanswered('pm');
