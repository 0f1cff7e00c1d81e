/** 今天看了30个病人, said without a command: understood, not done. One button does it. */

import type { Card } from '../core/card.ts';
import { type Day, type Month, sayMonth } from '../core/day.ts';
import { figureProblemCard, sayFigures } from '../core/figure-words.ts';
import { looksLikePhone } from '../core/names.ts';
import { clean } from '../core/words/clean.ts';
import { type FigureProblem, type FigureReading, figureLine } from '../core/words/figures.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { place } from '../core/words/place.ts';
import type { Programme } from '../programmes/schema.ts';
import { calledIn } from './called.ts';
import { type Actor, type AnyCommand, orgsAs } from './command.ts';
import { correctedLeave } from './corrected-leave.ts';
import { may } from './permissions.ts';
import type { Inbound, Read } from './ports.ts';
import { actorOf, standingOf } from './standing.ts';

/** More than anybody says of a day. */
const LONG = 300;

/** Said of a figure, though not to be written down as it was said. */
const DOUBT: ReadonlySet<FigureProblem['kind']> = new Set([
  'repeated',
  'parts',
  'inexact',
  'other-unit',
  'fraction',
  'negative',
  'unknown',
]);

/** What was said is of a day's figures, and which of it is doubtful is known by name: beside a figure that is sure, by whatever name. */
const isDoubtful = ({ problems, figures }: FigureReading): boolean =>
  problems.every(p => DOUBT.has(p.kind)) &&
  (Object.keys(figures).length > 0 || problems.every(p => p.kind !== 'unknown' || (p.near.length > 0 && p.whole === undefined)));

/** 诊疗改成31, 改 诊疗31: the figures as they should be. */
const withoutCorrection = (text: string): string =>
  text
    .replace(/^(?:不对|错了|更正|改)[，,：:\s]*/, '')
    .replace(/(?:改成|改为|改|更正为|应该是|应为)(?=[\d一二三四五六七八九十百两零])/g, '');

/** The unit and the physician that a line names beside its figures; undefined where it says something else as well. */
const namedIn = (others: Readonly<Record<string, unknown>>, { slots }: AnyCommand, lexicon: Lexicon): string[] | undefined => {
  const names = Object.entries(others).map(([slot, id]) => {
    const kind = slots[slot]?.kind;
    if (kind === 'org') return lexicon.orgs.find(o => o.id === id)?.names[0];
    return kind === 'person' ? lexicon.people.find(p => p.id === id)?.name : undefined;
  });
  return names.every(n => n !== undefined) ? names : undefined;
};

/**
 * What a line would report if it began with the command for a day's figures; undefined where anything in it is not surely read.
 * `doubtful`: what is read in part is told as well, with the word that is not. `commands`: those that the speaker may use here. The day is written out, so that a button that is pressed tomorrow still means today.
 */
export const overheard = (
  text: string,
  {
    commands,
    lexicon,
    today,
    programme,
    doubtful = false,
  }: { commands: readonly AnyCommand[]; lexicon: Lexicon; today: Day; programme: Programme; doubtful?: boolean },
): Card | undefined => {
  if (text.length > LONG || looksLikePhone(text).length) return undefined;
  for (const command of commands) {
    const slots = Object.entries(command.slots);
    const figures = slots.find(([, s]) => s.kind === 'figures');
    const days = slots.find(([, s]) => s.kind === 'dates');
    if (!figures || !days || figures[1].kind !== 'figures') continue;
    const known = programme[figures[1].of]?.figures;
    const placed = place(withoutCorrection(clean(text)), command.slots, lexicon, today, programme);
    const {
      [figures[0]]: reading,
      [days[0]]: on,
      ...others
    } = placed.values as Record<string, unknown> & {
      [name: string]: FigureReading | { from: Day; to: Day }[] | undefined;
    };
    const said = reading as FigureReading | undefined;
    const [day, ...more] = (on as { from: Day; to: Day }[] | undefined) ?? [{ from: today, to: today }];
    const named = namedIn(others, command, lexicon);
    const whole = !placed.problems.length && placed.left === undefined && named !== undefined && !more.length;
    if (!known || !said || !whole || day?.from !== day?.to) continue;
    const again = (line: string) => [`/${command.name} ${day!.from}`, ...named, line].join(' ');
    if (doubtful && said.problems.length && isDoubtful(said)) {
      const card = figureProblemCard(known, said, again);
      const understood = Object.keys(said.figures).length > 0;
      const own = { label: understood ? '只报看懂的' : '填表格', command: again(understood ? figureLine(known, said) : '').trim() };
      return { ...card, code: 'help.overheard', tone: 'ask', buttons: card.buttons ?? [own] };
    }
    if (said.problems.length || !Object.keys(said.figures).length) continue;
    return {
      code: 'help.overheard',
      title: '还没有记下，要填报吗？',
      tone: 'ask',
      lines: [[...named, sayFigures(known, said)].join(' ')],
      buttons: [{ label: '填报', command: again(figureLine(known, said)), style: 'primary' }],
    };
  }
  return undefined;
};

