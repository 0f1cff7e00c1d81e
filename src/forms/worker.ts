/** The worker's side: named tasks, each loading what it needs on first use. */
import { parentPort } from 'node:worker_threads';
import type { LeaveSlip, PeopleList } from '../core/card.ts';
import type { Chart } from '../core/chart.ts';

export const tasks = {
  readSheet: async ({ bytes, name }: { bytes: Uint8Array; name: string }) => (await import('./sheet.ts')).readSheet(bytes, name),
  drawBars: async (chart: Chart) => (await import('./chart.ts')).drawBars(chart),
  peopleList: async ({ list, opened }: { list: PeopleList; opened: string[][] }) =>
    (await import('./people-list.ts')).peopleList(list, opened),
  leaveSlip: async (slip: LeaveSlip) => (await import('./slip.ts')).leaveSlip(slip),
};
export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;

const answer = async ({ id, task, input }: { id: number; task: TaskName; input: never }): Promise<void> => {
  try {
    parentPort?.postMessage({ id, value: await tasks[task](input) });
  } catch (e) {
    parentPort?.postMessage({ id, error: e instanceof Error ? e.message : String(e) });
  }
};

parentPort?.on('message', asked => void answer(asked));
