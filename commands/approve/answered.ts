/** What a station's answer makes of a leave: granted, refused, or with the next station; and who hears of it. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { casesFromLeave } from '../../src/core/absence.ts';
import { sayDay, timeOf } from '../../src/core/day.ts';
import { isEarlyEnd } from '../../src/core/early-end.ts';
import { type LeaveFile, leaveState, sayLeaveDays, stationName, stationNames, visitLines } from '../../src/core/leave-cards.ts';
import { answeredCases, grantVisits, lapsedLines, workedOn } from '../../src/core/leave-granted.ts';
import { askStations, filingCard, grantedNews, owes, saying } from '../../src/core/leave-news.ts';
import { objectedNews, refusedNews } from '../../src/core/leave-refused.ts';
import { answerStep, topicsOf } from '../../src/core/leave-steps.ts';
import { correctionNews } from '../../src/core/presence-news.ts';
import type { Change, LeaveStep, Visit } from '../../src/core/records.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { clash, overWith } from '../../src/core/visit.ts';
import type { LeaveRules } from '../../src/programmes/schema.ts';
import { endGranted } from '../end-posting/granted.ts';
import type { Args, Facts } from './asked.ts';
import { sideButtons } from './sides.ts';

export const answer = (
  asked: Asked<Args>,
  f: Facts,
  file: LeaveFile,
  step: LeaveStep,
  said: { yes: boolean; how: 'self' | 'offline'; rules: LeaveRules },
): Decision => {
  const { actor, now, today, turn, args } = asked;
  const names = f.names!;
  const { leave } = file;
  const result = answerStep(leave, file.steps, step.id, {
    yes: said.yes,
    by: actor.person!.id,
    at: now,
    how: said.how,
    note: args.note ?? null,
  });
  const changed = result.steps.filter((s, i) => JSON.stringify(s) !== JSON.stringify(file.steps[i]));
  const changes: Change[] = changed.map(s => ({
    table: 'leaveSteps',
    id: s.id,
    to: s,
    was: { state: file.steps.find(x => x.id === s.id)!.state },
  }));
  const s = saying(asked, { names, reason: f.reason, physician: names.people.get(leave.person), rules: said.rules });
  const becomes = leave.state === 'open' && result.state !== 'open' ? result.state : undefined;
  if (becomes) changes.push({ table: 'leaves', id: leave.id, to: { ...leave, state: becomes }, was: { state: 'open' } });
  const after: LeaveFile = { ...file, leave: { ...leave, state: becomes ?? leave.state }, steps: result.steps };
  const who = names.person(leave.person);
  const days = sayLeaveDays(file, today);
  const settles = becomes === 'refused' ? topicsOf(leave.id, file.steps) : [`leave-step/${step.id}`];
  const how = said.how === 'offline' ? `（替${stationName(step, names)}录入线下同意）` : '';

  if (becomes === 'approved' && f.end)
    return endGranted(asked, f.end, after, s, { changes, settles, how, filing: result.steps.some(x => x.kind === 'filing') });
  const came = becomes === 'approved' ? cameAll(f, file) : undefined;
  if (came)
    return refuse(
      'leave.checked-in',
      `${who}${sayVisitDay(came, today)}${came.checkedIn === null ? '填过工作量' : `${timeOf(came.checkedIn)}签到过`}，还没有批`,
      `来没来先请受援单位核实：/核实 ${came.id} 在岗，或 没到`,
      `来过又走的，请本人撤回后只请那半天：/销假 ${leave.id}`,
    );
  const open = f.cases.filter(c => c.state === 'open');
  if (becomes === 'approved') {
    const granted = grantVisits(file.visits, {
      ...f,
      today,
      turn,
      owed: owes(said.rules),
      halfCounts: asked.settings.get('half-day') === '是',
    });
    const answered = answeredCases(open, f.days, granted.changes);
    changes.push(...granted.changes, ...answered.changes);
    const visits = file.visits.map(v => granted.visits.find(x => x.id === v.id) ?? granted.lapsed.find(x => x.id === v.id) ?? v);
    const whole: LeaveFile = { ...after, visits };
    const files = result.steps.some(x => x.kind === 'filing');
    const lost = granted.unsettled.flatMap(v => {
      const was = file.visits.find(x => x.id === v.id);
      return was?.toDay
        ? [
            `${sayDay(was.toDay, today)}补不成（${
              clash(
                f.theirs.filter(t => t.day === was.toDay),
                { am: was.toAm, pm: was.toPm },
              )
                ? '已有别的班'
                : was.toDay < today
                  ? '已过'
                  : '那时不再派驻'
            }），已请本人另报`,
          ]
        : [];
    });
    const missing = result.steps.filter(x => x.kind === 'consent' && x.state === 'waiting');
    const reply = files ? filingCard(whole, s) : undefined;
    return {
      changes,
      settles: [
        ...settles,
        ...granted.visits.flatMap(v => overWith(v.visit)),
        ...answered.closed.flatMap(c => [`case-hear/${c.id}`, `case-weigh/${c.id}`, `not-there/${c.visit}`]),
      ],
      tell: [
        ...grantedNews(whole, s, granted.unsettled),
        ...answered.closed.flatMap(c =>
          correctionNews({ ...c, id: c.visit }, 'leave', {
            turn,
            today,
            programme: asked.programme,
            name: who,
            clinic: names.org(c.clinic),
          }),
        ),
      ],
      // The slip says why: it is not for a group.
      replyIn: 'direct',
      reply: {
        ...(reply ?? { tone: 'ok' }),
        code: 'leave.approved',
        title: `已准假：${who} ${days}${how}`,
        tone: 'ok',
        lines: [
          ...visitLines(whole, names, today, owes(said.rules)),
          ...new Set(lost),
          ...lapsedLines(granted.lapsed, workedOn(leave, file.visits, f.visits).days, today),
          ...(leave.from <= today ? ['事后补批'] : []),
          ...(answered.closed.length ? ['先前反映的未到作废'] : []),
          ...(missing.length ? [`还请${stationNames(missing, names)}补上同意`] : []),
          ...(reply?.lines ?? []),
        ],
      },
    };
  }
  if (becomes === 'refused') {
    const made = leave.emergency ? casesFromLeave(asked, file.visits, f.visits, f.cases) : [];
    // Of a day that is to be weighed already both sides are heard in the one case.
    const cases = leave.emergency ? [...made, ...open] : [];
    return {
      changes: [...changes, ...made.map((c): Change => ({ table: 'cases', id: c.id, to: c }))],
      settles,
      tell: refusedNews(after, { ...step, by: actor.person!.id }, args.note ?? '', s, cases),
      reply: {
        code: 'leave.refused-done',
        title: `已答复不同意：${who} ${days}`,
        tone: 'ok',
        lines: [
          '理由只告诉本人',
          cases.length
            ? '到岗情况转为待认定，先听双方说明'
            : isEarlyEnd(leave)
              ? '派驻照旧'
              : said.rules.of === 'workdays'
                ? '仍按时在岗'
                : '原班次不变',
        ],
      },
    };
  }
  const waiting = result.steps.filter(x => x.kind !== 'filing' && x.state === 'waiting');
  const mineToo = waiting.filter(x => x.id !== step.id && f.answerers.some(a => a.as === 'self' && a.step.id === x.id));
  return {
    changes,
    settles,
    tell: [
      ...askStations(after, result.opened, s),
      ...(said.yes ? [] : objectedNews(after, { ...step, by: actor.person!.id }, args.note ?? '', s)),
    ],
    reply: {
      code: said.yes ? 'leave.agreed' : 'leave.objected',
      title: said.yes ? `已同意：${who} ${days}${how}` : `已记下不同意：${who} ${days}`,
      tone: 'ok',
      lines: [
        waiting.length ? `还等${stationNames(waiting, names)}${mineToo.length ? '（也由您答复）' : ''}` : leaveState(after, names),
        ...(said.yes ? [] : ['理由已告诉申请人，由卫健局决定']),
      ],
      ...(mineToo.length && said.how === 'self'
        ? { buttons: [true, false].flatMap(yes => sideButtons(names, { leave: leave.id, sides: mineToo, yes })) }
        : {}),
    },
  };
};

/** A visit that would go on leave as a whole although the physician has checked in to it, or did something there, and nobody has said yet what holds. */
const cameAll = (f: Facts, { visits }: LeaveFile): Visit | undefined =>
  f.visits.find(
    v =>
      v.state === 'on' &&
      v.presence === null &&
      (v.checkedIn !== null || f.reported.has(v.id)) &&
      visits.some(l => l.state === 'on' && l.visit === v.id && l.day === v.day && (!v.am || l.am) && (!v.pm || l.pm)),
  );
