/** /受益 — one who was served and may be called about it. Direct chat only; names and numbers are sealed and stand in no card. */

import { z } from 'zod';
import { READERS } from '../src/bot/callers.ts';
import { type Asked, type Decision, defineCommand, orgsAs, refuse } from '../src/bot/command.ts';
import { maskName, readTyped, type Typed, wishProblem } from '../src/core/beneficiary.ts';
import type { Card, Form } from '../src/core/card.ts';
import { addDays, type Day, monthOf, monthSpan, parseDay, sayDay, sayMonth } from '../src/core/day.ts';
import { looksLikePhone, maskPhone } from '../src/core/names.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Beneficiary, Draft, Org, Visit } from '../src/core/records.ts';
import { type BeneficiaryRules, cite } from '../src/programmes/schema.ts';

const day = z.string().transform((d, c) => parseDay(d) ?? (c.addIssue({ code: 'custom', message: `没有${d}这一天` }), z.NEVER));
const args = z.object({
  days: z.array(z.object({ from: day, to: day })).optional(),
  clinic: z.string().optional(),
  informed: z.enum(['yes', 'not-yet', 'no']).optional(),
  text: z.string().max(400, '诉求不超过200字').optional(),
  // Fields of the form.
  name: z.string().max(20, '姓名太长').optional(),
  phone: z.string().max(30, '电话太长').optional(),
  day: day.optional(),
  wish: z.string().max(200, '诉求不超过200字').optional(),
});
type Args = z.infer<typeof args>;

/** What waits for the tick, sealed in a draft. */
interface Kept extends Typed {
  day: Day;
  /** Where it may have been, each with the physician where there was but one. */
  places: Place[];
}
interface Place {
  clinic: string;
  hospital: string;
  person: string | null;
}

interface Facts {
  places: Place[];
  orgs: Map<string, Org>;
  draft: Draft | undefined;
  kept: Kept | undefined;
  /** The same number at these clinics on that day. */
  same: Beneficiary[];
  named: Beneficiary | undefined;
  /** This month's, at the clinics that the asker speaks for. */
  count: number;
}

const ACTION = /^(保存|放弃|删除)\s*#?(\d{1,12})$/;
const typedOf = ({ name, phone, wish, text }: Args): Partial<Typed> =>
  name === undefined ? readTyped(text ?? '') : { name, ...(phone ? { phone } : {}), wish: wish ?? '' };
const dayOf = ({ args, today }: Pick<Asked<Args>, 'args' | 'today'>): Day => args.day ?? args.days?.[0]?.from ?? today;

