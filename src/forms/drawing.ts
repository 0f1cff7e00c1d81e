/** What pictures share: the canvas with the shipped font, measured text, the watermark. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { FONT, FONT_FILE } from './font.ts';

/** Width in points. A phone shows it at about two fifths, so 26 points are read there as 10. */
export const WIDTH = 900;
export const MARGIN = 32;
/** Messengers refuse or blur pictures with a longer side. */
const LONGEST = 12_000;
export const INK = { text: '#1c2127', soft: '#5c6670', faint: '#e3e7eb' } as const;

/** Keeps what `load` gives; a failed load is tried again. */
export const once = <T>(load: () => Promise<T>): (() => Promise<T>) => {
  let loaded: Promise<T> | undefined;
  return async () => {
    loaded ??= load();
    try {
      return await loaded;
    } catch (e) {
      loaded = undefined;
      throw e;
    }
  };
};

/** The canvas library with the font registered. */
export const canvasLibrary = once(async () => {
  const canvas = await import('@napi-rs/canvas');
  if (!canvas.GlobalFonts.registerFromPath(FONT_FILE, FONT)) throw new Error(`the font cannot be read: ${FONT_FILE}`);
  return canvas;
});

/** Pixels for each point: two, or fewer where the picture would grow too long. @throws Error when not even one fits */
export const ratioFor = (width: number, height: number): number => {
  const ratio = Math.min(2, LONGEST / Math.max(width, height));
  if (ratio < 1) throw new Error('too many rows for one picture');
  return ratio;
};

export const font = (size: number): string => `${size}px "${FONT}"`;

/** What a line may be broken between: Latin words and numbers whole, a number with its 年 or 月, everything else by the character, with the marks that may not end or begin a line. */
export const WORDS = /[（《【“]*(?:[\x21-\x7e]+[年月日号]?|[^\x21-\x7e])[，。、；：？！）》】”]*/gu;

/** Lines of `text` no wider than `width`. What is not to be broken is broken all the same where it alone fills a line. */
export const wrap = (ctx: SKRSContext2D, text: string, width: number): string[] => {
  const fits = (s: string) => ctx.measureText(s).width <= width;
  return text.split('\n').flatMap(paragraph => {
    const lines: string[] = [];
    let line = '';
    const put = (piece: string) => {
      if (line && !fits(line + piece)) {
        lines.push(line.trimEnd());
        line = '';
      }
      line = line ? line + piece : piece.trimStart();
    };
    for (const word of paragraph.match(WORDS) ?? []) {
      if (fits(word)) put(word);
      else for (const c of word) put(c);
    }
    return [...lines, line];
  });
};

/** Like `wrap`, in lines of about one length, so that no single character stands alone. */
export const balanced = (ctx: SKRSContext2D, text: string, width: number): string[] => {
  const lines = wrap(ctx, text, width);
  for (let narrow = ctx.measureText(text).width / lines.length; narrow < width; narrow += width / 20) {
    const even = wrap(ctx, text, narrow);
    if (even.length <= lines.length) return even;
  }
  return lines;
};

/** Says on the whole picture what it is not, pale enough to read through and on every part that may be cut out. */
export const stamp = (ctx: SKRSContext2D, text: string, width: number, height: number): void => {
  ctx.save();
  ctx.font = font(44);
  ctx.fillStyle = 'rgba(150, 60, 50, 0.11)';
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  const rows = Math.max(1, Math.round(height / 400));
  for (let row = 0; row < rows; row++) {
    for (const side of [0.27, 0.73]) {
      ctx.save();
      ctx.translate(width * side, ((row + (side < 0.5 ? 0.62 : 0.38)) * height) / rows);
      ctx.rotate(-Math.PI / 9);
      ctx.fillText(text, 0, 0);
      ctx.restore();
    }
  }
  ctx.restore();
};

export const encode = async (surface: Canvas): Promise<Uint8Array> => new Uint8Array(await surface.encode('png'));
