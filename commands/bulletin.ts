/** /通报 — a bulletin of a month as a draft in official layout. It is never sealed and never sent by itself. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { scopeOf } from '../src/bot/scope.ts';
import { addMonths, type Month, monthOf, monthSpan, sayMonth } from '../src/core/day.ts';
import type { Units } from '../src/core/form.ts';
import type { Org } from '../src/core/records.ts';

const args = z.object({
  month: z
    .string()
    .transform(m => m as Month)
    .optional(),
});

export default defineCommand<z.infer<typeof args>, { of: Units | undefined; unit: Org | undefined }>({
  name: '通报',
  aliases: ['简报', 'tob', 'tongbao', 'bulletin'],
  summary: '起草月度通报',
  usage: '/通报 [月]',
  examples: ['/通报', '/通报 5月'],
  slots: { month: { kind: 'month', prefer: 'past' } },
  args,
  needsProgramme: true,
  async facts(read, { actor }) {
    const own = await scopeOf(read, actor);
    const grant = actor.grants.find(g => g.role === 'bureau');
    return { of: own, unit: grant ? await read.get('orgs', grant.org) : undefined };
  },
  decide({ args, facts, programme, today }) {
    if (!facts.of || !facts.unit) return refuse('bulletin.nothing', '通报由卫健局起草', '请联系卫健局');
    // Nothing is said: the month that is over, or this one after its report is due.
    const over = Number(today.slice(8)) > (programme!.report?.['due-day'] ?? 31);
    const month = args.month ?? (over ? monthOf(today) : addMonths(monthOf(today), -1));
    if (month > monthOf(today)) return refuse('bulletin.future', `${sayMonth(month)}还没到`, '这样发：/通报 本月');
    if (month < monthOf(programme!.term.from) || month > monthOf(programme!.term.until))
      return refuse('bulletin.outside', `${sayMonth(month)}不在方案期内`, `方案从${programme!.term.from}到${programme!.term.until}`);
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
            of: facts.of,
            unit: facts.unit.name,
          },
        },
      },
      replyIn: 'direct',
    };
  },
});
