/** Everything that waits for somebody, from small sources: each says what it finds and with which button it is done. */

import type { Button } from '../core/card.ts';
import { addDays, type Day, firstOf, monthOf, sayDay } from '../core/day.ts';
import { proposalCard, sayFigures } from '../core/figure-words.ts';
import { type LeaveFile, leaveWord, sayLeaveDays, stationName, stationNames } from '../core/leave-cards.ts';
import { shownOrg } from '../core/org-names.ts';
import type { Case, Leave, Visit } from '../core/records.ts';
import { sayVisitDay } from '../core/schedule.ts';
import type { Settings } from '../core/settings.ts';
import { figureLine } from '../core/words/figures.ts';
import type { Programme } from '../programmes/schema.ts';
import { heldOn, holders } from './address.ts';
import { callsFor } from './callers.ts';
import { type Actor, orgsAs } from './command.ts';
import { claimOf, mayAnswer } from './confirming.ts';
import { leaveFiles, leavesToAskFor, leavesWaiting, namesOf } from './leaves.ts';
import { ROLE_NAMES } from './permissions.ts';
import type { Read } from './ports.ts';
import { reportTodos } from './report-todo.ts';
import { oldAndNew, unverified } from './unverified.ts';

export interface Todo {
  line: string;
  buttons: Button[];
  /** Whose own matter it is: they may not do it themselves. */
  about?: string[];
}
interface Look {
  read: Read;
  actor: Actor;
  today: Day;
  programmes: readonly Programme[];
  settings: Pick<Settings, 'get'>;
  /** Whose figures are asked for; null: none are. */
  programme?: Programme | null;
}
type Source = (look: Look) => Promise<Todo[]>;

/** How far back figures are still asked for. */
const BACK = 31;

const verifications: Source = async ({ read, actor, today, programmes }) => {
  const own = orgsAs(actor, 'clinic');
  const headed = orgsAs(actor, 'head').filter(o => !own.includes(o));
  const clinics = [...own, ...headed];
  if (!clinics.length) return [];
  const grants = headed.length ? (await read.all('grants', { org: headed, role: 'clinic' })).filter(g => heldOn(g, today)) : [];
  /** The head verifies where nobody else of the unit may. */
  const mine = (v: Visit) =>
    v.person !== actor.person?.id && (own.includes(v.clinic) || !grants.some(g => g.org === v.clinic && g.person !== v.person));
  const visits = (await unverified(read, clinics, programmes, today)).filter(mine);
  const orgs = visits.length ? await read.all('orgs', { id: clinics }) : [];
  const older: Todo[] = [];
  const days: { day: Day; todo: Todo }[] = [];
  for (const org of orgs) {
    const its = visits.filter(v => v.clinic === org.id);
    const { near, old, span } = oldAndNew([...new Set(its.map(v => v.day))], today);
    const name = shownOrg(org);
    if (span)
      older.push({
        line: `核实 ${name} 以前的${old.length}天：${sayDay(span.from, today)}起`,
        about: its.filter(v => old.includes(v.day)).map(v => v.person),
        buttons: [{ label: `核实以前的${old.length}天`, command: `/核实 ${span.from}至${span.to} ${org.name}` }],
      });
    for (const day of near)
      days.push({
        day,
        todo: {
          line: `核实 ${sayDay(day, today)} ${name} ${new Set(its.filter(v => v.day === day).map(v => v.person)).size}人`,
          about: its.filter(v => v.day === day).map(v => v.person),
          buttons: [{ label: `核实${sayDay(day, today)}`, command: `/核实 ${day} ${org.name}` }],
        },
      });
  }
  days.sort((a, b) => a.day.localeCompare(b.day));
  return [...older, ...days.map(d => d.todo)];
};

const bindings: Source = async ({ read, actor, today }) => {
  const waiting = await read.all('requests', { state: 'waiting' });
  if (!waiting.length) return [];
  const mine: Todo[] = [];
  for (const r of waiting) {
    if ((r.account === actor.account.id && r.platform === actor.account.platform) || r.person === actor.person?.id) continue;
    if (mayAnswer(actor.grants, await claimOf(read, r, today)))
      mine.push({
        line: `确认绑定 ${r.name}${r.role ? `（${shownOrg(r.org === null ? undefined : await read.get('orgs', r.org))}${ROLE_NAMES[r.role]}）` : ''}`,
        about: r.person === null ? [] : [r.person],
        buttons: [
          { label: r.role ? `${r.name}任${ROLE_NAMES[r.role]}` : `${r.name}是本人`, command: `/绑定 同意 ${r.id}` },
          { label: '不是', command: `/绑定 拒绝 ${r.id}` },
        ],
      });
  }
  return mine;
};

