/** The paper of an official form, for whatever card carries it: an export, a filed report, a draft. */

import type { FormData, Programme } from '../programmes/schema.ts';
import type { Paper } from './card.ts';
import { monthSpan, type Span } from './day.ts';
import type { FormAsk, Units } from './form.ts';
import { placeOf } from './org-names.ts';
import type { Filing, Org } from './records.ts';

/** `unit`: as it is called in the file's name. */
export const formPaper = (asked: {
  programme: Pick<Programme, 'id'>;
  form: FormData;
  period: Span & { label: string };
  of: Units;
  unit: string;
  reporter: string;
  filed?: FormAsk['filed'];
  closing?: boolean;
  phones?: boolean;
  names?: boolean;
  slow?: boolean;
  /** The card says of it what there is to say. */
  quiet?: boolean;
}): Extract<Paper, { kind: 'form' }> => {
  const {
    programme,
    form,
    period,
    of,
    unit,
    reporter,
    filed = null,
    closing = false,
    phones = false,
    names = false,
    slow = false,
    quiet = false,
  } = asked;
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
      ...(closing ? { closing } : {}),
      phones,
      names,
      reporter,
    },
    slow,
    ...(quiet ? { quiet } : {}),
  };
};

/** The form with a unit's lines as they were filed, or with the reason why there are none; undefined where the programme has none. `counties`: those of an upper bureau. */
export const filingPaper = (
  filing: Filing,
  {
    programme,
    org,
    label,
    reporter,
    counties = [],
  }: { programme: Pick<Programme, 'id' | 'forms'>; org: Org; label: string; reporter: string; counties?: readonly string[] },
): Extract<Paper, { kind: 'form' }> | undefined => {
  const form = programme.forms.find(f => f.rows === 'lines') ?? programme.forms.find(f => f.rows === 'units');
  const of: Units =
    org.kind === 'clinic'
      ? { clinic: org.id }
      : org.kind === 'hospital'
        ? { county: filing.county, hospital: org.id }
        : org.level === 'county'
          ? { county: org.id }
          : { counties, bureau: org.id };
  if (!form) return undefined;
  return formPaper({
    programme,
    form,
    period: { ...monthSpan(filing.month), label },
    of,
    unit: placeOf(org),
    reporter,
    filed: { filing: filing.id },
    quiet: true,
  });
};
