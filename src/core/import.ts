/** What a roster changes: units found or made, people, their role as physicians, postings, and the version of the roster. */

import { addMonths, type Day, type Instant, type Month } from './day.ts';
import { notOver } from './giving.ts';
import { byKeys, type Found, type ImportKnown, type PhoneChange, phoneChangeOf, phoneOf, regionsOf, unitsOf } from './import-known.ts';
import { cannotBeOne, isMobile } from './names.ts';
import { shortNames } from './org-names.ts';
import { type Acceptance, type Change, newPerson, numbered, numbering, type Org, type Person, type Posting } from './records.ts';
import {
  diffRoster,
  type MismatchNotice,
  mismatches,
  type RosterDiff,
  type RosterRow,
  type RowProblem,
  type WantedPosting,
} from './roster.ts';
import type { Steps } from './steps.ts';

export interface RosterPlan {
  diff: RosterDiff;
  /** Units that are not known yet, by name. */
  newUnits: string[];
  problems: RowProblem[];
  notices: MismatchNotice[];
  wanted: WantedPosting[];
  phones: PhoneChange[];
  /** Published masks that hide another number than the one that is known: it may be somebody else of that name. */
  doubts: { row: RosterRow; known: string }[];
}

/** 上杭 is no row of 长汀县; an empty cell says nothing. */
const isElsewhere = (typed: string, district: string | null): boolean => {
  const bare = (name: string) => name.replace(/[区县市旗]$/, '');
  return typed !== '' && district !== null && !bare(typed).includes(bare(district)) && !bare(district).includes(bare(typed));
};

const noticeKey = (n: MismatchNotice): string => `specialty/${n.clinic}/${n.person}/${n.need}/${n.specialty}`;

/** Ids for what a plan makes; units come first, in the order they are met. */
const NEW = 'new:';

/** What a roster changes of what is known, and what is wrong with it. */
export function* planRoster(known: ImportKnown, rows: readonly RosterRow[], from: Month): Steps<RosterPlan> {
  const problems: RowProblem[] = [];
  const newUnits = new Set<string>();
  const wanted: WantedPosting[] = [];
  // A county's roster names its own clinics; hospitals may support several counties.
  const clinicOf = unitsOf({ orgs: known.orgs.filter(o => o.county === known.county.id) }, ['clinic']);
  const elsewhereOf = unitsOf({ orgs: known.orgs.filter(o => o.county !== known.county.id) }, ['clinic']);
  const hospitalOf = unitsOf(known, ['hospital', 'general']);
  const named = byKeys(known.people, p => [p.name]);
  /** A person of this name at this hospital; of several, none is guessed. */
  const personOf = (name: string, hospital: string | null): Person | 'several' | undefined => {
    const all = (named.get(name) ?? []).filter(p => hospital === null || p.hospital === hospital || p.hospital === null);
    return all.length > 1 ? 'several' : all[0];
  };
  const unit = (row: RosterRow, name: string, column: string, find: (name: string) => Found): string => {
    const found = find(name);
    if (found && 'many' in found) {
      problems.push({
        row: row.no,
        column,
        reason: `“${name}”有${found.many.length}家，请写全名：${found.many.map(o => o.name).join('、')}`,
      });
      return '';
    }
    if (found) return found.org.id;
    newUnits.add(name);
    return `${NEW}${name}`;
  };
  const seen = new Set<string>();
  for (const row of rows) {
    yield;
    const foreign = clinicOf(row.clinic) ? undefined : elsewhereOf(row.clinic);
    if (foreign && 'org' in foreign) {
      const of = foreign.org.district ?? '别县';
      problems.push({ row: row.no, column: '基层医疗卫生机构名称', reason: `${row.clinic}是${of}的，由${of}导入；同名的请写全名` });
    } else if (isElsewhere(row.county, known.county.district))
      problems.push({ row: row.no, column: '区县', reason: `这一行是${row.county}的，您导入的是${known.county.district}` });
    const clinic = unit(row, row.clinic, '基层医疗卫生机构名称', clinicOf);
    const hospital = unit(row, row.hospital, '上级医疗机构名称', hospitalOf);
    const person = personOf(row.person, hospital.startsWith(NEW) ? null : hospital);
    if (person === 'several')
      problems.push({ row: row.no, column: '下基层人员姓名', reason: `${row.hospital}有两位“${row.person}”，请先由管理员核对` });
    const key = `${row.person} ${row.hospital} ${row.clinic}`;
    if (seen.has(key)) problems.push({ row: row.no, column: '下基层人员姓名', reason: `“${row.person}”在${row.clinic}写了两行` });
    seen.add(key);
    wanted.push({ row, clinic, hospital, person: person === 'several' || person === undefined ? null : person.id });
  }
  const diff = yield* diffRoster(known.postings, wanted, from);
  yield;
  const persons = new Map(known.people.map(p => [p.id, p]));
  const grants = byKeys(known.grants, g => [g.person]);
  const phones: PhoneChange[] = [];
  const met = new Set<string | null>([null]);
  // A posting that stays as it is changes nobody; of somebody's several rows the first says the phone.
  for (const w of [...diff.added, ...diff.changed.map(c => c.to)]) {
    yield;
    if (met.has(w.person)) continue;
    met.add(w.person);
    const phone = phoneChangeOf(known, persons.get(w.person!)!, grants.get(w.person!) ?? [], w.row, '联系方式');
    if (phone && 'row' in phone) problems.push(phone);
    else if (phone) phones.push(phone);
  }
  const notices = mismatches(rows).filter(n => !known.acceptances.has(noticeKey(n)));
  const doubts = wanted.flatMap(w => {
    const person = persons.get(w.person ?? '');
    return person?.phoneFull && person.phoneMask && !isMobile(w.row.phone) && cannotBeOne(w.row.phone, person.phoneMask)
      ? [{ row: w.row, known: person.phoneMask }]
      : [];
  });
  return { diff, newUnits: [...newUnits], problems, notices, wanted, phones, doubts };
}

