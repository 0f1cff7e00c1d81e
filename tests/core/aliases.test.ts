/** Every word that calls a command: pinyin is there, English is there, and no word means two things, now or later. */
import { pinyin } from 'pinyin-pro';
import { describe, expect, test } from 'vitest';
import { commands } from '../../commands/index.ts';

/** Initials that another command has, and what is typed instead. */
const BY_HAND: Record<string, string> = { 体检: 'tij', 通报: 'tob' };
/** Words of commands that are still to come: nobody else may take them. */
const RESERVED: Record<string, string[]> = {
  填报: ['tb', 'tianbao'],
  通报: ['tob', 'tongbao'],
  重发: ['cf', 'chongfa'],
  作废: ['zf', 'zuofei'],
};
/** Readings that a dictionary of single characters gets wrong. */
const READING: Record<string, string[]> = { 重发: ['chong', 'fa'] };

const syllables = (name: string): string[] => READING[name] ?? pinyin(name, { toneType: 'none', type: 'array' });
const initials = (name: string): string =>
  BY_HAND[name] ??
  syllables(name)
    .map(s => s[0])
    .join('');
const full = (name: string): string => syllables(name).join('');

describe.each(commands.map(c => [c.name, c] as const))('/%s', (name, command) => {
  test('is called by its pinyin, short and long', () => {
    expect(command.aliases).toContain(initials(name));
    expect(command.aliases).toContain(full(name));
  });
  test('is called by an English word', () => {
    const chinese = new Set([initials(name), full(name)]);
    expect(command.aliases.filter(a => /^[a-z][a-z-]+$/.test(a) && !chinese.has(a))).not.toEqual([]);
  });
  test('has words that can be found again', () => {
    for (const word of [name, ...command.aliases]) {
      expect(word, 'found in lower case').toBe(word.toLowerCase());
      expect(word, 'one word').not.toMatch(/\s/);
      expect(word.length, 'looked for in the first 24 characters').toBeLessThanOrEqual(24);
    }
  });
});

test('no word belongs to two commands, nor twice to one', () => {
  const owners = new Map<string, string[]>();
  for (const { name, aliases } of commands) for (const w of [name, ...aliases]) owners.set(w, [...(owners.get(w) ?? []), name]);
  expect([...owners].filter(([, all]) => all.length > 1)).toEqual([]);
});

test.each(Object.entries(RESERVED))('words of /%s are kept free until it comes', (name, words) => {
  expect(words).toEqual([initials(name), full(name)]);
  const taken = commands.filter(c => c.name !== name && [c.name, ...c.aliases].some(w => w === name || words.includes(w)));
  expect(taken.map(c => c.name)).toEqual([]);
});

test('each exception is one: its initials are really taken', () => {
  const all = [...commands.map(c => c.name), ...Object.keys(RESERVED)];
  for (const name of Object.keys(BY_HAND)) {
    const own = syllables(name)
      .map(s => s[0])
      .join('');
    expect(all.filter(other => other !== name && initials(other) === own)).not.toEqual([]);
  }
});
