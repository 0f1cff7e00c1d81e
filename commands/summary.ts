/** /总结 — the year's or a stage's summary of the asker's unit as a draft: figures from the records, gaps for people to write. */

import { z } from 'zod';
import { type Actor, defineCommand, orgsAs, refuse } from '../src/bot/command.ts';
import { reportProgrammes } from '../src/bot/reports.ts';
import { scopeNarrowed, scopeOf } from '../src/bot/scope.ts';
import { type Day, daysBetween, sayMonthDay, yearOf } from '../src/core/day.ts';
import type { Units } from '../src/core/form.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Org } from '../src/core/records.ts';
import { cite, type Programme, type SummaryData } from '../src/programmes/schema.ts';

const args = z.object({ org: z.string().optional(), text: z.string().optional() });

interface Facts {
  /** Older first: the one that is over may still owe its summary. */
  programmes: Programme[];
  /** What the asker may see of the unit. */
  of: Units | undefined;
  unit: Org | undefined;
  /** Those that the asker acts for, where none is named and there are several. */
  units: Org[];
}

const NARROW = ['clinic', 'hospital', 'head'] as const;
const WIDE = ['bureau', 'chief'] as const;

/** Units that the asker writes for: own ones, the bureau; of a general hospital those of its county. */
const ownUnits = (actor: Actor): string[] => {
  const own = [...orgsAs(actor, ...NARROW), ...orgsAs(actor, ...WIDE)];
  const counties = actor.grants.flatMap(g => (g.role === 'general' && g.county !== null ? [g.county] : []));
  return [...new Set([...own, ...counties])];
};

/** Whose summaries a unit writes. */
const levelOf = (unit: Org): SummaryData['by'][number] =>
  unit.kind === 'clinic'
    ? 'clinic'
    : unit.kind === 'hospital'
      ? 'hospital'
      : unit.level === 'city' || unit.level === 'province'
        ? 'city'
        : 'county';

/** 年度 2024年, 2024年度, 去年年度总结. */
const wordsOf = (text: string, today: Day): { year: number | undefined; said: string } => {
  const plain = text.replace(/\s|总结|报告/g, '');
  const m = /(\d{4}(?=年)|[去今本](?=年))年?(?!度)/.exec(plain);
  return {
    year: m ? (/\d/.test(m[1]!) ? Number(m[1]) : yearOf(today) - (m[1] === '去' ? 1 : 0)) : undefined,
    said: m ? plain.replace(m[0], '') : plain,
  };
};

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '总结',
  serves: ['summaries'],
  aliases: ['年度总结', '自评', 'zj', 'zongjie', 'summary'],
  summary: '起草年度或阶段总结',
  usage: '/总结 [单位] [年度|阶段] [年]',
  examples: ['/总结', '/总结 年度', '/总结 年度 2024年', '/总结 区医院'],
  slots: { org: { kind: 'org' }, text: { kind: 'rest' } },
  args,
  needsProgramme: true,
  looksBack: true,
  async facts(read, { args, actor, programmes, today }) {
    const own = await scopeOf(read, actor);
    const ids = args.org ? [args.org] : ownUnits(actor);
    const units = ids.length ? await read.all('orgs', { id: ids }) : [];
    const unit = ids.length === 1 ? units[0] : undefined;
    // All of the unit's work, and not only what it had to do with the asker's own.
    const whole = unit && (own?.county !== undefined || own?.counties !== undefined || ownUnits(actor).includes(unit.id));
    return {
      programmes: await reportProgrammes(read, programmes, actor, today),
      of: own && whole ? await scopeNarrowed(read, own, unit) : undefined,
      unit,
      units: ids.flatMap(id => units.filter(u => u.id === id)),
    };
  },
  decide({ args, facts, today }) {
    const { of, unit, units } = facts;
    if (units.length > 1)
      return {
        reply: {
          code: 'summary.whose',
          title: '哪个单位的总结？',
          tone: 'ask',
          lines: [],
          buttons: units.map(u => ({ label: shownOrg(u), command: ['/总结', shownOrg(u), args.text].filter(Boolean).join(' ') })),
        },
      };
    if (args.org && unit && !of) return refuse('summary.not-yours', `看不到${shownOrg(unit)}的总结`, '只能起草本单位和下级的');
    if (!of || !unit || of.person) return refuse('summary.nothing', '总结由单位起草', '请联系本单位管理员');
    const theirs = facts.programmes.map(programme => ({
      programme,
      year: yearOf(programme.term.from),
      mine: programme.summaries.filter(s => s.by.includes(levelOf(unit))),
    }));
    const asked = theirs.filter(t => t.mine.length);
    if (!asked.length) return refuse('summary.none', '这个方案没有要求本单位写总结', '要写的话，数发 /统计 看');
    const { year, said } = wordsOf(args.text ?? '', today);
    // A programme that goes on into the next year is meant by that year too, where none begins in it.
    const meant = asked.filter(t => t.year === year);
    const theYears = meant.length
      ? meant
      : asked.filter(t => year === undefined || (t.year < year && year <= yearOf(t.programme.term.until)));
    const drafts = theYears.flatMap(({ mine, ...its }) => {
      const named = said ? mine.filter(s => s.id.includes(said) || said.includes(s.id)) : mine;
      // Nothing is said: the one that is due next, else the last.
      const data = named.find(s => s.due >= today) ?? named.at(-1);
      return data ? [{ ...its, data }] : [];
    });
    // Of two years, the one whose day is nearer.
    const [draft, other] = drafts.sort((a, b) => Math.abs(daysBetween(today, a.data.due)) - Math.abs(daysBetween(today, b.data.due)));
    if (!draft) {
      const shown = asked.find(t => t.year === year) ?? asked.at(-1)!;
      const missing = year !== undefined && shown.year !== year ? `${year}年` : '';
      return {
        reply: {
          code: 'summary.which',
          title: `没有${missing}${said ? `“${said.slice(0, 10)}”` : ''}总结`,
          tone: 'ask',
          lines: shown.mine.map(s => `${missing ? `${shown.year}年 ` : ''}${s.id}：${sayMonthDay(s.due, shown.programme.term.from)}前`),
          buttons: shown.mine.map(s => ({ label: s.id, command: `/总结 ${s.id} ${shown.year}年` })),
        },
      };
    }
    const { programme, data } = draft;
    const end = [data.until ?? data.due, programme.term.until, today].sort()[0] as Day;
    const label = `${yearOf(programme.term.from)}年${Number(programme.term.from.slice(5, 7))}月至${yearOf(end) === yearOf(programme.term.from) ? '' : `${yearOf(end)}年`}${Number(end.slice(5, 7))}月`;
    return {
      reply: {
        code: 'summary.drafted',
        title: `${data.id}总结草稿`,
        tone: 'ok',
        lines: [`${sayMonthDay(data.due, programme.term.from)}前报送`, `写的是${label}`, cite(programme, data)],
        ...(other ? { buttons: [{ label: `要${other.year}年的`, command: `/总结 ${other.data.id} ${other.year}年` }] } : {}),
        paper: {
          kind: 'draft',
          name: `${shownOrg(unit)} ${data.id}总结（草稿）.docx`,
          slow: of.counties !== undefined,
          ask: {
            what: 'summary',
            summary: data.id,
            programme: programme.id,
            span: { from: programme.term.from, to: end },
            label,
            of: of.counties ? { ...of, bureau: unit.id } : of,
            unit: unit.name,
          },
        },
      },
      replyIn: 'direct',
    };
  },
});