const moves: Source = async ({ read, actor, today }) => {
  const units = orgsAs(actor, 'hospital', 'clinic');
  if (!units.length) return [];
  const waiting = await read.all('moves', { state: 'waiting', waitsFor: units });
  const todos: Todo[] = [];
  for (const m of waiting) {
    const visit = await read.get('visits', m.visit);
    const person = visit && (await read.get('people', visit.person));
    if (!visit || visit.state !== 'on') continue;
    todos.push({
      line: `答复改期 ${person?.name ?? ''} ${sayVisitDay(visit, today)}${m.toDay ? ` → ${sayDay(m.toDay, today)}` : ''}`,
      buttons: [
        { label: `同意${person?.name ?? ''}改期`, command: `/改班 同意 ${m.id}` },
        { label: '不同意', command: `/改班 不同意 ${m.id}` },
      ],
    });
  }
  return todos;
};

const DRAFT_NAMES: Readonly<Record<string, string>> = { roster: '安排表', contacts: '联络员', 'paper-totals': '纸质人次' };
const drafts: Source = async ({ read, actor }) =>
  actor.person
    ? (await read.all('drafts', { by: actor.person.id, state: 'waiting', kind: ['roster', 'contacts', 'paper-totals'] })).map(d => ({
        line: `${DRAFT_NAMES[d.kind] ?? '导入'}还没确认`,
        buttons: [
          { label: '确认导入', command: `/导入 确认 ${d.id}` },
          { label: '放弃', command: `/导入 放弃 ${d.id}` },
        ],
      }))
    : [];

const visits: Source = async ({ read, actor, today }) => {
  if (!actor.grants.some(g => g.role === 'physician') || !actor.person) return [];
  const next = await read.all(
    'visits',
    { person: actor.person.id, state: 'on', presence: null, checkedIn: null, day: { from: today, to: addDays(today, 7) } },
    { by: 'day', limit: 3 },
  );
  const orgs = new Map((next.length ? await read.all('orgs', { id: [...new Set(next.map(v => v.clinic))] }) : []).map(o => [o.id, o]));
  return next.map(v => ({
    line: `${sayVisitDay(v, today)}去${shownOrg(orgs.get(v.clinic))}`,
    buttons: v.day === today ? [{ label: '签到', command: `/签到 ${orgs.get(v.clinic)?.name ?? ''}` }] : [],
  }));
};

