/** Feishu's HTTP calls: one tenant token for all, a time limit, every answer as a code. No error or log line carries a secret. */
import type { Client } from '@larksuiteoapi/node-sdk';
import { fetched } from '../fetched.ts';
import { causeOf, isRefused } from '../refused.ts';

/** An answer as read: `code` 0 is done, -1 is none at all, -2 none because nothing was asked. `wait`: milliseconds the gateway asks for. */
export interface Answer {
  http: number;
  code: number;
  msg: string;
  data: Record<string, unknown>;
  wait: number | null;
}

export interface FeishuSecrets {
  appId: string;
  appSecret: string;
  /** Without a slash at the end. */
  baseUrl: string;
}

export interface FeishuLog {
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}

/** What the SDK asks of its transport. */
interface Wanted {
  url?: string;
  method?: string;
  headers?: object;
  params?: object;
  data?: unknown;
}

export interface FeishuApi {
  call(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    what?: { params?: Record<string, string>; data?: Record<string, unknown> },
  ): Promise<Answer>;
  /** Multipart. */
  upload(path: string, fields: Record<string, string>, file: { part: string; name: string; bytes: Uint8Array }): Promise<Answer>;
  /** A file or a picture that was sent to the bot. @throws Error with one sentence */
  download(message: string, key: string, type: 'file' | 'image'): Promise<Uint8Array>;
  /** Own transport of the SDK's clients: they would log the secrets of a failed call. */
  readonly http: { request(wanted: Wanted): Promise<Answer> };
}

const ANSWERS_WITHIN = 10_000;
/** The largest file that is taken in. */
const LARGEST = 30 * 1024 * 1024;
/** A token is renewed this long before its end. */
const EARLY = 180_000;
const STALE_TOKEN = new Set([99991661, 99991663, 99991664, 99991665, 99991668, 99991671, 99991677]);

/** The tenant's token was refused, or there is none. */
export const isTokenTrouble = (code: number): boolean => STALE_TOKEN.has(code);

/** Nothing can have been done. */
export const UNREACHED = -2;
const none = (msg: string, code = -1): Answer => ({ http: 0, code, msg, data: {}, wait: null });

const waitOf = (headers: Headers): number | null => {
  const seconds = Number(headers.get('x-ogw-ratelimit-reset') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null;
};

const withParams = (url: string, params: object | undefined): string => {
  const to = new URL(url);
  for (const [k, v] of Object.entries(params ?? {})) to.searchParams.set(k, String(v));
  return to.href;
};

const request = async ({ url = '', method = 'GET', headers, params, data }: Wanted): Promise<Answer> => {
  const form = data instanceof FormData;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(withParams(url, params), {
      method: method.toUpperCase(),
      headers: {
        ...(headers as Record<string, string>),
        ...(form || data === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(data === undefined ? {} : { body: form ? data : JSON.stringify(data) }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN),
      redirect: 'error',
    });
    body = await response.json().catch(() => undefined);
  } catch (e) {
    return none(`飞书没有回应（${causeOf(e) || (e as Error).name}）`, isRefused(e) ? UNREACHED : -1);
  }
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  // A body without a code is a gateway's, not Feishu's.
  const code = typeof told['code'] === 'number' ? told['code'] : -1;
  return {
    ...told,
    http: response.status,
    code,
    msg: String(told['msg'] ?? `HTTP ${response.status}`),
    data: (told['data'] ?? {}) as Answer['data'],
    wait: waitOf(response.headers),
  };
};

export const makeApi = async (secrets: FeishuSecrets, log: FeishuLog, now: () => number): Promise<FeishuApi> => {
  const lark = await import('@larksuiteoapi/node-sdk');
  const http = { request };
  const client: Client = new lark.Client({
    appId: secrets.appId,
    appSecret: secrets.appSecret,
    domain: secrets.baseUrl,
    disableTokenCache: true,
    httpInstance: http as never,
    logger: quiet(log),
  });

  let token: { value: string; until: number } | undefined;
  let fetching: Promise<string> | undefined;
  const freshToken = async (): Promise<string> => {
    const got = (await client.auth.v3.tenantAccessToken.internal({
      data: { app_id: secrets.appId, app_secret: secrets.appSecret },
    })) as unknown as Answer & { tenant_access_token?: string; expire?: number };
    if (got.code < 0) throw new Refused(none(got.msg, UNREACHED));
    if (got.code !== 0 || !got.tenant_access_token) throw new Refused({ ...got, data: {} });
    token = { value: got.tenant_access_token, until: now() + (got.expire ?? 0) * 1000 - EARLY };
    return token.value;
  };
  /** All who need one at once share the call. */
  const tokenNow = (): Promise<string> => {
    if (token && now() < token.until) return Promise.resolve(token.value);
    fetching ??= freshToken().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  /** A token that was refused is renewed, and the call made once more. */
  const withToken = async (work: (token: string) => Promise<Answer>): Promise<Answer> => {
    try {
      const used = await tokenNow();
      const answer = await work(used);
      if (!isTokenTrouble(answer.code)) return answer;
      if (token?.value === used) token = undefined;
      return await work(await tokenNow());
    } catch (e) {
      if (e instanceof Refused) return e.answer;
      log.error({ error: (e as Error).name }, 'feishu: a call failed');
      return none('调用飞书失败');
    }
  };

  return {
    http,
    call: (method, path, { params, data } = {}) =>
      withToken(t =>
        client.request<Answer>({ method, url: path, ...(params ? { params } : {}), ...(data ? { data } : {}) }, lark.withTenantToken(t)),
      ),
    upload: (path, fields, file) =>
      withToken(t => {
        const form = new FormData();
        for (const [k, v] of Object.entries(fields)) form.append(k, v);
        form.append(file.part, new Blob([new Uint8Array(file.bytes)]), file.name);
        return request({ url: `${secrets.baseUrl}${path}`, method: 'POST', headers: { authorization: `Bearer ${t}` }, data: form });
      }),
    async download(message, key, type) {
      const url = `${secrets.baseUrl}/open-apis/im/v1/messages/${encodeURIComponent(message)}/resources/${encodeURIComponent(key)}?type=${type}`;
      for (const last of [false, true]) {
        const used = await tokenNow().catch((e: unknown) => {
          throw new Error(`文件没有取到（飞书 ${e instanceof Refused ? e.answer.code : '没有回应'}）`);
        });
        const { bytes, response } = await fetched(url, { most: LARGEST, headers: { authorization: `Bearer ${used}` } });
        if (bytes) return bytes;
        const { code = -1 } = (await response.json().catch(() => ({}))) as { code?: number };
        if (last || !isTokenTrouble(code)) throw new Error(`文件没有取到（飞书 ${code}）`);
        if (token?.value === used) token = undefined;
      }
      throw new Error('文件没有取到');
    },
  };
};

/** The token was refused: the answer says why. */
class Refused extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super('no tenant token');
    this.answer = answer;
  }
}

/** The SDK's own words only: objects it hands over may hold secrets, and its debug lines hold tickets and texts. */
export const quiet = (log: FeishuLog) => {
  const words = (said: unknown[]): string =>
    said
      .flat(3)
      .filter((w): w is string => typeof w === 'string')
      .join(' ')
      .replace(/(?:https?|wss?):\/\/\S+/g, '…');
  return {
    error: (...said: unknown[]) => log.warn({ platform: 'feishu' }, words(said)),
    warn: (...said: unknown[]) => log.warn({ platform: 'feishu' }, words(said)),
    info: () => undefined,
    debug: () => undefined,
    trace: () => undefined,
  };
};
