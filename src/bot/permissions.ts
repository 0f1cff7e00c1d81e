/** Who may say what, and where. One table; what is not in it is refused. A test walks every command × every role × group and direct chat. */
import type { Role } from '../core/records.ts';

/** `stranger`: an account that is not bound to a person. `any`: every bound person. */
export type Who = Role | 'stranger';
type Place = 'anywhere' | 'direct';

export interface Permission {
  who: readonly Who[];
  place: Place;
  /** What is typed behind it is about a third person: in a group it is not kept, and is to be recalled. */
  recall?: true;
}

const everybody = [
  'physician',
  'hospital',
  'clinic',
  'head',
  'general',
  'bureau',
  'chief',
  'admin',
  'auditor',
] as const satisfies readonly Role[];
const units = ['hospital', 'clinic', 'general', 'bureau'] as const satisfies readonly Role[];

export const PERMISSIONS: Readonly<Record<string, Permission>> = {
  帮助: { who: [...everybody, 'stranger'], place: 'anywhere' },
  隐私: { who: [...everybody, 'stranger'], place: 'anywhere' },
  // In a group these two point to direct chat, so that no phone is typed there.
  绑定: { who: [...everybody, 'stranger'], place: 'anywhere' },
  认领: { who: ['stranger'], place: 'direct' },
  解绑: { who: everybody, place: 'direct' },
  授权: { who: ['admin', 'bureau'], place: 'direct' },
  撤权: { who: ['admin', 'bureau'], place: 'direct' },
  交接: { who: ['admin', 'bureau', 'head', 'hospital', 'clinic'], place: 'direct' },
  绑定群: { who: ['admin', 'bureau', 'general', 'hospital', 'clinic', 'head'], place: 'anywhere' },
  我的: { who: everybody, place: 'anywhere' },
  网页: { who: everybody, place: 'direct' },
  我的数据: { who: everybody, place: 'direct' },
  待办: { who: everybody, place: 'anywhere' },
  导入: { who: ['admin', 'bureau', 'general'], place: 'anywhere' },
  排班: { who: ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  改班: { who: units, place: 'anywhere' },
  换人: { who: ['hospital', 'general', 'bureau'], place: 'anywhere' },
  签到: { who: ['physician', 'hospital', 'clinic'], place: 'anywhere' },
  签退: { who: ['physician'], place: 'anywhere' },
  补签: { who: ['physician', 'hospital', 'clinic'], place: 'anywhere' },
  填报: { who: ['physician', 'hospital', 'clinic'], place: 'anywhere' },
  宣传: { who: ['clinic', 'bureau'], place: 'anywhere' },
  经费: { who: ['hospital', 'bureau'], place: 'anywhere' },
  // The head stands in where the 专人 is the visiting physician: nobody verifies their own.
  核实: { who: [...units, 'head'], place: 'anywhere' },
  请假: { who: ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  批准: { who: ['hospital', 'clinic', 'head', 'general', 'bureau'], place: 'anywhere' },
  驳回: { who: ['hospital', 'clinic', 'head', 'general', 'bureau'], place: 'anywhere' },
  销假: { who: ['physician', 'hospital', 'clinic'], place: 'anywhere' },
  提前结束: { who: ['physician', 'hospital'], place: 'direct' },
  备案: { who: ['bureau'], place: 'anywhere' },
  已告知: { who: units, place: 'anywhere' },
  在岗: { who: ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  说明: { who: ['physician', 'hospital', 'clinic', 'head'], place: 'direct' },
  认定: { who: ['bureau'], place: 'direct' },
  异议: { who: ['physician', 'hospital', 'head'], place: 'direct' },
  受益: { who: ['physician', 'clinic', 'bureau'], place: 'direct', recall: true },
  抽样: { who: ['bureau'], place: 'direct' },
  回访: { who: ['bureau'], place: 'direct', recall: true },
  统计: { who: ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  月报: { who: ['hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  催报: { who: ['bureau'], place: 'anywhere' },
  开锁: { who: ['bureau'], place: 'anywhere' },
  导出: { who: ['hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'anywhere' },
  模板: { who: ['bureau'], place: 'direct' },
  通报: { who: ['bureau'], place: 'direct' },
  总结: { who: ['hospital', 'clinic', 'head', 'general', 'bureau', 'chief'], place: 'direct' },
  单位位置: { who: ['clinic'], place: 'direct' },
  设置: { who: ['bureau', 'admin'], place: 'direct' },
  体检: { who: ['admin', 'bureau'], place: 'direct' },
  发件箱: { who: ['admin'], place: 'direct' },
  重发: { who: ['admin'], place: 'direct' },
  作废: { who: ['admin'], place: 'direct' },
  记录: { who: ['auditor', 'admin'], place: 'direct' },
  撤销: { who: everybody, place: 'anywhere' },
};

/** May somebody with these roles say this here? Fails closed. */
export const may = (
  command: string,
  roles: readonly Role[],
  bound: boolean,
  place: 'group' | 'direct',
): 'yes' | 'not-role' | 'not-here' => {
  const row = Object.hasOwn(PERMISSIONS, command) ? PERMISSIONS[command] : undefined;
  if (!row) return 'not-role';
  const ok = bound ? row.who.some(w => w !== 'stranger' && roles.includes(w)) || everybodyMay(row) : row.who.includes('stranger');
  if (!ok) return 'not-role';
  return row.place === 'direct' && place === 'group' ? 'not-here' : 'yes';
};

/** A bound person whose roles have all ended keeps what every person has. */
const everybodyMay = (row: Permission): boolean => everybody.every(r => row.who.includes(r));

export const ROLE_NAMES: Readonly<Record<Who, string>> = {
  physician: '医师',
  hospital: '支援单位管理员',
  clinic: '受援单位专人',
  head: '单位负责人',
  general: '总医院管理员',
  bureau: '卫健局工作人员',
  chief: '局领导',
  admin: '系统管理员',
  auditor: '审计员',
  stranger: '未绑定的人',
};

/** Offices that are a person's standing, not a place of work. */
const STANDING = new Set<string>(['分管领导', '回访员']);
/** What of a role's name the unit's name says already. */
const SAID_BY_UNIT: Partial<Record<Role, string>> = { bureau: '工作人员', chief: '领导', general: '管理员' };

/** 区卫健局基妇股工作人员, 总医院管理员: a role with its unit, nothing said twice. */
export const roleAt = (unit: string, { role, office }: { role: Role; office: string | null }): string =>
  `${unit}${office ?? ''}${office !== null && STANDING.has(office) ? '' : unit === '' ? ROLE_NAMES[role] : (SAID_BY_UNIT[role] ?? ROLE_NAMES[role])}`;

export const mayImport = (roles: readonly Role[]): boolean => may('导入', roles, true, 'direct') === 'yes';

/** What is to be done where the roster is not up to date, by the reader or by those who can. */
export const rosterHint = (roles: readonly Role[]): string => (mayImport(roles) ? '请先更新安排表：/导入' : '请总医院或卫健局先更新安排表');
