/** Letters in official layout, by what their parts say: page, sizes, lines, title, annexes. */
import { afterAll, expect, test } from 'vitest';
import type { OfficialDocument } from '../../src/core/card.ts';
import { office } from '../../src/forms/office.ts';
import { partsOf } from '../harness/book.ts';

afterAll(() => office.close());

const letter: OfficialDocument = {
  title: '关于某月工作情况的通报',
  to: '各有关单位',
  parts: [
    { kind: 'head', text: '一、总体情况' },
    { kind: 'text', text: '核实下基层24人次。' },
    { kind: 'gap', text: '下一步工作要求' },
    { kind: 'table', title: '各单位情况', columns: ['单位', '人次'], rows: [['东村卫生院', '1']] },
  ],
  annexes: ['某县对口支援情况汇总表', '某县对口支援工作量月报表'],
  signed: '某县卫生健康局',
  date: '2024年4月　　日',
  watermark: null,
};
const xmlOf = async (d: Partial<OfficialDocument>): Promise<string> =>
  partsOf(await office.officialDocument({ ...letter, ...d })).get('word/document.xml')!;
/** The paragraphs, each as it stands and as text. */
const paragraphs = (xml: string): { xml: string; text: string }[] =>
  [...xml.matchAll(/<w:p>.*?<\/w:p>/gs)].map(m => ({ xml: m[0], text: m[0].replace(/<w:tab\/>/g, '\t').replace(/<[^>]+>/g, '') }));
const titleOf = async (title: string): Promise<string[]> =>
  paragraphs(await xmlOf({ title }))
    .filter(p => p.xml.includes('w:val="44"'))
    .map(p => p.text);
const twips = (mm: number): string => `${Math.round((mm * 1440) / 25.4)}`;

test('GB/T 9704: A4, margins 37 and 35, 28 and 26 mm, title 2号, body 3号 on lines of 28.95 points', async () => {
  const xml = await xmlOf({});
  expect(xml).toContain(`<w:pgSz w:w="${twips(210)}" w:h="${twips(297)}"`);
  for (const [side, mm] of [
    ['top', 37],
    ['bottom', 35],
    ['left', 28],
    ['right', 26],
  ] as const)
    expect(xml).toMatch(new RegExp(`<w:pgMar [^>]*w:${side}="${twips(mm)}"`));
  const all = paragraphs(xml);
  const body = all.find(p => p.text === '核实下基层24人次。')!.xml;
  expect(body).toMatch(/w:line="579"[^>]*w:lineRule="exact"|w:lineRule="exact"[^>]*w:line="579"/);
  expect(body).toContain('w:eastAsia="仿宋_GB2312"');
  expect(body).toContain('<w:sz w:val="32"/>');
  expect(body).toContain('w:firstLineChars="200"');
  const title = all.find(p => p.text === letter.title)!.xml;
  expect(title).toContain('<w:sz w:val="44"/>');
  expect(title).toContain('w:eastAsia="方正小标宋简体"');
  expect(all.find(p => p.text === '一、总体情况')!.xml).toContain('w:eastAsia="黑体"');
  expect(all.find(p => p.text === '【待补充：下一步工作要求】')!.xml).toContain('<w:highlight w:val="yellow"/>');
  expect(xml).toContain('<w:tblHeader/>');
});

test('a long title breaks between words, in lines of about one length, or where it says so itself', async () => {
  expect(await titleOf('某县2024年度“医师下基层”对口支援工作总结和自评')).toEqual(['某县2024年度“医师下基层”', '对口支援工作总结和自评']);
  expect(await titleOf('关于4月“医师下基层”\n对口支援工作情况的通报')).toEqual(['关于4月“医师下基层”', '对口支援工作情况的通报']);
  expect(await titleOf('某县工作总结')).toEqual(['某县工作总结']);
  for (const line of await titleOf('某某自治州某某县2024年度“千名医师下基层”对口支援农村卫生工作开展情况阶段性总结和自评报告'))
    expect(line).not.toMatch(/^[”）》、，]/);
  const names = partsOf(await office.officialDocument({ ...letter, title: '甲\n乙' })).get('docProps/core.xml')!;
  expect(names).toContain('<dc:title>甲乙</dc:title>');
});

test('annexes are numbered, and what goes on in a second line stands under the name', async () => {
  const two = paragraphs(await xmlOf({})).filter(p => /对口支援.*表$/.test(p.text));
  expect(two.map(p => p.text)).toEqual(['附件：1.\t某县对口支援情况汇总表', '2.\t某县对口支援工作量月报表']);
  const indent = (xml: string) => [/w:left="(\d+)"/.exec(xml)?.[1], /w:hanging="(\d+)"/.exec(xml)?.[1]];
  // Two characters in, three of 附件：, one of the number: 16 points each.
  expect(two.map(p => indent(p.xml))).toEqual([
    ['1920', '1280'],
    ['1920', '320'],
  ]);
  const [one] = paragraphs(await xmlOf({ annexes: ['汇总表'] })).filter(p => p.text.endsWith('汇总表'));
  expect([one!.text, ...indent(one!.xml)]).toEqual(['附件：汇总表', '1600', '960']);
  expect(paragraphs(await xmlOf({ annexes: [] })).some(p => p.text.startsWith('附件'))).toBe(false);
});
