/** A question that waits: what is an answer to it, and what is said where something else was typed. */
import type { z } from 'zod';
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { isThanks } from '../core/words/command-line.ts';
import { type Lexicon, place, type Slot } from '../core/words/place.ts';
import type { AnyCommand } from './command.ts';

/** Wants time, and says nothing of what was asked. */
const HESITATES =
  /^(?:等等|等一?下|稍等|等会儿?|等我一下|不知道|不清楚|(?:还|我)*没(?:有)?(?:想好|定)|(?:我|再|让我)*想[一想]*想?|还没)[吧呢啊呀了]*[。.…~]*$/;
/** Said behind a day, and nothing of it. */
const PARTICLES = /(?:吧|呀|啊|哈|呢|可以吗|行吗|好吗|[。.！!～~])+$/;

/** What a label that was put at the end of the line asks for: 改到 asks for a day. */
const askedBy = (command: AnyCommand, before: string): { label: string; of: Slot } | undefined => {
  const label = before.split(' ').at(-1) ?? '';
  const slot = Object.values(command.slots).find(s => s.kind === 'labelled' && s.labels.includes(label));
  return slot?.kind === 'labelled' && slot.of.kind !== 'rest' ? { label, of: slot.of } : undefined;
};

/** The answer as it is put behind what was asked; undefined: it is none, and the question still waits. */
export const answerTo = (command: AnyCommand, before: string, typed: string, lexicon: Lexicon, today: Day): string | undefined => {
  if (isThanks(typed) || HESITATES.test(typed)) return undefined;
  const asked = askedBy(command, before);
  if (!asked) return typed;
  const said = typed.replace(PARTICLES, '');
  const line = said.startsWith(asked.label) ? said : `${asked.label} ${said}`;
  const { values, problems } = place(line, { asked: { kind: 'labelled', labels: [asked.label], of: asked.of } }, lexicon, today);
  return values['asked'] === undefined && !problems.length ? undefined : said;
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
    ...(askedBy(command, before)?.of.kind === 'dates' ? ['请回复日期，如：4月24日'] : []),
    `整句这样写：${command.usage}`,
    ...command.examples.slice(0, 1).map(e => `例：${e}`),
    '不办了发 取消',
  ],
});
