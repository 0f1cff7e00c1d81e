/** A leave that is there already: how it stands, and the make-up day that was left open. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { actsFor } from '../../src/bot/scope.ts';
import { type Card } from '../../src/core/card.ts';
import { addDays, type Day, sayDay } from '../../src/core/day.ts';
import { isEarlyEnd } from '../../src/core/early-end.ts';
import { type LeaveFile, leaveState, leaveWord, reasonLine, sayLeaveDays, stepLine, visitLines } from '../../src/core/leave-cards.ts';
import { makeUpVisit } from '../../src/core/leave-granted.ts';
import { makeUpProblem, makeUpsFor, type Taken } from '../../src/core/leave-make-up.ts';
import { owes, saying, slipPaper } from '../../src/core/leave-news.ts';
import { makeUpWarnings, problemWords } from '../../src/core/leave-words.ts';
import { type Change, type LeaveVisit, numbered, type Visit } from '../../src/core/records.ts';
import { takeDates } from '../../src/core/words/dates.ts';
import { type LeaveRules } from '../../src/programmes/schema.ts';
import { type Args, type Facts, halfDays, live, sayHalfDays, termOf } from './asked.ts';

export const named = (asked: Asked<Args>, f: Facts, rules: LeaveRules): Decision => {
  const { file } = f;
  if (!file || !f.concerned) return unknown(asked);
  if (asked.args.to) return settleMakeUp(asked, f, rules, file);
  return { reply: statusCard(asked, f, rules, file), replyIn: 'direct' };
};

/** A number that is no leave's may be the day of one: 请假 17 出差 改到 24. */
const unknown = ({ args, today }: Asked<Args>): Decision => {
  const refusal = { ...refuse('leave.unknown', `没有编号 ${args.leave} 的请假`, '发 /请假 看自己的'), private: true };
  const [day] = takeDates(`${args.leave}号`, today, { prefer: 'near' })?.value ?? [];
  if (!day) return refusal;
  // The other day is written as the first.
  const reason = (args.reason ?? '').replace(/(?<=[到成])\s*(\d{1,2})(?![\d号日月点:：])/, ' $1号');
  const to = args.to ? `改到 ${sayHalfDays(halfDays(args.to, undefined))}` : '';
  const command = ['/请假', day.from, reason, to].filter(Boolean).join(' ');
  return { ...refusal, card: { ...refusal.card, buttons: [{ label: `请${sayDay(day.from, today).split(' ')[0]}的假`, command }] } };
};

const statusCard = (asked: Asked<Args>, f: Facts, rules: LeaveRules, file: LeaveFile): Card => {
  const own = file.leave.person === asked.actor.person?.id;
  const live = file.leave.state === 'open' || file.leave.state === 'approved';
  return {
    code: 'leave.shown',
    title: `${f.names.person(file.leave.person)}${leaveWord(file.leave)} 编号${file.leave.id}：${leaveState(file, f.names)}`,
    tone: 'info',
    lines: [
      ...(isEarlyEnd(file.leave) ? [sayLeaveDays(file, asked.today)] : visitLines(file, f.names, asked.today, owes(rules))),
      ...(f.handles ? [reasonLine(file.leave, f.reason)] : []),
      ...file.steps.map(s => `${stepLine(s, f.names, asked.today)}${f.whyNot.has(s.id) ? `：${f.whyNot.get(s.id)}` : ''}`),
    ],
    ...(own && live && !(isEarlyEnd(file.leave) && file.leave.state === 'approved')
      ? { buttons: [{ label: file.leave.state === 'open' ? '撤回' : '销假', command: `/销假 ${file.leave.id}` }] }
      : {}),
    ...(f.handles ? { paper: slipPaper(file, saying(asked, { names: f.names, reason: f.reason ?? '', physician: f.person, rules })) } : {}),
  };
};

