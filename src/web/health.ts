/** Is it alive, can it take messages, how does it do. */
import { Hono } from 'hono';

export interface Measure {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  values: { labels?: Record<string, string>; value: number }[];
}

export interface HealthDeps {
  /** Each part by name: null when well, else what is wrong, in words without data of people. */
  checks(): Promise<Record<string, string | null>>;
  /** Numbers of now; counters are totals since the start. */
  measures(): Promise<Measure[]>;
}

/** `/healthz`: the process answers. `/readyz`: every part is well. `/metrics`: for Prometheus. */
export const health = (deps: HealthDeps): Hono =>
  new Hono()
    .get('/healthz', c => c.json({ ok: true }))
    .get('/readyz', async c => {
      try {
        const checks = await deps.checks();
        const ok = Object.values(checks).every(v => v === null);
        return c.json({ ok, checks: Object.fromEntries(Object.entries(checks).map(([k, v]) => [k, v ?? 'ok'])) }, ok ? 200 : 503);
      } catch {
        return c.json({ ok: false, checks: {} }, 503);
      }
    })
    .get('/metrics', async c => {
      const { text, type } = await exposition(await deps.measures());
      return c.body(text, 200, { 'content-type': type });
    });

let processRegistry: import('prom-client').Registry | undefined;

const exposition = async (measures: readonly Measure[]): Promise<{ text: string; type: string }> => {
  // Loaded on first use: most installations never ask.
  const { default: prom } = await import('prom-client');
  if (!processRegistry) {
    processRegistry = new prom.Registry();
    prom.collectDefaultMetrics({ register: processRegistry });
  }
  const own = new prom.Registry();
  for (const m of measures) {
    const labelNames = [...new Set(m.values.flatMap(v => Object.keys(v.labels ?? {})))];
    const about = { name: m.name, help: m.help, labelNames, registers: [own] };
    const metric = m.type === 'counter' ? new prom.Counter(about) : new prom.Gauge(about);
    for (const v of m.values) metric.inc(v.labels ?? {}, v.value);
  }
  return { text: `${await own.metrics()}${await processRegistry.metrics()}`, type: own.contentType };
};
