/** DingTalk's markdown and action cards about as its client shows them. */
import type { FC } from 'hono/jsx';
import { Markdown, type MarkdownHost } from './markdown.tsx';
import { type Drawn, Picture, part, parts, Says, SentFile, Undrawn, words } from './parts.tsx';

/** What a button's address makes the client say. */
const saidBy = (url: string): string => {
  const content = /^dtmd:\/\/dingtalkclient\/sendMessage\?content=(.*)$/.exec(url)?.[1];
  return content === undefined ? '' : decodeURIComponent(content);
};

const hostOf = (drawn: Drawn): MarkdownHost => ({
  lineEnd: 'blank',
  link: (url, label) => (
    <Says drawn={drawn} command={saidBy(url)} look="link">
      {label}
    </Says>
  ),
  picture: (id, alt) => <Picture id={id} alt={alt} eye={drawn.eye} />,
  mentioned: /@[^\s@]+/,
  mention: text => <span class="at">@{drawn.eye.nameOf(text.slice(1))}</span>,
});

/** Buttons by the session's words and by the robot's own sending: side by side only where it is said so. */
const buttonsOf = (type: string, content: Record<string, unknown>): { title: string; url: string }[] => {
  if (type === 'actionCard')
    return parts(part(content, 'actionCard'), 'btns').map(b => ({ title: words(b, 'title'), url: words(b, 'actionURL') }));
  if (content['singleTitle'] !== undefined) return [{ title: words(content, 'singleTitle'), url: words(content, 'singleURL') }];
  return [1, 2, 3, 4, 5].flatMap(n => {
    const title = words(content, `actionTitle${n}`);
    return title ? [{ title, url: words(content, `actionURL${n}`) }] : [];
  });
};

const KNOWN = /^(markdown|actionCard|text|sample(Markdown|Text|ActionCard[2-5]?))$/;

export const DingtalkMessage: FC<{ drawn: Drawn }> = ({ drawn }) => {
  const { type, content } = drawn.payload;
  if (type === 'sampleFile') return <SentFile drawn={drawn} />;
  if (!KNOWN.test(type)) return <Undrawn what={type} content={content} />;
  // By the session the kind names the part; by the robot the parameters are all there is.
  const said = type.startsWith('sample') ? content : part(content, type);
  const buttons = buttonsOf(type, content);
  const side = words(said, 'btnOrientation') === '1';
  return (
    <div class={buttons.length ? 'dt-card' : 'bubble'}>
      <Markdown source={words(said, 'text') || words(said, 'content')} host={hostOf(drawn)} />
      {buttons.length > 0 && (
        <div class={side ? 'dt-buttons side' : 'dt-buttons'}>
          {buttons.map(b => (
            <Says drawn={drawn} command={saidBy(b.url)} look="dt-button">
              {b.title}
            </Says>
          ))}
        </div>
      )}
    </div>
  );
};
