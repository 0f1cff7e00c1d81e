/** A question that waits: what is said of how it is answered. */
import type { z } from 'zod';
import type { Card } from '../core/card.ts';
import type { Slot } from '../core/words/place.ts';
import type { AnyCommand } from './command.ts';

/** What a label that was put at the end of the line asks for: 改到 asks for a day. */
const askedBy = (command: AnyCommand, before: string): Slot | undefined => {
  const label = before.split(' ').at(-1) ?? '';
  const slot = Object.values(command.slots).find(s => s.kind === 'labelled' && s.labels.includes(label));
  return slot?.kind === 'labelled' ? slot.of : undefined;
};

/** Nothing but free text is missing, and the command asks for it in free words. */
export const lacksText = (command: AnyCommand, issues: readonly z.core.$ZodIssue[]): boolean =>
  command.asksFreely === true &&
  issues.every(i => typeof i.path[0] === 'string' && command.slots[i.path[0]]?.kind === 'rest' && i.code === 'invalid_type');

/** Of what was asked and still waits. */
export const howToAnswer = (command: AnyCommand, before = ''): Card => ({
  code: 'question.help',
  title: `刚才问的是 /${command.name}，直接回复就行`,
  tone: 'ask',
  lines: [
    ...(askedBy(command, before)?.kind === 'dates' ? ['请回复日期，如：4月24日'] : []),
    `整句这样写：${command.usage}`,
    ...command.examples.slice(0, 1).map(e => `例：${e}`),
    '不办了发 取消',
  ],
});
