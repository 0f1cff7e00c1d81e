/** A chart in meaning: bars in the order given, never sorted. `null` draws nothing. */
export interface Chart {
  title: string;
  unit: string;
  categories: string[];
  series: { name: string; values: (number | null)[] }[];
  note?: string;
  watermark?: string;
}
