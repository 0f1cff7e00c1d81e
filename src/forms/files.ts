/** Files by content address under the data folder: the same bytes are kept once, sealed, and a name never reaches the file system. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files, Vault } from '../bot/ports.ts';
import type { Instant } from '../core/day.ts';

const ID = /^[0-9a-f]{64}$/;
/** Days that a list of people can be fetched again. */
export const BRIEF_DAYS = 7;

export interface KeptFiles extends Files {
  /** Removes brief files whose days are over. */
  clear(now: Instant): Promise<void>;
}

const gone = (e: unknown): undefined => {
  if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw e;
};

/** `vault`: with whose keys they are sealed, asked for each time, since a rehearsal that begins anew has new ones. */
export const openFiles = (folder: string, vault: () => Vault): KeptFiles => {
  const briefly = join(folder, 'brief');
  return {
    async keep(name, bytes, brief) {
      const id = createHash('sha256').update(bytes).digest('hex');
      const place = brief ? briefly : join(folder, id.slice(0, 2));
      await mkdir(place, { recursive: true, mode: 0o700 });
      // Written beside and moved into place, so that a crash leaves no half file under an address; by a name of its own, for the same may be kept twice at once.
      const part = join(place, `${id}.${randomUUID()}.part`);
      await writeFile(part, vault().seal(bytes, id), { mode: 0o600 });
      await rename(part, join(place, id));
      return { id, name, bytes: bytes.length };
    },
    async open(id) {
      if (!ID.test(id)) return undefined;
      const sealed = (await readFile(join(folder, id.slice(0, 2), id)).catch(gone)) ?? (await readFile(join(briefly, id)).catch(gone));
      return sealed && vault().open(sealed, id);
    },
    async clear(now) {
      for (const name of (await readdir(briefly).catch(gone)) ?? []) {
        const file = join(briefly, name);
        const kept = await stat(file).catch(gone);
        if (kept && kept.mtimeMs < now - BRIEF_DAYS * 86_400_000) await rm(file, { force: true });
      }
    },
  };
};
