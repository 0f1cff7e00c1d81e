/** What becomes of a file before the turn, when something is in the way. */
import { describe, expect, it } from 'vitest';
import type { Received } from '../../src/bot/bot.ts';
import { type Inbound, StoreFault } from '../../src/bot/ports.ts';
import { PICTURE } from '../../src/core/check-in-paper.ts';
import { type Heard, type IntakeDeps, makeIntake } from '../../src/platforms/intake.ts';

const heard = (name: string): Heard => ({
  platform: 'box',
  app: 'app',
  eventId: 'e',
  conversation: { id: 'c', kind: 'direct', name: '' },
  account: 'a',
  accountName: '',
  sentAt: 0,
  content: { kind: 'resource', name, ref: {} },
});
const scene = (more: Partial<IntakeDeps> & { awaitsPaper?: () => Promise<boolean> } = {}) => {
  const taken: Inbound[] = [];
  const logged: string[] = [];
  const log = (what: object, message: string) => void logged.push(`${JSON.stringify(what)} ${message}`);
  const intake = makeIntake({
    platform: 'box',
    bot: () =>
      ({
        awaitsPaper: more.awaitsPaper ?? (async () => true),
        receive: async (m: Inbound) => {
          taken.push(m);
          return {} as Received;
        },
      }) as never,
    files: { keep: async name => ({ id: 'kept', name, bytes: 1 }), open: async () => undefined },
    readRows: async () => ({ rows: [], notices: [] }),
    now: () => 0,
    log: { info: log, warn: log, error: log },
    fetch: async () => new Uint8Array(3),
    ...more,
  });
  return { take: (name: string) => intake.take({}, () => heard(name)), taken, logged };
};
const full = () => Promise.reject(Object.assign(new Error("ENOSPC: no space left on device, write '/data/files/ab'"), { code: 'ENOSPC' }));

describe('a file', () => {
  it('that is not handed out says why, as the messenger has said it', async () => {
    const s = scene({ fetch: () => Promise.reject(new Error('文件太大，最多 20 MB')) });
    await s.take('名册.xlsx');
    expect(s.taken[0]!.content).toMatchObject({ kind: 'file', rows: null, problem: '文件太大，最多 20 MB' });
  });

  it('that this machine cannot take is said in words that tell nothing of the machine', async () => {
    for (const [s, name] of [
      [scene({ files: { keep: full, open: async () => undefined } }), PICTURE],
      [scene({ readRows: full }), '名册.xlsx'],
    ] as const) {
      await s.take(name);
      expect(s.taken[0]!.content).toMatchObject({ kind: 'file', problem: '文件没有收成，请过一会儿再发' });
      expect(s.logged).toEqual(['{"platform":"box","error":"ENOSPC"} a file could not be taken']);
    }
  });

  it('that comes while the store can be asked nothing is not acknowledged, so that it comes again', async () => {
    const s = scene({ awaitsPaper: () => Promise.reject(new StoreFault('disk')) });
    await expect(s.take(PICTURE)).rejects.toBeInstanceOf(StoreFault);
    expect(s.taken).toEqual([]);
  });

  it('that nobody waits for is not fetched', async () => {
    let fetched = 0;
    const s = scene({ awaitsPaper: async () => false, fetch: async () => new Uint8Array(++fetched) });
    await s.take(PICTURE);
    expect([fetched, s.taken[0]!.content]).toMatchObject([0, { kind: 'file', file: { id: '' } }]);
  });
});