const NO_UNIT = { shown: '', typed: '' };
/** Leaves that wait for the actor's answer, for filing, for word to the villagers, for a make-up day. */
const leaves: Source = async ({ read, actor, today, programmes }) => {
  const waiting = await leavesWaiting(read, { actor, today });
  const unheld = await leavesToAskFor(read, { actor, today });
  const counties = orgsAs(actor, 'bureau');
  const filing = counties.length
    ? (await read.all('leaveSteps', { org: counties, state: 'waiting' })).filter(s => s.kind === 'filing')
    : [];
  const clinics = orgsAs(actor, 'clinic');
  const untold = clinics.length
    ? await read.all('leaveVisits', { clinic: clinics, told: null, state: 'on', day: { from: today, to: addDays(today, 366) } })
    : [];
  const open = actor.person ? await read.all('leaveVisits', { person: actor.person.id, toDay: null, state: 'on' }) : [];
  const ids = [...new Set([...filing.map(s => s.leave), ...untold.map(v => v.leave), ...open.map(v => v.leave)])];
  const asked = ids.length ? (await read.all('leaves', { id: ids, state: ['approved', 'open'] })).filter(l => l.workdays === null) : [];
  // Back from an emergency the make-up day is owed, whoever has not answered yet; after its programme there is none.
  const holds = (l: Leave) => (programmes.find(p => p.id === l.programme)?.term.until ?? today) >= today;
  const back = await leaveFiles(
    read,
    asked.filter(l => holds(l) && (l.state === 'approved' || (l.emergency && l.to < today))),
  );
  const files = await leaveFiles(
    read,
    asked.filter(l => l.state === 'approved'),
  );
  const all = [...waiting, ...unheld, ...files];
  const people = all.length ? await read.all('people', { id: [...new Set(all.map(f => f.leave.person))] }) : [];
  const name = (f: LeaveFile) => people.find(p => p.id === f.leave.person)?.name ?? '';
  const of = (f: LeaveFile) => `${name(f)} ${sayLeaveDays(f, today)}`;
  const names = await namesOf(
    read,
    [],
    [...waiting.flatMap(f => f.mine.map(s => s.org)), ...unheld.flatMap(f => f.unheld.map(s => s.org))],
  );
  return [
    ...waiting.map(f => {
      // Who answers for several units does so for each.
      const units = f.mine.length > 1 ? f.mine.map(s => ({ shown: stationName(s, names), typed: ` ${names.full(s.org)}` })) : [NO_UNIT];
      return {
        line: `答复${leaveWord(f.leave)} ${of(f)}${f.mine.length > 1 ? `（${stationNames(f.mine, names)}）` : ''}`,
        about: [f.leave.person],
        buttons: units.flatMap(u => [
          { label: `${u.shown}同意${name(f)}${leaveWord(f.leave)}`, command: `/批准 ${f.leave.id}${u.typed}` },
          { label: `${u.shown}不同意`, command: `/驳回 ${f.leave.id}${u.typed}` },
        ]),
      };
    }),
    ...unheld.flatMap(f =>
      f.unheld.map(s => ({
        line: `代问${stationName(s, names)} ${leaveWord(f.leave)} ${of(f)}`,
        about: [f.leave.person],
        buttons: [{ label: `录入${stationName(s, names)}线下同意`, command: `/批准 ${f.leave.id} ${names.full(s.org)} 线下同意` }],
      })),
    ),
    ...files
      .filter(f => untold.some(v => v.leave === f.leave.id))
      .map(f => ({ line: `告知群众 ${of(f)}停诊`, buttons: [{ label: '已告知群众', command: `/已告知 ${f.leave.id}` }] })),
    ...files
      .filter(f => filing.some(s => s.leave === f.leave.id))
      .map(f => ({
        line: `备案 ${of(f)}：${filing.find(s => s.leave === f.leave.id)?.step}`,
        buttons: [{ label: '备案', command: `/备案 ${f.leave.id}` }],
      })),
    ...back
      .filter(f => f.leave.person === actor.person?.id && open.some(v => v.leave === f.leave.id))
      .map(f => ({ line: `定补班日：/请假 ${f.leave.id} 改到 日期`, buttons: [] })),
  ];
};

/** Cases to be heard and to be weighed. */
const cases: Source = async ({ read, actor, today, programmes }) => {
  const counties = orgsAs(actor, 'bureau');
  const hospitals = orgsAs(actor, 'hospital');
  const waiting = counties.length ? await read.all('cases', { county: counties, state: ['open', 'objected'] }) : [];
  // Weighed by the office that the programme names or the leader above it, and reviewed by another than who decided.
  const weigh: Case[] = [];
  for (const c of waiting) {
    const rules = programmes.find(p => p.id === c.programme);
    const mine =
      actor.grants.some(g => g.role === 'bureau' && g.org === c.county && g.office === '分管领导') ||
      (await holders(read, c.county, 'bureau', today, rules?.absence?.office ?? rules?.supervision?.hospitals.office)).some(
        g => g.person === actor.person?.id,
      );
    if (mine && !(c.state === 'objected' && c.by === actor.person?.id)) weigh.push(c);
  }
  const hear = (await read.all('cases', { state: 'open', hearUntil: { from: today } })).filter(
    c => c.person === actor.person?.id || hospitals.includes(c.hospital),
  );
  const object = actor.person ? await read.all('cases', { person: actor.person.id, state: 'decided', objectUntil: { from: today } }) : [];
  const all = [...weigh, ...hear, ...object];
  const people = all.length ? await read.all('people', { id: [...new Set(all.map(c => c.person))] }) : [];
  const of = (c: Case) => `${people.find(p => p.id === c.person)?.name ?? ''} ${sayDay(c.day, today)}`;
  return [
    ...weigh.map(c => ({
      line: `${c.state === 'objected' ? '复核异议' : '待认定'} ${of(c)}`,
      buttons: [{ label: '看材料', command: `/认定 ${c.id}` }],
    })),
    ...hear.map(c => ({ line: `可作说明到${sayDay(c.hearUntil, today)}：${of(c)}，发 /说明 ${c.id} 情况`, buttons: [] })),
    ...object.map(c => ({ line: `可提异议到${sayDay(c.objectUntil!, today)}：发 /异议 ${c.id} 理由`, buttons: [] })),
  ];
};

