/** Times and limits that no clause fixes: defaults that the bureau changes. Each knows where it comes from. */
import { dayAt, type Instant, sayDay } from './day.ts';

export interface SettingDefinition {
  key: string;
  /** As the bureau types it: `/设置 补签天数 3`. */
  name: string;
  says: string;
  value: string;
  kind: 'time' | 'days' | 'number' | 'choice' | 'text';
  options?: readonly string[];
  /** What a new value holds for, where that is no reminder. */
  since?: string;
  /** A section of a programme that it is for: under one without it nobody is shown it. */
  of?: 'leave' | 'report';
}

/** Every setting there is. The names are what /设置 takes. */
export const SETTINGS = [
  { key: 'makeup.days', name: '补签天数', says: '补签可往前几天', value: '3', kind: 'days' },
  { key: 'verify.time', name: '核实时间', says: '每天请受援单位核实的时间', value: '17:00', kind: 'time' },
  { key: 'verify.again', name: '再次核实时间', says: '次一工作日再提醒核实的时间', value: '09:00', kind: 'time' },
  { key: 'week.time', name: '周预告时间', says: '每周最后一个工作日发下周安排的时间', value: '16:00', kind: 'time' },
  { key: 'eve.time', name: '次日提醒时间', says: '前一工作日提醒次日下乡的时间', value: '17:00', kind: 'time' },
  { key: 'gap.day', name: '缺口提醒日', says: '每月几号提示本月尚无安排', value: '15', kind: 'number' },
  { key: 'gap.last-day', name: '缺口再提醒日', says: '每月几号再提示', value: '20', kind: 'number' },
  { key: 'gap.time', name: '缺口提醒时间', says: '缺口提示的时间', value: '09:00', kind: 'time' },
  {
    key: 'half-day',
    name: '半天计人次',
    says: '只来半天是否记1人次',
    value: '是',
    kind: 'choice',
    options: ['是', '否'],
    since: '以后核实的按新的，已核实的不变',
  },
  { key: 'hours', name: '工作时间', says: '上午和下午的起止', value: '08:00-12:00 14:30-17:30', kind: 'text' },
  { key: 'leave.back', name: '补假天数', says: '急病等事后补请假可往前几天', value: '3', kind: 'days', of: 'leave' },
  {
    key: 'leave.approver',
    name: '请假审批',
    says: '卫健局由谁批假',
    value: '医政股',
    kind: 'choice',
    options: ['医政股', '分管领导'],
    of: 'leave',
  },
  { key: 'leave.wait', name: '审批催办', says: '审批等几个工作小时后提醒一次', value: '4', kind: 'number', of: 'leave' },
  { key: 'hear.days', name: '说明期限', says: '反映未到后听取说明的工作日数', value: '2', kind: 'days' },
  { key: 'object.days', name: '异议期限', says: '认定后可提异议的工作日数', value: '3', kind: 'days' },
  { key: 'presence.am', name: '上午问到岗', says: '上午上班后几分钟问一次', value: '150', kind: 'number' },
  { key: 'presence.pm', name: '下午问到岗', says: '下午上班后几分钟问一次', value: '60', kind: 'number' },
  {
    key: 'report.span',
    of: 'report',
    name: '月报起止',
    says: '月报按自然月，或按上月截止日次日至本月截止日（如上月23日至本月22日）',
    value: '自然月',
    kind: 'choice',
    options: ['自然月', '截止日到截止日'],
    since: '没报的月报按新的，已报的不变',
  },
  { key: 'report.time', name: '月报提醒时间', says: '月报截止前和逾期后提醒的时间', value: '09:00', kind: 'time', of: 'report' },
  { key: 'unlock.days', name: '开锁天数', says: '开锁后几个工作日自动重新锁定', value: '3', kind: 'days', of: 'report' },
  { key: 'near.metres', name: '到岗距离', says: '位置多少米内算在附近', value: '500', kind: 'number' },
  {
    key: 'studio',
    of: 'report',
    name: '工作室填法',
    says: '月报表“是否设置工作室”一列填是否，还是填数字',
    value: '是否',
    kind: 'choice',
    options: ['是否', '数字'],
    since: '以后导出的按新的',
  },
] as const satisfies readonly SettingDefinition[];
export type SettingKey = (typeof SETTINGS)[number]['key'];

export interface SettingValue {
  value: string;
  /** null: 系统默认. */
  set: { by: string; at: Instant } | null;
}

export interface Settings {
  get(key: SettingKey): string;
  number(key: SettingKey): number;
  /** 系统默认, or 本局设定（谁，何时）. Only a clause may be called 依据. */
  source(key: SettingKey): string;
}

/** Settings of one organisation from what is stored for it; `by` are names. */
export const settingsFrom = (stored: ReadonlyMap<string, SettingValue>): Settings => {
  const get = (key: SettingKey) => stored.get(key)?.value ?? (SETTINGS.find(s => s.key === key) as SettingDefinition).value;
  return {
    get,
    number: key => Number(get(key)),
    source: key => {
      const set = stored.get(key)?.set;
      return set ? `本局设定（${set.by}，${sayDay(dayAt(set.at))}）` : '系统默认';
    },
  };
};
