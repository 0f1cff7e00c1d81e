/** /说明, /认定, /异议 — a case is heard, weighed by a named person of the bureau, and may be objected to. */

import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { consequences, findingWords, limitDay } from '../src/core/absence.ts';
import { type Button, type Card, type Outgoing, pointer } from '../src/core/card.ts';
import { type Day, sayDay, sayInstant } from '../src/core/day.ts';
import type { Names } from '../src/core/leave-cards.ts';
import { officeOfCases } from '../src/core/offices.ts';
import type { Case, Change, Statement } from '../src/core/records.ts';
import { sayHalves } from '../src/core/visit.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';
import { caseFacts, choose, daysOfCase, type Facts, type Heard, sideOf, title, unknown } from './finding/case.ts';

// ── /说明 ───────────────────────────────────────────────────────────────────────

const textArgs = z.object({ id: z.string().optional(), text: z.string().max(500, '不超过500字').optional() });
type TextArgs = z.infer<typeof textArgs>;
const textSlots = { id: { kind: 'ref' as const }, text: { kind: 'rest' as const, personal: true as const } };

export const explain = defineCommand<TextArgs, Facts>({
  name: '说明',
  aliases: ['情况说明', 'sm', 'shuoming', 'explain'],
  summary: '对未到的反映作说明',
  usage: '/说明 编号 情况',
  examples: ['/说明 57 路上车坏了，10点半到的'],
  slots: textSlots,
  args: textArgs,
  needsProgramme: true,
  concerns: (read, { id }, { programme }) => daysOfCase(read, id, programme),
  facts: (read, asked) => caseFacts(read, asked, asked.args.id),
  decide(asked) {
    const { args, facts: f, actor, now, today, turn } = asked;
    if (!args.id) return choose(f, '说明', asked, args.text ?? '', c => c.state === 'open' && sideOf(asked, c) !== undefined);
    const c = f.heard?.case;
    const side = c && sideOf(asked, c);
    if (!c || !side) return unknown(args.id);
    if (c.state === 'closed')
      return { reply: { code: 'case.closed', title: '这件事已经了结，不用说明', tone: 'info', lines: [title(c, f.names, today)] } };
    if (c.state !== 'open')
      return refuse(
        'case.decided',
        '已经认定，说明期过了',
        c.objectUntil && c.objectUntil >= today ? `有不同意见：/异议 ${c.id} 理由` : '可向卫健局反映',
      );
    if (!args.text)
      return {
        reply: { code: 'case.say', title: '请写情况', tone: 'ask', lines: ['直接回复即可', '发 取消 不办'] },
        waitFor: `/说明 ${c.id}`,
      };
    const statement: Statement = {
      id: `${turn}`,
      case: c.id,
      person: actor.person!.id,
      side,
      kind: 'explanation',
      text: args.text,
      at: now,
    };
    return {
      changes: [{ table: 'statements', id: statement.id, to: statement }],
      tell: [
        {
          key: `case/${c.id}/said/${turn}`,
          to: { org: c.county, role: 'bureau', office: officeOfCases(asked.programme) },
          class: 'news',
          about: 'person',
          card: weighCard(
            { ...f.heard!, statements: [...f.heard!.statements, { ...statement, said: args.text }] },
            { ...f.names, person: id => (id === actor.person!.id ? actor.person!.name : f.names.person(id)) },
            asked.programme!,
            today,
          ),
        },
      ],
      reply: {
        code: 'case.said',
        title: '说明已记下，转给卫健局',
        tone: 'ok',
        lines: [title(c, f.names, today), side === 'clinic' ? '认定后会告诉您' : '认定后会告诉您，可以提异议'],
      },
      replyIn: 'direct',
    };
  },
});

// ── /认定 ───────────────────────────────────────────────────────────────────────

const findingArgs = z.object({
  id: z.string().optional(),
  finding: z.enum(['unexcused', 'excused']).optional(),
  reason: z.string().max(500, '理由不超过500字').optional(),
});
type FindingArgs = z.infer<typeof findingArgs>;
/** Typed words of a finding that name nobody as anything. */
const FINDING_WORDS = { unexcused: '成立', excused: '不成立' } as const;

