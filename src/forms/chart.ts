/** Bar charts as pictures for chat: echarts on a canvas, both loaded on first use, with the font that ships. */
import { join } from 'node:path';
import type { Chart } from '../core/chart.ts';
import { packageRoot } from '../root.ts';

const FONT = 'Noto Sans SC';
/** Width that a phone shows without scrolling, drawn at twice the points. */
const WIDTH = 900;
const RATIO = 2;
const ROW = 26;
/** Dark and light, so that print without colour tells them apart as well. */
const COLOURS = ['#1f5fa8', '#f0b860', '#7a9a58', '#8a6fb0'];

const load = async () => {
  const [canvas, echarts] = await Promise.all([import('@napi-rs/canvas'), import('echarts')]);
  if (!canvas.GlobalFonts.has(FONT)) canvas.GlobalFonts.registerFromPath(join(packageRoot, 'src/forms/fonts/NotoSansSC-Regular.ttf'), FONT);
  echarts.setPlatformAPI({ createCanvas: () => canvas.createCanvas(32, 32) as never });
  return { canvas, echarts };
};
let loaded: ReturnType<typeof load> | undefined;

/** PNG of horizontal bars, one row for each category in the order given. */
export const drawBars = async (chart: Chart): Promise<Uint8Array> => {
  loaded ??= load();
  const { canvas, echarts } = await loaded;
  const height = 130 + chart.categories.length * Math.max(ROW, chart.series.length * 15);
  const surface = canvas.createCanvas(WIDTH * RATIO, height * RATIO);
  const picture = echarts.init(surface as never, null, { devicePixelRatio: RATIO, width: WIDTH, height });
  try {
    picture.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      color: COLOURS,
      textStyle: { fontFamily: FONT, fontSize: 15, color: '#222222' },
      title: { text: chart.title, left: 16, top: 12, textStyle: { fontFamily: FONT, fontSize: 20, fontWeight: 'normal', color: '#111111' }, subtext: chart.note ?? '', subtextStyle: { fontFamily: FONT, fontSize: 13 } },
      legend: { right: 16, top: 16, textStyle: { fontFamily: FONT, fontSize: 14 } },
      grid: { left: 16, right: 60, top: 64, bottom: 36, containLabel: true },
      xAxis: { type: 'value', minInterval: 1, name: chart.unit, nameTextStyle: { fontFamily: FONT }, splitLine: { lineStyle: { color: '#e6e6e6' } } },
      yAxis: { type: 'category', inverse: true, data: chart.categories, axisTick: { show: false }, axisLabel: { interval: 0, fontFamily: FONT, fontSize: 14, color: '#222222' } },
      series: chart.series.map(s => ({
        type: 'bar',
        name: s.name,
        data: s.values,
        barMaxWidth: 14,
        barGap: '10%',
        label: { show: true, position: 'right', fontFamily: FONT, fontSize: 12, color: '#333333', formatter: (p: { value: unknown }) => (p.value ? String(p.value) : '') },
      })),
      ...(chart.watermark ? { graphic: { type: 'text', right: 16, bottom: 8, style: { text: chart.watermark, font: `16px "${FONT}"`, fill: '#b0453a' } } } : {}),
    });
    return await surface.encode('png');
  } finally {
    picture.dispose();
  }
};
