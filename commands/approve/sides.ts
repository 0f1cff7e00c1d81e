/** Who answers for several units answers for each of them. */
import type { Decision } from '../../src/bot/command.ts';
import type { Button } from '../../src/core/card.ts';
import { type Names, stationName, stationNames } from '../../src/core/leave-cards.ts';
import type { LeaveStep } from '../../src/core/records.ts';

interface Sides {
  /** Number of the leave. */
  leave: string;
  /** The stations that wait for the same person. */
  sides: readonly LeaveStep[];
  yes: boolean;
  note?: string | undefined;
}

/** A button for each unit that is answered for. */
export const sideButtons = (names: Names, { leave, sides, yes, note }: Sides): Button[] =>
  sides.map(s => ({
    label: `${stationName(s, names)}${yes ? '同意' : '不同意'}`,
    command: [yes ? '/批准' : '/驳回', leave, names.full(s.org), ...(note ? [note] : [])].join(' '),
  }));

/** Nothing is answered before it is said for which unit. */
export const forWhich = (names: Names, asked: Sides): Decision => ({
  reply: {
    code: 'leave.which-unit',
    title: '代表哪个单位答复？',
    tone: 'ask',
    lines: [`您代表${stationNames(asked.sides, names)}，请分别答复`],
    buttons: sideButtons(names, asked),
  },
});
