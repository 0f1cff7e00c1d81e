/** Who speaks, with the roles of the day, and the programme and settings under which it is heard. */

import type { Card } from '../core/card.ts';
import { type Day, type Span, sayDate, yearOf } from '../core/day.ts';
import type { Grant, Org, Person } from '../core/records.ts';
import { type Settings, settingsFrom } from '../core/settings.ts';
import type { Terms } from '../core/words/dates.ts';
import type { Programme } from '../programmes/schema.ts';
import { heldOn } from './address.ts';
import { type Actor, no } from './command.ts';
import type { Inbound, Read } from './ports.ts';
import { programmeFor, programmesAround } from './programmes.ts';
import { reportProgramme } from './reports.ts';
import { countiesUnder } from './scope.ts';

/** The person behind an account, with the roles of today. */
export const actorOf = async (read: Read, inbound: Inbound, today: Day): Promise<Actor> => {
  const account = { platform: inbound.platform, app: inbound.app, id: inbound.account, name: inbound.accountName };
  const bound = await read.first('accounts', { platform: inbound.platform, app: inbound.app, account: inbound.account, state: 'bound' });
  const person: Person | undefined = bound && (await read.get('people', bound.person));
  if (!person) return { person: null, grants: [], account };
  const grants: Grant[] = (await read.all('grants', { person: person.id })).filter(g => heldOn(g, today));
  return { person, grants, account };
};

export interface Standing {
  /** The county bureau whose programme it is; of an upper bureau none. */
  bureau: Org | undefined;
  programme: Programme | null;
  /** Whose words are read: what is over has still words for its last days. */
  spoken: Programme | null;
  /** When it runs, and those of the same bureau before and after it. */
  terms: Terms | undefined;
  settings: Settings;
}

const spanOf = ({ term }: Programme): Span => ({ from: term.from, to: term.until });

export const standingOf = async (read: Read, programmes: readonly Programme[], actor: Actor, on: Day): Promise<Standing> => {
  const county = actor.grants.find(g => g.county !== null)?.county ?? null;
  const bureau = county === null ? undefined : await read.get('orgs', county);
  const programme = (await programmeOf(read, programmes, actor, bureau, on)) ?? null;
  const set = county === null ? [] : await read.all('settings', { org: county });
  const spoken = programme ?? (await reportProgramme(read, programmes, actor, on)) ?? null;
  return {
    bureau,
    programme,
    spoken,
    terms: spoken ? { now: spanOf(spoken), known: programmes.filter(p => p.bureau === spoken.bureau).map(spanOf) } : undefined,
    settings: settingsFrom(new Map(set.map(s => [s.key, { value: s.value, set: { by: s.by, at: s.at } }]))),
  };
};

/** The programme of the actor's county; of an upper bureau, the one of a county beneath it. */
const programmeOf = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Actor,
  bureau: Org | undefined,
  on: Day,
): Promise<Programme | undefined> => {
  if (bureau) return programmeFor(read, programmes, bureau, on);
  for (const g of actor.grants) {
    const org = await read.get('orgs', g.org);
    const under = org?.kind === 'bureau' ? await countiesUnder(read, org) : [];
    for (const c of under) {
      const found = await programmeFor(read, programmes, c, on);
      if (found) return found;
    }
  }
  return undefined;
};

/** The programme of the first of these days that had one: what is past is weighed by what was in force then. */
export const programmeThen = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Actor,
  bureau: Org | undefined,
  days: readonly Day[],
): Promise<Programme | undefined> => {
  for (const on of days) {
    const found = await programmeOf(read, programmes, actor, bureau, on);
    if (found) return found;
  }
  return undefined;
};

/** Outside a programme's dates: what is the case, who can open the next, and to those who can, how. */
export const outside = async (
  read: Read,
  programmes: readonly Programme[],
  actor: Actor,
  county: Org | undefined,
  today: Day,
): Promise<Card> => {
  if (!county) return no('programme.none', '还没有方案', '请联系卫健局管理员');
  const { before, after } = await programmesAround(read, programmes, county, today);
  if (!before && after)
    return no('programme.early', '方案未开始', `《${after.title}》从${sayDate(after.term.from)}起`, `有问题请联系${county.name}`);
  const opens = actor.grants.some(g => g.role === 'admin' || g.role === 'bureau');
  const known = before ?? programmes.find(p => p.bureau === county.name);
  return no(
    before ? 'programme.over' : 'programme.none',
    before ? '方案已到期' : `${yearOf(today)}年还没有方案`,
    ...(before ? [`《${before.title}》到${sayDate(before.term.until)}止`] : []),
    ...(after ? [`《${after.title}》从${sayDate(after.term.from)}起`] : []),
    ...(after
      ? []
      : opens
        ? [
            `开新方案：在服务器上运行 npm run next-year${known ? ` -- ${known.id}` : ''}，核对文号和日期，再重启`,
            '单位、角色、绑定照旧；安排表重新导入，班次重新排',
          ]
        : [`开新方案请联系${county.name}`]),
  );
};
