/** What a line that is no command may have meant: offered behind buttons, to those who may use it, never done. */
import type { Card } from '../core/card.ts';
import { type Day, sayDay, sayMonth } from '../core/day.ts';
import { looksLikePhone } from '../core/names.ts';
import { clean } from '../core/words/clean.ts';
import type { Near } from '../core/words/command-line.ts';
import { takeDates } from '../core/words/dates.ts';
import { takeMonth, takePeriod } from '../core/words/periods.ts';
import type { AnyCommand } from './command.ts';
import { may } from './permissions.ts';
import type { Inbound, Read } from './ports.ts';
import { MOST_BEHIND } from './problem-card.ts';
import { actorOf } from './standing.ts';

const MOST = 3;
const HALVES = { am: ' 上午', pm: ' 下午', day: '' } as const;

/** The time that a sentence speaks of, written out, so that a button that is pressed tomorrow still means today. `said`: for the button's face. */
const timeIn = (sentence: string, command: AnyCommand, today: Day): { line: string; said: string } | undefined => {
  const slots = Object.values(command.slots);
  // Where a month is looked at, a day is one that is planned.
  const looks = slots.some(s => s.kind === 'month');
  for (const slot of slots) {
    if (slot.kind === 'dates' && !looks) {
      const [item, ...more] = takeDates(sentence, today, slot.prefer ? { prefer: slot.prefer } : {})?.value ?? [];
      if (!item || more.length || item.from !== item.to) continue;
      const half = item.half ? HALVES[item.half] : '';
      return { line: `${item.from}${half}`, said: `${sayDay(item.from, today).split(' ')[0]!}${half}` };
    }
    if (slot.kind === 'month') {
      const month = takeMonth(sentence, today)?.value;
      if (month) return { line: sayMonth(month), said: sayMonth(month) };
    }
    if (slot.kind === 'period') {
      const period = takePeriod(sentence, today)?.value;
      const again = period && takePeriod(period.label, today);
      if (again && again.rest === '' && again.value.from === period.from && again.value.to === period.to)
        return { line: period.label, said: period.label };
    }
  }
  return undefined;
};

/** 请假17号 without a space is offered as /请假 17号: what was typed behind the command is not typed again. */
export const withRest = (command: string, typed: string): string =>
  typed.startsWith(command) && typed.length <= MOST_BEHIND ? `/${command} ${typed.slice(command.length).trim()}`.trim() : `/${command}`;

/** The offers, or undefined where the speaker may use none of them. `numbered`: it holds a phone, which is kept nowhere, not behind a button either. */
export const nearCard = async (
  read: Read,
  commands: ReadonlyMap<string, AnyCommand>,
  inbound: Inbound,
  near: Near,
  { numbered, today }: { numbered: boolean; today: Day },
): Promise<Card | undefined> => {
  const actor = await actorOf(read, inbound, today);
  const roles = actor.grants.map(g => g.role);
  const allowed = near.suggestions.filter(s => may(s, roles, actor.person !== null, inbound.conversation.kind) !== 'not-role');
  if (!allowed.length) return undefined;
  const typed = inbound.content.kind === 'text' ? clean(inbound.content.text).replace(/^\//, '') : '';
  const quiet = numbered || looksLikePhone(typed).length > 0;
  const button = (name: string) => {
    if (quiet) return { label: `/${name}`, command: `/${name}` };
    if (!near.sentence) return { label: `/${name}`, command: withRest(name, typed) };
    const { behind } = near.sentence;
    const time = behind ? { line: behind, said: behind } : timeIn(typed, commands.get(name)!, today);
    return { label: `/${name}${time ? ` ${time.said}` : ''}`, command: `/${name}${time ? ` ${time.line}` : ''}` };
  };
  const kept = numbered ? ['含号码，没有收下；命令后面空一格再发'] : [];
  return {
    code: 'command.near',
    tone: 'info',
    ...(near.sentence && !numbered
      ? { title: '您要的是不是：', lines: ['还没有办，点一下才办'] }
      : { title: numbered ? '没有这个命令' : `没有“${near.typed.slice(0, 20)}”`, lines: [...kept, '您要的是不是：'] }),
    buttons: allowed.slice(0, MOST).map(button),
  };
};