export default defineCommand<Args, Facts>({
  name: '受益',
  serves: ['beneficiaries'],
  aliases: ['受益群众', '群众', 'sy', 'shouyi', 'beneficiary'],
  sayings: /登记.{0,4}(?:病人|患者|群众|老?百姓)/,
  summary: '登记受益群众，供回访',
  usage: '/受益 姓名 电话 [日期] [诉求] 已告知',
  examples: ['/受益 李大爷 13800001111 4月10日 想配助听器 已告知'],
  slots: {
    days: { kind: 'dates', single: true, prefer: 'past' },
    clinic: { kind: 'org' },
    informed: {
      kind: 'choice',
      words: {
        已告知本人用于满意度回访: 'yes',
        已告知本人: 'yes',
        已经告知: 'yes',
        已告知: 'yes',
        本人知道: 'yes',
        未告知: 'not-yet',
        没告知: 'not-yet',
        还没告知: 'not-yet',
        本人不同意: 'no',
        不同意: 'no',
        不愿意: 'no',
      },
    },
    text: { kind: 'rest' },
  },
  args,
  needsProgramme: true,

  async facts(read, asked) {
    const { args, actor, today } = asked;
    const on = dayOf(asked);
    const clinics = orgsAs(actor, 'clinic');
    const own = actor.grants.some(g => g.role === 'physician')
      ? await read.all('visits', { person: actor.person!.id, day: on, state: 'on' })
      : [];
    const there = clinics.length ? await read.all('visits', { clinic: clinics, day: on, state: 'on' }) : [];
    const places = placesOf(own, there, actor.person!.id);
    const action = ACTION.exec(args.text ?? '');
    const draft = action && action[1] !== '删除' ? await read.get('drafts', action[2]!) : undefined;
    const open = draft?.kind === 'beneficiary' && draft.by === actor.person!.id && draft.state === 'waiting';
    const rows = open ? await read.unseal('drafts', draft.id, 'rows') : null;
    const kept = rows === null ? undefined : (JSON.parse(rows) as Kept);
    const phone = kept?.phone ?? typedOf(args).phone;
    const same =
      phone === undefined
        ? []
        : await read.all('beneficiaries', { phoneIndex: read.phoneIndex(phone), day: kept?.day ?? on, state: 'kept' });
    const ids = [...new Set([...places, ...(kept?.places ?? [])].map(p => p.clinic))];
    return {
      places,
      orgs: new Map((ids.length ? await read.all('orgs', { id: ids }) : []).map(o => [o.id, o])),
      draft: open ? draft : undefined,
      kept,
      same,
      named: action?.[1] === '删除' ? await read.get('beneficiaries', action[2]!) : undefined,
      count: clinics.length ? await read.count('beneficiaries', { clinic: clinics, day: monthSpan(monthOf(today)), state: 'kept' }) : 0,
    };
  },

  decide(asked) {
    const { args, facts, today } = asked;
    const rules = asked.programme!.beneficiaries;
    if (!rules) return refuse('beneficiary.none', '这个方案没有要求登记受益群众');
    const action = ACTION.exec(args.text ?? '');
    if (action?.[1] === '删除') return erase(asked, action[2]!);
    if (action) return settle(asked, rules, action[1] as '保存' | '放弃');
    if (args.text === undefined && args.name === undefined) return { reply: formCard(asked, rules) };
    const typed = typedOf(args);
    const phone = typed.phone === undefined ? undefined : looksLikePhone(`电话${typed.phone}`)[0];
    if (!typed.name || phone === undefined)
      return refuse(
        'beneficiary.missing',
        `还缺${[...(typed.name ? [] : ['姓名']), ...(phone === undefined ? ['完整的电话'] : [])].join('和')}，没有收下`,
        ...(typed.name ? [] : ['姓名至少两个字，只知道姓就写 赵先生']),
        ...(phone === undefined ? ['座机请带区号'] : []),
        '例：受益 李大爷 13800001111 想配助听器 已告知',
      );
    if (args.informed === 'no') return refuse('beneficiary.no-consent', '本人不同意，没有收下', '不用登记，也不会回访');
    // A second number in the wish is a second person, or does not belong there.
    if (looksLikePhone(`${args.text ?? ''} ${args.phone ?? ''} ${args.wish ?? ''}`).length > 1)
      return refuse(
        'beneficiary.several',
        '一次登记一位，没有收下',
        '一人一条，只留一个电话',
        '例：受益 李大爷 13800001111 想配助听器 已告知',
      );
    const problem = wishProblem(typed.wish ?? '');
    if (problem)
      return refuse(
        'beneficiary.wish',
        problem === 'identity' ? '不要写身份证号，没有收下' : '诉求里不要写病情和诊断，没有收下',
        '只写想办的事，如：想约下次坐诊',
      );
    const on = dayOf(asked);
    if (on > today) return refuse('beneficiary.future', `${sayDay(on, today)}还没到`, '服务过再登记');
    const places = args.clinic === undefined ? facts.places : facts.places.filter(p => p.clinic === args.clinic);
    if (!places.length)
      return refuse(
        'beneficiary.no-visit',
        `${sayDay(on, today)}没有您的班次`,
        '请写服务那天的日期',
        `例：受益 李大爷 13800001111 ${sayDay(addDays(today, -1)).split(' ')[0]} 已告知`,
      );
    const kept: Kept = { name: typed.name, phone: typed.phone!, wish: typed.wish ?? '', day: on, places };
    if (args.informed === 'yes' && places.length === 1) return keep(asked, rules, kept, places[0]!);
    return wait(asked, kept);
  },
});

