/** What was settled stays as it is until somebody means to change it: how it stands is said, and what to do. */

import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { findingWords } from '../../src/core/absence.ts';
import { type Day, monthOf, sayDay, sayInstant } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { isShut, sayPeriod } from '../../src/core/report.ts';
import { type Args, type Facts } from './day.ts';
import { typedDay } from './halves.ts';

/** Weighed by the bureau, in a report that was accepted, or verified by an earlier word: none of it is changed by a tap on an old card. */
export const howItStands = (asked: Asked<Args>, f: Facts, open: readonly Visit[]): Decision | undefined => {
  const { args, today, programme } = asked;
  const nameOf = (v: Visit) => f.people.get(v.person)?.name ?? '';
  const weighed = (v: Visit) =>
    f.cases.find(
      c =>
        c.finding !== null &&
        c.state !== 'closed' &&
        (c.visit === v.id || (v.presence !== null && c.person === v.person && c.clinic === v.clinic)),
    );
  const heard = open.find(weighed);
  const found = heard && weighed(heard);
  if (found && heard)
    return refuse(
      'verify.decided',
      `${nameOf(heard)}${sayDay(heard.day, today)}已认定：${findingWords(programme?.absence, found.finding)}，没有改`,
      `不同意的由本人或支援单位发：/异议 ${found.id} 理由`,
    );
  if (args.verdict === 'present' || args.verdict === 'on-the-way') return undefined;
  const present = open.filter(v => v.presence === 'present');
  // Who has checked in, or of whom figures were reported, is not moved away by a tap either.
  const reported = (v: Visit) => f.workloads.some(w => w.person === v.person && w.day === v.day && w.clinic === v.clinic);
  const came = (v: Visit) => v.presence === null && (v.checkedIn !== null || reported(v));
  const first = present[0] ?? (args.verdict === 'moved' ? open.find(came) : undefined);
  if (!first) return undefined;
  const report = f.reports.find(
    r => present.some(v => r.org === v.clinic || r.org === v.hospital) && (r.state === 'accepted' || isShut(r, today)),
  );
  if (report) {
    const unit = shownOrg(f.orgs.get(report.org));
    const month = `${Number(report.month.slice(5))}月`;
    return refuse(
      'verify.in-report',
      `${nameOf(first)}${sayDay(first.day, today)}已在${unit}${sayPeriod(report)}里，没有改`,
      report.state === 'locked' ? '月报已锁定，要改先请卫健局开锁：' : '月报已受理，要改先请卫健局退回：',
      report.state === 'locked' ? `/开锁 ${unit} ${month} 理由` : `/月报 退回 ${unit} ${month} 原因`,
      ...(monthOf(first.day) === report.month ? [] : ['这一天列在该月补报里']),
    );
  }
  if (args.correct) return undefined;
  const word = args.verdict === 'moved' ? '已改期' : '没到';
  const what = open.length === 1 ? first.id : `${typedDay(asked, f)} ${f.clinic?.name ?? ''} ${nameOf(first)}`;
  return {
    reply: {
      code: 'verify.stands',
      title: `${nameOf(first)}${sayDay(first.day, today)}${present[0] ? '已核实在岗' : first.checkedIn === null ? '填过工作量' : '签到过'}，没有改`,
      tone: 'ask',
      lines: [...happened(first, today), `确实${word}的，点一下更正`],
      buttons: [{ label: `更正为${word}`, command: ['/核实', what, word, f.newDay, '更正', args.reason].filter(Boolean).join(' ') }],
    },
  };
};

/** When it was verified, or checked in to. */
const happened = ({ presence, verifiedAt, checkedIn }: Visit, today: Day): string[] =>
  presence === 'present'
    ? verifiedAt === null
      ? []
      : [`${sayInstant(verifiedAt, today)}核实`]
    : checkedIn === null
      ? []
      : [`${sayInstant(checkedIn, today)}签到`];
