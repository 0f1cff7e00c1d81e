import { describe, expect, test } from 'vitest';
import { annexOrder, regionNames, shortNames } from '../../src/core/org-names.ts';
import type { Org } from '../../src/core/records.ts';

const REGIONS = ['福建省', '龙岩市', '永定区'];

test.each<[string, string[]]>([
  ['永定区古竹乡卫生院', ['古竹卫生院', '古竹乡卫生院', '古竹', '古竹乡', '永定区古竹乡卫生院']],
  [
    '永定区湖坑镇中心卫生院',
    ['湖坑卫生院', '湖坑中心卫生院', '湖坑镇卫生院', '湖坑镇中心卫生院', '湖坑', '湖坑镇', '永定区湖坑镇中心卫生院'],
  ],
  ['永定区凤城社区卫生服务中心', ['凤城社区', '凤城社区卫生服务中心', '凤城卫生服务中心', '凤城', '永定区凤城社区卫生服务中心']],
  ['永定区医院', ['区医院', '永定医院', '永定区医院']],
  ['永定区中医院', ['区中医院', '中医院', '永定中医院', '永定区中医院']],
  ['龙岩市中医院', ['市中医院', '中医院', '龙岩中医院', '龙岩市中医院']],
  ['永定区总医院', ['总医院', '区总医院', '永定总医院', '永定区总医院']],
  ['龙岩市永定区医院', ['区医院', '永定医院', '永定区医院', '龙岩市永定区医院']],
  [
    '龙岩市永定区卫生健康局',
    [
      '区卫健局',
      '卫健局',
      '卫生健康局',
      '区卫生健康局',
      '永定卫健局',
      '永定卫生健康局',
      '永定区卫健局',
      '永定区卫生健康局',
      '龙岩市永定区卫生健康局',
    ],
  ],
  ['福建省立医院', ['省立医院', '福建省立医院']],
  ['古竹乡卫生院', ['古竹卫生院', '古竹乡卫生院', '古竹', '古竹乡']],
  [' 永定区医院 ', ['区医院', '永定医院', '永定区医院']],
  ['仁心门诊部', ['仁心门诊部']],
  ['永定区', ['永定区']],
])('%s', (full, names) => expect(shortNames(full, REGIONS)).toEqual(names));

test.each<[string, string[], string]>([
  ['寿宁县下党卫生院', ['宁德市', '寿宁县'], '下党卫生院 下党 寿宁县下党卫生院'],
  ['新乡镇卫生院', [], '新乡卫生院 新乡镇卫生院 新乡 新乡镇'],
  ['镇前镇卫生院', [], '镇前卫生院 镇前镇卫生院 镇前 镇前镇'],
  ['沙镇卫生院', [], '沙卫生院 沙镇卫生院 沙镇'],
  ['城关街道社区卫生服务中心', [], '城关社区 城关社区卫生服务中心 城关街道社区卫生服务中心 城关卫生服务中心 城关 城关街道'],
  ['城关社区卫生服务站', [], '城关社区站 城关社区卫生服务站'],
  ['尤溪县总医院', ['尤溪县'], '总医院 县总医院 尤溪总医院 尤溪县总医院'],
  ['盐池县人民医院', ['盐池县'], '县人民医院 人民医院 盐池人民医院 盐池县人民医院'],
])('elsewhere: %s', (full, regions, names) => expect(shortNames(full, regions)).toEqual(names.split(' ')));

test.each<[string, string, string | null, string | null, string]>([
  ['龙岩市永定区卫生健康局', 'county', '龙岩市', '永定区', '永定区 永定 永定区卫健局 永定卫健局'],
  ['龙岩市卫生健康委员会', 'city', '龙岩市', null, '龙岩市 龙岩 龙岩市卫健委 龙岩卫健委'],
  ['福建省卫生健康委员会', 'province', null, null, '福建省 福建 福建省卫健委 福建卫健委'],
  ['云岭市青川县卫生健康和体育局', 'county', null, null, '青川县 青川'],
  ['龙岩市上杭县卫生健康局', 'county', null, null, '上杭县 上杭 上杭县卫健局 上杭卫健局'],
  ['某某局', 'county', null, null, ''],
])('the places of %s', (name, level, city, district, names) => expect(regionNames({ name, level, city, district }).join(' ')).toBe(names));

describe('one county', () => {
  const clinics = (
    '城郊镇 龙潭镇 洪山乡 峰市镇 仙师镇 湖雷镇中心 抚市镇中心 堂堡镇 合溪乡 湖山乡 下洋镇中心 湖坑镇中心 ' +
    '培丰镇 大溪乡 高头镇 古竹乡 岐岭镇 陈东乡 虎岗镇 坎市镇中心 高陂镇中心 金砂乡 凤城 西溪乡'
  )
    .split(' ')
    .map(place => (place === '凤城' ? '永定区凤城社区卫生服务中心' : `永定区${place}卫生院`));
  const units = [...clinics, '永定区医院', '永定区中医院', '龙岩市中医院', '永定区总医院', '永定区妇幼保健院', '龙岩市永定区卫生健康局'];

  test('has 24 clinics, each by its bare place and as 卫生院', () => {
    expect(clinics).toHaveLength(24);
    for (const clinic of clinics) {
      const place = clinic.slice(3, 5);
      expect(shortNames(clinic, REGIONS)).toEqual(
        expect.arrayContaining([place, clinic, clinic.slice(3), place === '凤城' ? '凤城社区' : `${place}卫生院`]),
      );
    }
  });
  test('has every name once, 中医院 alone fits two', () => {
    const owners = new Map<string, string[]>();
    for (const unit of units) for (const name of shortNames(unit, REGIONS)) owners.set(name, [...(owners.get(name) ?? []), unit]);
    expect([...owners].filter(([, of]) => of.length > 1)).toEqual([['中医院', ['永定区中医院', '龙岩市中医院']]]);
  });
});

test('counties stand in the order of entry, not by the signs of their numbers; beneath each its units by the annex', () => {
  const unit = (county: string, order: number | null, name: string) => ({ county, order, name }) as Org;
  const units = [unit('45-10', 1, '丁'), unit('45-9', 2, '丙'), unit('101', null, '戊'), unit('45-9', 1, '乙'), unit('7', 3, '甲')];
  expect(units.sort(annexOrder).map(u => u.name)).toEqual(['甲', '乙', '丙', '丁', '戊']);
});
