/** Official forms from the question to the file, read back by other means than those that wrote it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../src/bot/stage.ts';
import type { Day, Month } from '../../src/core/day.ts';
import { partsOf, type ReadSheet, readBook, readDocument, rowOf } from '../harness/book.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { xlsxOf } from '../harness/xlsx.ts';

let c: Chat;
beforeAll(async () => {
  c = await chat();
  // 吴沐阳's line of March: a text that begins like a formula, rare characters, a reported 0, and figures not reported.
  const store = c.open.store();
  const [line] = (await store.read.all('workloads', {})).filter(w => w.day.startsWith('2024-03'));
  const visit = (await store.read.all('visits', { presence: 'present' })).find(v => v.day.startsWith('2024-03'))!;
  await store.turn({ platform: 'x', app: 'x', eventId: 'x', conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
    const to = {
      ...(line ?? {
        id: 'test',
        programme: visit.programme,
        county: visit.county,
        person: visit.person,
        clinic: visit.clinic,
        hospital: visit.hospital,
        day: visit.day,
        by: visit.person,
        at: 0,
        as: 'self' as const,
        late: false,
        confirmed: 0,
        verifiedBy: null,
        verifiedAt: null,
        reason: null,
        proposal: null,
      }),
      figures: { consultations: 30, special: 0 },
      words: { other: '=1+1 @协助转诊 䶮㛃龑' },
    };
    await tx.apply([{ table: 'workloads', id: to.id, to }], { actor: null, command: 'test', sentAt: 0, now: 0 });
    return 'ok';
  });
}, 60_000);
afterAll(() => c.close());

const fileOf = async (messages: Message[]): Promise<{ name: string; bytes: Uint8Array }> => {
  const ref = messages.findLast(m => m.card.file)?.card.file;
  if (!ref) throw new Error(`no file: ${JSON.stringify(messages.map(m => [m.card.title, m.card.lines]))}`);
  return (await c.open.sandbox.file(ref.id))!;
};
const book = async (who: string, line: string): Promise<ReadSheet[]> => readBook((await fileOf(await c.say(who, line))).bytes);
const card = async (who: string, line: string) => (await c.say(who, line)).at(-1)!.card;
/** A small file that unpacks to ten gigabytes by its own directory. */
const bomb = (): Uint8Array => {
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(1000, 20);
  entry.writeUInt32LE(4_000_000_000, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length, 16);
  return Buffer.concat([local, name, entry, name, end]);
};
const files = new Map<string, Uint8Array>();
const unitIds = async () => new Map((await c.open.store().read.all('orgs', {})).map(o => [o.names[0]!, o.id]));

describe('annex 1', () => {
  test('24 clinics, twelve months, future ones blank, totals as formulas with their values; the same numbers as /统计', async () => {
    const file = await fileOf(await c.say('赖知远', '/导出 附件1'));
    files.set('1.xlsx', file.bytes);
    expect(file.name).toBe('附件1 永定区 2024年.xlsx');
    const [sheet] = readBook(file.bytes) as [ReadSheet];
    const clinics = sheet.rows.filter(r => typeof r[0] === 'number');
    expect(clinics).toHaveLength(24);
    const total = rowOf(sheet, '合计')!;
    for (const m of [1, 2, 3]) {
      const column = m + 3;
      const sum = clinics.reduce((n, r) => n + Number(r[column] ?? 0), 0);
      expect(total[column]).toBe(sum);
      const own = clinics.find(r => r[3] === '永定区古竹乡卫生院')![column];
      expect((await card('池景天', `/统计 ${m}月`)).lines[0]).toContain(`已核实 ${own}`);
    }
    expect(clinics.every(r => r.slice(8, 16).every(x => x === ''))).toBe(true);
    expect([...sheet.formulas.values()]).toContain(`SUM(${[...sheet.formulas.values()][0]!.slice(4, -1)})`);
    expect(rowOf(sheet, '备注')?.[0]).toBe('备注：每位医师下基层工作 1 天，记为 1 人次。');
    expect(sheet.rows.flat()).toContain('演示数据');
    expect(sheet.xml).toMatch(/orientation="landscape"/);
    expect(sheet.xml).toMatch(/fitToWidth="1"/);
    expect(sheet.xml).toMatch(/paperSize="9"/);
    // Rows of the header come again on each page; fonts are those of official papers, by name.
    const head = sheet.rows.findIndex(r => r[0] === '序号') + 1;
    const parts = partsOf(file.bytes);
    expect(parts.get('xl/workbook.xml')).toMatch(new RegExp(`_xlnm\\.Print_Titles[^>]*>[^<]*\\$${head}:\\$${head + 1}<`));
    for (const font of ['宋体', '仿宋_GB2312', '黑体']) expect(parts.get('xl/styles.xml')).toContain(`"${font}"`);
  });
});

