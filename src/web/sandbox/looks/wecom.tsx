/** WeCom's markdown and template cards about as its client shows them. */
import type { FC } from 'hono/jsx';
import { Hidden, live } from '../eye.tsx';
import { Markdown, type MarkdownHost } from './markdown.tsx';
import { type Drawn, Picture, part, parts, Says, SentFile, Undrawn, words } from './parts.tsx';

const hostOf = ({ eye }: Drawn): MarkdownHost => ({
  lineEnd: 'break',
  link: (url, label) => (
    <a href={url} rel="noopener">
      {label}
    </a>
  ),
  picture: (id, alt) => <Picture id={id} alt={alt} eye={eye} />,
  mentioned: /<@[^>]+>/,
  mention: text => <span class="at">@{eye.nameOf(text.slice(2, -1))}</span>,
});

const KNOWN = new Set(['button_interaction', 'vote_interaction', 'multiple_interaction']);
/** By the number that stands in the button: the main one, one that warns, the others. */
const STYLES: Record<string, string> = { 1: 'main', 2: 'warn' };

/** Votes and selections: choices, and a button that hands them in. */
const Choices: FC<{ drawn: Drawn }> = ({ drawn: { payload, message, eye } }) => {
  const { content } = payload;
  const id = `wc-${message.id}`;
  const vote = part(content, 'checkbox');
  // 不选 and 请选择 are no values.
  const valueOf = (o: Record<string, unknown>) => (words(o, 'id') === '-' ? '' : words(o, 'id'));
  return (
    <form class="wc-form" method="post" action="/sandbox/fill" {...live(eye, 'fill')}>
      <Hidden eye={eye} message={message.id} />
      {parts(vote, 'option_list').map(o => (
        <label class="wc-option">
          <input type="radio" name={`v.${words(vote, 'question_key')}`} value={valueOf(o)} checked={o['is_checked'] === true} />
          {words(o, 'text')}
        </label>
      ))}
      {parts(content, 'select_list').map((s, i) => (
        <div class="wc-select">
          <label for={`${id}-${i}`}>{words(s, 'title')}</label>
          <select id={`${id}-${i}`} name={`v.${words(s, 'question_key')}`}>
            {parts(s, 'option_list').map(o => (
              <option value={valueOf(o)} selected={words(o, 'id') === words(s, 'selected_id')}>
                {words(o, 'text')}
              </option>
            ))}
          </select>
        </div>
      ))}
      <button type="submit" class="wc-button main">
        {words(part(content, 'submit_button'), 'text')}
      </button>
    </form>
  );
};

const TemplateCard: FC<{ drawn: Drawn }> = ({ drawn }) => {
  const { content } = drawn.payload;
  const title = part(content, 'main_title');
  const quote = part(content, 'quote_area');
  const pairs = parts(content, 'horizontal_content_list');
  const buttons = parts(content, 'button_list');
  return (
    <div class="wc-card">
      {content['source'] !== undefined && <div class="wc-source">{words(part(content, 'source'), 'desc')}</div>}
      <div class="wc-title">{words(title, 'title')}</div>
      {title['desc'] !== undefined && <div class="wc-desc">{words(title, 'desc')}</div>}
      {content['quote_area'] !== undefined && <div class="wc-quote">{words(quote, 'quote_text')}</div>}
      {content['sub_title_text'] !== undefined && <div class="wc-sub">{words(content, 'sub_title_text')}</div>}
      {pairs.length > 0 && (
        <dl class="wc-pairs">
          {pairs.map(p => (
            <>
              <dt>{words(p, 'keyname')}</dt>
              <dd>{words(p, 'value')}</dd>
            </>
          ))}
        </dl>
      )}
      {content['submit_button'] !== undefined && <Choices drawn={drawn} />}
      {buttons.length > 0 && (
        <div class="wc-buttons">
          {buttons.map(b => (
            <Says drawn={drawn} command={words(b, 'key')} look={`wc-button ${STYLES[words(b, 'style')] ?? ''}`}>
              {words(b, 'text')}
            </Says>
          ))}
        </div>
      )}
    </div>
  );
};

export const WecomMessage: FC<{ drawn: Drawn }> = ({ drawn }) => {
  const { type, content } = drawn.payload;
  const { card } = drawn.message;
  switch (type) {
    case 'markdown':
      return (
        <div class="bubble">
          <Markdown source={words(content, 'content')} host={hostOf(drawn)} />
        </div>
      );
    case 'template_card':
      return KNOWN.has(words(content, 'card_type')) ? <TemplateCard drawn={drawn} /> : <Undrawn what={type} content={content} />;
    case 'image':
      return <Picture id={words(content, 'media_id')} alt={card.picture?.name ?? ''} eye={drawn.eye} />;
    case 'file':
      return <SentFile drawn={drawn} />;
    default:
      return <Undrawn what={type} content={content} />;
  }
};
