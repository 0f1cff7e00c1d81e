/** Bar charts as pictures for chat: echarts on a canvas, both loaded on first use, with the font that ships. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Chart } from '../core/chart.ts';
import { balanced, canvasLibrary, encode, font, INK, MARGIN, once, ratioFor, stamp, WIDTH } from './drawing.ts';
import { FONT } from './font.ts';

const SIZE = { title: 34, legend: 24, category: 26, value: 22, note: 22 } as const;
const LINE = 1.35;
/** Closer, so that a name of two lines fits beside two bars. */
const NAME_LINE = 1.15;
const BAR = 20;
const KEY = { sample: 34, name: 44, gap: 36 } as const;
/** Room for names of units; a longer one takes two lines. */
const NAMES = 300;
/** Filled dark, outlined pale, and so on: told apart without colour too, on paper and by the colour-blind. */
const LOOKS = [
  { color: '#1f5f8b' },
  { color: '#fbe3b8', borderColor: '#a86a0c', borderWidth: 2 },
  { color: '#7d8a94' },
  { color: '#d9efe6', borderColor: '#2c7a62', borderWidth: 2 },
] as const;

const libraries = once(async () => {
  const [canvas, core, { BarChart }, { GridComponent }, { CanvasRenderer }] = await Promise.all([
    canvasLibrary(),
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  core.use([BarChart, GridComponent, CanvasRenderer]);
  core.setPlatformAPI({ createCanvas: () => canvas.createCanvas(32, 32) as never });
  return { canvas, core };
});

/** A bar of no length is no bar: only its figure is written. */
const NOTHING = { value: 0, itemStyle: { borderWidth: 0 }, label: { color: INK.soft } };

const unitText = (chart: Chart): string => `单位：${chart.unit}`;
const isKnown = (value: number | null): value is number => value !== null && Number.isFinite(value);
const valueText = (value: number): string => String(Number(value.toFixed(2)));

interface Layout {
  /** Where each sample of the key stands; the unit stands at the right of the first line. */
  key: { x: number; y: number }[];
  title: string[];
  note: string[];
  names: string[][];
  namesWidth: number;
  valuesWidth: number;
  top: number;
  row: number;
  height: number;
}

const layOut = (ctx: SKRSContext2D, chart: Chart): Layout => {
  const lines = (size: number, text: string, width: number) => {
    ctx.font = font(size);
    return text ? balanced(ctx, text, width) : [];
  };
  const inner = WIDTH - 2 * MARGIN;
  const title = lines(SIZE.title, chart.title, inner);
  const note = lines(SIZE.note, chart.note ?? '', inner);
  const names = chart.categories.map(c => lines(SIZE.category, c, NAMES));
  const nameLines = Math.max(1, ...names.map(n => n.length));
  const widest = (size: number, texts: readonly string[]) => {
    ctx.font = font(size);
    return Math.ceil(Math.max(0, ...texts.map(text => ctx.measureText(text).width)));
  };
  const namesWidth = widest(SIZE.category, names.flat());
  const valuesWidth = widest(
    SIZE.value,
    chart.series.flatMap(s => s.values.map(v => (isKnown(v) ? valueText(v) : ''))),
  );
  const right = WIDTH - MARGIN - (chart.unit ? widest(SIZE.legend, [unitText(chart)]) + KEY.gap : 0);
  let x = MARGIN;
  let y = MARGIN + title.length * SIZE.title * LINE + 6;
  const key = chart.series.map(s => {
    const width = KEY.name + widest(SIZE.legend, [s.name]);
    if (x > MARGIN && x + width > right) {
      x = MARGIN;
      y += SIZE.legend * LINE;
    }
    const at = { x, y };
    x += width + KEY.gap;
    return at;
  });
  const top = y + SIZE.legend * LINE + 10;
  const row = Math.max(chart.series.length * (BAR + 4) + 16, nameLines * SIZE.category * NAME_LINE + 4);
  const foot = note.length ? note.length * SIZE.note * LINE + 12 : 0;
  return {
    title,
    key,
    note,
    names,
    namesWidth,
    valuesWidth,
    top,
    row,
    height: Math.ceil(top + chart.categories.length * row + foot + MARGIN),
  };
};

/** Title, key and note are set by hand: they wrap, and the key shows exactly what the bars look like. */
const writeAround = (ctx: SKRSContext2D, chart: Chart, { title, key, note, height }: Layout) => {
  const write = (size: number, color: string, text: string, x: number, y: number) => {
    ctx.font = font(size);
    ctx.fillStyle = color;
    ctx.fillText(text, x, y);
  };
  ctx.textBaseline = 'top';
  title.forEach((text, i) => write(SIZE.title, INK.text, text, MARGIN, MARGIN + i * SIZE.title * LINE));
  chart.series.forEach((s, i) => {
    const { x, y } = key[i] ?? { x: 0, y: 0 };
    const look = LOOKS[i] ?? LOOKS[0];
    ctx.fillStyle = look.color;
    ctx.fillRect(x, y + 4, KEY.sample, BAR);
    if ('borderColor' in look) {
      ctx.strokeStyle = look.borderColor;
      ctx.lineWidth = look.borderWidth;
      ctx.strokeRect(x + 1, y + 5, KEY.sample - 2, BAR - 2);
    }
    write(SIZE.legend, INK.text, s.name, x + KEY.name, y);
  });
  if (chart.unit) {
    ctx.textAlign = 'right';
    write(SIZE.legend, INK.soft, unitText(chart), WIDTH - MARGIN, MARGIN + title.length * SIZE.title * LINE + 6);
    ctx.textAlign = 'left';
  }
  const foot = height - MARGIN - note.length * SIZE.note * LINE + 8;
  note.forEach((text, i) => write(SIZE.note, INK.soft, text, MARGIN, foot + i * SIZE.note * LINE));
};

/** PNG of horizontal bars, one row for each category in the order given; the height grows with the rows. `0` is written, `null` stays empty. @throws Error when there are too many rows for one picture, or more than four series */
export const drawBars = async (chart: Chart): Promise<Uint8Array> => {
  if (chart.series.length > LOOKS.length) throw new Error('too many series to tell apart');
  const { canvas, core } = await libraries();
  const layout = layOut(canvas.createCanvas(1, 1).getContext('2d'), chart);
  const { height } = layout;
  const ratio = ratioFor(WIDTH, height);
  const surface = canvas.createCanvas(WIDTH * ratio, Math.round(height * ratio));
  const picture = core.init(surface as never, null, { devicePixelRatio: ratio, width: WIDTH, height });
  try {
    picture.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      grid: {
        left: MARGIN + layout.namesWidth + 16,
        right: MARGIN + layout.valuesWidth + 8,
        top: layout.top,
        height: chart.categories.length * layout.row,
      },
      xAxis: {
        type: 'value',
        min: 0,
        // Of nothing but zeros the axis would have no length.
        max: ({ max }: { max: number }) => (max > 0 ? null : 1),
        axisLabel: { show: false },
        splitLine: { lineStyle: { color: INK.faint } },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: layout.names.map(lines => lines.join('\n')),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: INK.soft } },
        axisLabel: {
          interval: 0,
          margin: 12,
          fontFamily: FONT,
          fontSize: SIZE.category,
          lineHeight: SIZE.category * NAME_LINE,
          color: INK.text,
        },
      },
      series: chart.series.map((s, i) => ({
        type: 'bar',
        name: s.name,
        data: s.values.map(v => (!isKnown(v) ? '-' : v === 0 ? NOTHING : v)),
        barWidth: BAR,
        barGap: '20%',
        itemStyle: LOOKS[i] ?? LOOKS[0],
        label: {
          show: true,
          position: 'right',
          fontFamily: FONT,
          fontSize: SIZE.value,
          color: INK.text,
          formatter: ({ value }: { value: unknown }) => (typeof value === 'number' ? valueText(value) : ''),
        },
      })),
    });
    const ctx = surface.getContext('2d');
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    writeAround(ctx, chart, layout);
    if (chart.watermark) stamp(ctx, chart.watermark, WIDTH, height);
    return await encode(surface);
  } finally {
    picture.dispose();
  }
};
