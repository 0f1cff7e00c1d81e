/** What a line that is no command may have meant: offered behind buttons, to those who may use it, never done. */
import type { Button, Card } from '../core/card.ts';
import { type Day, sayDay, sayMonth } from '../core/day.ts';
import { looksLikePhone } from '../core/names.ts';
import type { Near } from '../core/words/command-line.ts';
import { findDates, takeDates } from '../core/words/dates.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { takeMonth, takePeriod } from '../core/words/periods.ts';
import { MOVED_TO, place } from '../core/words/place.ts';
import { asks, asksBehindName, asksHow } from '../core/words/questions.ts';
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

/** The units and people that a sentence speaks of, by the names that the command reads. */
const namesIn = (sentence: string, { slots }: AnyCommand, lexicon: Lexicon, today: Day): string[] => {
  const { values } = place(sentence, slots, lexicon, today, {});
  return Object.entries(slots).flatMap(([slot, { kind }]) =>
    kind === 'org'
      ? (lexicon.orgs.find(o => o.id === values[slot])?.names[0] ?? [])
      : kind === 'person'
        ? (lexicon.people.find(p => p.id === values[slot])?.name ?? [])
        : [],
  );
};

/** When, of whom and of which units a sentence speaks, as its command would be told; empty where it says nothing of these. */
export const aboutIn = (sentence: string, command: AnyCommand, lexicon: Lexicon, today: Day): Line => {
  const time = timeIn(sentence, command, today);
  const named = namesIn(sentence, command, lexicon, today);
  const joined = (first: string | undefined) => [first, ...named].filter(Boolean).join(' ');
  return { line: joined(time?.line), said: joined(time?.said) };
};

/** A command with its words behind a button. */
export const offer = (name: string, { line, said }: Line = { line: '', said: '' }): Button => ({
  label: `/${name} ${said}`.trim(),
  command: `/${name} ${line}`.trim(),
});

/** A line as it is put behind a button, and as it stands on its face. */
interface Line {
  line: string;
  said: string;
}

/** A day, why, and another day instead: all of such a sentence belongs behind the command. */
const movesDays = ({ slots, asksFreely }: AnyCommand): boolean =>
  asksFreely === true && Object.values(slots).some(s => s.kind === 'labelled' && s.of.kind === 'dates');
const takesDays = ({ slots }: AnyCommand): boolean =>
  Object.values(slots).some(s => s.kind === 'dates' || (s.kind === 'labelled' && s.of.kind === 'dates'));

/** The same words with their days written out; what stands behind the first day is counted from it. */
export const datedLine = (text: string, command: AnyCommand, today: Day): Line => {
  // 每月第二个周三 is no single day.
  const found = takesDays(command) && !text.includes('每') ? findDates(text, today) : undefined;
  if (!found || found.problem || found.ambiguous) return { line: text, said: text };
  const written = (write: (d: Day) => string) =>
    found.items.map(i => `${write(i.from)}${i.to === i.from ? '' : `至${write(i.to)}`}${i.half ? HALVES[i.half] : ''}`).join('、');
  const behind = datedLine(text.slice(found.end), command, found.items[0]!.from);
  const joined = (day: string, more: string) =>
    [text.slice(0, found.start), day, more.replace(/^[\s,，、;；。]+/, '')]
      .map(t => t.trim())
      .filter(Boolean)
      .join(' ');
  return {
    line: joined(
      written(d => d),
      behind.line,
    ),
    said: joined(
      written(d => sayDay(d, today).split(' ')[0]!),
      behind.said,
    ),
  };
};

/** 改到24号，17号要开会: two days side by side would be one list, so the part that says where to goes last. */
const movedLast = (text: string): string => {
  const parts = text.split(/[,，。;；]+/);
  const moved = parts.filter(w => MOVED_TO.some(label => w.trim().startsWith(label)));
  return moved.length ? [...parts.filter(w => !moved.includes(w)), ...moved].join(' ') : text;
};

/** What a sentence has around its meaning. */
const PHRASES = /能不能|可不可以|可以吗|行不行|行吗|好吗|请问|麻烦/g;
const BEFORE = /^(?:[啊呀嗯哎]|我们?(?=[要想有去来不没在今明后下这本周星礼\d一二三四五六七八九十]|$)|可以|能|要|想|了(?!解))+/;
const AFTER = /(?:了|吧|吗|么|呢|啊|呀|可以|能|要|想|我们?)+$/;

/** A sentence as a command's words: without what only named the command. */
const freeWords = (text: string, { sayings }: AnyCommand): string => {
  const m = [sayings ?? []].flat().reduce<RegExpExecArray | null>((found, s) => found ?? s.exec(text), null);
  // 生病 names the command and is the reason as well.
  if (m?.groups?.['reason']) return text.replace(PHRASES, ' ').trim();
  const named = m ? `${text.slice(0, m.index)} ${text.slice(m.index + m[0].length)}` : text;
  const words = named
    .replace(PHRASES, ' ')
    .split(/[\s,，。;；]+/)
    .map(w => w.replace(BEFORE, '').replace(AFTER, ''))
    .filter(Boolean);
  return movedLast(words.join('，')).replaceAll('，', ' ');
};

