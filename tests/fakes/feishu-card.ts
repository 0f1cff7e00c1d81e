/** What Feishu's card JSON 2.0 takes: an unknown property, a wrong place or a missing part is refused, as the real one does. */
type Json = Record<string, unknown>;

const TEXT = ['tag', 'content', 'text_size', 'text_align', 'text_color', 'lines'];
const COMMON = ['tag', 'element_id', 'margin'];
const CLICKED = ['behaviors', 'confirm', 'disabled', 'disabled_tips'];
const FIELD = [...COMMON, ...CLICKED, 'name', 'required', 'width', 'placeholder', 'value'];
const KNOWN: Record<string, readonly string[]> = {
  div: [...COMMON, 'text', 'fields', 'icon', 'width'],
  markdown: [...COMMON, 'content', 'text_size', 'text_align', 'icon'],
  img: [...COMMON, 'img_key', 'alt', 'title', 'scale_type', 'size', 'corner_radius', 'preview', 'transparent'],
  hr: COMMON,
  table: [...COMMON, 'page_size', 'row_height', 'row_max_height', 'freeze_first_column', 'header_style', 'columns', 'rows'],
  chart: [...COMMON, 'aspect_ratio', 'color_theme', 'chart_spec', 'preview', 'height'],
  column_set: [
    ...COMMON,
    'flex_mode',
    'horizontal_spacing',
    'vertical_spacing',
    'horizontal_align',
    'background_style',
    'columns',
    'action',
  ],
  column: [...COMMON, 'width', 'weight', 'elements', 'padding', 'vertical_align', 'horizontal_align', 'background_style', 'direction'],
  button: [...COMMON, ...CLICKED, 'name', 'type', 'size', 'width', 'text', 'icon', 'form_action_type', 'required', 'value'],
  form: [...COMMON, 'name', 'elements', 'direction', 'padding', 'vertical_spacing', 'horizontal_spacing'],
  input: [...FIELD, 'label', 'label_position', 'default_value', 'input_type', 'max_length', 'rows', 'auto_resize', 'max_rows', 'show_icon'],
  select_static: [...FIELD, 'options', 'initial_option', 'initial_index', 'type'],
  date_picker: [...FIELD, 'initial_date'],
};
const TOP = ['schema', 'config', 'header', 'body', 'card_link', 'i18n_header'];
const CONFIG = ['update_multi', 'enable_forward', 'summary', 'width_mode', 'streaming_mode', 'style', 'locales'];
const HEADER = ['template', 'title', 'subtitle', 'text_tag_list', 'icon', 'padding'];
const BUTTONS = new Set([
  'default',
  'primary',
  'danger',
  'text',
  'primary_text',
  'danger_text',
  'primary_filled',
  'danger_filled',
  'laser',
]);
const COLOURS = new Set([
  'blue',
  'wathet',
  'turquoise',
  'green',
  'yellow',
  'orange',
  'red',
  'carmine',
  'violet',
  'purple',
  'indigo',
  'grey',
  'default',
]);

