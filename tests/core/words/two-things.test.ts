/** Where one thing that was said ends and another begins. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../../commands/index.ts';
import { day } from '../../../src/core/day.ts';
import { readCommandLine } from '../../../src/core/words/command-line.ts';
import { thingsIn } from '../../../src/core/words/two-things.ts';
import { loadProgrammes } from '../../../src/programmes/load.ts';
import { packageRoot } from '../../../src/root.ts';

const programme = loadProgrammes([join(packageRoot, 'src/programmes')]).find(p => p.programme.id === 'yongding-2024')!.programme;
const names = new Map(commands.flatMap(c => [c.name, ...c.aliases].map(n => [n.toLowerCase(), c.name] as const)));
const around = {
  names,
  commands: new Map(commands.map(c => [c.name, c])),
  lexicon: {
    orgs: [{ id: 'gz', names: ['古竹', '古竹卫生院'] }],
    people: [{ id: 'p1', name: '谢卓群' }],
    visitTypes: { 坐诊: 'clinic' },
  },
  today: day('2024-04-08'),
  by: programme,
  may: (name: string) => name !== '通报',
};
const split = (typed: string): string => {
  const line = readCommandLine(typed, { direct: true, mentioned: false, botNames: [], names });
  if (line.kind !== 'command') return line.kind;
  const { own, more, doubtful } = thingsIn(line, around);
  return [`${line.name} ${own}`.trim(), ...more.map(m => m.line)].join(' | ') + (doubtful ? ' ?' : '');
};

test.each<[typed: string, things: string]>([
  ['签到 填报 诊疗5', '签到 | 填报 诊疗5'],
  ['签到\n填报 诊疗5', '签到 | 填报 诊疗5'],
  ['/签到\n/填报 诊疗5', '签到 | 填报 诊疗5'],
  ['签到，填报 诊疗5 讨论2', '签到 | 填报 诊疗5 讨论2'],
  ['签到 古竹 填报 诊疗5', '签到 古竹 | 填报 诊疗5'],
  ['签到 下午去村里 填报 诊疗5', '签到 下午去村里 | 填报 诊疗5'],
  ['签到 填报', '签到 | 填报'],
  ['签到 /填报诊疗5', '签到 | 填报 诊疗5'],
  ['签到\n请假 17日 出差 改到 24日', '签到 | 请假 17日 出差 改到 24日'],
  ['签到\n填报 诊疗5\n统计 本月', '签到 | 填报 诊疗5 | 统计 本月'],
  ['签到\n填报\n诊疗5\n讨论2', '签到 | 填报 诊疗5\n讨论2'],
  ['请假\n签到', '请假 | 签到'],
  ['qd /tb 诊疗5', '签到 | tb 诊疗5'],
  // It may be one thing that does not read.
  ['填报 诊疗5 签到', '填报 诊疗5 | 签到 ?'],
  ['统计 3月 月报 3月', '统计 3月 | 月报 3月 ?'],
  // One thing, whatever words it has.
  ['补签 7日 来了 忘记 签到', '补签 7日 来了 忘记 签到'],
  ['补签 7日 忘记 签到 古竹', '补签 7日 忘记 签到 古竹'],
  ['签到 在村里 统计 老人', '签到 在村里 统计 老人'],
  ['签到 打卡', '签到 打卡'],
  ['签到 安排 下午 坐诊', '签到 安排 下午 坐诊'],
  ['签到 下午 在岗', '签到 下午 在岗'],
  ['签到 通报 3月', '签到 通报 3月'],
  ['签到 下午去村里\n路上堵车', '签到 下午去村里\n路上堵车'],
  ['请假 17日 区里 通报 会议 改到 24日', '请假 17日 区里 通报 会议 改到 24日'],
  ['请假 17日 单位要\n统计 局里的数据\n改到 24日', '请假 17日 单位要\n统计 局里的数据\n改到 24日'],
  ['改班 17日 谢卓群 请假 改到 24日', '改班 17日 谢卓群 请假 改到 24日'],
  ['认定 31 有因 请假 4月17日', '认定 31 有因 请假 4月17日'],
  ['核实 谢卓群 到岗', '核实 谢卓群 到岗'],
  ['帮助 签到', '帮助 签到'],
  ['/帮助 /填报', '帮助 /填报'],
  ['帮助 填报 诊疗5', '帮助 填报 诊疗5'],
  ['撤销 填报 诊疗5', '撤销 填报 诊疗5'],
  ['/撤销 /签到', '撤销 /签到'],
  ['统计 5月 汇总', '统计 5月 汇总'],
  ['导入 自5月起\n统计 表\n签到', '导入 自5月起\n统计 表\n签到'],
])('%j → %s', (typed, things) => expect(split(typed)).toBe(things));
