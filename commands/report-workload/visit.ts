/** Which visit the day's figures belong to: what is not clear is asked. */

import { type Decision, refuse } from '../../src/bot/command.ts';
import { rosterHint } from '../../src/bot/permissions.ts';
import { daysBetween, sayDay } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import type { Visit } from '../../src/core/records.ts';
import { clash, dayChanges, newVisit, sayHalves } from '../../src/core/visit.ts';
import { figureLine } from '../../src/core/words/figures.ts';
import { cite } from '../../src/programmes/schema.ts';
import { again, type Filing } from './asked.ts';
import { noVisit } from './form.ts';

/** The same command again with other figures. */
export const commandFor = ({ args, facts, actor }: Filing) => {
  const named = args.visit ?? args.workload;
  const fixed = named
    ? [`班次${args.visit ?? ''}`]
    : [
        facts.person?.id === actor.person?.id ? '' : (facts.person?.name ?? ''),
        args.days?.[0]?.from ?? '',
        args.clinic ? (facts.orgs.get(args.clinic)?.name ?? '') : '',
      ];
  const words = args.does === 'unplanned' ? ['临时下乡'] : [];
  return (line: string, ...more: string[]): string => ['/填报', ...fixed, ...words, ...more, line].filter(Boolean).join(' ');
};

/** Nobody was named by a unit that several physicians came to. */
export const whose = (asked: Filing, visits: readonly Visit[]): Decision => {
  const { facts, args, programme, today } = asked;
  const line = args.figures ? figureLine(programme!.workload!.figures, args.figures) : '';
  const first = [...new Map(visits.map(v => [`${v.person} ${v.clinic}`, v])).values()];
  if (!first.length) return refuse('figures.whose', `${sayDay(facts.day, today)}没有班次，请写明哪位医师`, '例：/填报 张三 4月10日 诊疗30');
  return {
    reply: {
      code: 'figures.whose',
      title: '填哪位医师的？',
      tone: 'ask',
      lines: [`${sayDay(facts.day, today)}有${first.length}人`],
      buttons: first.map(v => ({
        label: `${facts.names.get(v.person)?.name ?? ''}${new Set(first.map(f => f.clinic)).size > 1 ? ` ${shownOrg(facts.orgs.get(v.clinic))}` : ''}`,
        command: `/填报 班次${v.id} ${line}`.trim(),
      })),
    },
  };
};

type Target = { visit: Visit; made: ReturnType<typeof dayChanges> } | { decision: Decision };

/** The visit that the figures belong to; where it is not clear, a question. */
export const visitFor = (asked: Filing): Target => {
  const { args, facts, today } = asked;
  const { day } = facts;
  const on = facts.visits.filter(v => v.state === 'on' && (args.clinic === undefined || v.clinic === args.clinic));
  const leave = facts.leaves[0];
  const came = on.filter(v => v.checkedIn !== null || v.presence === 'present');
  if (args.visit !== undefined) {
    const named = facts.visit;
    if (!named) return { decision: refuse('figures.no-visit', `没有编号 ${args.visit} 的班次`, '发 /填报 看今天的') };
    if (named.state !== 'on' && named.state !== 'leave')
      return { decision: refuse('figures.moved', '这个班次已改期或取消', '发 /排班 看现在的安排') };
  }
  const wanted = args.visit === undefined ? on : on.filter(v => v.clinic === facts.visit?.clinic);
  if (leave && !came.length && (!wanted.length || leave.workdays !== null))
    return {
      decision: refuse(
        'figures.on-leave',
        `${sayDay(day, today)}已准假，不填工作量`,
        `请假编号${leave.id}`,
        `那天来了，请先销假再签到：/销假 ${leave.id}`,
        ...(asked.programme?.leave ? [cite(asked.programme, asked.programme.leave)] : []),
      ),
    };
  const clinics = [...new Set(wanted.map(v => v.clinic))];
  if (clinics.length > 1) {
    const line = args.figures ? figureLine(asked.programme!.workload!.figures, args.figures) : '';
    return {
      decision: {
        reply: {
          code: 'figures.which',
          title: '填哪一家的？',
          tone: 'ask',
          lines: [`${sayDay(day, today)}到了${clinics.length}家，一家一填`],
          buttons: clinics.map(c => ({
            label: shownOrg(facts.orgs.get(c)),
            command: `/填报 班次${wanted.find(v => v.clinic === c)!.id} ${line}`.trim(),
          })),
        },
      },
    };
  }
  const visit = wanted.find(v => v.presence === 'present') ?? wanted.find(v => v.checkedIn !== null) ?? wanted[0];
  if (visit) {
    if (wanted.every(v => v.presence === 'not-there'))
      return {
        decision: refuse(
          'figures.not-there',
          `受援单位反映${sayDay(day, today)}未到，先不填`,
          '到了的话，请受援单位先更正：/核实 日期 姓名 在岗',
        ),
      };
    return { visit, made: [] };
  }
  return args.does === 'unplanned' ? unplanned(asked) : { decision: { reply: noVisit(asked) } };
};

/** 临时下乡: the visit is made with its figures, and waits for the clinic's word like any other. */
const unplanned = (asked: Filing): Target => {
  const { args, facts, today, turn, settings } = asked;
  const { day } = facts;
  const back = daysBetween(day, today);
  const limit = settings.number('makeup.days');
  if (back > limit)
    return {
      decision: refuse(
        'figures.over-limit',
        `超过补登期限（${limit}天）`,
        `${sayDay(day, today)}已过${back}天；期限来自${settings.source('makeup.days')}`,
        '请受援单位先补排并核实：/核实 日期',
      ),
    };
  const clinics = [...new Set(facts.postings.map(p => p.clinic))];
  const clinic = args.clinic ?? (clinics.length === 1 ? clinics[0] : undefined);
  const posting = facts.postings.find(p => p.clinic === clinic);
  if (!posting)
    return clinics.length > 1 && args.clinic === undefined
      ? {
          decision: {
            reply: {
              code: 'figures.which',
              title: '临时下乡到哪一家？',
              tone: 'ask',
              lines: [sayDay(day, today)],
              buttons: clinics.map(c => ({
                label: shownOrg(facts.orgs.get(c)),
                command: again(asked, `${facts.orgs.get(c)?.name ?? ''} 临时下乡`),
              })),
            },
          },
        }
      : {
          decision: refuse(
            'figures.no-posting',
            '那个月没有派驻安排',
            rosterHint(asked.actor.grants.map(g => g.role)),
            '例：/排班 张三 4月12日',
          ),
        };
  const taken = clash(facts.visits, { am: true, pm: true });
  if (taken)
    return {
      decision: refuse(
        'figures.clash',
        `那天已在${shownOrg(facts.orgs.get(taken.clinic))}`,
        `${sayDay(day)}${sayHalves(taken)}`,
        '请先改班，或填到那一家',
      ),
    };
  const visit = newVisit({
    id: String(turn),
    programme: posting.programme,
    county: posting.county,
    person: posting.person,
    clinic: posting.clinic,
    hospital: posting.hospital,
    posting: posting.id,
    day,
    planned: false,
    late: back > 0,
  });
  return { visit, made: dayChanges(facts.visits, [...facts.visits, visit], settings.get('half-day') === '是') };
};
