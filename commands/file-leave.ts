/** /备案 — each hop of a granted leave's filing, with its day and document number. The bot prints the sheet and submits nothing outside. */

import { z } from 'zod';
import { type Asked, defineCommand, refuse } from '../src/bot/command.ts';
import { daysOfLeave, leaveFile, leaveFiles, namesFor } from '../src/bot/leaves.ts';
import { dayAt, parseDay, sayDay } from '../src/core/day.ts';
import { rulesFor } from '../src/core/early-end.ts';
import { type LeaveFile, sayLeaveDays } from '../src/core/leave-cards.ts';
import { filingCard, type Saying, saying } from '../src/core/leave-news.ts';
import type { Change, LeaveStep, Person } from '../src/core/records.ts';

const args = z.object({
  leave: z.string().optional(),
  days: z.array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() })).optional(),
  text: z.string().max(80).optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  file: LeaveFile | undefined;
  open: { file: LeaveFile; name: string }[];
  names: Awaited<ReturnType<typeof namesFor>> | undefined;
  physician: Person | undefined;
  reason: string;
}

export default defineCommand<Args, Facts>({
  name: '备案',
  serves: ['leave'],
  aliases: ['报备', 'ba', 'beian', 'file'],
  summary: '登记请假逐级备案',
  usage: '/备案 编号 报市|市转报省 [日期] [文号]',
  examples: ['/备案 57', '/备案 57 报市 6月10日 某卫函〔2024〕3号'],
  slots: { leave: { kind: 'ref', plain: true }, days: { kind: 'dates', single: true, prefer: 'past' }, text: { kind: 'rest' } },
  args,
  needsProgramme: true,
  concerns: (read, { leave }, { programme }) => daysOfLeave(read, leave, programme),
  async facts(read, { args, actor }) {
    const counties = actor.grants.filter(g => g.role === 'bureau').map(g => g.county ?? '');
    const file = args.leave ? await leaveFile(read, args.leave) : undefined;
    const waiting =
      args.leave || !counties.length
        ? []
        : (await read.all('leaveSteps', { org: counties, state: 'waiting' })).filter(s => s.kind === 'filing');
    const open = waiting.length
      ? await leaveFiles(read, await read.all('leaves', { id: waiting.map(s => s.leave), state: 'approved' }))
      : [];
    const people = open.length ? await read.all('people', { id: open.map(o => o.leave.person) }) : [];
    return {
      file,
      open: open.map(o => ({ file: o, name: people.find(p => p.id === o.leave.person)?.name ?? '' })),
      names: file && (await namesFor(read, file)),
      physician: file && (await read.get('people', file.leave.person)),
      reason: file ? ((await read.unseal('leaves', file.leave.id, 'reason')) ?? '') : '',
    };
  },
  decide(asked) {
    const { args, facts, actor, today, programme } = asked;
    const { file, names } = facts;
    const rules = file ? rulesFor(programme, file.leave) : [programme?.leave, programme?.['early-end']].find(r => r?.filing);
    if (!rules?.filing) return refuse('filing.none', '这个方案没有要求逐级备案');
    if (!args.leave)
      return {
        reply: {
          code: 'filing.list',
          title: facts.open.length ? `待备案 ${facts.open.length} 件` : '没有待备案的',
          tone: facts.open.length ? 'ask' : 'info',
          lines: [],
          buttons: facts.open
            .slice(0, 6)
            .map(o => ({ label: `${o.name} ${sayLeaveDays(o.file, today)}`, command: `/备案 ${o.file.leave.id}` })),
        },
        replyIn: 'direct',
      };
    if (!file || !names || !actor.grants.some(g => g.role === 'bureau' && g.county === file.leave.county))
      return { ...refuse('leave.unknown', `没有编号 ${args.leave} 的请假`, '发 /备案 看待备案的'), private: true };
    const s = saying(asked, { names: facts.names!, reason: facts.reason, physician: facts.physician, rules });
    const hops = file.steps.filter(x => x.kind === 'filing');
    const next = hops.find(x => x.state === 'waiting');
    if (!args.text && !args.days) return { reply: filingCard(file, s), replyIn: 'direct' };
    if (file.leave.state !== 'approved' && !next) return refuse('filing.not-granted', '还没有准假，不用备案', `编号${file.leave.id}`);
    const text = args.text ?? '';
    const named = hops.find(h => text.startsWith(h.step));
    if (!named && !(text === '' && next))
      return refuse(
        'filing.which',
        '请写明哪一级',
        `可写：${hops.map(h => h.step).join('、')}`,
        `例：/备案 ${file.leave.id} ${hops[0]?.step ?? ''} 今天`,
      );
    const hop = named ?? next!;
    if (hop.state === 'agreed')
      return {
        reply: {
          code: 'filing.already',
          title: `${hop.step}已经登记过`,
          tone: 'info',
          lines: [`${hop.on ? sayDay(hop.on, today) : ''}${hop.number ? ` ${hop.number}` : ''}`],
        },
      };
    if (hop.id !== next?.id) return refuse('filing.order', `先登记${next?.step ?? '准假'}，再登记${hop.step}`, '备案要逐级报');
    const on = args.days?.[0]?.from ?? today;
    if (on > today) return refuse('filing.future', `${sayDay(on, today)}还没到`, '报了再登记');
    const granted = file.steps.find(x => x.kind === 'decision')?.at;
    const before = hops[hops.indexOf(hop) - 1]?.on ?? (granted ? dayAt(granted) : null);
    if (before !== null && on < before)
      return refuse('filing.before', `${sayDay(on, today)}早于前一步（${sayDay(before, today)}）`, '请核对日期');
    return record(asked, file, s, hop, hops, on, named ? text.slice(hop.step.length).trim() : '');
  },
});

const record = (
  { actor, now }: Asked<Args>,
  file: LeaveFile,
  s: Saying,
  hop: LeaveStep,
  hops: readonly LeaveStep[],
  on: LeaveStep['on'],
  number: string,
) => {
  const after: LeaveStep = { ...hop, state: 'agreed', by: actor.person!.id, at: now, how: 'self', on, number: number || null };
  const following = hops[hops.indexOf(hop) + 1];
  const opened: LeaveStep | undefined = following && { ...following, state: 'waiting', askedAt: now };
  const changes: Change[] = [{ table: 'leaveSteps', id: hop.id, to: after, was: { state: 'waiting' } }];
  if (opened) changes.push({ table: 'leaveSteps', id: opened.id, to: opened });
  const steps = file.steps.map(x => (x.id === hop.id ? after : x.id === opened?.id ? opened : x));
  const card = filingCard({ ...file, steps }, s);
  const late = hop.due !== null && on !== null && on > hop.due ? ['晚于规定时间，已注明'] : [];
  return {
    changes,
    settles: [`leave-filing/${file.leave.id}/${hop.step}`],
    replyIn: 'direct' as const,
    reply: { ...card, code: 'filing.done', title: `已登记：${hop.step}`, tone: 'ok' as const, lines: [...late, ...card.lines] },
  };
};
