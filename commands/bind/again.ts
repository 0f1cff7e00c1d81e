/** A code that binds again where a messenger gives new ids at each login. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import type { Read } from '../../src/bot/ports.ts';
import { againDigest } from '../../src/bot/secret.ts';
import type { Change } from '../../src/core/records.ts';
import { done, takeUp, wrongTry } from './account.ts';
import { type Args, type Facts, rolesOf } from './asked.ts';

/** An open code of a frozen account of the asker's platform. */
export const againBy = async (read: Read, { actor: { account } }: Asked<Args>, code: string): Promise<Facts['again']> => {
  const open = await read.get('codes', againDigest(code));
  const frozen = open?.for && open.usedBy === null ? await read.get('accounts', open.for) : undefined;
  if (frozen?.state !== 'frozen' || frozen.platform !== account.platform || frozen.app !== account.app) return undefined;
  const person = await read.get('people', frozen.person);
  return person && { account: frozen, person };
};

export const bindAgain = (asked: Asked<Args>, f: Facts): Decision => {
  if (!f.again) return wrongTry(asked, f, '重绑码不对或已用过', '也可以发：绑定 姓名 手机后四位');
  const { person } = f.again;
  if (f.own)
    return f.own.person === person.id
      ? { reply: { code: 'bind.already', title: '已经绑定过', tone: 'info', lines: [`您是${person.name}`] } }
      : refuse('bind.other', '这个账号已绑定别人', '要换人请先 /解绑');
  const taken = takeUp(asked, f, person.id);
  const clear: Change[] = f.lock ? [{ table: 'locks', id: f.lock.id, to: null }] : [];
  return { changes: [...clear, ...taken.changes], reply: done(person.name, rolesOf(f, person), taken) };
};