/** What the deciding person reads: evidence, both sides, until when they are heard. No word here goes before the finding. */
const weighCard = ({ case: c, visit, statements }: Heard, names: Names, programme: Programme, today: Day): Card => ({
  code: 'case.weigh',
  title: `待认定：${title(c, names, today)}`,
  tone: 'ask',
  lines: [
    c.from === 'report' ? '受援单位反映未到' : `紧急请假没有批准（编号${c.leave}）`,
    ...(visit ? [visit.checkedIn === null ? `${sayHalves(visit)}没有签到记录` : `本人${sayInstant(visit.checkedIn, today)}签到`] : []),
    ...statements.map(
      s =>
        `${{ physician: '本人', hospital: '支援单位', clinic: '受援单位' }[s.side]}${s.kind === 'objection' ? '异议' : '说明'}：${s.said}`,
    ),
    ...(c.state === 'open' && unheard(c, statements, names).length
      ? [`听取说明到${sayDay(c.hearUntil, today)}，还没说明：${unheard(c, statements, names).join('、')}`]
      : []),
    ...(programme.absence ? [cite(programme, programme.absence).replace(programme.absence.label, '此类情形')] : []),
  ],
  buttons: [
    { label: '有正当理由', command: `/认定 ${c.id} 不成立` },
    { label: '反映属实', command: `/认定 ${c.id} 成立` },
  ] satisfies Button[],
});
/** Of the two that are to be heard, who has not spoken: the physician and the hospital. */
const unheard = (c: Case, statements: readonly Statement[], names: Names): string[] => [
  ...(statements.some(s => s.side === 'physician') ? [] : [`${names.person(c.person)}医师`]),
  ...(statements.some(s => s.side === 'hospital') ? [] : [`支援单位${names.org(c.hospital)}`]),
];

export const finding = defineCommand<FindingArgs, Facts>({
  name: '认定',
  aliases: ['rd', 'rending', 'finding'],
  summary: '对未到的情况具名认定',
  usage: '/认定 编号 无故|有因 理由',
  examples: ['/认定 57 有因 路上车坏了，已核对'],
  slots: {
    id: { kind: 'ref' },
    finding: { kind: 'choice', words: { 无故: 'unexcused', 成立: 'unexcused', 有因: 'excused', 不成立: 'excused', 有正当理由: 'excused' } },
    reason: { kind: 'rest', personal: true },
  },
  args: findingArgs,
  needsProgramme: true,
  concerns: (read, { id }, { programme }) => daysOfCase(read, id, programme),
  facts: (read, asked) => caseFacts(read, asked, asked.args.id),
  decide(asked) {
    const { args, facts: f, actor, today, programme } = asked;
    if (!args.id)
      return choose(
        f,
        '认定',
        asked,
        [args.finding && FINDING_WORDS[args.finding], args.reason].filter(Boolean).join(' '),
        c => c.state === 'open' || c.state === 'objected',
      );
    const c = f.heard?.case;
    if (!c || !actor.grants.some(g => g.role === 'bureau' && g.county === c.county)) return unknown(args.id);
    if (!f.deciders.includes(actor.person!.id))
      return {
        ...refuse('case.not-yours', '这件事不由您认定', `由${officeOfCases(programme)}或分管领导具名认定`),
        private: true,
      };
    if (c.person === actor.person?.id) return { ...refuse('case.own', '不能认定自己的'), private: true };
    if (c.state === 'closed')
      return { reply: { code: 'case.closed', title: '这件事已经了结', tone: 'info', lines: [title(c, f.names, today)] } };
    if (c.state === 'decided')
      return {
        reply: {
          code: 'case.already',
          title: `已认定：${findingWords(programme!.absence, c.finding)}`,
          tone: 'info',
          lines: [
            `${f.names.person(c.by ?? '')} ${c.decidedAt ? sayInstant(c.decidedAt, today) : ''}`,
            ...(c.objectUntil ? [`可提异议到${sayDay(c.objectUntil, today)}`] : []),
          ],
        },
      };
    if (!args.finding) return { reply: weighCard(f.heard!, f.names, programme!, today), replyIn: 'direct' };
    const silent = c.state === 'open' ? unheard(c, f.heard!.statements, f.names) : [];
    if (silent.length && today <= c.hearUntil)
      return refuse(
        'case.hear-first',
        '还没到认定的时候',
        `还没说明：${silent.join('、')}`,
        `都说明了就能认定，最迟等到${sayDay(c.hearUntil, today)}`,
        `期限${asked.settings.get('hear.days')}个工作日，${asked.settings.source('hear.days')}`,
      );
    if (c.state === 'objected' && c.by === actor.person?.id) return refuse('case.another', '异议要由另一位复核', '由副岗或分管领导认定');
    if (!args.reason)
      return {
        reply: {
          code: 'case.why',
          title: '请写认定理由',
          tone: 'ask',
          lines: [`直接回复，会告诉${toldOfFinding(f.heard!)}`, '发 取消 不办'],
        },
        waitFor: `/认定 ${c.id} ${FINDING_WORDS[args.finding]}`,
      };
    return decideCase(asked, f, c, args.finding, args.reason);
  },
});

