/** /待办 — everything that waits for the asker. */
import { z } from 'zod';
import { defineCommand } from '../src/bot/command.ts';
import { type Todo, todosOf } from '../src/bot/todo.ts';

const args = z.object({});
const MOST = 6;

export default defineCommand<z.infer<typeof args>, Todo[]>({
  name: '待办',
  aliases: ['我的待办', '任务', 'db', 'daiban', 'todo'],
  sayings:
    /(?:什么|啥|哪些)事?.{0,2}[要该等].{0,3}[办做批]|[要等]我[办做批]|^(?:我们?|今天|明天|现在|这周|本周|还|该|要|有|得)*[干做](?:什么|啥)$|请?假.{0,2}要批/,
  shows: true,
  daily: ['physician', 'hospital', 'clinic', 'head', 'general', 'bureau', 'auditor'],
  summary: '等您办的事',
  usage: '/待办',
  examples: ['/待办'],
  slots: {},
  args,
  facts: (read, { actor, today, programme, programmes, settings }) => todosOf({ read, actor, today, programme, programmes, settings }),
  decide({ facts }) {
    if (!facts.length) return { reply: { code: 'todo.none', title: '没有等您办的事', tone: 'ok', lines: [] } };
    const buttons = facts.slice(0, MOST).flatMap(t => t.buttons);
    return {
      reply: {
        code: 'todo.shown',
        title: `有${facts.length}件事`,
        tone: 'ask',
        lines: [...facts.slice(0, MOST).map(t => t.line), ...(facts.length > MOST ? [`另有${facts.length - MOST}件，办完这些再看`] : [])],
        ...(buttons.length ? { buttons } : {}),
      },
      replyIn: 'direct',
    };
  },
});
