/** Heavy office work off the main thread: reading tables, drawing pictures. Started on first use; a crash or a time-out is an answer, never a stop. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LeaveSlip, OfficialDocument, PeopleList } from '../core/card.ts';
import type { Chart } from '../core/chart.ts';
import type { Cell, FormSheet } from '../core/form.ts';
import { packageRoot } from '../root.ts';
import type { SheetRead } from './sheet.ts';
import type { TaskName, Tasks } from './worker.ts';

/** Longest that one task may take, in milliseconds. */
const PATIENCE = 60_000;
/** A file made to blow up ends the worker, not the process. */
const MEMORY_MB = 700;
/** What is made passes quickly: short-lived objects are swept more often, and the process stays smaller. */
const YOUNG_MB = 8;

/** Rows of a form in one message. */
const PAGE = 400;

interface Job {
  resolve(value: unknown): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

let worker: Worker | undefined;
let last = 0;
const jobs = new Map<number, Job>();

const end = (error: Error) => {
  const gone = worker;
  worker = undefined;
  for (const job of jobs.values()) {
    clearTimeout(job.timer);
    job.reject(error);
  }
  jobs.clear();
  void gone?.terminate();
};

const started = (): Worker => {
  if (worker) return worker;
  // From sources the worker needs the loader of its parent; the build is plain JavaScript.
  const source = import.meta.url.endsWith('.ts');
  const w = new Worker(source ? new URL('./worker-source.mjs', import.meta.url) : join(packageRoot, 'dist/src/forms/worker.js'), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  w.unref();
  w.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const job = jobs.get(id);
    if (!job) return;
    jobs.delete(id);
    clearTimeout(job.timer);
    if (error === undefined) job.resolve(value);
    else job.reject(new Error(error));
  });
  w.on('error', e => worker === w && end(e instanceof Error ? e : new Error(String(e))));
  w.on('exit', () => worker === w && end(new Error('worker ended')));
  worker = w;
  return w;
};

const run = <T extends TaskName>(task: T, input: Parameters<Tasks[T]>[0]): Promise<Awaited<ReturnType<Tasks[T]>>> =>
  new Promise((resolve, reject) => {
    const id = ++last;
    const timer = setTimeout(() => end(new Error('time out')), PATIENCE);
    jobs.set(id, { resolve: resolve as Job['resolve'], reject, timer });
    started().postMessage({ id, task, input });
  });

export const office = {
  /** Rows of a table file, or why not, in words. Never throws. */
  async readSheet(bytes: Uint8Array, name: string): Promise<SheetRead> {
    try {
      return await run('readSheet', { bytes, name });
    } catch (e) {
      const memory = e instanceof Error && 'code' in e && e.code === 'ERR_WORKER_OUT_OF_MEMORY';
      return memory
        ? { ok: false, code: 'bomb', message: '这个文件展开后太大，没有读' }
        : { ok: false, code: 'broken', message: '这个文件读不了，请另存为 xlsx 再发' };
    }
  },
  /** PNG of a bar chart. @throws Error when it cannot be drawn */
  drawBars: (chart: Chart): Promise<Uint8Array> => run('drawBars', chart),
  /** The written leave as docx. @throws Error when it cannot be made */
  leaveSlip: (slip: LeaveSlip): Promise<Uint8Array> => run('leaveSlip', slip),
  /** A list of people as xlsx; `opened` has name, number and wish of each row. @throws Error when it cannot be made */
  peopleList: (list: PeopleList, opened: string[][]): Promise<Uint8Array> => run('peopleList', { list, opened }),
  /** An official form as xlsx. Its rows go to the worker in pages, so that nobody waits for a large one. @throws Error when it cannot be made */
  async writeForm(sheet: FormSheet, rows: Cell[][], template?: Uint8Array): Promise<Uint8Array> {
    const form = ++last;
    for (let from = 0; from < rows.length; from += PAGE) await run('formRows', { form, rows: rows.slice(from, from + PAGE) });
    return run('writeForm', { form, sheet, template });
  },
  /** A draft in official layout as docx. @throws Error when it cannot be made */
  officialDocument: (document: OfficialDocument): Promise<Uint8Array> => run('officialDocument', document),
  /** Ends the worker, at a stop. */
  async close(): Promise<void> {
    const w = worker;
    worker = undefined;
    await w?.terminate();
  },
};