describe('annex 2', () => {
  test('phones are masked as published; complete ones for who may see them and asks, which is in the journal', async () => {
    const file = await fileOf(await c.say('赖知远', '/导出 附件2'));
    files.set('2.xlsx', file.bytes);
    const sheets = readBook(file.bytes);
    const rows = sheets[0]!.rows.filter(r => typeof r[0] === 'number');
    expect(rows[0]).toHaveLength(13);
    expect(rows.every(r => /^\d{3}\*{5}\d\d$/.test(String(r[12])))).toBe(true);
    expect(sheets[1]!.name).toBe('专业与需求不同');
    const full = await book('赖知远', '/导出 附件2 完整电话');
    expect(full[0]!.rows.filter(r => typeof r[0] === 'number').every(r => /^1\d{10}$/.test(String(r[12])))).toBe(true);
    const read = await c.open.store().read.journal({ table: 'readings' }, 5);
    expect(read[0]).toMatchObject({ command: '导出', row: 'people' });
    expect((await card('池景天', '/导出 附件2 完整电话')).title).toContain('不能看完整电话');
    expect((await card('童清和', '/记录 赖知远')).table!.rows.map(r => r[3])).toContain('查看 人员');
  });
});

describe('annex 3', () => {
  test('texts stay texts, 0 is 0, what was not reported is blank, cost prints /', async () => {
    const file = await fileOf(await c.say('赖知远', '/导出 附件3 3月'));
    files.set('3.xlsx', file.bytes);
    const [sheet] = readBook(file.bytes) as [ReadSheet];
    expect(sheet.merges.length).toBeGreaterThan(5);
    const row = sheet.rows.find(r => String(r[17]).startsWith('=1+1'))!;
    expect(row[17]).toBe('=1+1 @协助转诊 䶮㛃龑');
    expect([...sheet.formulas.values()].some(f => f.includes('1+1'))).toBe(false);
    expect([row[5], row[10], row[11], row[15]]).toEqual(['/', 30, '', 0]);
    const total = rowOf(sheet, '合计')!;
    expect([total[6], total[8], total[17], total[23]]).toEqual(['/', '/', '/', '/']);
    const lines = sheet.rows.filter(r => /^\d+月\d+日$/.test(String(r[9])));
    expect(total[10]).toBe(lines.reduce((n, r) => n + Number(r[10] || 0), 0));
    const own = lines.filter(r => r[8] === '永定区古竹乡卫生院');
    expect((await card('池景天', '/统计 3月')).lines[0]).toContain(`已核实 ${new Set(own.map(r => `${r[0]}${r[9]}`)).size}`);
  });
  test('a clinic has its own lines and no cost; nobody exports another’s', async () => {
    const [sheet] = (await book('池景天', '/导出 附件3 3月')) as [ReadSheet];
    const lines = sheet.rows.filter(r => /^\d+月\d+日$/.test(String(r[9])));
    expect(new Set(lines.map(r => r[8]))).toEqual(new Set(['永定区古竹乡卫生院']));
    expect(rowOf(sheet, '合计')![5]).toBe('');
    expect((await card('池景天', '/导出 附件3 城郊卫生院')).title).toContain('不能导出');
    const hospital = (await book('赖静姝', '/导出 附件3 3月'))[0]!;
    expect(new Set(hospital.rows.filter(r => /^\d+月\d+日$/.test(String(r[9]))).map(r => r[3]))).toEqual(new Set(['永定区中医院']));
  });
  test('in a group the file goes to direct chat', async () => {
    const said = await c.say('池景天', '/导出 附件3 3月', '古竹');
    expect(said.map(m => [m.conversation.kind, m.card.file !== undefined])).toEqual([
      ['group', false],
      ['direct', true],
    ]);
  });
  test('a list of beneficiaries says how many it names, on a sheet of its own', async () => {
    await c.say('池景天', '/受益 张小荷 13800001234 3月20日 复诊 已告知');
    const said = await c.say('池景天', '/导出 受益名单 3月');
    expect(said.at(-1)!.card.lines).toContain('受益名单 1 人，在单独的表里，请勿转发');
    const sheets = readBook((await fileOf(said)).bytes);
    expect(sheets.map(s => s.name)).toEqual(['附件3', '受益群众名单']);
    expect(sheets[1]!.rows.at(-1)!.slice(3)).toEqual(['2024年3月20日', '张小荷', '13800001234']);
    // The form itself carries neither name nor number.
    expect(sheets[0]!.rows.flat().join()).not.toMatch(/张小荷|1380000/);
    expect(sheets[0]!.rows.flat()).toContain('1人，另附页');
  });
  test('names of beneficiaries never in a group; none is told', async () => {
    expect((await c.say('池景天', '/导出 受益名单', '古竹')).at(-1)!.card.title).toContain('请私聊');
    expect((await card('赖静姝', '/导出 受益名单')).title).toContain('不能看');
  });
});

