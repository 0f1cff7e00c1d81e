/** A day that the clinic verifies while a leave of it still waits for an answer: whoever is concerned hears of it, and the physician how to take it back. */

import type { Asked } from '../../src/bot/command.ts';
import { type Outgoing, pointer } from '../../src/core/card.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Leave } from '../../src/core/records.ts';
import { type Args, type Facts } from './day.ts';

const of = ({ openLeaves }: Facts, persons: readonly string[]): Leave[] =>
  openLeaves.map(f => f.leave).filter(l => persons.includes(l.person));

/** Said to whoever verifies. */
export const openLeaveLines = (facts: Facts, persons: readonly string[]): string[] =>
  of(facts, persons).map(l => `${facts.people.get(l.person)?.name}的请假（编号${l.id}）还没批，已请本人撤回`);

/** Beside the word that somebody did not come: that a leave of the day was asked, and nobody has answered. */
export const pendingLeaves = (facts: Facts, persons: readonly string[]): string[] =>
  of(facts, persons).map(l => `本人已提出${l.emergency ? '紧急' : ''}请假（编号${l.id}），还没批`);

/** And that it was to be moved, which the other side has not answered. */
export const pendingMoves = (facts: Facts, persons: readonly string[], today: Day): string[] =>
  facts.moves
    .filter(m => m.toDay !== null && facts.visits.some(v => v.id === m.visit && persons.includes(v.person)))
    .map(m => `已提出改到${sayDay(m.toDay!, today)}，对方还没答复`);

export const openLeaveNews = ({ turn, today }: Asked<Args>, facts: Facts, persons: readonly string[]): Outgoing[] =>
  of(facts, persons).map(l => ({
    key: `leave-there/${l.id}/${facts.day}/${turn}`,
    to: { person: l.person },
    class: 'news',
    about: 'person',
    inGroup: pointer(facts.people.get(l.person)?.name ?? ''),
    card: {
      code: 'leave.was-there',
      title: `${sayDay(facts.day, today)}已核实在岗，请假还没批`,
      tone: 'ask',
      lines: [`${shownOrg(facts.clinic)}，编号${l.id}`, '人到了就请撤回'],
      buttons: [{ label: '撤回请假', command: `/销假 ${l.id}` }],
    },
  }));
