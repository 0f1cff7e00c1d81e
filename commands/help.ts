/** /帮助 — only what the asker may do here. */
import { z } from 'zod';
import { type AnyCommand, type Command, defineCommand, isServed, refuse } from '../src/bot/command.ts';
import { may } from '../src/bot/permissions.ts';

/** The word for every command with its line; so many are shown so anyway. */
const ALL = '全部';
const FEW = 8;

const args = z.object({ command: z.string().optional() });
type Args = z.infer<typeof args>;
interface Facts {
  /** An installation whose first admin has not come yet. */
  unclaimed: boolean;
}

/** Made with the list of commands, which it is itself a part of. */
export const help = (commands: () => readonly AnyCommand[]): Command<Args, Facts> =>
  defineCommand<Args, Facts>({
    name: '帮助',
    aliases: ['命令', '怎么用', '?', 'bz', 'bangzhu', 'help'],
    summary: '看能做什么',
    usage: '/帮助 [命令|全部]',
    examples: ['/帮助', '/帮助 签到', '/帮助 全部'],
    slots: { command: { kind: 'rest' } },
    args,
    namesCommands: true,
    looksBack: true,
    facts: async (read, { actor }) => ({ unclaimed: actor.person === null && (await read.count('grants', { role: 'admin' })) === 0 }),
    decide({ args, facts, actor, conversation, programme }) {
      const roles = actor.grants.map(g => g.role);
      const allowed = commands()
        .filter(c => may(c.name, roles, actor.person !== null, conversation.kind) === 'yes')
        .map(c => ({ ...c, ...c.saidTo?.(actor) }));
      const mine = allowed.filter(c => isServed(c, programme));
      if (args.command && args.command !== ALL) {
        const typed = args.command.replace(/^\//, '').toLowerCase();
        const c = allowed.find(x => x.name === typed || x.aliases.includes(typed));
        if (!c) return refuse('help.unknown', `没有您能用的“${args.command.slice(0, 12)}”`, '发 帮助 看能做什么');
        return {
          reply: {
            code: 'help.command',
            title: `/${c.name} ${c.summary}`,
            tone: 'info',
            lines: [
              `用法：${c.usage}`,
              ...c.examples.map(e => `例：${e}`),
              ...(c.aliases.length ? [`也可说：${c.aliases.slice(0, 6).join('、')}`] : []),
            ],
          },
        };
      }
      if (!actor.person) {
        return {
          reply: {
            code: 'help.stranger',
            title: '您好，先绑定才能用',
            tone: 'info',
            lines: [
              ...(facts.unclaimed ? ['还没有系统管理员：请他私聊我发 认领 代码 姓名', '代码在启动的终端里；演练台上就在页面上'] : []),
              '请私聊我发：绑定 姓名 手机后四位',
              '工作人员发：绑定 姓名 单位 角色',
              '信息怎么用：隐私',
            ],
          },
        };
      }
      const others = mine.filter(c => c.name !== '帮助');
      const daily = others.filter(c => c.daily?.some(r => roles.includes(r)));
      const whole = args.command === ALL || others.length <= FEW || !daily.length;
      const first = whole ? others : daily;
      const rest = others.filter(c => !first.includes(c));
      return {
        reply: {
          code: 'help.shown',
          title: `${actor.person.name}，您${conversation.kind === 'group' ? '在这里' : ''}可以：`,
          tone: 'info',
          lines: [
            ...first.map(c => `/${c.name} ${c.summary}`),
            ...(rest.length ? [`还能：${rest.map(c => c.name).join('、')}`] : []),
            ...(programme?.contact ? [`联系人：${programme.contact}`] : []),
            `怎么用发：帮助 ${first[0]!.name}${conversation.kind === 'group' ? '' : '；私聊不用打斜杠'}`,
          ],
          ...(rest.length ? { buttons: [{ label: '全部说明', command: `/帮助 ${ALL}` }] } : {}),
        },
      };
    },
  });
