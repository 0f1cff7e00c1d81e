/** Who looks after several clinics and named none: those that still wait on the day, each a tap away. */

import { type Actor, type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import type { Read } from '../../src/bot/ports.ts';
import { type Day, sayDay } from '../../src/core/day.ts';
import { shownOrg } from '../../src/core/org-names.ts';
import { type Args, type Facts } from './day.ts';

/** Clinics with a visit of the day that waits for a word which the actor may give. */
export const waitingIn = async (read: Read, actor: Actor, day: Day): Promise<Facts['elsewhere']> => {
  const counties = actor.grants.flatMap(g => (g.role === 'bureau' || g.role === 'general' ? (g.county ?? []) : []));
  const hospitals = actor.grants.filter(g => g.role === 'hospital').map(g => g.org);
  const clinics = actor.grants.filter(g => g.role === 'clinic' || g.role === 'head').map(g => g.org);
  const where = counties.length ? { county: counties } : hospitals.length ? { hospital: hospitals } : { clinic: clinics };
  if (![counties, hospitals, clinics].some(ids => ids.length)) return [];
  const open = (await read.all('visits', { ...where, day, state: 'on' })).filter(v => v.presence === null && v.person !== actor.person?.id);
  const orgs = open.length ? await read.all('orgs', { id: [...new Set(open.map(v => v.clinic))] }) : [];
  return orgs
    .sort((a, b) => (a.order ?? 999) - (b.order ?? 999))
    .map(org => ({ org, people: new Set(open.flatMap(v => (v.clinic === org.id ? v.person : []))).size }));
};

/** Clinics that fit a card. */
const MOST = 6;

export const whichClinic = ({ today }: Asked<Args>, { elsewhere, day }: Facts): Decision => {
  if (!elsewhere.length)
    return refuse('verify.which-clinic', `${sayDay(day, today)}没有待核实的，要看请写明单位`, '例：/核实 4月10日 单位名');
  return {
    reply: {
      code: 'verify.which-clinic',
      title: '核实哪一家？',
      tone: 'ask',
      lines: [`${sayDay(day, today)}待核实：${elsewhere.map(e => `${shownOrg(e.org)}${e.people}人`).join('、')}`],
      buttons: elsewhere.slice(0, MOST).map(e => ({ label: shownOrg(e.org), command: `/核实 ${day} ${e.org.name}` })),
    },
    replyIn: 'direct',
  };
};
