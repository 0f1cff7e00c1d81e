/** Importing the largest roster, 10,000 rows, while physicians check in one after another: how long it takes, and how long they wait. */
import { openStage } from './stage.ts';

const ROWS = 10_000;
const CLINICS = 500;
const HOSPITALS = 20;
const SIGNS = '安柏长春德恩芳光海佳健建江金景君康兰乐立林明宁平庆荣瑞山尚世思天文欣新兴秀雅言怡永宇元远云泽展正志中子';
/** Numbers in signs that nobody counts with. */
const inSigns = (n: number, length: number): string =>
  Array.from({ length }, (_, i) => SIGNS[Math.floor(n / SIGNS.length ** i) % SIGNS.length]).join('');

export const rosterOf = (rows: number, title = '主治医师'): string[][] => [
  [
    '序号',
    '地市',
    '区县',
    '基层医疗卫生机构名称',
    '受援机构联系电话',
    '单位类型',
    '需求专业',
    '上级医疗机构名称',
    '医疗机构所属情况',
    '下基层人员姓名',
    '专业',
    '职称',
    '联系方式',
  ],
  ...Array.from({ length: rows }, (_, i) => [
    `${i + 1}`,
    '龙岩市',
    '永定区',
    `${inSigns(i % CLINICS, 3)}镇卫生院`,
    '',
    '乡镇卫生院',
    i % 12 ? '内科' : '中医',
    `${inSigns(i % HOSPITALS, 3)}区医院`,
    '县市区属',
    `陈${inSigns(i, 3)}`,
    '内科',
    title,
    `138****${String(i % 10_000).padStart(4, '0')}`,
  ]),
];

export interface ImportFigures {
  preview_ms: number;
  import_ms: number;
  progress: boolean;
  replies: number;
  p50_ms: number;
  p99_ms: number;
  longest_ms: number;
}

/** Twice: a first import, where all is new, and one in which every posting changes. */
export const imports = async (): Promise<{ first: ImportFigures; again: ImportFigures }> => {
  const stage = await openStage();
  await stage.plan(200);
  const admin = stage.withRole('bureau')[0]!;
  let i = 0;
  const one = async (rows: string[][], name: string): Promise<ImportFigures> => {
    let busy = true;
    const took: number[] = [];
    const chat = (async () => {
      while (busy) {
        const t = performance.now();
        await stage.checkIn(i++);
        took.push(performance.now() - t);
      }
    })();
    const asked = performance.now();
    const weighed = stage.said(`reply/bench/bench/${name}-file/done`);
    const heard = await stage.say(admin, `${name}-file`, stage.start, {
      kind: 'file',
      file: { id: 'f', name: '附件2.xlsx', bytes: 0 },
      rows,
      notices: [],
    });
    const preview = heard.code === 'import.checking' ? await weighed : heard;
    const shown = performance.now();
    // Those who check in meanwhile are not in the table, and stay.
    const button = preview.buttons?.find(b => b.label.includes('保留'));
    if (!button) throw new Error(`${preview.title}：${preview.lines.join('；')}`);
    const event = `${name}-yes`;
    const last = stage.said(`reply/bench/bench/${event}/done`);
    const answered = await stage.say(admin, event, stage.start, { kind: 'button', command: button.command });
    const done = answered.code === 'import.running' ? await last : answered;
    const ended = performance.now();
    busy = false;
    await chat;
    if (done.code !== 'import.done') throw new Error(done.title);
    took.sort((a, b) => a - b);
    const at = (p: number) => +(took[Math.min(took.length - 1, Math.floor(took.length * p))] ?? 0).toFixed(1);
    return {
      preview_ms: Math.round(shown - asked),
      import_ms: Math.round(ended - shown),
      progress: answered.code === 'import.running',
      replies: took.length,
      p50_ms: at(0.5),
      p99_ms: at(0.99),
      longest_ms: at(1),
    };
  };
  const first = await one(rosterOf(ROWS), 'first');
  const again = await one(rosterOf(ROWS, '副主任医师'), 'again');
  const { brokenAt } = await stage.store.verifyJournal();
  if (brokenAt !== null) throw new Error(`the journal breaks at ${brokenAt}`);
  await stage.close();
  return { first, again };
};
