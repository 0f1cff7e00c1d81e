/** Feishu's card JSON 2.0 about as its client shows it. */
import type { Child, FC } from 'hono/jsx';
import { Hidden, live } from '../eye.tsx';
import { BarChart } from './chart.tsx';
import { type Drawn, Picture, part, parts, Says, SentFile, Undrawn, words } from './parts.tsx';

type Json = Record<string, unknown>;

/** Words, or markup of which only mentions occur. */
const At: FC<{ content: string; drawn: Drawn }> = ({ content, drawn }) => (
  <>
    {content.split(/(<at id=[^>]*><\/at>)/).map(piece => {
      const id = /^<at id=([^>]*)>/.exec(piece)?.[1];
      return id === undefined ? piece : <span class="at">@{drawn.eye.nameOf(id.replace(/^ou_/, ''))}</span>;
    })}
  </>
);

const Table: FC<{ table: Json }> = ({ table }) => {
  const columns = parts(table, 'columns');
  const rows = parts(table, 'rows');
  const size = Number(table['page_size'] ?? 5);
  const pages = Math.ceil(rows.length / size);
  const Rows: FC<{ some: Json[] }> = ({ some }) => (
    <div class="scroll" tabindex={0} role="region" aria-label="表">
      <table>
        <thead>
          <tr>
            {columns.map(c => (
              <th scope="col">{words(c, 'display_name')}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {some.map(r => (
            <tr>
              {columns.map(c => (
                <td>{words(r, words(c, 'name'))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <div class="fs-table">
      <Rows some={rows.slice(0, size)} />
      {pages > 1 && (
        <details>
          <summary>
            ‹ 1/{pages} ›<span class="hidden"> 翻页</span>
          </summary>
          <Rows some={rows.slice(size)} />
        </details>
      )}
    </div>
  );
};

const Input: FC<{ element: Json; id: string; form: boolean }> = ({ element, id, form }) => {
  // Beside buttons it is a remark.
  const name = form ? `v.${words(element, 'name')}` : 'remark';
  const required = element['required'] === true;
  const hint = words(part(element, 'placeholder'), 'content') || '请输入';
  const label = words(part(element, 'label'), 'content') || hint;
  const common = { id, name, required, 'aria-label': label, placeholder: hint, maxlength: Number(words(element, 'max_length')) || 1000 };
  const value = words(element, 'default_value');
  return (
    <div class="fs-field">
      {element['label'] !== undefined && (
        <label for={id}>
          {label}
          {required && <span class="must"> *</span>}
        </label>
      )}
      {words(element, 'input_type') === 'multiline_text' ? (
        <textarea {...common} rows={Number(words(element, 'rows')) || 3}>
          {value}
        </textarea>
      ) : (
        <input type="text" {...common} value={value} autocomplete="off" />
      )}
    </div>
  );
};

const Choice: FC<{ element: Json; id: string }> = ({ element, id }) => {
  const hint = words(part(element, 'placeholder'), 'content');
  return (
    <select id={id} name={`v.${words(element, 'name')}`} required={element['required'] === true} aria-label={hint}>
      <option value="">{hint || '请选择'}</option>
      {parts(element, 'options').map(o => (
        <option value={words(o, 'value')} selected={words(o, 'value') === words(element, 'initial_option')}>
          {words(part(o, 'text'), 'content')}
        </option>
      ))}
    </select>
  );
};

const Button: FC<{ element: Json; drawn: Drawn }> = ({ element, drawn }) => {
  const look = `fs-button ${words(element, 'type')}`;
  const label = words(part(element, 'text'), 'content');
  const kind = words(element, 'form_action_type');
  const value = part(parts(element, 'behaviors')[0], 'value');
  if (kind !== '')
    return (
      // Of several buttons in a form each is a command of its own.
      <button
        type={kind === 'reset' ? 'reset' : 'submit'}
        class={look}
        {...(drawn.message.card.form ? {} : { name: 'command', value: words(value, 'command') })}
      >
        {label}
      </button>
    );
  return (
    <Says drawn={drawn} command={words(value, 'command')} look={look}>
      {label}
    </Says>
  );
};

const Element: FC<{ element: Json; drawn: Drawn; at: string }> = ({ element, drawn, at }) => {
  const { message, eye } = drawn;
  const id = `fs-${message.id}-${at}`;
  const inside = (key: string): Child => parts(element, key).map((e, i) => <Element element={e} drawn={drawn} at={`${at}-${i}`} />);
  switch (element['tag']) {
    case 'div':
      return (
        <>
          {element['text'] !== undefined && <div class="fs-words">{words(part(element, 'text'), 'content')}</div>}
          {element['fields'] !== undefined && (
            <div class="fs-fields">
              {parts(element, 'fields').map(f => (
                <span class={f['is_short'] === true ? 'short' : ''}>{words(part(f, 'text'), 'content')}</span>
              ))}
            </div>
          )}
        </>
      );
    case 'markdown':
      return (
        <div class="fs-words">
          <At content={words(element, 'content')} drawn={drawn} />
        </div>
      );
    case 'hr':
      return <hr />;
    case 'img':
      return <Picture id={words(element, 'img_key').replace(/^img_/, '')} alt={words(part(element, 'alt'), 'content')} eye={eye} />;
    case 'chart':
      return <BarChart chart={element} />;
    case 'table':
      return <Table table={element} />;
    case 'column_set':
      return <div class="fs-columns">{inside('columns')}</div>;
    case 'column':
      return <div class="fs-column">{inside('elements')}</div>;
    case 'form':
      return (
        <form
          class="fs-form"
          method="post"
          action={`/sandbox/${message.card.form ? 'fill' : 'press'}`}
          {...live(eye, message.card.form ? 'fill' : 'press')}
        >
          <Hidden eye={eye} message={message.id} />
          {inside('elements')}
        </form>
      );
    case 'input':
      return <Input element={element} id={id} form={message.card.form !== undefined} />;
    case 'select_static':
      return <Choice element={element} id={id} />;
    case 'date_picker':
      return (
        <input
          id={id}
          type="date"
          name={`v.${words(element, 'name')}`}
          required={element['required'] === true}
          value={words(element, 'initial_date')}
          aria-label={words(part(element, 'placeholder'), 'content')}
        />
      );
    case 'button':
      return <Button element={element} drawn={drawn} />;
    default:
      return <Undrawn what={words(element, 'tag')} content={element} />;
  }
};

export const FeishuMessage: FC<{ drawn: Drawn }> = ({ drawn }) => {
  const { type, content } = drawn.payload;
  if (type === 'file') return <SentFile drawn={drawn} />;
  if (type === 'text') return <div class="bubble">{words(content, 'text')}</div>;
  if (type !== 'interactive') return <Undrawn what={type} content={content} />;
  const header = part(content, 'header');
  return (
    <div class="fs-card">
      <div class={`fs-head ${words(header, 'template')}`}>{words(part(header, 'title'), 'content')}</div>
      <div class="fs-body">
        {parts(part(content, 'body'), 'elements').map((e, i) => (
          <Element element={e} drawn={drawn} at={String(i)} />
        ))}
      </div>
    </div>
  );
};
