/** /抽样 — draws beneficiaries to be called, by a stored seed, so that anybody can draw the same again; for the year, hands the pool to the city on the bureau's recorded order. */
import { z } from 'zod';
import { CALLER, callingFor, NOT_CALLER } from '../src/bot/callers.ts';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { namesOf } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { drawSample, poolForecast } from '../src/core/beneficiary.ts';
import type { PeopleList } from '../src/core/card.ts';
import { daysBetween, type Month, month as monthFrom, monthOf, monthSpan, type Span, sayInstant, sayMonth } from '../src/core/day.ts';
import type { Names } from '../src/core/leave-cards.ts';
import { type Beneficiary, type FollowUp, numbered, type Sample } from '../src/core/records.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => monthFrom(m))
    .optional(),
  year: z.literal('year').optional(),
  more: z.literal('more').optional(),
  check: z.string().optional(),
  size: z.number().optional(),
  text: z.string().max(200, '依据不超过200字').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  county: string | undefined;
  programme: Programme | null;
  month: Month;
  /** Kept beneficiaries of the month or the year, one for each number, oldest first. */
  pool: Beneficiary[];
  /** Those of the pool who were drawn before, for the month. */
  drawn: Set<string>;
  samples: Sample[];
  checked: { sample: Sample; calls: FollowUp[] } | undefined;
  names: Names;
}

/** Of several entries of one number, the first. */
const distinct = (all: readonly Beneficiary[]): Beneficiary[] =>
  [...new Map([...all].reverse().map(b => [b.phoneIndex ?? b.id, b])).values()].reverse();

const poolOf = async (read: Read, programme: string, county: string, span: Span): Promise<Beneficiary[]> =>
  distinct(await read.all('beneficiaries', { programme, county, day: span, state: 'kept' }, { by: 'at' }));

export default defineCommand<Args, Facts>({
  name: '抽样',
  serves: ['beneficiaries'],
  aliases: ['抽查回访', '抽取回访', 'cy', 'chouyang', 'sample'],
  summary: '抽取受益群众回访',
  usage: '/抽样 [月] [人数]；/抽样 全年 依据 文号或通知',
  examples: ['/抽样 5月 10', '/抽样 全年', '/抽样 核对 57'],
  slots: {
    check: { kind: 'labelled', labels: ['核对', '重抽'], of: { kind: 'ref' } },
    year: { kind: 'choice', words: { 全年: 'year', 年度: 'year' } },
    more: { kind: 'choice', words: { 再抽: 'more', 补抽: 'more', 再抽一批: 'more' } },
    month: { kind: 'month', prefer: 'past' },
    size: { kind: 'number' },
    text: { kind: 'rest' },
  },
  args,

  async facts(read, asked) {
    const { args, today } = asked;
    const { county, programme } = await callingFor(read, asked);
    const checked = args.check ? await read.get('samples', args.check) : undefined;
    const mine = checked && checked.county === county ? checked : undefined;
    const month = args.month ?? monthOf(today);
    const empty = {
      county,
      programme,
      month,
      pool: [],
      drawn: new Set<string>(),
      samples: [],
      checked: undefined,
      names: await namesOf(read, [], []),
    };
    if (county === undefined || !programme) return empty;
    const span =
      args.year || mine?.kind === 'year' ? { from: programme.term.from, to: programme.term.until } : monthSpan(mine?.month ?? month);
    const pool = await poolOf(read, programme.id, county, span);
    const samples = (await read.all('samples', { county, programme: programme.id }, { by: 'at' })).filter(s =>
      args.year ? s.kind === 'year' : s.month === (mine?.month ?? month),
    );
    const calls = samples.length ? await read.all('followUps', { sample: samples.map(s => s.id) }) : [];
    return {
      ...empty,
      pool,
      samples,
      drawn: new Set(calls.map(c => c.beneficiary)),
      checked: mine && { sample: mine, calls: await read.all('followUps', { sample: mine.id }, { by: 'place' }) },
      names: await namesOf(
        read,
        [...pool.map(b => b.person), ...samples.map(s => s.by)],
        pool.map(b => b.clinic),
      ),
    };
  },

  decide(asked) {
    const { args, facts, today } = asked;
    if (facts.county === undefined) return { ...refuse('sample.not-caller', `只有${CALLER}可以抽样和回访`, ...NOT_CALLER), private: true };
    const rules = facts.programme?.beneficiaries;
    if (!facts.programme || !rules) return refuse('sample.none', '这个方案没有回访的规定');
    if (args.check) return check(asked, args.check);
    if (args.year) return year(asked, facts.programme);
    if (args.text !== undefined)
      return refuse('sample.unclear', `“${args.text.slice(0, 12)}”没看明白，没有抽`, '人数请写1到1000的整数', '例：/抽样 5月 10');
    const size = args.size ?? rules['follow-up']?.people ?? 10;
    if (!Number.isInteger(size) || size < 1 || size > 1000) return refuse('sample.size', '人数请写1到1000的整数', '例：/抽样 5月 10');
    if (facts.month > monthOf(today)) return refuse('sample.future', `${sayMonth(facts.month)}还没到`, '例：/抽样 本月 10');
    const last = facts.samples.at(-1);
    if (last && !args.more)
      return {
        reply: {
          code: 'sample.already',
          title: `${sayMonth(facts.month)}已抽过 ${facts.samples.reduce((n, s) => n + s.size, 0)} 人`,
          tone: 'info',
          lines: [`最近一次 ${sayInstant(last.at, today)} ${facts.names.person(last.by)}，编号${last.id}`, '再抽的不会和以前重复'],
          buttons: [
            { label: '看回访情况', command: `/回访 ${facts.month}` },
            { label: `再抽 ${size} 人`, command: `/抽样 ${facts.month} ${size} 再抽` },
          ],
        },
      };
    const open = facts.pool.filter(b => !facts.drawn.has(b.id));
    if (!open.length)
      return refuse(
        'sample.empty',
        `${sayMonth(facts.month)}没有可抽的受益群众`,
        facts.pool.length ? '登记过的都抽过了' : '请各受援单位和医师先登记：/受益',
      );
    return draw(asked, facts.programme, open, size);
  },
});

