/** A card whose buttons hold why somebody is away: pressed or typed, a messenger shows them, so in a group it is for the asker alone. */
import type { Card } from '../core/card.ts';
import type { Day } from '../core/day.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { place } from '../core/words/place.ts';
import type { Slot } from '../core/words/slots.ts';
import type { AnyCommand } from './command.ts';

const UNIT: Readonly<Record<string, Slot>> = { unit: { kind: 'org' } };

/** Whether one of its buttons repeats free words of a personal kind; a unit's name alone is none. */
export const saysWhy = (
  { buttons = [] }: Card,
  commands: ReadonlyMap<string, AnyCommand>,
  { lexicon, today }: { lexicon: Lexicon; today: Day },
): boolean =>
  buttons.some(({ command }) => {
    const [word = '', ...rest] = command.slice(1).split(' ');
    const slots = commands.get(word)?.slots ?? {};
    const why = Object.entries(slots).find(([, s]) => s.kind === 'rest' && s.personal)?.[0];
    const said = why === undefined || !rest.length ? undefined : place(rest.join(' '), slots, lexicon, today, {}).values[why];
    return typeof said === 'string' && place(said, UNIT, lexicon, today, {}).left !== undefined;
  });
