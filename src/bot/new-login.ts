/** A messenger whose ids hold for one login only has logged in: where none of the ids that are known is there any more, its bindings are frozen, and people and groups are asked to bind again. */

import type { Card, ConversationKey, Outgoing } from '../core/card.ts';
import { dayAt, type Instant } from '../core/day.ts';
import type { Change } from '../core/records.ts';
import { address } from './address.ts';
import { adminsOn } from './claim-code.ts';
import type { Clock, OutboxRow, Platform, Post, Store } from './ports.ts';
import { againDigest, newCode } from './secret.ts';

/** Who and what the messenger sees after a login. */
export interface Seen {
  accounts: readonly string[];
  groups: readonly { id: string; name: string }[];
}
export interface Frozen {
  people: number;
  groups: number;
  /** One for each admin that was bound there: shown where the program was started, as the first admin's. */
  adminCodes: string[];
}

/** Ids are given out anew all at once or not at all: one that is still there shows that they hold. */
export const areAllNew = (known: readonly string[], seen: ReadonlySet<string>): boolean =>
  known.length > 0 && seen.size > 0 && !known.some(id => seen.has(id));

const WORTH = 7 * 24 * 3_600_000;

/** Resolves to what was frozen; null when the ids hold. */
export const makeFreezer =
  (deps: {
    store: Store;
    platforms: ReadonlyMap<string, Platform>;
    clock: Clock;
    speakAt(at: Instant): Instant;
    kick(posts: OutboxRow[]): void;
  }): ((platform: Pick<Platform, 'id' | 'app'>, seen: Seen) => Promise<Frozen | null>) =>
  async ({ id, app }, seen) => {
    const now = deps.clock.now();
    const ids = new Set([...seen.accounts, ...seen.groups.map(g => g.id)]);
    const frozen: Frozen = { people: 0, groups: 0, adminCodes: [] };
    const event = { platform: id, app, eventId: `login/${now}/${newCode()}`, conversation: '', account: '', sentAt: now, receivedAt: now };
    const done = await deps.store.turn(event, async tx => {
      const { read } = tx;
      const accounts = await read.all('accounts', { platform: id, app, state: 'bound' });
      const groups = await read.all('groups', { platform: id, app });
      if (!areAllNew([...accounts.map(a => a.account), ...groups.map(g => g.conversation)], ids)) return 'login.known';
      const admins = new Set((await adminsOn(read, now)).map(g => g.person));
      const changes: Change[] = [];
      for (const a of accounts) {
        changes.push({ table: 'accounts', id: a.id, to: { ...a, state: 'frozen' }, was: { state: 'bound' } });
        if (!admins.has(a.person)) continue;
        const code = newCode();
        frozen.adminCodes.push(code);
        changes.push({ table: 'codes', id: againDigest(code), to: { id: againDigest(code), usedBy: null, for: a.id } });
      }
      const posts: Post[] = [];
      for (const g of groups) {
        const code = newCode(6);
        changes.push(
          { table: 'groups', id: g.id, to: null },
          { table: 'frozenGroups', id: g.id, to: { ...g, at: now, again: null } },
          { table: 'codes', id: againDigest(code), to: { id: againDigest(code), usedBy: null, for: g.id } },
        );
        // A name proves nothing and binds nothing; it only tells where to ask.
        const places = seen.groups.filter(s => s.name !== '' && s.name === g.name);
        const alike = groups.filter(o => o.name === g.name);
        if (places.length !== 1 || alike.length !== 1) continue;
        posts.push(asking({ platform: id, app, conversation: places[0]!.id }, `again/${tx.turn}/${g.id}`, groupCard(code), now));
      }
      frozen.people = accounts.length;
      frozen.groups = groups.length;
      await tx.apply(changes, { actor: null, command: '重新登录', sentAt: now, now });
      // Whoever is reached elsewhere is told there; an admin hears of all of it.
      const tell = [...new Set([...admins, ...accounts.map(a => a.person)])].map(
        (person): Outgoing => ({
          key: `again/${tx.turn}/person/${person}`,
          to: { person },
          class: 'news',
          about: 'person',
          expires: now + WORTH,
          card: admins.has(person) ? adminCard(frozen) : personCard,
        }),
      );
      const context = { read, today: dayAt(now), now, platforms: deps.platforms, speakAt: deps.speakAt };
      // Who is nowhere else cannot be told, and that is no failure of sending: the chat itself asks at the next word.
      posts.push(...(await address(context, tell)).filter(p => p.born !== 'unreachable'));
      await tx.post(posts, now);
      return 'login.frozen';
    });
    deps.kick(done.posts);
    return done.code === 'login.frozen' ? frozen : null;
  };

const asking = (to: ConversationKey, key: string, card: Card, now: Instant): Post => ({
  key,
  topic: null,
  to,
  place: 'own-group',
  class: 'news',
  card,
  notBefore: null,
  expires: now + WORTH,
  replyTo: null,
  born: 'pending',
});

const groupCard = (code: string): Card => ({
  code: 'group.again',
  title: '微信重新登录过，本群要再认一次',
  tone: 'ask',
  lines: [`请管理员先私聊我绑定，再在本群发：/绑定群 ${code}`, '各位请私聊我：绑定 重绑码，或 绑定 姓名 手机后四位'],
});
const personCard: Card = {
  code: 'bind.again',
  title: '微信那边要请您再认一次',
  tone: 'ask',
  lines: ['微信重新登录过，原来的绑定停用', '请在微信私聊机器人：绑定 重绑码，或 绑定 姓名 手机后四位'],
};
const adminCard = ({ people, groups }: Frozen): Card => ({
  code: 'bind.again',
  title: `微信重新登录过，${people}人、${groups}个群要再认一次`,
  tone: 'ask',
  lines: [
    '原来的绑定都停用了，谁也不能用它办事',
    '各人私聊：绑定 重绑码，或 绑定 姓名 手机后四位',
    '各群：/绑定群 群里给的码，或 /绑定群 单位名',
  ],
});
