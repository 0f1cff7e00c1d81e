/** How figures are really typed, and what each must mean; and the law that any figures in any style are read back. Today is Tuesday, 9 April 2024. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import reportWorkload from '../../../commands/report-workload.ts';
import { day } from '../../../src/core/day.ts';
import { clean } from '../../../src/core/words/clean.ts';
import { type FigureProblem, type FigureReading, figureLine, figuresFromFields } from '../../../src/core/words/figures.ts';
import { sayNumeral } from '../../../src/core/words/numerals.ts';
import { type Lexicon, place, type Slot } from '../../../src/core/words/place.ts';
import { TRADITIONAL } from '../../../src/core/words/traditional.ts';
import { loadProgrammes } from '../../../src/programmes/load.ts';
import type { FigureData } from '../../../src/programmes/schema.ts';
import { packageRoot } from '../../../src/root.ts';

const TODAY = day('2024-04-09');
const programmes = loadProgrammes([join(packageRoot, 'src/programmes')]).map(p => p.programme);
const ours = programmes.find(p => p.id === 'yongding-2024')!;
const theirs = programmes.find(p => p.id === 'fujian-2022')!;
const every = programmes.map(p => [p.id, p] as const);
const lexicon: Lexicon = {
  orgs: [
    { id: 'q', names: ['青山卫生院', '青山镇卫生院'] },
    { id: 'l', names: ['六里卫生院', '六里'] },
  ],
  people: [
    { id: 'z', name: '张三' },
    { id: 'w', name: '万十一' },
  ],
  visitTypes: {},
};
const SLOTS: Record<string, Slot> = {
  visit: { kind: 'labelled', labels: ['班次'], of: { kind: 'ref' } },
  reason: { kind: 'labelled', labels: ['原因'], of: { kind: 'rest' } },
  days: { ...reportWorkload.slots['days']!, many: false } as Slot,
  person: { kind: 'person' },
  clinic: { kind: 'org' },
  sure: { kind: 'choice', words: { 确认无误: 'sure', 无误: 'sure' } },
  figures: { kind: 'figures', of: 'workload' },
};
const MONTHLY = (of: 'workload' | 'publicity' | 'cost'): Record<string, Slot> => ({
  month: { kind: 'month', prefer: 'past' },
  clinic: { kind: 'org' },
  figures: { kind: 'figures', of },
});

const short = (figures: readonly FigureData[], id: string): string => figures.find(f => f.id === id)?.name ?? id;
const sayProblem = (figures: readonly FigureData[], p: FigureProblem): string => {
  const near = 'near' in p && p.near.length ? `→${p.near.map(n => short(figures, n)).join('/')}` : '';
  const of = 'figure' in p ? `${short(figures, p.figure)} ` : '';
  return `!${p.kind} ${of}${'values' in p ? p.values.join('|') : 'said' in p ? p.said : ''}${near}`;
};
/** Figures by name in the programme's order, texts in quotes, problems behind !, other slots in brackets. */
const read = (typed: string, slots = SLOTS, programme = ours, of: 'workload' | 'publicity' | 'cost' = 'workload'): string => {
  const { figures } = programme[of]!;
  const placed = place(clean(typed), slots, lexicon, TODAY, programme);
  const { figures: reading, days, ...rest } = placed.values as { figures?: FigureReading; days?: { from: string }[] };
  const out = figures.flatMap(f => (reading?.figures[f.id] === undefined ? [] : [`${f.name}${reading.figures[f.id]}`]));
  out.push(...figures.flatMap(f => (reading?.words[f.id] === undefined ? [] : [`${f.name}“${reading.words[f.id]}”`])));
  out.push(...(reading?.problems ?? []).map(p => sayProblem(figures, p)));
  if (days) out.push(`[${days.map(d => d.from.slice(5)).join()}]`);
  for (const [k, v] of Object.entries(rest)) out.push(`[${k} ${String(v)}]`);
  if (placed.left) out.push(`{${placed.left}}`);
  return out.join(' ');
};

type Rows = readonly (readonly [typed: string, meant: string])[];
const ALL = '诊疗30 讨论5 查房6 讲座1 培训10 特殊20 上门10';