test('what there is, and what is outside', async () => {
  expect((await card('赖知远', '/导出')).title).toContain('哪张表');
  expect((await card('赖知远', '/导出 附件3 2025年5月')).title).toContain('不在方案期内');
  expect((await card('赖知远', '/导出 附件3 4月 报送稿')).title).toContain('还没有报送');
});

/** Text that hardly packs. */
const noise = (length: number, seed: number): string => {
  let n = seed;
  return Array.from({ length }, () => String.fromCharCode(0x4e00 + ((n = (n * 48_271) % 2_147_483_647) % 20_000))).join('');
};

describe('a file of the bureau’s own', () => {
  const send = (rows: string[][], name = '本局.xlsx', make = xlsxOf(rows)) =>
    make.then(bytes => c.say('赖知远', '', undefined, { kind: 'file', name, bytes }));
  const ask = () => c.say('赖知远', '/模板 附件3');
  const head = async () => {
    const [sheet] = readBook(files.get('3.xlsx')!) as [ReadSheet];
    return sheet.rows.find(r => r[0] === '姓名')!.map(String);
  };
  test('moved and other columns are recognised, and it is filled from then on', async () => {
    const texts = await head();
    const moved = ['片区', ...texts.slice(12), ...texts.slice(0, 12)];
    await ask();
    const said = await send([
      ['本局自己的月报表'],
      ['填报单位：', '', '填报人:'],
      moved,
      moved.map(() => ''),
      ['合计'],
      ['备注：本局自定'],
    ]);
    expect(said.at(-1)!.card.title).toContain('以后用“本局.xlsx”');
    expect(said.at(-1)!.card.lines).toContain('多出的列留空：片区');
    const filled = await fileOf(await c.say('赖知远', '/导出 附件3 3月'));
    files.set('own.xlsx', filled.bytes);
    const [sheet] = readBook(filled.bytes) as [ReadSheet];
    expect(sheet.rows[0]![0]).toBe('本局自己的月报表');
    const other = moved.indexOf('其他服务情况');
    expect(sheet.rows.some(r => r[other] === '=1+1 @协助转诊 䶮㛃龑')).toBe(true);
    const total = rowOf(sheet, '合计')!;
    const treated = moved.findIndex(t => t.startsWith('诊疗量'));
    expect(total[treated]).toBe(
      sheet.rows.slice(2).reduce((n, r) => (r === total || typeof r[treated] !== 'number' ? n : n + r[treated]), 0),
    );
    expect(rowOf(sheet, '备注')![0]).toBe('备注：本局自定');
    expect(sheet.rows[1]!.slice(0, 3)).toEqual(['填报单位：龙岩市永定区卫生健康局', '', '填报人：赖知远']);
    expect(rowOf(sheet, '2024年3月，截至')).toBeDefined();
    // What stands on sheets of its own, and what is said of the numbers, is there as well.
    const names = await book('陈景行', '/导出 受益名单 3月');
    expect(names.map(s => s.name).slice(1)).toEqual(['受益群众名单']);
    expect(names[1]!.rows.at(-1)!.slice(3)).toEqual(['2024年3月20日', '张小荷', '13800001234']);
    expect((await card('赖知远', '/模板 附件3 停用')).title).toContain('改回印发的表样');
  });
  test.each([['missing', ['姓名', '职称', '专业', '所在单位'], '不像附件3']])(
    '%s columns: a clear card, nothing changes',
    async (_, texts, title) => {
      await ask();
      expect((await send([texts as string[], ['x', 'y', 'z', 'w']])).at(-1)!.card.title).toContain(title);
      expect(await c.open.store().read.count('templates', { state: 'on' })).toBe(0);
    },
  );
  test('the limits are said where the file is asked for', async () => {
    expect((await ask()).at(-1)!.card.lines).toEqual([
      '认表头填数：列可以换位置、可以多列',
      '发空表：80 行、500 KB 以内，不带人员电话',
      '不要有隐藏的表；合计行以外不要公式',
    ]);
  });
  test('hidden sheets, formulas, too large, too long, with phones, no sheet at all', async () => {
    const { writeXlsx } = await import('hucre');
    const texts = await head();
    const cases: [Promise<Uint8Array>, string, string][] = [
      [
        writeXlsx({
          sheets: [
            { name: 'a', rows: [texts] },
            { name: 'b', rows: [['x']], hidden: true },
          ],
        }),
        'a.xlsx',
        '隐藏的表',
      ],
      [
        writeXlsx({
          sheets: [{ name: 'a', rows: [texts, ['', 1]], cells: new Map([['1,1', { value: 2, formula: '1+1', formulaResult: 2 }]]) }],
        }),
        'a.xlsx',
        'B2 有公式',
      ],
      [Promise.resolve(new Uint8Array(6 * 1024 * 1024)), 'a.xlsx', '超过 5 MB'],
      [Promise.resolve(new TextEncoder().encode('hello')), 'a.xlsx', '不是能读的表格'],
      [Promise.resolve(bomb()), 'a.xlsx', '展开后太大'],
      [Promise.resolve((await xlsxOf([texts])).subarray(0, 900)), 'a.xlsx', '不是能读的表格'],
      [Promise.resolve(new TextEncoder().encode(texts.join(','))), 'a.csv', '表样要 xlsx'],
      [xlsxOf([texts, ...Array.from({ length: 80 }, (_, i) => [`第${i + 1}行`])]), 'a.xlsx', '有 81 行，超过 80 行'],
      [xlsxOf([texts, ...Array.from({ length: 30 }, (_, i) => [noise(20_000, i + 1)])]), 'a.xlsx', 'KB，超过 500 KB'],
      [xlsxOf([texts, ['13800001111']]), 'a.xlsx', '表里有手机号'],
    ];
    for (const [make, name, title] of cases) {
      await ask();
      expect((await send([], name, make)).at(-1)!.card.title).toContain(title);
    }
    expect(await c.open.store().read.count('templates', { state: 'on' })).toBe(0);
  });
});

