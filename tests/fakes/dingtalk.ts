/** A DingTalk that refuses what the real one refuses: gateway, Stream socket, robot interface, session webhooks. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { makeSentBox } from './sent.ts';

type Json = Record<string, unknown>;

export interface SentMessage {
  /** openConversationId or staff id. */
  to: string;
  by: 'session' | 'robot' | 'card';
  /** Kind or key. */
  type: string;
  title: string;
  text: string;
  buttons: { title: string; url: string }[];
  at: string[];
  media: string;
  /** Of a card: what it shows, to all and to some, and the ids of its buttons. */
  card?: { track: string; shows: Json; privately: Map<string, Json>; spaceId: string };
}
export interface Fault {
  path: RegExp;
  times: number;
  /** `answer-lost`: done, and the line is cut. `silent`: done, and never answered. */
  how: { status: number; body: Json; headers?: Record<string, string> } | 'answer-lost' | 'silent' | 'cut';
}
export const TEMPLATE = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema';

/** How an answer fails to arrive, if it does. */
type Lost = 'answer-lost' | 'silent' | false;

const CLIENT = 'dingfake';
const SECRET = 'a-dingtalk-secret-that-must-not-be-logged';
const CORP = 'corp1';
const A_MINUTE = 20;
/** Milliseconds for which a session may be answered by. */
const A_SESSION = 5_400_000;

