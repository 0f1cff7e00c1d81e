/** The first admin of an empty installation: a county's bureau, and a person who is its admin. */
import { type Asked, type Decision, refuse } from '../../src/bot/command.ts';
import { shortNames } from '../../src/core/org-names.ts';
import { type Change, newPerson, numbered, type Org } from '../../src/core/records.ts';
import type { Programme } from '../../src/programmes/schema.ts';
import { takeUp } from '../bind/account.ts';
import { type Args, type Facts, wordsOf } from './asked.ts';

const blank = { type: null, phone: null, phoneMask: null, need: null, order: null, place: null };

/** Says whose bureau a line names: in full, or with the county's name in it. */
const named = (programme: Programme, said: string): boolean =>
  programme.bureau === said || (programme.district !== undefined && said.includes(programme.district));

/** Whose bureau begins here, and who its first admin is. A county's own programme comes before one of a whole province, and one in force before others; between two counties nothing is guessed. */
const bureauOf = ({ args, actor, today, programmes }: Asked<Args>): { programme: Programme; bureau: string; name: string } | Decision => {
  const inForce = (p: Programme) => p.term.from <= today && today <= p.term.until;
  const counties = programmes.filter(p => p.district !== undefined);
  const some = counties.length ? counties : programmes;
  const open = some.some(inForce) ? some.filter(inForce) : some;
  const [fallback] = open;
  if (!fallback) return refuse('claim.no-programme', '还没有方案文件', '请先放入方案文件再启动');
  const said = wordsOf(args).slice(1);
  const isBureau = (word: string) => /(?:局|委|委员会)$/.test(word) || counties.some(p => p.district === word);
  const typedBureau = said.find(isBureau) ?? said[1];
  // Not every messenger tells what an account is called, and nobody is kept without a name.
  const name = said.find(word => word !== typedBureau) ?? actor.account.name;
  if (!name) return refuse('claim.name', '请写上您的姓名', '码还能用，这样发：', `/认领 ${args.code.trim()} 张三`);
  // A programme of a whole province does not say whose county this is.
  if (!counties.length)
    return typedBureau === undefined
      ? refuse('claim.which-bureau', '请写明您的卫健局', '例：/认领 代码 姓名 某某县卫生健康局')
      : { programme: fallback, bureau: typedBureau, name };
  const meant = typedBureau === undefined ? open : [...open, ...counties].filter(p => named(p, typedBureau));
  const [programme] = meant;
  const here = [...new Set((programme ? open : counties).map(p => p.bureau))];
  if (!programme)
    return refuse(
      'claim.no-county',
      `没有“${typedBureau}”的方案文件`,
      `现有的是：${here.join('、')}`,
      '先照抄一份：npm run own-county，核对后重新启动；码还能用',
    );
  if (typedBureau === undefined && here.length > 1)
    return refuse(
      'claim.which-bureau',
      '是哪个卫健局？',
      `有方案的：${here.join('、')}`,
      '码还能用，这样发：',
      `/认领 代码 ${name} ${here.at(-1)}`,
    );
  return { programme, bureau: programme.bureau, name };
};

export const first = (asked: Asked<Args> & { facts: Facts }): Decision => {
  const { facts, turn, today } = asked;
  const whose = bureauOf(asked);
  if (!('programme' in whose)) return whose;
  const { programme, bureau: bureauName, name } = whose;
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