/** The make-up day that was left open, named on return. */
const settleMakeUp = (asked: Asked<Args>, f: Facts, rules: LeaveRules, file: LeaveFile): Decision => {
  const { args, actor, today, turn, programme } = asked;
  if (file.leave.person !== actor.person?.id && !actsFor(actor, { id: file.leave.hospital, county: file.leave.county }))
    return { ...refuse('leave.not-yours', '这件请假不由您改'), private: true };
  const open = file.visits.filter(v => v.state === 'on' && v.toDay === null);
  if (!open.length || !owes(rules) || (file.leave.state !== 'approved' && file.leave.state !== 'open'))
    return refuse('leave.make-up-settled', '这件请假没有待定的补班日', '要再改补班日，请对那一天另请假');
  if (today > programme!.term.until)
    return refuse(
      'leave.make-up-over',
      '方案已到期，不用再定补班日',
      `《${programme!.title}》到${sayDay(programme!.term.until as Day, today)}止`,
    );
  const taken: Taken[] = open.map(v => ({
    visit: f.visits.find(x => x.id === v.visit) ?? ({ ...v, id: v.visit, state: 'leave' } as unknown as Visit),
    am: v.am,
    pm: v.pm,
  }));
  const said = halfDays(args.to, undefined);
  const makeUps = makeUpsFor(taken, said);
  if (!makeUps)
    return refuse(
      'leave.make-up-count',
      `有${open.length}班要补，这里写了${said.length}天`,
      `例：/请假 ${file.leave.id} 改到 ${sayDay(addDays(today, 7))}`,
    );
  const problem = makeUpProblem(
    taken,
    makeUps,
    { theirs: f.visits, leaves: f.files.filter(x => x.leave.id !== file.leave.id && live(x.leave)) },
    { today, term: termOf(programme!), days: [] },
  );
  if (problem)
    return refuse(
      'leave.make-up-wrong',
      ...problemWords(problem, f.names, today),
      `例：/请假 ${file.leave.id} 改到 ${sayDay(addDays(today, 7))}`,
    );
  const changes: Change[] = [];
  const lines: LeaveVisit[] = [];
  open.forEach((v, n) => {
    const m = makeUps[n]!;
    const line: LeaveVisit = { ...v, toDay: m.day, toAm: m.am, toPm: m.pm };
    const visit = f.visits.find(x => x.id === v.visit);
    // Of a leave that is granted already the make-up visit is made at once.
    if (file.leave.state === 'approved' && visit) {
      const id = numbered(turn, n);
      line.made = id;
      changes.push({ table: 'visits', id, to: makeUpVisit(visit, line, id) });
      if (visit.state === 'leave')
        changes.push({ table: 'visits', id: visit.id, to: { ...visit, state: 'moved', moved: id }, was: { state: 'leave' } });
    }
    lines.push(line);
    changes.push({ table: 'leaveVisits', id: v.id, to: line, was: { toDay: null } });
  });
  const after: LeaveFile = { ...file, visits: file.visits.map(v => lines.find(l => l.id === v.id) ?? v) };
  const shown = visitLines(after, f.names, today, true);
  const who = f.names.person(file.leave.person);
  return {
    changes,
    settles: [`leave-make-up/${file.leave.id}`],
    tell: [
      ...[...new Set(lines.map(l => l.clinic))].map(org => ({ org, role: 'clinic' as const, more: ['请转告群众'] })),
      { org: file.leave.hospital, role: 'hospital' as const, more: [] },
    ].map(({ org, role, more }) => ({
      key: `leave/${file.leave.id}/make-up/${turn}/${org}`,
      to: { org, role },
      class: 'news' as const,
      about: 'unit' as const,
      card: { code: 'leave.make-up-told', title: `${who}补班日定了`, tone: 'info' as const, lines: [...shown, ...more] },
    })),
    reply: {
      code: 'leave.make-up',
      title: '补班日记下了',
      tone: 'ok',
      lines: [...shown, ...makeUpWarnings({ ...asked, programme: programme! }, f, taken, makeUps)],
    },
  };
};