/** Calls that are still to be made, and people who wait for the tick. */
const calls: Source = async ({ read, actor }) => {
  const counties = callsFor(actor);
  const open = counties.length ? await read.all('followUps', { county: counties, result: null }) : [];
  const ticks = actor.person ? await read.all('drafts', { by: actor.person.id, state: 'waiting', kind: 'beneficiary' }) : [];
  return [
    ...(open.length ? [{ line: `回访 还有${open.length}人没打`, buttons: [{ label: '看回访', command: '/回访' }] }] : []),
    ...ticks.map(d => ({
      line: `受益群众还没保存，编号${d.id}`,
      buttons: [{ label: '不保存', command: `/受益 放弃 ${d.id}` }],
    })),
  ];
};

/** Figures that wait for a physician's yes or for the clinic's; and verified days of the month of which nothing was reported. */
const figures: Source = async ({ read, actor, today, programme }) => {
  const known = programme?.workload?.figures;
  if (!known || !actor.person) return [];
  const physician = actor.grants.some(g => g.role === 'physician');
  const clinics = orgsAs(actor, 'clinic');
  const span = { from: addDays(today, -BACK), to: today };
  const mine = physician ? await read.all('workloads', { person: actor.person.id, day: span }) : [];
  const unsaid = mine.filter(w => w.confirmed === null && w.as !== 'self');
  const present = physician
    ? await read.all('visits', {
        person: actor.person.id,
        day: { from: firstOf(monthOf(today)), to: today },
        state: 'on',
        presence: 'present',
      })
    : [];
  const lacking = [...new Map(present.map(v => [`${v.day} ${v.clinic}`, v])).values()].filter(
    v => !mine.some(w => w.day === v.day && w.clinic === v.clinic),
  );
  const ours = clinics.length
    ? (await read.all('workloads', { clinic: clinics, day: span })).filter(
        w => w.person !== actor.person!.id && (w.proposal !== null || w.verifiedAt === null),
      )
    : [];
  const there = ours.some(w => w.verifiedAt === null)
    ? await read.all('visits', {
        clinic: clinics,
        day: span,
        state: 'on',
        presence: 'present',
        person: [...new Set(ours.map(w => w.person))],
      })
    : [];
  const orgs = await namesOf(
    read,
    ours.map(w => w.person),
    [...unsaid, ...lacking, ...ours].map(v => v.clinic),
  );
  return [
    ...ours
      .filter(w => w.proposal !== null)
      .map(w => {
        const card = proposalCard(known, w, orgs.person(w.person), `${orgs.org(w.clinic)} ${sayDay(w.day, today)}`);
        return {
          line: `答复改报 ${orgs.person(w.person)} ${sayDay(w.day, today)} ${card.lines[1]}`,
          about: [w.person],
          buttons: card.buttons ?? [],
        };
      }),
    ...unsaid.map(w => ({
      line: `核对代填的工作量 ${sayDay(w.day, today)} ${sayFigures(known, w)}`,
      buttons: [{ label: '数字无误', command: `/填报 编号${w.id} 数字无误 ${figureLine(known, w)}` }],
    })),
    ...ours.flatMap(w => {
      const visit =
        w.proposal === null && w.verifiedAt === null
          ? there.find(v => v.person === w.person && v.day === w.day && v.clinic === w.clinic)
          : undefined;
      return visit
        ? [
            {
              line: `核实工作量 ${orgs.person(w.person)} ${sayDay(w.day, today)} ${sayFigures(known, w)}`,
              about: [w.person],
              buttons: [{ label: `${orgs.person(w.person)}数字无误`, command: `/核实 ${visit.id} 在岗` }],
            },
          ]
        : [];
    }),
    ...lacking.map(v => ({
      line: `填工作量 ${sayDay(v.day, today)} ${orgs.org(v.clinic)}`,
      buttons: [{ label: `填${sayDay(v.day, today)}`, command: `/填报 班次${v.id}` }],
    })),
  ];
};

/** All sources, in the order they are shown. */
const SOURCES: readonly Source[] = [leaves, cases, calls, verifications, figures, reportTodos, moves, bindings, drafts, visits];

export const todosOf = async (look: Look): Promise<Todo[]> => (await Promise.all(SOURCES.map(s => s(look)))).flat();
