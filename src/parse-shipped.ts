/** The last step of `npm run build`: the programme files that ship are parsed once and for all, by the digest of their texts. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digest, PARSED, parseYaml } from './programmes/yaml.ts';
import { packageRoot } from './root.ts';

const folder = join(packageRoot, 'src/programmes');
const texts = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => readFileSync(join(folder, name), 'utf8'));
writeFileSync(PARSED, JSON.stringify(Object.fromEntries(texts.map(t => [digest(t), JSON.stringify(parseYaml(t))]))));
