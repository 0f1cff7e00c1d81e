/** Where the package lies: the folder of package.json, the same from sources and from the build. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const find = (folder: string): string => {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json not found above the program');
  return find(parent);
};

export const packageRoot: string = find(import.meta.dirname);
