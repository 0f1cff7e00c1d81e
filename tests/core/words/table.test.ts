/** How people really type, and what each must mean. Today is Wednesday, 6 May 2026. */
import { describe, expect, test } from 'vitest';
import { day, type Month } from '../../../src/core/day.ts';
import { readCommandLine } from '../../../src/core/words/command-line.ts';
import { type DateItem, findDates, type Prefer } from '../../../src/core/words/dates.ts';
import { expand, takePattern } from '../../../src/core/words/patterns.ts';
import { takeMonth, takePeriod } from '../../../src/core/words/periods.ts';
import { type Lexicon, MOVED_TO, place, type Slot } from '../../../src/core/words/place.ts';

const TODAY = day('2026-05-06');
type Rows = readonly (readonly [typed: string, meant: string])[];

const sayItem = (i: DateItem): string =>
  `${i.from.slice(0, 4) === '2026' ? i.from.slice(5) : i.from}${i.to === i.from ? '' : `..${i.to.slice(0, 4) === '2026' ? i.to.slice(5) : i.to}`}${i.half ? ` ${i.half}` : ''}`;
/** Days, then what is left in brackets, `?` when only figures were typed, `!` before what is wrong. */
const dates = (typed: string, prefer: Prefer = 'near'): string => {
  const found = findDates(typed, TODAY, { prefer });
  if (!found) return '—';
  if (found.problem) return `!${found.problem.kind === 'no-such-day' ? '' : `${found.problem.kind} `}${found.problem.said}`;
  return `${found.items.map(sayItem).join(', ')}${found.ambiguous ? '?' : ''}${found.rest ? ` [${found.rest}]` : ''}`;
};

const DAYS: Rows = [
  ['今天', '05-06'],
  ['明天', '05-07'],
  ['后天', '05-08'],
  ['大后天', '05-09'],
  ['昨天', '05-05'],
  ['前天', '05-04'],
  ['大前天', '05-03'],
  ['今日', '05-06'],
  ['明日', '05-07'],
  ['今早', '05-06 am'],
  ['明早', '05-07 am'],
  ['明晚', '05-07 pm'],
  ['周三', '05-06'],
  ['周五', '05-08'],
  ['周日', '05-10'],
  ['星期天', '05-10'],
  ['礼拜一', '05-04'],
  ['本周五', '05-08'],
  ['这周五', '05-08'],
  ['这个星期五', '05-08'],
  ['上周三', '04-29'],
  ['上个星期三', '04-29'],
  ['下周三', '05-13'],
  ['下个礼拜三', '05-13'],
  ['下下周二', '05-19'],
  ['上上周二', '04-21'],
  ['周末', '05-09..05-10'],
  ['下周末', '05-16..05-17'],
  ['下周三上午', '05-13 am'],
  ['周一、周三', '05-04, 05-06'],
  ['下周一三五', '05-11, 05-13, 05-15'],
  ['下周一到周三', '05-11..05-13'],
  ['下周一至五', '05-11..05-15'],
  ['本月最后一个周五', '05-29'],
  ['本月第二个周三', '05-13'],
  ['下个月第一个周一', '06-01'],
  ['6月第三个星期四', '06-18'],
  ['第二个周三', '05-13'],
  ['本月第五个周三', '!本月第五个周三'],
  ['5月12日', '05-12'],
  ['5月12号', '05-12'],
  ['05月12日', '05-12'],
  ['5 月 12 日', '05-12'],
  ['5月 12 日', '05-12'],
  ['2024 年 5 月 12 日', '2024-05-12'],
  ['5 月 12 日 - 14 日', '05-12..05-14'],
  ['5月12', '05-12'],
  ['5.12', '05-12?'],
  ['05.12', '05-12?'],
  ['5/12', '05-12?'],
  ['5-12', '05-12?'],
  ['5.12号', '05-12?'],
  ['12号', '05-12'],
  ['12日', '05-12'],
  ['1号', '05-01'],
  ['31号', '05-31'],
  ['12-14日', '05-12..05-14'],
  ['12~14号', '05-12..05-14'],
  ['12到14号', '05-12..05-14'],
  ['12、13号', '05-12, 05-13'],
  ['12、13、15号', '05-12, 05-13, 05-15'],
  ['12和13日', '05-12, 05-13'],
  ['12号13号', '05-12, 05-13'],
  ['12-14、18号', '05-12..05-14, 05-18'],
  ['5月12日-14日', '05-12..05-14'],
  ['5月12-14日', '05-12..05-14'],
  ['5月12日至6月2日', '05-12..06-02'],
  ['5月12日—14日', '05-12..05-14'],
  ['5月12日~5月14日', '05-12..05-14'],
  ['5月12日 - 14日', '05-12..05-14'],
  ['5.12-5.14', '05-12..05-14?'],
  ['5.12-14', '05-12..05-14?'],
  ['5/12-5/14', '05-12..05-14?'],
  ['28号到2号', '05-28..06-02'],
  ['12月30日-1月2日', '2025-12-30..01-02'],
  ['5月12日、15日', '05-12, 05-15'],
  ['5月12、15日', '05-12, 05-15'],
  ['5月12日15日', '05-12, 05-15'],
  ['5月12日,5月15日', '05-12, 05-15'],
  ['5月12日和6月2日', '05-12, 06-02'],
  ['5.12、5.15', '05-12, 05-15?'],
  ['2024年5月12日', '2024-05-12'],
  ['24年5月12日', '2024-05-12'],
  ['2024-05-12', '2024-05-12'],
  ['2024-5-12', '2024-05-12'],
  ['2024/5/12', '2024-05-12'],
  ['2024.5.12', '2024-05-12'],
  ['20240512', '2024-05-12'],
  ['二〇二四年五月十二日', '2024-05-12'],
  ['去年5月12日', '2025-05-12'],
  ['明年1月3日', '2027-01-03'],
  ['2024-05-12至2024-05-14', '2024-05-12..2024-05-14'],
  ['2024年5月12日-14日', '2024-05-12..2024-05-14'],
  ['2024年5月12日、6月2日', '2024-05-12, 2024-06-02'],
  ['五月十二日', '05-12'],
  ['五月十二号', '05-12'],
  ['十二号', '05-12'],
  ['廿三号', '05-23'],
  ['五月廿三', '05-23'],
  ['三十一日', '05-31'],
  ['十二、十三号', '05-12, 05-13'],
  ['五月十二日至十四日', '05-12..05-14'],
  ['二十号', '05-20'],
  ['本月15号', '05-15'],
  ['这个月15号', '05-15'],
  ['下个月3号', '06-03'],
  ['下月3日', '06-03'],
  ['上个月3号', '04-03'],
  ['月底', '05-31'],
  ['本月底', '05-31'],
  ['下月初', '06-01'],
  ['6月底', '06-30'],
  ['年底', '12-31'],
  ['3天后', '05-09'],
  ['三天后', '05-09'],
  ['两周后', '05-20'],
  ['3天前', '05-03'],
  ['元旦', '01-01'],
  ['国庆节', '10-01'],
  ['劳动节', '05-01'],
  ['5月12日上午', '05-12 am'],
  ['5月12日 下午', '05-12 pm'],
  ['5月12日全天', '05-12 day'],
  ['5月12日早上', '05-12 am'],
  ['5月12日晚上', '05-12 pm'],
  ['明天下午', '05-07 pm'],
  ['12、13号上午', '05-12 am, 05-13 am'],
  ['12号上午、13号下午', '05-12 am, 05-13 pm'],
  ['5月12日-14日上午', '05-12..05-14 am'],
  ['5月12日 周二', '05-12'],
  ['5月12日（周二）上午', '05-12 am'],
  ['5月12日 周二 上午', '05-12 am'],
  ['5月12日星期三', '!other-weekday 5月12日星期三'],
  ['1月3日', '01-03'],
  ['12月1日', '2025-12-01'],
  ['11月6日', '11-06'],
  ['11月7日', '2025-11-07'],
  ['0512', '05-12?'],
  ['0512上午', '05-12 am?'],
  ['0512-0514', '05-12..05-14?'],
  ['五一', '05-01'],
  ['十一假期', '10-01'],
  ['五一节', '05-01'],
  ['5月12日家中有事', '05-12 [家中有事]'],
  ['家中有事5月12日', '05-12 [家中有事]'],
  ['因事 5月12日 请假', '05-12 [因事 请假]'],
  ['5月12號', '05-12'],
  ['後天', '05-08'],
  ['週五', '05-08'],
  ['下個月3號', '06-03'],
];

