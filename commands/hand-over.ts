/** /交接 — all roles of one person go to another at once; what waits follows the role, history keeps the old name. */

import { z } from 'zod';
import { type Actor, defineCommand, refuse } from '../src/bot/command.ts';
import { roleAt } from '../src/bot/permissions.ts';
import { type Todo, todosOf } from '../src/bot/todo.ts';
import { addDays } from '../src/core/day.ts';
import { mayGive, notOver } from '../src/core/giving.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { type Change, type Draft, type Grant, numbered, type Org, type Person } from '../src/core/records.ts';

const args = z.object({
  people: z.array(z.string(), { error: '请写交出和接手的两个人' }).length(2, '请写交出和接手的两个人'),
  sure: z.literal('yes').optional(),
});

interface Facts {
  old: Person | undefined;
  next: Person | undefined;
  able: Grant[];
  theirs: Grant[];
  drafts: Draft[];
  orgs: Map<string, Org>;
  /** What waits for the one who hands over, in these roles, and goes along. */
  waiting: string[];
  /** What of it is the new one's own matter, for somebody else to do. */
  own: string[];
  /** Who else of these units may do it. */
  others: Person[];
}

/** Of somebody's roles those that the actor may hand over: his own, a head's of the unit, and what he could give. */
const ableOf = (actor: Actor, old: Person, grants: readonly Grant[]): Grant[] => {
  const own = actor.person?.id === old.id;
  const heads = (g: Grant) => g.role !== 'admin' && g.role !== 'auditor' && actor.grants.some(a => a.role === 'head' && a.org === g.org);
  return grants.filter(g => own || mayGive(actor.grants, g.role, g.county) || heads(g));
};

/** What fits under a title on a phone; more stands in a table. */
const INLINE = 3;

/** What goes along, and what of it the new one may not do, being about the new one. */
const divided = (waiting: readonly Todo[], next: string): { waiting: string[]; own: string[] } => {
  const others = (t: Todo) => t.about?.some(p => p !== next) ?? true;
  const own = waiting.filter(t => t.about?.includes(next));
  return {
    waiting: waiting.filter(t => others(t) || !own.includes(t)).map(t => t.line),
    own: own.map(t => (others(t) ? `${t.line}中本人的` : t.line)),
  };
};

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '交接',
  sayings: /换(?:个|一个)?联[系络]人|交接|(?<![不谁])让.{1,4}负责/,
  aliases: ['移交', 'jj', 'jiaojie', 'handover'],
  summary: '把工作交给另一个人',
  usage: '/交接 旧 新',
  examples: ['/交接 张三 李四'],
  slots: { people: { kind: 'person', many: true }, sure: { kind: 'choice', words: { 仍要交接: 'yes' } } },
  args,
  async facts(read, { args, actor, today, programmes, settings }) {
    const [old = '', next = ''] = args.people;
    const grants = (await read.all('grants', { person: old })).filter(g => notOver(g, today) && g.role !== 'physician');
    const orgs = grants.length ? await read.all('orgs', { id: [...new Set(grants.map(g => g.org))] }) : [];
    const person = await read.get('people', old);
    const able = person ? ableOf(actor, person, grants) : [];
    const waiting = person
      ? await todosOf({
          read,
          actor: { person, grants: able, account: { platform: '', app: '', id: '', name: person.name } },
          today,
          programmes,
          settings,
        })
      : [];
    const roles = able.length ? await read.all('grants', { org: [...new Set(able.map(g => g.org))] }) : [];
    const beside = roles.filter(g => notOver(g, today) && g.person !== old && g.person !== next && able.some(a => a.org === g.org));
    const same = beside.filter(g => able.some(a => a.org === g.org && a.role === g.role));
    const doers = same.length ? same : beside.filter(g => g.role === 'head');
    return {
      old: person,
      next: await read.get('people', next),
      able,
      theirs: (await read.all('grants', { person: next })).filter(g => notOver(g, today)),
      drafts: await read.all('drafts', { by: old, state: 'waiting' }),
      orgs: new Map(orgs.map(o => [o.id, o])),
      ...divided(waiting, next),
      others: doers.length ? await read.all('people', { id: [...new Set(doers.map(g => g.person))] }) : [],
    };
  },
  decide({ args, facts, turn, today }) {
    const { old, next, own, others } = facts;
    if (!old || !next || old.id === next.id) return refuse('hand-over.who', '请写交出和接手的两个人', '例：/交接 张三 李四');
    const { able } = facts;
    if (!able.length)
      return { ...refuse('hand-over.none', `没有您能交接的${old.name}的工作`, '本人、单位负责人、卫健局或管理员可以交接'), private: true };
    const units = [...new Set(able.map(g => shownOrg(facts.orgs.get(g.org))))].join('、');
    const theirs = own.length
      ? [`${next.name}本人的，不能自己办：${own.slice(0, INLINE).join('；')}${own.length > INLINE ? '等' : ''}`]
      : [];
    if (own.length && !others.length && !args.sure)
      return {
        reply: {
          code: 'hand-over.own',
          title: `有的事${next.name}不能办，还没有交接`,
          tone: 'ask',
          lines: [...theirs, `${units}没有别人能办`, '先给别人授权，或交接给别人；交接了也可以再授权'],
          buttons: [{ label: '仍要交接', command: `/交接 ${old.name} ${next.name} 仍要交接` }],
        },
      };
    const whose = others.length ? `由${others.map(p => p.name).join('、')}办` : `${units}没有别人能办，请再授权一人`;
    const changes: Change[] = able.flatMap((g, n): Change[] => [
      { table: 'grants', id: g.id, to: { ...g, until: addDays(today, -1) }, was: { until: g.until } },
      ...(facts.theirs.some(t => t.role === g.role && t.org === g.org && t.office === g.office && !t.deputy)
        ? []
        : [{ table: 'grants' as const, id: numbered(turn, n), to: { ...g, id: numbered(turn, n), person: next.id, from: today } }]),
    ]);
    for (const d of facts.drafts) changes.push({ table: 'drafts', id: d.id, to: { ...d, by: next.id }, was: { state: 'waiting' } });
    const { waiting } = facts;
    const passed = waiting.length
      ? [`待办 ${waiting.length} 件一并转过去${waiting.length > INLINE ? '，见下表' : `：${waiting.join('；')}`}`]
      : ['没有没办完的事'];
    const listed = waiting.length > INLINE ? { table: { columns: ['转过去的事'], rows: waiting.map(w => [w]) } } : {};
    const what = able.map(g => roleAt(shownOrg(facts.orgs.get(g.org)), g));
    return {
      changes,
      tell: [
        {
          key: `hand-over/${turn}/old`,
          to: { person: old.id },
          class: 'news',
          about: 'person',
          card: { code: 'hand-over.gave', title: `工作已交给${next.name}`, tone: 'info', lines: what },
        },
        {
          key: `hand-over/${turn}/new`,
          to: { person: next.id },
          class: 'news',
          about: 'person',
          card: {
            code: 'hand-over.took',
            title: `您接手${old.name}的工作`,
            tone: 'ask',
            lines: [...what, ...passed, '发 /待办 看等您的事'],
            ...listed,
          },
        },
      ],
      reply: {
        code: 'hand-over.done',
        title: `${old.name}已交接给${next.name}`,
        tone: 'ok',
        lines: [...what.slice(0, own.length ? 1 : 3), ...passed, ...theirs, ...(own.length ? [whose] : []), '以往记录仍记原名'],
        ...listed,
      },
    };
  },
});
