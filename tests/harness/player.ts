/** Somebody says something somewhere, again and again: a seed gives the same months each time. */
import type { Message } from '../../src/bot/stage.ts';
import { addDays, at, type Day, dayAt } from '../../src/core/day.ts';
import type { Role, Visit } from '../../src/core/records.ts';
import type { Chat } from './chat.ts';
import { type Fault, faultsOf, goneFaults, rowsOf } from './consistent.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
const numbers = (seed: number) => {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const REASONS = ['孩子高烧', '奔丧', '家里有事'];

export interface Played {
  seed: number;
  faults: Fault[];
  /** What was said of, to or by the one whom the first fault is about. */
  transcript: string[];
}

/** Plays until something is wrong, or so many things were said. */
export const play = async (room: Chat, seed: number, steps: number): Promise<Played> => {
  const next = numbers(seed);
  const below = (n: number) => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const chance = (p: number) => next() < p;
  const { sandbox } = room.open;
  const { read } = room.open.store();
  const { people, groups } = await sandbox.state();
  const holding = (...roles: Role[]) => people.filter(p => p.roles.some(r => roles.includes(r.role as Role)));
  const physicians = holding('physician');
  const orgs = new Map((await read.all('orgs', {})).map(o => [o.id, o.names[0] ?? o.name]));
  const persons = new Map((await read.all('people', {})).map(p => [p.id, p.name]));
  const heard: { text: string; messages: readonly Message[] }[] = [];
  const offered: { message: Message; index: number }[] = [];
  let rows = await rowsOf(read);
  let repeated: Parameters<typeof sandbox.say>[0] | undefined;

  const today = () => dayAt(sandbox.now());
  const near = (from: number, to: number): Day => addDays(today(), from + below(to - from + 1));
  const typed = (d: Day) => one([d, `${Number(d.slice(5, 7))}月${Number(d.slice(8))}日`, `${Number(d.slice(5, 7))}.${Number(d.slice(8))}`]);
  const half = () => one(['', '', '', '上午', '下午']);
  const ahead = (v: Visit) => v.state === 'on' && v.day >= addDays(today(), -3) && v.day <= addDays(today(), 14);
  const number = () => one([...rows.leaves.slice(-4), ...rows.cases.slice(-4)].map(x => x.id).concat('1'));

  /** About one visit: what its physician, its clinic or those above may say. */
  const line = (v: Visit): { who: string; text: string } => {
    const name = persons.get(v.person) ?? '';
    const role = one(['physician', 'physician', 'clinic', 'clinic', 'hospital', 'bureau'] as const);
    const unit = role === 'clinic' ? orgs.get(v.clinic) : role === 'hospital' ? orgs.get(v.hospital) : undefined;
    const staff = holding(role).filter(p => (role === 'physician' ? p.name === name : !unit || p.roles.some(r => r.org === unit)));
    const who = staff.length ? one(staff).name : one(physicians).name;
    const on = typed(v.day);
    const to = typed(near(-1, 20));
    const says =
      role === 'physician'
        ? [
            '签到',
            `签到 ${half()}`,
            `补签 ${typed(near(-3, 0))} 忘了签到`,
            `请假 ${on}${half()} ${one(REASONS)} 改到 ${to}`,
            `请假 ${on} ${one(REASONS)}`,
            `请假 ${number()} 改到 ${to}`,
            `销假 ${number()}`,
            '填报 诊疗5 其余0',
            `说明 ${number()} 路上车坏了`,
          ]
        : role === 'clinic'
          ? [
              `核实 ${on} ${name} ${half()} ${one(['在岗', '没到', '在路上'])}`,
              `核实 ${on} 全部 在岗`,
              `核实 ${v.id} 已改期 ${to}`,
              `改班 ${on} ${name} 停电 改到 ${to}`,
              `签到 ${name}`,
              `填报 ${name} ${on} 诊疗6 其余0`,
              `批准 ${number()}`,
              `驳回 ${number()} 人手不够`,
            ]
          : [
              `排班 ${name} ${to} ${half()}`,
              `排班 取消 ${name} ${on}`,
              `改班 ${v.id} 开会 改到 ${to}`,
              `换人 ${name} ${one(physicians).name} ${on}`,
              `批准 ${number()}`,
              `批准 ${number()}`,
              `驳回 ${number()} 人手不够`,
              `核实 ${orgs.get(v.clinic)} ${on} ${name} ${one(['在岗', '没到'])} 专人请假`,
              `认定 ${number()} 有因 核过了`,
            ];
    return { who, text: one(says).replace(/\s+/g, ' ').trim() };
  };

  const say = async (asked: Parameters<typeof sandbox.say>[0], text: string): Promise<string[]> => {
    const answer = await sandbox.say(asked);
    if ('problem' in answer) throw new Error(`${text}: ${answer.problem.message}`);
    heard.push({
      text: `${sandbox.now() ? today() : ''} ${people.find(p => p.id === asked.speaker)?.name}> ${text}`,
      messages: answer.messages,
    });
    for (const message of answer.messages) for (const index of (message.card.buttons ?? []).keys()) offered.push({ message, index });
    return answer.messages.map(m => m.code);
  };

  const act = async (): Promise<string[]> => {
    if (repeated && chance(0.05)) return say(repeated, '（重复送达）');
    if (offered.length && chance(0.3)) {
      const { message, index } = one(offered.slice(-30));
      const group = groups.find(g => g.id === message.conversation.id);
      const speaker = group ? one(group.members) : message.conversation.id.replace('direct:', '');
      const content = { kind: 'button' as const, message: message.id, index };
      return say({ conversation: message.conversation.id, speaker, content }, `[${message.card.buttons![index]!.command}]`);
    }
    const open = rows.visits.filter(ahead);
    const { who, text } = line(one(open.length ? open : rows.visits));
    const speaker = room.id(who);
    repeated = { conversation: 'direct', speaker, content: { kind: 'text', text }, eventId: `played-${heard.length}` };
    const codes = await say(repeated, text);
    return chance(0.1)
      ? [...codes, ...(await say({ conversation: 'direct', speaker, content: { kind: 'text', text: '撤销' } }, '撤销'))]
      : codes;
  };

  let faults: Fault[] = [];
  for (let n = 0; n < steps && !faults.length; n++) {
    if (chance(0.12)) await sandbox.moveTo(at(addDays(today(), 1), one(['07:50', '09:10', '12:30', '17:20'])));
    else await sandbox.moveTo(sandbox.now() + below(40) * 60_000);
    const [before, said] = [rows, heard.length];
    const wrong = (await act()).filter(code => code === 'failed' || code === 'conflict');
    rows = await rowsOf(read);
    const corrects = heard.slice(said).some(h => h.text.includes('更正'));
    faults = [...wrong.map(says => ({ person: '', says })), ...faultsOf(rows), ...(corrects ? [] : goneFaults(before, rows))];
  }
  const name = persons.get(faults[0]?.person ?? '') ?? '';
  const told = heard.map(h => [h.text, ...h.messages.map(m => `  ${m.code}: ${m.card.title} ${m.card.lines.join(' | ')}`)].join('\n'));
  return { seed, faults, transcript: told.filter((t, i) => i === told.length - 1 || (name !== '' && t.includes(name))).slice(-25) };
};
