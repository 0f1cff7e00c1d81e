/** A message as the sandbox shows it: people's words as bubbles, the bot's answers as cards. */
import type { FC } from 'hono/jsx';
import type { Payload } from '../../bot/looks.ts';
import type { Message } from '../../bot/stage.ts';
import type { FormField, Table, Tone } from '../../core/card.ts';
import type { Chart } from '../../core/chart.ts';
import { parseDay, sayDay } from '../../core/day.ts';
import { type Eye, FileLink, fileHref, Hidden, live } from './eye.tsx';
import { AsIn } from './looks/index.tsx';

/** How a demo's title ends; shown as a badge instead. */
const DEMO_MARK = '【演示数据】';
const TONES: Readonly<Record<Tone, { sign: string; word: string }>> = {
  ok: { sign: '✓', word: '已办' },
  info: { sign: 'i', word: '告知' },
  ask: { sign: '?', word: '请处理' },
  no: { sign: '✕', word: '未办' },
  urgent: { sign: '!', word: '今天要办' },
};

const dayOf = (m: Message) => parseDay(m.at.slice(0, 10));

/** The first sign of a name on one of a few quiet colours, always the same for the same person. */
export const Avatar: FC<{ name: string; bot?: boolean }> = ({ name, bot }) => {
  const colour = [...name].reduce((n, c) => n + (c.codePointAt(0) ?? 0), 0) % 6;
  return (
    <span class={bot ? 'avatar bot' : `avatar c${colour}`} aria-hidden="true">
      {bot ? '助' : [...name].slice(0, 1).join('')}
    </span>
  );
};

const numeric = (column: readonly string[]): boolean => column.some(v => /\d/.test(v)) && column.every(v => /^[\s\d.,%/+—–-]*$/.test(v));

