/** What an answer by HTTP is taken for, and how a token is kept: the messengers' interfaces before a server that does as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DingtalkApi, makeApi as makeDingtalk } from '../../src/platforms/dingtalk/api.ts';
import { classify as dingtalkFate } from '../../src/platforms/dingtalk/send.ts';
import { type FeishuApi, makeApi as makeFeishu } from '../../src/platforms/feishu/api.ts';
import { classify as feishuFate } from '../../src/platforms/feishu/send.ts';
import { fetched } from '../../src/platforms/fetched.ts';
import { byWebhook } from '../../src/platforms/wecom/send.ts';

type Reply = (res: ServerResponse) => void;
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  res =>
    void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const page =
  (status: number): Reply =>
  res =>
    void res.writeHead(status, { 'content-type': 'text/html' }).end('<html>login</html>');
/** Half of a body, and then the line is cut. */
const halfway: Reply = res => {
  res.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' });
  res.write('{"code":0,"errcode":0,', () => res.destroy());
};

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
let server: Server;
let url: string;
/** By the pattern of the path. */
let replies: Map<string, Reply>;
let asked: { path: string; token: string }[];
const tokens = { feishu: /tenant_access_token/, dingtalk: /accessToken/ };
const answers = (path: RegExp, reply: Reply) => replies.set(path.source, reply);
const count = (path: RegExp) => asked.filter(a => path.test(a.path)).length;

