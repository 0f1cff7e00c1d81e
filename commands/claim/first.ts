/** The first admin of an empty installation: a county's bureau, and a person who is its admin. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { shortNames } from '../../src/core/org-names.ts';
import { type Change, newPerson, numbered, type Org } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';
import { takeUp } from '../bind/account.ts';
import { type Args, type Facts, wordsOf } from './asked.ts';

const blank = { type: null, phone: null, phoneMask: null, need: null, order: null, place: null };

export const first = (asked: Asked<Args> & { facts: Facts }): Decision => {
  const { args, facts, actor, turn, today, programmes } = asked;
  // The first bureau is a county's, where one of its own programmes is there.
  const inForce = (p: Programme) => p.term.from <= today && today <= p.term.until;
  const programme = [...programmes]
    .sort((a, b) => Number(inForce(b)) - Number(inForce(a)))
    .sort((a, b) => Number(b.district !== undefined) - Number(a.district !== undefined))[0];
  if (!programme) return refuse('claim.no-programme', '还没有方案文件', '请先放入方案文件再启动');
  const [, typedName, typedBureau] = wordsOf(args);
  const name = typedName || actor.account.name;
  // Not every messenger tells what an account is called, and nobody is kept without a name.
  if (!name) return refuse('claim.name', '请写上您的姓名', '码还能用，这样发：', `/认领 ${args.code.trim()} 张三`);
  // A programme of a whole province does not say whose county this is.
  const bureauName = programme.district === undefined ? typedBureau : programme.bureau;
  if (bureauName === undefined) return refuse('claim.which-bureau', '请写明您的卫健局', '例：/认领 代码 姓名 某某县卫生健康局');
  const changes: Change[] = [];
  const bureau = (id: string, level: Org['level'], called: string, more: Partial<Org>): Org => {
    const known = facts.orgs.find(o => o.name === called);
    if (known) return known;
    const { city = null, district = null, parent = null, county = null } = more;
    const names = shortNames(
      called,
      [city, district].filter(r => r !== null),
    );
    const org: Org = { id, kind: 'bureau', level, name: called, names, city, district, parent, county, ...blank };
    changes.push({ table: 'orgs', id, to: org });
    return org;
  };
  const region = { city: programme.city ?? null, district: programme.district ?? null };
  const upper =
    programme.city === undefined
      ? bureau(numbered(turn, 1), 'province', programme.bureau, {})
      : bureau(numbered(turn, 1), 'city', `${programme.city}卫生健康委员会`, { city: programme.city });
  const county = bureau(numbered(turn), 'county', bureauName, { ...region, parent: upper.id, county: numbered(turn) });
  const person = `${turn}`;
  const taken = takeUp(asked, { frozen: [], codes: [] }, person);
  changes.push({ table: 'people', id: person, to: newPerson(person, name) }, ...taken.changes);
  const grant = { person, org: county.id, county: county.id, deputy: false, from: today, until: null };
  changes.push({ table: 'grants', id: numbered(turn), to: { id: numbered(turn), role: 'admin', office: null, ...grant } });
  changes.push({ table: 'grants', id: numbered(turn, 1), to: { id: numbered(turn, 1), role: 'bureau', office: '医政股', ...grant } });
  return {
    changes,
    reply: {
      code: 'claim.done',
      title: `认领成功，${name}是系统管理员`,
      tone: 'ok',
      lines: [county.name, programme.title, '下一步：/导入 安排表，再 /导入 联络员', '建好工作群后在群里发 /绑定群', ...taken.lines],
      ...(taken.once ? { once: true } : {}),
    },
  };
};
