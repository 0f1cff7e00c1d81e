/** Of a published month the other side must agree: its question and its answer. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import { sayTold } from '../../src/core/hours.ts';
import { dropVisits } from '../../src/core/leave-granted.ts';
import { mootNews } from '../../src/core/leave-news.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Change, type Move, numbered, type Visit } from '../../src/core/records.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { clash, overWith } from '../../src/core/visit.ts';
import { type Args, type Facts, isDone, toCorrect, who } from './asked.ts';
import { changesOf, joined, type Moved, newsOf, noteLines, toldAt } from './moved.ts';

/** The halves of one physician's day at one clinic. */
const journeysOf = (moved: readonly Moved[]): Moved[][] => {
  const key = ({ v }: Moved) => `${v.person} ${v.clinic} ${v.day}`;
  return [...new Set(moved.map(key))].map(k => moved.filter(m => key(m) === k));
};

/** Of a published month one side asks and the other side's button decides, for each journey on its own. */
export const request = (
  asked: Asked<Args>,
  f: Facts,
  moved: readonly Moved[],
  to: Day,
  sideOf: (v: Visit) => 'hospital' | 'clinic',
): Decision => {
  const { turn, actor, args, today, now } = asked;
  const requests = journeysOf(moved).map((journey, n) => {
    const { v } = journey[0]!;
    const side = sideOf(v);
    const halves = joined(journey.map(m => m.halves));
    const move: Move = {
      id: numbered(turn, n),
      visit: v.id,
      toDay: to,
      ...halves,
      reason: args.reason ?? '',
      by: actor.person!.id,
      waitsFor: side === 'hospital' ? v.clinic : v.hospital,
      state: 'waiting',
    };
    const line = `${who(f, v)} ${shownOrg(f.orgs.get(v.clinic))} ${sayVisitDay({ day: v.day, ...joined(journey.map(m => m.v)) }, today)} → ${sayVisitDay({ day: to, ...halves }, today)}`;
    return { move, line, side, by: shownOrg(f.orgs.get(side === 'hospital' ? v.hospital : v.clinic)) };
  });
  const lines = requests.map(r => r.line);
  return {
    changes: requests.map(({ move }) => ({ table: 'moves', id: move.id, to: move })),
    tell: requests.map(({ move, line, side, by }) => ({
      key: `move/${move.id}`,
      topic: `move/${move.visit}`,
      to: { org: move.waitsFor, role: side === 'hospital' ? 'clinic' : 'hospital' },
      class: 'news',
      about: 'unit',
      notBefore: toldAt(asked, moved, to),
      card: {
        code: 'move.asked',
        title: '请答复：改期',
        tone: 'ask',
        lines: [line, `原因：${move.reason}`, `${by}提出`, ...noteLines(asked, f, moved, to)],
        buttons: [
          { label: '同意', command: `/改班 同意 ${move.id}`, style: 'primary' },
          { label: '不同意', command: `/改班 不同意 ${move.id}` },
        ],
      },
    })),
    reply: {
      code: 'move.waiting',
      title: sayTold(
        `请${[...new Set(requests.map(r => shownOrg(f.orgs.get(r.move.waitsFor))))].join('、')}答复`,
        now,
        toldAt(asked, moved, to),
      ),
      tone: 'ok',
      lines: [
        ...lines.slice(0, 4),
        ...(lines.length > 4 ? [`等${lines.length}班`] : []),
        ...noteLines(asked, f, moved, to),
        '对方同意后才改，原班次先不变',
      ],
    },
  };
};

export const answer = (asked: Asked<Args>, f: Facts): Decision => {
  const { move } = f;
  const { actor, today, args } = asked;
  const v = f.visits[0];
  if (!move || !v) return refuse('move.unknown', '没有这个改期申请', '发 /待办 看等您的事');
  if (
    !actor.grants.some(g => g.org === move.waitsFor && (g.role === 'hospital' || g.role === 'clinic')) &&
    !actor.grants.some(g => g.role === 'bureau' && g.county === v.county)
  )
    return { ...refuse('move.not-yours', '这件事不由您答复'), private: true };
  if (actor.person?.id === move.by) return { ...refuse('move.own', '不能答复自己提的', '请由另一方答复'), private: true };
  if (move.state !== 'waiting' || v.state !== 'on')
    return {
      reply: {
        code: 'move.settled',
        title: '这件事已经有结果',
        tone: 'info',
        lines: [`${who(f, v)} ${sayVisitDay(v, today)}${v.state === 'moved' ? ' 已改期' : ''}`],
      },
    };
  const to = move.toDay!;
  const settled = (state: Move['state']): Change => ({ table: 'moves', id: move.id, to: { ...move, state }, was: { state: 'waiting' } });
  // The other half of the same journey goes with it, where it was asked for the whole day.
  const journey = f.around.filter(
    o => o.person === v.person && o.clinic === v.clinic && o.day === v.day && o.state === 'on' && (o.id === v.id || (move.am && move.pm)),
  );
  const line = `${who(f, v)} ${shownOrg(f.orgs.get(v.clinic))} ${sayVisitDay({ day: v.day, ...joined(journey) }, today)} → ${sayVisitDay({ day: to, am: move.am, pm: move.pm }, today)}`;
  if (args.answer === 'refuse') {
    return {
      changes: [settled('refused')],
      settles: [`move/${move.visit}`],
      tell: [
        {
          key: `move/${move.id}/refused/${asked.turn}`,
          to: { person: move.by },
          class: 'news',
          about: 'person',
          card: { code: 'move.refused', title: '改期没有同意', tone: 'no', lines: [line, '原班次不变'] },
        },
      ],
      reply: { code: 'move.refused', title: '已答复不同意', tone: 'ok', lines: [line, '原班次不变'] },
    };
  }
  const done = journey.find(o => isDone(f, o));
  if (done) return refuse('move.done', `${who(f, v)}${sayVisitDay(v, today)}这一班已签到、填报或核实，没有改`, toCorrect(done));
  if (to < today)
    return refuse(
      'move.past',
      `${sayDay(to, today)}已经过了，没有改`,
      `另约日子：/改班 ${sayDay(v.day).split(' ')[0]} ${who(f, v)} 原因 改到 日期`,
    );
  const moved = journey.map(o => ({ v: o, halves: journey.length === 1 ? { am: move.am, pm: move.pm } : { am: o.am, pm: o.pm } }));
  const taken = moved
    .map(m =>
      clash(
        f.around.filter(o => o.person === v.person && o.day === to && !journey.includes(o)),
        m.halves,
      ),
    )
    .find(x => x);
  if (taken) return refuse('schedule.clash', `${sayDay(to, today)}已另有班次，不能改到这天`, '请双方另约日子');
  const left = dropVisits(f.leaves, new Set(journey.map(o => o.id)));
  return {
    changes: [...changesOf(asked, moved, to, move.reason), settled('agreed'), ...left.changes],
    settles: [...journey.flatMap(o => overWith(o.id)), ...left.topics],
    tell: [...newsOf(asked, f, moved, to, move.reason), ...mootNews(left.moot, asked.turn, { person: id => f.people.get(id)?.name ?? '' })],
    reply: {
      code: 'move.agreed',
      title: '已同意改期',
      tone: 'ok',
      lines: [line, sayTold('通知医师和双方单位', asked.now, toldAt(asked, moved, to))],
    },
  };
};