const NO_DAYS: Rows = [
  ['2月30日', '!2月30日'],
  ['2月30号', '!2月30日'],
  ['二月三十日', '!2月30日'],
  ['2月29日', '!2月29日'],
  ['2026-02-29', '!2026年2月29日'],
  ['2024年2月30日', '!2024年2月30日'],
  ['2/30', '!2月30日'],
  ['4月31日', '!4月31日'],
  ['13月5日', '!13月5日'],
  ['下个月31号', '!6月31日'],
  ['5月30-32日', '!5月32日'],
  ['5月14日-12日', '!backwards 5月14日-12日'],
  ['5月30日-5月9日', '!backwards 5月30日-5月9日'],
  ['5月30日-9日', '05-30..06-09'],
  ['2024年2月29日', '2024-02-29'],
  ['', '—'],
  ['你好', '—'],
  ['5.12元', '—'],
  ['版本1.2.3', '—'],
  ['v5.12', '—'],
  ['0830', '—'],
  ['0930', '—'],
  ['1012', '—'],
  ['0532', '—'],
  ['0512号楼', '—'],
  ['房间0512', '—'],
  ['尾号0512', '—'],
  ['05123', '—'],
  ['五一村', '—'],
  ['十一', '—'],
  ['十一个', '—'],
  ['十一点', '—'],
  ['五一路', '—'],
  ['3-4人', '—'],
  ['3-4天', '—'],
  ['2.30', '—'],
  ['13.5', '—'],
  ['0.5', '—'],
  ['1/2/3', '—'],
  ['12号楼', '—'],
  ['3号线', '—'],
  ['第3号', '—'],
  ['12日内', '—'],
  ['18:30', '—'],
  ['138****1234', '—'],
  ['0597-5831234', '—'],
  ['12345678', '—'],
  ['生日', '—'],
  ['周日常', '—'],
  ['周期', '—'],
  ['一周', '—'],
  ['每周三', '—'],
  ['逢三、八', '—'],
  ['三个月', '—'],
  ['5月', '—'],
  ['上午', '—'],
  ['月初步', '—'],
  ['2024年', '—'],
  ['3.5公里', '—'],
  ['5.12%', '—'],
  ['192.168.1.12', '—'],
];

describe('days', () => {
  test.each([...DAYS, ...NO_DAYS])('%s → %s', (typed, meant) => expect(dates(typed)).toBe(meant));
});

describe('a day that is not wholly said leans to where its command looks', () => {
  test.each<[string, Prefer, string]>([
    ['12号', 'past', '04-12'],
    ['12号', 'future', '05-12'],
    ['3号', 'future', '06-03'],
    ['3号', 'past', '05-03'],
    ['6号', 'past', '05-06'],
    ['6号', 'future', '05-06'],
    ['周五', 'past', '05-01'],
    ['周一', 'future', '05-11'],
    ['周三', 'future', '05-06'],
    // A day just behind stays this year's, so that the command can say it is over.
    ['4月12日', 'future', '04-12'],
    ['5月12日', 'past', '05-12'],
    ['1月3日', 'future', '2027-01-03'],
    ['12月20日', 'past', '2025-12-20'],
    ['2024年5月12日', 'future', '2024-05-12'],
  ])('%s (%s) → %s', (typed, prefer, meant) => expect(dates(typed, prefer)).toBe(meant));
});

