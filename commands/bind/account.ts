/** An account that is tied to a person, and a try that was wrong. */
import type { Asked, Decision } from '../../src/bot/command.ts';
import { oneMoreWrong, TRIES } from '../../src/core/binding.ts';
import type { Card } from '../../src/core/card.ts';
import type { Change } from '../../src/core/records.ts';
import { type Args, type Facts, lockId } from './asked.ts';

const bound = ({ turn, actor, now }: Asked<unknown>, person: string, account = actor.account): Change => ({
  table: 'accounts',
  id: `${turn}`,
  to: { id: `${turn}`, platform: account.platform, app: account.app, account: account.id, person, state: 'bound', at: now },
});

/** The account is bound; what was frozen of this person there ends, with its codes. Where ids pass, a code for the next time is told, once. */
export const takeUp = (
  asked: Asked<unknown>,
  f: Pick<Facts, 'frozen' | 'codes'>,
  person: string,
  account = asked.actor.account,
): { changes: Change[]; lines: string[]; once?: true } => {
  const changes: Change[] = [
    ...f.frozen.filter(a => a.person === person).map((a): Change => ({ table: 'accounts', id: a.id, to: { ...a, state: 'ended' } })),
    ...f.codes
      .filter(c => f.frozen.some(a => a.id === c.for && a.person === person))
      .map((c): Change => ({ table: 'codes', id: c.id, to: { ...c, usedBy: `${asked.turn}` }, was: { usedBy: null } })),
    bound(asked, person, account),
  ];
  if (!asked.passing(account.platform)) return { changes, lines: [] };
  const { code, digest } = asked.newCode();
  changes.push({ table: 'codes', id: digest, to: { id: digest, usedBy: null, for: `${asked.turn}` } });
  return { changes, lines: [`重绑码 ${code}，请留着：机器人的微信重新登录后，私聊发 绑定 ${code}`], once: true };
};

export const done = (name: string, lines: readonly string[], { lines: kept, once }: ReturnType<typeof takeUp>): Card => ({
  code: 'bind.done',
  title: `绑定好了，${name}`,
  tone: 'ok',
  lines: [...lines, '发 帮助 看能做什么', '信息怎么用：隐私', ...kept],
  ...(once ? { once } : {}),
});

export const wrongTry = (asked: Asked<Args>, f: Facts, title: string, hint: string): Decision => {
  const lock = oneMoreWrong(lockId(asked), f.lock, asked.now);
  const left = TRIES - lock.wrong;
  return {
    changes: [{ table: 'locks', id: lock.id, to: lock }],
    reply: {
      code: left > 0 ? 'bind.wrong' : 'bind.locked',
      title,
      tone: 'no',
      lines: [left > 0 ? `还可以试${left}次` : '先停一小时再试', hint],
    },
  };
};
