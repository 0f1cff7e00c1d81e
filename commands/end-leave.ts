/** /销假 — takes a leave back before it begins, or reports back from it: what still lies ahead is put back as it was. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { daysOfLeave, leaveFile, leaveFiles, namesFor, openLeavesOn } from '../src/bot/leaves.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import { sayDay } from '../src/core/day.ts';
import { isEarlyEnd } from '../src/core/early-end.ts';
import { putBack } from '../src/core/leave-back.ts';
import { joinHalves, type LeaveFile, leaveState, leaveWord, sayLeaveDays } from '../src/core/leave-cards.ts';
import { dropVisits } from '../src/core/leave-granted.ts';
import { backNews, mootNews, owes } from '../src/core/leave-news.ts';
import { topicsOf } from '../src/core/leave-steps.ts';
import type { Change, Person, Visit } from '../src/core/records.ts';
import { sayVisitDay } from '../src/core/schedule.ts';
import { overWith, sayHalves } from '../src/core/visit.ts';

const args = z.object({ leave: z.string().optional(), person: z.string().optional() });
type Args = z.infer<typeof args>;

interface Facts {
  /** The named leave, or the ones that could be meant. */
  files: LeaveFile[];
  names: Awaited<ReturnType<typeof namesFor>> | undefined;
  physician: Person | undefined;
  /** Visits of the leave, their make-ups, and all of the same days. */
  visits: Visit[];
  /** What the visits of the leave were moved from. */
  sources: Visit[];
  /** Leaves that were asked of its make-up days. */
  further: LeaveFile[];
}

export default defineCommand<Args, Facts>({
  name: '销假',
  serves: ['leave'],
  aliases: ['撤假', '返岗', 'xj', 'xiaojia', 'back'],
  sayings: /(?:取消|撤回|撤销|撤掉|不用?)[请休]?.{0,2}假|假.{0,2}(?:不请|取消|结束|休完)|提前返岗/,
  summary: '撤回请假，或返岗销假',
  usage: '/销假 [编号]',
  examples: ['/销假', '/销假 57'],
  slots: { leave: { kind: 'ref', plain: true }, person: { kind: 'person' } },
  args,
  needsProgramme: true,
  concerns: (read, { leave }, { programme }) => daysOfLeave(read, leave, programme),

  async facts(read, { args, actor }) {
    const named = args.leave ? await leaveFile(read, args.leave) : undefined;
    const id = args.person ?? actor.person!.id;
    const files = named
      ? [named]
      : args.leave
        ? []
        : await leaveFiles(
            read,
            await read.all('leaves', { person: id, state: ['open', 'approved'] }, { by: 'at', descending: true, limit: 5 }),
          );
    const file = files[0];
    if (files.length !== 1 || !file)
      return { files, names: file && (await namesFor(read, file)), physician: undefined, visits: [], sources: [], further: [] };
    const ids = file.visits.flatMap(v => [v.visit, ...(v.made ? [v.made] : [])]);
    const days = [...new Set(file.visits.flatMap(v => [v.day, ...(v.toDay ? [v.toDay] : [])]))];
    const around = days.length ? await read.all('visits', { person: file.leave.person, day: days }) : [];
    const more = ids.length ? (await read.all('visits', { id: ids })).filter(v => !around.some(a => a.id === v.id)) : [];
    return {
      files,
      names: await namesFor(read, file),
      physician: await read.get('people', file.leave.person),
      visits: [...around, ...more],
      sources: ids.length ? await read.all('visits', { moved: file.visits.map(v => v.visit), state: 'moved' }) : [],
      further: await openLeavesOn(
        read,
        file.visits.flatMap(v => v.made ?? []),
      ),
    };
  },

  decide(asked) {
    const { facts: f, args, actor, today } = asked;
    const file = f.files[0];
    if (!file || !f.names)
      return refuse('leave.none-open', args.leave ? `没有编号 ${args.leave} 的请假` : '没有要销的假', '发 /请假 看自己的');
    if (f.files.length > 1)
      return {
        reply: {
          code: 'leave.which-one',
          title: '销哪一件？',
          tone: 'ask',
          lines: [],
          buttons: f.files.map(x => ({ label: sayLeaveDays(x, today), command: `/销假 ${x.leave.id}` })),
        },
        replyIn: 'direct',
      };
    const { leave } = file;
    const helps = actor.grants.some(
      g => (g.role === 'hospital' && g.org === leave.hospital) || (g.role === 'clinic' && file.visits.some(v => v.clinic === g.org)),
    );
    if (leave.person !== actor.person?.id && !helps)
      return { ...refuse('leave.not-yours', '这件请假不由您销', '由本人、其支援单位或受援单位销假'), private: true };
    if (leave.state === 'open') return withdraw(asked, f, file);
    if (leave.state === 'approved' && isEarlyEnd(leave))
      return refuse(
        'end.is-over',
        '派驻已经结束，不能销',
        `又来了：${rosterHint(actor.grants.map(g => g.role))}`,
        '十分钟内点错的，由同意的人发 /撤销',
      );
    if (leave.state === 'approved') return comeBack(asked, f, file);
    return {
      reply: {
        code: 'leave.settled',
        title: `这件${leaveWord(leave)}${leaveState(file, f.names)}`,
        tone: 'info',
        lines: [`编号${leave.id} ${sayLeaveDays(file, today)}`],
      },
    };
  },
});

