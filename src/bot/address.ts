/** From whom a message is for to where it goes: own group, direct chat, shared group, or nobody. */
import { askedForAll, type Card, type ConversationKey, type Outgoing, type To, type UnitAsked } from '../core/card.ts';
import type { Day, Instant } from '../core/day.ts';
import type { Account, Grant, Group, Role } from '../core/records.ts';
import type { Platform, Post, Read } from './ports.ts';

export interface AddressContext {
  read: Read;
  today: Day;
  now: Instant;
  platforms: ReadonlyMap<string, Platform>;
  /** First moment from an instant at which unasked messages may be said. */
  speakAt(at: Instant): Instant;
}

interface Destination {
  to: ConversationKey;
  place: Post['place'];
  /** Who is mentioned there. */
  mention?: string[];
  /** Whose direct chat it is. */
  whose?: string;
  /** Only a pointer to direct chat may be said here. */
  pointerOnly?: boolean;
}

/** Does a role count on a day? A deputy only within its dates. */
export const heldOn = (g: Grant, today: Day) => g.from <= today && (g.until === null || today <= g.until);

/** Grants of an organisation that count today; a deputy's only within its dates. */
export const holders = async (read: Read, org: string, role: Role, today: Day, office?: string): Promise<Grant[]> => {
  // The general hospital is named by the county it works for.
  const where = role === 'general' ? { role, county: org } : { org, role };
  const grants = (await read.all('grants', where)).filter(g => heldOn(g, today));
  if (!office) return grants;
  const there = grants.filter(g => g.office === office);
  return there.length ? there : grants;
};

/** The account a person is reached at: the one bound last on a platform that is on and can write there. */
const accountOf = async ({ read, platforms }: AddressContext, person: string): Promise<Account | undefined> => {
  const on = (await read.all('accounts', { person, state: 'bound' }, { by: 'at', descending: true })).filter(
    a => platforms.has(a.platform) && !platforms.get(a.platform)?.answersOnly,
  );
  const reached = on.find(a => {
    const platform = platforms.get(a.platform)!;
    return platform.reaches?.(platform.direct(a.account)) ?? true;
  });
  // Where nobody is reached the first shows the admin why.
  return reached ?? on[0];
};

const direct = ({ platforms }: AddressContext, account: Account): Destination => ({
  to: { platform: account.platform, app: account.app, conversation: platforms.get(account.platform)!.direct(account.account) },
  place: 'direct',
  whose: account.person,
});

const reached = ({ platforms }: AddressContext, account: Account): boolean => {
  const platform = platforms.get(account.platform)!;
  return platform.reaches?.(platform.direct(account.account)) ?? true;
};

const groupsOf = async ({ read, platforms }: AddressContext, org: string): Promise<{ own: Group[]; shared: Group[] }> => {
  const all = (await read.all('groups', {})).filter(g => platforms.has(g.platform) && g.orgs.includes(org));
  const reached = all.filter(g => platforms.get(g.platform)?.reaches?.(g.conversation) ?? true);
  // Of two groups of one unit the one that can be written to; of one, that one.
  const groups = [...reached, ...all.filter(g => !reached.includes(g))];
  return { own: groups.filter(g => g.orgs.length === 1), shared: groups.filter(g => g.orgs.length > 1) };
};
const inGroup = (g: Group, rest: Partial<Destination> = {}): Destination => ({
  to: { platform: g.platform, app: g.app, conversation: g.conversation },
  place: g.orgs.length === 1 ? 'own-group' : 'shared-group',
  ...rest,
});

/** In a group of several units who is not reached otherwise is called to direct chat; without an account nobody can be called. */
const pointed = (context: AddressContext, accounts: readonly Account[], shared: Group | undefined): Destination[] =>
  accounts.length && shared
    ? [inGroup(shared, { mention: accounts.map(a => a.person), pointerOnly: true })]
    : accounts.map(a => direct(context, a));

const toPerson = async (context: AddressContext, { person, account: which }: Extract<To, { person: string }>): Promise<Destination[]> => {
  if (which !== undefined) {
    const there = await context.read.get('accounts', which);
    return there && context.platforms.has(there.platform) ? [direct(context, there)] : [];
  }
  const account = await accountOf(context, person);
  if (account && reached(context, account)) return [direct(context, account)];
  // The unit's own group is the next best place.
  const grants = (await context.read.all('grants', { person })).filter(g => heldOn(g, context.today));
  const groups = await Promise.all(grants.map(g => groupsOf(context, g.org)));
  const own = groups.flatMap(g => g.own)[0];
  if (own) return [inGroup(own)];
  return pointed(context, account ? [account] : [], groups.flatMap(g => g.shared)[0]);
};

const peopleIn = async ({ read, today }: AddressContext, org: string, role: Role, office?: string): Promise<string[]> => [
  ...new Set((await holders(read, org, role, today, office)).map(g => g.person)),
];
const accountsOf = async (context: AddressContext, people: readonly string[]): Promise<Account[]> =>
  (await Promise.all(people.map(p => accountOf(context, p)))).filter(a => a !== undefined);
const directsOf = async (context: AddressContext, people: readonly string[]): Promise<Destination[]> =>
  (await accountsOf(context, people)).map(a => direct(context, a));