/** null when it would be built, else why not. */
export const cardFault = (card: Json): string | null => {
  const faults: string[] = [];
  const fault = (what: string): void => {
    faults.push(what);
  };
  const only = (what: string, o: Json, known: readonly string[]) => {
    for (const k of Object.keys(o)) if (!known.includes(k)) fault(`${what}: unknown property ${k}`);
  };
  const plain = (what: string, o: unknown) => {
    const t = o as Json | undefined;
    if (!t || (t['tag'] !== 'plain_text' && t['tag'] !== 'lark_md') || typeof t['content'] !== 'string')
      return fault(`${what}: text missing`);
    only(what, t, TEXT);
  };
  let count = 0;
  let tables = 0;
  const names = new Set<string>();
  const element = (e: Json, path: string, top: boolean, inForm: boolean, depth: number): void => {
    const tag = String(e['tag']);
    const at = `${path}/${tag}`;
    const known = KNOWN[tag];
    if (!known) return fault(`${at}: unknown tag`);
    if (++count > 200) return fault('too many elements');
    if (depth > 5) return fault(`${at}: nested too deep`);
    only(at, e, known);
    if ((tag === 'form' || tag === 'table') && !top) fault(`${at}: only directly in the body`);
    const children = (list: unknown, form = inForm) => {
      if (!Array.isArray(list) || !list.length) return fault(`${at}: no elements`);
      for (const [i, c] of list.entries()) element(c as Json, `${at}[${i}]`, false, form, depth + 1);
    };
    const named = () => {
      const name = e['name'];
      if (!inForm) return;
      if (typeof name !== 'string' || names.has(name)) return fault(`${at}: no name of its own in the form`);
      names.add(name);
    };
    const called = () => {
      const behaviours = e['behaviors'] as Json[] | undefined;
      if (!behaviours?.length && e['value'] === undefined && e['form_action_type'] !== 'reset')
        return fault(`${at}: a click on it would fail (200340)`);
      for (const b of behaviours ?? [])
        if (b['type'] !== 'callback' || typeof b['value'] !== 'object' || b['value'] === null) fault(`${at}: behaviour`);
    };
    switch (tag) {
      case 'div':
        if (e['text'] !== undefined) plain(at, e['text']);
        for (const f of (e['fields'] as Json[] | undefined) ?? []) {
          only(`${at}.fields`, f, ['is_short', 'text']);
          plain(`${at}.fields`, f['text']);
        }
        if (e['text'] === undefined && !(e['fields'] as unknown[] | undefined)?.length) fault(`${at}: empty`);
        return;
      case 'markdown':
        if (typeof e['content'] !== 'string') fault(`${at}: content`);
        for (const [, id] of String(e['content']).matchAll(/<at id=([^>]*)>/g))
          if (!/^(ou_\w+|all)$/.test(id ?? '')) fault('there is an invalid user resource (at/person) in your card');
        return;
      case 'img':
        if (!/^img_/.test(String(e['img_key']))) fault(`${at}: img_key`);
        return plain(`${at}.alt`, e['alt']);
      case 'table': {
        if (++tables > 5) fault('ErrCode: 11310; card table number over limit');
        const columns = e['columns'] as Json[] | undefined;
        if (!columns?.length || columns.length > 50) fault(`${at}: columns`);
        const size = e['page_size'];
        if (typeof size !== 'number' || size < 1 || size > 10) fault(`${at}: page_size`);
        for (const c of columns ?? []) {
          only(`${at}.columns`, c, [
            'name',
            'display_name',
            'data_type',
            'width',
            'horizontal_align',
            'vertical_align',
            'format',
            'date_format',
          ]);
          if (!['text', 'lark_md', 'options', 'number', 'persons', 'date', 'markdown'].includes(String(c['data_type'])))
            fault(`${at}: data_type`);
        }
        for (const r of (e['rows'] as Json[] | undefined) ?? [])
          for (const k of Object.keys(r)) if (!columns?.some(c => c['name'] === k)) fault(`${at}: row has ${k}`);
        return;
      }
      case 'chart':
        if (typeof (e['chart_spec'] as Json | undefined)?.['type'] !== 'string') fault(`${at}: chart_spec`);
        return;
      case 'column_set':
        return children(e['columns']);
      case 'column':
      case 'form': {
        if (tag === 'form') {
          if (typeof e['name'] !== 'string') fault(`${at}: name`);
          if (!JSON.stringify(e['elements']).includes('"form_action_type":"submit"')) fault(`${at}: no submit button`);
        }
        return children(e['elements'], inForm || tag === 'form');
      }
      case 'button':
        if (!BUTTONS.has(String(e['type']))) fault(`${at}: type`);
        plain(`${at}.text`, e['text']);
        named();
        return called();
      case 'input':
        named();
        if (e['input_type'] !== undefined && !['text', 'multiline_text', 'password'].includes(String(e['input_type'])))
          fault(`${at}: input_type`);
        if (Number(e['max_length'] ?? 1) > 1000) fault(`${at}: max_length`);
        return;
      case 'select_static':
        named();
        for (const o of (e['options'] as Json[] | undefined) ?? []) {
          only(`${at}.options`, o, ['text', 'value', 'icon']);
          plain(`${at}.options`, o['text']);
          if (typeof o['value'] !== 'string') fault(`${at}: option value`);
        }
        return;
      case 'date_picker':
        named();
        if (e['initial_date'] !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(e['initial_date']))) fault(`${at}: initial_date`);
        return;
      default:
        return;
    }
  };

  only('card', card, TOP);
  if (card['schema'] !== '2.0') fault('schema');
  const config = card['config'] as Json | undefined;
  if (config) {
    only('config', config, CONFIG);
    if (config['update_multi'] !== undefined && config['update_multi'] !== true) fault('update_multi');
  }
  const header = card['header'] as Json | undefined;
  if (header) {
    only('header', header, HEADER);
    plain('header.title', header['title']);
    if (!COLOURS.has(String(header['template'] ?? 'default'))) fault('header.template');
  }
  const elements = (card['body'] as Json | undefined)?.['elements'];
  if (!Array.isArray(elements)) fault('body.elements');
  else for (const [i, e] of elements.entries()) element(e as Json, `body[${i}]`, true, false, 0);
  return faults.length ? faults.join('; ') : null;
};
