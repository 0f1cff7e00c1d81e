/**
 * Official forms: a county-year (24 clinics, 24 physicians, 3,000 visits) and a province-year (1,104 clinics, 1,500 physicians,
 * 12,000 visits with 60,000 figures), each asked of a process of its own (`export-one.ts`).
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../db/open.ts';
import { storeFile } from '../../db/sqlite-file.ts';
import { addDays, type Day, type Month } from '../../src/core/day.ts';
import type { Change, Org, Person, Posting } from '../../src/core/records.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

export interface ExportRow {
  name: string;
  ms: number;
  kB: number;
  answers: number;
  p99: number;
  mb: number;
}

/** When forms are asked for. */
export const NOW = Date.parse('2024-12-31T10:00:00+08:00');
const FIRST = '2024-01-02' as Day;
export const PLATFORM = { platform: 'bench', app: 'bench' };

const org = (
  id: string,
  kind: Org['kind'],
  level: Org['level'],
  name: string,
  county: string | null,
  parent: string | null,
  order: number | null,
): Org => ({
  id,
  kind,
  level,
  name,
  names: [name],
  city: '某市',
  district: county === null ? null : `第${county}县`,
  parent,
  county,
  type: kind === 'clinic' ? 'township' : kind === 'hospital' ? 'county' : null,
  phone: null,
  phoneMask: kind === 'clinic' ? '5510001' : null,
  need: kind === 'clinic' ? '内科' : null,
  order,
  place: null,
});
const person = (id: string, name: string): Person => ({
  id,
  name,
  phone: null,
  phoneMask: '139****0001',
  phoneIndex: null,
  phoneFull: false,
  title: '主治医师',
  specialty: '内科',
  hospital: null,
});

/** Units, people and postings by the door; visits and figures straight into the tables. */
const fill = async (
  folder: string,
  size: { counties: number; clinics: number; physicians: number; visits: number },
  programme: string,
  bureau: string,
) => {
  const store = await openStore({ dataDir: folder });
  const changes: Change[] = [{ table: 'orgs', id: 'top', to: org('top', 'bureau', 'province', '全省卫健委', null, null, null) }];
  const add = (o: Org) => changes.push({ table: 'orgs', id: o.id, to: o });
  for (let c = 0; c < size.counties; c++) {
    add({ ...org(`county-${c}`, 'bureau', 'county', c === 0 ? bureau : `第${c}县卫生健康局`, `county-${c}`, 'top', null) });
    add(org(`hospital-${c}`, 'hospital', 'county', `第${c}县医院`, `county-${c}`, `county-${c}`, null));
    for (let k = 0; k < size.clinics; k++)
      add(org(`clinic-${c}-${k}`, 'clinic', 'township', `第${c}县第${k}卫生院`, `county-${c}`, `county-${c}`, k + 1));
  }
  const total = size.counties * size.clinics;
  for (let p = 0; p < size.physicians; p++) {
    changes.push({ table: 'people', id: `p${p}`, to: person(`p${p}`, `医师${p}`) });
    const at = p % total;
    const county = at % size.counties;
    const posting: Posting = {
      id: `o${p}`,
      programme,
      county: `county-${county}`,
      person: `p${p}`,
      clinic: `clinic-${county}-${Math.floor(at / size.counties)}`,
      hospital: `hospital-${county}`,
      title: '主治医师',
      specialty: '内科',
      need: '内科',
      from: '2024-01' as Month,
      until: null,
      arranged: false,
      roster: null,
    };
    changes.push({ table: 'postings', id: posting.id, to: posting });
  }
  const role = (id: string, role: 'bureau' | 'chief', at: string, county: string | null) => {
    changes.push({ table: 'people', id, to: person(id, id) });
    changes.push({
      table: 'grants',
      id,
      to: { id, person: id, role, org: at, office: null, county, deputy: false, from: '2024-01-01' as Day, until: null },
    });
    changes.push({ table: 'accounts', id, to: { id, ...PLATFORM, account: id, person: id, state: 'bound', at: NOW } });
  };
  role('county', 'bureau', 'county-0', 'county-0');
  role('top-chief', 'chief', 'top', null);
  await store.turn({ ...PLATFORM, eventId: 'fill', conversation: '', account: '', sentAt: NOW, receivedAt: NOW }, async tx => {
    await tx.apply(changes, { actor: null, command: 'bench', sentAt: NOW, now: NOW });
    return 'filled';
  });
  const postings = await store.read.all('postings', {});
  await store.close();
  const db = new Database(storeFile(folder));
  db.pragma('synchronous = OFF');
  const visit = db.prepare(
    `insert into visits (id, programme, county, person, clinic, hospital, posting, day, am, pm, type, planned, state, presence, late, tally, tallyHalf)
     values (?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 'outpatient', 1, 'on', 'present', 0, 'verified', 0)`,
  );
  const work = db.prepare(
    `insert into workloads (id, programme, county, person, clinic, hospital, day, figures, words, "by", at, "as", late, confirmed)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'self', 0, 0)`,
  );
  db.exec('begin');
  const each = Math.ceil(size.visits / postings.length);
  let n = 0;
  for (let i = 0; i < each && n < size.visits; i++)
    for (const [p, x] of postings.entries()) {
      if (n >= size.visits) break;
      n++;
      const day = addDays(FIRST, Math.floor((i * 360) / each) + (p % Math.max(1, Math.floor(360 / each))));
      visit.run(`v${n}`, programme, x.county, x.person, x.clinic, x.hospital, x.id, day);
      const figures = JSON.stringify({ consultations: 20 + (n % 30), rounds: n % 5, lectures: n % 2, trainees: n % 11, special: n % 7 });
      work.run(
        `w${n}`,
        programme,
        x.county,
        x.person,
        x.clinic,
        x.hospital,
        day,
        figures,
        JSON.stringify({ other: '协助转诊到上级医院' }),
        x.person,
      );
    }
  db.exec('commit');
  db.close();
};

/** Each is asked of a process of its own: what a bench before it left in memory is not the product's. */
const measure = (name: string, folder: string, who: string, line: string): Promise<ExportRow> =>
  new Promise((resolve, reject) => {
    const child = fork(new URL('./export-one.js', import.meta.url), [folder, who, line]);
    child.once('message', row => resolve({ name, ...(row as Omit<ExportRow, 'name'>) }));
    child.once('exit', code => reject(new Error(`${name} ended with ${code}`)));
  });

/** Each form of both sizes. */
export const exports = async (): Promise<ExportRow[]> => {
  const ours = loadProgrammes([join(packageRoot, 'src/programmes')])
    .map(p => p.programme)
    .find(p => p.forms.some(f => f.rows === 'lines'))!;
  const rows: ExportRow[] = [];
  const county = mkdtempSync(join(tmpdir(), 'bench-county-'));
  const province = mkdtempSync(join(tmpdir(), 'bench-province-'));
  try {
    await fill(county, { counties: 1, clinics: 24, physicians: 24, visits: 3000 }, ours.id, ours.bureau);
    for (const form of ['附件1', '附件2', '附件3'])
      rows.push(await measure(`a county-year, ${form}`, county, 'county', `/导出 ${form} 2024年`));
    await fill(province, { counties: 46, clinics: 24, physicians: 1500, visits: 12_000 }, ours.id, ours.bureau);
    for (const form of ['附件1', '附件2', '附件3'])
      rows.push(await measure(`a province-year, ${form}`, province, 'top-chief', `/导出 ${form} 2024年`));
  } finally {
    rmSync(county, { recursive: true, force: true });
    rmSync(province, { recursive: true, force: true });
  }
  return rows;
};
