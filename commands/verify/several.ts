/** A range or a list of days in one word of the clinic: each day is weighed as if it were said alone, and those that stay as they are are named. */

import { type Asked, type Decision, isRefusal, type Outcome, refuse } from '../../src/bot/command.ts';
import { mayVerifyFor } from '../../src/bot/scope.ts';
import { type Day, sayDay, sayDays, spansOf } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Args, type Facts } from './day.ts';
import { sayHalf } from './halves.ts';

/** A quarter at once; more is no slip of the clinic's. */
export const MOST_DAYS = 92;

const WORD = { 'not-there': '没到', moved: '已改期', 'on-the-way': '在路上' } as const;

const waits = (f: Facts): boolean => f.visits.some(v => v.presence === null);
const namesIn = (days: readonly Facts[]): string =>
  [...new Set(days.flatMap(f => f.visits.filter(v => v.presence === null).map(v => f.people.get(v.person)?.name ?? '')))].join('、');
const daysOf = (days: readonly Facts[]): Day[] => days.map(f => f.day);

/** The same word with all of its days, for a button or an answer. */
const again = ({ args }: Asked<Args>, days: readonly Facts[]): string => {
  const spans = spansOf(daysOf(days)).map(s => (s.from === s.to ? s.from : `${s.from}至${s.to}`));
  const who = args.person ? days.flatMap(f => f.people.get(args.person!)?.name ?? [])[0] : undefined;
  return ['/核实', spans.join('、'), sayHalf(args), days[0]!.clinic?.name, who ?? '全部', '在岗'].filter(Boolean).join(' ');
};

/** `days`: each with its own facts; `weigh`: one day alone. */
export const severalDays = (
  asked: Asked<Args>,
  days: readonly Facts[],
  weigh: (asked: Asked<Args> & { facts: Facts }) => Decision,
): Decision => {
  const { args, today } = asked;
  const clinic = days.find(f => f.clinic)?.clinic;
  const open = days.filter(f => f.day <= today && waits(f));
  if (args.verdict && args.verdict !== 'present')
    return refuse(
      'verify.one-day',
      `“${WORD[args.verdict]}”一次写一天，没有办`,
      sayDays(daysOf(days), today),
      `例：/核实 ${sayDay(open[0]?.day ?? days[0]!.day).split(' ')[0]} ${namesIn(open.slice(0, 1)).split('、')[0] || '张三'} ${WORD[args.verdict]}`,
    );
  const unsaid = !args.verdict || (!args.all && !args.person && namesIn(open).includes('、'));
  if (clinic && open.length && unsaid) return whatWaits(asked, open);

  const done: Facts[] = [];
  const refused = new Map<string, Facts[]>();
  const all: Required<Pick<Outcome, 'changes' | 'settles' | 'tell'>> = { changes: [], settles: [], tell: [] };
  for (const facts of days) {
    const decision = weigh({ ...asked, args: { ...args, verdict: 'present', all: 'all' }, facts });
    if (isRefusal(decision)) {
      if (!clinic || decision.private || decision.card.code === 'verify.own') return decision;
      const why = facts.day > today ? '还没到' : decision.card.title;
      refused.set(why, [...(refused.get(why) ?? []), facts]);
    } else if (decision.waitFor) return { ...decision, waitFor: again(asked, open) };
    else if (decision.changes?.length) {
      done.push(facts);
      all.changes.push(...decision.changes);
      all.settles.push(...(decision.settles ?? []));
      all.tell.push(...(decision.tell ?? []));
    }
  }
  const refusedDays = [...refused.values()].flat();
  const reported = days.filter(f => !refusedDays.includes(f) && f.visits.some(v => v.presence === 'not-there'));
  const nothing = days.filter(f => !done.includes(f) && !refusedDays.includes(f) && !reported.includes(f));
  const line = (what: string, which: readonly Facts[]): string[] => (which.length ? [`${what}：${sayDays(daysOf(which), today)}`] : []);
  return {
    ...all,
    reply: {
      code: done.length ? 'verify.done' : 'verify.already',
      title: done.length ? `已核实 ${namesIn(done)} 在岗，共${done.length}天` : '没有要核实的',
      tone: done.length ? 'ok' : 'info',
      lines: [
        ...line(shownOrg(clinic), done),
        ...line('反映过未到的没有改', reported),
        ...line('没有待核实的', nothing),
        ...[...refused].flatMap(([why, which]) => line(why, which)),
      ],
    },
  };
};

/** Several days without a word, or without saying who of several: what waits, and all of it behind one button. */
const whatWaits = (asked: Asked<Args>, open: readonly Facts[]): Decision => {
  const { actor, today } = asked;
  const { clinic } = open[0]!;
  const may = open.flatMap(f => f.visits.map(v => mayVerifyFor(actor, v)));
  if (may.includes('no')) return { ...refuse('verify.not-yours', `不能核实${shownOrg(clinic)}`), private: true };
  return {
    reply: {
      code: 'verify.list',
      title: `${shownOrg(clinic)}有${open.length}天待核实`,
      tone: 'ask',
      lines: [sayDays(daysOf(open), today), namesIn(open)],
      buttons: [
        { label: `${open.length}天全部在岗`, command: again(asked, open) },
        ...open.slice(0, 3).map(f => ({ label: `核实${sayDay(f.day)}`, command: `/核实 ${f.day} ${f.clinic?.name ?? ''}` })),
      ],
    },
  };
};
