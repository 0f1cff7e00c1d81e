/** What a chief reads in eight lines. Units stand in the annex's order; people are never ranked. */
import type { Card } from './card.ts';
import type { Month } from './day.ts';

/** Doctor-days of one unit. */
export interface UnitTotals {
  name: string;
  verified: number;
  waiting: number;
  /** Planned doctor-days, up to today and in the whole span. */
  plannedSoFar: number;
  planned: number;
}

export interface StatisticsFacts {
  /** 2024年4月, 今年. */
  label: string;
  /** Whose figures: 永定区, 古竹卫生院, 张三. */
  of: string;
  total: {
    verified: number;
    halfOnly: number;
    /** Doctor-days up to today that wait for the clinic's word; of these, those with a check-in. */
    waiting: number;
    checkedIn: number;
    plannedSoFar: number;
    planned: number;
    /** Reported where no case is opened for it. */
    notThere: number;
  };
  /** Visits are planned ahead; where every workday is expected they are made on its morning, and nothing is known of what lies ahead. */
  ahead: boolean;
  /** Rows of the table, in the annex's order; empty for one unit or person. */
  units: UnitTotals[];
  /** They are counties, of which each may be looked at. */
  upper: boolean;
  /** Clinics with a verified doctor-day or one from paper, of those there are. */
  covered: { n: number; of: number } | null;
  /** Physicians who have done the month's duty, of those who owe one; and those who owe none. */
  duty: { done: number; owe: number; exempt: number; says: string } | null;
  /** Home-visit half days: physicians who have one, of those who should. */
  home: { done: number; owe: number } | null;
  /** Leaves granted in the span, and cases that nobody has weighed. */
  leaves: number;
  cases: number;
  /** Filing rates of a month, of a county or above, or of a county's months whose reports were due: 应报 24，已报 23. */
  reports: string | null;
  /** Where the programme's targets stand, to whoever sees all of it: 年度目标 … */
  targets: string | null;
  /** Doctor-days of the span that were taken over from paper. */
  paper: number;
  /** Clinics without any visit in the span, and without a month from paper. */
  gaps: string[];
  /** Sums of what was reported of verified days, in the programme's order. */
  figures: { name: string; sum: number }[];
  /** Doctor-days by month, of a span of several months; null of one month. */
  trend: { month: Month; verified: number; waiting: number }[] | null;
  watermark: string | null;
}

const listed = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join('、') : `${names.slice(0, most).join('、')}等${names.length}家`;

export const statisticsCard = (f: StatisticsFacts): Card => {
  const { total } = f;
  const lines = [
    `人次 已核实 ${total.verified}${total.halfOnly ? `（其中半天 ${total.halfOnly}）` : ''}，待核实 ${total.waiting}${total.waiting ? `（已签到 ${total.checkedIn}）` : ''}${f.paper ? `，另据纸质报表 ${f.paper}` : ''}`,
    f.ahead ? `计划人次 到今天 ${total.plannedSoFar}，全期 ${total.planned}` : `应到人次 到今天 ${total.plannedSoFar}`,
  ];
  if (f.covered) lines.push(`覆盖 ${f.covered.n}/${f.covered.of} 家`);
  const duties = [
    ...(f.duty && f.duty.owe === 0 && f.duty.exempt > 0 ? [`按卫生院安排下乡，不计${f.duty.says}`] : []),
    ...(f.duty && f.duty.owe > 0
      ? [`完成${f.duty.says} ${f.duty.done}/${f.duty.owe} 人${f.duty.exempt ? `（另${f.duty.exempt}人按卫生院安排）` : ''}`]
      : []),
    ...(f.home && f.home.owe > 0 ? [`半天上门送医 ${f.home.done}/${f.home.owe} 人`] : []),
  ];
  if (duties.length) lines.push(duties.join('，'));
  if (f.figures.length) lines.push(`工作量 ${f.figures.map(x => `${x.name}${x.sum}`).join(' ')}`);
  const open = [
    ...(f.leaves ? [`准假 ${f.leaves} 件`] : []),
    ...(total.notThere + f.cases ? [`反映未到、待认定 ${total.notThere + f.cases} 件`] : []),
  ];
  if (open.length) lines.push(open.join('，'));
  if (f.reports) lines.push(`月报 ${f.reports}`);
  if (f.targets) lines.push(f.targets);
  if (f.gaps.length) lines.push(`没有班次 ${f.gaps.length} 家：${listed(f.gaps, 3)}`);
  const several = f.units.length > 1;
  if (several && f.upper) lines.push(`看一个区县的：/统计 ${f.units[0]!.name} ${f.label}`);
  return {
    code: 'statistics.shown',
    title: `${f.of} ${f.label}`,
    tone: 'info',
    lines,
    ...(several
      ? {
          table: {
            columns: [f.upper ? '区县' : '单位', '已核实', '待核实', ...(f.ahead ? ['计划到今天', '全期计划'] : ['到今天应到'])],
            rows: f.units.map(u => [u.name, ...[u.verified, u.waiting, u.plannedSoFar, ...(f.ahead ? [u.planned] : [])].map(String)]),
          },
        }
      : {}),
    ...(f.trend && f.trend.length > 1
      ? {
          chart: {
            title: `${f.of} ${f.label} 各月人次`,
            unit: '人次',
            categories: f.trend.map(t => `${Number(t.month.slice(5))}月`),
            series: [
              { name: '已核实', values: f.trend.map(t => t.verified) },
              { name: '待核实', values: f.trend.map(t => t.waiting) },
            ],
            ...(f.watermark ? { watermark: f.watermark } : {}),
          },
        }
      : several
        ? {
            chart: {
              title: `${f.of} ${f.label} 人次`,
              unit: '人次',
              categories: f.units.map(u => u.name),
              series: [
                { name: '已核实', values: f.units.map(u => u.verified) },
                { name: '待核实', values: f.units.map(u => u.waiting) },
              ],
              ...(f.watermark ? { watermark: f.watermark } : {}),
            },
          }
        : {}),
  };
};
