/** `npm run journal:verify`: walks the journal's chain, also while the program runs. */
import { existsSync } from 'node:fs';
import { databaseUrl, dataDir, entry } from './cli.ts';
import { OpenProblem } from './connection.ts';
import { verifyJournal } from './journal.ts';
import { examine, storeFile } from './sqlite-file.ts';

await entry(async () => {
  let result: { rows: number; brokenAt: number | null };
  if (databaseUrl) {
    const { openPg } = await import('./pg.ts');
    const engine = await openPg(databaseUrl);
    try {
      result = await verifyJournal(engine.reader);
    } finally {
      await engine.close();
    }
  } else {
    if (!existsSync(storeFile(dataDir))) throw new OpenProblem(`${dataDir} 里还没有数据库`);
    examine(storeFile(dataDir));
    const { readOnly } = await import('./sqlite.ts');
    const { connection, close } = readOnly(storeFile(dataDir));
    result = await verifyJournal(connection).finally(close);
  }
  if (result.brokenAt !== null) throw new OpenProblem(`日志从第 ${result.brokenAt} 条起对不上，前 ${result.rows} 条完好`);
  return `日志完好，共 ${result.rows} 条`;
});
