/** The paper of an official form, for whatever card carries it: an export, a filed report, a draft. */

import type { FormData, Programme } from '../programmes/schema.ts';
import type { Paper } from './card.ts';
import type { Span } from './day.ts';
import type { FormAsk, Units } from './form.ts';

/** `unit`: as it is called in the file's name. */
export const formPaper = (asked: {
  programme: Pick<Programme, 'id'>;
  form: FormData;
  period: Span & { label: string };
  of: Units;
  unit: string;
  reporter: string;
  filed?: FormAsk['filed'];
  phones?: boolean;
  names?: boolean;
  slow?: boolean;
}): Extract<Paper, { kind: 'form' }> => {
  const { programme, form, period, of, unit, reporter, filed = null, phones = false, names = false, slow = false } = asked;
  const what = names && !filed ? `${form.id}和受益名单` : form.id;
  return {
    kind: 'form',
    name: `${what} ${unit} ${period.label}${filed ? ' 报送稿' : ''}${phones ? ' 含电话' : ''}.xlsx`,
    ask: {
      form: form.id,
      programme: programme.id,
      span: { from: period.from, to: period.to },
      label: period.label,
      of,
      filed,
      phones,
      names,
      reporter,
    },
    slow,
  };
};
