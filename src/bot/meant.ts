/** What is said to a message that is no command: what it may have meant, behind buttons, or where help is. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { bareCard } from './bare-words.ts';
import { clausesOf, type Listener } from './clauses.ts';
import { isServed, no } from './command.ts';
import type { Said } from './hearing.ts';
import { behindName, nearCard, offer } from './near-miss.ts';
import { bindingOffer, bindingSaid, notBound } from './not-bound.ts';
import { whatItWouldBe } from './overheard.ts';
import { may } from './permissions.ts';
import type { Inbound, Read } from './ports.ts';
import { phoneSaid } from './refusals.ts';
import { actorOf, standingOf } from './standing.ts';

/** Where help is. */
export const HINT: Card = {
  code: 'help.hint',
  title: '您好，我只认命令',
  tone: 'info',
  lines: ['发 帮助 看能做什么'],
  buttons: [{ label: '帮助', command: '/帮助' }],
};
const MOST = 5;

/** The same in direct chat with the everyday commands of whoever speaks: one tap, whatever was said. */
const hintTo = async (read: Read, { commands, programmes }: Listener, inbound: Inbound, today: Day): Promise<Card> => {
  if (inbound.conversation.kind !== 'direct') return HINT;
  const actor = await actorOf(read, inbound, today);
  const roles = actor.grants.map(g => g.role);
  const { programme } = await standingOf(read, programmes, actor, today);
  const daily = commands.filter(
    c => !c.atOnce && c.daily?.some(r => roles.includes(r)) && may(c.name, roles, true, 'direct') === 'yes' && isServed(c, programme),
  );
  return daily.length
    ? {
        ...HINT,
        title: '您好，要办哪一件？',
        lines: ['我只认命令；发 帮助 看能做什么'],
        buttons: [...daily.slice(0, MOST).map(c => offer(c.name)), ...HINT.buttons!],
      }
    : HINT;
};

export const whatWasMeant = async (
  read: Read,
  bot: Listener,
  inbound: Inbound,
  said: Exclude<Said, { kind: 'command' | 'choice' | 'assent' }>,
  today: Day,
): Promise<Card> => {
  const numbered = phoneSaid(inbound);
  const { content, conversation } = inbound;
  const stranger = (await actorOf(read, inbound, today)).person === null;
  const binding = stranger && conversation.kind === 'direct' && content.kind === 'text' ? bindingSaid(content.text) : undefined;
  if (binding) return bindingOffer(binding, numbered !== undefined);
  // In direct chat a near miss is still offered, without what was said.
  if (numbered && !(said.kind === 'near' && inbound.conversation.kind === 'direct')) return numbered;
  const near = said.kind === 'near' && (await nearCard(read, bot.byName, inbound, said, { numbered: numbered !== undefined, today }));
  if (numbered) return near || numbered;
  if (said.kind === 'picture')
    return no('picture.unexpected', '这张图没有收下', '只在代签后半小时内收签到单照片', '要导入的表请发 xlsx 或 csv');
  if (said.kind === 'unread') return no('unread', `${said.what}没有收下`, '请打字发给我', '发 帮助 看能做什么');
  // 填报诊疗30 names its command: its figures are no other line's.
  if (
    near &&
    said.kind === 'near' &&
    said.suggestions.some(name => behindName(bot.byName.get(name)!, said.typed) !== undefined) &&
    !said.sentence
  )
    return near;
  const sure = await whatItWouldBe(read, bot, inbound, today);
  if (sure) return sure;
  const clauses = await clausesOf(read, bot, inbound, today);
  // 请假17号，孩子发烧 is one line without its space.
  const runsOn = said.kind === 'near' && !said.sentence;
  if (clauses && clauses.understood > 1 && !runsOn) return clauses.card;
  const doubtful = await whatItWouldBe(read, bot, inbound, today, true);
  const offered = doubtful ?? (near || clauses?.card);
  if (offered) return offered;
  const bare = await bareCard(read, bot.commands, inbound, today);
  if (bare) return bare;
  if (stranger) return notBound(conversation.kind);
  return (said.kind === 'near' && !said.sentence) || said.kind === 'unknown'
    ? {
        ...no('command.unknown', `没有“${said.typed.slice(0, 20)}”这个命令`, '发 /帮助 看能做什么'),
        buttons: [{ label: '帮助', command: '/帮助' }],
      }
    : hintTo(read, bot, inbound, today);
};
