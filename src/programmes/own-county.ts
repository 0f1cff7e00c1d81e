/** Another county's programme begins as a copy of a shipped one: its rules as they were, city and county in place of the old ones, the document's number left open. */
import { ProgrammeProblem, readProgramme } from './load.ts';

/** 青河县 of 云州市, as `qinghe-2024`. */
export interface OwnCounty {
  id: string;
  city: string;
  district: string;
}

/** Rules for single clinics are the old county's own, and nobody else has these clinics. */
const withoutExempt = (text: string): string => text.replace(/^( *)exempt:\n(?:\1 .*\n)+/m, '');

/** The text of the other county's file. Numbers, days and clauses stay as the old document has them, to be checked one by one. @throws ProgrammeProblem */
export const ownCounty = (text: string, file: string, { id, city, district }: OwnCounty): string => {
  const { programme } = readProgramme(text, file);
  const { city: oldCity, district: oldDistrict } = programme;
  if (oldCity === undefined || oldDistrict === undefined)
    throw new ProgrammeProblem(`方案 ${programme.id} 不是一个县（区）的，请照抄县（区）的方案`);
  if (!/(?:市|州|盟|地区)$/.test(city)) throw new ProgrammeProblem(`“${city}”请写市的全称，如：云州市`);
  if (!/[县区市旗]$/.test(district)) throw new ProgrammeProblem(`“${district}”请写县（区）的全称，如：青河县`);
  if (id === programme.id) throw new ProgrammeProblem(`编号 ${id} 已是${oldDistrict}的，请另起一个，如：qinghe-2024`);
  const made = withoutExempt(text)
    .replace(/^id:.*$/m, `id: ${id}`)
    .replace(/^bureau:.*$/m, `bureau: ${city}${district}卫生健康局`)
    .replace(/^(\s+issuer:).*$/m, `$1 ${city}${district}卫生健康局`)
    .replace(/^(\s+number:).*$/m, '$1 null # 本县文件的文号；没有就留 null')
    .replaceAll(oldDistrict, district)
    .replaceAll(oldCity, city);
  const whole = `# 由 ${programme.id} 照抄而来：逐条与本县文件核对，改好文号、名称、家数、日期、数字和条款，再启动程序。\n${made}`;
  readProgramme(whole, `${id}.yaml`);
  return whole;
};
