/** The slip opens, says what was done, and leaves signature and seal to people. */
import { inflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { LeaveSlip } from '../../src/core/card.ts';
import { office } from '../../src/forms/office.ts';

afterAll(() => office.close());

const slip: LeaveSlip = {
  title: '请假条',
  number: '57',
  fields: [
    { label: '姓名', value: '吴沐阳' },
    { label: '请假原因', value: '因急事：<家>中有事 & 龑、㛃、䶮' },
  ],
  steps: [
    ['区中医院', '赖静姝', '2024年4月8日 周一 09:00', '同意'],
    ['市转报省', '', '', '待办'],
  ],
  signs: ['吴沐阳', '区中医院', '区卫健局'],
  basis: ['依据 某文 七（三）'],
  printed: '系统内办理记录，打印于2024年4月8日 周一 09:10',
  watermark: '演示数据',
};

/** Names and texts of the parts of a docx. */
const partsOf = (bytes: Uint8Array): Map<string, string> => {
  const b = Buffer.from(bytes);
  const parts = new Map<string, string>();
  for (let i = b.indexOf('PK\u0001\u0002', 0, 'latin1'); i >= 0; i = b.indexOf('PK\u0001\u0002', i + 4, 'latin1')) {
    const [method, size, nameLength, at] = [b.readUInt16LE(i + 10), b.readUInt32LE(i + 20), b.readUInt16LE(i + 28), b.readUInt32LE(i + 42)];
    const name = b.subarray(i + 46, i + 46 + nameLength).toString();
    const from = at + 30 + b.readUInt16LE(at + 26) + b.readUInt16LE(at + 28);
    const data = b.subarray(from, from + size);
    parts.set(name, (method === 8 ? inflateRawSync(data) : data).toString());
  }
  return parts;
};

test('steps with name and time, empty boxes, no seal, the demo’s mark', async () => {
  const parts = partsOf(await office.leaveSlip(slip));
  const text = (parts.get('word/document.xml') ?? '').replace(/<\/w:p>/g, '\n').replace(/<[^>]+>/g, '');
  for (const said of [
    '请假条',
    '编号：57',
    '吴沐阳',
    '&lt;家&gt;中有事 &amp; 龑、㛃、䶮',
    '系统内办理记录',
    '2024年4月8日 周一 09:00',
    '待办',
    '（公章）',
    '依据 某文 七（三）',
  ])
    expect(text).toContain(said);
  expect(text.match(/签名：/g)).toHaveLength(3);
  expect(text.match(/（公章）/g)).toHaveLength(2);
  expect([...parts.keys()].filter(n => n.startsWith('word/media'))).toEqual([]);
  expect([...parts].some(([n, t]) => n.startsWith('word/header') && t.includes('演示数据'))).toBe(true);
});

test('outside of a demo nothing says so', async () => {
  const parts = partsOf(await office.leaveSlip({ ...slip, watermark: null }));
  expect([...parts.values()].join('')).not.toContain('演示数据');
});