const listOf = (
  asked: Asked<Args> & { facts: Facts },
  title: string,
  rows: readonly { id: string; b: Beneficiary }[],
  result: boolean,
): PeopleList => ({
  title,
  note: ['仅供满意度回访，不得转发；用后销毁', ...(asked.demo ? ['演示数据'] : [])],
  result,
  rows: rows.map(({ id, b }) => ({
    id,
    beneficiary: b.id,
    clinic: asked.facts.names.full(b.clinic),
    person: b.person ? asked.facts.names.person(b.person) : '',
    day: b.day,
  })),
});

const draw = (asked: Asked<Args> & { facts: Facts }, programme: Programme, open: readonly Beneficiary[], size: number): Decision => {
  const { facts, turn, actor, now } = asked;
  const seed = asked.secret().digest.slice(0, 12);
  const chosen = drawSample(open, size, seed);
  const sample: Sample = {
    id: `${turn}`,
    programme: programme.id,
    county: facts.county!,
    kind: 'month',
    month: facts.month,
    size: chosen.length,
    pool: open.length,
    seed,
    order: null,
    results: null,
    by: actor.person!.id,
    at: now,
  };
  const calls: FollowUp[] = chosen.map((b, i) => ({
    id: numbered(turn, i),
    sample: sample.id,
    county: sample.county,
    clinic: b.clinic,
    beneficiary: b.id,
    place: i + 1,
    result: null,
    note: null,
    by: null,
    at: null,
  }));
  const rules = programme.beneficiaries!;
  return {
    changes: [{ table: 'samples', id: sample.id, to: sample }, ...calls.map(c => ({ table: 'followUps' as const, id: c.id, to: c }))],
    looked: [{ table: 'beneficiaries', ids: chosen.map(b => b.id), why: `抽样${sample.id}名单` }],
    reply: {
      code: 'sample.drawn',
      title: `${sayMonth(facts.month)}抽了 ${chosen.length} 人（共 ${open.length} 人可抽）`,
      tone: 'ok',
      lines: [
        `按单位和医师分层，涉及 ${new Set(chosen.map(b => b.clinic)).size} 家；种子 ${seed}`,
        `打完发：回访 ${calls[0]!.id} 满意（可一次发多行）`,
        '名单7天后从系统下载不到，请勿转发',
        rules['follow-up'] ? cite(programme, rules['follow-up']) : '时间：系统默认',
      ],
      paper: {
        kind: 'people',
        name: `回访名单 ${sayMonth(facts.month)} ${sample.id}.xlsx`,
        list: listOf(
          asked,
          `${sayMonth(facts.month)}受益群众回访名单（编号${sample.id}）`,
          chosen.map((b, i) => ({ id: calls[i]!.id, b })),
          true,
        ),
      },
    },
  };
};

