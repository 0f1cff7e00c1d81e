/** A Feishu that refuses what the real one refuses: HTTP interface, callbacks, and the long connection with its protobuf frames. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { cardFault } from './feishu-card.ts';
import { makeSentBox } from './sent.ts';

type Json = Record<string, unknown>;

// ── Frames (proto2 pbbp2.Frame) ───────────────────────────────────────────────

export interface Frame {
  seq: number;
  log: number;
  service: number;
  /** 0 control, 1 data. */
  method: number;
  headers: Record<string, string>;
  payload: Buffer | undefined;
}

const varint = (n: number): Buffer => {
  const out: number[] = [];
  let rest = BigInt(n);
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(out);
};
const block = (field: number, bytes: Buffer): Buffer => Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
const number = (field: number, n: number): Buffer => Buffer.concat([varint(field << 3), varint(n)]);

export const encode = (f: Frame): Buffer =>
  Buffer.concat([
    number(1, f.seq),
    number(2, f.log),
    number(3, f.service),
    number(4, f.method),
    ...Object.entries(f.headers).map(([k, v]) => block(5, Buffer.concat([block(1, Buffer.from(k)), block(2, Buffer.from(v))]))),
    ...(f.payload ? [block(8, f.payload)] : []),
  ]);

export const decode = (bytes: Buffer): Frame => {
  const f: Frame = { seq: 0, log: 0, service: 0, method: 0, headers: {}, payload: undefined };
  const seen = new Set<number>();
  const read = (buffer: Buffer, each: (field: number, value: number | Buffer) => void) => {
    let i = 0;
    const next = (): number => {
      let n = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const b = buffer[i++];
        if (b === undefined) throw new Error('frame ends too early');
        n |= BigInt(b & 0x7f) << shift;
        if (!(b & 0x80)) return Number(BigInt.asIntN(64, n));
      }
    };
    while (i < buffer.length) {
      const key = next();
      if ((key & 7) === 0) each(key >> 3, next());
      else if ((key & 7) === 2) {
        const length = next();
        each(key >> 3, buffer.subarray(i, i + length));
        i += length;
      } else throw new Error(`wire type ${key & 7}`);
    }
  };
  read(bytes, (field, value) => {
    seen.add(field);
    if (field === 1) f.seq = value as number;
    else if (field === 2) f.log = value as number;
    else if (field === 3) f.service = value as number;
    else if (field === 4) f.method = value as number;
    else if (field === 5) {
      let [k, v] = ['', ''];
      read(value as Buffer, (inner, text) => {
        if (inner === 1) k = text.toString();
        else v = text.toString();
      });
      f.headers[k] = v;
    } else if (field === 8) f.payload = value as Buffer;
  });
  for (const required of [1, 2, 3, 4]) if (!seen.has(required)) throw new Error(`missing required field ${required}`);
  return f;
};

// ── The platform ──────────────────────────────────────────────────────────────

export interface SentMessage {
  id: string;
  /** chat_id or open_id. */
  to: string;
  replyTo: string | null;
  type: string;
  content: Json;
  uuid: string;
  edits: Json[];
}

/** What goes wrong with the next matching calls. */
export interface Fault {
  path: RegExp;
  times: number;
  /** Milliseconds from the start until which it holds, instead of a number of times. */
  how:
    | { status: number; body: Json; headers?: Record<string, string> }
    /** Done, and the answer is lost. */
    | 'answer-lost'
    /** Done, and never answered. */
    | 'silent'
    /** The connection is cut before anything is done. */
    | 'cut';
}

/** How an answer fails to arrive, if it does. */
type Lost = 'answer-lost' | 'silent' | false;

const APP = 'cli_0123456789abcdef';
const SECRET = 'a-secret-that-must-not-be-logged';
const BOT = 'ou_bot';
const A_GROUP_SECOND = 5;
const A_CARD_SECOND = 5;
/** What an app may call of one interface. */
const AN_APP = { second: 50, minute: 1_000 };

