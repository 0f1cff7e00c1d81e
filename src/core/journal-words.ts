/** What a row of the journal did, in words: fields, people, units and times as people say them. */
import { roleWord } from './contacts.ts';
import { type Day, type Month, parseDay, sayDay, sayInstant, sayMonth } from './day.ts';
import type { Role } from './records.ts';

/** Names behind ids. */
export interface JournalNames {
  person(id: string): string | undefined;
  org(id: string): string | undefined;
  figure(id: string): string;
}

type Values = Record<string, unknown>;

/** Words for what is stored, by table. */
export const TABLE_WORDS: Readonly<Record<string, string>> = {
  orgs: '单位',
  people: '人员',
  grants: '角色',
  accounts: '账号',
  requests: '申请',
  locks: '锁定',
  groups: '群',
  frozenGroups: '冻结的群',
  rosters: '安排表',
  postings: '派驻',
  visits: '班次',
  checkIns: '签到',
  publications: '公布',
  moves: '改期',
  leaves: '请假',
  leaveVisits: '请假班次',
  leaveSteps: '请假步骤',
  cases: '待认定',
  statements: '说明',
  workloads: '工作量',
  unitMonths: '单位月度数据',
  paperTotals: '纸质人次',
  beneficiaries: '受益群众',
  samples: '抽样',
  followUps: '回访',
  reports: '月报',
  filings: '报送',
  filedLines: '报送明细',
  confirmations: '核对',
  templates: '模板',
  readings: '查看',
  drafts: '待导入',
  acceptances: '提示',
  settings: '设置',
  questions: '追问',
  sessions: '网页',
  codes: '一次性码',
  calendarDays: '日历',
  outbox: '发件箱',
};

/** Words for fields; one name means the same in every table. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  account: '账号',
  again: '新的群',
  am: '上午',
  app: '应用',
  arranged: '由受援单位安排',
  as: '由谁填',
  askedAt: '送到时间',
  at: '时间',
  beneficiary: '受益群众',
  by: '经办人',
  case: '待认定',
  checkedIn: '签到时间',
  city: '地市',
  clinic: '受援单位',
  columns: '列',
  confirmed: '本人确认',
  conversation: '会话',
  counted: '计人次',
  county: '县区',
  day: '日期',
  decidedAt: '认定时间',
  decidedBy: '决定人',
  delayed: '延迟送达',
  deputy: '副岗',
  district: '区县',
  doctorDays: '人次',
  due: '期限',
  emergency: '紧急',
  exception: '例外',
  expires: '到期',
  figures: '数字',
  file: '文件',
  filing: '报送',
  finding: '认定结果',
  follows: '接着哪次请假',
  for: '用途',
  form: '表',
  from: '起',
  half: '半天',
  hearUntil: '说明到',
  hospital: '支援单位',
  how: '方式',
  id: '编号',
  informed: '已告知本人',
  keepUntil: '保存到',
  key: '项目',
  kind: '类别',
  late: '补报',
  leave: '请假',
  leftAt: '签退时间',
  level: '级别',
  lines: '行数',
  made: '补班',
  month: '月份',
  moved: '改期班次',
  name: '名称',
  names: '简称',
  near: '在附近',
  need: '需求专业',
  note: '备注',
  number: '文号',
  objectUntil: '异议到',
  office: '股室',
  on: '办理日',
  onTheWay: '在路上',
  openUntil: '开锁到',
  order: '序号',
  org: '单位',
  orgs: '单位',
  paper: '签到单',
  parent: '上级单位',
  parts: '文字部分',
  person: '人员',
  phone: '手机',
  phoneFull: '手机完整',
  phoneIndex: '手机摘要',
  phoneMask: '手机',
  place: '位置',
  planned: '已排班',
  platform: '平台',
  pm: '下午',
  pool: '总数',
  posting: '派驻',
  presence: '在岗',
  programme: '方案',
  programmeKey: '方案文本',
  proposal: '待确认的改动',
  reason: '原因',
  reminded: '催报日',
  report: '月报',
  result: '结果',
  results: '结果',
  role: '角色',
  roster: '安排表',
  rows: '行',
  sample: '抽样',
  says: '说明',
  seed: '种子',
  side: '哪一方',
  size: '人数',
  source: '来源',
  specialty: '专业',
  stage: '环节',
  state: '状态',
  step: '步骤',
  supplement: '补报',
  tally: '人次',
  tallyHalf: '半天人次',
  text: '内容',
  title: '职称',
  to: '止',
  toAm: '改到上午',
  toDay: '改到',
  toPm: '改到下午',
  told: '告知时间',
  toldBy: '告知人',
  type: '类型',
  until: '止',
  usedBy: '使用者',
  value: '值',
  verifiedAs: '核实方',
  verifiedAt: '核实时间',
  verifiedBy: '核实人',
  visit: '班次',
  waitsFor: '等谁',
  why: '理由',
  wish: '诉求',
  words: '文字',
  work: '工作日',
  workdays: '工作日数',
  wrong: '输错次数',
  zero: '零报告',
};

/** Words for values of states and kinds. */
const VALUE_WORDS: Readonly<Record<string, string>> = {
  accepted: '已受理',
  agreed: '同意',
  approved: '批准',
  bind: '绑定',
  bound: '已绑定',
  bureau: '卫健局',
  cancelled: '取消',
  clinic: '受援单位',
  closed: '结案',
  consent: '同意',
  current: '现行',
  decided: '已认定',
  decision: '决定',
  dissatisfied: '不满意',
  done: '已办',
  draft: '草稿',
  dropped: '不再办',
  ended: '结束',
  erased: '已删除',
  excused: '有因',
  fairly: '基本满意',
  filed: '已上报',
  filing: '备案',
  frozen: '冻结',
  general: '总医院',
  home: '上门送医',
  hospital: '支援单位',
  kept: '保存',
  later: '还没轮到',
  lecture: '讲课',
  locked: '锁定',
  moot: '不必再办',
  moved: '已改期',
  'not-there': '没到',
  objected: '有异议',
  offline: '线下',
  on: '有效',
  open: '待办',
  other: '其他',
  outpatient: '坐诊',
  physician: '医师',
  present: '在岗',
  rebind: '换账号',
  refused: '不同意',
  replaced: '已替换',
  returned: '退回',
  rounds: '查房',
  satisfied: '满意',
  self: '本人',
  sick: '因病',
  staff: '工作人员',
  'stand-in': '代办',
  superseded: '被替代',
  training: '培训',
  unexcused: '无故',
  unreachable: '未接通',
  urgent: '因急事',
  verified: '已核实',
  void: '作废',
  waiting: '等待',
  withdrawn: '已撤回',
};