const WHOLE: Rows = [
  ['诊疗30 讨论5 查房6 讲座1 培训10 特殊20 上门10 其他:协助转诊2人次', `${ALL} 其他“协助转诊2人次”`],
  ['上门10 特殊20 培训10 讲座1 查房6 讨论5 诊疗30', ALL],
  ['诊疗30讨论5查房6讲座1培训10特殊20上门10', ALL],
  ['诊疗30，讨论5，查房6，讲座1，培训10，特殊20，上门10', ALL],
  ['诊疗30、讨论5、查房6、讲座1、培训10、特殊20、上门10。', ALL],
  ['诊疗：30；讨论：5；查房：6；讲座：1；培训：10；特殊：20；上门：10', ALL],
  ['诊疗:30\n讨论:5\n查房:6\n讲座:1\n培训:10\n特殊:20\n上门:10\n其他:', ALL],
  ['诊疗 30 讨论 5 查房 6 讲座 1 培训 10 特殊 20 上门 10', ALL],
  ['诊疗 30人次 讨论 5次 查房 6次 讲座 1次 培训 10人次 特殊 20人次 上门 10次', ALL],
  ['30人次诊疗 5次讨论 6次查房 1次讲座 10人次培训 20人次特殊 10次上门', ALL],
  ['30人次诊疗，5次讨论，6次查房，1场讲座，10人培训，20人特殊人群，10次上门', ALL],
  ['30诊疗5讨论6查房1讲座10培训20特殊10上门', ALL],
  ['诊疗３０ 讨论５ 查房６ 讲座１ 培训１０ 特殊２０ 上门１０', ALL],
  ['诊疗三十 讨论五 查房六 讲座一 培训十 特殊二十 上门十', ALL],
  ['诊疗三十人次，讨论五次，查房六次，讲座一次，培训十人次，特殊二十人次，上门十次', ALL],
  ['診療30 討論5 查房6 講座1 培訓10 特殊20 上門10', ALL],
  ['诊疗量30人次 病例讨论5次 教学查房6次 学术讲座1次 业务培训10人次 特殊人群20人次 送医上门10次', ALL],
  ['诊疗量(人次)：30 病例讨论(次)：5 教学查房(次)：6 学术讲座(次)：1 培训基层医务人员人次(次)：10 特殊人群：20 送医上门服务：10', ALL],
  ['诊疗=30 讨论=5 查房=6 讲座=1 培训=10 特殊=20 上门=10', ALL],
  ['诊疗30/讨论5/查房6/讲座1/培训10/特殊20/上门10', ALL],
  ['诊疗30+讨论5+查房6+讲座1+培训10+特殊20+上门10', ALL],
  ['开展诊疗30人次，组织病例讨论5次，教学查房6次，举办讲座1次，培训医务人员10人次，服务特殊人群20人次，上门服务10次', ALL],
  ['今天看诊30个病人，讨论5，查房6，讲座1，培训村医10名，特殊20，上门10户', `${ALL} [04-09]`],
  ['诊疗30\n\n讨论5 查房6\n讲座1，培训10\n特殊20 上门10', ALL],
  ['诊疗\n30\n讨论\n5', '诊疗30 讨论5'],
  ['30，诊疗，5，讨论', '诊疗30 讨论5'],
  ['诊疗 30讨论 5', '诊疗30 讨论5'],
  ['诊疗共30人次 讨论共计5次', '诊疗30 讨论5'],
  ['诊疗是30 讨论为5', '诊疗30 讨论5'],
  ['诊疗(30) 讨论（5）', '诊疗30 讨论5'],
  ['诊疗——30 讨论—5', '诊疗30 讨论5'],
  ['诊疗了30人次', '诊疗30'],
  ['诊疗病人30', '诊疗30'],
  ['病人30', '!unknown 病人→诊疗'],
  ['病人：30', '!unknown 病人→诊疗'],
  ['30个病人', '!unknown 病人→诊疗'],
  ['看了18号', '!unknown 看了→诊疗'],
  ['挂了31号 讲了一堂课', '讲座1 !unknown 挂了→诊疗'],
  ['18个号', '!unknown 号→诊疗'],
  ['30 个病人', '!unknown 病人→诊疗'],
  ['病人30 讨论5', '讨论5 !unknown 病人→诊疗'],
  ['上转病人3', '上转3'],
  ['诊疗30人', '诊疗30'],
  ['门诊量 三十二', '诊疗32'],
  ['诊疗30 诊疗30', '诊疗30'],
  ['诊疗30 看诊30人次', '诊疗30'],
];
const NUMERALS: Rows = [
  ['诊疗十二', '诊疗12'],
  ['诊疗两百', '诊疗200'],
  ['诊疗二百五', '诊疗250'],
  ['诊疗一百零五', '诊疗105'],
  ['诊疗廿三', '诊疗23'],
  ['诊疗两千', '诊疗2000'],
  ['诊疗叁拾', '诊疗30'],
  ['诊疗1,200', '诊疗1200'],
  ['诊疗1，200', '诊疗1200'],
  ['诊疗30,5次讨论', '诊疗30 讨论5'],
  ['诊疗1.2万', '诊疗12000'],
  ['诊疗1万2千', '诊疗12000'],
  ['诊疗1万2000', '诊疗12000'],
  ['诊疗1万2', '!inexact 诊疗 1万2'],
  ['诊疗2千', '诊疗2000'],
  ['诊疗2k', '诊疗2000'],
  ['诊疗30.0', '诊疗30'],
  ['诊疗０', '诊疗0'],
  ['诊疗零', '诊疗0'],
  ['讨论两次', '讨论2'],
  ['讨论俩', '讨论2'],
  ['诊疗007', '诊疗7'],
];
const ZEROES: Rows = [
  ['诊疗30 讲座0', '诊疗30 讲座0'],
  ['诊疗30 讲座无', '诊疗30 讲座0'],
  ['诊疗30 没有讲座', '诊疗30 讲座0'],
  ['诊疗30，讲座没有', '诊疗30 讲座0'],
  ['诊疗30 讲座：无', '诊疗30 讲座0'],
  ['诊疗30 讲座未开展', '诊疗30 讲座0'],
  ['诊疗30 其余0', '诊疗30 讨论0 查房0 讲座0 培训0 特殊0 上门0'],
  ['诊疗30，其余没有', '诊疗30 讨论0 查房0 讲座0 培训0 特殊0 上门0'],
  ['诊疗30 其余都是0', '诊疗30 讨论0 查房0 讲座0 培训0 特殊0 上门0'],
  ['诊疗30 上门2 其他都没有', '诊疗30 讨论0 查房0 讲座0 培训0 特殊0 上门2'],
  ['诊疗30 其他各项均为0', '诊疗30 讨论0 查房0 讲座0 培训0 特殊0 上门0'],
  ['诊疗30 其余5', '诊疗30 !unclear 其余5'],
  ['讨论、查房、讲座各2次', '讨论2 查房2 讲座2'],
  ['诊疗30 讨论查房各2', '诊疗30 讨论2 查房2'],
  ['诊疗30，讨论和查房都是0', '诊疗30 讨论0 查房0'],
  ['讲座培训都没有 诊疗30', '诊疗30 讲座0 培训0'],
];
const AROUND: Rows = [
  ['4月8日 青山卫生院 张三 诊疗30 讨论5', '诊疗30 讨论5 [04-08] [clinic q] [person z]'],
  ['诊疗30 讨论5 张三 青山卫生院 4月8日', '诊疗30 讨论5 [04-08] [person z] [clinic q]'],
  ['昨天诊疗30讨论5', '诊疗30 讨论5 [04-08]'],
  ['张三4月8日诊疗30', '诊疗30 [04-08] [person z]'],
  ['六里 诊疗6', '诊疗6 [clinic l]'],
  ['万十一 诊疗十一', '诊疗11 [person w]'],
  ['周一 诊疗一百', '诊疗100 [04-08]'],
  ['4.8 诊疗30', '诊疗30 [04-08]'],
  ['诊疗30 4.8', '诊疗30 [04-08]'],
  ['8号 诊疗8', '诊疗8 [04-08]'],
  ['四月八号诊疗八', '诊疗8 [04-08]'],
  ['班次57-2 诊疗30', '诊疗30 [visit 57-2]'],
  ['诊疗500 无误', '诊疗500 [sure sure]'],
  ['诊疗28 原因 昨天数错', '诊疗28 [reason 昨天数错]'],
  ['昨天 诊疗28 原因：把讨论5记成查房5', '诊疗28 [04-08] [reason 把讨论5记成查房5]'],
  ['', ''],
];
const TEXTS: Rows = [
  ['其他:协助转诊2人次 诊疗30', '诊疗30 其他“协助转诊2人次”'],
  ['其他：义诊、发放药品，诊疗30', '诊疗30 其他“义诊、发放药品”'],
  ['诊疗30 其他协助转诊2人次', '诊疗30 其他“协助转诊2人次”'],
  ['诊疗30 其他服务情况：随访张三家属5人', '诊疗30 其他“随访张三家属5人”'],
  ['诊疗30 其他:参加讲座1次的筹备', '诊疗30 其他“参加讲座1次的筹备”'],
  ['诊疗30 其他：无', '诊疗30 其他“无”'],
  ['其他：4月8日起设点\n诊疗30', '诊疗30 其他“4月8日起设点”'],
  ['诊疗30上门2其他:送药', '诊疗30 上门2 其他“送药”'],
  ['其他:「诊疗5 讨论6」 诊疗30', '诊疗30 其他“诊疗5 讨论6”'],
  ['其他:甲 其他:乙', '其他“甲” !repeated 其他 甲|乙'],
];
const OPTIONAL: Rows = [
  ['诊疗30 上转2 下转1 远程3 适宜技术1', '诊疗30 上转2 下转1 远程3 适宜技术1'],
  ['向上转诊2人次，接收下转1', '上转2 下转1'],
  ['远程会诊3次', '远程3'],
];
const SPOKEN: Rows = [
  ['今天看了30个病人', '诊疗30 [04-09]'],
  ['看了三十个病人', '诊疗30'],
  ['一共看了30个病人', '诊疗30'],
  ['我今天看了30人', '诊疗30 [04-09]'],
  ['看了30个病人，带教查房6次，培训了10个人', '诊疗30 查房6 培训10'],
  ['今天看了30个病人，带教查房6次', '诊疗30 查房6 [04-09]'],
  ['看了30个病人，其中特殊人群20个，上门2户', '诊疗30 特殊20 上门2'],
  // So many registrations; without 个 it is a number above any day of a month, else it is asked.
  ['看了18个号', '诊疗18'],
  ['今天挂了18个号，讲了一堂课', '诊疗18 讲座1 [04-09]'],
  ['看了十八个号', '诊疗18'],
  ['看了35号', '诊疗35'],
  ['看了32号 讨论5', '诊疗32 讨论5'],
  ['4月3日看了18个号', '诊疗18 [04-03]'],
  ['讲了1次课 查了两次房', '查房2 讲座1'],
  ['讲了一堂课，给10个村医培训', '讲座1 培训10'],
  ['开了一场讲座，给村医培训10人', '讲座1 培训10'],
  ['没查房 没讲课 诊疗30', '诊疗30 查房0 讲座0'],
  ['今天没有病人，培训10', '诊疗0 培训10 [04-09]'],
  ['查房没做', '查房0'],
  ['门诊看了30个病人', '诊疗30'],
  ['门诊病人三十人', '诊疗30'],
  ['上门看了3户', '上门3'],
  ['诊疗一共30人次', '诊疗30'],
  ['一共诊疗30', '诊疗30'],
  ['已诊疗30人，讨论5，谢谢', '诊疗30 讨论5'],
  ['今日工作量：诊疗30，讨论5，已完成', '诊疗30 讨论5 [04-09]'],
  ['下午上门2户', '上门2'],
];
/** Said, but not exactly: asked, never made up. */
const VAGUE: Rows = [
  ['门诊三十来个', '!inexact 诊疗 三十来个'],
  ['看了三十来个病人', '!inexact 诊疗 三十来个病人'],
  ['看了30多个病人', '!inexact 诊疗 30多个病人'],
  ['看了几十个病人', '!inexact 诊疗 几十个病人'],
  ['门诊好几十个', '!inexact 诊疗 好几十个'],
  ['大概看了30个病人', '!inexact 诊疗 30个病人'],
  ['查房几次', '!inexact 查房 几次'],
  ['诊疗30O', '!inexact 诊疗 30O'],
  ['诊疗100%', '!inexact 诊疗 100%'],
  ['看了30个', '!unknown 看了→诊疗'],
  ['30个病人', '!unknown 病人→诊疗'],
  ['上午看了20个病人，下午看了10个病人', '诊疗20 !parts 诊疗 20|10'],
  ['上午诊疗20 下午诊疗10 讨论5', '诊疗20 讨论5 !parts 诊疗 20|10'],
  // What was counted is something else than what the figure counts.
  ['讲座10人', '!other-unit 讲座 10人'],
  ['讲座1场10人', '讲座1 !bare 10'],
  ['查房6个病人', '!other-unit 查房 6个病人'],
  ['培训2场', '!other-unit 培训 2场'],
  ['上门看了3个病人', '!other-unit 上门 3个病人'],
  // Patients are no trainees because the next word is 培训.
  ['30个病人，培训', '!unknown 病人→诊疗 !missing 培训 培训'],
  ['30个病人 培训', '!unknown 病人→诊疗 !missing 培训 培训'],
  ['查房6次 30个病人，讲座', '查房6 !unknown 病人→诊疗 !missing 讲座 讲座'],
  ['30个群众 培训', '!unclear 30个群众 培训'],
  ['诊疗没统计', '!stray 诊疗没统计'],
];
const WRONG: Rows = [
  ['诊疗-30', '!negative 诊疗 -30'],
  ['诊疗 -30', '!negative 诊疗 -30'],
  ['诊疗－30', '!negative 诊疗 -30'],
  ['诊疗−30', '!negative 诊疗 −30'],
  ['诊疗负三十', '!negative 诊疗 负三十'],
  ['诊疗2.5', '!fraction 诊疗 2.5'],
  ['诊疗二点五', '!fraction 诊疗 二点五'],
  ['诊疗5.12', '!fraction 诊疗 5.12'],
  ['诊疗1234567890', '!enormous 诊疗 1234567890'],
  ['诊疗99999999999999999999999', '!enormous 诊疗 99999999999999999999999'],
  ['诊疗30多', '!inexact 诊疗 30多'],
  ['诊疗30多人次', '!inexact 诊疗 30多人次'],
  ['诊疗十几个', '!inexact 诊疗 十几个'],
  ['诊疗约30', '!inexact 诊疗 30'],
  ['诊疗30左右', '!inexact 诊疗 30左右'],
  ['诊疗30-40', '!inexact 诊疗 30-40'],
  ['诊疗三四十', '!inexact 诊疗 三四十'],
  ['诊疗30 诊疗40', '诊疗30 !repeated 诊疗 30|40'],
  ['诊疗30 看诊40', '诊疗30 !repeated 诊疗 30|40'],
  ['诊疗 讨论5', '讨论5 !missing 诊疗 诊疗'],
  ['诊疗', '!missing 诊疗 诊疗'],
  ['诊疗: 讨论:5', '讨论5'],
  ['诊疗30讨论', '!unclear 诊疗30讨论'],
  ['30诊疗5', '!unclear 30诊疗5'],
  ['30', '!bare 30'],
  ['30 5 6', '!bare 30|5|6'],
  ['诊疗30 5', '诊疗30 !bare 5'],
  ['义诊20', '!unknown 义诊→诊疗'],
  ['义诊 20 诊疗30', '诊疗30 !unknown 义诊→诊疗'],
  ['诊料30', '!unknown 诊料→诊疗'],
  ['会诊5', '!unknown 会诊→远程/诊疗'],
  ['病例大讨论3', '!unknown 病例大讨论→讨论'],
  ['查方6 诊疗30', '诊疗30 !unknown 查方→查房'],
  ['诊疗30 今天很忙', '诊疗30 !stray 很忙 [04-09]'],
  ['诊疗30很忙', '诊疗30 !stray 很忙'],
  ['很忙 诊疗30', '诊疗30 !stray 很忙'],
];

