/** The form for a day's figures, and what is said where no visit is there to report. */

import type { Button, Card } from '../../src/core/card.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import { figureForm, sayFigures, templateLine } from '../../src/core/figure-words.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit, Workload } from '../../src/core/records.ts';
import { figureLine } from '../../src/core/words/figures.ts';
import { again, type Facts, type Filing, NO_FIGURES } from './asked.ts';

/** No visit that day: nothing is guessed; the days that still lack figures are offered, an unplanned visit, another day. */
export const noVisit = (asked: Filing): Card => {
  const { args, facts, today, programme } = asked;
  const line = args.figures ? figureLine(programme!.workload!.figures, args.figures) : '';
  const clinic = args.clinic ? (facts.orgs.get(args.clinic)?.name ?? '') : '';
  const posted = facts.postings.some(p => args.clinic === undefined || p.clinic === args.clinic);
  const lacking = withoutFigures(facts, today).slice(-3).reverse();
  const buttons: Button[] = [
    ...lacking.map(v => ({
      label: `${sayDay(v.day, today)} ${shownOrg(facts.orgs.get(v.clinic))}`,
      command: `/填报 班次${v.id} ${line}`.trim(),
    })),
    ...(posted ? [{ label: '临时下乡', command: again(asked, `${clinic} 临时下乡`.trim()) }] : []),
    { label: '换日期', command: again({ ...asked, facts: { ...facts, day: '' as Day } }, `${clinic} 换日期`.trim()) },
  ];
  return {
    code: 'figures.no-visit',
    title: `${sayDay(facts.day, today)}没有下乡班次`,
    tone: 'ask',
    lines: [
      line ? `还没有记下：${line}` : '工作量跟着班次填',
      ...(posted ? [] : [`本月没有派驻${args.clinic ? shownOrg(facts.orgs.get(args.clinic)) : '安排'}`]),
      '填到哪天？',
    ],
    buttons,
  };
};

/** Visits of the month, up to today, that have no figures. */
const withoutFigures = (facts: Facts, today: Day): Visit[] => [
  ...new Map(
    facts.month
      .filter(
        v =>
          v.state === 'on' &&
          v.day <= today &&
          v.presence !== 'not-there' &&
          !facts.workloads.some(w => w.day === v.day && w.clinic === v.clinic),
      )
      .map(v => [`${v.day} ${v.clinic}`, v]),
  ).values(),
];

/** /填报 alone: the form, as it stands now; elsewhere the line to copy. */
export const formCard = (asked: Filing, visit: Visit, before: Workload | undefined): Card => {
  const { facts, programme, actor, today } = asked;
  const { figures } = programme!.workload!;
  const who = facts.person?.id === actor.person?.id ? '' : `${facts.person?.name} `;
  return {
    code: 'figures.form',
    title: `${who}${shownOrg(facts.orgs.get(visit.clinic))} ${sayDay(visit.day, today)}工作量`,
    tone: 'ask',
    lines: [...(before ? [`已填：${sayFigures(figures, before)}`] : []), '没有请写0，没统计就空着'],
    form: {
      ...figureForm(`/填报 班次${visit.id}`, figures, before ?? NO_FIGURES),
      // A line is typed without a number where the day and the speaker say enough.
      template: templateLine(
        visit.day === today && !who && facts.visits.filter(v => v.state === 'on').length === 1 ? '/填报' : `/填报 班次${visit.id}`,
        figures,
      ),
    },
  };
};
