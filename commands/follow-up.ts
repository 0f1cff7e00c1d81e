/** /回访 — what a called beneficiary said, and the rates of a month or a year, with how many were called, refused and not reached. */
import { z } from 'zod';
import { CALLER, callingFor, NOT_CALLER } from '../src/bot/callers.ts';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { namesOf } from '../src/bot/leaves.ts';
import { RESULT_NAMES, readResults, readTotals, resultLines, vagueIn } from '../src/core/beneficiary.ts';
import { type Month, month as monthFrom, monthOf, sayMonth } from '../src/core/day.ts';
import type { Names } from '../src/core/leave-cards.ts';
import type { Beneficiary, FollowUp, FollowUpResult, Sample } from '../src/core/records.ts';
import { cite, type Programme } from '../src/programmes/schema.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => monthFrom(m))
    .optional(),
  text: z.string().max(4000, '一次太多，请分几次发').optional(),
});
type Args = z.infer<typeof args>;

interface Facts {
  county: string | undefined;
  programme: Programme | null;
  month: Month;
  samples: Sample[];
  /** Calls of the month's samples. */
  calls: FollowUp[];
  /** Calls that were named. */
  named: FollowUp[];
  /** A sample that was named. */
  sample: Sample | undefined;
  erased: Set<string>;
  names: Names;
}

export default defineCommand<Args, Facts>({
  name: '回访',
  serves: ['beneficiaries'],
  aliases: ['电话回访', '回访结果', 'hf', 'huifang', 'follow-up'],
  summary: '登记回访结果、看满意度',
  usage: '/回访 编号 满意|基本满意|不满意|拒访|未接通 [备注]；/回访 5月 看汇总',
  examples: ['/回访 57 满意', '/回访 57-2 未接通 空号', '/回访 5月'],
  slots: { month: { kind: 'month', prefer: 'past' }, text: { kind: 'rest' } },
  args,

  async facts(read, asked) {
    const { args, today } = asked;
    const { county, programme } = await callingFor(read, asked);
    const month = args.month ?? monthOf(today);
    const { calls: typed } = readResults(args.text ?? '');
    const ids = typed.map(t => t.id);
    const named = county !== undefined && ids.length ? (await read.all('followUps', { id: ids })).filter(c => c.county === county) : [];
    const first = /^#?(\d{1,12})(?=\s)/.exec(args.text ?? '')?.[1];
    const sample = first === undefined ? undefined : await read.get('samples', first);
    const samples =
      county === undefined || !programme
        ? []
        : (await read.all('samples', { county, programme: programme.id }, { by: 'at' })).filter(
            s => s.month === month || s.kind === 'year',
          );
    const monthly = samples.filter(s => s.kind === 'month').map(s => s.id);
    const calls = monthly.length ? await read.all('followUps', { sample: monthly }, { by: 'place' }) : [];
    const people = [...new Set(named.map(c => c.beneficiary))];
    const erased: Beneficiary[] = people.length ? await read.all('beneficiaries', { id: people, state: 'erased' }) : [];
    return {
      county,
      programme,
      month,
      samples,
      calls,
      named,
      sample: sample?.county === county && sample?.kind === 'year' ? sample : undefined,
      erased: new Set(erased.map(b => b.id)),
      names: await namesOf(
        read,
        [],
        calls.concat(named).map(c => c.clinic),
      ),
    };
  },

  decide(asked) {
    const { args, facts } = asked;
    if (facts.county === undefined) return { ...refuse('sample.not-caller', `只有${CALLER}可以抽样和回访`, ...NOT_CALLER), private: true };
    if (!facts.programme?.beneficiaries) return refuse('sample.none', '这个方案没有回访的规定');
    if (args.text === undefined) return summary(asked, facts.programme);
    if (facts.sample) return totals(asked, facts.sample);
    return record(asked);
  },
});

const record = ({ args, facts, actor, now }: Asked<Args> & { facts: Facts }): Decision => {
  const { calls, unread } = readResults(args.text!);
  const [vague] = unread.flatMap(line => vagueIn(line) ?? []);
  if (vague) return which(vague, calls.length + unread.length === 1);
  if (unread.length || !calls.length)
    return refuse(
      'follow-up.unclear',
      `没看明白：${(unread[0] ?? args.text!).slice(0, 20)}`,
      '一行一个：编号 结果 备注',
      '结果：满意、基本满意、不满意、拒访、未接通',
      '例：/回访 57 满意',
    );
  const twice = calls.find((c, i) => calls.findIndex(o => o.id === c.id) !== i);
  if (twice) return refuse('follow-up.twice', `编号${twice.id}写了两次，都没有登记`, '请核对后再发');
  const missing = calls.filter(c => !facts.named.some(f => f.id === c.id));
  if (missing.length)
    return {
      ...refuse('follow-up.unknown', `没有编号 ${missing.map(m => m.id).join('、')}，都没有登记`, '编号在回访名单的第一列'),
      private: true,
    };
  const changed: string[] = [];
  const changes = calls.map(c => {
    const call = facts.named.find(f => f.id === c.id)!;
    if (call.result !== null && call.result !== c.result) changed.push(`${c.id} ${RESULT_NAMES[call.result]}→${RESULT_NAMES[c.result]}`);
    return {
      table: 'followUps' as const,
      id: call.id,
      to: { ...call, result: c.result, note: facts.erased.has(call.beneficiary) ? null : c.note || null, by: actor.person!.id, at: now },
      was: { result: call.result },
    };
  });
  const month = facts.calls.some(c => calls.some(n => n.id === c.id)) ? facts.calls : facts.named;
  const after = month.map(c => changes.find(x => x.id === c.id)?.to ?? c);
  const left = after.filter(c => c.result === null).length;
  return {
    changes,
    reply: {
      code: 'follow-up.done',
      title: calls.length === 1 ? `已登记 ${calls[0]!.id} ${RESULT_NAMES[calls[0]!.result]}` : `已登记 ${calls.length} 条`,
      tone: 'ok',
      lines: [...(changed.length ? [`改了：${changed.join('，')}`] : []), left ? `还有 ${left} 人没打` : '这批都打完了，发 /回访 看汇总'],
    },
  };
};

