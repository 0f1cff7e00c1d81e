/** Fonts of official papers, by name only: whoever opens the file has them, or gets the nearest there is. */
const fontOf = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia, hint: 'eastAsia' as const });
export const FANG_SONG = fontOf('仿宋_GB2312');
export const HEI = fontOf('黑体');
export const SONG = fontOf('宋体');
export const TITLE = fontOf('方正小标宋简体');