/** `limits`: rates are counted. */
export const openFakeDingtalk = async ({ limits = true } = {}) => {
  let sockets: WebSocket[] = [];
  let opened: (() => void)[] = [];
  const tickets = new Set<string>();
  const acks = new Map<string, (code: number, data: string) => void>();
  const refusals: string[] = [];
  const { sent, keep, next } = makeSentBox<SentMessage>(m => `${m.to} ${m.text}`, refusals);
  const calls: string[] = [];
  const faults: Fault[] = [];
  const chats = new Map<string, string>();
  const people = new Set<string>();
  const media = new Map<string, string>();
  const downloads = new Map<string, Buffer>();
  /** When each session that was handed out ends, by its mark. */
  const sessions = new Map<string, number>();
  const recent = new Map<string, number[]>();
  /** Callback addresses of cards, by route. */
  const routes = new Map<string, string>();
  const batches: number[] = [];
  /** People of whom DingTalk says that they are written to too often. */
  const slowed = new Set<string>();
  let token = 'dt-1';
  let tokens = 1;
  let tokenCalls = 0;
  let refuseGateway = false;
  let deaf = false;
  let slams = false;
  let last = 0;
  let clock = () => Date.now();
  const id = (kind: string) => `${kind}${(++last).toString(36)}`;
  let base = '';

  const answer = (res: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(body));
  };
  const refuse = (res: ServerResponse, status: number, code: string, message: string) => {
    refusals.push(`${code} ${message}`);
    answer(res, status, { code, message, requestid: 'r' });
  };
  const tooMany = (to: string): boolean => {
    const now = clock();
    const times = (recent.get(to) ?? []).filter(t => now - t < 60_000);
    recent.set(to, [...times, now]);
    const over = limits && times.length >= A_MINUTE;
    if (over) refusals.push(`more than ${A_MINUTE} a minute to ${to}`);
    return over;
  };
  /** Every address in a button is one that DingTalk opens. */
  const buttonsOf = (list: { title: string; url: string }[]): string | null =>
    list.every(b => b.title && /^(dtmd:\/\/dingtalkclient\/sendMessage\?content=[^ &]+|https?:)/.test(b.url)) ? null : 'button';

  /** Done, and whoever asked does not hear of it. */
  const unheard = (res: ServerResponse, how: Lost) => (how === 'silent' ? undefined : res.destroy());

  const bySession = (res: ServerResponse, to: string, mark: string, body: Json, lost: Lost) => {
    const bad = (errcode: number, errmsg: string) => {
      refusals.push(`${errcode} ${errmsg}`);
      answer(res, 200, { errcode, errmsg });
    };
    // That one has ended cannot be known before it is used: whoever turns to the robot then has done well.
    if (clock() >= (sessions.get(mark) ?? 0)) return answer(res, 200, { errcode: 300001, errmsg: 'session 不存在' });
    if (Buffer.byteLength(JSON.stringify(body)) > 20_000) return bad(460101, 'message too long');
    if (tooMany(to)) return bad(130101, 'send too fast, exceed 20 times per minute');
    const part = body[String(body['msgtype'])] as Json | undefined;
    const at = ((body['at'] as Json | undefined)?.['atUserIds'] as string[] | undefined) ?? [];
    let message: SentMessage;
    if (body['msgtype'] === 'text')
      message = { to, by: 'session', type: 'text', title: '', text: String(part?.['content']), buttons: [], at, media: '' };
    else if (body['msgtype'] === 'markdown')
      message = {
        to,
        by: 'session',
        type: 'markdown',
        title: String(part?.['title']),
        text: String(part?.['text']),
        buttons: [],
        at,
        media: '',
      };
    else if (body['msgtype'] === 'actionCard') {
      const buttons = ((part?.['btns'] as Json[] | undefined) ?? []).map(b => ({ title: String(b['title']), url: String(b['actionURL']) }));
      message = {
        to,
        by: 'session',
        type: 'actionCard',
        title: String(part?.['title']),
        text: String(part?.['text']),
        buttons,
        at: [],
        media: '',
      };
      const wrong = buttonsOf(buttons);
      if (wrong || !buttons.length) return bad(40035, `bad ${wrong}`);
    } else return bad(400401, `msgtype ${String(body['msgtype'])}`);
    if (!message.text) return bad(40035, 'missing text');
    // A call that is not in the words calls nobody.
    for (const who of at) if (!message.text.includes(`@${who}`)) return bad(0, `mention of ${who} is missing in the text`);
    keep(message);
    return lost ? unheard(res, lost) : answer(res, 200, { errcode: 0, errmsg: 'ok' });
  };
  const CARD = [
    'cardTemplateId',
    'outTrackId',
    'callbackType',
    'callbackRouteKey',
    'cardData',
    'privateData',
    'userIdType',
    'openSpaceId',
    'imGroupOpenSpaceModel',
    'imGroupOpenDeliverModel',
    'imRobotOpenSpaceModel',
    'imRobotOpenDeliverModel',
  ];
  /** Every variable is text; the buttons are an object written as text. */
  const shownBy = (cardData: unknown): { shows: Json; buttons: { title: string; url: string }[] } | null => {
    const shows = (cardData as { cardParamMap?: Json } | undefined)?.cardParamMap;
    if (!shows || Object.values(shows).some(v => typeof v !== 'string')) return null;
    const { msgButtons = [] } = JSON.parse(String(shows['sys_full_json_obj'] ?? '{}')) as { msgButtons?: Json[] };
    if (msgButtons.some(b => !b['text'] || !['blue', 'gray'].includes(String(b['color'])) || !b['id'] || b['request'] !== true))
      return null;
    return { shows, buttons: msgButtons.map(b => ({ title: String(b['text']), url: String(b['id']) })) };
  };
  const byCard = (res: ServerResponse, body: Json, lost: Lost) => {
    for (const k of Object.keys(body)) if (!CARD.includes(k)) return refuse(res, 400, 'param.error', `unknown ${k}`);
    if (body['cardTemplateId'] !== TEMPLATE) return refuse(res, 400, 'param.templateNotExist', String(body['cardTemplateId']));
    const track = String(body['outTrackId'] ?? '');
    if (!track || sent.some(m => m.card?.track === track)) return refuse(res, 400, 'param.outTrackId', track);
    if (body['callbackType'] !== (routes.size ? 'HTTP' : 'STREAM') || (routes.size && !routes.has(String(body['callbackRouteKey']))))
      return refuse(res, 400, 'param.callbackType', String(body['callbackType']));
    const space = /^dtv1\.card\/\/(IM_GROUP|IM_ROBOT)\.(.+)$/.exec(String(body['openSpaceId']));
    const shown = shownBy(body['cardData']);
    if (!space || !shown) return refuse(res, 400, 'param.error', !space ? 'openSpaceId' : 'cardData');
    const [, kind, to = ''] = space;
    const deliver = body[kind === 'IM_GROUP' ? 'imGroupOpenDeliverModel' : 'imRobotOpenDeliverModel'] as Json | undefined;
    const has = kind === 'IM_GROUP' ? chats.has(to) : people.has(to);
    if (!deliver || deliver['robotCode'] !== CLIENT) return refuse(res, 400, 'param.error', 'deliver model');
    const results = (success: boolean, errorMsg = '') => ({
      success: true,
      result: { outTrackId: track, deliverResults: [{ spaceType: kind, spaceId: to, success, errorMsg }] },
    });
    // A card that reaches nobody is an answer that is well.
    if (!has) return answer(res, 200, results(false, 'space not exist'));
    if (tooMany(to)) return refuse(res, 400, 'send.too.fast', to);
    keep({
      to,
      by: 'card',
      type: 'card',
      title: String(shown.shows['title']),
      text: String(shown.shows['markdown']),
      buttons: shown.buttons,
      at: Object.keys((deliver['atUserIds'] as Json | undefined) ?? {}),
      media: '',
      card: { track, shows: shown.shows, privately: new Map(), spaceId: kind === 'IM_GROUP' ? to : `dtv1.card//IM_ROBOT.${to}` },
    });
    return lost ? unheard(res, lost) : answer(res, 200, results(true));
  };
  const showAnew = (m: SentMessage, cardData: unknown): boolean => {
    const shown = shownBy(cardData);
    if (!shown || !m.card) return false;
    Object.assign(m, { title: String(shown.shows['title']), text: String(shown.shows['markdown']), buttons: shown.buttons });
    m.card.shows = shown.shows;
    return true;
  };
  const byRobot = (res: ServerResponse, to: readonly string[], body: Json, lost: Lost, more: Json = {}) => {
    const { msgKey, msgParam, robotCode } = body;
    if (robotCode !== CLIENT) return refuse(res, 400, 'invalidParameter.robotCode.auth', 'robotCode');
    if (typeof msgParam !== 'string') return refuse(res, 400, 'invalidParameter.msgParam.invalid', 'not a string');
    if (Buffer.byteLength(msgParam) > 15_000) return refuse(res, 400, 'invalidParameter.msgParam.invalid', 'too long');
    const p = JSON.parse(msgParam) as Record<string, string>;
    const count = /^sampleActionCard([2-5])$/.exec(String(msgKey))?.[1];
    let buttons: { title: string; url: string }[] = [];
    if (count) for (let i = 1; i <= Number(count); i++) buttons.push({ title: p[`actionTitle${i}`] ?? '', url: p[`actionURL${i}`] ?? '' });
    else if (msgKey === 'sampleActionCard') buttons = [{ title: p['singleTitle'] ?? '', url: p['singleURL'] ?? '' }];
    else if (msgKey === 'sampleFile') {
      if (!media.has(p['mediaId'] ?? '')) return refuse(res, 400, 'invalidParameter.msgParam.invalid', 'no such media');
    } else if (msgKey !== 'sampleMarkdown' && msgKey !== 'sampleText')
      return refuse(res, 400, 'invalidParameter.msgKey.invalid', String(msgKey));
    const wrong = buttonsOf(buttons);
    if (wrong) return refuse(res, 400, 'invalidParameter.msgParam.invalid', wrong);
    if (msgKey !== 'sampleFile' && !(p['text'] ?? p['content'])) return refuse(res, 400, 'invalidParameter.msgParam.invalid', 'no text');
    for (const one of to) tooMany(one);
    for (const one of to)
      keep({
        to: one,
        by: 'robot',
        type: String(msgKey),
        title: p['title'] ?? '',
        text: p['text'] ?? p['content'] ?? '',
        buttons,
        at: [],
        media: p['fileName'] ?? '',
      });
    return lost ? unheard(res, lost) : answer(res, 200, { processQueryKey: id('pqk'), ...more });
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<unknown> => {
    const url = new URL(req.url ?? '/', 'http://fake');
    const path = url.pathname;
    const chunks: Buffer[] = [];
    for await (const c of req) chunks.push(c as Buffer);
    const raw = Buffer.concat(chunks);
    calls.push(path);
    const fault = faults.find(f => f.times > 0 && f.path.test(path));
    if (fault) {
      fault.times--;
      if (fault.how === 'cut') return res.destroy();
      if (typeof fault.how === 'object') return answer(res, fault.how.status, fault.how.body, fault.how.headers);
    }
    const lost: Lost = typeof fault?.how === 'string' && fault.how !== 'cut' ? fault.how : false;
    const multipart = String(req.headers['content-type']).startsWith('multipart/');
    const body = raw.length && !multipart ? (JSON.parse(raw.toString()) as Json) : {};
    if (path === '/v1.0/gateway/connections/open') {
      if (refuseGateway) return answer(res, 503, { code: 'ServiceUnavailable' });
      if (body['clientId'] !== CLIENT || body['clientSecret'] !== SECRET) return refuse(res, 401, 'authFailed', 'secret');
      if (req.headers.accept !== 'application/json') return refuse(res, 400, 'accept', 'no accept header');
      // Signs that break an address when they are not encoded.
      const ticket = `${id('t')}+/=`;
      tickets.add(ticket);
      return answer(res, 200, { endpoint: `${base.replace('http', 'ws')}/connect`, ticket });
    }
    if (path === '/v1.0/oauth2/accessToken') {
      tokenCalls++;
      if (body['appKey'] !== CLIENT || body['appSecret'] !== SECRET)
        return answer(res, 400, { code: 'invalidClientIdOrSecret', message: 'bad' });
      return answer(res, 200, { accessToken: token, expireIn: 7200 });
    }
    const session = /^\/session\/(.+)$/.exec(path)?.[1];
    if (session !== undefined) return bySession(res, decodeURIComponent(session), url.searchParams.get('session') ?? '', body, lost);
    if (path.startsWith('/downloads/')) {
      res.writeHead(200);
      return res.end(downloads.get(path.slice('/downloads/'.length)));
    }
    const given = req.headers['x-acs-dingtalk-access-token'] ?? url.searchParams.get('access_token');
    if (given !== token) {
      refusals.push('401 token');
      return answer(res, 401, { code: 'InvalidAuthentication', message: 'token' });
    }
    if (path === '/v1.0/robot/groupMessages/send') {
      const to = String(body['openConversationId']);
      if (!chats.has(to)) return refuse(res, 400, 'invalidParameter.openConversationId.invalid', to);
      return byRobot(res, [to], body, lost);
    }
    if (path === '/v1.0/card/instances/createAndDeliver') return byCard(res, body, lost);
    if (path === '/v1.0/card/instances' && req.method === 'PUT') {
      const m = sent.find(s => s.card?.track === body['outTrackId']);
      if (!m || !showAnew(m, body['cardData'])) return refuse(res, 400, 'param.error', 'no such card');
      return answer(res, 200, { success: true, result: true });
    }
    if (path === '/v1.0/card/callbacks/register') {
      routes.set(String(body['callbackRouteKey']), String(body['callbackUrl']));
      return answer(res, 200, { success: true, result: { callbackUrl: body['callbackUrl'] } });
    }
    if (path === '/v1.0/robot/oToMessages/batchSend') {
      const ids = body['userIds'] as string[];
      if (ids?.length === 0) return answer(res, 400, { code: 'invalidParameter.userIds.empty', message: 'userIds' });
      if (!ids?.length || ids.length > 20) return refuse(res, 400, 'invalidParameter.userIds.overMax', 'userIds');
      const bad = ids.filter(i => !people.has(i));
      const slow = ids.filter(i => slowed.has(i));
      batches.push(ids.length);
      const good = ids.filter(i => !bad.includes(i) && !slow.includes(i));
      return byRobot(res, good, body, lost, { invalidStaffIdList: bad, flowControlledStaffIdList: slow });
    }
    if (path === '/v1.0/robot/messageFiles/download') {
      const code = String(body['downloadCode']);
      return downloads.has(code)
        ? answer(res, 200, { downloadUrl: `${base}/downloads/${code}` })
        : refuse(res, 400, 'unknownError', 'code');
    }
    if (path === '/media/upload') {
      const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': req.headers['content-type']! } }).formData();
      const file = form.get('media') as File | null;
      if (!file?.size) return answer(res, 200, { errcode: 40004, errmsg: 'media' });
      const key = `@${id('lAL')}`;
      media.set(key, file.name);
      return answer(res, 200, { errcode: 0, errmsg: 'ok', media_id: key });
    }
    return refuse(res, 404, 'NotFound', `nobody expected ${path}`);
  };

  const server: Server = createServer((req, res) => {
    handle(req, res).catch((e: unknown) => {
      refusals.push(`fake failed: ${(e as Error).message}`);
      res.destroy();
    });
  });
  const wss = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) => {
    const url = new URL(req.url ?? '/', 'http://fake');
    // For 90 seconds, and once.
    if (url.pathname !== '/connect' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
      refusals.push('ticket');
      return socket.destroy();
    }
    wss.handleUpgrade(req, socket, head, ws => {
      sockets.push(ws);
      ws.on('error', () => undefined);
      ws.on('close', () => {
        sockets = sockets.filter(s => s !== ws);
      });
      ws.on('message', data => {
        const told = JSON.parse(String(data)) as { code: number; headers: { messageId: string }; data: string };
        if (typeof told.data !== 'string') refusals.push('the data of an acknowledgement is no string');
        acks.get(told.headers.messageId)?.(told.code, told.data);
      });
      if (slams) return ws.close();
      if (deaf) ws.pong = () => undefined;
      for (const o of opened.splice(0)) o();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;

  let lastData = '';
  const push = async (frame: Json, within = 15_000, messageId = id('frame')): Promise<number | 'none'> => {
    const socket = sockets.at(-1);
    if (!socket) return 'none';
    const acked = new Promise<number | 'none'>(resolve => {
      acks.set(messageId, (code, data) => {
        lastData = data;
        resolve(code);
      });
      setTimeout(() => resolve('none'), within);
    });
    socket.send(
      JSON.stringify({
        specVersion: '1.0',
        ...frame,
        headers: { ...(frame['headers'] as Json), messageId, contentType: 'application/json' },
      }),
    );
    return acked;
  };
  const session = (to: string): string => {
    const mark = id('s');
    sessions.set(mark, clock() + A_SESSION);
    return `${base}/session/${encodeURIComponent(to)}?session=${mark}`;
  };
  const message = (who: string, where: string | null, text: string, more: Json = {}): Json => ({
    msgId: id('msg'),
    msgtype: 'text',
    conversationType: where === null ? '1' : '2',
    conversationId: where ?? `cid-direct-${who}`,
    ...(where === null ? {} : { conversationTitle: chats.get(where) ?? '', isInAtList: true }),
    senderStaffId: who,
    senderCorpId: CORP,
    chatbotCorpId: CORP,
    senderNick: who,
    senderId: `$:LWCP_v1:$${who}`,
    createAt: clock(),
    robotCode: CLIENT,
    sessionWebhook: session(where ?? who),
    sessionWebhookExpiredTime: clock() + A_SESSION,
    // The robot's own name is gone, a blank is left.
    text: { content: ` ${text}` },
    ...more,
  });

  /** What a press sends, and what it does to the card when it is answered. */
  const pressOf = (who: string, m: SentMessage, label: string, corp = CORP): Json => {
    const button = m.buttons.find(b => b.title === label);
    if (!button || !m.card) throw new Error(`no button ${label} on ${m.title}`);
    return {
      type: 'actionCallback',
      outTrackId: m.card.track,
      corpId: corp,
      userId: who,
      userIdType: 1,
      spaceId: m.card.spaceId,
      spaceType: m.card.spaceId.startsWith('cid') ? 'IM_GROUP' : 'IM_ROBOT',
      extension: '{}',
      content: JSON.stringify({ cardPrivateData: { actionIds: [button.url], params: {} } }),
    };
  };
  const shownTo = (who: string, m: SentMessage, response: Json | null): string => {
    const own = (response?.['userPrivateData'] as { cardParamMap?: Json } | undefined)?.cardParamMap;
    if (own) m.card!.privately.set(who, own);
    if (response?.['cardData']) showAnew(m, response['cardData']);
    return String(own?.['tips'] ?? '');
  };

  return {
    settings: {
      clientId: CLIENT,
      clientSecret: SECRET,
      apiUrl: base,
      oapiUrl: base,
      transport: 'stream' as 'stream' | 'http',
      cardTemplate: null as string | null,
      buttons: 'dtmd' as 'dtmd' | 'words',
      monthly: { calls: 10_000, pushes: 5_000 },
    },
    batches,
    /** The address of a new session. */
    session,
    /** Sessions that were handed out are no more, whatever was said of their end. */
    endSessions: () => sessions.clear(),
    slowed,
    routes,
    /** Presses a card's button; resolves with what the card then says to who pressed. `frame`: the same again. */
    press: async (who: string, m: SentMessage, label: string, { frame = id('frame'), corp = CORP } = {}): Promise<string> => {
      const data = JSON.stringify(pressOf(who, m, label, corp));
      const code = await push({ type: 'CALLBACK', headers: { topic: '/v1.0/card/instances/callback' }, data }, 4_000, frame);
      if (code !== 200) return `not acknowledged: ${code}`;
      return shownTo(who, m, (JSON.parse(lastData) as { response: Json | null }).response);
    },
    /** The same by HTTP: to the address that was registered. */
    pressByHttp: (who: string, m: SentMessage, label: string, address = [...routes.values()][0] ?? ''): Request =>
      new Request(address, { method: 'POST', body: JSON.stringify(pressOf(who, m, label)), headers: { timestamp: String(clock()) } }),
    shownTo,
    /** Nobody listens any more, until `back`. */
    away: async () => {
      for (const s of sockets) s.terminate();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
    back: () => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve)),
    secrets: [SECRET],
    corp: CORP,
    sent,
    refusals,
    calls,
    faults,
    downloads,
    message,
    say: (m: Json, within?: number) =>
      push({ type: 'CALLBACK', headers: { topic: '/v1.0/im/bot/messages/get' }, data: JSON.stringify(m) }, within),
    push,
    raw: (text: string) => sockets.at(-1)?.send(text),
    callback: (m: Json, { at = clock(), secret = SECRET } = {}): Request =>
      new Request('http://bot/dingtalk/webhook', {
        method: 'POST',
        body: JSON.stringify(m),
        headers: { timestamp: String(at), sign: createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64') },
      }),
    /** What the client sends when a button is pressed: its text, as whoever presses it. */
    pressed: (m: SentMessage, label: string): string => {
      const link = new RegExp(`\\[${label}\\]\\((dtmd[^)]+)\\)`).exec(m.text)?.[1];
      const url = m.buttons.find(b => b.title === label)?.url ?? link;
      if (!url) throw new Error(`no button ${label}`);
      return new URL(url).searchParams.get('content') ?? '';
    },
    next,
    connected: (): Promise<void> => new Promise(resolve => opened.push(resolve)),
    connections: () => sockets.length,
    drop: () => {
      for (const s of sockets) s.terminate();
    },
    /** No pong any more, on connections made from now on. */
    deafen: (on: boolean) => {
      deaf = on;
      if (on) for (const s of sockets) s.pong = () => undefined;
    },
    /** Connections are taken and closed at once. */
    slam: (on: boolean) => {
      slams = on;
    },
    refuseGateway: (on: boolean) => {
      refuseGateway = on;
    },
    renewToken: () => {
      token = `dt-${++tokens}`;
    },
    tokenCalls: () => tokenCalls,
    addChat: (chat: string, name: string) => chats.set(chat, name),
    dropChat: (chat: string) => chats.delete(chat),
    addPerson: (who: string) => people.add(who),
    setClock: (now: () => number) => {
      clock = now;
    },
    close: async () => {
      for (const s of sockets) s.terminate();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
};
