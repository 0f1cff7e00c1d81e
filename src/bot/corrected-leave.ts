/** 不对，是18号 right after a leave was asked: the corrected line is offered, and nothing is done. */
import type { Card } from '../core/card.ts';
import type { Day, Instant } from '../core/day.ts';
import { sayLeaveDays } from '../core/leave-cards.ts';
import { sayHalves } from '../core/visit.ts';
import { clean } from '../core/words/clean.ts';
import type { DateItem } from '../core/words/dates.ts';
import type { Lexicon } from '../core/words/lexicon.ts';
import { type Placed, place } from '../core/words/place.ts';
import type { Actor, AnyCommand } from './command.ts';
import { leaveFile } from './leaves.ts';
import { READINGS, type Read } from './ports.ts';

const WITHIN = 10 * 60_000;
const CORRECTS = /^(?:不对|不是|搞错|[弄写打输说点发报]?错了|更正|改正|应该?[是为]|是(?=[\d一二三四五六七八九十明后下])|[改换补])/;
const NOT_BUT = /不是(?<wrong>.{1,10}?)[，,\s]*(?:而|应该?)?是(?<right>.{1,10})$/;
interface Corrected {
  days?: DateItem[];
  to?: DateItem[];
}
/** Days that are counted from today; others from the leave. */
const FROM_TODAY = /[今明后]天|[上本这下]周|星期|礼拜/;
const HALVES = { am: '上午', pm: '下午', day: '' } as const;

const typed = (items: readonly DateItem[]): string =>
  items.map(i => `${i.from}${i.to === i.from ? '' : `至${i.to}`}${i.half ? HALVES[i.half] : ''}`).join('、');

/** The leave that somebody has just asked for himself, while nobody has decided on it. */
const justAsked = async (read: Read, actor: Actor, now: Instant) => {
  const rows = await read.journal({ actor: actor.person!.id }, 20);
  const last = rows.find(r => r.table !== 'questions' && r.table !== READINGS);
  if (last?.command !== '请假' || now - last.at > WITHIN) return undefined;
  const made = (await read.journal({ turn: last.turn }, 50)).find(r => r.table === 'leaves' && r.before === null);
  const file = made && (await leaveFile(read, made.row));
  return file?.leave.state === 'open' && file.leave.person === actor.person!.id ? file : undefined;
};

/** 不是24号是25号, 24号改成25号: what was wrong is only named, and a make-up day that was wrong is another make-up day. */
const readAs = (text: string, read: (text: string) => Placed, isMakeUp: (d: Day) => boolean): Placed & { values: Corrected } => {
  const pair = NOT_BUT.exec(text)?.groups;
  const wrong = pair && (read(pair['wrong']!).values as Corrected).days;
  if (pair && wrong?.length === 1) return read(isMakeUp(wrong[0]!.from) ? `改到 ${pair['right']}` : pair['right']!);
  const { values, problems } = read(text) as Placed & { values: Corrected };
  const { days, ...others } = values;
  return { problems, values: others.to && days?.length === 1 && isMakeUp(days[0]!.from) ? others : values };
};

export const correctedLeave = async (
  read: Read,
  command: AnyCommand,
  said: string,
  { actor, lexicon, today, now }: { actor: Actor; lexicon: Lexicon; today: Day; now: Instant },
): Promise<Card | undefined> => {
  const text = clean(said);
  if (!CORRECTS.test(text)) return undefined;
  const file = await justAsked(read, actor, now);
  if (!file) return undefined;
  const { leave } = file;
  const lines = file.visits.filter(v => v.state === 'on');
  const from = FROM_TODAY.test(text) ? today : leave.from;
  const placed = readAs(
    text,
    t => place(t, command.slots, lexicon, from),
    d => lines.some(v => v.toDay === d),
  );
  const { days, to } = placed.values;
  if (placed.problems.length || (!days && !to)) return undefined;
  const back = { label: `撤回编号${leave.id}`, command: `/销假 ${leave.id}` };
  const there =
    !days || leave.workdays !== null
      ? true
      : (await read.count('visits', { person: leave.person, state: 'on', day: { from: days[0]!.from, to: days.at(-1)!.to } })) > 0;
  const was = `编号${leave.id}还是${sayLeaveDays(file, today)}`;
  if (!there)
    return {
      code: 'leave.correct-none',
      title: '那天没有下乡班次，请假没有改',
      tone: 'info',
      lines: [was, '发 /排班 看自己的班'],
      buttons: [back],
    };
  const on =
    leave.workdays === null
      ? lines.map(v => `${v.day}${sayHalves(v)}`).join('、')
      : `${leave.from}${leave.to === leave.from ? '' : `至${leave.to}`}`;
  const makeUp = lines.flatMap(v => (v.toDay === null ? [] : [`${v.toDay}${sayHalves({ am: v.toAm, pm: v.toPm })}`])).join('、');
  const reason = (await read.unseal('leaves', leave.id, 'reason')) ?? '';
  const until = to ? typed(to) : makeUp;
  const again = ['/请假', days ? typed(days) : on, reason, ...(until ? ['改到', until] : [])].filter(Boolean).join(' ');
  return {
    code: 'leave.correct',
    title: `要改编号${leave.id}的请假吗？`,
    tone: 'ask',
    lines: [was, '还没有改：先点撤回，再点重新请'],
    buttons: [back, { label: again.replace(/(\d{4})-0?(\d+)-0?(\d+)/g, '$2月$3日'), command: again }],
  };
};
