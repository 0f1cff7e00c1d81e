/** What arrived at a messenger, as a person would read it there: every word that is shown, every command that a button carries. */
import type { SentMessage as SentAtDingtalk } from '../fakes/dingtalk.ts';
import type { SentMessage as SentAtFeishu } from '../fakes/feishu.ts';
import type { SentMessage as SentAtWecom } from '../fakes/wecom.ts';

type Json = Record<string, unknown>;
const text = (o: unknown): string => String((o as Json | undefined)?.['content'] ?? '');
const list = (o: Json, key: string): Json[] => (o[key] as Json[] | undefined) ?? [];
/** What is not known here is shown as it is, so that nothing goes unseen. */
const raw = (o: unknown): string => JSON.stringify(o);
const indented = (lines: string): string => lines.replace(/^(?=.)/gm, '  ');

/** An element of Feishu's card, by its tag. */
const element = (e: Json): string => {
  switch (e['tag']) {
    case 'div':
      return [
        ...(e['text'] ? [text(e['text'])] : []),
        ...list(e, 'fields').map(f => `${text(f['text'])}${f['is_short'] ? ' ½' : ''}`),
      ].join('\n');
    case 'markdown':
      return text(e);
    case 'column_set':
      return list(e, 'columns')
        .flatMap(c => list(c, 'elements'))
        .map(element)
        .join('\n');
    case 'button': {
      const value = (list(e, 'behaviors')[0]?.['value'] ?? {}) as Json;
      const more = [value['direct'] ? '私聊' : '', e['form_action_type'] ?? ''].filter(Boolean).join(' ');
      return `[${text(e['text'])}] ${String(e['type'])} → ${String(value['command'])}${more ? `（${more}）` : ''}`;
    }
    case 'table': {
      const columns = list(e, 'columns');
      const rows = list(e, 'rows').map(r => columns.map(c => r[String(c['name'])]).join(' | '));
      return [`表 每页${String(e['page_size'])}行：${columns.map(c => c['display_name']).join(' | ')}`, ...rows.map(r => `  ${r}`)].join(
        '\n',
      );
    }
    case 'chart': {
      const spec = e['chart_spec'] as Json;
      const values = list(spec['data'] as Json, 'values');
      return [
        `图 ${String(spec['type'])}：${(spec['title'] as Json)['text'] as string}`,
        ...values.map(v => `  ${Object.values(v).join(' ')}`),
      ].join('\n');
    }
    case 'img':
      return `图片：${text(e['alt'])}`;
    case 'form':
      return ['表单', ...list(e, 'elements').map(f => indented(f['tag'] === 'button' || f['tag'] === 'div' ? element(f) : raw(f)))].join(
        '\n',
      );
    default:
      return raw(e);
  }
};

export const feishuWords = ({ type, content, replyTo }: SentAtFeishu): string => {
  const how = `${type}${replyTo ? ' 回复' : ''}`;
  if (type !== 'interactive') return `${how}\n${indented(type === 'text' ? text({ content: content['text'] }) : '')}`;
  const header = content['header'] as Json;
  const body = list(content['body'] as Json, 'elements').map(element);
  return `${how}\n${indented([`【${String(header['template'])}】${text(header['title'])}`, ...body].join('\n'))}`;
};

export const dingtalkWords = ({ by, type, text: words, buttons, at, media }: SentAtDingtalk): string => {
  const said = buttons.map(b => `[${b.title}] → ${new URL(b.url).searchParams.get('content') ?? b.url}`);
  const how = `${by === 'session' ? '会话' : '机器人'} ${type}${at.length ? ` @${at.join(' @')}` : ''}`;
  // Names of pictures are the messenger's own.
  const body = [words.replace(/\]\(@?[^)\s]*\)/g, m => (m.startsWith('](dtmd') ? decodeURIComponent(m) : '](…)')), ...said, media].filter(
    Boolean,
  );
  return `${how}\n${indented(body.join('\n'))}`;
};

export const wecomWords = ({ type, text: words, card, file }: SentAtWecom): string => {
  if (!card) return `${type}\n${indented([words, file].filter(Boolean).join('\n'))}`;
  const { card_type, task_id: _, main_title, sub_title_text, horizontal_content_list, button_list, ...more } = card;
  const lines = [
    String((main_title as Json)['title']),
    ...(sub_title_text ? [String(sub_title_text)] : []),
    ...((horizontal_content_list as Json[] | undefined) ?? []).map(h => `${String(h['keyname'])}：${String(h['value'])}`),
    ...((button_list as Json[] | undefined) ?? []).map(b => `[${String(b['text'])}] ${String(b['style'])} → ${String(b['key'])}`),
    ...(Object.keys(more).length ? [raw(more)] : []),
  ];
  return `${String(card_type)}\n${indented(lines.join('\n'))}`;
};