/** A unit's figures of the month, 传单200, where all that was said is exactly those. */
export const overheardMonth = (
  text: string,
  { commands, lexicon, today, programme }: { commands: readonly AnyCommand[]; lexicon: Lexicon; today: Day; programme: Programme },
): Card | undefined => {
  if (text.length > LONG || looksLikePhone(text).length) return undefined;
  for (const command of commands) {
    const slots = Object.entries(command.slots);
    const figures = slots.find(([, s]) => s.kind === 'figures' && s.of === 'publicity');
    const month = slots.find(([, s]) => s.kind === 'month')?.[0];
    if (!figures || month === undefined) continue;
    const { values, left, problems } = place(clean(text), command.slots, lexicon, today, programme);
    const { [figures[0]]: reading, [month]: of, ...others } = values as Record<string, unknown>;
    const said = reading as FigureReading | undefined;
    const known = programme.publicity?.figures;
    if (!known || !said || left !== undefined || problems.length || Object.keys(others).length) continue;
    if (said.problems.length || !Object.keys(said.figures).length || Object.keys(said.words).length) continue;
    const line = figureLine(known, said);
    return {
      code: 'help.overheard',
      title: `还没有记下，要报${command.name}吗？`,
      tone: 'ask',
      lines: [[...(of ? [sayMonth(of as Month)] : []), sayFigures(known, said)].join(' ')],
      buttons: [
        { label: command.name, command: [`/${command.name}`, ...(of ? [sayMonth(of as Month)] : []), line].join(' '), style: 'primary' },
      ],
    };
  }
  return undefined;
};

/** Of somebody called by the surname: as it would be with the full name, or which of two it is. */
const overheardOf = async (
  read: Read,
  actor: Actor,
  text: string,
  ears: Omit<Parameters<typeof overheard>[1], 'doubtful'>,
): Promise<Card | undefined> => {
  const called = await calledIn(read, actor, clean(text), ears.today);
  const cards = (called?.people ?? []).flatMap(person => {
    const card = overheard(called!.named(person), ears);
    return card ? [{ person, card }] : [];
  });
  const [only, ...others] = cards;
  if (!only || cards.length > MOST_CALLED) return undefined;
  if (!others.length) return only.card;
  return {
    ...only.card,
    title: `“${called!.said}”是哪一位？还没有记下`,
    lines: [only.card.lines.join(' ').replace(`${only.person.name} `, '')],
    buttons: cards.map(({ person, card }) => ({ label: person.name, command: card.buttons![0]!.command })),
  };
};
const MOST_CALLED = 3;

/** Figures that were said without their command are offered with it, to those who may report them. */
export const whatItWouldBe = async (
  read: Read,
  bot: { commands: readonly AnyCommand[]; programmes: readonly Programme[] },
  inbound: Inbound,
  today: Day,
  doubtful = false,
): Promise<Card | undefined> => {
  if (inbound.content.kind !== 'text') return undefined;
  const actor = await actorOf(read, inbound, today);
  const request = actor.person === null ? await takingBack(read, inbound, inbound.content.text) : undefined;
  if (request) return request;
  const roles = actor.grants.map(g => g.role);
  const commands = bot.commands.filter(c => may(c.name, roles, actor.person !== null, inbound.conversation.kind) === 'yes');
  const leave = inbound.conversation.kind === 'direct' && actor.person ? commands.find(c => c.name === '请假') : undefined;
  const corrected =
    leave &&
    (await correctedLeave(read, leave, inbound.content.text, { actor, lexicon: await read.lexicon(), today, now: inbound.sentAt }));
  if (corrected) return corrected;
  const { bureau, programme } = await standingOf(read, bot.programmes, actor, today);
  const text = inbound.content.text.replace(/^\s*[/／]/, '');
  if (!bureau || !programme) return undefined;
  const ears = { commands, lexicon: await read.lexicon(), today, programme };
  const day = overheard(text, { ...ears, doubtful });
  if (day || doubtful) return day;
  const direct = inbound.conversation.kind === 'direct';
  return (
    (direct ? await overheardOf(read, actor, text, ears) : undefined) ??
    (orgsAs(actor, 'clinic').length === 1 ? overheardMonth(text, ears) : undefined)
  );
};

/** 取消 of somebody who waits to be bound is of that; one button does it. */
const takingBack = async (read: Read, { platform, app, account, conversation }: Inbound, text: string): Promise<Card | undefined> => {
  if (conversation.kind === 'group' || !/^(取消|撤回|撤销|算了|不绑了|不用了)(吧|申请|绑定)?$/.test(clean(text))) return undefined;
  const request = await read.first('requests', { platform, app, account, state: 'waiting' });
  return (
    request && {
      code: 'help.overheard',
      title: `要取消${request.name}的绑定申请吗？`,
      tone: 'ask',
      lines: [],
      buttons: [{ label: '取消申请', command: '/绑定 取消', style: 'primary' }],
    }
  );
};
