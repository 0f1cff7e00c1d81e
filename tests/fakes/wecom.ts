/** A WeCom that refuses what the real one refuses: the long connection of an 智能机器人, and a group's webhook. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

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
}

const BOT = 'aib-fake';
const SECRET = 'a-wecom-secret-that-must-not-be-logged';
const A_MINUTE = 30;
const CARD = [
  'card_type',
  'task_id',
  'main_title',
  'sub_title_text',
  'horizontal_content_list',
  'button_list',
  'source',
  'quote_area',
  'button_selection',
  'action_menu',
  'card_action',
  'feedback',
];

export const openFakeWecom = async () => {
  let sockets: WebSocket[] = [];
  let subscribed: (() => void)[] = [];
  const sent: SentMessage[] = [];
  const refusals: string[] = [];
  const people = new Set<string>();
  const chats = new Set<string>();
  /** Who has spoken: before that nobody may be written to. */
  const open = new Set<string>();
  const uploads = new Map<string, { name: string; type: string; md5: string; chunks: Buffer[] }>();
  const media = new Map<string, string>();
  const files = new Map<string, Buffer>();
  const tasks = new Set<string>();
  const recent = new Map<string, number[]>();
  const waiting: { test: (m: SentMessage) => boolean; done: (m: SentMessage) => void }[] = [];
  /** What goes wrong with the next messages. */
  const faults: ({ errcode: number } | 'answer-lost' | 'cut')[] = [];
  let deaf = false;
  let attempts = 0;
  let last = 0;
  let clock = () => Date.now();
  const id = (kind: string) => `${kind}${(++last).toString(36)}`;

  const keep = (message: SentMessage) => {
    sent.push(message);
    for (const w of waiting.filter(w => w.test(message))) {
      waiting.splice(waiting.indexOf(w), 1);
      w.done(message);
    }
  };
  const cardFault = (card: Json): string | null => {
    for (const k of Object.keys(card)) if (!CARD.includes(k)) return `unknown ${k}`;
    if (card['card_type'] !== 'button_interaction') return `card_type ${String(card['card_type'])}`;
    const task = String(card['task_id']);
    if (!/^[0-9A-Za-z_\-@]{1,128}$/.test(task)) return 'task_id';
    if (tasks.has(task)) return 'task_id used twice';
    tasks.add(task);
    if (!(card['main_title'] as Json | undefined)?.['title'] && !card['sub_title_text']) return 'no title';
    const buttons = card['button_list'] as Json[] | undefined;
    if (!buttons?.length || buttons.length > 6) return 'button_list';
    for (const b of buttons) if (!b['text'] || Buffer.byteLength(String(b['key'] ?? '')) > 1024 || !b['key']) return 'button';
    if (((card['horizontal_content_list'] as unknown[] | undefined) ?? []).length > 6) return 'horizontal_content_list';
    return null;
  };
  const take = (body: Json): number => {
    const { chatid, chat_type, msgtype } = body;
    const to = String(chatid);
    if (chat_type === 2 ? !chats.has(to) : !people.has(to)) return 93006;
    if (!open.has(to)) return 93006;
    const now = Date.now();
    const times = (recent.get(to) ?? []).filter(t => now - t < 60_000);
    if (times.length >= A_MINUTE) return 45009;
    recent.set(to, [...times, now]);
    const part = (body[String(msgtype)] ?? {}) as Json;
    if (msgtype === 'markdown') {
      const text = String(part['content'] ?? '');
      if (!text || Buffer.byteLength(text) > 20_480) return 40058;
      keep({ to, by: 'socket', type: 'markdown', text, card: null, file: '' });
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
      });
    } else if (msgtype === 'file' || msgtype === 'image') {
      const name = media.get(String(part['media_id']));
      if (!name) return 40007;
      keep({ to, by: 'socket', type: String(msgtype), text: '', card: null, file: name });
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
      const errcode =
        url.pathname !== '/webhook' || !url.searchParams.get('key') ? 93000 : !text || Buffer.byteLength(text) > 4_096 ? 40058 : 0;
      if (errcode) refusals.push(`webhook ${errcode}`);
      else keep({ to: url.searchParams.get('key') ?? '', by: 'webhook', type: 'markdown', text, card: null, file: '' });
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
        media.set(key, upload.name);
        return answer(0, { body: { media_id: key, type: upload.type, created_at: 1 } });
      }
      if (cmd !== 'aibot_send_msg') return refusals.push(`nobody expected ${cmd}`);
      const fault = faults.shift();
      if (fault === 'cut') return socket.terminate();
      if (typeof fault === 'object') return answer(fault.errcode);
      const errcode = take(body);
      if (fault !== 'answer-lost') answer(errcode);
      else socket.terminate();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const callback = (body: Json, cmd = 'aibot_msg_callback') => {
    open.add(String(body['chatid'] ?? (body['from'] as Json)['userid']));
    sockets.at(-1)?.send(JSON.stringify({ cmd, headers: { req_id: id('req') }, body }));
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
      webhooks: {},
      webhookUrl: `http://127.0.0.1:${port}/webhook`,
    },
    secrets: [SECRET],
    sent,
    refusals,
    faults,
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
    event: (body: Json) => callback(body, 'aibot_event_callback'),
    /** A file as WeCom hands it out: encrypted by a key of its own. */
    file: (name: string, bytes: Buffer): Json => {
      const key = randomBytes(32);
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
      const at = id('f');
      files.set(at, Buffer.concat([cipher.update(bytes), cipher.final()]));
      return { url: `http://127.0.0.1:${port}/files/${at}`, aeskey: key.toString('base64'), name };
    },
    next: (test: (m: SentMessage) => boolean, within = 5_000): Promise<SentMessage> =>
      new Promise((done, fail) => {
        const found = sent.find(test);
        if (found) return done(found);
        waiting.push({ test, done });
        setTimeout(
          () =>
            fail(
              new Error(
                `no such message; sent:\n${sent.map(m => `${m.to} ${m.text.slice(0, 120)}`).join('\n')}\nrefused: ${refusals.join('\n')}`,
              ),
            ),
          within,
        );
      }),
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