const PERIODS: Rows = [
  ['今年', '2026-01-01..2026-12-31 2026年'],
  ['去年', '2025-01-01..2025-12-31 2025年'],
  ['2024年', '2024-01-01..2024-12-31 2024年'],
  ['2024', '2024-01-01..2024-12-31 2024年'],
  ['24年', '2024-01-01..2024-12-31 2024年'],
  ['24年5月', '2024-05-01..2024-05-31 2024年5月'],
  ['全年', '2026-01-01..2026-12-31 2026年'],
  ['本年度', '2026-01-01..2026-12-31 2026年'],
  ['年度', '2026-01-01..2026-12-31 2026年'],
  ['全年度', '2026-01-01..2026-12-31 2026年'],
  ['本季度', '2026-04-01..2026-06-30 2026年第二季度'],
  ['上季度', '2026-01-01..2026-03-31 2026年第一季度'],
  ['第二季度', '2026-04-01..2026-06-30 2026年第二季度'],
  ['二季度', '2026-04-01..2026-06-30 2026年第二季度'],
  ['2024年第四季度', '2024-10-01..2024-12-31 2024年第四季度'],
  ['Q1', '2026-01-01..2026-03-31 2026年第一季度'],
  ['上半年', '2026-01-01..2026-06-30 2026年上半年'],
  ['去年下半年', '2025-07-01..2025-12-31 2025年下半年'],
  ['本月', '2026-05-01..2026-05-31 2026年5月'],
  ['这个月', '2026-05-01..2026-05-31 2026年5月'],
  ['上月', '2026-04-01..2026-04-30 2026年4月'],
  ['上个月', '2026-04-01..2026-04-30 2026年4月'],
  ['5月', '2026-05-01..2026-05-31 2026年5月'],
  ['五月份', '2026-05-01..2026-05-31 2026年5月'],
  ['12月', '2025-12-01..2025-12-31 2025年12月'],
  ['2024年2月', '2024-02-01..2024-02-29 2024年2月'],
  ['2024-02', '2024-02-01..2024-02-29 2024年2月'],
  ['5月-7月', '2026-05-01..2026-07-31 2026年5月至7月'],
  ['3-5月', '2026-03-01..2026-05-31 2026年3月至5月'],
  ['三月到五月', '2026-03-01..2026-05-31 2026年3月至5月'],
  ['2025年11月至2026年2月', '2025-11-01..2026-02-28 2025年11月至2026年2月'],
  ['5月1日-5月31日', '2026-05-01..2026-05-31 5月1日 周五至5月31日 周日'],
  ['2024-05-01至2024-05-31', '2024-05-01..2024-05-31 2024年5月1日 周三至5月31日 周五'],
  ['本周', '2026-05-04..2026-05-10 5月4日 周一至5月10日 周日'],
  ['上周', '2026-04-27..2026-05-03 4月27日 周一至5月3日 周日'],
  ['下个星期', '2026-05-11..2026-05-17 5月11日 周一至5月17日 周日'],
  ['昨天', '2026-05-05..2026-05-05 5月5日 周二'],
  ['近7天', '2026-04-30..2026-05-06 4月30日 周四至5月6日 周三'],
  ['最近三个月', '2026-03-01..2026-05-06 3月1日 周日至5月6日 周三'],
  ['古竹', '—'],
  ['2月30日', '—'],
];
test.each(PERIODS)('period: %s → %s', (typed, meant) => {
  const p = takePeriod(typed, TODAY)?.value;
  expect(p ? `${p.from}..${p.to} ${p.label}` : '—').toBe(meant);
});

const MONTHS: Rows = [
  ['5月', '2026-05'],
  ['五月', '2026-05'],
  ['十二月', '2025-12'],
  ['本月', '2026-05'],
  ['下月', '2026-06'],
  ['下个月', '2026-06'],
  ['上月', '2026-04'],
  ['2024年5月', '2024-05'],
  ['2024-05', '2024-05'],
  ['明年1月', '2027-01'],
  ['5月份', '2026-05'],
  ['5月12日', '—'],
  ['下个月3号', '—'],
  ['月底', '—'],
  ['13月', '—'],
  ['三个月', '—'],
];
test.each(MONTHS)('month: %s → %s', (typed, meant) => expect(takeMonth(typed, TODAY)?.value ?? '—').toBe(meant));

/** The days of May 2026 by a pattern. For the table, the lunar day is the solar one less three. */
const PATTERNS: Rows = [
  ['每月第二个周三', '13'],
  ['每个月第二个星期三', '13'],
  ['每月第一、三个周五', '1 15'],
  ['每月最后一个周五', '29'],
  ['每月第五个周五', '29'],
  ['每月第五个周三', ''],
  ['每月5日15日', '5 15'],
  ['每月5、15号', '5 15'],
  ['每月5号和15号', '5 15'],
  ['每月五号、十五号', '5 15'],
  ['每月二十号', '20'],
  ['每月31日', '31'],
  ['每月15日', '15'],
  ['每月最后一天', '31'],
  ['每周三', '6 13 20 27'],
  ['每个周三', '6 13 20 27'],
  ['每星期三', '6 13 20 27'],
  ['每周一三五', '1 4 6 8 11 13 15 18 20 22 25 27 29'],
  ['每周一、三', '4 6 11 13 18 20 25 27'],
  ['每周四到周五', '1 7 8 14 15 21 22 28 29'],
  ['每週三', '6 13 20 27'],
  ['逢三、八', '3 8 13 18 23 28'],
  ['逢三八', '3 8 13 18 23 28'],
  ['逢3、8', '3 8 13 18 23 28'],
  ['逢五逢十', '5 10 15 20 25 30'],
  ['公历逢三、八', '3 8 13 18 23 28'],
  ['农历逢三、八', '6 11 16 21 26 31'],
  ['每月逢二、七赶圩', '2 7 12 17 22 27'],
  ['圩日逢二、七', '2 7 12 17 22 27'],
  ['每月下旬', 'asks third-of-month'],
  ['每月上旬', 'asks third-of-month'],
  ['每月下旬周三', 'asks third-of-month'],
  ['每月中旬第一个周三', '13'],
  ['每月中旬的最后一个星期三', '20'],
  ['每月上旬第一个周五', '1'],
  ['每月上旬最后一个周五', '8'],
  ['每月下旬最后一个周五', '29'],
  ['每月下旬第一个周四', '21'],
  ['隔周三', 'asks every-other-week'],
  ['每隔一周周三', 'asks every-other-week'],
  ['每天', '—'],
  ['每月', '—'],
  ['每月32日', '—'],
  ['5月12日', '—'],
];
test.each(PATTERNS)('pattern: %s → %s', (typed, meant) => {
  const p = takePattern(typed)?.value;
  const lunar = (d: string) => Math.max(0, Number(d.slice(8)) - 3);
  const said = !p
    ? '—'
    : p.kind === 'third-of-month' || p.kind === 'every-other-week'
      ? `asks ${p.kind}`
      : expand(p, '2026-05' as Month, lunar)
          .map(d => Number(d.slice(8)))
          .join(' ');
  expect(said).toBe(meant);
});

