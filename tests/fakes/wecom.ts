/** A WeCom that refuses what the real one refuses: the long connection of an 智能机器人, and a group's webhook. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeSentBox } from './sent.ts';

type Json = Record<string, unknown>;

export interface SentMessage {
  /** userid or chatid. */
  to: string;
  by: 'socket' | 'webhook';
  type: string;
  /** Its words: markdown, or the card's title and text. */
  text: string;
  card: Json | null;
  file: string;
  /** What it showed after it was pressed. */
  edits: string[];
}

const BOT = 'aib-fake';
const SECRET = 'a-wecom-secret-that-must-not-be-logged';
const A_MINUTE = 30;
const AN_HOUR = 1_000;
/** Of uploads, by all of a bot; what went up is there for three days. */
const UPLOADS_A_MINUTE = 30;
const UPLOADS_AN_HOUR = 1_000;
const MEDIA_LASTS = 3 * 86_400_000;
const IMAGE_BYTES = 2 * 1024 * 1024;
const A_WEBHOOK_MINUTE = 20;
const COMMON = ['card_type', 'task_id', 'main_title', 'source', 'action_menu', 'card_action', 'feedback'];
/** What a card of each kind may hold. */
const CARD: Record<string, string[]> = {
  button_interaction: [...COMMON, 'sub_title_text', 'horizontal_content_list', 'button_list', 'quote_area', 'button_selection'],
  vote_interaction: [...COMMON, 'checkbox', 'submit_button'],
  multiple_interaction: [...COMMON, 'select_list', 'submit_button'],
};
/** Milliseconds in which a card may be changed after it was pressed. */
const CHANGES = 5_000;

