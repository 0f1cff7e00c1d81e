/** A no to a leave: who hears of it, and who of its reason. */
import type { Card, Outgoing } from './card.ts';
import { sayDay } from './day.ts';
import { isEarlyEnd } from './early-end.ts';
import { type LeaveFile, leaveWord, sayLeaveDays, stationName, visitLines } from './leave-cards.ts';
import { basisOf, owes, question, type Saying, toApplicant } from './leave-news.ts';
import type { Case, LeaveStep } from './records.ts';

/** Not agreed to: its reason goes to the applicant only; the others hear that the visits stand. */
export const refusedNews = (file: LeaveFile, by: LeaveStep, why: string, s: Saying, cases: readonly Case[]): Outgoing[] => {
  const { leave } = file;
  const who = s.names.person(leave.person);
  const key = `leave/${leave.id}/refused`;
  const concerned = file.steps.filter(
    x => x.kind !== 'filing' && (x.id !== by.id || (x.role === 'hospital' && cases.length > 0)) && x.askedAt !== null,
  );
  // The days of an emergency are weighed by a named person, and both sides are heard before.
  const stands = cases.length
    ? ['到岗情况待认定，先听双方说明']
    : [isEarlyEnd(leave) ? '派驻照旧' : s.rules.of === 'workdays' ? '仍按时在岗' : '原班次不变'];
  const hear = cases.map(c => `${sayDay(c.hearUntil, s.today)}前可发：/说明 ${c.id} 情况`);
  return [
    ...toApplicant(
      file,
      `${key}/physician`,
      {
        code: 'leave.refused',
        title: `${leaveWord(leave)}没有批准：${sayLeaveDays(file, s.today)}`,
        tone: 'no',
        lines: [`${stationName(by, s.names)} ${s.names.person(by.by ?? '')}：${why}`, ...stands, ...hear, basisOf(s)],
      },
      s.names,
    ),
    ...concerned.map(
      (x): Outgoing => ({
        key: `${key}/${x.id}`,
        to: { org: x.org, role: x.role, ...(x.office ? { office: x.office } : {}) },
        class: 'news',
        about: 'person',
        card: {
          code: 'leave.refused-told',
          title: isEarlyEnd(leave) ? `${who}提前结束派驻没有同意` : `${who} ${sayLeaveDays(file, s.today)}没有准假`,
          tone: 'info',
          lines: [...stands, ...(x.role === 'hospital' ? hear : [])],
        },
      }),
    ),
  ];
};

/** A station's no to what another decides: with its reason to the applicant and to who decides, who is asked with it before them. */
export const objectedNews = (file: LeaveFile, by: LeaveStep, why: string, s: Saying): Outgoing[] => {
  const { leave, steps } = file;
  const decision = steps.find(x => x.kind === 'decision');
  if (!decision) return [];
  const open = leave.state === 'open';
  const objection = `${stationName(by, s.names)} ${s.names.person(by.by ?? '')}：${why}`;
  const key = `leave/${leave.id}/objected/${by.id}`;
  const days = sayLeaveDays(file, s.today);
  const asked = question(file, decision, s);
  const told = (card: Card, more: readonly string[]): Card => ({
    ...card,
    code: 'leave.objection',
    title: `${stationName(by, s.names)}不同意：${s.names.person(leave.person)} ${days}`,
    lines: [...more, ...visitLines(file, s.names, s.today, owes(s.rules)), open ? '由您决定' : '已准假，请知悉'],
    ...(open ? {} : { buttons: [] }),
  });
  return [
    ...toApplicant(
      file,
      `${key}/physician`,
      {
        code: 'leave.objection-yours',
        title: `${stationName(by, s.names)}不同意您${days}的请假`,
        tone: 'info',
        lines: [objection, open ? `由${stationName(decision, s.names)}决定，还没有结果` : '已准假，不变'],
      },
      s.names,
    ),
    {
      key: `${key}/decision`,
      ...(open ? { topic: asked.topic } : {}),
      to: asked.to,
      class: 'news',
      about: 'person',
      card: told(asked.card, [objection]),
      inGroup: told(asked.inGroup, []),
    },
  ];
};