test('a unit’s filled form: differences are shown, and nothing changes before the button', async () => {
  // What was accepted is not changed by a file.
  const store = c.open.store();
  const reports = (await store.read.all('reports', { month: '2024-03' as Month })).filter(
    r => r.state === 'accepted' || r.state === 'locked',
  );
  const [sheet] = readBook(files.get('3.xlsx')!) as [ReadSheet];
  const rows = sheet.rows.map(r => Array.from({ length: 24 }, (_, i) => String(r[i] ?? '')));
  const at = rows.findIndex(r => r[10] === '30' && r[17]!.startsWith('=1+1'));
  rows[at]![10] = '28';
  const send = async () => c.say('赖知远', '', undefined, { kind: 'file', name: '附件3.xlsx', bytes: await xlsxOf(rows) });
  const treated = async () =>
    (await c.open.store().read.all('workloads', {})).find(w => w.words['other']?.startsWith('=1+1'))!.figures['consultations'];
  if (reports.length) expect((await send()).at(-1)!.card.lines.join()).toContain('已审核，不能改');
  await store.turn({ platform: 'x', app: 'x', eventId: 'open', conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
    await tx.apply(
      reports.map(r => ({ table: 'reports' as const, id: r.id, to: { ...r, state: 'returned' as const } })),
      { actor: null, command: 'test', sentAt: 0, now: 0 },
    );
    return 'ok';
  });
  const shown = (await send()).at(-1)!.card;
  expect(shown.title).toContain('不同 1 处');
  expect(shown.table?.rows[0]?.slice(3)).toEqual(['诊疗', '30', '28']);
  expect(await treated()).toBe(30);
  await c.press('赖知远', '按表改');
  expect(await treated()).toBe(28);
  expect((await send()).at(-1)!.card.title).toContain('不同 0 处');
});