describe.each([
  ['all of them, in every way', WHOLE],
  ['numbers', NUMERALS],
  ['nothing is a number too', ZEROES],
  ['among days, names and other words', AROUND],
  ['texts', TEXTS],
  ['figures that are never asked for', OPTIONAL],
  ['as it is said', SPOKEN],
  ['as it is said, but not exactly', VAGUE],
  ['what is wrong is said by name', WRONG],
])('%s', (_, rows) => {
  test.each(rows)('%s', (typed, meant) => expect(read(typed)).toBe(meant));
});

const PUBLICITY: Rows = [
  ['传单100 公众号100 电子屏100 工作室有 其他:进村宣讲', '传单100 公众号100 电子屏100 工作室1 其他“进村宣讲”'],
  ['4月 青山卫生院 传单100份 微信阅读量1.2万', '传单100 公众号12000 [month 2024-04] [clinic q]'],
  ['2024-04 青山卫生院 传单100', '传单100 [month 2024-04] [clinic q]'],
  ['上月传单一百', '传单100 [month 2024-03]'],
  ['工作室：是', '工作室1'],
  ['有工作室', '工作室1'],
  ['已设专家工作室', '工作室1'],
  ['工作室已设置', '工作室1'],
  ['工作室√', '工作室1'],
  ['工作室1', '工作室1'],
  ['工作室没有', '工作室0'],
  ['没有工作室 传单5', '传单5 工作室0'],
  ['工作室未设', '工作室0'],
  ['工作室否', '工作室0'],
  ['工作室×', '工作室0'],
  ['工作室已经建了', '工作室1'],
  ['工作室建好了', '工作室1'],
  ['工作室还没建', '工作室0'],
  ['还没有工作室', '工作室0'],
  ['工作室2', '!not-yes-no 工作室 2'],
  ['工作室', '!missing 工作室 工作室'],
];
test.each(PUBLICITY)('of a clinic’s month: %s', (typed, meant) => expect(read(typed, MONTHLY('publicity'), ours, 'publicity')).toBe(meant));
const COST: Rows = [
  ['1000', '经费100000'],
  ['1000元', '经费100000'],
  ['经费1000', '经费100000'],
  ['4月 1000.5元', '经费100050 [month 2024-04]'],
  ['4月1000元', '经费100000 [month 2024-04]'],
  ['1,234.56', '经费123456'],
  ['三千五百元', '经费350000'],
  ['1.2万', '经费1200000'],
  ['1000 2000', '!bare 1000|2000'],
  ['1000.123', '!fraction 经费 1000.123'],
  ['没有', '经费0'],
  ['无', '经费0'],
  ['车费500 住宿费300', '!parts 经费 500|300'],
  ['车费500', '!unknown 车费→经费'],
  ['-5', '!negative 经费 -5'],
  ['0', '经费0'],
];
test.each(COST)('cost: %s', (typed, meant) => expect(read(typed, MONTHLY('cost'), ours, 'cost')).toBe(meant));

