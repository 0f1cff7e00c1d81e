/** What a unit is called in chat, from its full name. Which of these are unique is for the lexicon to see. */

const LEVELS = ['省', '市', '区', '县', '旗'];

/** The ways to call a unit, the usual one first: 永定区古竹乡卫生院 → 古竹卫生院, 古竹乡卫生院, 古竹 … */
export const shortNames = (fullName: string, regions: readonly string[]): string[] => {
  const names: string[] = [];
  const add = (name: string) => {
    if (name.length > 1 && !names.includes(name)) names.push(name);
  };
  const region = regions.filter(r => fullName.startsWith(r)).sort((a, b) => b.length - a.length)[0] ?? '';
  let rest = fullName.slice(region.length);
  for (const inner of regions) if (rest.startsWith(inner)) rest = rest.slice(inner.length);
  const town = /^(.{1,6}?)(街道|镇|乡)(中心)?卫生院$/.exec(rest);
  const community = /^(.{1,8}?)(街道|镇)?社区卫生服务(中心|站)$/.exec(rest);
  if (town) {
    const [, place = '', kind = '', centre] = town;
    add(`${place}卫生院`);
    if (centre) add(`${place}中心卫生院`);
    add(rest);
    if (centre) add(`${place}${kind}卫生院`);
    add(place);
    add(`${place}${kind}`);
  } else if (community) {
    const [, place = ''] = community;
    add(`${place}社区`);
    add(rest);
    add(`${place}卫生服务中心`);
    add(place);
  } else {
    const level = LEVELS.find(l => region.endsWith(l));
    if (level && /医院|卫生健康|保健院/.test(rest)) add(`${level}${rest}`);
    if (rest !== '医院') add(rest);
  }
  add(fullName);
  // A hospital that shares its bare name with others keeps it, so that typing it asks which.
  return names;
};