/** The clinic explained as well. */
const spokeToo = ({ statements }: Heard): boolean => statements.some(s => s.side === 'clinic');
const toldOfFinding = (heard: Heard): string => (spokeToo(heard) ? '本人、支援单位和受援单位' : '本人和支援单位');

const decideCase = (asked: Asked<FindingArgs>, f: Facts, c: Case, found: 'unexcused' | 'excused', reason: string): Decision => {
  const { actor, now, today, turn, programme, settings, calendar } = asked;
  const rules = programme!.absence;
  const review = c.state === 'objected';
  // A review is the last word here; a first finding may be objected to.
  const objectUntil = review || found === 'excused' ? null : limitDay(calendar, today, settings.number('object.days'));
  const after: Case = { ...c, state: 'decided', finding: found, why: reason, by: actor.person!.id, decidedAt: now, objectUntil };
  const label = findingWords(rules, found);
  const who = title(c, f.names, today);
  const steps = found === 'unexcused' && rules ? consequences(rules, f.foundDays, c.day) : [];
  const told = (...more: string[]): Card => ({
    code: 'case.found',
    title: `${review ? '复核' : ''}认定：${label}`,
    tone: found === 'unexcused' ? 'urgent' : 'ok',
    lines: [
      who,
      `理由：${reason}`,
      `认定人：${actor.person!.name}`,
      ...more,
      ...(rules && found === 'unexcused' ? [cite(programme!, rules)] : []),
    ],
  });
  const card = told(
    ...(objectUntil
      ? [
          `不同意的，${sayDay(objectUntil, today)}前发：/异议 ${c.id} 理由`,
          `期限${settings.get('object.days')}个工作日，${settings.source('object.days')}`,
        ]
      : []),
  );
  // A clinic that explained was promised the outcome; it has nothing to object to.
  const clinicSpoke = spokeToo(f.heard!);
  const base = { class: 'news' as const, about: 'person' as const, card };
  const tell: Outgoing[] = [
    { ...base, key: `case/${c.id}/found/${turn}/physician`, to: { person: c.person }, inGroup: pointer(f.names.person(c.person)) },
    { ...base, key: `case/${c.id}/found/${turn}/hospital`, to: { org: c.hospital, role: 'hospital' } },
    ...(clinicSpoke
      ? [{ ...base, key: `case/${c.id}/found/${turn}/clinic`, to: { org: c.clinic, role: 'clinic' as const }, card: told() }]
      : []),
  ];
  const changes: Change[] = [{ table: 'cases', id: c.id, to: after, was: { state: c.state } }];
  return {
    changes,
    settles: [`case-hear/${c.id}`, `case-weigh/${c.id}`, `not-there/${c.visit}`],
    tell,
    reply: {
      code: 'case.found-done',
      title: `已认定：${label}`,
      tone: 'ok',
      lines: [
        who,
        ...steps.flatMap(s => [
          `${{ month: '本月', quarter: '本季度', year: '今年' }[s.per]}第${s.n}次，按${s.clause}拟：`,
          ...s.measures.map(m => `· ${m.what}（由${m.by}决定）`),
        ]),
        ...(steps.length
          ? ['以上只是草拟，系统不对外发出', ...(objectUntil ? [`异议期到${sayDay(objectUntil, today)}，期满再办`] : [])]
          : []),
        `已告知${toldOfFinding(f.heard!)}`,
      ],
    },
    replyIn: 'direct',
  };
};