test('another programme has other words', () => {
  expect(read('诊疗30 网课2 健康宣教3 上门5', SLOTS, theirs)).toBe('诊疗30 线上教学2 宣教3 !unknown 上门');
});

const traditional = new Map([...TRADITIONAL].map(([t, s]) => [s, t]));
const counts = (figures: readonly FigureData[]) => figures.filter(f => f.kind === 'count');
const wide = (s: string) => s.replace(/\d/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const NUMBER: ((n: number) => string)[] = [String, n => wide(String(n)), sayNumeral, n => n.toLocaleString('en-US')];

test.each(every)('any figures of %s in any style, order and numerals are read back', (_, programme) => {
  const figures = programme.workload!.figures;
  const any = fc.uniqueArray(fc.constantFrom(...counts(figures)), { minLength: 1, selector: f => f.id }).chain(chosen =>
    fc.record({
      chosen: fc.constant(chosen),
      values: fc.array(fc.nat({ max: 99_999 }), { minLength: chosen.length, maxLength: chosen.length }),
      words: fc.array(fc.nat(), { minLength: chosen.length, maxLength: chosen.length }),
      number: fc.constantFrom(...NUMBER),
      first: fc.boolean(),
      unit: fc.boolean(),
      link: fc.constantFrom('', ' ', ':', '：', '=', '：　'),
      between: fc.constantFrom(' ', '，', '、', '；', '\n', '　', ' ， ', '\r\n'),
      old: fc.boolean(),
      // What is a figure of the programme is one behind 其他 as well.
      other: fc.option(
        fc.constantFrom(
          ...['协助转诊2人次', '义诊3场', '送药下乡', '无'].filter(
            t => !figures.some(f => [f.name, ...f.words].some(w => t.startsWith(w))),
          ),
        ),
      ),
      otherFirst: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(any, s => {
      const parts = s.chosen.map((f, i) => {
        const word = [f.name, ...f.words][s.words[i]! % (f.words.length + 1)]!;
        const n = `${s.number(s.values[i]!)}${s.unit ? f.unit : ''}`;
        return s.first ? `${word}${s.link}${n}` : `${n}${s.link.trim() && ''}${word}`;
      });
      if (s.other) s.otherFirst ? parts.unshift(`其他：${s.other}\n`) : parts.push(`其他：${s.other}`);
      const typed = parts.join(s.between);
      const line = s.old ? [...typed].map(c => traditional.get(c) ?? c).join('') : typed;
      const { figures: got } = place(clean(line), SLOTS, lexicon, TODAY, programme).values as { figures: FigureReading };
      expect(got.problems, line).toEqual([]);
      expect(got.figures, line).toEqual(Object.fromEntries(s.chosen.map((f, i) => [f.id, s.values[i]!])));
      expect(got.words['other'], line).toBe(s.other ?? undefined);
    }),
    { numRuns: 1500 },
  );
});

test.each(every)('what %s has said around a number is read, beside any other figure', (_, programme) => {
  const figures = programme.workload!.figures;
  const sayings = figures.flatMap(figure => figure.sayings.map(s => ({ figure, halves: s.split('…') as [string, string] })));
  fc.assert(
    fc.property(
      fc.constantFrom(...sayings),
      fc.constantFrom(...counts(figures)),
      fc.nat({ max: 9999 }),
      fc.nat({ max: 99 }),
      fc.constantFrom('', '了', '过', '了一共'),
      fc.constantFrom(...NUMBER),
      fc.constantFrom('，', ' ', '\n', '。'),
      fc.boolean(),
      ({ figure, halves: [head, tail] }, other, n, m, after, number, between, first) => {
        if (other.id === figure.id) return;
        const said = `${head}${after}${number(n)}个${tail}`;
        const plain = `${other.name}${m}`;
        const typed = (first ? [said, plain] : [plain, said]).join(between);
        const { figures: got } = place(clean(typed), SLOTS, lexicon, TODAY, programme).values as { figures: FigureReading };
        expect(got, typed).toEqual({ figures: { [figure.id]: n, [other.id]: m }, words: {}, problems: [] });
      },
    ),
  );
});

test('the line that says figures is read back as them', () => {
  for (const [of, figures] of [
    ['workload', ours.workload!.figures],
    ['publicity', ours.publicity!.figures],
    ['cost', ours.cost!.figures],
  ] as const) {
    const value = (f: FigureData) =>
      f.kind === 'text'
        ? fc.option(fc.string({ maxLength: 20 }).map(s => clean(s.replace(/[「」\n]/g, ''))))
        : fc.option(fc.nat({ max: f.kind === 'yes-no' ? 1 : 999_999 }));
    fc.assert(
      fc.property(fc.tuple(...figures.map(value)), values => {
        const given = { figures: {} as Record<string, number>, words: {} as Record<string, string> };
        figures.forEach((f, i) => {
          const v = values[i];
          if (typeof v === 'number') given.figures[f.id] = v;
          else if (typeof v === 'string' && v.trim()) given.words[f.id] = v.trim();
        });
        const line = figureLine(figures, given);
        if (line === '') return;
        const { figures: got } = place(line, MONTHLY(of), lexicon, TODAY, ours).values as { figures: FigureReading };
        expect(got, line).toEqual({ ...given, problems: [] });
      }),
    );
  }
});

test('more than anybody says of a day is not read', () => {
  expect(read('诊疗30 '.repeat(300))).toBe('诊疗30');
  expect(read('诊疗30 '.repeat(500))).toBe('!long ');
});

test('nothing that is typed breaks anything, and every figure that is read is a count', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'诊疗讨论查房其他余各30一百万-.,，: 次人\n没有4月8日张三「」约多') }), typed => {
      const got = (place(clean(typed), SLOTS, lexicon, TODAY, ours).values as { figures?: FigureReading }).figures;
      for (const v of Object.values(got?.figures ?? {})) expect(Number.isInteger(v) && v >= 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a form’s fields: empty is not reported, zero is', () => {
  const figures = ours.workload!.figures;
  expect(figuresFromFields(figures, { consultations: '３０', lectures: '0', rounds: '', trainees: '十人次', other: '义诊\n送药' })).toEqual(
    {
      figures: { consultations: 30, lectures: 0, trainees: 10 },
      words: { other: '义诊；送药' },
      problems: [],
    },
  );
  expect(figuresFromFields(figures, { consultations: '-3', rounds: '很多' }).problems.map(p => p.kind)).toEqual(['negative', 'inexact']);
  expect(figuresFromFields(ours.publicity!.figures, { studio: '1', leaflets: '无' }).figures).toEqual({ studio: 1, leaflets: 0 });
});
