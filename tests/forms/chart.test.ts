import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';
import type { Chart } from '../../src/core/chart.ts';
import { drawBars } from '../../src/forms/chart.ts';
import { missingGlyphs } from '../../src/forms/font.ts';
import { office } from '../../src/forms/office.ts';
import { packageRoot } from '../../src/root.ts';

const DARK = [31, 95, 139];
const PALE = [251, 227, 184];

interface Pixels {
  width: number;
  height: number;
  /** Bars of this colour from top to bottom, without its sample in the key. */
  bars(colour: readonly number[]): { top: number; length: number }[];
  /** Share of pixels that are not white. */
  ink(top?: number, bottom?: number): number;
}

const decode = async (png: Uint8Array): Promise<Pixels> => {
  const image = await loadImage(Buffer.from(png));
  const { width, height } = image;
  const ctx = createCanvas(width, height).getContext('2d');
  ctx.drawImage(image, 0, 0);
  const { data } = ctx.getImageData(0, 0, width, height);
  const is = (x: number, y: number, colour: readonly number[]) => colour.every((c, i) => data[(y * width + x) * 4 + i] === c);
  return {
    width,
    height,
    bars: colour => {
      const found: { top: number; length: number }[] = [];
      let inside = false;
      for (let y = 0; y < height; y++) {
        let length = 0;
        for (let x = 0; x < width; x++) if (is(x, y, colour)) length++;
        if (length > 20 && !inside) found.push({ top: y, length });
        const last = found.at(-1);
        if (inside && last && length > 20) last.length = Math.max(last.length, length);
        inside = length > 20;
      }
      // The first is the colour's sample in the key.
      return found.slice(1);
    },
    ink: (top = 0, bottom = height) => {
      let n = 0;
      for (let y = top; y < bottom; y++) for (let x = 0; x < width; x++) if (!is(x, y, [255, 255, 255])) n++;
      return n / (width * (bottom - top));
    },
  };
};

const chart = (values: (number | null)[], more: Partial<Chart> = {}): Chart => ({
  title: '永定区 2024年4月 人次',
  unit: '人次',
  categories: values.map((_, i) => `第${i + 1}卫生院`),
  series: [{ name: '已核实', values }],
  ...more,
});