/** What was typed behind a command's name, without a space too: it is not typed again. undefined: the line does not begin with it. */
export const behindName = ({ name, aliases, aliasWords }: AnyCommand, typed: string): string | undefined => {
  const word = [name, ...aliases].sort((a, b) => b.length - a.length).find(w => typed.toLowerCase().startsWith(w.toLowerCase()));
  if (word === undefined) return undefined;
  // 下班了 says no more than 下班.
  const rest = typed
    .slice(word.length)
    .replace(/^(?:了(?!解)|啦)+/, '')
    .replace(/^(?:[吧哈呀哦喽咯吗么呢]|没有?)+$/, '')
    .trim();
  return [aliasWords?.[word], rest].filter(Boolean).join(' ');
};

/** 请假17号 without a space is offered as /请假 17号. */
export const withRest = (command: AnyCommand, typed: string): string =>
  typed.length <= MOST_BEHIND ? `/${command.name} ${behindName(command, typed) ?? ''}`.trim() : `/${command.name}`;

/** 统计本月 and 谢卓群昨天没来 are all of them the command's own words; 排班冲突 and 到市里开会 are not. */
export const readsWhole = ({ slots }: AnyCommand, line: string, lexicon: Lexicon, today: Day): boolean => {
  if (line === '') return false;
  const placed = place(line, slots, lexicon, today, {});
  const free = Object.entries(slots).some(([slot, { kind }]) => kind === 'rest' && placed.values[slot] !== undefined);
  return !free && placed.left === undefined && !placed.problems.length;
};

/** The same, or what is left is its free words. */
const leavesNothing = ({ slots }: AnyCommand, line: string, lexicon: Lexicon, today: Day): boolean => {
  const placed = place(line, slots, lexicon, today, {});
  return line !== '' && placed.left === undefined && !placed.problems.length;
};

/** Whether a line behind its command only says whose and of when it shows; where a month is looked at, a day is one that is planned. */
const onlyShows = ({ shows, slots }: AnyCommand, line: string, lexicon: Lexicon, today: Day): boolean => {
  const narrows = ['org', 'person', 'month', 'period', ...(Object.values(slots).some(s => s.kind === 'month') ? [] : ['dates'])];
  return shows === true && Object.keys(place(line, slots, lexicon, today, {}).values).every(slot => narrows.includes(slots[slot]!.kind));
};

/** 下一步怎么办 is how its command is asked for, not how that is used. */
const isItsWish = (typed: string, { sayings }: AnyCommand): boolean =>
  [sayings ?? []].flat().some(s => asksHow(s.exec(typed.replace(/\s/g, ''))?.[0] ?? ''));

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
  const typed = near.line;
  const lexicon = await read.lexicon();
  const quiet = numbered || looksLikePhone(typed).length > 0;
  const words = (name: string): Line | undefined => {
    const command = commands.get(name)!;
    if (quiet || typed.length > MOST_BEHIND) return undefined;
    if (!near.sentence) {
      const rest = behindName(command, typed) ?? typed.slice(near.typed.length).trim();
      // 月报交了没 asks of what is there.
      if (command.shows && asksBehindName(rest)) return aboutIn(rest, command, lexicon, today);
      return datedLine(movesDays(command) ? movedLast(rest.replace(PHRASES, ' ').replace(BEFORE, '')) : rest, command, today);
    }
    const { behind } = near.sentence;
    if (behind) return datedLine(behind, command, today);
    const own = command.around ? typed.replace(command.around, ' ').replace(/\s+/g, ' ').trim() : typed;
    if (movesDays(command)) return datedLine(freeWords(own, command), command, today);
    const reads = command.shows ? readsWhole : leavesNothing;
    if (command.around && !asks(own) && reads(command, own, lexicon, today)) return datedLine(own, command, today);
    const about = aboutIn(typed, command, lexicon, today);
    // A sentence that says of whom or when and leaves nothing unread is the line itself.
    return about.line && readsWhole(command, typed, lexicon, today) ? datedLine(typed, command, today) : about;
  };
  // 怎么请假 asks how it is done.
  if (!numbered && allowed[0] !== '帮助' && asksHow(typed) && !isItsWish(typed, commands.get(allowed[0]!)!))
    return {
      code: 'command.near',
      title: `/${allowed[0]} 怎么用？`,
      tone: 'info',
      lines: [],
      buttons: allowed.slice(0, MOST).map(name => offer('帮助', { line: name, said: name })),
    };
  // Its name was typed, or all of it is one wish: then it is no unknown word.
  const meant = allowed.length === 1 && (near.sentence || behindName(commands.get(allowed[0]!)!, typed) !== undefined);
  const lines = new Map(allowed.map(name => [name, words(name)]));
  const looks = allowed.every(name => onlyShows(commands.get(name)!, lines.get(name)?.line ?? '', lexicon, today));
  const kept = numbered ? ['含号码，没有收下；命令后面空一格再发'] : [];
  return {
    code: 'command.near',
    tone: 'info',
    ...((near.sentence || meant) && !numbered
      ? looks
        ? { title: '您要看的是不是：', lines: [] }
        : { title: meant ? `您是要${allowed[0]}吗？` : '您要的是不是：', lines: ['还没有办，点一下才办'] }
      : { title: numbered ? '没有这个命令' : `没有“${near.typed.slice(0, 20)}”`, lines: [...kept, '您要的是不是：'] }),
    buttons: allowed.slice(0, MOST).map(name => offer(name, lines.get(name))),
  };
};