describe('drafts', () => {
  test('/通报: figures, gaps, unit and no seal; nobody is named', async () => {
    const said = await c.say('赖知远', '/通报 3月');
    expect(said.at(-1)!.card.lines.join()).toContain('不盖章不发送');
    const file = await fileOf(said);
    files.set('4.docx', file.bytes);
    const text = readDocument(file.bytes);
    for (const t of [
      '关于2024年3月“医师下基层”',
      '一、总体情况',
      '【待补充：下一步工作要求】',
      '龙岩市永定区卫生健康局',
      '附件：1.永定区2024年',
    ])
      expect(text).toContain(t);
    expect(text).toContain('（以上数据截至2024年4月8日 08:00。）');
    for (const p of await c.open.store().read.all('people', {})) expect(text).not.toContain(p.name);
  });
  test('/通报 names who has not filed as /统计 counts it: a returned report is not filed, and nobody is late before the day', {
    timeout: 60_000,
  }, async () => {
    const store = c.open.store();
    const reports = await store.read.all('reports', { month: '2024-03' as Month, org: (await unitIds()).get('古竹卫生院')! });
    const set = (state: 'returned' | 'accepted', event: string) =>
      store.turn({ platform: 'x', app: 'x', eventId: event, conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
        await tx.apply(
          reports.map(r => ({ table: 'reports' as const, id: r.id, to: { ...r, state } })),
          { actor: null, command: 'test', sentAt: 0, now: 0 },
        );
        return 'ok';
      });
    await set('accepted', 'all-back');
    const filed = /应报 (\d+)，已报 (\d+)/.exec((await card('赖知远', '/统计 3月')).lines.join())!;
    const march = async () => readDocument((await fileOf(await c.say('赖知远', '/通报 3月'))).bytes);
    const before = await march();
    expect(before).toContain(`应报${filed[1]}家，已报${filed[2]}家`);
    expect(/未报\d+家：(.*)。/.exec(before)?.[1] ?? '').not.toContain('古竹卫生院');
    await set('returned', 'one-back');
    const after = await march();
    expect(after).toMatch(/未报\d+家：.*古竹卫生院/);
    expect(after).toMatch(/\d+家单位没有报送月报（名单见上）。/);
    expect((await card('赖知远', '/统计 3月')).lines.join()).toContain(`已报 ${Number(filed[2]) - 1}`);
    const april = readDocument((await fileOf(await c.say('赖知远', '/通报 本月'))).bytes);
    expect(april).toContain('应报24家，已报0家，4月22日前报送，尚未到期。');
    expect(april).not.toContain('没有报送');
    expect(april).toContain('截至目前，24家单位没有经核实的下基层记录');
  });
  test('/总结: of the own unit, due when the programme says, gaps marked', async () => {
    const said = await c.say('池景天', '/总结');
    expect(said.at(-1)!.card.lines[0]).toBe('12月31日前报送');
    const file = await fileOf(said);
    files.set('5.docx', file.bytes);
    const text = readDocument(file.bytes);
    expect(text).toContain('【待补充：支援医师的典型事例或经验】');
    expect(text).toContain('1家支援单位派来医师1人，经本单位核实下基层3人次');
    expect(text).toContain('永定区2024年度“医师下基层”\n对口支援工作总结和自评\n');
    expect(text).toMatch(/月报应报1份，已报\d份/);
    // The year's reports that were due, with those of the county by name.
    const county = readDocument((await fileOf(await c.say('赖知远', '/总结'))).bytes);
    expect(county).toMatch(/月报应报24家，已报\d+家/);
    expect((await card('赖知远', '/总结 阶段')).title).toContain('没有“阶段”总结');
  });
  test('/总结: whoever acts for several units says which; a unit that is named is the one', async () => {
    const which = await card('邱思源', '/总结 年度');
    expect(which.title).toContain('哪个单位的总结？');
    expect(which.buttons?.map(b => b.command)).toEqual(['/总结 区医院 年度', '/总结 区卫健局 年度']);
    const own = await fileOf(await c.say('邱思源', '/总结 年度 区医院'));
    expect(own.name).toBe('区医院 年度总结（草稿）.docx');
    expect(readDocument(own.bytes)).toContain('本院派出医师');
    expect((await fileOf(await c.say('赖知远', '/总结 区医院'))).name).toBe('区医院 年度总结（草稿）.docx');
    expect((await card('池景天', '/总结 区医院')).title).toContain('看不到区医院的总结');
  });
});