describe('bars', () => {
  it('are a PNG 1800 pixels wide whose height grows with the rows', async () => {
    const few = await drawBars(chart([1, 2]));
    expect([...few.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const two = await decode(few);
    const twentyFour = await decode(await drawBars(chart(Array.from({ length: 24 }, (_, i) => i))));
    expect([two.width, twentyFour.width]).toEqual([1800, 1800]);
    expect(twentyFour.height).toBeGreaterThan(two.height + 22 * 60);
  });

  it('are as long as their values, from zero, in the order given', async () => {
    const bars = (await decode(await drawBars(chart([10, 20, 5, 0, null, 15])))).bars(DARK).map(b => b.length);
    expect(bars).toHaveLength(4);
    const [ten = 0, twenty = 0, five = 0, fifteen = 0] = bars;
    expect(twenty / ten).toBeCloseTo(2, 1);
    expect(ten / five).toBeCloseTo(2, 1);
    expect(fifteen / five).toBeCloseTo(3, 1);
  });

  it('of two series stand side by side on one scale', async () => {
    const pixels = await decode(
      await drawBars(
        chart([], {
          categories: ['古竹', '城郊卫生院'],
          series: [
            { name: '已核实', values: [8, 4] },
            { name: '待核实', values: [4, 8] },
          ],
        }),
      ),
    );
    const dark = pixels.bars(DARK);
    const pale = pixels.bars(PALE);
    expect(dark.map(b => b.top < (pale[dark.indexOf(b)]?.top ?? 0))).toEqual([true, true]);
    expect((dark[0]?.length ?? 0) / (pale[1]?.length ?? 1)).toBeCloseTo(1, 1);
    expect((dark[0]?.length ?? 0) / (pale[0]?.length ?? 1)).toBeCloseTo(2, 1);
  });

  it('write 0, and leave out what is not known', async () => {
    const empty = await decode(await drawBars(chart([null, null])));
    const zero = await decode(await drawBars(chart([0, 0])));
    expect(zero.ink()).toBeGreaterThan(empty.ink());
    const wrong = await drawBars(chart([Number.NaN, Number.POSITIVE_INFINITY]));
    expect(Buffer.compare(wrong, await drawBars(chart([null, null])))).toBe(0);
  });

  it('keep both rows of two units of one name', async () => {
    const pixels = await decode(await drawBars(chart([3, 6], { categories: ['中心卫生院', '中心卫生院'] })));
    const [three, six] = pixels.bars(DARK);
    expect((six?.length ?? 0) / (three?.length ?? 1)).toBeCloseTo(2, 1);
  });

  it('carry the watermark on each part and the note below', async () => {
    const values = Array.from({ length: 24 }, () => null);
    const plain = await decode(await drawBars(chart(values)));
    const marked = await decode(await drawBars(chart(values, { watermark: '演示数据' })));
    expect(marked.height).toBe(plain.height);
    for (let part = 0; part < 4; part++) {
      const [top, bottom] = [Math.floor((part * plain.height) / 4), Math.floor(((part + 1) * plain.height) / 4)];
      expect(marked.ink(top, bottom)).toBeGreaterThan(plain.ink(top, bottom) + 0.002);
    }
    expect((await decode(await drawBars(chart(values, { note: '按附件的顺序' })))).height).toBeGreaterThan(plain.height);
  });

  it.each([
    ['nothing at all', chart([], { title: '', unit: '', series: [] })],
    ['units without series', chart([], { categories: ['古竹'], series: [] })],
    ['fewer values than units', chart([1], { categories: ['古竹', '城郊'] })],
    ['a title of three lines, names of two', chart([1], { title: '永定区对口支援'.repeat(12), categories: ['卫生服务中心'.repeat(4)] })],
    ['four series', chart([], { categories: ['古竹'], series: ['甲', '乙', '丙', '丁'].map(name => ({ name, values: [2] })) })],
  ])('draw %s', async (_, spec) => {
    const pixels = await decode(await drawBars(spec));
    expect(pixels.width).toBe(1800);
  });

  it('get fewer pixels where the picture would grow too long, and refuse more rows than can be read', async () => {
    const many = await decode(await drawBars(chart(Array.from({ length: 160 }, () => 1))));
    expect(many.height).toBeLessThanOrEqual(12_000);
    expect(many.width).toBeGreaterThanOrEqual(900);
    await expect(drawBars(chart(Array.from({ length: 2000 }, () => 1)))).rejects.toThrow('too many rows');
  });

  it('take a second line for a long key, and refuse more series than can be told apart', async () => {
    const series = ['上门送医', '教学查房', '学术讲座', '远程会诊', '其他'].map(name => ({ name: name.repeat(3), values: [2] }));
    const short = await decode(
      await drawBars(chart([], { categories: ['古竹'], series: series.slice(0, 4).map(s => ({ ...s, name: '甲' })) })),
    );
    const long = await decode(await drawBars(chart([], { categories: ['古竹'], series: series.slice(0, 4) })));
    expect(long.height).toBeGreaterThan(short.height + 50);
    await expect(drawBars(chart([], { categories: ['古竹'], series }))).rejects.toThrow('too many series');
  });

  it('leave room for large figures', async () => {
    const small = (await decode(await drawBars(chart([9])))).bars(DARK)[0]?.length ?? 0;
    const large = (await decode(await drawBars(chart([123456789])))).bars(DARK)[0]?.length ?? 0;
    expect(small - large).toBeGreaterThan(150);
  });

  it('come out the same from the worker', async () => {
    afterAll(() => office.close());
    const spec = chart([1, null, 3], { watermark: '演示数据' });
    expect(Buffer.compare(await office.drawBars(spec), await drawBars(spec))).toBe(0);
  });

  it('take no more memory with each picture', async () => {
    const spec = chart(Array.from({ length: 24 }, (_, i) => i));
    for (let i = 0; i < 5; i++) await drawBars(spec);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) await drawBars(spec);
    // Twenty kept surfaces would be over 400 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(120e6);
  });
});

describe('the font', () => {
  const decoder = new TextDecoder('gbk');
  const gb2312 = Array.from({ length: 72 * 94 }, (_, i) => decoder.decode(Uint8Array.of(0xb0 + Math.floor(i / 94), 0xa1 + (i % 94))))
    .filter(c => /^\p{Script=Han}$/u.test(c))
    .join('');

  it.each([
    ['all characters of GB 2312', gb2312],
    ['rare characters of names', '䶮㛃龑骉瑨喆垚犇淼堃昇玥珺瑄璟禤翀頔㙍祎旻昉翊赟璠祾芃钘'],
    ['beyond the basic plane', '𬭚𬍛𠳐𥻗'],
    ['signs', '①②③⑳√℃●■▲，。、；：？！（）《》〔〕【】“”‘’…—–·•〇％￥×÷²³㎡№ⅠⅫ→←'],
    ['pinyin', 'āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü'],
    ['line ends and invisible marks', '一\n二\t\u200b三\ufe0f'],
  ])('draws %s', (_, text) => {
    expect(missingGlyphs(text)).toEqual([]);
  });

  it('knows all of GB 2312 was asked', () => expect(Array.from(gb2312)).toHaveLength(6763));

  it('draws all that programmes, commands and jobs say', () => {
    const texts = ['src/programmes', 'commands', 'cron'].flatMap(folder =>
      readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter(f => /\.(ts|yaml)$/.test(f))
        .map(f => readFileSync(join(packageRoot, folder, f), 'utf8')),
    );
    expect(texts.length).toBeGreaterThan(10);
    expect(missingGlyphs(texts.join(''))).toEqual([]);
  });

  it('says what it cannot draw, each once, in order', () => {
    expect(missingGlyphs('医師下基層師😀')).toEqual(['師', '層', '😀']);
  });

  it('is what draws the names', async () => {
    const ink = async (title: string) => (await decode(await drawBars(chart([], { title, unit: '', series: [] })))).ink();
    expect(await ink('龑㛃')).not.toBe(await ink('㛃䶮'));
    expect(await ink('龑㛃')).toBeGreaterThan(2 * (await ink('一一')));
  });
});
