/** What one tab of the sandbox sees: who speaks, where, what is unread, what comes. */
import type { Look } from '../../bot/looks.ts';
import { ROLE_NAMES } from '../../bot/permissions.ts';
import type { Message, Place, Sandbox, StagePerson, StageState, Try } from '../../bot/stage.ts';
import type { Role } from '../../core/records.ts';

/** How far each account has read each of its conversations. Lives with the process: a restart leaves nothing unread. */
export interface Seen {
  unread(account: string, place: string): number;
  mark(account: string, place: string): void;
}

export const makeSeen = (sandbox: Sandbox): Seen => {
  let start = sandbox.last();
  const seen = new Map<string, string>();
  sandbox.subscribe(event => {
    if (event.kind !== 'reset') return;
    seen.clear();
    start = sandbox.last();
  });
  const key = (account: string, place: string) => JSON.stringify([account, place]);
  return {
    unread: (account, place) =>
      (sandbox.messages({ after: seen.get(key(account, place)) ?? start, conversation: place }) ?? []).filter(m => m.from !== account)
        .length,
    mark: (account, place) => seen.set(key(account, place), sandbox.last()),
  };
};

export interface Chat {
  place: Place;
  last: Message | undefined;
  unread: number;
  current: boolean;
  members: number;
}
export interface Speaker extends StagePerson {
  /** 医师, 受援单位专人 …; with the unit where it is not that of the heading. */
  says: string;
  unread: number;
}
export interface View {
  state: StageState;
  speaker: Speaker;
  place: Place;
  chats: Chat[];
  /** Speakers under their unit; people without a role last. */
  units: { name: string; people: Speaker[] }[];
  demo: boolean;
  tries: readonly Try[];
  rehearsable: boolean;
  /** As in which messenger, where not as here. */
  look: Look | undefined;
  /** There is a choice of messengers. */
  looks: boolean;
}

const NOT_BOUND = '还没有绑定的人';
const NO_ROLE = '没有角色的人';

const roleName = (role: string): string => ROLE_NAMES[role as Role] ?? role;

/** Undefined while the stage has nobody. Ids that do not exist (after a reset) fall back to the first of each. */
export const viewOf = async (
  sandbox: Sandbox,
  seen: Seen,
  as: string | undefined,
  where: string | undefined,
  looked: Pick<View, 'look' | 'looks'>,
): Promise<View | undefined> => {
  const state = await sandbox.state();
  const unreadOf = (account: string) => sandbox.placesOf(account).reduce((n, p) => n + seen.unread(account, p.id), 0);
  const units = new Map<string, Speaker[]>();
  const speakers = new Map<string, Speaker>();
  for (const person of state.people) {
    const unit = person.roles[0]?.org ?? (person.bound ? NO_ROLE : NOT_BOUND);
    const roles = person.roles.map(r => (r.org === unit ? roleName(r.role) : `${roleName(r.role)}（${r.org}）`));
    const speaker = {
      ...person,
      says: [...new Set(roles)].join('、') || (person.bound ? '没有角色' : '未绑定'),
      unread: unreadOf(person.id),
    };
    speakers.set(person.id, speaker);
    units.set(unit, [...(units.get(unit) ?? []), speaker]);
  }
  const speaker = (as !== undefined && speakers.get(as)) || [...speakers.values()].find(s => s.bound) || [...speakers.values()][0];
  if (!speaker) return undefined;
  const places = sandbox.placesOf(speaker.id);
  const place = places.find(p => p.id === where) ?? places[0];
  if (!place) return undefined;
  seen.mark(speaker.id, place.id);
  const last = (name: string) => Number(name === NOT_BOUND) * 2 + Number(name === NO_ROLE);
  return {
    state,
    speaker: { ...speaker, unread: unreadOf(speaker.id) },
    place,
    chats: places.map(p => ({
      place: p,
      last: sandbox.lastMessage(p.id),
      unread: seen.unread(speaker.id, p.id),
      current: p.id === place.id,
      members: sandbox.group(p.id)?.members.length ?? 1,
    })),
    units: [...units].map(([name, people]) => ({ name, people })).sort((a, b) => last(a.name) - last(b.name)),
    demo: sandbox.demo,
    tries: sandbox.tries(),
    rehearsable: sandbox.rehearsable,
    ...looked,
  };
};

export const hrefOf = (as: string, place: string, look?: string): string =>
  `/?as=${encodeURIComponent(as)}&in=${encodeURIComponent(place)}${look ? `&look=${encodeURIComponent(look)}` : ''}`;
