/** A transcript on the stage and on every messenger: the same words in, the same answers meant, and what each messenger got kept to be read. */
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Chat, chat } from './chat.ts';
import { MESSENGERS, type MessengerName } from './messengers.ts';

export type Place = 'sandbox' | MessengerName;
/** With `CHAT_ON=postgres` on the stage alone: a messenger's room has a store of its own kind, and was played before. */
export const EVERYWHERE: readonly Place[] =
  process.env['CHAT_ON'] === 'postgres' ? ['sandbox'] : ['sandbox', ...(Object.keys(MESSENGERS) as MessengerName[])];

type Options = NonNullable<Parameters<typeof chat>[0]>;
/** Opens the rehearsal where the test is at. */
type Open = (options?: Options) => Promise<Chat>;

const fileName = (name: string): string =>
  name
    .split(/[:;,]/)[0]!
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '');

/** `places`: where it can be played; what a messenger cannot send to a robot is left out there. */
export const transcriptOn = (places: readonly Place[], name: string, play: (open: Open, place: Place) => Promise<void>): void => {
  describe.each(places)('%s', place => {
    test(name, async ({ task }) => {
      let room: Chat | undefined;
      await play(async (options = {}) => {
        room = await chat(place === 'sandbox' ? options : { ...options, on: place });
        return room;
      }, place);
      if (place === 'sandbox') return;
      const transcript = basename(task.file.filepath).replace(/\.test\.ts$/, '');
      const file = `../platforms/snapshots/${transcript}/${fileName(name)}.${place}.txt`;
      await expect(`${room!.read()}\n`).toMatchFileSnapshot(file);
    });
  });
};
export const transcript = (name: string, play: (open: Open, place: Place) => Promise<void>): void => transcriptOn(EVERYWHERE, name, play);
