/** Official forms: from what is asked for to rows of cells and the sheet around them. */
import { dayAt } from '../core/day.ts';
import { columnsOf, type FormAsk } from '../core/form.ts';
import { clinicTable } from './form-clinics.ts';
import { type Desk, type Gathered, type Gathering, settingsFor } from './form-desk.ts';
import { linesForm } from './form-lines.ts';
import { roster } from './form-roster.ts';
import { unitTable } from './form-units.ts';
import type { Read } from './ports.ts';

/** @throws Error where the programme has no such form */
export const gatherForm = async (read: Read, ask: FormAsk, given: Gathering): Promise<Gathered> => {
  const programme = given.programmes.find(p => p.id === ask.programme);
  const form = programme?.forms.find(f => f.id === ask.form);
  if (!programme || !form) throw new Error(`no form ${ask.form} in ${ask.programme}`);
  const settings = await settingsFor(read, ask.of);
  const desk: Desk = {
    read,
    ask,
    form,
    programme,
    columns: columnsOf(form, programme),
    orgs: new Map(),
    people: new Map(),
    postings: [],
    today: dayAt(given.now),
    numbers: settings.get('studio') === '数字',
    given,
  };
  const of = form.rows === 'lines' ? linesForm : form.rows === 'postings' ? roster : form.rows === 'units' ? unitTable : clinicTable;
  return of(desk);
};
