/** /签退 — optional; its lack takes nothing away. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { sayDay, timeOf } from '../src/core/day.ts';
import type { CheckIn } from '../src/core/records.ts';
import { compareIds } from '../src/core/visit.ts';

const args = z.object({});

export default defineCommand<z.infer<typeof args>, CheckIn[]>({
  name: '签退',
  aliases: ['下班', 'qt', 'qiantui', 'checkout', 'check-out'],
  summary: '走时可签退，不签也不影响',
  usage: '/签退',
  examples: ['/签退'],
  // Whatever is said on leaving changes nothing.
  slots: { remark: { kind: 'rest', personal: true } },
  args,
  remarks: true,
  needsProgramme: true,
  facts: (read, { actor, today }) => read.all('checkIns', { person: actor.person!.id, day: today }),
  decide({ facts, today, now, programme }) {
    const last = [...facts].sort((a, b) => compareIds(a.id, b.id)).at(-1);
    if (!last) return refuse('check-out.no-check-in', '今天还没有签到', '发 /签到 即可，不用签退');
    if (last.leftAt !== null)
      return {
        reply: { code: 'check-out.already', title: '已经签退过', tone: 'info', lines: [`${sayDay(today)} ${timeOf(last.leftAt)}`] },
      };
    return {
      changes: [{ table: 'checkIns', id: last.id, to: { ...last, leftAt: now }, was: { leftAt: null } }],
      reply: {
        code: 'check-out.done',
        title: '已签退',
        tone: 'ok',
        lines: [`${sayDay(today)} ${timeOf(now)}`],
        // The day's figures are offered where the day ends, and asked for nowhere else.
        ...(programme?.workload ? { buttons: [{ label: '填工作量', command: `/填报 ${today}` }] } : {}),
      },
    };
  },
});
