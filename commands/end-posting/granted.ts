/** The hospital's yes to an early end: postings and visits are closed, all concerned hear of it, and it goes upward. */

import type { Asked, Decision } from '../../src/bot/command.ts';
import { openLeavesOn } from '../../src/bot/leaves.ts';
import { mayImport } from '../../src/bot/permissions.ts';
import type { Read } from '../../src/bot/ports.ts';
import { type Card, type Outgoing, pointer } from '../../src/core/card.ts';
import { type Day, monthOf, monthSpan, quarterSpan, sayDay } from '../../src/core/day.ts';
import { type EndFacts, endPosting, lastDay, servedInQuarter } from '../../src/core/early-end.ts';
import { newsTime } from '../../src/core/hours.ts';
import type { LeaveFile } from '../../src/core/leave-cards.ts';
import { filingCard, mootNews, type Saying, slipPaper } from '../../src/core/leave-news.ts';
import { lastsTo } from '../../src/core/posting.ts';
import type { Change, Leave } from '../../src/core/records.ts';
import { cite } from '../../src/programmes/schema.ts';

export const endFacts = async (read: Read, leave: Leave): Promise<EndFacts> => {
  const last = lastDay(leave);
  const { person, programme } = leave;
  const visits = await read.all('visits', { person, programme, day: { from: quarterSpan(last).from } });
  const postings = await read.all('postings', { person, programme });
  return {
    postings: postings.filter(p => lastsTo(p, monthOf(last))),
    visits,
    leaves: await openLeavesOn(
      read,
      visits.filter(v => v.day > last && v.state === 'on').map(v => v.id),
    ),
  };
};

/** What of the quarter counts as service, with its clause: verified days beside the month's workdays. */
export const servedLines = (
  { programme, calendar, today }: Pick<Asked, 'programme' | 'calendar' | 'today'>,
  last: Day,
  facts: EndFacts,
): string[] => {
  const rule = programme?.leave?.credit;
  if (!rule) return [];
  const months = servedInQuarter(rule.share, last, facts.visits, { calendar, today }).map(m => {
    if (!m) return '有的月份放假安排还没有，未核对';
    const open = last >= today && monthSpan(m.month).to >= today;
    const counts = m.days >= m.needed ? '计' : open || m.waiting ? `满${m.needed}天才计` : '不计';
    return `${Number(m.month.slice(5))}月${m.days}/${m.workdays}天${m.waiting ? `（另待核实${m.waiting}天）` : ''}${counts}`;
  });
  return [`本季度已核实在岗/工作日：${months.join('，')}`, cite(programme, rule)];
};

export const endGranted = (
  asked: Asked,
  facts: EndFacts,
  file: LeaveFile,
  s: Saying,
  so: { changes: Change[]; settles: string[]; how: string; filing: boolean },
): Decision => {
  const { turn, now, actor, today, calendar } = asked;
  const { leave } = file;
  const who = s.names.person(leave.person);
  const last = lastDay(leave);
  const ended = endPosting(leave, facts, {
    id: `${turn}`,
    programme: leave.programme,
    county: leave.county,
    from: monthOf(leave.from),
    at: now,
    by: actor.person!.id,
    rows: facts.postings.length,
    says: `${who}提前结束派驻`,
  });
  const title = `${who}提前结束派驻，最后一天${sayDay(last, today)}`;
  const off = ended.off.length ? [`之后${ended.off.length}班取消，首班${sayDay(ended.off.map(v => v.day).sort()[0]!, today)}`] : [];
  const served = servedLines(asked, last, facts);
  const card = (code: string, lines: string[]): Card => ({ code, title, tone: 'info', lines });
  const base = {
    class: 'news' as const,
    about: 'person' as const,
    notBefore: newsTime(now, calendar, [leave.from, ...ended.off.map(v => v.day)]),
  };
  const key = `posting-end/${leave.id}`;
  const hop = file.steps.find(x => x.kind === 'filing' && x.state === 'waiting');
  const tell: Outgoing[] = [
    {
      ...base,
      key: `${key}/physician`,
      to: { person: leave.person },
      inGroup: pointer(who),
      card: { ...card('end.granted', [...off, ...served]), paper: slipPaper(file, s) },
    },
    ...[...new Set(facts.postings.map(p => p.clinic))].map(
      (clinic): Outgoing => ({
        ...base,
        key: `${key}/${clinic}`,
        to: { org: clinic, role: 'clinic' },
        card: card('end.told', [...off, '接替的人见支援单位的安排']),
      }),
    ),
    ...(hop
      ? [
          {
            ...base,
            key: `${key}/bureau`,
            topic: `leave-filing/${leave.id}/${hop.step}`,
            to: { org: leave.county, role: 'bureau' as const, ...(hop.office ? { office: hop.office } : {}) },
            card: filingCard(file, s),
          },
        ]
      : []),
    ...mootNews(ended.moot, turn, { person: () => who }),
  ];
  return {
    changes: [...so.changes, ...ended.changes],
    settles: [...so.settles, ...ended.topics],
    tell,
    replyIn: 'direct',
    reply: {
      code: 'end.done',
      title: `${title}${so.how}`,
      tone: 'ok',
      lines: [
        ...off,
        ...served,
        ...(so.filing ? ['已请卫健局逐级报送'] : []),
        `安排表已出新版；接替的人${mayImport(actor.grants.map(g => g.role)) ? '请 /导入' : '由总医院或卫健局导入'}`,
      ],
    },
  };
};
