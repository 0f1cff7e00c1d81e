/** Which words beside a day may be somebody's name: not the usual reasons, but every name that there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mayBeName } from '../../../src/core/words/strangers.ts';
import { packageRoot } from '../../../src/root.ts';

const REASONS = `
  停电 台风 修路 会议 体检 培训 调休 迎检 封路 暴雨 人手不足 全县停电 突发疫情
  连日暴雨 连降暴雨 强降雨 冷空气 雷击 路面结冰 路面塌方 江水上涨 河水倒灌 水管爆裂 房屋漏水 严重积水 干旱
  车辆故障 车辆年检 车祸 平台升级 系统故障 设备检修 管网改造 全员核酸 全院大会 县里开会 院里开会 例会 党课 党员大会
  单位安排 单位体检 年度考核 季度考核 项目验收 安全检查 卫生检查 巡查 省检 市检 应急演练 应急值守 公务接待 支援 抽调 下村 巡诊
  手术 急诊 门诊 夜班 轮休 补休 时间冲突 计划有变 村民赶集 群众不在 农忙 春耕 秋收 采茶 庙会 白事 高考 龙舟赛
`;
test.each(REASONS.trim().split(/\s+/))('%s is a reason', reason => {
  expect(mayBeName(reason)).toBeUndefined();
});

const folder = join(packageRoot, 'src/programmes/demo');
const NAMES = readdirSync(folder).flatMap(f =>
  [...readFileSync(join(folder, f), 'utf8').matchAll(/name: (\p{Script=Han}{2,4}), phone/gu)].map(m => m[1]!),
);
test('no name is taken for a reason, nor one that only looks like one', () => {
  expect(NAMES.length).toBeGreaterThan(60);
  for (const name of [...NAMES, '高雪', '洪峰', '龙舟', '江水生', '严寒', '温和', '安全福', '任务生', '车建国', '白露', '路平安'])
    expect(mayBeName(name)).toBe(name);
});
