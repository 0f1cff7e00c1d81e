/** A chart specification of VChart, bars only, as a picture of lines and words: the client draws it, here it is drawn about so. */
import type { FC } from 'hono/jsx';
import { part, parts, words } from './parts.tsx';

type Json = Record<string, unknown>;
const COLOURS = ['#1664ff', '#1ac6ff', '#ff8a00', '#3cc780', '#7442d4', '#ffc400'];
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [480, 270, 92, 34, 30];
/** A name needs so much room along the axis; what has none is left out, as the client leaves it out. */
const NAME = 15;

export const BarChart: FC<{ chart: Json }> = ({ chart }) => {
  const spec = part(chart, 'chart_spec');
  const tall = Number.parseInt(words(chart, 'height'), 10) || HEIGHT;
  const values = parts(part(spec, 'data'), 'values');
  const names = [...new Set(values.map(v => words(v, 'name')))];
  const kinds = [...new Set(values.map(v => words(v, 'kind')))];
  const most = Math.max(1, ...values.map(v => Number(v['value'])));
  const band = (tall - TOP - BOTTOM) / Math.max(1, names.length);
  const bar = (band * 0.72) / Math.max(1, kinds.length);
  const scale = (WIDTH - LEFT - 40) / most;
  const step = Math.ceil(NAME / band);
  const title = words(part(spec, 'title'), 'text');
  return (
    <svg class="fs-chart" viewBox={`0 0 ${WIDTH} ${tall}`} role="img" aria-label={title}>
      <text x="8" y="20" font-size="14" font-weight="600" fill="#1f2329">
        {title}
      </text>
      {values.map(v => {
        const [row, kind] = [names.indexOf(words(v, 'name')), kinds.indexOf(words(v, 'kind'))];
        const y = TOP + row * band + band * 0.14 + kind * bar;
        const width = Math.max(0.5, Number(v['value']) * scale);
        return (
          <>
            <rect
              x={String(LEFT)}
              y={y.toFixed(1)}
              width={width.toFixed(1)}
              height={bar.toFixed(1)}
              fill={COLOURS[kind % COLOURS.length]}
            />
            {bar >= 7 && (
              <text x={(LEFT + width + 4).toFixed(1)} y={(y + bar / 2 + 3.5).toFixed(1)} font-size="10" fill="#51565d">
                {words(v, 'value')}
              </text>
            )}
          </>
        );
      })}
      {names.map((n, i) =>
        i % step === 0 ? (
          <text x={String(LEFT - 6)} y={(TOP + i * band + band / 2 + 3.5).toFixed(1)} font-size="10" text-anchor="end" fill="#51565d">
            {n.length > 8 ? `${n.slice(0, 8)}…` : n}
          </text>
        ) : null,
      )}
      {part(spec, 'legends')['visible'] === true &&
        kinds.map((k, i) => (
          <>
            <rect x={String(LEFT + i * 90)} y={String(tall - 18)} width="10" height="10" rx="2" fill={COLOURS[i % COLOURS.length]} />
            <text x={String(LEFT + 15 + i * 90)} y={String(tall - 9)} font-size="11" fill="#51565d">
              {k}
            </text>
          </>
        ))}
    </svg>
  );
};
