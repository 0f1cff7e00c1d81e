/** DingTalk's HTTP calls: one token for all, both kinds of errors read as one, calls counted. No error or log line carries a secret. */
import { fetched } from '../fetched.ts';
import type { Log } from '../intake.ts';
import { causeOf, isRefused } from '../refused.ts';

/** `code` '0' is done. `http` 0: no answer; code 'refused' when nothing can have been done. `wait`: milliseconds that are asked for. */
export interface Answer {
  http: number;
  code: string;
  msg: string;
  wait?: number;
  body: Record<string, unknown>;
}

export interface DingtalkSecrets {
  clientId: string;
  clientSecret: string;
  /** Without a slash at the end. */
  apiUrl: string;
  oapiUrl: string;
}

export interface DingtalkApi {
  call(method: 'POST' | 'PUT', path: string, body: Record<string, unknown>): Promise<Answer>;
  /** A conversation's own address: needs no token. */
  session(url: string, body: Record<string, unknown>): Promise<Answer>;
  /** Media id, or null. */
  upload(type: 'image' | 'file', name: string, bytes: Uint8Array): Promise<string | null>;
  /** A file that was sent to the robot. @throws Error with one sentence */
  download(code: string): Promise<Uint8Array>;
}

const ANSWERS_WITHIN = 10_000;
const LARGEST = 20 * 1024 * 1024;
const EARLY = 300_000;

const request = async (url: string, init: RequestInit): Promise<Answer> => {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWERS_WITHIN), redirect: 'error' });
    const read: unknown = await response.json().catch(() => undefined);
    const readable = typeof read === 'object' && read !== null;
    // Somebody answered well and not in DingTalk's words, or was cut short: what was done is not known.
    if (response.ok && !readable) return { http: 0, code: 'none', msg: '钉钉的回答读不懂', body: {} };
    const body = (readable ? read : {}) as Record<string, unknown>;
    // The new interface says `code` with a bad status, the old one `errcode` with a good one.
    const told = body['errcode'] ?? body['code'];
    const code = told === undefined ? (response.ok ? '0' : `HTTP ${response.status}`) : String(told);
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
    const msg = String(body['errmsg'] ?? body['message'] ?? '');
    return { http: response.status, code, msg, body, ...(wait > 0 ? { wait: Math.min(wait, 3_600_000) } : {}) };
  } catch (e) {
    return { http: 0, code: isRefused(e) ? 'refused' : 'none', msg: `钉钉没有回应（${causeOf(e) || (e as Error).name}）`, body: {} };
  }
};
const json = (body: unknown, headers: Record<string, string> = {}, method = 'POST'): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** `count` hears of every call, and of every answer by a conversation's own address. */
export const makeApi = (secrets: DingtalkSecrets, log: Log, count: (kind: 'calls' | 'pushes') => void = () => undefined): DingtalkApi => {
  const { clientId, clientSecret, apiUrl, oapiUrl } = secrets;
  let token: { value: string; until: number } | undefined;
  let fetching: Promise<string | Answer> | undefined;

  const fresh = async (): Promise<string | Answer> => {
    count('calls');
    const answer = await request(`${apiUrl}/v1.0/oauth2/accessToken`, json({ appKey: clientId, appSecret: clientSecret }));
    const value = answer.body['accessToken'];
    if (answer.code !== '0' || typeof value !== 'string') {
      log.warn({ platform: 'dingtalk', code: answer.code }, 'dingtalk: no access token');
      // Nothing was sent: whatever was to be sent may be tried again.
      return answer.http === 0 || answer.http >= 500 || answer.code === '0'
        ? { ...answer, http: 0, code: 'refused', msg: answer.msg || '钉钉没有给令牌' }
        : { ...answer, msg: 'DINGTALK_CLIENT_ID 或 DINGTALK_CLIENT_SECRET 不对' };
    }
    token = { value, until: Date.now() + Number(answer.body['expireIn'] ?? 7200) * 1000 - EARLY };
    return value;
  };
  const tokenNow = (): Promise<string | Answer> => {
    if (token && Date.now() < token.until) return Promise.resolve(token.value);
    fetching ??= fresh().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };
  const withToken = async (work: (token: string) => Promise<Answer>): Promise<Answer> => {
    const used = await tokenNow();
    if (typeof used !== 'string') return used;
    count('calls');
    const answer = await work(used);
    if (answer.http !== 401 && answer.code !== '40014' && answer.code !== '42001') return answer;
    if (token?.value === used) token = undefined;
    const renewed = await tokenNow();
    if (typeof renewed !== 'string') return renewed;
    count('calls');
    return work(renewed);
  };
  const call: DingtalkApi['call'] = (method, path, body) =>
    withToken(t => request(`${apiUrl}${path}`, json(body, { 'x-acs-dingtalk-access-token': t }, method)));

  return {
    call,
    async session(url, body) {
      count('pushes');
      const answer = await request(url, json(body));
      // It says of every message that it was taken; the rest is another's answer.
      return answer.code === '0' && answer.body['errcode'] === undefined
        ? { ...answer, http: 0, code: 'none', msg: '钉钉的回答读不懂' }
        : answer;
    },
    async upload(type, name, bytes) {
      if (bytes.length > LARGEST) return null;
      const answer = await withToken(t => {
        const form = new FormData();
        form.append('media', new Blob([new Uint8Array(bytes)]), name);
        return request(`${oapiUrl}/media/upload?access_token=${encodeURIComponent(t)}&type=${type}`, { method: 'POST', body: form });
      });
      const media = answer.body['media_id'];
      return answer.code === '0' && typeof media === 'string' ? media : null;
    },
    async download(code) {
      const answer = await call('POST', '/v1.0/robot/messageFiles/download', { robotCode: clientId, downloadCode: code });
      const url = answer.body['downloadUrl'];
      if (typeof url !== 'string') throw new Error(`文件没有取到（钉钉 ${answer.code}）`);
      const { bytes, response } = await fetched(url, { most: LARGEST });
      if (!bytes) throw new Error(`文件没有取到（HTTP ${response.status}）`);
      return bytes;
    },
  };
};
