/** Files by content address under the data folder: the same bytes are kept once, and a name never reaches the file system. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from '../bot/ports.ts';

const ID = /^[0-9a-f]{64}$/;

export const openFiles = (folder: string): Files => ({
  async keep(name, bytes) {
    const id = createHash('sha256').update(bytes).digest('hex');
    const file = join(folder, id.slice(0, 2), id);
    await mkdir(join(folder, id.slice(0, 2)), { recursive: true, mode: 0o700 });
    // Written beside and moved into place, so that a crash leaves no half file under an address; by a name of its own, for the same may be kept twice at once.
    const part = `${file}.${randomUUID()}.part`;
    await writeFile(part, bytes, { mode: 0o600 });
    await rename(part, file);
    return { id, name, bytes: bytes.length };
  },
  async open(id) {
    if (!ID.test(id)) return undefined;
    try {
      return await readFile(join(folder, id.slice(0, 2), id));
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw e;
    }
  },
});
