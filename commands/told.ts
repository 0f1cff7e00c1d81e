/** /已告知 — the clinic says that the villagers know of a visit that was moved by leave. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { daysOfLeave, leaveFile, leaveFiles, namesFor } from '../src/bot/leaves.ts';
import { sayInstant } from '../src/core/day.ts';
import { type LeaveFile, leaveState, sayLeaveDays, villagersText } from '../src/core/leave-cards.ts';

const args = z.object({ leave: z.string().optional(), clinic: z.string().optional() });
type Args = z.infer<typeof args>;

interface Facts {
  file: LeaveFile | undefined;
  /** Leaves whose villagers the actor's clinics still owe word. */
  open: LeaveFile[];
  names: Awaited<ReturnType<typeof namesFor>> | undefined;
}

export default defineCommand<Args, Facts>({
  name: '已告知',
  serves: ['leave'],
  aliases: ['告知', '已通知', 'ygz', 'yigaozhi', 'told'],
  sayings:
    /^(?!.*[没未别吗么])(?:.*(?:通知|告诉|告知)(?:了|过)?(?:村民|群众|老?百姓)[了过]|.*(?:村民|群众|老?百姓).{0,3}(?:通知|告诉|告知)(?:到位?)?[了过])/,
  summary: '已把停诊改期告知群众',
  usage: '/已告知 [编号]',
  examples: ['/已告知 57'],
  slots: { leave: { kind: 'ref', plain: true }, clinic: { kind: 'org' } },
  args,
  needsProgramme: true,
  concerns: (read, { leave }, { programme }) => daysOfLeave(read, leave, programme),
  async facts(read, { args, actor }) {
    const clinics = actor.grants.filter(g => g.role === 'clinic').map(g => g.org);
    const lines = args.leave || !clinics.length ? [] : await read.all('leaveVisits', { clinic: clinics, told: null, state: 'on' });
    const leaves = lines.length ? await read.all('leaves', { id: [...new Set(lines.map(l => l.leave))], state: 'approved' }) : [];
    const open = await leaveFiles(read, leaves);
    const file = args.leave ? await leaveFile(read, args.leave) : open.length === 1 ? open[0] : undefined;
    return { file, open, names: (file ?? open[0]) && (await namesFor(read, (file ?? open[0])!)) };
  },
  decide({ args, facts, actor, today, now }) {
    const { file, names } = facts;
    if (!file || !names) {
      if (args.leave) return refuse('leave.unknown', `没有编号 ${args.leave} 的请假`, '发 /待办 看等您的事');
      return {
        reply: {
          code: facts.open.length ? 'told.which' : 'told.none',
          title: facts.open.length ? '哪一件？' : '没有要告知群众的',
          tone: 'info',
          lines: [],
          buttons: facts.open.map(f => ({ label: sayLeaveDays(f, today), command: `/已告知 ${f.leave.id}` })),
        },
      };
    }
    const stands = actor.grants.some(
      g =>
        ((g.role === 'bureau' || g.role === 'general') && g.county === file.leave.county) ||
        (g.role === 'hospital' && g.org === file.leave.hospital),
    );
    const concerned = file.visits.filter(
      v =>
        actor.grants.some(g => g.role === 'clinic' && g.org === v.clinic) ||
        (stands && (args.clinic === undefined || v.clinic === args.clinic)),
    );
    const mine = concerned.filter(v => v.state === 'on');
    const over = file.leave.state === 'withdrawn' || file.leave.state === 'ended' || file.leave.state === 'moot';
    if (concerned.length && (over || !mine.length))
      return {
        reply: {
          code: 'told.over',
          title: `${names.person(file.leave.person)}这件请假${leaveState(file, names)}，不用告知停诊`,
          tone: 'info',
          lines: [
            sayLeaveDays({ ...file, visits: concerned.map(v => ({ ...v, state: 'on' })) }, today),
            '停诊的话如已转发，请再告知群众按现在的排班',
          ],
        },
      };
    if (!mine.length) return { ...refuse('told.not-yours', '这件事不由您告知群众', '由受援单位，或其支援单位、卫健局代办'), private: true };
    if (file.leave.state !== 'approved') return refuse('told.not-granted', '还没有准假，先不要告知群众', `编号${file.leave.id}`);
    const open = mine.filter(v => v.told === null);
    if (!open.length)
      return {
        reply: {
          code: 'told.already',
          title: '已经登记过',
          tone: 'info',
          lines: mine[0]?.told ? [`${sayInstant(mine[0].told, today)} ${names.person(mine[0].toldBy ?? '')}`] : [],
        },
      };
    return {
      changes: open.map(v => ({
        table: 'leaveVisits' as const,
        id: v.id,
        to: { ...v, told: now, toldBy: actor.person!.id },
        was: { told: null },
      })),
      settles: [...new Set(open.map(v => `leave-told/${file.leave.id}/${v.clinic}`))],
      reply: {
        code: 'told.done',
        title: '已登记：群众已告知',
        tone: 'ok',
        lines: [
          ...[...new Set(open.map(v => v.clinic))].flatMap(c =>
            villagersText(
              names.org(c),
              open.filter(v => v.clinic === c),
              names.person(file.leave.person),
              null,
              today,
            ),
          ),
          ...(actor.grants.some(g => g.role === 'clinic' && g.org === open[0]!.clinic) ? [] : ['代办']),
        ],
      },
    };
  },
});
