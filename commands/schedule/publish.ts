/** A month made public: each clinic gets it to pass on. */
import { type Asked, type Decision, orgsAs, refuse } from '../../src/bot/command.ts';
import { actsFor } from '../../src/bot/scope.ts';
import { monthOf, sayMonth } from '../../src/core/day.ts';
import { nextSpeakingTime, sayTellsUnasked } from '../../src/core/hours.ts';
import { sayVisitDay } from '../../src/core/schedule.ts';
import { VISIT_TYPE_NAMES } from '../../src/core/visit.ts';
import { cite } from '../../src/programmes/schema.ts';
import { type Args, type Facts } from './asked.ts';

/** From then on a change goes through both sides; each clinic gets its month to pass on. */
export const publish = (asked: Asked<Args>, f: Facts): Decision => {
  const { actor, turn, now, calendar, programme, today, args } = asked;
  const named = f.orgs.get(args.clinic ?? '');
  const org =
    // The county may publish for a single clinic.
    (named?.kind === 'clinic' && actsFor(actor, named, ['general', 'bureau']) ? named.id : undefined) ??
    actor.grants.find(g => (g.role === 'bureau' || g.role === 'general') && g.county)?.county ??
    orgsAs(actor, 'hospital')[0] ??
    orgsAs(actor, 'clinic')[0];
  if (!org) return { ...refuse('schedule.not-yours', '您不能公布排班', '由支援单位、受援单位、总医院或卫健局公布'), private: true };
  const month = args.month ?? f.month;
  if (f.publications.some(p => p.org === org && p.month === month && p.programme === programme!.id))
    return {
      reply: {
        code: 'schedule.already-published',
        title: `${sayMonth(month)}排班已经公布过`,
        tone: 'info',
        lines: ['新排的班自动通知双方'],
      },
    };
  const on = f.visits.filter(
    v => v.state === 'on' && v.planned && monthOf(v.day) === month && [v.clinic, v.hospital, v.county].includes(org),
  );
  if (!on.length) return refuse('schedule.empty', `${sayMonth(month)}还没有排班，不能公布`, '例：/排班 张三 每月第二个周三');
  const rule = programme!.schedule?.publish;
  const clinics = [...new Set(on.map(v => v.clinic))];
  return {
    changes: [
      { table: 'publications', id: `${turn}`, to: { id: `${turn}`, programme: programme!.id, org, month, at: now, by: actor.person!.id } },
    ],
    tell: clinics.map(c => ({
      key: `published/${turn}/${c}`,
      to: { org: c, role: 'clinic' },
      class: 'announcement',
      about: 'unit',
      card: {
        code: 'schedule.for-villagers',
        title: `${sayMonth(month)}医师下乡安排（可转发群众）`,
        tone: 'info',
        lines: [
          ...on
            .filter(v => v.clinic === c)
            .map(
              v =>
                `${sayVisitDay(v, today)} ${f.people.get(v.person)?.name} ${f.people.get(v.person)?.specialty ?? ''} ${VISIT_TYPE_NAMES[v.type]}`,
            ),
          ...(rule ? [cite(programme!, rule)] : []),
        ],
      },
    })),
    reply: {
      code: 'schedule.published',
      title: `已公布${sayMonth(month)}排班`,
      tone: 'ok',
      lines: [
        `${on.length}班，${sayTellsUnasked(`发给${clinics.length}家受援单位转告群众`, now, nextSpeakingTime(now, calendar))}`,
        '以后改动要双方同意',
      ],
    },
  };
};