const PEOPLE = new Set(['person', 'by', 'verifiedBy', 'decidedBy', 'toldBy']);
const UNITS = new Set(['org', 'orgs', 'clinic', 'hospital', 'county', 'parent', 'waitsFor']);
/** Names that stand in the values of their own field, not states. */
const AS_TYPED = new Set(['name', 'names', 'value', 'text', 'reason', 'note', 'says', 'key']);
/** Later than any number that is counted: milliseconds. */
const FIRST_INSTANT = 1_000_000_000_000;
const REF = /^\d+(?:-\d+)?$/;

const valueWord = (field: string, value: unknown, names: JournalNames, today: Day): string => {
  if (value === null || value === undefined || value === '') return '无';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (typeof value === 'number') return value >= FIRST_INSTANT ? sayInstant(value, today) : `${value}`;
  if (typeof value === 'string') {
    if (/^hmac:/.test(value)) return '（加密）';
    if (PEOPLE.has(field)) return names.person(value) ?? value;
    if (UNITS.has(field)) return names.org(value) ?? value;
    if (field === 'role') return roleWord(value as Role);
    const day = parseDay(value);
    if (day) return sayDay(day, today);
    if (/^\d{4}-\d{2}$/.test(value)) return sayMonth(value as Month);
    return AS_TYPED.has(field) ? value : (VALUE_WORDS[value] ?? value);
  }
  if (Array.isArray(value)) return value.map(v => valueWord(field, v, names, today)).join('、') || '无';
  const inner = Object.entries(value).map(
    ([k, v]) => `${field === 'figures' ? names.figure(k) : (FIELD_WORDS[k] ?? k)}${valueWord(k, v, names, today)}`,
  );
  return inner.join(' ') || '无';
};

/** Ids of people and units that a change speaks of. */
export const idsIn = (before: Values | null, after: Values | null): { people: string[]; orgs: string[] } => {
  const of = (fields: ReadonlySet<string>): string[] =>
    [before, after].flatMap(row =>
      row === null
        ? []
        : Object.entries(row).flatMap(([k, v]) =>
            fields.has(k) ? [v].flat().filter((x): x is string => typeof x === 'string' && REF.test(x)) : [],
          ),
    );
  return { people: of(PEOPLE), orgs: of(UNITS) };
};

/** Whose row it is: person, unit, day, and the number under which it is asked for. */
export const subjectOf = (table: string, row: string, values: Values | null, names: JournalNames, today: Day): string => {
  const said = (field: string): string[] => (typeof values?.[field] === 'string' ? [valueWord(field, values[field], names, today)] : []);
  const of = ['people', 'orgs'].includes(table)
    ? said('name')
    : [...said('person'), ...(said('clinic').length ? said('clinic') : said('org'))];
  return [TABLE_WORDS[table] ?? table, ...of, ...said('day'), ...said('month'), `编号${row}`].join(' ');
};

const MOST = 120;

/** What a change did. */
export const changeWords = (before: Values | null, after: Values | null, names: JournalNames, today: Day): string => {
  if (!before) return '新建';
  if (!after) return '删除';
  const changed = Object.keys(after).filter(k => JSON.stringify(before[k]) !== JSON.stringify(after[k]));
  const words = changed.map(
    k => `${FIELD_WORDS[k] ?? k}：${valueWord(k, before[k], names, today)}→${valueWord(k, after[k], names, today)}`,
  );
  const line = words.join('；');
  return line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line;
};
