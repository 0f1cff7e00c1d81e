/** The list of contacts: unit, name, role, phone. */
import { isMobile } from './names.ts';
import type { Role } from './records.ts';
import type { RowProblem } from './roster.ts';
import { findColumns } from './table-text.ts';

export interface ContactRow {
  no: number;
  unit: string;
  name: string;
  role: Role;
  office: string | null;
  deputy: boolean;
  phone: string;
}

/** Words for roles, as they are typed and filled in. */
export const ROLE_WORDS: Readonly<Record<string, Role>> = {
  医师: 'physician',
  支援医师: 'physician',
  支援单位管理员: 'hospital',
  医院管理员: 'hospital',
  受援单位专人: 'clinic',
  专人: 'clinic',
  信息员: 'clinic',
  单位负责人: 'head',
  负责人: 'head',
  院长: 'head',
  总医院管理员: 'general',
  总医院: 'general',
  卫健局工作人员: 'bureau',
  工作人员: 'bureau',
  局领导: 'chief',
  领导: 'chief',
  系统管理员: 'admin',
  管理员: 'admin',
  审计员: 'auditor',
};
/** A role as it is filled in. */
export const roleWord = (role: Role): string => Object.entries(ROLE_WORDS).find(([, r]) => r === role)![0];
export const OFFICES = ['医政股', '基妇股', '人事股', '综合股', '分管领导', '回访员'] as const;

const TO_FILL = (['clinic', 'hospital', 'head', 'general', 'bureau', 'chief'] as const).map(roleWord);

const MEANINGS = {
  no: /^序号$/,
  unit: /单位|机构/,
  name: /姓名/,
  office: /股室|科室/,
  deputy: /A\/?B|岗/i,
  role: /角色|职责|身份/,
  phone: /手机|电话|联系方式/,
} as const;
type Column = keyof typeof MEANINGS;
const NAMES: Readonly<Record<Column, string>> = {
  no: '序号',
  unit: '单位',
  name: '姓名',
  office: '股室',
  deputy: 'A/B岗',
  role: '角色',
  phone: '手机',
};
const ORDER: readonly Column[] = ['unit', 'name', 'role', 'phone'];

/** Does a table look like a list of contacts rather than a roster? */
export const looksLikeContacts = (table: readonly string[][]): boolean =>
  table.slice(0, 6).some(r => r.some(c => /角色|身份/.test(c)) && r.some(c => /姓名/.test(c)));

export const readContacts = (table: readonly string[][]): { rows: ContactRow[]; problems: RowProblem[] } => {
  const found = findColumns(table, MEANINGS, ['unit', 'name', 'role']);
  const bare = found.missing.length > 0 && table.every(r => r.length >= 3 && r.length <= 5);
  if (found.missing.length && !bare)
    return { rows: [], problems: [{ row: 1, column: '表头', reason: `缺少：${found.missing.map(m => NAMES[m]).join('、')}` }] };
  const columns: Partial<Record<Column, number>> = bare ? Object.fromEntries(ORDER.map((k, i) => [k, i])) : found.columns;
  const rows: ContactRow[] = [];
  const problems: RowProblem[] = [];
  table.forEach((cells, line) => {
    if (!bare && line <= Math.max(...found.headerAt)) return;
    const get = (k: Column): string => (columns[k] === undefined ? '' : (cells[columns[k]] ?? '').replace(/\s/g, ''));
    const no = /^\d+$/.test(get('no')) ? Number(get('no')) : line + 1;
    const name = get('name');
    if (name === '' && get('unit') === '') return;
    const bad = (column: Column, reason: string) => problems.push({ row: no, column: NAMES[column], reason });
    const word = get('role').replace(/[（(].*$/, '');
    // 区卫健局医政股 is the bureau and its office.
    const behind = OFFICES.find(o => get('unit').endsWith(o) && get('unit') !== o);
    const unit = behind ? get('unit').slice(0, -behind.length) : get('unit');
    const said = OFFICES.find(o => get('role').includes(o)) ?? OFFICES.find(o => get('office') === o) ?? behind ?? null;
    const role = ROLE_WORDS[word] ?? (said ? 'bureau' : undefined);
    const inRole = said === behind && role !== 'bureau' ? null : said;
    if (!role) bad('role', `不认识“${get('role')}”，可填：${TO_FILL.join('、')}；审计员和系统管理员由系统管理员导入`);
    if (name === '') bad('name', '没有填');
    if (get('unit') === '') bad('unit', '没有填');
    const phone = get('phone');
    if (phone !== '' && !isMobile(phone) && !/\*/.test(phone)) bad('phone', '要写11位手机号');
    if (role && name !== '' && unit !== '')
      rows.push({
        no,
        unit,
        name,
        role,
        office: inRole,
        deputy: /B岗|副岗|^B$/i.test(get('deputy')) || /B岗|副岗/i.test(get('role')),
        phone,
      });
  });
  if (!rows.length && !problems.length) problems.push({ row: 1, column: '表', reason: '没有找到人员行' });
  return { rows, problems };
};