const office = (() => {
  try {
    execFileSync('soffice', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
/** Without LibreOffice on the machine the files are read back above, and not opened in an office program. */
describe.skipIf(!office)('in LibreOffice', () => {
  const convert = (to: string): Map<string, Buffer> => {
    const folder = mkdtempSync(join(tmpdir(), 'office-'));
    try {
      for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
      // Asked for nothing it would wait for somebody.
      expect(files.size).toBeGreaterThan(0);
      const asked = [...files.keys()].filter(f => to === 'pdf' || f.endsWith('.xlsx')).map(f => join(folder, f));
      const own = ['--headless', `-env:UserInstallation=file://${folder}/profile`, '--convert-to', to, '--outdir', `${folder}/made`];
      execFileSync('soffice', [...own, ...asked], { stdio: 'ignore', timeout: 100_000 });
      return new Map(readdirSync(`${folder}/made`).map(f => [f, readFileSync(join(folder, 'made', f))]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  test('every file becomes a PDF; forms on A4 landscape, one page wide, letters on A4', { timeout: 120_000 }, () => {
    const made = convert('pdf');
    expect(made.size).toBe(files.size);
    for (const [name, bytes] of made) {
      const pages = [...bytes.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(m => [
        Number(m[1]),
        Number(m[2]),
      ]);
      expect(pages.length, name).toBeGreaterThan(0);
      // A file of the bureau's own keeps its own page.
      if (name === 'own.pdf') continue;
      const long = files.has(name.replace('.pdf', '.xlsx')) ? [841.9, 595.3] : [595.3, 841.9];
      for (const page of pages) expect(page.map((n, i) => Math.abs(n - long[i]!) < 1)).toEqual([true, true]);
    }
  });
  test('another reader sees the same numbers, and in its own words what the cells say', { timeout: 120_000 }, async () => {
    const made = convert('csv:Text - txt - csv (StarCalc):9,34,76');
    const table = (name: string) =>
      made
        .get(name)!
        .toString()
        .split('\n')
        .map(l => l.split('\t').map(c => c.replace(/^"|"$/g, '')));
    const total = (name: string) => table(name).find(r => r[0]!.startsWith('合计'))!;
    const [march] = (await card('赖知远', '/统计 3月')).lines.join().match(/已核实 \d+/)!;
    expect(`已核实 ${total('1.csv')[6]}`).toBe(march);
    const lines = table('3.csv').filter(r => /^\d+月\d+日$/.test(r[9] ?? ''));
    expect(new Set(lines.map(r => `${r[0]} ${r[9]}`)).size).toBe(Number(total('1.csv')[6]));
    const treated = lines.reduce((n, r) => n + Number(r[10] || 0), 0);
    expect(Number(total('3.csv')[10])).toBe(treated);
    expect(lines.some(r => r[17] === '=1+1 @协助转诊 䶮㛃龑')).toBe(true);
  });
});

test('publicity stands in the clinic’s first row of the month and is added up once; 是 is counted, or printed as a number where that is set', async () => {
  const store = c.open.store();
  const of = (await unitIds()).get('古竹卫生院')!;
  const [first] = await store.read.all('visits', { clinic: of, day: { from: '2024-03-01' as Day, to: '2024-03-31' as Day } });
  await store.turn({ platform: 'x', app: 'x', eventId: 'second', conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
    const to = { ...first!, id: 'second', day: '2024-03-27' as Day };
    await tx.apply([{ table: 'visits', id: to.id, to }], { actor: null, command: 'test', sentAt: 0, now: 0 });
    return 'ok';
  });
  const asked = async () => {
    const [sheet] = (await book('池景天', '/导出 附件3 3月')) as [ReadSheet];
    const rows = sheet.rows.filter(r => /^\d+月\d+日$/.test(String(r[9])));
    return { sheet, rows, total: rowOf(sheet, '合计')! };
  };
  const { sheet, rows, total } = await asked();
  expect(rows.map(r => r[9])).toEqual(['3月20日', '3月27日']);
  expect(rows[1]!.slice(19, 24)).toEqual(['', '', '', '', '']);
  expect(rows[0]!.slice(19, 22).every(n => typeof n === 'number' && n > 0)).toBe(true);
  expect(total.slice(19, 22)).toEqual(rows[0]!.slice(19, 22));
  expect([rows[0]![22], total[22]]).toEqual(['是', 1]);
  expect([...sheet.formulas.values()].filter(f => f.startsWith('COUNTIF'))).toEqual([`COUNTIF(W6:W7,"是")`]);
  await c.say('赖知远', '/设置 工作室填法 数字');
  const set = await asked();
  expect([set.rows[0]![22], set.total[22]]).toEqual([1, 1]);
});
