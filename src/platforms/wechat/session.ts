/** Where a login of WeChat is kept between starts. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the file in the data folder. */
export const SESSION = 'wechat.memory-card.json';

/** Cookies of a login are as good as the account: nobody else may read them. The SDK keeps the mode of a file that is there. */
export const keepPrivate = (folder: string): string => {
  const file = join(folder, SESSION);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, '{}', { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
};