beforeEach(async () => {
  replies = new Map();
  asked = [];
  server = createServer((req: IncomingMessage, res) => {
    const path = req.url ?? '';
    asked.push({ path, token: String(req.headers.authorization ?? req.headers['x-acs-dingtalk-access-token'] ?? '') });
    req.resume().on('end', () => {
      const [, reply] = [...replies].find(([p]) => new RegExp(p).test(path)) ?? [];
      if (reply) reply(res);
      else json({ code: 404 }, 404)(res);
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

const dingtalk = (): DingtalkApi => makeDingtalk({ clientId: 'id', clientSecret: 'secret', apiUrl: url, oapiUrl: url }, log);
const feishu = (): Promise<FeishuApi> => makeFeishu({ appId: 'cli_0123456789abcdef', appSecret: 's', baseUrl: url }, log, () => Date.now());
const dingtalkToken = (n = 1) => json({ accessToken: `t${n}`, expireIn: 7200 });
const feishuToken = (n = 1) => json({ code: 0, tenant_access_token: `t${n}`, expire: 7200 });
const SEND = '/v1.0/robot/groupMessages/send';

describe('an answer that cannot be read', () => {
  it.each([
    ['a page', page(200)],
    ['half a body', halfway],
    ['a word', json('ok')],
  ])('is no message of DingTalk: %s', async (_, reply) => {
    answers(tokens.dingtalk, dingtalkToken());
    answers(/groupMessages/, reply);
    answers(/session/, reply);
    const api = dingtalk();
    expect(dingtalkFate(await api.call('POST', SEND, {}))).toMatchObject({ result: 'unknown' });
    expect(dingtalkFate(await api.session(`${url}/session`, {}))).toMatchObject({ result: 'unknown' });
  });

  it('by a session says that it was taken, or it is not known', async () => {
    answers(/session/, json({}));
    expect(dingtalkFate(await dingtalk().session(`${url}/session`, {}))).toMatchObject({ result: 'unknown' });
    answers(/session/, json({ errcode: 0 }));
    expect(dingtalkFate(await dingtalk().session(`${url}/session`, {}))).toBeNull();
  });

  it.each([
    ['a page', page(200)],
    ['half a body', halfway],
    ['no token', json({})],
    ['a failing server', page(502)],
  ])('in place of DingTalk’s token: nothing was sent, and it is tried again: %s', async (_, reply) => {
    answers(tokens.dingtalk, reply);
    answers(/groupMessages/, json({ processQueryKey: 'k' }));
    const api = dingtalk();
    expect(dingtalkFate(await api.call('POST', SEND, {}))).toMatchObject({ result: 'later' });
    expect(await api.upload('file', 'a.xlsx', Buffer.from('x'))).toBeNull();
    expect(count(/groupMessages|upload/)).toBe(0);
    answers(tokens.dingtalk, dingtalkToken());
    expect(dingtalkFate(await api.call('POST', SEND, {}))).toBeNull();
  });

  it.each([
    ['a page', page(200)],
    ['half a body', halfway],
    ['a word', json('ok')],
    ['a failing server', page(503)],
  ])('of Feishu is asked for again, for it knows the key: %s', async (_, reply) => {
    answers(tokens.feishu, reply);
    const api = await feishu();
    const send = async () => feishuFate(await api.call('POST', '/open-apis/im/v1/messages', { data: {} }), 'm');
    expect(await send()).toMatchObject({ result: 'later' });
    answers(tokens.feishu, feishuToken());
    answers(/messages/, reply);
    expect(await send()).toMatchObject({ result: 'later' });
    answers(/messages/, json({ code: 230001, msg: 'bad' }, 400));
    expect(await send()).toMatchObject({ result: 'never' });
    answers(/messages/, page(413));
    expect(await send()).toMatchObject({ result: 'never' });
  });

  it.each([
    ['a page', page(200)],
    ['half a body', halfway],
    ['nothing said', json({})],
  ])('of a group’s webhook is not known: %s', async (_, reply) => {
    answers(/hook/, reply);
    expect(await byWebhook(`${url}/hook`, {})).toMatchObject({ result: 'unknown' });
  });
});

describe('whether it may have arrived', () => {
  it('is said of what Feishu did not answer, and not of what never reached it', async () => {
    answers(tokens.feishu, feishuToken());
    const send = async (api: FeishuApi) => feishuFate(await api.call('POST', '/open-apis/im/v1/messages', { data: {} }), 'm');
    const api = await feishu();
    for (const reply of [page(502), halfway, ((res: ServerResponse) => res.destroy()) as Reply]) {
      answers(/messages/, reply);
      expect(await send(api)).toMatchObject({ result: 'later', perhaps: true });
    }
    for (const reply of [json({ code: 99991400, msg: 'limit' }, 429), json({ code: 99991663, msg: 'token' }, 400)]) {
      answers(/messages/, reply);
      expect(await send(api)).not.toHaveProperty('perhaps');
    }
    answers(tokens.feishu, page(502));
    expect(await send(await feishu())).not.toHaveProperty('perhaps');
    const nobody = await makeFeishu({ appId: 'cli_0123456789abcdef', appSecret: 's', baseUrl: 'http://127.0.0.1:1' }, log, () => 0);
    expect(await send(nobody)).toEqual({ result: 'later', after: 0, why: expect.stringContaining('没有回应') });
  });
});

describe('a limit', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['99999', 3_600_000],
    ['soon', 1_000],
    ['-5', 1_000],
  ])('of Feishu that ends in %s seconds is waited for, an hour at most', async (reset, after) => {
    answers(tokens.feishu, feishuToken());
    answers(/messages/, json({ code: 99991400, msg: 'limit' }, 429, { 'x-ogw-ratelimit-reset': reset }));
    const answer = await (await feishu()).call('POST', '/open-apis/im/v1/messages', { data: {} });
    expect(feishuFate(answer, '')).toMatchObject({ result: 'later', after });
  });

  it.each([
    ['30', 30_000],
    ['99999', 3_600_000],
    ['soon', 2_000],
  ])('of DingTalk that ends in %s seconds likewise', async (retry, after) => {
    answers(tokens.dingtalk, dingtalkToken());
    answers(/groupMessages/, json({ code: 'TooManyRequests' }, 429, { 'retry-after': retry }));
    expect(dingtalkFate(await dingtalk().call('POST', SEND, {}))).toMatchObject({ result: 'later', after });
  });
});

describe('a file that cannot be fetched', () => {
  it('is no more than is taken in, whether its length is told or not', async () => {
    const bytes = Buffer.alloc(100_000, 'x');
    answers(/told/, res => void res.writeHead(200, { 'content-length': bytes.length }).end(bytes));
    answers(/untold/, res => {
      res.writeHead(200);
      for (let i = 0; i < bytes.length; i += 10_000) res.write(bytes.subarray(i, i + 10_000));
      res.end();
    });
    for (const path of ['told', 'untold']) {
      expect((await fetched(`${url}/${path}`, { most: bytes.length })).bytes).toEqual(new Uint8Array(bytes));
      await expect(fetched(`${url}/${path}`, { most: bytes.length - 1 })).rejects.toThrow('文件太大');
    }
  });

  it('is not followed elsewhere with a token', async () => {
    answers(/away/, res => void res.writeHead(302, { location: `${url}/told` }).end());
    answers(/told/, res => void res.writeHead(200).end('x'));
    await expect(fetched(`${url}/away`, { most: 9, headers: { authorization: 'Bearer t' } })).rejects.toThrow('文件没有取到');
    expect(count(/told/)).toBe(0);
    expect((await fetched(`${url}/away`, { most: 9 })).bytes).toHaveLength(1);
  });

  it('is told in one sentence, whatever was in the way', async () => {
    answers(tokens.dingtalk, dingtalkToken());
    answers(tokens.feishu, feishuToken());
    answers(/messageFiles/, json({ downloadUrl: `${url}/file` }));
    const [f, d] = [await feishu(), dingtalk()];
    for (const reply of [page(500), halfway, json({ code: 234003 }, 400), ((res: ServerResponse) => res.destroy()) as Reply]) {
      answers(/resources|\/file$/, reply);
      await expect(f.download('om_1', 'k', 'file')).rejects.toThrow(/^文件没有取到/);
      await expect(d.download('code')).rejects.toThrow(/^文件没有取到/);
    }
    answers(tokens.dingtalk, page(500));
    answers(tokens.feishu, json({ code: 10015, msg: 'app secret invalid' }));
    await expect((await feishu()).download('om_1', 'k', 'file')).rejects.toThrow(/^文件没有取到/);
    await expect(dingtalk().download('code')).rejects.toThrow(/^文件没有取到/);
  });
});

describe('a token', () => {
  /** Both messengers: how a token is given, how one is asked for, and how early it is renewed. */
  const SIDES = [
    {
      name: '飞书',
      path: tokens.feishu,
      early: 180_000,
      give: (n: number, seconds = 7200) => json({ code: 0, tenant_access_token: `t${n}`, expire: seconds }),
      stale: json({ code: 99991663, msg: 'Invalid access token' }, 400),
      done: json({ code: 0, data: { message_id: 'om_1' } }),
      call: /im\/v1\/messages/,
      begin: async () => {
        const api = await feishu();
        return async () => feishuFate(await api.call('POST', '/open-apis/im/v1/messages', { data: {} }), 'm');
      },
    },
    {
      name: '钉钉',
      path: tokens.dingtalk,
      early: 300_000,
      give: (n: number, seconds = 7200) => json({ accessToken: `t${n}`, expireIn: seconds }),
      stale: json({ code: 'InvalidAuthentication', message: 'token' }, 401),
      done: json({ processQueryKey: 'k' }),
      call: /groupMessages/,
      begin: async () => {
        const api = dingtalk();
        return async () => dingtalkFate(await api.call('POST', SEND, {})) ?? { result: 'sent' as const };
      },
    },
  ];
  describe.each(SIDES)('of $name', side => {
    it('is asked for once by all who need it at once, and kept until shortly before its end', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 });
      answers(side.path, side.give(1));
      answers(side.call, side.done);
      const send = await side.begin();
      expect(await Promise.all([send(), send(), send(), send()])).toMatchObject(Array(4).fill({ result: 'sent' }));
      expect(count(side.path)).toBe(1);
      vi.setSystemTime(1_700_000_000_000 + 7_200_000 - side.early - 60_000);
      await send();
      expect(count(side.path)).toBe(1);
      answers(side.path, side.give(2));
      vi.setSystemTime(1_700_000_000_000 + 7_200_000 - side.early);
      await Promise.all([send(), send()]);
      expect(count(side.path)).toBe(2);
      expect(asked.at(-1)!.token).toContain('t2');
    });

    it('that is refused is renewed once, the call made once more, and no more than that', async () => {
      answers(side.path, side.give(1));
      answers(side.call, side.stale);
      const send = await side.begin();
      expect((await send()).result).not.toBe('sent');
      expect([count(side.path), count(side.call)]).toEqual([2, 2]);
      answers(side.call, side.done);
      expect(await send()).toMatchObject({ result: 'sent' });
    });

    it('that is refused twice at once is renewed once, though one of the two hears of it late', async () => {
      answers(side.path, side.give(1));
      answers(side.call, side.done);
      const send = await side.begin();
      await send();
      answers(side.path, side.give(2));
      let late = 0;
      answers(side.call, res => {
        if (asked.at(-1)!.token.includes('t2')) return side.done(res);
        setTimeout(() => side.stale(res), late);
        late += 150;
      });
      expect((await Promise.all([send(), send()])).map(s => s.result)).toEqual(['sent', 'sent']);
      expect(count(side.path)).toBe(2);
    });

    it('that cannot be had leaves what is to be sent for later, and all who waited hear so', async () => {
      answers(side.path, page(503));
      answers(side.call, side.done);
      const send = await side.begin();
      expect((await Promise.all([send(), send()])).map(s => s.result)).toEqual(['later', 'later']);
      expect([count(side.path), count(side.call)]).toEqual([1, 0]);
      answers(side.path, side.give(1));
      expect(await send()).toMatchObject({ result: 'sent' });
    });

    it('that lasts no longer than the margin is used all the same', async () => {
      answers(side.path, side.give(1, 60));
      answers(side.call, side.done);
      const send = await side.begin();
      expect(await send()).toMatchObject({ result: 'sent' });
      await send();
      expect(count(side.path)).toBe(2);
    });
  });
});