/** Own visits say where one was; a clinic's 专人 was at the own clinic, with the physician of that day where there was one only. */
const placesOf = (own: readonly Visit[], there: readonly Visit[], me: string): Place[] => {
  const places = new Map<string, Place>();
  for (const v of own) places.set(v.clinic, { clinic: v.clinic, hospital: v.hospital, person: me });
  for (const v of there) {
    if (own.some(o => o.clinic === v.clinic)) continue;
    const people = new Set(there.filter(t => t.clinic === v.clinic).map(t => t.person));
    places.set(v.clinic, { clinic: v.clinic, hospital: v.hospital, person: people.size === 1 ? v.person : null });
  }
  return [...places.values()];
};

const basis = (asked: Asked<Args>, rules: BeneficiaryRules): string => cite(asked.programme!, rules);

const formCard = (asked: Asked<Args> & { facts: Facts }, rules: BeneficiaryRules): Card => {
  const form: Form = {
    command: '/受益',
    submit: '保存',
    fields: [
      { name: 'name', label: '姓名', kind: 'text', required: true },
      { name: 'phone', label: '电话', kind: 'text', required: true },
      { name: 'day', label: '服务日期', kind: 'day', value: asked.today },
      { name: 'wish', label: '诉求', kind: 'text' },
      { name: 'informed', label: '已告知本人用于满意度回访', kind: 'choice', required: true, options: [{ label: '已告知', value: 'yes' }] },
    ],
  };
  return {
    code: 'beneficiary.form',
    title: '登记受益群众',
    tone: 'ask',
    lines: [
      '也可一行发：受益 姓名 电话 诉求 已告知',
      `加密保存，只给${READERS}；不写病情`,
      ...(orgsAs(asked.actor, 'clinic').length ? [`${sayMonth(monthOf(asked.today))}本单位已登记 ${asked.facts.count} 人`] : []),
      basis(asked, rules),
    ],
    form,
  };
};

const line = (kept: Kept, place: Place, f: Facts, today: Day): string =>
  `${maskName(kept.name)} ${maskPhone(kept.phone)}，${sayDay(kept.day, today)} ${shownOrg(f.orgs.get(place.clinic))}`;

/** The tick is missing, or where it was. Until then it waits sealed, and goes by itself after a day. */
const wait = (asked: Asked<Args> & { facts: Facts }, kept: Kept): Decision => {
  const { facts, turn, actor, now, programme, today } = asked;
  const several = kept.places.length > 1;
  const draft: Draft = {
    id: `${turn}`,
    kind: 'beneficiary',
    programme: programme!.id,
    by: actor.person!.id,
    at: now,
    rows: JSON.stringify(kept),
    from: null,
    state: 'waiting',
  };
  return {
    changes: [{ table: 'drafts', id: draft.id, to: draft }],
    reply: {
      code: 'beneficiary.tick',
      title: several ? '在哪一家？已告知本人会回访吗？' : '已告知本人会回访吗？',
      tone: 'ask',
      lines: [
        several ? `${maskName(kept.name)} ${maskPhone(kept.phone)}，${sayDay(kept.day, today)}` : line(kept, kept.places[0]!, facts, today),
        '电话只用于满意度回访；点了才保存',
      ],
      buttons: [
        ...kept.places.map((p, i) => ({
          label: several ? `${shownOrg(facts.orgs.get(p.clinic))}，已告知` : '已告知，保存',
          command: `/受益 保存 ${draft.id}${several ? ` ${facts.orgs.get(p.clinic)?.name ?? ''}` : ''}`,
          ...(i === 0 && !several ? { style: 'primary' as const } : {}),
        })),
        { label: '不保存', command: `/受益 放弃 ${draft.id}` },
      ],
    },
  };
};

