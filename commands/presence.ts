/** /在岗 — who is there on a day, with the evidence: on duty, on leave, or not yet known. */

import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { leaveFiles, namesOf } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { isWide, mayVerifyFor, type Scope, scopeIn, scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import { type Day, monthOf, parseDay, sayDay } from '../src/core/day.ts';
import { hoursOf } from '../src/core/hours.ts';
import type { LeaveFile, Names } from '../src/core/leave-cards.ts';
import { annexOrder, shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import { type PresenceFacts, type PresenceState, presenceOn } from '../src/core/presence.ts';
import type { Org, Person } from '../src/core/records.ts';
import { verifyButtons } from '../src/core/verify-buttons.ts';
import { mayBeMeant, mayBeName } from '../src/core/words/strangers.ts';
import { withoutTitles } from '../src/core/words/titles.ts';
import { cite } from '../src/programmes/schema.ts';
import { countiesCard, expectedOf, inStates } from './presence/counties.ts';

const args = z.object({
  days: z.array(z.object({ from: z.string().transform(d => parseDay(d)!), to: z.string() })).optional(),
  person: z.string().optional(),
  org: z.string().optional(),
  left: z.string().optional(),
});
type Args = z.infer<typeof args>;

interface Facts extends PresenceFacts {
  scope: Scope | undefined;
  replyIn: 'here' | 'direct';
  day: Day;
  names: Names & { orgs: Map<string, Org> };
  /** Where several counties are asked about: all of them. */
  counties: Org[] | undefined;
  /** Who is expected on the day, as far as the asker may see it. */
  expected: Person[];
  said: string;
  /** Whom or which unit was asked about that is not the asker's to see. */
  notTheirs: string;
}

/** Said beside the command, and names nobody. */
const NAMES_NOBODY =
  /^(?:[都还]?有?(?:谁|哪些人?|哪几个|几个人?|多少人?)|名单|情况|人员|医师|医生|大家|全部|所有|全县|怎么样|看看|查询?|现在)+$/;

/** Nobody's name ends so. */
const PLACE = /^.{2,}[省市区县]$/;

const whereOf = (scope: Scope) => ({
  ...(scope.counties ? { county: scope.counties } : {}),
  ...(scope.county ? { county: scope.county } : {}),
  ...(scope.clinic ? { clinic: scope.clinic } : {}),
  ...(scope.hospital ? { hospital: scope.hospital } : {}),
  ...(scope.person ? { person: scope.person } : {}),
});

/** Whoever or whichever unit is named is of what the scope shows, or of nothing at all: only then is “nothing that day” true. */
const isTheirs = async (read: Read, scope: Scope, { person, org }: Args): Promise<boolean> => {
  if (!person && !(org && (scope.person || (scope.clinic && scope.hospital)))) return true;
  if (person && scope.person && scope.person !== person) return false;
  const known = async (where: object) => (await read.first('postings', where)) ?? (await read.first('visits', where));
  if (await known({ ...whereOf(scope), ...(person ? { person } : {}) })) return true;
  return person !== undefined && !(await known({ person }));
};

export default defineCommand<Args, Facts>({
  name: '在岗',
  aliases: ['谁在岗', '到岗', 'zg', 'zaigang', 'on-duty'],
  sayings:
    /^(?:(?!我(?!们)|忘).){1,8}(?:(?<![以能要需须用该补])(?:请假|签到|打卡)|(?<![收看听找想签遇碰查知发])到岗?|来|在岗)了?(?:吗|没有?|么)$|谁.{0,4}没(?:签到|打卡)|有(?:医生|医师|人)来[吗么没]|谁.{0,4}(?:在|请假|值班|下乡)|(?:谁|哪些人?|哪几个人?|哪位).{0,2}没[来到去]|[今明]天.{1,6}有(?:人|医生|医师)[吗么没]|^缺岗|[今明后]天.{0,3}(?:谁|有人|有没有人).{0,3}[来去到](?!过)了?[吗嘛没]?/,
  around: /有(?:人|医生|医师)[来在]?[吗么没]$/g,
  bare: ['dates', 'person', 'org'],
  shows: true,
  daily: ['bureau', 'chief'],
  summary: '今天谁在岗、谁请假',
  usage: '/在岗 [日期] [姓名|单位]',
  examples: ['/在岗', '/在岗 6月12日 张三', '/在岗 青山卫生院'],
  slots: {
    days: { kind: 'dates', single: true, prefer: 'near' },
    person: { kind: 'person' },
    org: { kind: 'org', regions: true },
    left: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  concerns: (_read, { days }) => (days ?? []).map(d => d.from),

  async facts(read, { args, actor, today, conversation, programme }) {
    const day = args.days?.[0]?.from ?? today;
    const all = await scopeOf(read, actor);
    const named = args.org ? await read.get('orgs', args.org) : undefined;
    const own = all && named ? await scopeNarrowed(read, all, named) : all;
    const theirs = own !== undefined && (await isTheirs(read, own, args));
    const inGroup = own ? await scopeIn(read, own, conversation) : 'direct-only';
    // Who is not of the group's unit is shown in direct chat.
    const here = inGroup === 'direct-only' || (await isTheirs(read, inGroup, args)) ? inGroup : 'direct-only';
    const direct = here === 'direct-only';
    const scope = direct ? own : here;
    const where = { ...whereOf(scope ?? {}), ...(programme ? { programme: programme.id } : {}) };
    const mine = (v: { person: string }) => !args.person || v.person === args.person;
    const seen = scope ? await read.all('visits', { ...where, day }) : [];
    const visits = seen.filter(mine);
    const movedIds = visits.flatMap(v => (v.moved && v.state === 'moved' ? [v.moved] : []));
    const every = programme?.presence?.kind === 'every-workday';
    const held =
      scope && every ? (await read.all('postings', { ...where, from: { to: monthOf(day) } })).filter(p => lastsTo(p, monthOf(day))) : [];
    const postings = held.filter(mine);
    const expected = args.left === undefined ? [] : [...new Set([...seen, ...held].map(x => x.person))];
    const people = [...new Set([...visits.map(v => v.person), ...postings.map(p => p.person)])];
    const wide = !args.person && isWide(scope);
    const lines = visits.length ? await read.all('leaveVisits', { visit: visits.map(v => v.id) }) : [];
    const spans = every && people.length ? await read.all('leaves', { person: people, from: { to: day }, to: { from: day } }) : [];
    const ends = every && people.length ? await read.all('leaves', { person: people, kind: 'end', state: 'approved' }) : [];
    const ids = [...new Set([...lines.map(l => l.leave), ...spans.map(l => l.id), ...ends.map(l => l.id)])];
    const leaves: LeaveFile[] = ids.length ? await leaveFiles(read, await read.all('leaves', { id: ids })) : [];
    const order = await namesOf(read, wide ? [] : people, [
      ...visits.flatMap(v => [v.clinic, v.hospital]),
      ...postings.map(p => p.clinic),
      ...(named ? [named.id] : []),
      ...[scope?.clinic, scope?.hospital].flatMap(id => id ?? []),
    ]);
    // A unit that is seen in part only is not told of as a whole.
    const part = !named
      ? ''
      : scope?.person
        ? (actor.person?.name ?? '')
        : order.org([scope?.clinic, scope?.hospital].find(id => id && id !== named.id) ?? '');
    const asked = args.person ? ((await read.get('people', args.person))?.name ?? '') : '';
    visits.sort((a, b) => annexOrder(order.orgs.get(a.clinic), order.orgs.get(b.clinic)) || Number(b.am) - Number(a.am));
    return {
      scope,
      replyIn: direct && conversation.kind === 'group' ? 'direct' : 'here',
      day,
      visits,
      movedTo: movedIds.length ? await read.all('visits', { id: movedIds }) : [],
      leaves,
      cases: people.length ? await read.all('cases', { person: people, day }) : [],
      postings,
      names: order,
      counties: wide ? await read.all('orgs', { id: [...scope!.counties!] }) : undefined,
      expected: expected.length ? await read.all('people', { id: expected }) : [],
      said: [...new Set([asked || part, shownOrg(named)])].filter(Boolean).join(' '),
      notTheirs: all && !theirs ? asked || shownOrg(named) : '',
    };
  },

  decide({ args, facts, actor, programme, today, now, settings, calendar }) {
    if (facts.notTheirs)
      return { ...refuse('presence.not-yours', `看不到${facts.notTheirs}`, '只能看本人、本单位和下级的'), private: true };
    if (!facts.scope) return { ...refuse('presence.nothing', '这里没有您能看的', '请联系卫健局管理员'), private: true };
    const stranger = args.person || NAMES_NOBODY.test(args.left ?? '') ? undefined : mayBeName(withoutTitles(args.left ?? ''));
    if (stranger !== undefined && PLACE.test(stranger))
      return refuse('presence.no-place', `没有找到“${stranger}”`, '请写区县或单位的全称', '发 /在岗 看当天全部');
    if (stranger !== undefined)
      return {
        reply: {
          code: 'presence.who',
          title: `没有叫“${stranger}”的医师`,
          tone: 'ask',
          lines: ['没有核实任何人，请写全名', '发 /在岗 看当天全部'],
          buttons: mayBeMeant(stranger, facts.expected).map(p => ({ label: p.name, command: `/在岗 ${facts.day} ${p.name}` })),
        },
        replyIn: facts.replyIn,
      };
    const all = presenceOn(facts, { day: facts.day, now, hours: hoursOf(settings), programme: programme!, calendar });
    const label = `${facts.said ? `${facts.said} ` : ''}${sayDay(facts.day, today)}`;
    if (!all.length)
      return {
        reply: { code: 'presence.none', title: `${label}没有下乡安排`, tone: 'info', lines: ['发 /排班 看这个月的'] },
        replyIn: facts.replyIn,
      };
    const n = (states: readonly PresenceState[]) => inStates(all, states);
    const summary = [
      `应到 ${expectedOf(all)}，在岗 ${n(['verified'])}，已签到 ${n(['checked-in'])}`,
      ...(n(['on-leave', 'leave-open', 'emergency']) ? [`准假 ${n(['on-leave'])}，请假待办 ${n(['leave-open', 'emergency'])}`] : []),
      ...(n(['unknown', 'on-the-way']) ? [`尚无到岗记录 ${n(['unknown', 'on-the-way'])}`] : []),
      ...(n(['reported']) ? [`受援单位反映未到、待认定 ${n(['reported'])}`] : []),
    ];
    const duty = programme!.presence?.duty;
    if (facts.counties)
      return {
        reply: countiesCard(all, {
          counties: facts.counties,
          countyOf: clinic => facts.names.orgs.get(clinic)?.county,
          label,
          lines: [...summary, ...(duty ? [cite(programme!, duty)] : [])],
          day: facts.day,
          today,
        }),
        replyIn: facts.replyIn,
      };
    const rows = all.map(p => [facts.names.person(p.person), facts.names.org(p.clinic), `${p.half}${p.says}`]);
    // Who names somebody may have meant to say that they are there: that is one tap away, for whoever may say it.
    const open = facts.visits.filter(
      v => v.state === 'on' && v.presence === null && facts.day <= today && ['clinic', 'stand-in'].includes(mayVerifyFor(actor, v)),
    );
    const buttons = args.person
      ? [...new Set(open.map(v => v.clinic))].flatMap(c =>
          verifyButtons(
            open.filter(v => v.clinic === c),
            facts.day,
            facts.names.full(c),
            facts.names.person,
          ),
        )
      : [];
    return {
      reply: {
        code: 'presence.shown',
        title: `${label} 在岗情况`,
        tone: 'info',
        lines:
          rows.length <= 3
            ? [...rows.map(r => `${r[0]} ${r[1]}：${r[2]}`), ...(duty ? [cite(programme!, duty)] : [])]
            : [...summary, ...(duty ? [cite(programme!, duty)] : [])],
        ...(buttons.length ? { buttons } : {}),
        ...(rows.length > 3 ? { table: { columns: ['医师', '单位', '情况'], rows } } : {}),
      },
      replyIn: facts.replyIn,
    };
  },
});