const NAMES = new Map(
  Object.entries({
    签到: ['打卡', '报到', 'qd', 'qiandao', 'checkin'],
    签退: ['qt'],
    统计: ['tj', 'tongji', 'stats'],
    排班: ['pb', '班表'],
    请假: ['qj', 'leave'],
    请假条: [],
    帮助: ['help', 'bz', '?'],
    核实: ['hs'],
    我的: ['wd'],
    我的数据: [],
  }).flatMap(([name, aliases]) => [name, ...aliases].map(a => [a, name] as const)),
);
const SOUNDS: Record<string, string> = { 千: 'qian', 签: 'qian', 到: 'dao', 道: 'dao', 统: 'tong', 记: 'ji', 计: 'ji' };
const hear = (typed: string, where: { direct?: boolean; mentioned?: boolean } = {}): string => {
  const said = readCommandLine(typed, {
    direct: false,
    mentioned: false,
    botNames: ['下基层助手', '助手'],
    names: NAMES,
    pinyin: t => [...t].map(c => SOUNDS[c] ?? c).join(' '),
    ...where,
  });
  switch (said.kind) {
    case 'command':
      return `/${said.name}${said.rest ? ` [${said.rest}]` : ''}`;
    case 'near':
      return `near ${said.suggestions.join(' ')}`;
    case 'unknown':
      return `unknown ${said.typed}`;
    default:
      return said.kind;
  }
};

const IN_GROUPS: Rows = [
  ['/签到', '/签到'],
  ['／签到', '/签到'],
  ['/ 签到', '/签到'],
  ['/　签到', '/签到'],
  [' /签到 ', '/签到'],
  ['\u200b/签到\ufeff', '/签到'],
  ['/签\u200b到', '/签到'],
  ['/簽到', '/签到'],
  ['/统計', '/统计'],
  ['/QD', '/签到'],
  ['/ｑｄ', '/签到'],
  ['/Checkin', '/签到'],
  ['、签到', '/签到'],
  ['/签到。', '/签到'],
  ['/签到！', '/签到'],
  ['/签到!!', '/签到'],
  ['/签到~', '/签到'],
  ['/签到了', '/签到'],
  ['/签到\n', '/签到'],
  ['\n\n/签到', '/签到'],
  ['"/签到"', '/签到'],
  ['“/签到”', '/签到'],
  ['/“签到”', '/签到'],
  ['「/签到」', '/签到'],
  ["'/签到'", '/签到'],
  ['/签到 古竹卫生院', '/签到 [古竹卫生院]'],
  ['/签到古竹卫生院', '/签到 [古竹卫生院]'],
  ['/签到　古竹卫生院', '/签到 [古竹卫生院]'],
  ['/签到\u00a0古竹卫生院', '/签到 [古竹卫生院]'],
  ['/签到已到公司', '/签到 [已到公司]'],
  ['/签到：古竹', '/签到 [古竹]'],
  ['/签到,古竹', '/签到 [古竹]'],
  ['/签到\n古竹\n下午去村里', '/签到 [古竹\n下午去村里]'],
  ['/签到 “古竹卫生院”', '/签到 [古竹卫生院]'],
  ['/签到 没信号，走了三里。', '/签到 [没信号，走了三里]'],
  ['/qd古竹', '/签到 [古竹]'],
  ['/qd 古竹', '/签到 [古竹]'],
  ['/统计 ５月', '/统计 [5月]'],
  ['/统计表', '/统计 [表]'],
  ['/请假条', '/请假条'],
  ['/请假条 张三', '/请假条 [张三]'],
  ['/请假 6月12日 家中有事', '/请假 [6月12日 家中有事]'],
  ['/签到 /统计', '/签到 [/统计]'],
  ['/排班\t张三\t5月12日', '/排班 [张三\t5月12日]'],
  ['@下基层助手 签到', '/签到'],
  ['@下基层助手 /签到', '/签到'],
  ['@下基层助手签到', '/签到'],
  ['签到 @下基层助手', '/签到'],
  ['/签到 @下基层助手', '/签到'],
  ['@下基层助手\u2005签到 古竹', '/签到 [古竹]'],
  ['@助手 统计 本月', '/统计 [本月]'],
  ['＠助手 签到', '/签到'],
  ['@下基层助手', '/帮助'],
  ['@助手 你好', 'chatter'],
  ['@助手 谢谢', 'thanks'],
  ['@助手 签到了吗？', 'near 签到'],
  ['/签倒', 'near 签到 签退'],
  ['/千到', 'near 签到'],
  ['/统记', 'near 统计'],
  ['/到签', 'near 签到'],
  ['/tongij', 'near 统计'],
  ['/chekin', 'near 签到'],
  ['/签到了吗？', 'near 签到'],
  ['/核对', 'near 核实'],
  ['/天气预报', 'unknown 天气预报'],
  ['/核对一下上个月的人员名单和工作量是不是一样的情况', 'unknown 核对一下上个月的人员名单和工作量是不是一'],
  ['/etc/passwd', 'silent'],
  ['/usr/bin', 'silent'],
  ['/start', 'silent'],
  ['/home', 'silent'],
  ['//签到', 'silent'],
  ['/', 'silent'],
  ['/3', 'silent'],
  ['/::)', 'silent'],
  ['/(ㄒoㄒ)/~~', 'silent'],
  ['http://a.cn/签到', 'silent'],
  ['https://example.com', 'silent'],
  ['上午/下午', 'silent'],
  ['内科/签到', 'silent'],
  ['大家好 /签到', 'silent'],
  ['大家好\n/签到', 'silent'],
  ['@张三 /签到', 'silent'],
  ['签到', 'silent'],
  ['统计 本月', 'silent'],
  ['你好', 'silent'],
  ['', 'silent'],
  ['   ', 'silent'],
  ['、后面还有', 'silent'],
  ['/ 大家看看', 'silent'],
  ['a@b.cn', 'silent'],
  ['> /签到', 'silent'],
  ['> 张三: /签到\n好的', 'silent'],
  ['「张三：/签到」\n- - - - - - - - - - - - - - -\n收到', 'silent'],
  ['「张三：谁来了」\n- - - - - - - -\n/签到', '/签到'],
  ['「张三：/签到」', 'silent'],
  ['「张三：谁来了」\n------\n@助手 签到', '/签到'],
];
test.each(IN_GROUPS)('in a group: %j → %s', (typed, meant) => expect(hear(typed)).toBe(meant));