const withdraw = ({ today, turn }: Asked<Args>, f: Facts, file: LeaveFile): Decision => {
  const { leave, steps, visits } = file;
  return {
    changes: [
      { table: 'leaves', id: leave.id, to: { ...leave, state: 'withdrawn' }, was: { state: 'open' } },
      ...steps
        .filter(s => s.state === 'waiting' || s.state === 'later')
        .map((s): Change => ({ table: 'leaveSteps', id: s.id, to: { ...s, state: 'void' } })),
    ],
    settles: topicsOf(leave.id, steps),
    tell: backNews(file, [], { names: f.names!, today, turn, notice: false }),
    reply: {
      code: 'leave.withdrawn',
      title: `已撤回${leaveWord(leave)}：${sayLeaveDays(file, today)}`,
      tone: 'ok',
      lines: visits.some(v => v.state === 'on' && v.day >= today) ? ['班次照常，请按时到岗'] : ['班次不变'],
    },
  };
};

/** The visits from today on are put back; a make-up that was done stays done. */
const comeBack = (asked: Asked<Args>, f: Facts, file: LeaveFile): Decision => {
  const { actor, today, turn, settings, programme } = asked;
  const { leave, steps, visits } = file;
  const { changes, back, kept } = putBack(visits, { ...f, today, turn, halfCounts: settings.get('half-day') === '是' });
  // A make-up day that is no more needs no leave either.
  const none = dropVisits(f.further, new Set(back.flatMap(v => v.made ?? [])));
  changes.push(...none.changes);
  const begun = leave.from < today || kept.length > 0;
  changes.push({ table: 'leaves', id: leave.id, to: { ...leave, state: begun ? 'ended' : 'withdrawn' }, was: { state: 'approved' } });
  for (const s of steps)
    if (s.state === 'waiting' || s.state === 'later') changes.push({ table: 'leaveSteps', id: s.id, to: { ...s, state: 'void' } });
  const owed = visits.filter(v => v.state === 'on' && !back.includes(v) && v.toDay === null);
  const lines = joinHalves(back).map(v => `${f.names!.org(v.clinic)} ${sayVisitDay(v, today)} 照常${v.made ? '，补班日取消' : ''}`);
  const todays = back.find(v => v.day === today);
  return {
    changes,
    settles: [
      ...topicsOf(leave.id, steps),
      ...none.topics,
      ...back.flatMap(v => (v.made ? overWith(v.made) : [])),
      ...visits.map(v => `leave-told/${leave.id}/${v.clinic}`),
    ],
    tell: [
      ...backNews(file, back, { names: f.names!, today, turn, notice: programme?.leave?.notice !== undefined }),
      ...(leave.person === actor.person?.id ? [] : mootNews(none.moot, turn, f.names!)),
    ],
    reply: {
      code: 'leave.ended',
      title: begun && !back.length ? '已销假' : `已销假，恢复${lines.length}天的班`,
      tone: 'ok',
      lines: [
        ...lines,
        ...kept,
        ...none.moot.map(l => `编号${l.id}的请假不用再批`),
        ...(owed.length && programme?.leave && owes(programme.leave)
          ? [`还有${owed.length}班没定补班日：${owed.map(v => `${sayDay(v.day, today)}${sayHalves(v)}`).join('、')}`]
          : []),
        '已告知各方',
      ],
      ...(todays ? { buttons: [{ label: '签到', command: `/签到 ${f.names!.orgs.get(todays.clinic)?.name ?? ''}` }] } : {}),
    },
  };
};