/** What is in between is asked of who called. What was remarked is sealed when it is kept, and so stands behind no button. */
const which = ({ id, said }: { id?: string | undefined; said: string }, alone: boolean): Decision => ({
  reply: {
    code: 'follow-up.which',
    title: `${id === undefined ? '' : `${id}：`}“${said}”是基本满意还是不满意？`,
    tone: 'ask',
    ...(alone && id !== undefined
      ? {
          lines: ['还没有登记，请按群众的意思选', `要带备注就发：回访 ${id} 基本满意 备注`],
          buttons: ['基本满意', '不满意'].map(label => ({ label, command: `/回访 ${id} ${label}` })),
        }
      : { lines: ['整批都没有登记，请改成“基本满意”或“不满意”再发'] }),
  },
});

const tally = (calls: readonly FollowUp[]): Partial<Record<FollowUpResult, number>> => {
  const n: Partial<Record<FollowUpResult, number>> = {};
  for (const c of calls) if (c.result !== null) n[c.result] = (n[c.result] ?? 0) + 1;
  return n;
};

/** Units in the order they come, never by their results; nobody's name. */
const summary = ({ facts, args }: Asked<Args> & { facts: Facts }, programme: Programme): Decision => {
  const { calls, month } = facts;
  const open = calls.filter(c => c.result === null);
  const years = facts.samples.filter(s => s.kind === 'year' && s.results);
  const clinics = [...new Set(calls.map(c => c.clinic))];
  return {
    reply: {
      code: calls.length ? 'follow-up.summary' : 'follow-up.none',
      title: `${sayMonth(month)}回访`,
      tone: 'info',
      lines: [
        ...(calls.length
          ? resultLines(calls.length, tally(calls))
          : [`还没有抽样，发：/抽样 ${args.month ? sayMonth(month).slice(5) : '本月'} 10`]),
        ...(open.length
          ? [
              `没打的编号：${open
                .slice(0, 8)
                .map(c => c.id)
                .join('、')}${open.length > 8 ? '等' : ''}`,
            ]
          : []),
        ...years.slice(-1).map(s => `全年复核（${s.order}）：${resultLines(s.size, s.results!)[1]}`),
        ...(programme.beneficiaries!['follow-up'] ? [cite(programme, programme.beneficiaries!['follow-up'])] : []),
      ],
      ...(clinics.length > 1
        ? {
            table: {
              columns: ['受援单位', '抽取', '已回访', '答复', '满意和基本满意'],
              rows: clinics.map(id => {
                const own = calls.filter(c => c.clinic === id);
                const n = tally(own);
                const good = (n.satisfied ?? 0) + (n.fairly ?? 0);
                return [
                  facts.names.org(id),
                  `${own.length}`,
                  `${own.filter(c => c.result !== null).length}`,
                  `${good + (n.dissatisfied ?? 0)}`,
                  `${good}`,
                ];
              }),
            },
          }
        : {}),
    },
  };
};

/** What the city found of the year's sample, in numbers. */
const totals = ({ args, facts }: Asked<Args> & { facts: Facts }, sample: Sample): Decision => {
  const vague = vagueIn(args.text!);
  if (vague) return which({ said: vague.said }, false);
  const results = readTotals(args.text!.replace(/^#?\d+\s/, ''));
  const n = Object.values(results).reduce((a, b) => a + b, 0);
  if (!n) return refuse('follow-up.unclear', '没看明白各有多少人', `例：/回访 ${sample.id} 满意80 基本满意15 不满意3 拒访1 未接通1`);
  if (n > sample.size) return refuse('follow-up.too-many', `合计 ${n} 人，比名册的 ${sample.size} 人多`, '请核对，没有登记');
  return {
    changes: [{ table: 'samples', id: sample.id, to: { ...sample, results }, was: { results: sample.results } }],
    reply: {
      code: 'follow-up.year',
      title: sample.results ? '全年复核结果已更正' : '全年复核结果已登记',
      tone: 'ok',
      lines: [
        ...resultLines(n, results),
        ...(facts.programme?.beneficiaries?.pool ? [cite(facts.programme, facts.programme.beneficiaries.pool)] : []),
      ],
    },
  };
};
