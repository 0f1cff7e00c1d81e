/** Takes a rehearsal's records away, so that it can begin anew. Never called for a real installation. */
import { rmSync } from 'node:fs';
import { storeFile } from './sqlite-file.ts';

export const eraseStore = async ({ dataDir, url }: { dataDir: string; url?: string | undefined }): Promise<void> => {
  if (url) {
    const { emptySchema } = await import('./pg-open.ts');
    await emptySchema(url);
    return;
  }
  for (const end of ['', '-wal', '-shm']) rmSync(`${storeFile(dataDir)}${end}`, { force: true });
};