const DIRECT: Rows = [
  ['?', '/帮助'],
  ['？', '/帮助'],
  ['/?', '/帮助'],
  ['签到', '/签到'],
  ['/签到', '/签到'],
  ['签到。', '/签到'],
  ['签到 古竹', '/签到 [古竹]'],
  ['签到，古竹', '/签到 [古竹]'],
  ['签到\n古竹', '/签到 [古竹]'],
  ['qd', '/签到'],
  ['QD', '/签到'],
  ['“签到”', '/签到'],
  ['签到 ！', '/签到'],
  ['我的', '/我的'],
  ['我的数据', '/我的数据'],
  ['签到古竹卫生院', 'near 签到'],
  ['签到了吗', 'near 签到'],
  ['签倒', 'near 签到 签退'],
  ['千到', 'near 签到'],
  ['签道 古竹', 'near 签到'],
  ['好的', 'thanks'],
  ['你好', 'chatter'],
  ['谢谢', 'thanks'],
  ['我今天签到', 'chatter'],
  ['/etc/passwd', 'chatter'],
  ['', 'chatter'],
  ['/', 'chatter'],
  ['5月12日', 'chatter'],
  ['/没有这个命令', 'unknown 没有这个命令'],
  ['/foo', 'unknown foo'],
  ['请假是不是要先和卫生院说一声才能在群里发申请呢', 'chatter'],
  ['请假四月十七日因为要去省里开会改到四月二十四日', 'near 请假'],
];
test.each(DIRECT)('in direct chat: %j → %s', (typed, meant) => expect(hear(typed, { direct: true })).toBe(meant));
test('a mention that the platform took out of the text replaces the slash too', () => {
  expect(hear('签到已到公司', { mentioned: true })).toBe('/签到 [已到公司]');
  expect(hear('', { mentioned: true })).toBe('/帮助');
});

const LEXICON: Lexicon = {
  orgs: [
    { id: 'guzhu', names: ['古竹卫生院', '古竹乡卫生院', '古竹', '永定区古竹乡卫生院'] },
    { id: 'chengjiao', names: ['城郊卫生院', '城郊', '永定区城郊镇卫生院'] },
    { id: 'gaobei', names: ['高陂卫生院', '高陂中心卫生院', '高陂', '永定区高陂镇中心卫生院'] },
    { id: 'qu', names: ['区医院', '永定区医院'] },
    { id: 'qu-zhong', names: ['区中医院', '中医院', '永定区中医院'] },
    { id: 'shi-zhong', names: ['市中医院', '中医院', '龙岩市中医院'] },
  ],
  people: [
    { id: 'zhang', name: '张三' },
    { id: 'li', name: '李四' },
    { id: 'ouyang', name: '欧阳明' },
    { id: 'wang-1', name: '王小二', aliases: ['王小二(古竹)'] },
    { id: 'wang-2', name: '王小二', aliases: ['王小二(城郊)'] },
  ],
  visitTypes: { 坐诊: 'outpatient', 上门送医: 'home', 上门: 'home', 讲座: 'lecture' },
};
const MOVE: Record<string, Slot> = {
  to: { kind: 'labelled', labels: ['改到', '改为'], of: { kind: 'dates', prefer: 'future' } },
  days: { kind: 'dates', prefer: 'future' },
  half: { kind: 'half' },
  visit: { kind: 'ref' },
  all: { kind: 'choice', words: { 全部: 'all' } },
  person: { kind: 'person' },
  clinics: { kind: 'org', many: true },
  reason: { kind: 'rest' },
};
const ASK: Record<string, Slot> = {
  to: { kind: 'labelled', labels: [...MOVED_TO], behind: ['补班', '补'], of: { kind: 'dates', many: true, prefer: 'future' } },
  days: { kind: 'dates', many: true },
  leave: { kind: 'ref', plain: true },
  reason: { kind: 'rest' },
};
const PLAN: Record<string, Slot> = {
  pattern: { kind: 'pattern' },
  days: { kind: 'dates', many: true, prefer: 'future' },
  month: { kind: 'month' },
  person: { kind: 'person' },
  clinic: { kind: 'org' },
  half: { kind: 'half' },
  type: { kind: 'visit-type' },
  reason: { kind: 'rest' },
};
const VERIFY: Record<string, Slot> = {
  days: { kind: 'dates', prefer: 'past' },
  visit: { kind: 'ref' },
  person: { kind: 'person' },
  verdict: { kind: 'choice', words: { 在岗: 'present', 没到: 'not-there', 已改期: 'moved' } },
  reason: { kind: 'rest' },
};
const LATE: Record<string, Slot> = {
  days: { kind: 'dates', prefer: 'past' },
  person: { kind: 'person' },
  clinic: { kind: 'org' },
  half: { kind: 'half' },
  reason: { kind: 'rest' },
};
const CHECK_IN: Record<string, Slot> = {
  person: { kind: 'person' },
  clinic: { kind: 'org' },
  half: { kind: 'half' },
  insteadOf: { kind: 'labelled', labels: ['算作'], of: { kind: 'ref' } },
  note: { kind: 'rest' },
};
const SWAP: Record<string, Slot> = {
  people: { kind: 'person', many: true },
  since: { kind: 'labelled', labels: ['自', '从'], of: { kind: 'month', prefer: 'future' } },
  days: { kind: 'dates', prefer: 'future' },
  reason: { kind: 'rest' },
};
const FIGURES: Record<string, Slot> = { period: { kind: 'period' }, org: { kind: 'org' } };
const COUNT: Record<string, Slot> = { n: { kind: 'number' }, what: { kind: 'rest' } };

