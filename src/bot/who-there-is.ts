/** Who may do what is said as the rules have it; where a county has no general hospital, none is named among them. */
import type { Card } from '../core/card.ts';
import type { Actor, Decision } from './command.ts';
import { isRefusal } from './command.ts';
import type { Read } from './ports.ts';

const GENERAL = '总医院';
const WITHOUT: readonly (readonly [string, string])[] = [
  ['、总医院或卫健局', '或卫健局'],
  ['总医院或卫健局', '卫健局'],
  ['、总医院和卫健局', '和卫健局'],
  ['、总医院、卫健局', '、卫健局'],
  ['卫健局、总医院和', '卫健局和'],
];
const without = (text: string): string => WITHOUT.reduce((t, [said, instead]) => t.replaceAll(said, instead), text);

/** The answer in the words of the actor's county. */
export const whoThereIs = async (read: Read, actor: Actor, decision: Decision): Promise<Decision> => {
  const card = isRefusal(decision) ? decision.card : decision.reply;
  if (![card.title, ...card.lines].some(t => t.includes(GENERAL) && t !== without(t))) return decision;
  const counties = [...new Set(actor.grants.flatMap(g => g.county ?? []))];
  if (await read.first('orgs', { kind: 'general', ...(counties.length ? { county: counties } : {}) })) return decision;
  const said: Card = { ...card, title: without(card.title), lines: card.lines.map(without) };
  return isRefusal(decision) ? { ...decision, card: said } : { ...decision, reply: said };
};
