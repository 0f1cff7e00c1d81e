/** A new year's programme begins as a copy of the old one: rules as they were, dates a year on, the document's number left open. Units, roles and bindings belong to no programme and go on; visits and postings stay with the old one. */
import { monthOf } from '../core/day.ts';
import { readProgramme } from './load.ts';

/** The year of an id, `yongding-2024`. */
const yearOfId = (id: string): number => Number(/\d{4}$/.exec(id)?.[0]);

/** A late first report is the old document's own: the months before it would be asked of nobody. It is kept beside the rules, to be taken up again if the new one says so. */
const withoutFirst = (text: string): string =>
  text.replace(
    /^ {2}first:\n(?: {4}.*\n)+/m,
    lines => `  # 原方案从这个月起报；新文件也这样规定的，去掉下面各行的井号。\n${lines.replace(/^ {2}/gm, '  # ')}`,
  );

/** The text of the next year's file, and its id. The years of days and titles move on; the number is to be filled in by whoever has the new document. @throws ProgrammeProblem */
export const nextYear = (text: string, file: string): { id: string; text: string } => {
  const { programme } = readProgramme(text, file);
  const id = programme.id.replace(/\d{4}$/, `${yearOfId(programme.id) + 1}`);
  const moved = text
    .replace(/^id:.*$/m, `id: ${id}`)
    .replace(/^(\s+number:).*$/m, '$1 null # 新文件的文号；没有就留 null')
    .replace(/\d{4}(?=-\d\d(?:-\d\d)?(?![-\d])|年)/g, year => `${Number(year) + 1}`)
    // A leap day has none the year after.
    .replace(/(\d{4})-02-29/g, (day, year: string) => (Number(year) % 4 ? `${year}-02-28` : day));
  const whole = programme.report?.first && programme.report.first.month > monthOf(programme.term.from) ? withoutFirst(moved) : moved;
  const made = `# 由 ${programme.id} 照抄而来：逐条与新文件核对，改好文号、日期、数字和条款，再重启程序。\n${whole}`;
  readProgramme(made, `${id}.yaml`);
  return { id, text: made };
};
