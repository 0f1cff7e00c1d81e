/** A new year's programme begins as a copy of the old one: rules as they were, dates a year on, the document's number left open. Units, roles and bindings belong to no programme and go on; visits and postings stay with the old one. */
import { readProgramme } from './load.ts';

/** The year of an id, `yongding-2024`. */
const yearOfId = (id: string): number => Number(/\d{4}$/.exec(id)?.[0]);

/** The text of the next year's file, and its id. The years of days and titles move on; the number is to be filled in by whoever has the new document. @throws ProgrammeProblem */
export const nextYear = (text: string, file: string): { id: string; text: string } => {
  const { programme } = readProgramme(text, file);
  const id = programme.id.replace(/\d{4}$/, `${yearOfId(programme.id) + 1}`);
  const moved = text
    .replace(/^id:.*$/m, `id: ${id}`)
    .replace(/^(\s+number:).*$/m, '$1 null # 新文件的文号；没有就留 null')
    .replace(/\d{4}(?=-\d\d-\d\d|年)/g, year => `${Number(year) + 1}`)
    // A leap day has none the year after.
    .replace(/(\d{4})-02-29/g, (day, year: string) => (Number(year) % 4 ? `${year}-02-28` : day));
  const made = `# 由 ${programme.id} 照抄而来：逐条与新文件核对，改好文号、日期、数字和条款，再重启程序。\n${moved}`;
  readProgramme(made, `${id}.yaml`);
  return { id, text: made };
};
