/** What a unit is called in chat, from its full name, and in what order units are listed. Which names are unique is for the lexicon to see. */

import type { Org } from './records.ts';

/** Of 永定区 the level 区 and the bare name 永定. */
const REGION = /^(.+)(省|自治区|市|区|县|旗)$/;
const CLINIC = /^(.+?)(镇|乡|民族乡|街道)?(中心)?卫生院$/;
const COMMUNITY = /^(.+?)(镇|乡|街道)?社区卫生服务(中心|站)$/;

const clinicNames = (rest: string): string[] | undefined => {
  const m = CLINIC.exec(rest);
  if (!m) return undefined;
  const [, place = '', kind = '', centre = ''] = m;
  return [`${place}卫生院`, `${place}${centre}卫生院`, `${place}${kind}卫生院`, rest, place, place + kind];
};

const communityNames = (rest: string): string[] | undefined => {
  const m = COMMUNITY.exec(rest);
  if (!m) return undefined;
  const [, place = '', kind = '', size = ''] = m;
  // A station is a part of a centre, so the bare place is the centre's.
  const own = size === '站' ? [] : [`${place}卫生服务中心`, place, place + kind];
  return [`${place}社区${size === '站' ? '站' : ''}`, `${place}社区卫生服务${size}`, rest, ...own];
};

/** A hospital or an office, by its region's level and by what is left of its name. */
const officeNames = (region: string, rest: string): string[] => {
  const [, bare = '', level = ''] = REGION.exec(region) ?? [];
  if (!level || !rest) return [];
  const brief = rest.replace(/卫生健康(局|委)(员会)?$/, '卫健$1');
  const rests = [...new Set([brief, rest])];
  // 福建省立医院 is 省立医院 and never 立医院; of 永定区医院 nothing is left that says which hospital.
  if (rest.startsWith('立')) return [level + rest];
  const qualified = [...rests.map(r => level + r), ...rests.map(r => bare + r), ...rests.map(r => region + r)];
  if (rest === '医院') return qualified;
  return rest === '总医院' ? [rest, ...qualified] : [level + brief, ...rests, ...qualified];
};

/**
 * The ways to call a unit, the usual one first and the full name last:
 * 永定区古竹乡卫生院 → 古竹卫生院, 古竹乡卫生院, 古竹, 古竹乡; 永定区中医院 → 区中医院, 中医院, 永定中医院.
 * `regions` are the places whose names may stand in front: 福建省, 龙岩市, 永定区.
 */
export const shortNames = (fullName: string, regions: readonly string[]): string[] => {
  let region = '';
  let rest = fullName.trim();
  for (let next: string | undefined = ''; next !== undefined; rest = rest.slice(next?.length ?? 0)) {
    region = next || region;
    next = regions.find(r => r !== '' && rest.startsWith(r));
  }
  const names = clinicNames(rest) ?? communityNames(rest) ?? officeNames(region, rest);
  return [...new Set([...names.filter(n => n.length > 1), region + rest, fullName.trim()])];
};

/** Of 龙岩市永定区卫生健康局 the place, which no field of an upper or an older bureau names. */
const PLACE = /^(?:.*[省市])?(.+?(?:省|自治区|市|区|县|旗))(?=卫)/;
const OFFICE = /卫生健康(局|委)(?:员会)?$/;

/** What the place is called for which a bureau works, and its office by that place: 上杭县, 上杭, 上杭县卫健局, 上杭卫健局. */
export const regionNames = ({
  name,
  level,
  city,
  district,
}: {
  name: string;
  level: string;
  city: string | null;
  district: string | null;
}): string[] => {
  const region = (level === 'county' ? district : level === 'city' ? city : null) ?? PLACE.exec(name)?.[1];
  if (region === undefined) return [];
  const places = [region, REGION.exec(region)?.[1] ?? ''].filter(p => p.length > 1);
  const office = OFFICE.exec(name)?.[1];
  return [...places, ...(office === undefined ? [] : places.map(p => `${p}卫健${office}`))];
};

/** A unit as cards show it: by the first of its short names. Empty where there is none. */
export const shownOrg = (org: { name: string; names: readonly string[] } | undefined): string => org?.names[0] ?? org?.name ?? '';

/** A bureau by the place that it works for, another unit as cards show it. */
export const placeOf = (org: Pick<Org, 'kind' | 'name' | 'names' | 'district' | 'city'> | undefined): string =>
  org?.kind === 'bureau' ? (org.district ?? org.city ?? org.name) : shownOrg(org);

/** A county that was entered after nine others stands behind them. */
const inNumbers = new Intl.Collator('en', { numeric: true });

/** Units as the annex lists them: by county in the order of entry, by its number, by name. */
export const annexOrder = (a: Org | undefined, b: Org | undefined): number =>
  inNumbers.compare(a?.county ?? '', b?.county ?? '') ||
  (a?.order ?? 9999) - (b?.order ?? 9999) ||
  (a?.name ?? '').localeCompare(b?.name ?? '', 'zh');
