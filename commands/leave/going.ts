/** /请假 of whoever asks none of their own: which leaves there are, each behind a button. Names and days; the reason is for those who decide. */
import type { Actor, Decision } from '../../src/bot/command.ts';
import { leaveFiles, namesFor } from '../../src/bot/leaves.ts';
import type { Read } from '../../src/bot/ports.ts';
import type { Day } from '../../src/core/day.ts';
import { AWAY } from '../../src/core/leave.ts';
import { type LeaveFile, leaveState, leaveWord, type Names, sayLeaveDays } from '../../src/core/leave-cards.ts';

const MOST = 5;

/** Whoever looks at a whole county's leaves, and asks none for anybody. */
const county = ({ grants }: Pick<Actor, 'grants'>): string | undefined =>
  grants.some(g => g.role === 'physician' || g.role === 'hospital' || g.role === 'clinic')
    ? undefined
    : (grants.find(g => g.role === 'bureau' || g.role === 'general' || g.role === 'chief')?.county ?? undefined);

/** Only looks: help says so. */
export const onlyLooks = ({ grants }: Pick<Actor, 'grants'>): boolean =>
  grants.some(g => g.role !== 'admin' && g.role !== 'auditor') &&
  !grants.some(g => g.role === 'physician' || g.role === 'hospital' || g.role === 'clinic' || g.role === 'head');

export interface Going {
  files: LeaveFile[];
  names: Names;
}

/** Leaves of today and after it, the next first; undefined where the actor looks at no county. */
export const goingOn = async (read: Read, actor: Actor, today: Day): Promise<Going | undefined> => {
  const its = county(actor);
  if (its === undefined) return undefined;
  const leaves = await read.all('leaves', { county: its, kind: AWAY, state: ['open', 'approved'], to: { from: today } }, { by: 'from' });
  const files = await leaveFiles(read, leaves);
  return { files, names: await namesFor(read, ...files.slice(0, MOST)) };
};

export const goingCard = ({ files, names }: Going, today: Day): Decision => {
  if (!files.length) return { reply: { code: 'leave.nobody', title: '今天起没有人请假', tone: 'info', lines: [] } };
  const shown = files.slice(0, MOST);
  return {
    reply: {
      code: 'leave.going',
      title: `今天起请假 ${files.length} 件`,
      tone: 'info',
      lines: [
        ...shown.map(f => `${names.person(f.leave.person)} ${sayLeaveDays(f, today)} ${leaveState(f, names)}`),
        ...(files.length > MOST ? [`只列前 ${MOST} 件，看别的发 /请假 编号`] : []),
      ],
      buttons: shown.map(f => ({ label: `${names.person(f.leave.person)}${leaveWord(f.leave)}`, command: `/请假 ${f.leave.id}` })),
    },
    replyIn: 'direct',
  };
};
