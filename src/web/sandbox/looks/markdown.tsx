/** The little markdown that the messengers' renders use: headings, bold, lists, links, pictures, mentions. */
import type { Child, FC } from 'hono/jsx';

export interface MarkdownHost {
  /** A line end within a paragraph: DingTalk makes a blank of it. */
  lineEnd: 'break' | 'blank';
  link(url: string, label: Child[]): Child;
  picture(id: string, alt: string): Child;
  /** Mentions, as written. */
  mention(text: string): Child;
  /** What a mention looks like. */
  mentioned: RegExp;
}

const PIECE = /\\([\\`*_[\]#<>|~+.-])|\*\*(.+?)\*\*|!\[([^\]]*)\]\(([^)\s]+)\)|\[((?:\\.|[^\]\\])*)\]\(([^)\s]+)\)/;

const plain = (text: string, host: MarkdownHost): Child[] => {
  const out: Child[] = [];
  let rest = text;
  for (let m = host.mentioned.exec(rest); m; m = host.mentioned.exec(rest)) {
    out.push(rest.slice(0, m.index), host.mention(m[0]));
    rest = rest.slice(m.index + m[0].length);
  }
  return [...out, rest];
};

const inline = (text: string, host: MarkdownHost): Child[] => {
  const out: Child[] = [];
  let rest = text;
  let words = '';
  const flush = () => {
    if (words) out.push(...plain(words, host));
    words = '';
  };
  for (let m = PIECE.exec(rest); m; m = PIECE.exec(rest)) {
    const [whole, escaped, bold, alt, picture, label, url] = m;
    words += rest.slice(0, m.index);
    rest = rest.slice(m.index + whole.length);
    if (escaped !== undefined) {
      words += escaped;
      continue;
    }
    flush();
    if (bold !== undefined) out.push(<b>{inline(bold, host)}</b>);
    else if (picture !== undefined) out.push(host.picture(picture, alt ?? ''));
    else out.push(host.link(url ?? '', inline(label ?? '', host)));
  }
  words += rest;
  flush();
  return out;
};

const lines = (text: string, host: MarkdownHost): Child[] =>
  host.lineEnd === 'blank'
    ? inline(text.replace(/\n/g, ' '), host)
    : text.split('\n').flatMap((l, i) => (i === 0 ? inline(l, host) : [<br />, ...inline(l, host)]));

const Block: FC<{ source: string; host: MarkdownHost }> = ({ source, host }) => {
  const heading = /^(#{1,6}) (.*)$/s.exec(source);
  if (heading) return <div class={`md-h md-h${heading[1]!.length}`}>{lines(heading[2]!, host)}</div>;
  const item = /^- (.*)$/s.exec(source);
  if (item) return <div class="md-item">{lines(item[1]!, host)}</div>;
  return <div class="md-p">{lines(source, host)}</div>;
};

export const Markdown: FC<{ source: string; host: MarkdownHost }> = ({ source, host }) => (
  <div class="md">
    {source
      .split(/\n{2,}/)
      .filter(b => b.trim())
      .map(b => (
        <Block source={b} host={host} />
      ))}
  </div>
);
