/** /通报 — a bulletin of a month as a draft in official layout. It is never sealed and never sent by itself. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { scopeOf } from '../src/bot/scope.ts';
import { addMonths, type Day, dayOfMonth, firstOf, lastOf, type Month, monthOf, monthSpan, sayDate, sayMonth } from '../src/core/day.ts';
import type { Units } from '../src/core/form.ts';
import type { Org } from '../src/core/records.ts';
import type { Programme } from '../src/programmes/schema.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
});

/** Nothing is said: the month that is over, or this one after its report is due; of a programme that has ended, its last. */
const monthMeant = ({ month }: z.infer<typeof args>, programme: Programme, today: Day): Month => {
  const { report } = programme;
  const due = report?.covers === 'same-month' && dayOfMonth(today) > report['due-day'];
  const meant = month ?? addMonths(monthOf(today), due ? 0 : -1);
  return month || meant <= monthOf(programme.term.until) ? meant : monthOf(programme.term.until);
};

export default defineCommand<z.infer<typeof args>, { of: Units | undefined; unit: Org | undefined }>({
  name: '通报',
  aliases: ['简报', 'tob', 'tongbao', 'bulletin'],
  summary: '起草月度通报',
  usage: '/通报 [月]',
  examples: ['/通报', '/通报 5月'],
  slots: { month: { kind: 'month', prefer: 'past' } },
  args,
  needsProgramme: true,
  looksBack: true,
  concerns(_read, args, { today, programme }) {
    const month = programme ? monthMeant(args, programme, today) : args.month;
    return month ? [lastOf(month), firstOf(month)] : [];
  },
  async facts(read, { actor }) {
    const own = await scopeOf(read, actor);
    const grant = actor.grants.find(g => g.role === 'bureau');
    return { of: own, unit: grant ? await read.get('orgs', grant.org) : undefined };
  },
  decide({ args, facts, programme, today }) {
    if (!facts.of || !facts.unit) return refuse('bulletin.nothing', '通报由卫健局起草', '请联系卫健局');
    const month = monthMeant(args, programme!, today);
    if (month > monthOf(today)) return refuse('bulletin.future', `${sayMonth(month)}还没到`, '这样发：/通报 本月');
    const { from, until } = programme!.term;
    if (month < monthOf(from) || month > monthOf(until))
      return refuse(
        'bulletin.outside',
        `${sayMonth(month)}不在方案期内`,
        `《${programme!.title}》从${sayDate(from)}到${sayDate(until)}`,
        `这样发：/通报 ${sayMonth([monthOf(until), monthOf(today)].sort()[0] as Month)}`,
      );
    const label = sayMonth(month);
    return {
      reply: {
        code: 'bulletin.drafted',
        title: `${label}通报草稿`,
        tone: 'ok',
        lines: [],
        paper: {
          kind: 'draft',
          name: `${label}医师下基层工作通报（草稿）.docx`,
          slow: facts.of.counties !== undefined,
          ask: {
            what: 'bulletin',
            summary: null,
            programme: programme!.id,
            span: monthSpan(month),
            label,
            of: facts.of.counties ? { ...facts.of, bureau: facts.unit.id } : facts.of,
            unit: facts.unit.name,
          },
        },
      },
      replyIn: 'direct',
    };
  },
});