const settle = (asked: Asked<Args> & { facts: Facts }, rules: BeneficiaryRules, how: '保存' | '放弃'): Decision => {
  const { facts, args } = asked;
  if (!facts.draft || !facts.kept)
    return { reply: { code: 'beneficiary.settled', title: '这条已经办过或过期了', tone: 'info', lines: ['要登记请重新发一次'] } };
  const gone = {
    table: 'drafts' as const,
    id: facts.draft.id,
    to: { ...facts.draft, state: how === '保存' ? ('done' as const) : ('dropped' as const), rows: null },
    was: { state: 'waiting' as const },
  };
  if (how === '放弃') return { changes: [gone], reply: { code: 'beneficiary.dropped', title: '没有保存', tone: 'info', lines: [] } };
  const place = facts.kept.places.length === 1 ? facts.kept.places[0] : facts.kept.places.find(p => p.clinic === args.clinic);
  if (!place) return refuse('beneficiary.which', '请点是哪一家', '发 /受益 重新登记');
  const done = keep(asked, rules, facts.kept, place);
  return 'refused' in done ? done : { ...done, changes: [gone, ...(done.changes ?? [])] };
};

const keep = (asked: Asked<Args> & { facts: Facts }, rules: BeneficiaryRules, kept: Kept, place: Place): Decision => {
  const { facts, turn, actor, now, today, programme } = asked;
  const again = facts.same.find(b => b.clinic === place.clinic);
  if (again)
    return {
      reply: {
        code: 'beneficiary.already',
        title: '这个电话当天已登记过',
        tone: 'info',
        lines: [line(kept, place, facts, today), `编号${again.id}；要重写先发：受益 删除 ${again.id}`],
      },
    };
  const county = facts.orgs.get(place.clinic)?.county ?? '';
  const record: Beneficiary = {
    id: `${turn}`,
    programme: programme!.id,
    county,
    clinic: place.clinic,
    hospital: place.hospital,
    person: place.person,
    day: kept.day,
    name: kept.name,
    phone: kept.phone,
    phoneMask: maskPhone(kept.phone),
    phoneIndex: null,
    wish: kept.wish || null,
    informed: true,
    by: actor.person!.id,
    at: now,
    keepUntil: addDays(kept.day, rules.keep.days),
    state: 'kept',
  };
  return {
    changes: [{ table: 'beneficiaries', id: record.id, to: record }],
    reply: {
      code: 'beneficiary.kept',
      title: `已登记 ${maskName(kept.name)}`,
      tone: 'ok',
      lines: [
        line(kept, place, facts, today),
        `编号${record.id}，${sayDay(record.keepUntil, today)}后自动删除（${rules.keep.clause ? `依据 ${rules.keep.clause}` : '系统默认'}）`,
        `登错了或本人不同意：受益 删除 ${record.id}`,
      ],
    },
  };
};

/** Whoever entered it, the clinic, or the bureau: the person's own wish is enough. What was kept is gone; that it was, stays. */
const erase = (asked: Asked<Args> & { facts: Facts }, id: string): Decision => {
  const { facts, actor, today } = asked;
  const b = facts.named;
  const mine =
    b &&
    (b.by === actor.person!.id ||
      actor.grants.some(g => (g.role === 'clinic' && g.org === b.clinic) || (g.role === 'bureau' && g.county === b.county)));
  if (!b || !mine) return { ...refuse('beneficiary.unknown', `没有编号 ${id} 的登记`, '只能删本人或本单位登记的'), private: true };
  if (b.state === 'erased') return { reply: { code: 'beneficiary.erased-already', title: '已经删除过', tone: 'info', lines: [] } };
  return {
    changes: [
      {
        table: 'beneficiaries',
        id: b.id,
        to: { ...b, name: null, phone: null, phoneMask: null, phoneIndex: null, wish: null, state: 'erased' },
        was: { state: 'kept' },
      },
    ],
    reply: {
      code: 'beneficiary.erased',
      title: '已删除姓名、电话和诉求',
      tone: 'ok',
      lines: [`${sayDay(b.day, today)}登记的编号${b.id}，只留有过一条的记录`],
    },
  };
};