// ── /异议 ───────────────────────────────────────────────────────────────────────

export const object = defineCommand<TextArgs, Facts>({
  name: '异议',
  aliases: ['申诉', 'yy', 'yiyi', 'object'],
  summary: '对认定提出异议',
  usage: '/异议 编号 理由',
  examples: ['/异议 57 当天在村里巡诊，有记录'],
  slots: textSlots,
  args: textArgs,
  needsProgramme: true,
  concerns: (read, { id }, { programme }) => daysOfCase(read, id, programme),
  facts: (read, asked) => caseFacts(read, asked, asked.args.id),
  decide(asked) {
    const { args, facts: f, actor, now, today, turn, settings } = asked;
    if (!args.id)
      return choose(
        f,
        '异议',
        asked,
        args.text ?? '',
        c => c.state === 'decided' && c.objectUntil !== null && c.objectUntil >= today && sideOf(asked, c) !== undefined,
      );
    const c = f.heard?.case;
    const side = c && sideOf(asked, c);
    if (!c || !side || side === 'clinic') return unknown(args.id);
    if (c.state === 'open') return refuse('case.not-decided', '还没有认定', `先作说明：/说明 ${c.id} 情况`);
    if (c.state === 'objected')
      return { reply: { code: 'case.objected-already', title: '异议已经提过，正在复核', tone: 'info', lines: [title(c, f.names, today)] } };
    if (c.state === 'closed' || c.objectUntil === null)
      return refuse('case.final', '这件事没有可提的异议', c.finding === 'excused' ? '认定有正当理由' : '已复核过');
    if (today > c.objectUntil)
      return refuse(
        'case.too-late',
        `异议期到${sayDay(c.objectUntil, today)}为止`,
        `期限${settings.get('object.days')}个工作日，${settings.source('object.days')}`,
        '可书面向卫健局反映',
      );
    if (!args.text)
      return {
        reply: { code: 'case.object-why', title: '请写异议理由', tone: 'ask', lines: ['直接回复即可', '发 取消 不办'] },
        waitFor: `/异议 ${c.id}`,
      };
    const statement: Statement = { id: `${turn}`, case: c.id, person: actor.person!.id, side, kind: 'objection', text: args.text, at: now };
    const after: Case = { ...c, state: 'objected' };
    const names: Names = { ...f.names, person: id => (id === actor.person!.id ? actor.person!.name : f.names.person(id)) };
    const card = weighCard(
      { ...f.heard!, case: after, statements: [...f.heard!.statements, { ...statement, said: args.text }] },
      names,
      asked.programme!,
      today,
    );
    // Whoever decided it does not review it.
    const others = f.deciders.filter(p => p !== c.by);
    const office = officeOfCases(asked.programme);
    const to: Outgoing['to'][] = others.length ? others.map(person => ({ person })) : [{ org: c.county, role: 'bureau', office }];
    return {
      changes: [
        { table: 'statements', id: statement.id, to: statement },
        { table: 'cases', id: c.id, to: after, was: { state: 'decided' } },
      ],
      tell: to.map((place, n) => ({
        key: `case/${c.id}/objected/${turn}/${n}`,
        to: place,
        class: 'news' as const,
        about: 'person' as const,
        card: { ...card, title: card.title.replace('待认定', '异议待复核'), lines: ['由另一位复核', ...card.lines] },
      })),
      settles: [`case-object/${c.id}`],
      reply: { code: 'case.objected', title: '异议已提交', tone: 'ok', lines: [title(c, f.names, today), '由另一位复核，结果会告诉您'] },
      replyIn: 'direct',
    };
  },
});
