/** The clinic's word on who was there covers what was reported of the day. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { mayVerifyFor } from '../../src/bot/scope.ts';
import { sayDay } from '../../src/core/day.ts';
import { sayFigures } from '../../src/core/figure-words.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Change } from '../../src/core/records.ts';
import { type Args, type Facts } from './day.ts';

/** 在岗 covers the day's figures: they are verified with it. */
export const verifiedFigures = ({ actor, now }: Asked<Args>, facts: Facts, persons: readonly string[]): Change[] =>
  facts.workloads
    .filter(w => persons.includes(w.person) && w.verifiedAt === null)
    .map(w => ({
      table: 'workloads' as const,
      id: w.id,
      to: { ...w, verifiedBy: actor.person!.id, verifiedAt: now },
      was: { at: w.at, verifiedAt: null },
    }));

/** Without the clinic's word that somebody was there, nobody has verified what was done there. */
export const openFigures = (facts: Facts, persons: readonly string[]): Change[] =>
  facts.workloads
    .filter(w => persons.includes(w.person) && w.verifiedAt !== null)
    .map(w => ({
      table: 'workloads' as const,
      id: w.id,
      to: { ...w, verifiedBy: null, verifiedAt: null },
      was: { at: w.at, verifiedAt: w.verifiedAt },
    }));

export const reportedLines = ({ programme }: Asked<Args>, facts: Facts, persons: readonly string[]): string[] => {
  const figures = programme?.workload?.figures ?? [];
  const several = persons.length > 1;
  const reported = facts.workloads.filter(w => persons.includes(w.person));
  return reported.length > 2
    ? [`工作量一并核实 ${reported.length}人`]
    : reported.map(w => `工作量 ${several ? `${facts.people.get(w.person)?.name}：` : ''}${sayFigures(figures, w)}`);
};

/** Presence stood already; only figures that came later are still open. */
export const figuresOnly = (asked: Asked<Args>, facts: Facts): Decision | undefined => {
  const { actor, args, today } = asked;
  const there = facts.visits.filter(v => v.state === 'on' && v.presence === 'present');
  const persons = [...new Set(there.map(v => v.person))];
  const open = verifiedFigures(asked, facts, persons);
  if (!open.length || there.length !== facts.visits.length) return undefined;
  const may = there.map(v => mayVerifyFor(actor, v));
  if (may.includes('own')) return refuse('verify.own', '不能核实自己', '请由副岗或单位负责人核实');
  if (may.includes('no') || (may.includes('stand-in') && !args.reason)) return undefined;
  return {
    changes: open,
    reply: {
      code: 'verify.figures',
      title: `已核实 ${persons.map(p => facts.people.get(p)?.name).join('、')} 的工作量`,
      tone: 'ok',
      lines: [`${shownOrg(facts.clinic)} ${sayDay(facts.day, today)}`, ...reportedLines(asked, facts, persons)],
    },
  };
};