/** Draws again by the stored seed and compares. */
const check = ({ facts }: Asked<Args> & { facts: Facts }, id: string): Decision => {
  if (!facts.checked || facts.checked.sample.kind !== 'month')
    return refuse('sample.unknown', `没有编号 ${id} 的抽样`, '发 /抽样 月份 看编号');
  const { sample, calls } = facts.checked;
  const before = new Set(facts.samples.filter(s => s.at < sample.at || (s.at === sample.at && s.id < sample.id)).map(s => s.id));
  const own = new Set(calls.map(c => c.beneficiary));
  // The pool as it was then: entered before, and not drawn by an earlier sample.
  const pool = facts.pool.filter(b => b.at <= sample.at && (own.has(b.id) || !facts.drawn.has(b.id) || before.size === 0));
  const again = drawSample(pool, sample.size, sample.seed).map(b => b.id);
  const same = pool.length === sample.pool && again.length === calls.length && again.every((b, i) => b === calls[i]!.beneficiary);
  return {
    reply: {
      code: same ? 'sample.same' : 'sample.changed',
      title: same ? '重抽结果一致' : '名册已变，重抽不能完全一致',
      tone: same ? 'ok' : 'info',
      lines: [
        `编号${sample.id}，种子 ${sample.seed}，抽 ${sample.size}/${sample.pool} 人`,
        ...(same ? [] : [`现在可抽 ${pool.length} 人，当时 ${sample.pool} 人（有人已删除或已另抽）`]),
      ],
    },
  };
};

/** The year's pool: is there enough, and its export to whoever reviews. The city draws and calls. */
const year = (asked: Asked<Args> & { facts: Facts }, programme: Programme): Decision => {
  const { facts, args, today, turn, actor, now } = asked;
  const order = /^(?:依据|根据|按)[:：]?\s*(.+)$/s.exec(args.text ?? '')?.[1];
  const rules = programme.beneficiaries!;
  const wanted = rules.pool?.people ?? 0;
  const n = facts.pool.length;
  const forecast = poolForecast(n, daysBetween(programme.term.from, today) + 1, daysBetween(programme.term.from, programme.term.until) + 1);
  const state = [
    `可抽 ${n} 人${wanted ? `，要有 ${wanted} 人以上` : ''}`,
    ...(wanted && n <= wanted ? [today >= programme.term.until ? `还差 ${wanted + 1 - n} 人` : `照现在的进度到年底约 ${forecast} 人`] : []),
    ...(rules.pool ? [cite(programme, rules.pool)] : []),
  ];
  if (order === undefined)
    return {
      reply: {
        code: 'sample.year',
        title: `全年受益群众 ${n} 人`,
        tone: wanted && n <= wanted && forecast <= wanted ? 'ask' : 'info',
        lines: [
          ...state,
          ...facts.samples.map(s => `${sayInstant(s.at, today)}已导出 ${s.size} 人，依据：${s.order ?? ''}`).slice(-2),
          `导出给${rules.pool?.by ?? '上级'}：/抽样 全年 依据 通知或文号`,
        ],
      },
    };
  if (!n) return refuse('sample.empty', '还没有登记受益群众', '请各受援单位和医师先登记：/受益');
  const sample: Sample = {
    id: `${turn}`,
    programme: programme.id,
    county: facts.county!,
    kind: 'year',
    month: null,
    size: n,
    pool: n,
    seed: '',
    order,
    results: null,
    by: actor.person!.id,
    at: now,
  };
  return {
    changes: [{ table: 'samples', id: sample.id, to: sample }],
    looked: [{ table: 'beneficiaries', ids: facts.pool.map(b => b.id), why: `全年名册导出${sample.id}` }],
    reply: {
      code: 'sample.exported',
      title: `全年名册 ${n} 人已导出`,
      tone: 'ok',
      lines: [`依据：${order}（已记录）`, ...state.slice(0, 2), `结果回来后发：回访 ${sample.id} 满意80 基本满意15 不满意3 拒访1 未接通1`],
      paper: {
        kind: 'people',
        name: `受益群众名册 ${sample.id}.xlsx`,
        list: listOf(
          asked,
          `${programme.title}受益群众名册`,
          facts.pool.map((b, i) => ({ id: `${i + 1}`, b })),
          false,
        ),
      },
    },
  };
};
