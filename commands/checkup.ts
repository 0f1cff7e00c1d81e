/** /体检 — is everything in place: who receives what, what reached nobody, what is missing. */

import { z } from 'zod';
import { heldOn, NOWHERE } from '../src/bot/address.ts';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { platformName } from '../src/bot/messengers.ts';
import { isNearlySpent, sayUsed, type Used, usedIn } from '../src/bot/quota.ts';
import { hasHolder, meantFor, type Receivers, receiverOf } from '../src/bot/receivers.ts';
import { type Day, monthOf, sayDate, yearOf } from '../src/core/day.ts';
import { shownOrg } from '../src/core/org-names.ts';
import { lastsTo } from '../src/core/posting.ts';
import type { Org } from '../src/core/records.ts';
import type { Programme } from '../src/programmes/schema.ts';

const args = z.object({});
interface Facts {
  known: Receivers;
  /** Physicians of today, by name, who cannot be written to. */
  unbound: string[];
  physicians: number;
  /** What did not arrive, or may not have: how many, and for whom what has nowhere to go was. */
  lost: number;
  unknown: number;
  nobody: string[];
  used: Used[];
  troubles: string[];
  /** Who waits to be bound again after a login that gave out new ids. */
  frozen: { people: number; groups: number };
}

export default defineCommand<z.infer<typeof args>, Facts>({
  name: '体检',
  aliases: ['检查', 'tij', 'tijian', 'checkup'],
  sayings: /^(?:下一步|接下来|然后|还[缺差要](?:什么|哪些)?)(?:呢|是?什么|[做干]什么|[要该]?怎么办|干嘛)?[?？]?$/,
  daily: ['admin'],
  summary: '谁能收到什么、缺什么',
  usage: '/体检',
  examples: ['/体检'],
  slots: {},
  args,
  async facts(read, { actor, today, now, service }) {
    const county = actor.grants.find(g => g.county !== null)?.county ?? '';
    const own = await read.all('orgs', { county }, { by: 'order' });
    // A hospital from outside the county is served by its own contact.
    const postings = (await read.all('postings', { county })).filter(p => lastsTo(p, monthOf(today)));
    const outside = [...new Set(postings.map(p => p.hospital))].filter(h => own.every(o => o.id !== h));
    const orgs = [...own, ...(outside.length ? await read.all('orgs', { id: outside }) : [])];
    const grants = [...(await read.all('grants', { county })), ...(outside.length ? await read.all('grants', { org: outside }) : [])];
    const reached = new Set((await read.all('accounts', { state: 'bound' })).map(a => a.person));
    const ids = [...new Set(grants.map(g => g.person))];
    const people = ids.length ? await read.all('people', { id: ids }) : [];
    const physicians = new Set(grants.filter(g => g.role === 'physician' && heldOn(g, today)).map(g => g.person));
    const stuck = await read.outbox({ states: ['failed', 'unknown'], limit: 200 });
    const nobody: string[] = [];
    for (const r of stuck.filter(x => x.to.platform === NOWHERE)) {
      const meant = await meantFor(read, r.to.conversation);
      if (meant.county === null || meant.county === county) nobody.push(meant.whom);
    }
    return {
      known: {
        orgs,
        grants,
        groups: await read.all('groups', {}),
        bound: new Map(people.filter(p => reached.has(p.id)).map(p => [p.id, p.name])),
      },
      physicians: physicians.size,
      unbound: people.filter(p => physicians.has(p.id) && !reached.has(p.id)).map(p => p.name),
      lost: stuck.filter(r => r.state === 'failed' && r.to.platform !== NOWHERE).length,
      unknown: stuck.filter(r => r.state === 'unknown').length,
      nobody,
      used: await usedIn(read, now),
      troubles: service.troubles(),
      frozen: {
        people: ids.length ? await read.count('accounts', { person: ids, state: 'frozen' }) : 0,
        groups: (await read.all('frozenGroups', { again: null })).filter(g => g.orgs.some(o => orgs.some(x => x.id === o))).length,
      },
    };
  },
  decide({ facts, today, calendar, programme, actor }) {
    if (!actor.grants.some(g => g.county !== null))
      return refuse('checkup.no-county', '体检是各县自己做的', '由县里的系统管理员或卫健局发 /体检');
    const { known, unbound, lost, unknown } = facts;
    const units = known.orgs.filter(o => o.kind !== 'bureau' || o.level === 'county');
    const clinics = units.filter(o => o.kind === 'clinic');
    const without = clinics.filter(o => !hasHolder(known, o, today));
    const rows = units.map(org => ({ org, lines: rowsOf(known, org, today, programme) }));
    // A clinic's hospital is asked in its place; for the others nobody is.
    const unheard = rows.flatMap(({ org, lines }) => (org.kind === 'clinic' ? [] : lines.filter(l => l.includes(NOBODY)).map(l => l[0]!)));
    const year = yearOf(today);
    const nobody = [...new Set(facts.nobody)];
    const wrong =
      facts.troubles.length ||
      facts.used.some(isNearlySpent) ||
      !clinics.length ||
      !facts.physicians ||
      without.length ||
      unheard.length ||
      lost ||
      unknown ||
      nobody.length ||
      !programme;
    const named = (names: readonly string[], most: number) => `${names.slice(0, most).join('、')}${names.length > most ? '等' : ''}`;
    return {
      reply: {
        code: 'checkup.shown',
        title: wrong ? '体检：有要处理的' : unbound.length ? `体检：能用，${unbound.length} 名医师没绑定` : '体检：都好',
        tone: wrong ? 'ask' : 'ok',
        lines: [
          ...facts.troubles,
          ...facts.used.map(u => `${platformName(u.platform)}${sayUsed(u)}`),
          !clinics.length
            ? '还没有受援单位，先发：/导入 安排表'
            : without.length
              ? `没有绑定专人 ${without.length} 家：${named(without.map(shownOrg), 4)}（由副岗、支援单位或卫健局代办）`
              : '各受援单位都有专人',
          ...(unheard.length
            ? [`没有人能收到的单位 ${unheard.length} 家：${named(unheard, 4)}${programme?.leave ? '（请假没有人能同意）' : ''}`]
            : []),
          !facts.physicians
            ? '还没有医师，安排表里有'
            : unbound.length
              ? `医师没绑定 ${unbound.length} 人：${named(unbound, 4)}（由单位代签）`
              : '医师都已绑定',
          ...(facts.frozen.people || facts.frozen.groups
            ? [`微信重新登录后还没再绑定：${facts.frozen.people} 人、${facts.frozen.groups} 个群`]
            : []),
          ...(nobody.length ? [`没有人能收到 ${facts.nobody.length} 条：给${named(nobody, 3)}`] : []),
          ...(lost ? [`没有送到 ${lost} 条`] : []),
          ...(unknown ? [`不知是否送到 ${unknown} 条`] : []),
          ...(nobody.length || lost || unknown
            ? [actor.grants.some(g => g.role === 'admin') ? '发 /发件箱 看是哪些' : '请系统管理员发 /发件箱 处理']
            : ['没有送不到的消息']),
          calendar.knows(year)
            ? calendar.knows(year + 1)
              ? `${year}、${year + 1}年放假安排已有`
              : `${year}年放假安排已有，${year + 1}年还没有`
            : `${year}年放假安排没有，工作日算不准`,
          programme ? `方案：${programme.title}，到${sayDate(programme.term.until)}` : '今天没有有效的方案，发 /排班 看怎么开',
        ],
        table: {
          columns: ['单位', '核实、排班变动', programme && !programme.leave ? '到岗' : '请假、到岗'],
          rows: rows.flatMap(r => r.lines),
        },
      },
    };
  },
});

const NOBODY = '没有人能收到';

/** A unit's line; the bureau's by the offices that the programme names. Where a clinic has nobody, its hospital is asked. */
const rowsOf = (known: Receivers, org: Org, today: Day, programme: Programme | null): string[][] => {
  const line = (label: string, office?: string) => [
    label,
    ...(['unit', 'person'] as const).map(
      about => receiverOf(known, org, about, today, office) ?? (org.kind === 'clinic' ? `${NOBODY}，问支援单位` : NOBODY),
    ),
  ];
  if (org.kind !== 'bureau') return [line(shownOrg(org))];
  const supervision = programme?.supervision;
  const offices = [
    ...new Set([
      ...(programme?.leave?.steps ?? []).flatMap(s => (s.office ? [s.office] : [])),
      ...(supervision ? [supervision.hospitals.office, supervision.clinics.office] : []),
    ]),
  ];
  return offices.length ? offices.map(office => line(`${shownOrg(org)}${office}`, office)) : [line(shownOrg(org))];
};