const sayValue = (v: unknown): string =>
  Array.isArray(v)
    ? v.map(x => (typeof x === 'object' ? sayItem(x as DateItem) : String(x))).join('+')
    : typeof v === 'object' && v !== null
      ? 'label' in v
        ? String(v.label)
        : JSON.stringify(v)
      : String(v);
const placed = (typed: string, slots: Record<string, Slot>): string => {
  const { values, problems, left } = place(typed, slots, LEXICON, TODAY);
  return [
    ...Object.keys(slots)
      .filter(k => values[k] !== undefined)
      .map(k => `${k}=${sayValue(values[k])}`),
    ...problems.map(p => `!${p.slot} ${p.kind} ${p.said}${'options' in p ? `(${p.options.map(o => o.id).join(' ')})` : ''}`),
    ...(left === undefined ? [] : [`left=${left}`]),
  ].join(' ');
};

describe('words find their places', () => {
  test.each<[string, Record<string, Slot>, string]>([
    ['7月25日 全部 台风 改到 7月27日', MOVE, 'to=07-27 days=07-25 all=all reason=台风'],
    ['改到 7月27日 全部 7月25日 台风', MOVE, 'to=07-27 days=07-25 all=all reason=台风'],
    ['7月25日全部台风改到7月27日', MOVE, 'to=07-27 days=07-25 reason=全部台风'],
    ['7月25日 古竹、城郊、高陂 台风 改到:7月27日上午', MOVE, 'to=07-27 am days=07-25 clinics=guzhu+chengjiao+gaobei reason=台风'],
    ['7月25日 古竹和城郊 台风 改到 7月27日', MOVE, 'to=07-27 days=07-25 clinics=guzhu+chengjiao reason=台风'],
    ['6月12日 张三 停电 改到 19日', MOVE, 'to=06-19 days=06-12 person=zhang reason=停电'],
    ['6月28日 停电 改到 3日', MOVE, 'to=07-03 days=06-28 reason=停电'],
    ['6月18日 停电 改到 17号', MOVE, 'to=06-17 days=06-18 reason=停电'],
    ['6月18日 停电 改到 17', MOVE, 'to=06-17 days=06-18 reason=停电'],
    ['6月18日 停电 改到 十七日上午', MOVE, 'to=06-17 am days=06-18 reason=停电'],
    ['明天 停电 改到 5号', MOVE, 'to=06-05 days=05-07 reason=停电'],
    ['57 停电 改到 6月19日', MOVE, 'to=06-19 visit=57 reason=停电'],
    ['6月12日 张三 改到 19 停电', MOVE, 'to=06-19 days=06-12 person=zhang reason=停电'],
    ['6月17日 张三 下午的改到22号上午 停电', MOVE, 'to=06-22 am days=06-17 half=pm person=zhang reason=停电'],
    ['6月17日 张三 停电 下午的改到22号上午', MOVE, 'to=06-22 am days=06-17 half=pm person=zhang reason=停电'],
    ['6月17日 张三 上午的班改到22号 停电', MOVE, 'to=06-22 days=06-17 half=am person=zhang reason=停电'],
    ['6月17日下午的改到22号上午 停电', MOVE, 'to=06-22 am days=06-17 pm half=pm reason=停电'],
    ['6月17日 张三 下午的讲座改到22号', MOVE, 'to=06-22 days=06-17 person=zhang reason=下午的讲座'],
    ['6月28日 改到 3', MOVE, 'to=07-03 days=06-28'],
    ['6月12日 改到 19号楼', MOVE, 'days=06-12 reason=改到 19号楼'],
    ['17日 出差 改期24日', ASK, 'to=05-24 days=05-17 reason=出差'],
    ['5.17 出差 5.24补', ASK, 'to=05-24 days=05-17 reason=出差'],
    ['5.17 出差 5.24 补班', ASK, 'to=05-24 days=05-17 reason=出差'],
    ['17日 下次再补', ASK, 'days=05-17 reason=下次再补'],
    ['0517 出差 改到 0524', ASK, 'to=05-24 days=05-17 reason=出差'],
    ['57 改到 0524', ASK, 'to=05-24 leave=57'],
    ['0830', ASK, 'reason=0830'],
    ['5-12 停电 改到 6月19日', MOVE, 'to=06-19 visit=5-12 reason=停电'],
    ['张三 5-12 停电 改到 5-14', MOVE, 'to=05-14 days=05-12 person=zhang reason=停电'],
    ['#5-12 改到明天', MOVE, 'to=05-07 visit=5-12'],
    ['编号57-2 改到明天', MOVE, 'to=05-07 visit=57-2'],
    ['7月25日 台风 改到 2月30日', MOVE, 'days=07-25 reason=台风 !to no-such-day 2月30日'],
    ['2月30日 台风', MOVE, 'reason=台风 !days no-such-day 2月30日'],
    ['7月25日 台风，路断了，改到哪天再说', MOVE, 'days=07-25 reason=台风，路断了，改到哪天再说'],
    ['7月25日 孩子明天考试 改到 7月27日', MOVE, 'to=07-27 days=07-25 reason=孩子明天考试'],
    ['孩子明天考试 7月25日 改到 7月27日', MOVE, 'to=07-27 days=07-25 reason=孩子明天考试'],
    ['停电7月25日 改到7月27日', MOVE, 'to=07-27 days=07-25 reason=停电'],
    ['7月25日 /签到 @所有人', MOVE, 'days=07-25 reason=/签到 @所有人'],
    ['张三 5月12日 上午 上门送医', PLAN, 'days=05-12 am person=zhang half=am type=home'],
    ['上门送医 上午 5月12日 张三', PLAN, 'days=05-12 person=zhang half=am type=home'],
    ['张三5月12日上午上门送医', PLAN, 'days=05-12 am person=zhang half=am type=home'],
    ['张三医师 5月12日', PLAN, 'days=05-12 person=zhang'],
    ['@张三 5月12日', PLAN, 'days=05-12 person=zhang'],
    ['张三 5月12日 5月19日 26号', PLAN, 'days=05-12+05-19+05-26 person=zhang'],
    ['张三 5月12日、19日 下午', PLAN, 'days=05-12 pm+05-19 pm person=zhang half=pm'],
    ['张三 5月12日 周二 上午', PLAN, 'days=05-12 am person=zhang half=am'],
    ['張三 5月12號 上午', PLAN, 'days=05-12 am person=zhang half=am'],
    ['张三 每月第二个周三', PLAN, 'pattern={"kind":"nth-weekday","nths":[2],"weekday":3} person=zhang'],
    ['张三 每月5日15日 上午 古竹', PLAN, 'pattern={"kind":"days-of-month","days":[5,15]} person=zhang clinic=guzhu half=am'],
    ['张三 农历逢三、八', PLAN, 'pattern={"kind":"market","figures":[3,8],"lunar":true} person=zhang'],
    ['张三 6月 每周三', PLAN, 'pattern={"kind":"weekly","weekdays":[3]} month=2026-06 person=zhang'],
    ['6月', PLAN, 'month=2026-06'],
    ['下个月 城郊', PLAN, 'month=2026-06 clinic=chengjiao'],
    ['古竹卫生院', PLAN, 'clinic=guzhu'],
    ['永定区古竹乡卫生院 6月', PLAN, 'month=2026-06 clinic=guzhu'],
    ['中医院 6月', PLAN, 'month=2026-06 !clinic ambiguous 中医院(qu-zhong shi-zhong)'],
    ['区中医院 6月', PLAN, 'month=2026-06 clinic=qu-zhong'],
    ['古足卫生院 6月', PLAN, 'month=2026-06 !clinic unknown-name 古足卫生院(guzhu)'],
    ['王小二 5月12日', PLAN, 'days=05-12 !person ambiguous 王小二(wang-1 wang-2)'],
    ['王小二(城郊) 5月12日', PLAN, 'days=05-12 person=wang-2'],
    ['欧阳名 5月12日', PLAN, 'days=05-12 !person unknown-name 欧阳名(ouyang)'],
    ['', PLAN, ''],
    ['古竹卫生院 下午去村里', CHECK_IN, 'clinic=guzhu note=下午去村里'],
    ['古竹卫生院下午去村里', CHECK_IN, 'clinic=guzhu note=下午去村里'],
    ['下午 古竹', CHECK_IN, 'clinic=guzhu half=pm'],
    ['张三', CHECK_IN, 'person=zhang'],
    ['张三 古竹 有纸质登记', CHECK_IN, 'person=zhang clinic=guzhu note=有纸质登记'],
    ['古竹村上门', CHECK_IN, 'note=古竹村上门'],
    ['和张三一起，没信号', CHECK_IN, 'note=和张三一起，没信号'],
    ['已到公司', CHECK_IN, 'note=已到公司'],
    ['算作 12-2', CHECK_IN, 'insteadOf=12-2'],
    ['李四 算作57', CHECK_IN, 'person=li insteadOf=57'],
    ['4月30日 没有信号', LATE, 'days=04-30 reason=没有信号'],
    ['昨天 古竹卫生院 手机没电', LATE, 'days=05-05 clinic=guzhu reason=手机没电'],
    ['昨天手机没电', LATE, 'days=05-05 reason=手机没电'],
    ['手机没电 昨天', LATE, 'days=05-05 reason=手机没电'],
    ['手机昨天没电', LATE, 'reason=手机昨天没电'],
    ['昨天上午 古竹 下乡 没信号', LATE, 'days=05-05 am clinic=guzhu half=am reason=下乡 没信号'],
    ['昨天 送孩子去医院', LATE, 'days=05-05 reason=送孩子去医院'],
    ['昨天\n手机没电\n后来借了充电器', LATE, 'days=05-05 reason=手机没电\n后来借了充电器'],
    ['5月4日 全部 在岗', VERIFY, 'days=05-04 verdict=present reason=全部'],
    ['12-2 在岗', VERIFY, 'visit=12-2 verdict=present'],
    ['12 没到', VERIFY, 'visit=12 verdict=not-there'],
    ['12-2 已改期 4月19日 上午', VERIFY, 'days=04-19 am visit=12-2 verdict=moved'],
    ['张三没到', VERIFY, 'person=zhang verdict=not-there'],
    ['没到 张三 昨天', VERIFY, 'days=05-05 person=zhang verdict=not-there'],
    ['张三 没到 说是在岗但没人', VERIFY, 'person=zhang verdict=not-there reason=说是在岗但没人'],
    ['张三 李四 自6月起', SWAP, 'people=zhang+li since=2026-06'],
    ['张三 李四 从下个月 退休', SWAP, 'people=zhang+li since=2026-06 reason=退休'],
    ['张三、李四 5月12日 自愿调整', SWAP, 'people=zhang+li days=05-12 reason=自愿调整'],
    ['本月 古竹', FIGURES, 'period=2026年5月 org=guzhu'],
    ['古竹 第二季度', FIGURES, 'period=2026年第二季度 org=guzhu'],
    ['今年', FIGURES, 'period=2026年'],
    ['5月1日-15日 区医院', FIGURES, 'period=5月1日 周五至5月15日 周五 org=qu'],
    ['二月三十日', FIGURES, '!period no-such-day 2月30日'],
    ['本月 张三', FIGURES, 'period=2026年5月 left=张三'],
    ['3次 量血压', COUNT, 'n=3 what=量血压'],
    ['十二 量血压', COUNT, 'n=12 what=量血压'],
    ['血压3级', COUNT, 'what=血压3级'],
  ])('%s', (typed, slots, meant) => expect(placed(typed, slots)).toBe(meant));
});