const Rows: FC<{ table: Table; label: string }> = ({ table, label }) => {
  const right = table.columns.map((_, i) => numeric(table.rows.map(r => r[i] ?? '')));
  return (
    // A scrolling box must be reachable by keyboard.
    <div class="scroll" tabindex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {table.columns.map((c, i) => (
              <th scope="col" class={right[i] ? 'num' : ''}>
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(r => (
            <tr>
              {r.map((v, i) => (
                <td class={right[i] ? 'num' : ''}>{v}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const chartRows = (chart: Chart): Table => ({
  columns: ['', ...chart.series.map(s => (chart.unit ? `${s.name}（${chart.unit}）` : s.name))],
  rows: chart.categories.map((c, i) => [c, ...chart.series.map(s => s.values[i]?.toString() ?? '—')]),
});

const Figure: FC<{ card: Message['card']; eye: Eye }> = ({ card, eye }) => {
  const { chart, picture } = card;
  return (
    <figure>
      {picture && (
        <a href={fileHref(eye, picture.id)} target="_blank" rel="noopener">
          <img src={fileHref(eye, picture.id)} alt={chart ? `图：${chart.title}` : picture.name} loading="lazy" />
        </a>
      )}
      {chart && (
        <details open={!picture}>
          <summary>{picture ? '看图中的数字' : chart.title}</summary>
          <Rows table={chartRows(chart)} label={chart.title} />
        </details>
      )}
      {chart?.note && <figcaption>{chart.note}</figcaption>}
    </figure>
  );
};

const Field: FC<{ field: FormField; id: string }> = ({ field, id }) => {
  const common = { id, name: `v.${field.name}`, required: field.required ?? false };
  const value = field.value ?? '';
  switch (field.kind) {
    case 'long':
      return (
        <textarea {...common} rows={3}>
          {value}
        </textarea>
      );
    case 'choice':
      return (
        <select {...common}>
          {/* What must be chosen begins unchosen: 已告知 is nobody's word until it is picked. */}
          {!(field.required && value) && <option value="">{field.required ? '请选择' : '（不选）'}</option>}
          {(field.options ?? []).map(o => (
            <option value={o.value} selected={o.value === value}>
              {o.label}
            </option>
          ))}
        </select>
      );
    case 'day':
      return <input {...common} type="date" value={value} />;
    case 'number':
      return <input {...common} type="text" inputmode="decimal" value={value} autocomplete="off" />;
    default:
      return <input {...common} type="text" value={value} autocomplete="off" />;
  }
};

const CardForm: FC<{ message: Message; eye: Eye }> = ({ message, eye }) => {
  const form = message.card.form!;
  return (
    <form class="card-form" method="post" action={`${eye.base}/fill`} {...live(eye, 'fill')}>
      <Hidden eye={eye} message={message.id} />
      {form.fields.map(f => {
        const id = `f-${message.id}-${f.name}`;
        return (
          <div class="field">
            <label for={id}>
              {f.label}
              {f.required && <span class="must">（必填）</span>}
            </label>
            <Field field={f} id={id} />
          </div>
        );
      })}
      <button type="submit" class="primary">
        {form.submit}
      </button>
    </form>
  );
};

const Buttons: FC<{ message: Message; eye: Eye }> = ({ message, eye }) => (
  <form class="buttons" method="post" action={`${eye.base}/press`} {...live(eye, 'press')}>
    <Hidden eye={eye} message={message.id} />
    {message.card.buttons!.map((b, i) => (
      <button type="submit" name="index" value={String(i)} class={b.style ?? ''} title={`等于发：${b.command}`}>
        {b.label}
      </button>
    ))}
  </form>
);

const BotCard: FC<{ message: Message; eye: Eye }> = ({ message, eye }) => {
  const { card } = message;
  const demo = card.title.endsWith(DEMO_MARK);
  const title = demo ? card.title.slice(0, -DEMO_MARK.length) : card.title;
  const tone = TONES[card.tone];
  return (
    <div class={`card ${card.tone}`}>
      <div class="card-head">
        <span class="tone" title={tone.word}>
          <span aria-hidden="true">{tone.sign}</span>
          <span class="hidden">{tone.word}：</span>
        </span>
        <h3>{title}</h3>
        {demo && <span class="badge">演示数据</span>}
      </div>
      {card.mention && card.mention.length > 0 && (
        <p class="mentions">
          {card.mention.map(m => (
            <span>@{eye.nameOf(m)}</span>
          ))}
        </p>
      )}
      {card.lines.map(l => (
        <p>{l}</p>
      ))}
      {card.fields && card.fields.length > 0 && (
        <dl>
          {card.fields.map(f => (
            <>
              <dt>{f.label}</dt>
              <dd>{f.value}</dd>
            </>
          ))}
        </dl>
      )}
      {card.table && <Rows table={card.table} label={`${title}：表`} />}
      {(card.picture || card.chart) && <Figure card={card} eye={eye} />}
      {card.file && <FileLink file={card.file} eye={eye} />}
      {card.form && <CardForm message={message} eye={eye} />}
      {card.buttons && card.buttons.length > 0 && <Buttons message={message} eye={eye} />}
    </div>
  );
};

/** People's words; a pasted table stands in a box of its own. */
const Words: FC<{ message: Message; eye: Eye }> = ({ message, eye }) => {
  const { card, replyTo } = message;
  const pasted = card.lines.length > 1 && card.lines.some(l => l.includes('\t'));
  return (
    <div class="words">
      {replyTo !== undefined && <small class="pressed">{card.fields ? '填了表单' : '点了按钮'}</small>}
      {pasted || card.lines.length > 14 ? (
        <pre tabindex={0} role="region" aria-label="粘贴的内容">
          {card.lines.join('\n')}
        </pre>
      ) : (
        card.lines.map(l => <p>{l}</p>)
      )}
      {card.fields?.map(f => (
        <p>
          <span class="soft">{f.label}：</span>
          {f.value}
        </p>
      ))}
      {card.file && <FileLink file={card.file} eye={eye} />}
    </div>
  );
};

const Quote: FC<{ message: Message; eye: Eye }> = ({ message, eye }) => {
  const answered = message.replyTo === undefined ? undefined : eye.message(message.replyTo);
  if (!answered || answered.conversation.kind === 'direct') return null;
  const said = answered.card.lines.join(' ') || answered.card.file?.name || '';
  return (
    <p class="quote">
      回复 {eye.nameOf(answered.from)}：{said.length > 24 ? `${said.slice(0, 24)}…` : said}
    </p>
  );
};

/** One message, with the day above it when it differs from the one before; the bot's as a messenger shows it where its `payloads` are given. */
export const Bubble: FC<{ message: Message; eye: Eye; dayBefore: string | undefined; payloads?: readonly Payload[] | undefined }> = ({
  message,
  eye,
  dayBefore,
  payloads,
}) => {
  const bot = message.from === 'bot';
  const own = message.from === eye.as;
  const name = bot ? '下基层助手' : eye.nameOf(message.from);
  const day = dayOf(message);
  return (
    <>
      {day && day !== dayBefore && (
        <li class="day">
          <span>{sayDay(day)}</span>
        </li>
      )}
      <li class={`message ${bot ? 'from-bot' : own ? 'own' : 'other'}`} id={`m${message.id}`} data-code={message.code}>
        <Avatar name={name} bot={bot} />
        <div class="said">
          <p class="who">
            <span>{name}</span> <time datetime={message.at}>{message.at.slice(11, 16)}</time>
            {eye.look && message.card.title.endsWith(DEMO_MARK) && <span class="badge">演示数据</span>}
          </p>
          {bot && <Quote message={message} eye={eye} />}
          {!bot ? (
            <Words message={message} eye={eye} />
          ) : eye.look && payloads ? (
            <AsIn look={eye.look} payloads={payloads} message={message} eye={eye} />
          ) : (
            <BotCard message={message} eye={eye} />
          )}
        </div>
      </li>
    </>
  );
};