/** `limits`: rates are counted. */
export const openFakeWecom = async ({ limits = true } = {}) => {
  let sockets: WebSocket[] = [];
  let subscribed: (() => void)[] = [];
  const refusals: string[] = [];
  const { sent, keep, next } = makeSentBox<SentMessage>(m => `${m.to} ${m.text}`, refusals);
  const people = new Set<string>();
  const chats = new Set<string>();
  /** Who has spoken: before that nobody may be written to. */
  const open = new Set<string>();
  const uploads = new Map<string, { name: string; type: string; md5: string; chunks: Buffer[] }>();
  const media = new Map<string, { name: string; at: number }>();
  const files = new Map<string, Buffer>();
  const tasks = new Set<string>();
  const recent = new Map<string, number[]>();
  const presses = new Map<string, { at: number; task: unknown }>();
  /** What goes wrong with the next messages. `silent`: done, and never answered. */
  const faults: ({ errcode: number } | 'answer-lost' | 'silent' | 'cut')[] = [];
  let deaf = false;
  let attempts = 0;
  let last = 0;
  let clock = () => Date.now();
  const id = (kind: string) => `${kind}${(++last).toString(36)}`;

  const optionsFault = (list: unknown, most: number): boolean => {
    const options = (list as Json[] | undefined) ?? [];
    const ids = options.map(o => String(o['id'] ?? ''));
    return !options.length || options.length > most || options.some(o => !o['id'] || !o['text']) || new Set(ids).size !== ids.length;
  };
  /** `anew`: in place of a card that was pressed. */
  const cardFault = (card: Json, anew = false): string | null => {
    const kind = String(card['card_type']);
    const known = CARD[kind];
    if (!known) return `card_type ${kind}`;
    for (const k of Object.keys(card)) if (!known.includes(k)) return `unknown ${k}`;
    const task = String(card['task_id']);
    if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(task)) return 'task_id';
    if (tasks.has(task) !== anew) return anew ? 'no such task_id' : 'task_id used twice';
    tasks.add(task);
    if (!(card['main_title'] as Json | undefined)?.['title'] && !card['sub_title_text']) return 'no title';
    if (kind !== 'button_interaction') {
      const submit = card['submit_button'] as Json | undefined;
      if (!submit?.['text'] || !submit['key'] || Buffer.byteLength(String(submit['key'])) > 1024) return 'submit_button';
      const box = card['checkbox'] as Json | undefined;
      if (kind === 'vote_interaction') return !box?.['question_key'] || optionsFault(box['option_list'], 20) ? 'checkbox' : null;
      const selects = (card['select_list'] as Json[] | undefined) ?? [];
      if (!selects.length || selects.length > 3) return 'select_list';
      return selects.some(x => !x['question_key'] || optionsFault(x['option_list'], 10)) ? 'select_list' : null;
    }
    const buttons = card['button_list'] as Json[] | undefined;
    if (!buttons?.length || buttons.length > 6) return 'button_list';
    for (const b of buttons) if (!b['text'] || Buffer.byteLength(String(b['key'] ?? '')) > 1024 || !b['key']) return 'button';
    if (((card['horizontal_content_list'] as unknown[] | undefined) ?? []).length > 6) return 'horizontal_content_list';
    return null;
  };
  /** Counted, unless it is one too many. */
  const tooMany = (what: string, minute: number, hour = Number.POSITIVE_INFINITY): boolean => {
    const now = clock();
    const times = (recent.get(what) ?? []).filter(t => now - t < 3_600_000);
    const over = times.filter(t => now - t < 60_000).length >= minute ? 'minute' : times.length >= hour ? 'hour' : null;
    recent.set(what, times);
    if (limits && over) refusals.push(`too many in a ${over}: ${what}`);
    else times.push(now);
    return limits && over !== null;
  };
  /** What a group's webhook says to a message. */
  const byWebhook = (key: string, body: Json): number => {
    const text = String(((body['markdown'] as Json | undefined) ?? {})['content'] ?? '');
    const image = body['image'] as { base64?: string; md5?: string } | undefined;
    const bytes = Buffer.from(image?.base64 ?? '', 'base64');
    if (!key) return 93000;
    if (body['msgtype'] === 'markdown') {
      if (!text || Buffer.byteLength(text) > 4_096) return 40058;
    } else if (body['msgtype'] === 'image') {
      if (!bytes.length || bytes.length > IMAGE_BYTES) return 40009;
      if (image?.md5 !== createHash('md5').update(bytes).digest('hex')) return 301019;
      if (bytes.readUInt32BE(0) !== 0x89504e47 && bytes.readUInt16BE(0) !== 0xffd8) return 40005;
    } else return 40008;
    return tooMany(`webhook ${key}`, A_WEBHOOK_MINUTE) ? 45009 : 0;
  };
  const take = (body: Json): number => {
    const { chatid, chat_type, msgtype } = body;
    const to = String(chatid);
    if (chat_type === 2 ? !chats.has(to) : !people.has(to)) return 93006;
    if (!open.has(to)) return 93006;
    if (tooMany(to, A_MINUTE, AN_HOUR)) return 45009;
    const part = (body[String(msgtype)] ?? {}) as Json;
    if (msgtype === 'markdown') {
      const text = String(part['content'] ?? '');
      if (!text || Buffer.byteLength(text) > 20_480) return 40058;
      keep({ to, by: 'socket', type: 'markdown', text, card: null, file: '', edits: [] });
    } else if (msgtype === 'template_card') {
      const wrong = cardFault(part);
      if (wrong) {
        refusals.push(wrong);
        return 40058;
      }
      keep({
        to,
        by: 'socket',
        type: 'card',
        text: `${String((part['main_title'] as Json)['title'])}\n${String(part['sub_title_text'] ?? '')}`,
        card: part,
        file: '',
        edits: [],
      });
    } else if (msgtype === 'file' || msgtype === 'image') {
      const up = media.get(String(part['media_id']));
      if (!up || clock() - up.at > MEDIA_LASTS) return 40007;
      keep({ to, by: 'socket', type: String(msgtype), text: '', card: null, file: up.name, edits: [] });
    } else return 40008;
    return 0;
  };

  const server: Server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://fake');
    if (url.pathname.startsWith('/files/')) {
      const bytes = files.get(url.pathname.slice('/files/'.length));
      res.writeHead(bytes ? 200 : 404);
      return res.end(bytes);
    }
    const chunks: Buffer[] = [];
    req.on('data', c => chunks.push(c as Buffer));
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Json;
      const text = String(((body['markdown'] as Json | undefined) ?? {})['content'] ?? '');
      const key = url.searchParams.get('key') ?? '';
      const errcode = url.pathname === '/webhook' ? byWebhook(key, body) : 93000;
      if (errcode) refusals.push(`webhook ${errcode}`);
      else keep({ to: key, by: 'webhook', type: String(body['msgtype']), text, card: null, file: '', edits: [] });
      res.end(JSON.stringify({ errcode, errmsg: '' }));
    });
  });
  const wss = new WebSocketServer({ server });
  wss.on('connection', socket => {
    attempts++;
    let known = false;
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets = sockets.filter(s => s !== socket);
    });
    socket.on('message', data => {
      const { cmd, headers, body = {} } = JSON.parse(String(data)) as { cmd: string; headers: { req_id: string }; body?: Json };
      const answer = (errcode: number, more: Json = {}) =>
        socket.send(JSON.stringify({ headers, errcode, errmsg: errcode ? 'refused' : 'ok', ...more }));
      if (cmd === 'aibot_subscribe') {
        if (body['bot_id'] !== BOT || body['secret'] !== SECRET) return answer(40001);
        known = true;
        // A new connection ends the one before.
        for (const s of sockets)
          s.send(
            JSON.stringify({
              cmd: 'aibot_event_callback',
              headers: { req_id: id('r') },
              body: { msgid: id('m'), msgtype: 'event', from: { userid: '' }, event: { eventtype: 'disconnected_event' } },
            }),
          );
        sockets.push(socket);
        answer(0);
        for (const s of subscribed.splice(0)) s();
        return;
      }
      if (!known) return refusals.push(`${cmd} before the subscription`);
      if (cmd === 'ping') return deaf ? undefined : answer(0);
      if (cmd === 'aibot_upload_media_init') {
        const upload = id('up');
        if (!body['filename'] || !Number(body['total_size'])) return answer(40058);
        if (tooMany('uploads', UPLOADS_A_MINUTE, UPLOADS_AN_HOUR)) return answer(45009);
        uploads.set(upload, { name: String(body['filename']), type: String(body['type']), md5: String(body['md5']), chunks: [] });
        return answer(0, { body: { upload_id: upload } });
      }
      const upload = uploads.get(String(body['upload_id']));
      if (cmd === 'aibot_upload_media_chunk') {
        if (!upload) return answer(40058);
        upload.chunks[Number(body['chunk_index'])] = Buffer.from(String(body['base64_data']), 'base64');
        return answer(0);
      }
      if (cmd === 'aibot_upload_media_finish') {
        if (!upload || createHash('md5').update(Buffer.concat(upload.chunks)).digest('hex') !== upload.md5) return answer(40058);
        const key = id('media');
        media.set(key, { name: upload.name, at: clock() });
        return answer(0, { body: { media_id: key, type: upload.type, created_at: 1 } });
      }
      if (cmd === 'aibot_respond_update_msg') {
        const press = presses.get(headers.req_id);
        const card = (body['template_card'] ?? {}) as Json;
        const wrong = !press
          ? 'no press'
          : Date.now() - press.at > CHANGES
            ? 'too late'
            : press.task !== card['task_id']
              ? 'another task'
              : cardFault(card, true);
        if (body['response_type'] !== 'update_template_card' || wrong) {
          refusals.push(`update: ${wrong ?? 'response_type'}`);
          return answer(40058);
        }
        const message = sent.find(m => m.card?.['task_id'] === card['task_id'])!;
        message.card = card;
        message.edits.push(`${String((card['main_title'] as Json)['title'])}\n${String(card['sub_title_text'] ?? '')}`);
        return answer(0);
      }
      if (cmd !== 'aibot_send_msg') return refusals.push(`nobody expected ${cmd}`);
      const fault = faults.shift();
      if (fault === 'cut') return socket.terminate();
      if (typeof fault === 'object') return answer(fault.errcode);
      const errcode = take(body);
      if (fault === 'answer-lost') socket.terminate();
      else if (fault !== 'silent') answer(errcode);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const callback = (body: Json, cmd = 'aibot_msg_callback') => {
    open.add(String(body['chatid'] ?? (body['from'] as Json)['userid']));
    const req_id = id('req');
    const event = body['event'] as { template_card_event?: Json } | undefined;
    if (event?.template_card_event) presses.set(req_id, { at: Date.now(), task: event.template_card_event['task_id'] });
    sockets.at(-1)?.send(JSON.stringify({ cmd, headers: { req_id }, body }));
  };
  const base = (who: string, where: string | null): Json => ({
    msgid: id('msg'),
    aibotid: BOT,
    ...(where === null ? { chattype: 'single' } : { chattype: 'group', chatid: where }),
    from: { userid: who },
    create_time: Math.floor(clock() / 1000),
  });

  return {
    settings: {
      botId: BOT,
      secret: SECRET,
      wsUrl: `ws://127.0.0.1:${port}`,
      caFile: null,
      cards: 'full' as const,
      mentions: 'names' as const,
      chatType: 'send' as const,
      webhooks: {},
      webhookUrl: `http://127.0.0.1:${port}/webhook`,
    },
    secrets: [SECRET],
    sent,
    refusals,
    faults,
    /** Files and pictures that went up. */
    uploaded: () => media.size,
    open,
    say: callback,
    message: (who: string, where: string | null, text: string, more: Json = {}): Json => ({
      ...base(who, where),
      msgtype: 'text',
      text: { content: where === null ? text : `@下基层助手 ${text}` },
      ...more,
    }),
    press: (who: string, where: string | null, m: SentMessage, label: string): Json => {
      const button = (m.card?.['button_list'] as Json[] | undefined)?.find(b => b['text'] === label);
      if (!button) throw new Error(`no button ${label}`);
      const event = {
        eventtype: 'template_card_event',
        template_card_event: { card_type: 'button_interaction', event_key: button['key'], task_id: m.card!['task_id'] },
      };
      return { ...base(who, where), msgtype: 'event', event };
    },
    /** Choices, and the card's submit button. */
    submit: (who: string, where: string | null, m: SentMessage, chosen: Record<string, string[]>): Json => {
      const card = m.card!;
      const asked = [card['checkbox'], ...((card['select_list'] as unknown[] | undefined) ?? [])].filter(Boolean) as Json[];
      for (const [k, ids] of Object.entries(chosen)) {
        const list = (asked.find(a => a['question_key'] === k)?.['option_list'] ?? []) as Json[];
        for (const one of ids) if (!list.some(o => o['id'] === one)) throw new Error(`no choice ${one} of ${k}`);
      }
      const event = {
        eventtype: 'template_card_event',
        template_card_event: {
          card_type: card['card_type'],
          event_key: (card['submit_button'] as Json)['key'],
          task_id: card['task_id'],
          selected_items: {
            selected_item: Object.entries(chosen).map(([question_key, option_id]) => ({ question_key, option_ids: { option_id } })),
          },
        },
      };
      return { ...base(who, where), msgtype: 'event', event };
    },
    away: async () => {
      for (const s of wss.clients) s.terminate();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    back: () => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve)),
    files,
    event: (body: Json) => callback(body, 'aibot_event_callback'),
    /** A file as WeCom hands it out: encrypted by a key of its own. */
    file: (name: string, bytes: Buffer): Json => {
      const key = randomBytes(32);
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
      const at = id('f');
      files.set(at, Buffer.concat([cipher.update(bytes), cipher.final()]));
      return { url: `http://127.0.0.1:${port}/files/${at}`, aeskey: key.toString('base64'), name };
    },
    next,
    connected: (): Promise<void> => new Promise(resolve => subscribed.push(resolve)),
    attempts: () => attempts,
    drop: () => {
      for (const s of sockets) s.terminate();
    },
    takeOver: () => {
      for (const s of sockets)
        s.send(
          JSON.stringify({
            cmd: 'aibot_event_callback',
            headers: { req_id: id('r') },
            body: { msgid: id('m'), msgtype: 'event', from: { userid: '' }, event: { eventtype: 'disconnected_event' } },
          }),
        );
    },
    deafen: (on: boolean) => {
      deaf = on;
    },
    addChat: (chat: string, _name: string) => chats.add(chat),
    addPerson: (who: string) => people.add(who),
    setClock: (now: () => number) => {
      clock = now;
    },
    close: async () => {
      for (const s of wss.clients) s.terminate();
      wss.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