interface Act {
  turn: number;
  now: Instant;
  today: Day;
  by: string;
  from: Month;
  /** Postings that the new roster does not list: ended before `from`, or kept. */
  gone: 'end' | 'keep';
}

/** Everything that a confirmed roster changes, in one turn. */
export function* rosterChanges(known: ImportKnown, plan: RosterPlan, act: Act): Steps<Change[]> {
  const changes: Change[] = [];
  const next = numbering(act.turn);
  const made = new Map<string, Org>();
  const general = known.orgs.find(o => o.kind === 'general' && o.county === known.county.id);
  for (const w of plan.wanted) {
    yield;
    for (const [id, name, kind] of [
      [w.clinic, w.row.clinic, 'clinic'],
      [w.hospital, w.row.hospital, 'hospital'],
    ] as const) {
      if (!id.startsWith(NEW) || made.has(name)) continue;
      const city = kind === 'hospital' && w.row.affiliation !== 'county';
      made.set(name, {
        id: next('orgs'),
        kind,
        level:
          kind === 'clinic' ? 'township' : w.row.affiliation === 'province' ? 'province' : w.row.affiliation === 'city' ? 'city' : 'county',
        name,
        names: shortNames(name, regionsOf(known)),
        city: known.county.city,
        district: city ? null : known.county.district,
        parent: kind === 'clinic' ? known.county.id : city ? known.county.parent : (general?.id ?? known.county.id),
        county: city ? null : known.county.id,
        type: kind === 'clinic' ? w.row.clinicType : w.row.affiliation,
        phone: kind === 'clinic' ? w.row.clinicPhone || null : null,
        phoneMask: kind === 'clinic' ? w.row.clinicPhone || null : null,
        need: kind === 'clinic' ? w.row.need || null : null,
        order: kind === 'clinic' ? w.row.no : null,
        place: null,
      });
    }
  }
  for (const o of made.values()) changes.push({ table: 'orgs', id: o.id, to: o });
  const idOf = (id: string): string => (id.startsWith(NEW) ? made.get(id.slice(NEW.length))!.id : id);
  // What a roster's first row says of a known clinic is taken over: need, place in the annex, phone.
  const orgs = new Map(known.orgs.map(o => [o.id, o]));
  const retold = new Set<string>();
  for (const w of plan.wanted) {
    const o = orgs.get(w.clinic);
    if (!o || retold.has(o.id)) continue;
    retold.add(o.id);
    if (o.need === (w.row.need || null) && o.order === w.row.no && o.phoneMask === (w.row.clinicPhone || o.phoneMask)) continue;
    const phone = w.row.clinicPhone && w.row.clinicPhone !== o.phoneMask ? { phone: w.row.clinicPhone, phoneMask: w.row.clinicPhone } : {};
    changes.push({ table: 'orgs', id: o.id, to: { ...o, ...phone, need: w.row.need || o.need, order: w.row.no } });
  }

  yield;
  const persons = new Map(known.people.map(p => [p.id, p]));
  const grants = byKeys(known.grants, g => [g.person]);
  const people = new Map<string, string>();
  const personId = (w: WantedPosting): string => {
    const key = w.person ?? `${w.row.person} ${w.row.hospital}`;
    const there = people.get(key);
    if (there) return there;
    const hospital = idOf(w.hospital);
    const old = w.person === null ? undefined : persons.get(w.person);
    const id = old?.id ?? next('people');
    people.set(key, id);
    const to: Person = {
      ...newPerson(id, w.row.person),
      ...old,
      title: w.row.title,
      specialty: w.row.specialty,
      hospital,
      ...phoneOf(old, w.row.phone),
    };
    if (!old || JSON.stringify(old) !== JSON.stringify(to)) changes.push({ table: 'people', id, to });
    if (!grants.get(id)?.some(g => g.role === 'physician' && g.org === hospital && notOver(g, act.today))) {
      const grant = next('grants');
      changes.push({
        table: 'grants',
        id: grant,
        to: {
          id: grant,
          person: id,
          role: 'physician',
          org: hospital,
          office: null,
          county: known.county.id,
          deputy: false,
          from: act.today,
          until: null,
        },
      });
    }
    return id;
  };
  const roster = numbered(act.turn);
  const posting = (w: WantedPosting): Posting => ({
    id: next('postings'),
    programme: known.programme,
    county: known.county.id,
    person: personId(w),
    clinic: idOf(w.clinic),
    hospital: idOf(w.hospital),
    title: w.row.title || null,
    specialty: w.row.specialty || null,
    need: w.row.need || null,
    from: act.from,
    until: null,
    arranged: known.arranged.has(w.row.clinic),
    roster,
  });
  const end = (p: Posting) => {
    const before = addMonths(act.from, -1);
    changes.push(
      p.from > before
        ? { table: 'postings', id: p.id, to: null }
        : { table: 'postings', id: p.id, to: { ...p, until: before }, was: { until: p.until } },
    );
  };
  for (const w of plan.diff.added) {
    yield;
    const to = posting(w);
    changes.push({ table: 'postings', id: to.id, to });
  }
  for (const c of plan.diff.changed) {
    yield;
    end(c.posting);
    const to = posting(c.to);
    changes.push({ table: 'postings', id: to.id, to });
  }
  if (act.gone === 'end') for (const p of plan.diff.gone) end(p);
  const accepted = new Set<string>();
  for (const n of plan.notices) {
    const id = noticeKey(n);
    if (accepted.has(id)) continue;
    accepted.add(id);
    changes.push({ table: 'acceptances', id, to: { id, by: act.by, at: act.now } satisfies Acceptance });
  }
  const says = `新增${plan.diff.added.length}，变动${plan.diff.changed.length}，不变${plan.diff.same.length}，${act.gone === 'end' ? '结束' : '保留'}未列${plan.diff.gone.length}`;
  changes.push({
    table: 'rosters',
    id: roster,
    to: {
      id: roster,
      programme: known.programme,
      county: known.county.id,
      from: act.from,
      at: act.now,
      by: act.by,
      rows: plan.wanted.length,
      says,
    },
  });
  return changes;
}
