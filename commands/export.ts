/** /导出 — an official form as a file, of the asker's own units: as it is now, or as it was filed. */

import { z } from 'zod';
import { READERS, readsVillagers } from '../src/bot/callers.ts';
import { type Actor, defineCommand, refuse } from '../src/bot/command.ts';
import { rosterHint } from '../src/bot/permissions.ts';
import { scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import type { Card, Paper } from '../src/core/card.ts';
import {
  addDays,
  addMonths,
  type Day,
  firstOf,
  monthOf,
  monthSpan,
  parseDay,
  type Span,
  sayDate,
  sayMonth,
  yearOf,
} from '../src/core/day.ts';
import { formCalled, type Units } from '../src/core/form.ts';
import { formPaper } from '../src/core/form-paper.ts';
import { placeOf, shownOrg } from '../src/core/org-names.ts';
import { postedIn } from '../src/core/posting.ts';
import { periodsOf, sayPeriod } from '../src/core/report.ts';
import type { Programme } from '../src/programmes/schema.ts';

const day = z.string().transform(d => parseDay(d)!);
const args = z.object({
  period: z.object({ from: day, to: day, label: z.string() }).optional(),
  org: z.string().optional(),
  filed: z.literal('filed').optional(),
  closing: z.literal('closing').optional(),
  phones: z.literal('phones').optional(),
  names: z.literal('names').optional(),
  text: z.string().optional(),
});
type Args = z.infer<typeof args>;

type Facts =
  | { kind: 'nothing' }
  | { kind: 'not-yours'; said: string }
  | {
      kind: 'ready';
      of: Units;
      unit: string;
      paper: Paper;
      filings: number;
      readings: { table: 'people' | 'beneficiaries'; ids: string[] } | null;
    }
  | { kind: 'which' }
  | { kind: 'empty' };

/** 受益名单 is asked for by its own name: the sheet of names of the form that has a column for them. */
const NAMES = /^(?:受益(?:群众)?名单|受益群众|名单)$/;

const which = (programme: Programme | null, said: string): { form: string; names: boolean } | undefined => {
  if (!programme) return undefined;
  const names = NAMES.test(said.replace(/\s/g, ''));
  const form = names
    ? programme.forms.find(f => f.columns.some(c => c.fill === 'beneficiaries'))
    : formCalled(
        programme,
        said.replace(/附件\s*([一二三四五])/, (_, n: string) => `附件${'一二三四五'.indexOf(n) + 1}`),
      );
  return form && { form: form.id, names };
};

/** Complete phones are for those who look after the physicians. */
const mayPhones = (actor: Actor, of: Units): boolean =>
  actor.grants.some(
    g =>
      ((g.role === 'bureau' || g.role === 'general') && g.county !== null && g.county === of.county) ||
      (g.role === 'hospital' && g.org === of.hospital),
  );

/** Days by which the programme of a span is found, the latest first. */
const daysOver = ({ from, to }: Span): Day[] => {
  const days: Day[] = [to];
  for (let m = monthOf(to); m > monthOf(from); m = addMonths(m, -1)) days.push(firstOf(m));
  return [...days, from];
};

const closingOf = ({ term }: Programme): Span & { label: string } => {
  const month = monthOf(term.until);
  return { ...monthSpan(month), label: sayPeriod({ month, kind: 'closing' }) };
};

/** 年终 is last year's until this year's may be filed. */
const closingBegun = (programme: Programme, today: Day): boolean =>
  periodsOf(programme).some(p => p.kind === 'closing' && p.opens <= today);

/** A time of the programme's that the form can be asked of: its last, up to today. */
const timeOf = (programme: Programme, byMonth: boolean, today: Day): string => {
  const last = [programme.term.until, today].sort()[0] as Day;
  return byMonth ? `${yearOf(last)}年` : sayMonth(monthOf(last));
};

export default defineCommand<Args, Facts>({
  name: '导出',
  serves: ['forms'],
  aliases: ['下载', 'dc', 'daochu', 'export'],
  daily: ['general', 'bureau'],
  summary: '官方表格成文件',
  usage: '/导出 附件1|附件2|附件3|受益名单 [月] [单位] [报送稿]',
  examples: ['/导出 附件3', '/导出 附件1 5月 报送稿', '/导出 附件2 完整电话'],
  slots: {
    filed: { kind: 'choice', words: { 报送稿: 'filed', 报送版: 'filed', 已报送: 'filed', 按报送: 'filed' } },
    closing: { kind: 'choice', words: { 年终: 'closing', 年终补报: 'closing' } },
    phones: { kind: 'choice', words: { 完整电话: 'phones', 完整号码: 'phones', 带完整电话: 'phones' } },
    names: { kind: 'choice', words: { 附名单: 'names', 带名单: 'names', 附受益名单: 'names' } },
    period: { kind: 'period' },
    org: { kind: 'org', regions: true },
    text: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  looksBack: true,
  concerns: (_read, { period, closing }, { programme, today }) =>
    period ? daysOver(period) : closing && programme && !closingBegun(programme, today) ? [addDays(programme.term.from, -1)] : [],

  async facts(read, { args, actor, today, programme }) {
    const asked = which(programme, args.text ?? '');
    if (!programme || !asked) return { kind: 'which' };
    const own = await scopeOf(read, actor);
    if (!own) return { kind: 'nothing' };
    let of: Units = own;
    const named = args.org ? await read.get('orgs', args.org) : undefined;
    if (args.org) {
      const inside = named && (await scopeNarrowed(read, own, named));
      if (!inside) return { kind: 'not-yours', said: shownOrg(named) };
      of = inside;
    }
    const form = programme.forms.find(f => f.id === asked.form)!;
    // 年终补报 is only there as it was filed, with the programme's last month.
    const closing = args.closing !== undefined && form.rows !== 'postings';
    const filed = args.filed !== undefined || closing;
    const said = closing ? closingOf(programme) : (args.period ?? { ...monthSpan(monthOf(today)), label: sayMonth(monthOf(today)) });
    // A table by month is one of the year; as filed it is that of one month's report.
    const period = form.columns.some(c => c.each === 'month') && !filed ? { ...said, label: `${yearOf(said.from)}年` } : said;
    const names = asked.names || args.names !== undefined;
    const phones = args.phones !== undefined && form.rows === 'postings';
    // An upper bureau's own report is asked for by its own name.
    const upper = of.counties && !of.clinic && !of.hospital;
    const over = named?.id ?? actor.grants.find(g => (g.role === 'bureau' || g.role === 'chief') && g.county === null)?.org;
    const bureau = upper ? over : undefined;
    if (bureau) of = { ...of, bureau };
    const unitId = of.clinic ?? of.hospital ?? of.county ?? bureau;
    const unit = unitId ? await read.get('orgs', unitId) : undefined;
    const shown = unit ? placeOf(unit) : '全部';
    const scope = {
      ...(of.county ? { county: of.county } : {}),
      ...(of.counties ? { county: of.counties } : {}),
      ...(of.clinic ? { clinic: of.clinic } : {}),
      ...(of.hospital ? { hospital: of.hospital } : {}),
    };
    if (!of.clinic && !of.hospital && !(await read.count('postings', scope))) return { kind: 'empty' };
    const where = { programme: programme.id, ...scope };
    const visits =
      form.rows === 'postings' || form.rows === 'clinics' ? 0 : await read.count('visits', { ...where, day: period, state: 'on' });
    const unitsMany = form.rows === 'clinics' || form.rows === 'postings' ? (of.counties?.length ?? 1) * 24 : 0;
    const filings = filed
      ? await read.count('filings', {
          programme: programme.id,
          state: 'current',
          kind: closing ? ['closing'] : ['month', 'first'],
          month: { from: monthOf(period.from), to: monthOf(period.to) },
          ...(of.county ? { county: of.county } : {}),
          ...(of.counties ? { county: of.counties } : {}),
          ...(of.clinic ? { org: of.clinic } : {}),
        })
      : 0;
    const readings = names
      ? {
          table: 'beneficiaries' as const,
          ids: readsVillagers(actor, of)
            ? (
                await read.all('beneficiaries', {
                  programme: programme.id,
                  day: period,
                  state: 'kept',
                  ...(of.clinic ? { clinic: of.clinic } : { county: of.county ?? '' }),
                })
              ).map(b => b.id)
            : [],
        }
      : phones
        ? {
            table: 'people' as const,
            ids: mayPhones(actor, of)
              ? (await read.all('postings', where)).filter(p => postedIn(p, monthOf(period.to))).map(p => p.person)
              : [],
          }
        : null;
    const paper = formPaper({
      programme,
      form,
      period,
      of,
      unit: shown,
      reporter: actor.person?.name ?? '',
      filed: filed ? 'all' : null,
      closing,
      phones,
      names,
      slow: visits > MANY || unitsMany > MANY,
    });
    return { kind: 'ready', of, unit: shown, paper, filings, readings };
  },

  decide({ args, facts, programme, actor, conversation, today }) {
    if (facts.kind === 'which') return { reply: whichCard(programme!) };
    if (facts.kind === 'not-yours')
      return { ...refuse('export.not-yours', `不能导出${facts.said}的表`, '只能导出本单位和下级的'), private: true };
    if (facts.kind === 'nothing') return { ...refuse('export.nothing', '这里没有您能导出的表', '请联系卫健局管理员'), private: true };
    if (facts.kind === 'empty') return refuse('export.empty', '还没有派驻，表是空的', rosterHint(actor.grants.map(g => g.role)));
    const { paper, of, unit } = facts;
    if (paper.kind !== 'form') return refuse('export.nothing', '这里没有您能导出的表');
    const { ask } = paper;
    if (ask.span.to < programme!.term.from || ask.span.from > programme!.term.until)
      return refuse(
        'export.outside',
        `${ask.label}不在方案期内`,
        `《${programme!.title}》从${sayDate(programme!.term.from)}到${sayDate(programme!.term.until)}`,
        `例：/导出 ${ask.form} ${timeOf(
          programme!,
          programme!.forms.some(f => f.id === ask.form && f.columns.some(c => c.each === 'month')),
          today,
        )}`,
      );
    if (ask.phones && !mayPhones(actor, of))
      return { ...refuse('export.no-phones', '不能看完整电话', '只限卫健局、总医院和派出的医院', '不带“完整电话”可以导出'), private: true };
    if (ask.names) {
      if (conversation.kind === 'group')
        return { ...refuse('export.names-direct', '受益名单请私聊我要', '群里不发，也不要转到群里'), private: true };
      if (!readsVillagers(actor, of))
        return { ...refuse('export.no-names', '不能看受益群众名单', `只限${READERS}，每次查看都有记录`), private: true };
      if (!facts.readings?.ids.length && NAMES.test((args.text ?? '').replace(/\s/g, '')))
        return refuse('export.names-none', `${ask.label}没有登记受益群众`, '登记：私聊发 /受益 姓名 电话');
    }
    if (ask.filed && !facts.filings)
      return refuse(
        'export.not-filed',
        `${unit} ${ask.label}还没有报送`,
        ask.closing ? '看草稿发：/月报 年终' : '看现在的：去掉“报送稿”再发',
      );
    return {
      ...(facts.readings?.ids.length ? { looked: [{ ...facts.readings, why: paper.name }] } : {}),
      reply: {
        code: 'export.done',
        title: `${ask.names ? '受益名单和' : ''}${ask.form}${ask.filed ? ' 报送稿' : ''} ${unit} ${ask.label}`,
        tone: 'ok',
        lines: [
          ...(args.period && args.period.from < programme!.term.from
            ? [`只含《${programme!.title}》的，它从${sayDate(programme!.term.from)}起`]
            : []),
          ...(ask.names ? [`名单 ${facts.readings?.ids.length ?? 0} 人，在第二张表；查看已记录，请勿转发`] : []),
        ],
        paper,
      },
      replyIn: 'direct',
    };
  },
});

/** Lines or clinics from which on a file takes longer than an answer may. */
const MANY = 600;

const whichCard = (programme: Programme): Card => ({
  code: 'export.which',
  title: programme.forms.length ? '要导出哪张表？' : '这个方案没有规定表格',
  tone: programme.forms.length ? 'ask' : 'info',
  lines: programme.forms.map(f => `${f.id}：${f.title}`),
  buttons: programme.forms.map(f => ({ label: f.id, command: `/导出 ${f.id}` })),
});