export const openFakeFeishu = async (
  options: { encryptKey?: string; verificationToken?: string; pingInterval?: number /** Rates are counted. */; limits?: boolean } = {},
) => {
  const { encryptKey = 'encrypt-key', verificationToken = 'verification-token', pingInterval = 120, limits = true } = options;
  let sockets: WebSocket[] = [];
  let ready: (() => void)[] = [];
  const acks = new Map<string, (frame: Frame) => void>();
  const uuids = new Map<string, { at: number; message: SentMessage }>();
  const recent = new Map<string, number[]>();
  const chats = new Map<string, { name: string; members: Set<string> }>();
  const people = new Set<string>();
  const resources = new Map<string, Buffer>();
  /** Pictures that people send: handed out as `type=image` only, as files are as `type=file`. */
  const images = new Map<string, Buffer>();
  const uploads = new Map<string, { name: string; bytes: number }>();
  const faults: Fault[] = [];
  const calls: string[] = [];
  /** Anything the real one would have refused: a test looks at it. */
  const refusals: string[] = [];
  const { sent, keep, next } = makeSentBox<SentMessage>(m => JSON.stringify(m.content), refusals);
  let token = 't-1';
  let tokens = 1;
  let tokenCalls = 0;
  let endpoint: Json | null = null;
  let pong = true;
  let last = 0;
  const id = (kind: string) => `${kind}_${(++last).toString(36).padStart(6, '0')}`;

  const answer = (res: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}) => {
    res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    res.end(JSON.stringify(body));
  };
  const refuse = (res: ServerResponse, code: number, msg: string, status = 400, headers: Record<string, string> = {}) => {
    refusals.push(`${code} ${msg}`);
    answer(res, status, { code, msg }, headers);
  };
  /** One more of what is counted together, if there may be one more in the last `seconds`. */
  const within = (name: string, most: number, seconds: number): boolean => {
    const now = counted();
    const key = `${name} ${seconds}`;
    const times = (recent.get(key) ?? []).filter(t => now - t < seconds * 1000);
    recent.set(key, times);
    if (limits && times.length >= most) return false;
    times.push(now);
    return true;
  };
  /** The app calls an interface too often: refused, and said when it may again. */
  const crowded = (res: ServerResponse, name: string): boolean => {
    if (within(name, AN_APP.minute, 60) && within(name, AN_APP.second, 1)) return false;
    refuse(res, 99991400, 'request trigger frequency limit', 429, { 'x-ogw-ratelimit-reset': '1' });
    return true;
  };

  /** Done, and whoever asked does not hear of it. */
  const unheard = (res: ServerResponse, how: Lost) => (how === 'silent' ? undefined : res.destroy());

  const deliver = (res: ServerResponse, to: string, replyTo: string | null, body: Json, lost: Lost) => {
    const { msg_type: type, content, uuid } = body;
    if (typeof type !== 'string' || typeof content !== 'string') return refuse(res, 230001, 'content must be a JSON string');
    if (uuid !== undefined && (typeof uuid !== 'string' || uuid.length > 50)) return refuse(res, 230001, 'uuid too long');
    const known = uuids.get(String(uuid));
    if (uuid !== undefined && known && counted() - known.at < 3_600_000)
      return lost ? unheard(res, lost) : answer(res, 200, { code: 0, msg: 'success', data: { message_id: known.message.id } });
    const size = Buffer.byteLength(JSON.stringify(body));
    let parsed: Json;
    try {
      parsed = JSON.parse(content) as Json;
    } catch {
      return refuse(res, 230001, 'content is not JSON');
    }
    if (size > (type === 'text' ? 150 : 30) * 1024) return refuse(res, 230025, 'The length of the message content reaches its limit');
    if (type === 'text' && typeof parsed['text'] !== 'string') return refuse(res, 230001, 'no text');
    if (type === 'interactive') {
      const wrong = cardFault(parsed);
      if (wrong) return refuse(res, 230099, `Failed to create card content, ext=${wrong}`);
    } else if (type === 'image' || type === 'file') {
      if (!uploads.has(String(parsed[`${type}_key`]))) return refuse(res, 230055, `no such ${type}_key`);
    } else if (type !== 'text') return refuse(res, 230054, `msg_type ${type}`);
    if (!within(to, A_GROUP_SECOND, 1)) return refuse(res, 230020, 'This operation triggers the frequency limit');
    const now = counted();
    const message: SentMessage = { id: id('om'), to, replyTo, type, content: parsed, uuid: String(uuid ?? ''), edits: [] };
    if (uuid !== undefined) uuids.set(String(uuid), { at: now, message });
    if (lost) unheard(res, lost);
    else answer(res, 200, { code: 0, msg: 'success', data: { message_id: message.id, chat_id: to } });
    keep(message);
  };

  const bodyOf = async (req: IncomingMessage): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const c of req) chunks.push(c as Buffer);
    return Buffer.concat(chunks);
  };

  const handle = async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', 'http://fake');
    const path = url.pathname;
    const raw = await bodyOf(req);
    calls.push(`${req.method} ${path}`);
    const fault = faults.find(f => f.times > 0 && f.path.test(path));
    if (fault) {
      fault.times--;
      if (fault.how === 'cut') return res.destroy();
      if (typeof fault.how === 'object') return answer(res, fault.how.status, fault.how.body, fault.how.headers);
    }
    const lost: Lost = typeof fault?.how === 'string' && fault.how !== 'cut' ? fault.how : false;
    const multipart = String(req.headers['content-type']).startsWith('multipart/form-data');
    const json = (): Json => (raw.length && !multipart ? (JSON.parse(raw.toString('utf8')) as Json) : {});

    if (path === '/callback/ws/endpoint') {
      if (endpoint) return answer(res, 200, endpoint);
      const { AppID, AppSecret } = json();
      if (AppID !== APP || AppSecret !== SECRET) return answer(res, 200, { code: 514, msg: 'app secret invalid', data: {} });
      const { port } = server.address() as AddressInfo;
      return answer(res, 200, {
        code: 0,
        msg: '',
        data: {
          URL: `ws://127.0.0.1:${port}/ws/v2?device_id=1&service_id=33554678&ticket=ticket-that-must-not-be-logged`,
          ClientConfig: { ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: pingInterval },
        },
      });
    }
    if (path === '/open-apis/auth/v3/tenant_access_token/internal') {
      tokenCalls++;
      const { app_id, app_secret } = json();
      if (app_id !== APP || app_secret !== SECRET) return answer(res, 200, { code: 10015, msg: 'app secret invalid' });
      return answer(res, 200, { code: 0, msg: 'ok', tenant_access_token: token, expire: 7200 });
    }
    if (req.headers.authorization !== `Bearer ${token}`) return refuse(res, 99991663, 'Invalid access token for authorization');
    if (path === '/open-apis/bot/v3/info')
      return answer(res, 200, { code: 0, msg: 'ok', bot: { open_id: BOT, app_name: '下基层助手', activate_status: 2 } });
    if (path === '/open-apis/im/v1/chats')
      return answer(res, 200, {
        code: 0,
        msg: 'ok',
        data: { items: [...chats].map(([chat_id, c]) => ({ chat_id, name: c.name })), has_more: false },
      });
    const chat = /^\/open-apis\/im\/v1\/chats\/([^/]+)$/.exec(path)?.[1];
    if (chat !== undefined) {
      const found = chats.get(chat);
      return found ? answer(res, 200, { code: 0, msg: 'ok', data: { name: found.name } }) : refuse(res, 232006, 'no such chat');
    }
    if (path === '/open-apis/im/v1/messages' && req.method === 'POST') {
      const { receive_id, ...body } = json();
      const to = String(receive_id);
      const type = url.searchParams.get('receive_id_type');
      if (type === 'open_id' ? !people.has(to) : type !== 'chat_id') return refuse(res, 230034, 'The receive_id is invalid');
      if (type === 'chat_id' && !chats.has(to)) return refuse(res, 230002, 'Bot is not in the group');
      if (crowded(res, 'send')) return undefined;
      return deliver(res, to, null, body, lost);
    }
    const replied = /^\/open-apis\/im\/v1\/messages\/(om_[^/]+)\/reply$/.exec(path)?.[1];
    if (replied !== undefined) {
      const to = said.get(replied) ?? sent.find(m => m.id === replied)?.to;
      if (to === undefined) return refuse(res, 230011, 'The message was recalled');
      if (to.startsWith('oc_') && !chats.has(to)) return refuse(res, 230002, 'Bot is not in the group');
      if (crowded(res, 'reply')) return undefined;
      return deliver(res, to, replied, json(), lost);
    }
    const patched = /^\/open-apis\/im\/v1\/messages\/(om_[^/]+)$/.exec(path)?.[1];
    if (patched !== undefined && req.method === 'PATCH') {
      const message = sent.find(m => m.id === patched);
      if (message?.type !== 'interactive') return refuse(res, 230054, 'not a card');
      if (crowded(res, 'patch')) return undefined;
      if (!within(message.id, A_CARD_SECOND, 1)) return refuse(res, 230020, 'This operation triggers the frequency limit');
      const card = JSON.parse(String(json()['content'])) as Json;
      const wrong = cardFault(card);
      if (wrong) return refuse(res, 230099, wrong);
      message.edits.push(card);
      return answer(res, 200, { code: 0, msg: 'ok', data: {} });
    }
    if (path === '/open-apis/im/v1/images' || path === '/open-apis/im/v1/files') {
      if (!multipart) return refuse(res, 234001, 'not multipart');
      const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': req.headers['content-type']! } }).formData();
      const image = path.endsWith('images');
      const file = form.get(image ? 'image' : 'file') as File | null;
      if (!file?.size) return refuse(res, 234010, 'file is empty');
      if (image ? form.get('image_type') !== 'message' : !/^(opus|mp4|pdf|doc|xls|ppt|stream)$/.test(String(form.get('file_type'))))
        return refuse(res, 234001, 'type');
      if (!image && !form.get('file_name')) return refuse(res, 234001, 'file_name');
      const key = id(image ? 'img' : 'file');
      uploads.set(key, { name: String(form.get('file_name') ?? ''), bytes: file.size });
      return answer(res, 200, { code: 0, msg: 'ok', data: image ? { image_key: key } : { file_key: key } });
    }
    const resource = /^\/open-apis\/im\/v1\/messages\/(om_[^/]+)\/resources\/([^/]+)$/.exec(path);
    if (resource) {
      const bytes = (url.searchParams.get('type') === 'image' ? images : resources).get(resource[2]!);
      if (!bytes) return refuse(res, 234003, 'no such file');
      res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
      return res.end(bytes);
    }
    return refuse(res, 404, `nobody expected ${req.method} ${path}`, 404);
  };

  const server: Server = createServer((req, res) => {
    handle(req, res).catch((e: unknown) => {
      refusals.push(`fake failed: ${(e as Error).message}`);
      res.destroy();
    });
  });
  const wss = new WebSocketServer({ server, path: '/ws/v2' });
  wss.on('connection', socket => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets = sockets.filter(s => s !== socket);
    });
    socket.on('message', data => {
      const frame = decode(data as Buffer);
      if (frame.method === 0 && frame.headers['type'] === 'ping') {
        if (!pong) return;
        const config = JSON.stringify({ ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0, PingInterval: pingInterval });
        socket.send(encode({ ...frame, headers: { type: 'pong' }, payload: Buffer.from(config) }));
        // Before its first ping the client hears nothing.
        for (const r of ready.splice(0)) r();
        return;
      }
      acks.get(frame.headers['message_id'] ?? '')?.(frame);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${own}`;

  const connected = (): Promise<void> => new Promise(resolve => ready.push(resolve));

  /** Pushes an envelope; resolves with what was acknowledged, `none` when nothing came in time. */
  const push = async (
    envelope: Json,
    { parts = 1, within = 15_000, breaks = false } = {},
  ): Promise<{ code: number; data?: unknown } | 'none'> => {
    const socket = sockets.at(-1);
    if (!socket) return 'none';
    const payload = Buffer.from(JSON.stringify(envelope));
    const message = id('push');
    const acked = new Promise<Frame | 'none'>(resolve => {
      acks.set(message, resolve);
      setTimeout(() => resolve('none'), within);
    });
    const size = Math.ceil(payload.length / parts);
    // In any order.
    for (let seq = parts - 1; seq >= (breaks ? 1 : 0); seq--)
      socket.send(
        encode({
          seq: ++last,
          log: last,
          service: 33554678,
          method: 1,
          headers: {
            type: 'event',
            message_id: message,
            trace_id: 't',
            sum: String(parts),
            seq: String(seq),
            timestamp: String(Date.now()),
          },
          payload: payload.subarray(seq * size, (seq + 1) * size),
        }),
      );
    // The line is cut before the last part.
    if (breaks) socket.terminate();
    const frame = await acked;
    acks.delete(message);
    if (frame === 'none') return 'none';
    const told = JSON.parse(String(frame.payload)) as { code: number; data?: string };
    return { code: told.code, ...(told.data ? { data: JSON.parse(Buffer.from(told.data, 'base64').toString()) as unknown } : {}) };
  };

  const said = new Map<string, string>();
  const envelope = (type: string, event: Json): Json => ({
    schema: '2.0',
    header: {
      event_id: id('ev'),
      event_type: type,
      create_time: String(clock()),
      token: verificationToken,
      app_id: APP,
      tenant_key: 'tenant',
    },
    event,
  });
  let clock = () => Date.now();
  let counted = () => Date.now();
  const message = (who: string, where: string | null, type: string, content: Json, mentions: Json[] = []): Json => {
    const message_id = id('om');
    const chat_id = where ?? `oc_p2p_${who}`;
    said.set(message_id, where ?? who);
    return envelope('im.message.receive_v1', {
      sender: { sender_id: { open_id: who, union_id: `on${who}`, user_id: null }, sender_type: 'user', tenant_key: 'tenant' },
      message: {
        message_id,
        create_time: String(clock()),
        chat_id,
        chat_type: where === null ? 'p2p' : 'group',
        message_type: type,
        content: JSON.stringify(content),
        ...(mentions.length ? { mentions } : {}),
      },
    });
  };
  const cardOf = (m: SentMessage): Json => m.edits.at(-1) ?? m.content;
  const parts = (o: unknown, tag: string): Json[] =>
    typeof o !== 'object' || o === null
      ? []
      : [...((o as Json)['tag'] === tag ? [o as Json] : []), ...Object.values(o).flatMap(v => parts(v, tag))];
  const click = (who: string, m: SentMessage, label: string, values?: Json): Json => {
    const button = parts(cardOf(m), 'button').find(b => (b['text'] as Json)['content'] === label);
    if (!button) throw new Error(`no button ${label}`);
    const value = (button['behaviors'] as Json[])[0]!['value'];
    return envelope('card.action.trigger', {
      operator: { open_id: who, union_id: `on${who}`, tenant_key: 'tenant' },
      token: 'c-token',
      action: { tag: 'button', value, timezone: 'Asia/Shanghai', ...(values ? { name: button['name'], form_value: values } : {}) },
      host: 'im_message',
      context: { open_message_id: m.id, open_chat_id: m.to.startsWith('oc_') ? m.to : `oc_p2p_${m.to}` },
    });
  };

  /** As a callback would be sent by HTTP. */
  const callback = (body: Json, { at = clock() / 1000, key = encryptKey, sign = true } = {}): Request => {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
    const encrypted = Buffer.concat([iv, cipher.update(JSON.stringify(body), 'utf8'), cipher.final()]).toString('base64');
    // Spaces, as a proxy may put them: the signature is over the bytes.
    const raw = `{ "encrypt": "${encrypted}" }`;
    const [time, nonce] = [String(Math.floor(at)), 'nonce'];
    const signature = createHash('sha256').update(`${time}${nonce}${key}${raw}`).digest('hex');
    return new Request('http://bot/feishu/webhook', {
      method: 'POST',
      body: raw,
      headers: sign ? { 'x-lark-request-timestamp': time, 'x-lark-request-nonce': nonce, 'x-lark-signature': signature } : {},
    });
  };

  return {
    settings: { appId: APP, appSecret: SECRET, baseUrl: url, webhook: null },
    webhook: { encryptKey, verificationToken, unsignedClicks: false },
    secrets: [SECRET, 'ticket-that-must-not-be-logged', encryptKey],
    sent,
    calls,
    refusals,
    faults,
    resources,
    images,
    uploads,
    connected,
    push,
    message,
    click,
    envelope,
    callback,
    cardOf,
    parts,
    text: (who: string, where: string | null, text: string) =>
      message(
        who,
        where,
        'text',
        { text: text.replace('@下基层助手', '@_user_1') },
        text.includes('@下基层助手') ? [{ key: '@_user_1', id: { open_id: BOT }, name: '下基层助手' }] : [],
      ),
    addChat: (chat: string, name: string) => chats.set(chat, { name, members: new Set() }),
    dropChat: (chat: string) => chats.delete(chat),
    addPerson: (who: string) => people.add(who),
    countBy: (now: () => number) => {
      counted = now;
    },
    setClock: (now: () => number) => {
      clock = now;
    },
    next,
    /** Nobody listens any more, until `back`. */
    away: async () => {
      for (const s of sockets) s.terminate();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    back: () => new Promise<void>(resolve => server.listen(own, '127.0.0.1', resolve)),
    renewToken: () => {
      token = `t-${++tokens}`;
    },
    tokenCalls: () => tokenCalls,
    /** What the endpoint of the long connection answers instead. */
    setEndpoint: (answers: Json | null) => {
      endpoint = answers;
    },
    /** Half-open: pings are heard and not answered. */
    mute: () => {
      pong = false;
    },
    unmute: () => {
      pong = true;
    },
    drop: () => {
      for (const s of sockets) s.terminate();
    },
    connections: () => sockets.length,
    close: async () => {
      for (const s of sockets) s.terminate();
      wss.close();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
export type FakeFeishu = Awaited<ReturnType<typeof openFakeFeishu>>;