/** In April of a programme's year, in its January beside the year before, and after its end: what a month without a year means. */
describe('an unsaid year is that of the programme in force, but for what is just over', () => {
  const span = (year: number) => ({ from: day(`${year}-01-01`), to: day(`${year}-12-31`) });
  const of = (now: number, ...more: number[]) => ({ now: span(now), known: [now, ...more].map(span) });
  const first = of(2024);
  const second = of(2025, 2024);
  const across = { now: { from: day('2023-06-01'), to: day('2024-05-31') }, known: [] };
  const SHOW: Record<string, Slot> = { month: { kind: 'month', prefer: 'near' } };
  const PAST: Record<string, Slot> = { month: { kind: 'month', prefer: 'past' } };
  const PLANNED: Record<string, Slot> = { days: { kind: 'dates', prefer: 'future' } };
  const DAY: Record<string, Slot> = { days: { kind: 'dates', prefer: 'near' } };
  test.each<[typed: string, slots: Record<string, Slot>, today: string, terms: ReturnType<typeof of> | undefined, meant: string]>([
    ['12月', FIGURES, '2024-04-08', first, '2024年12月'],
    ['12月', FIGURES, '2024-04-08', undefined, '2023年12月'],
    ['第四季度', FIGURES, '2024-04-08', first, '2024年第四季度'],
    ['10-12月', FIGURES, '2024-04-08', first, '2024年10月至12月'],
    ['12月', SHOW, '2024-04-08', first, '2024-12'],
    ['11月', SHOW, '2024-04-08', first, '2024-11'],
    ['2月', SHOW, '2024-04-08', first, '2024-02'],
    ['12月5日', PLANNED, '2024-04-08', first, '2024-12-05'],
    ['12月5日', DAY, '2024-04-08', first, '2024-12-05'],
    ['12月', PAST, '2024-04-08', first, '2024-12'],
    // A December that has just ended is still meant; what is planned and what is shown are the same.
    ['12月', FIGURES, '2025-01-03', second, '2024年12月'],
    ['第四季度', FIGURES, '2025-02-28', second, '2024年第四季度'],
    ['12月', FIGURES, '2025-04-08', second, '2025年12月'],
    ['12月', PAST, '2025-04-08', second, '2024-12'],
    ['12月', SHOW, '2025-01-03', second, '2024-12'],
    ['12月5日', PLANNED, '2025-01-03', second, '2024-12-05'],
    ['12月', SHOW, '2025-02-10', second, '2025-12'],
    ['12月5日', PLANNED, '2025-02-10', second, '2025-12-05'],
    ['12月', SHOW, '2025-04-08', second, '2025-12'],
    // What the next programme has lies ahead.
    ['1月', SHOW, '2024-12-20', of(2024, 2025), '2025-01'],
    ['1月15日', PLANNED, '2024-12-20', of(2024, 2025), '2025-01-15'],
    // A day some weeks ahead is no day of last year's, though the programme ends before it.
    ['1月6日', DAY, '2024-12-20', first, '2025-01-06'],
    ['12月30日到1月2日', DAY, '2024-12-20', first, '2024-12-30'],
    ['5月25日', DAY, '2026-05-22', { now: { from: day('2024-05-24'), to: day('2026-05-23') }, known: [] }, '2026-05-25'],
    // After the end of the last one it is the last one's.
    ['3月', FIGURES, '2025-01-25', first, '2024年3月'],
    ['去年3月', FIGURES, '2025-01-25', first, '2024年3月'],
    ['2026年3月', FIGURES, '2025-01-25', first, '2026年3月'],
    // 年度 is the programme's own year where that crosses the calendar's, from its first day to its last; 今年 is the calendar's.
    ...['年度', '本年度', '今年度', '2023年度'].flatMap((typed): [string, typeof FIGURES, string, ReturnType<typeof of>, string][] => [
      [typed, FIGURES, '2023-06-01', across, '2023年6月至2024年5月'],
      [typed, FIGURES, '2024-05-31', across, '2023年6月至2024年5月'],
    ]),
    ['年度', FIGURES, '2024-06-01', across, '2023年6月至2024年5月'],
    ['今年度', FIGURES, '2024-06-01', across, '2024年'],
    ['2023年度', FIGURES, '2024-06-01', across, '2023年6月至2024年5月'],
    ['2024年度', FIGURES, '2024-01-02', across, '2024年'],
    ['今年', FIGURES, '2024-01-02', across, '2024年'],
    ['年度', FIGURES, '2024-04-08', first, '2024年'],
    ['本年度', FIGURES, '2024-04-08', first, '2024年'],
    // One of two years has no year of its own.
    ['本年度', FIGURES, '2025-01-02', { now: { from: day('2024-05-24'), to: day('2026-05-23') }, known: [] }, '2025年'],
  ])('%s (%o, %s)', (typed, slots, today, terms, meant) => {
    const [value] = Object.values(place(typed, slots, LEXICON, day(today), { terms }).values);
    const said = Array.isArray(value)
      ? (value[0] as DateItem).from
      : typeof value === 'object'
        ? (value as { label: string }).label
        : value;
    expect(said).toBe(meant);
  });
});
