/** /隐私 — what is kept, why, for how long, and whom to ask. */
import { z } from 'zod';
import { READERS } from '../src/bot/callers.ts';
import { defineCommand } from '../src/bot/command.ts';

const args = z.object({});

export default defineCommand<z.infer<typeof args>, null>({
  name: '隐私',
  aliases: ['个人信息', 'ys', 'yinsi', 'privacy'],
  summary: '存了什么、为什么、存多久',
  usage: '/隐私',
  examples: ['/隐私'],
  slots: {},
  args,
  facts: async () => null,
  decide({ programme }) {
    return {
      reply: {
        code: 'privacy.shown',
        title: '您的信息怎么用',
        tone: 'info',
        lines: [
          '存：姓名、单位、职称、手机号（加密，显示打码）、排班签到核实',
          '请假事由、说明和异议：加密，只给办理的人看，不进群',
          `受益群众姓名电话：加密，只给${READERS}，到期删除`,
          '用：只为下基层工作的安排和统计，不排名',
          '不存：命令以外的聊天、位置坐标、身份证号',
          '期限：发出的卡片90天清空，收到的编号30天；工作记录随方案归档',
          '看自己的：/我的数据（私聊）；要更正请找单位管理员',
          ...(programme ? [`负责单位：${programme.bureau}`] : []),
        ],
      },
    };
  },
});
