/** Whom a login of WeChat shows: it may give out new ids, and those of an earlier one lead to nobody or to somebody else. */
import type { Frozen, Seen } from '../../bot/new-login.ts';
import type { Log } from '../intake.ts';
import { makeSafely } from './errors.ts';
import type { Puppet } from './puppet.ts';

export interface Contacts {
  /** A login has begun: nothing is known of it yet. */
  begin(): void;
  /** Somebody or some group was heard from: that id is of this login. */
  heardFrom(id: string): void;
  /** Compares all that the login shows with what is known. `whole`: the puppet has read everything. Looks again later until that can be told. */
  look(whole: boolean): void;
  /** Whether an id may be written to. @throws while that cannot be told */
  holds(id: string): boolean;
}

export interface ContactsDeps {
  /** undefined: nobody is logged in. */
  puppet(): Puppet | undefined;
  /** Tells of a login; what it has frozen. */
  loggedIn(seen: Seen): Promise<Frozen | null>;
  log: Log;
  /** For whoever stands at the terminal. */
  show(text: string): void;
  /** Milliseconds until the next look. */
  survey: number;
}

export const makeContacts = ({ puppet, loggedIn, log, show, survey }: ContactsDeps): Contacts => {
  let surveyed = false;
  let looking = false;
  /** Ids that are of this login: who was heard from, whom it shows. */
  let fresh = new Set<string>();
  /** It gave out new ones: what else is known is of an earlier one. */
  let anew = false;
  /** Contacts seen at the last look: a list still growing tells nothing. */
  let seenBefore = 0;

  const lookLater = (): void => {
    setTimeout(() => look(false), survey).unref();
  };
  const look = makeSafely(log)('contacts could not be looked through', async (whole: boolean) => {
    const there = puppet();
    if (surveyed || looking || !there) return;
    looking = true;
    try {
      surveyed = await compare(there, whole);
    } finally {
      looking = false;
      if (!surveyed && puppet()) lookLater();
    }
  });
  /** Do the ids that are known still hold? False: that cannot be told yet. */
  const compare = async (there: Puppet, whole: boolean): Promise<boolean> => {
    const rooms = await there.roomList();
    const groups = await Promise.all(
      rooms.map(async id => ({
        id,
        name: await there.roomPayload(id).then(
          p => p.topic,
          () => '',
        ),
      })),
    );
    const members = await Promise.all(rooms.map(id => there.roomMemberList(id).catch(() => [] as string[])));
    const accounts = [...new Set([...(await there.contactList()), ...members.flat()])].filter(id => id !== there.currentUserId);
    const growing = !whole && accounts.length !== seenBefore;
    seenBefore = accounts.length;
    for (const id of [...accounts, ...rooms]) fresh.add(id);
    if (!accounts.length || growing) return false;
    const frozen = await loggedIn({ accounts, groups });
    anew = frozen !== null;
    if (!frozen) return true;
    log.warn({ platform: 'wechat', people: frozen.people, groups: frozen.groups }, 'wechat gave out new ids: bindings are frozen');
    show(`微信重新登录，编号都变了：${frozen.people} 人、${frozen.groups} 个群的绑定已冻结，要再绑定一次`);
    for (const code of frozen.adminCodes) show(`系统管理员重绑码（只用一次），用自己的微信私聊机器人发：绑定 ${code}`);
    return true;
  };

  return {
    begin() {
      surveyed = false;
      fresh = new Set();
      anew = false;
      seenBefore = 0;
      lookLater();
    },
    heardFrom: id => void fresh.add(id),
    look,
    holds(id) {
      if (fresh.has(id)) return true;
      if (!surveyed) throw new Error('contacts are not there yet');
      return !anew;
    },
  };
};