const toOrg = async (context: AddressContext, to: Extract<To, { org: string }>, about: Outgoing['about']): Promise<Destination[]> => {
  const held = await peopleIn(context, to.org, to.role, to.office);
  const people = held.filter(p => p !== to.not);
  const directs = await directsOf(context, people);
  // Nobody else there is asked: the head, and where there is none whoever stands in for the unit.
  if (people.length < held.length && !directs.length)
    return directsOf(
      context,
      (await peopleIn(context, to.org, 'head')).filter(p => p !== to.not),
    );
  // The general hospital is named by its county, whose own group is the bureau's.
  const home = to.role === 'general' ? await context.read.first('orgs', { kind: 'general', county: to.org }) : undefined;
  const { own, shared } = await groupsOf(context, home?.id ?? to.org);
  if (about === 'person') {
    const accounts = await accountsOf(context, people);
    const near = accounts.filter(a => reached(context, a));
    if (near.length) return near.map(a => direct(context, a));
    if (own[0]) return [inGroup(own[0])];
    return pointed(context, accounts, shared[0]);
  }
  if (own[0]) return [inGroup(own[0], { mention: people })];
  if (directs.length) return directs;
  if (shared[0]) return [inGroup(shared[0], { mention: people })];
  return [];
};

const destinations = async (context: AddressContext, out: Outgoing): Promise<Destination[]> => {
  if ('conversation' in out.to) {
    const key = out.to.conversation;
    const group = await context.read.first('groups', { platform: key.platform, app: key.app, conversation: key.conversation });
    return [{ to: key, place: group ? (group.orgs.length > 1 ? 'shared-group' : 'own-group') : 'direct' }];
  }
  return 'person' in out.to ? toPerson(context, out.to) : toOrg(context, out.to, out.about);
};

/** Platform of what nobody can be reached for: its conversation says whom it was for. */
export const NOWHERE = 'none';

/** A county without a general hospital has nobody who could be missing there. */
const nobodyMeant = async ({ read }: AddressContext, to: To): Promise<boolean> =>
  'org' in to && to.role === 'general' && !(await read.first('orgs', { kind: 'general', county: to.org }));

const nowhere = (to: Exclude<To, { conversation: unknown }>): string =>
  'person' in to ? `person/${to.person}` : `org/${to.org}/${to.role}`;

/** All that a group of several units reads of one person's matter. */
const CALLED: Card = { code: 'pointer', title: '有待办，请私聊我', tone: 'info', lines: ['私聊我发：待办'] };

/** Rows for the outbox. One person who holds several of the roles gets one message, not several. */
export const address = async (context: AddressContext, tell: readonly Outgoing[]): Promise<Post[]> => {
  const posts: Post[] = [];
  const said = new Set<string>();
  /** What is asked of several units in one place: the message, and for whom so far. */
  const joined = new Map<string, { at: number; card: Card; units: UnitAsked[] }>();
  for (const asked of tell) {
    let out = asked;
    let places = await destinations(context, out);
    if (!places.length && asked.otherwise) {
      const { inGroup: _group, among: _among, ...rest } = asked;
      out = { ...rest, ...asked.otherwise };
      places = await destinations(context, out);
    }
    const unasked = out.class === 'nudge' || out.class === 'announcement';
    const at = Math.max(out.notBefore ?? 0, context.now);
    const notBefore = unasked ? context.speakAt(at) : (out.notBefore ?? null);
    const base = {
      topic: out.topic ?? null,
      class: out.class,
      notBefore: notBefore !== null && notBefore > context.now ? notBefore : null,
      expires: out.expires ?? null,
      replyTo: null,
    };
    if (!places.length && (await nobodyMeant(context, out.to))) continue;
    if (!places.length) {
      const nobody = { platform: NOWHERE, app: '', conversation: 'conversation' in out.to ? '' : nowhere(out.to) };
      posts.push({ ...base, key: out.key, to: nobody, place: 'direct', card: out.card, born: 'unreachable' });
      continue;
    }
    for (const [i, place] of places.entries()) {
      const spoken = place.place === 'direct' ? out.card : place.pointerOnly ? CALLED : (out.inGroup ?? out.card);
      const card: Card = place.mention?.length
        ? { ...spoken, mention: [...new Set([...(spoken.mention ?? []), ...place.mention])] }
        : spoken;
      const same = JSON.stringify(out.topic === undefined ? [place.to, card.title, card.lines] : [place.to, out.topic, card.code]);
      if (said.has(same)) continue;
      said.add(same);
      const matter = out.among && spoken === out.card ? JSON.stringify([place.to, out.among.matter]) : undefined;
      const before = matter === undefined ? undefined : joined.get(matter);
      if (before) {
        before.units.push(out.among!.unit);
        // It is over with the last of them.
        posts[before.at] = { ...posts[before.at]!, topic: out.topic ?? null, card: askedForAll(before.card, before.units) };
        continue;
      }
      if (matter !== undefined) joined.set(matter, { at: posts.length, card, units: [out.among!.unit] });
      const calls = place.whose === undefined ? (card.mention ?? []) : [place.whose];
      posts.push({
        ...base,
        key: i === 0 ? out.key : `${out.key}/${i + 1}`,
        to: place.to,
        place: place.place,
        calls,
        card,
        born: 'pending',
      });
    }
  }
  return posts;
};
