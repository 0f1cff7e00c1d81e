/** 到古竹了，看了12个病人: each part of what was said is offered for itself. */
import type { Button, Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import { clean } from '../core/words/clean.ts';
import type { CommandLine } from '../core/words/command-line.ts';
import type { Programme } from '../programmes/schema.ts';
import type { AnyCommand } from './command.ts';
import { nearCard } from './near-miss.ts';
import { whatItWouldBe } from './overheard.ts';
import type { Inbound, Read } from './ports.ts';

/** More parts are a story. */
const MOST = 4;
const MOST_BUTTONS = 3;
const COUNTS = /\d|[两三四五六七八九十百][个人次场户份例台]/;
/** 到古竹了看了12个病人, as it is spoken into a phone: the second thing begins behind 了. */
const BREATH = /(?<=[了啦])(?=今天|上午|下午|我|还|另外|然后|看|病人|门诊|诊疗|查房|讲)/;
/** Of a part that is named. */
const LONGEST = 20;

/** What words are understood with. */
export interface Listener {
  commands: readonly AnyCommand[];
  byName: ReadonlyMap<string, AnyCommand>;
  programmes: readonly Programme[];
  /** A part of a message as a line of its own. */
  part: (text: string) => CommandLine;
}

export interface Clauses {
  card: Card;
  /** How many commands the parts may mean: two parts of one are one thing. */
  understood: number;
}

const partsAt = (text: string, at: RegExp): string[] =>
  text
    .split(at)
    .map(p => p.trim())
    .filter(Boolean);

/** What the parts of a message may have meant; undefined where it has no parts, or none that means anything. */
export const clausesOf = async (read: Read, bot: Listener, inbound: Inbound, today: Day): Promise<Clauses | undefined> => {
  if (inbound.content.kind !== 'text') return undefined;
  const text = clean(inbound.content.text);
  const stops = partsAt(text, /[\n,，。；;!！]+/);
  const breath = stops.length > 1 ? undefined : partsAt(text, BREATH);
  const parts = breath ?? stops;
  if (parts.length < 2 || parts.length > MOST) return undefined;
  const buttons = new Map<string, Button>();
  const lines: string[] = [];
  const meant = new Set<string>();
  const saying = (text: string): Inbound => ({ ...inbound, content: { kind: 'text', text } });
  const counted: { text: string; card: Card }[] = [];
  for (const text of parts) {
    const said = bot.part(text);
    const alone = saying(text);
    const figures = await whatItWouldBe(read, bot, alone, today);
    if (figures) counted.push({ text, card: figures });
    const near = said.kind === 'near' ? await nearCard(read, bot.byName, alone, said, { numbered: false, today }) : undefined;
    const offered: Button[] =
      figures?.buttons ??
      near?.buttons ??
      (said.kind === 'command' ? [{ label: text.slice(0, 20), command: `/${text.replace(/^\//, '')}` }] : []);
    if (!offered.length) {
      // Whoever counts something wants it kept: it is not passed over in silence.
      if (COUNTS.test(text)) lines.push(`没看懂：${text.slice(0, LONGEST)}`);
      continue;
    }
    meant.add(offered[0]!.command.split(' ')[0]!);
    lines.push(...(figures?.lines ?? []));
    for (const b of offered) buttons.set(b.command, b);
  }
  if (counted.length > 1) {
    // 看了30个病人，讲了一堂课 is one report; of two days each says which it is.
    const together = await whatItWouldBe(read, bot, saying(counted.map(c => c.text).join('，')), today);
    for (const { card } of counted)
      for (const b of card.buttons ?? [])
        if (together) buttons.delete(b.command);
        else buttons.set(b.command, { ...b, label: [b.label, ...card.lines].join(' ') });
    for (const b of together?.buttons ?? []) buttons.set(b.command, b);
    if (together) lines.splice(0, lines.length, ...together.lines, ...lines.filter(l => !counted.some(c => c.card.lines.includes(l))));
  }
  // Where it was not said that there are parts, each must mean something of its own.
  return meant.size > (breath ? 1 : 0)
    ? {
        understood: meant.size,
        card: {
          code: 'command.near',
          title: '您要的是不是：',
          tone: 'info',
          lines: ['还没有办，点一下才办', ...lines],
          buttons: [...buttons.values()].slice(0, MOST_BUTTONS),
        },
      }
    : undefined;
};
