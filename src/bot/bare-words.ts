/** 古竹, 上月, 谢卓群: a unit, a time or a name alone is offered as what it may be looked up with. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { looksLikePhone } from '../core/names.ts';
import { clean } from '../core/words/clean.ts';
import { place } from '../core/words/place.ts';
import type { AnyCommand } from './command.ts';
import { aboutIn, offer } from './near-miss.ts';
import { may } from './permissions.ts';
import type { Inbound, Read } from './ports.ts';
import { actorOf } from './standing.ts';

/** A unit and a time. */
const SHORT = 12;
const MOST = 4;
/** 古竹怎么样 asks no more than 古竹. */
const ASKED = /的?(?:怎么样|如何|情况)(?:了|啊|呢)?[?？]?$/;

/** The offers, or undefined where the words mean nothing alone, or nothing that the speaker may ask. */
export const bareCard = async (read: Read, commands: readonly AnyCommand[], inbound: Inbound, today: Day): Promise<Card | undefined> => {
  const said = inbound.content.kind === 'text' ? clean(inbound.content.text).replace(/^\//, '') : '';
  const typed = said.replace(ASKED, '');
  if (typed.length > SHORT || /^\d*$/.test(typed) || looksLikePhone(typed).length) return undefined;
  const actor = await actorOf(read, inbound, today);
  const roles = actor.grants.map(g => g.role);
  const lexicon = await read.lexicon();
  const buttons = commands.flatMap(command => {
    const { name, bare, slots } = command;
    if (!bare || may(name, roles, actor.person !== null, inbound.conversation.kind) !== 'yes') return [];
    const { values, left, problems } = place(typed, slots, lexicon, today, {});
    const kinds = Object.keys(values).map(slot => slots[slot]!.kind);
    if (left !== undefined || problems.length || !kinds.length || !kinds.every(kind => bare.includes(kind))) return [];
    // A day alone is one on which somebody goes, and not one to be counted.
    const counted = Object.entries(values).find(([slot]) => slots[slot]!.kind === 'period')?.[1] as { from: Day; to: Day } | undefined;
    return counted && counted.from === counted.to ? [] : [offer(name, aboutIn(typed, command, lexicon, today))];
  });
  return buttons.length
    ? { code: 'command.near', title: '您要看的是不是：', tone: 'info', lines: [], buttons: buttons.slice(0, MOST) }
    : undefined;
};
