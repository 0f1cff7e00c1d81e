/** The roster as a form (附件2). */

import { monthOf, sayInstant } from '../core/day.ts';
import { EMPTY_ROW, type RowFacts } from '../core/form.ts';
import { annexOrder } from '../core/org-names.ts';
import { postedIn } from '../core/posting.ts';
import { type Desk, type Gathered, loadOrgs, loadPeople, loadPostings, PAGE, print, sheetOf } from './form-desk.ts';

export const roster = async (desk: Desk): Promise<Gathered> => {
  const { read, ask, programme, given } = desk;
  await loadPostings(desk);
  const month = monthOf(ask.span.to);
  const on = desk.postings.filter(p => postedIn(p, month));
  await loadOrgs(
    desk,
    on.flatMap(p => [p.clinic, p.hospital]),
  );
  await loadPeople(
    desk,
    on.map(p => p.person),
  );
  on.sort((a, b) => annexOrder(desk.orgs.get(a.clinic), desk.orgs.get(b.clinic)));
  const rows: RowFacts[] = [];
  for (const p of on) {
    const person = desk.people.get(p.person);
    const clinic = desk.orgs.get(p.clinic) ?? null;
    rows.push({
      ...EMPTY_ROW,
      number: rows.length + 1,
      clinic,
      hospital: desk.orgs.get(p.hospital) ?? null,
      person: person
        ? {
            name: person.name,
            title: p.title ?? person.title,
            specialty: p.specialty ?? person.specialty,
            phone: ask.phones && person.phoneFull ? await read.unseal('people', person.id, 'phone') : person.phoneMask,
          }
        : null,
      need: p.need ?? clinic?.need ?? null,
    });
    if (rows.length % PAGE === 0) await given.pause();
  }
  const { cells } = await print(desk, rows);
  const apart = programme.roster?.need ? rows.filter(r => r.need && r.person?.specialty && r.need !== r.person.specialty) : [];
  const sheet = await sheetOf(desk, {
    until: given.now,
    more: apart.length
      ? [
          {
            name: '专业与需求不同',
            title: '专业与需求不同的，请核对（不影响报送）',
            columns: ['序号', '受援单位', '需求专业', '下基层人员', '专业'],
            rows: apart.map(r => [r.number, r.clinic?.name ?? '', r.need, r.person?.name ?? '', r.person?.specialty ?? '']),
          },
        ]
      : [],
  });
  return {
    sheet,
    rows: cells,
    says: [
      `${cells.length} 人${ask.phones ? '，含完整电话，请勿转发' : ''}`,
      ...(apart.length ? [`专业与需求不同 ${apart.length} 人，见第二张表`] : []),
      `截至 ${sayInstant(given.now, desk.today)}`,
    ],
  };
};
