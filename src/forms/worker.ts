/** The worker's side: named tasks, each loading what it needs on first use. */
import { parentPort } from 'node:worker_threads';
import type { LeaveSlip, OfficialDocument, PeopleList } from '../core/card.ts';
import type { Chart } from '../core/chart.ts';
import type { Cell, FormSheet } from '../core/form.ts';

/** Rows of forms that come in pages, until their sheet comes. */
const pages = new Map<number, Cell[][]>();

export const tasks = {
  readSheet: async ({ bytes, name }: { bytes: Uint8Array; name: string }) => (await import('./sheet.ts')).readSheet(bytes, name),
  drawBars: async (chart: Chart) => (await import('./chart.ts')).drawBars(chart),
  peopleList: async ({ list, opened }: { list: PeopleList; opened: string[][] }) =>
    (await import('./people-list.ts')).peopleList(list, opened),
  leaveSlip: async (slip: LeaveSlip) => (await import('./slip.ts')).leaveSlip(slip),
  formRows: async ({ form, rows }: { form: number; rows: Cell[][] }) => {
    const own = pages.get(form) ?? [];
    own.push(...rows);
    pages.set(form, own);
  },
  writeForm: async ({ form, sheet, template }: { form: number; sheet: FormSheet; template: Uint8Array | undefined }) => {
    const rows = pages.get(form) ?? [];
    pages.delete(form);
    return template && sheet.template
      ? (await import('./template.ts')).fillTemplate(template, sheet, rows)
      : (await import('./form.ts')).writeForm(sheet, rows);
  },
  officialDocument: async (document: OfficialDocument) => (await import('./document.ts')).officialDocument(document),
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
