/** A month as /排班 shows it: its visits, what was moved, and the gaps of those who may see them all. */

import type { Asked } from '../../src/bot/command.ts';
import type { Card } from '../../src/core/card.ts';
import { daysIn, monthOf, sayDay, sayDays, sayMonth, within } from '../../src/core/day.ts';
import { placeOf, shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { type CoverageGap, coverageGaps, isPublished, sayVisitDay } from '../../src/core/schedule.ts';
import { VISIT_TYPE_NAMES } from '../../src/core/visit.ts';
import { type Args, type Facts } from './asked.ts';

/** What a schedule's list in chat shows at most; the rest is in the table. */
const MOST_LINES = 5;

/** The month as it stands, with the gaps of those who may see them all. */
export const monthCard = (asked: Asked<Args>, f: Facts): Card => {
  const on = f.visits.filter(v => v.state === 'on' && monthOf(v.day) === f.month);
  const rows = on.map(v => [
    sayVisitDay(v, asked.today),
    f.people.get(v.person)?.name ?? '',
    shownOrg(f.orgs.get(v.clinic)),
    `${VISIT_TYPE_NAMES[v.type]}${v.planned ? '' : '（临时）'}${v.presence === 'present' ? ' ✓' : ''}`,
  ]);
  const of =
    f.person?.name ??
    (f.scope?.clinic
      ? shownOrg(f.orgs.get(f.scope.clinic))
      : f.scope?.person
        ? (asked.actor.person?.name ?? '')
        : f.scope?.hospital
          ? shownOrg(f.orgs.get(f.scope.hospital))
          : placeOf(f.orgs.get(asked.args.clinic ?? '')));
  const covered = (v: Visit) => v.state === 'leave' && f.away.some(l => l.person === v.person && within(v.day, l));
  const moved = f.visits.filter(v => (v.state === 'moved' || v.state === 'leave') && monthOf(v.day) === f.month && !covered(v));
  const lines = [
    on.length ? `${on.length}班，已核实${on.filter(v => v.presence === 'present').length}班` : '这个月还没有排班',
    ...movedLines(moved, asked, f),
    ...(on.length && !on.every(v => isPublished(v, f.publications)) ? ['还没公布，可以随时改'] : []),
    ...gapLines(asked, f),
  ];
  return {
    code: 'schedule.shown',
    title: `${of ? `${of} ` : ''}${sayMonth(f.month)}排班`,
    tone: 'info',
    lines: [...lines, ...(rows.length <= MOST_LINES ? rows.map(r => r.filter(Boolean).join(' ')) : [])],
    ...(rows.length > MOST_LINES ? { table: { columns: ['日期', '医师', '单位', '内容'], rows } } : {}),
  };
};

/** Leave and moves, where they are looked for: who was to come, and when they come instead. */
const movedLines = (moved: readonly Visit[], { today }: Asked<Args>, f: Facts): string[] => {
  const lines = moved.map(v => {
    const to = f.movedTo.get(v.moved ?? '');
    const word = f.onLeave.has(v.id) ? '请假' : '改期';
    return `${f.people.get(v.person)?.name} ${sayDay(v.day, today)} ${word}${to && to.person === v.person ? `，改到${sayDay(to.day, today)}` : to ? `，由${f.people.get(to.person)?.name ?? '他人'}替` : ''}`;
  });
  const away = f.away.map(l => `${f.people.get(l.person)?.name} ${sayDays(daysIn(l), today)} 请假`);
  const all = [...new Set([...away, ...lines])];
  return all.length > 3 ? [...all.slice(0, 3), `等${all.length}处改动`] : all;
};

const gapLines = ({ programme }: Asked<Args>, f: Facts): string[] => {
  if (!f.scope || f.person || f.scope.person) return [];
  const clinics = f.scope.clinic
    ? [f.scope.clinic]
    : f.scope.county
      ? [...f.orgs.values()].filter(o => o.kind === 'clinic' && o.county === f.scope?.county).map(o => o.id)
      : [...new Set(f.postings.map(p => p.clinic))];
  const gaps = coverageGaps({
    clinics,
    postings: f.postings,
    visits: f.visits.filter(v => monthOf(v.day) === f.month),
    duty: programme?.duty?.['half-days'] ?? null,
    home: programme?.['home-visit']?.['half-days'] ?? null,
  });
  const names = (kind: CoverageGap['kind']) =>
    gaps.filter(g => g.kind === kind).map(g => (g.person ? f.people.get(g.person)?.name : shownOrg(f.orgs.get(g.clinic))) ?? '');
  const line = (label: string, who: string[]) =>
    who.length ? [`${label}：${who.slice(0, 4).join('、')}${who.length > 4 ? `等${who.length}` : ''}`] : [];
  return [
    ...line('没有人来', names('no-visit')),
    ...line('不足每月应到', names('below-duty')),
    ...line('缺半天上门送医', names('no-home-visit')),
  ];
};
