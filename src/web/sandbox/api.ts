/** The sandbox over HTTP, for tests and for anyone who wants to script a rehearsal. Its shapes are a contract, written out in API.md. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { StoreFault } from '../../bot/ports.ts';
import type { Problem, Said, Sandbox } from '../../bot/stage.ts';
import { iso } from '../../core/day.ts';
import { refusal } from '../guard.ts';
import type { Streams } from '../streams.ts';
import { clockBody, fileBody, fileName, groupBody, messageBody, messagesQuery, resetBody } from './requests.ts';

/** No body may be larger, whatever it carries. */
export const LARGEST = 5 * 1024 * 1024;

const limitBody = bodyLimit({ maxSize: LARGEST, onError: c => refusal(c, 413, 'body.too-large', '内容超过 5 MB，没有收下') });

/** A body that could not be read, said as the API says it. */
class BadBody extends Error {
  readonly code: string;
  readonly path: string;
  constructor(code: string, message: string, path = '') {
    super(message);
    this.code = code;
    this.path = path;
  }
}

const checked = <T extends z.ZodType>(schema: T, value: unknown): z.output<T> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  throw new BadBody('request.invalid', issue.code === 'unrecognized_keys' ? `没有“${issue.keys[0]}”这一项` : issue.message, path.join('.'));
};

const json = async (c: Context): Promise<unknown> => {
  const text = await c.req.text();
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new BadBody('json.invalid', '内容不是正确的 JSON');
  }
};

/** The message of a JSON or multipart body. */
const readSaid = async (c: Context): Promise<Said> => {
  if (!c.req.header('content-type')?.toLowerCase().startsWith('multipart/form-data')) return checked(messageBody, await json(c));
  const fields = await c.req.parseBody().catch(() => {
    throw new BadBody('multipart.invalid', 'multipart 内容读不出来');
  });
  const { file, ...said } = checked(fileBody, fields);
  return {
    conversation: said.conversation,
    speaker: said.speaker,
    ...(said.eventId === undefined ? {} : { eventId: said.eventId }),
    content: {
      kind: 'file',
      name: fileName(file.name),
      bytes: new Uint8Array(await file.arrayBuffer()),
      ...(said.text === undefined ? {} : { text: said.text }),
    },
  };
};

const problemOf = (c: Context, { problem }: Problem) => refusal(c, problem.status, problem.code, problem.message, problem.path);

/** What went wrong, in the API's shape. What is not known beforehand is logged by its kind only: bodies carry people's words. */
export const failure =
  (log: { error(what: object, message: string): void }) =>
  (e: Error, c: Context): Response => {
    if (e instanceof BadBody) return refusal(c, 400, e.code, e.message, e.path);
    if (e instanceof StoreFault) return refusal(c, 503, 'store.fault', '现在存不下来，这条没有受理，请稍后再发');
    log.error({ path: c.req.path, err: e }, 'request failed');
    return refusal(c, 500, 'failed', '出错了，请看日志');
  };

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};
/** Pictures are shown, everything else is saved: nothing that was sent in may run as a page here. */
const fileHeaders = (name: string): Record<string, string> => {
  const kind = name.split('.').at(-1)?.toLowerCase() ?? '';
  const type = TYPES[kind] ?? 'application/octet-stream';
  const how = type.startsWith('image/') ? 'inline' : 'attachment';
  return {
    'content-type': type,
    'content-disposition': `${how}; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'private, max-age=31536000, immutable',
  };
};

export const sandboxApi = ({
  sandbox,
  streams,
  log,
}: {
  sandbox: Sandbox;
  streams: Streams;
  log: { error(what: object, message: string): void };
}): Hono => {
  const api = new Hono();
  api.use(limitBody);
  api.onError(failure(log));

  const state = async () => {
    const { now, next, groups, people, programme, claimCode } = await sandbox.state();
    return {
      now: iso(now),
      programme,
      groups,
      people,
      next: next.map(n => ({ at: iso(n.at), what: n.what })),
      ...(claimCode === null ? {} : { claimCode }),
    };
  };

  api.get('/state', async c => c.json(await state()));

  api.post('/messages', async c => {
    const answer = await sandbox.say(await readSaid(c));
    return 'problem' in answer ? problemOf(c, answer) : c.json(answer);
  });

  api.get('/messages', c => {
    const where = checked(messagesQuery, c.req.query());
    const messages = sandbox.messages({
      ...(where.after === undefined ? {} : { after: where.after }),
      ...(where.conversation === undefined ? {} : { conversation: where.conversation }),
    });
    return messages ? c.json({ messages }) : refusal(c, 404, 'conversation.unknown', `没有这个会话：${where.conversation}`, 'conversation');
  });

  api.post('/clock', async c => {
    // Beside a real platform it is refused whatever the body says.
    const to = sandbox.rehearsable ? checked(clockBody, await json(c)).to : sandbox.now();
    const answer = await sandbox.moveTo(to);
    return 'problem' in answer ? problemOf(c, answer) : c.json({ now: iso(answer.now), messages: answer.messages });
  });

  api.post('/reset', async c => {
    const { programme, at, empty } = sandbox.rehearsable ? checked(resetBody, await json(c)) : {};
    const answer = await sandbox.reset({
      ...(programme === undefined ? {} : { programme }),
      ...(at === undefined ? {} : { at }),
      ...(empty === undefined ? {} : { empty }),
    });
    return 'problem' in answer ? problemOf(c, answer) : c.json(await state());
  });

  api.post('/groups', async c => {
    const answer = await sandbox.addGroup(checked(groupBody, await json(c)));
    return 'problem' in answer ? problemOf(c, answer) : c.json({ ...answer.group, orgs: [], messages: answer.messages });
  });

  api.get('/files/:id', async c => {
    const file = await sandbox.file(c.req.param('id'));
    if (!file) return refusal(c, 404, 'file.unknown', '没有这个文件', 'id');
    return c.body(new Uint8Array(file.bytes), 200, fileHeaders(file.name));
  });

  api.get('/events', c => {
    const since = c.req.header('last-event-id') ?? c.req.query('after') ?? sandbox.last();
    const { after = sandbox.last() } = checked(messagesQuery, { after: since });
    return streams.open(c, stream => {
      const stop = sandbox.subscribe(event => {
        if (event.kind === 'message') void stream.writeSSE({ event: 'message', id: event.message.id, data: JSON.stringify(event.message) });
        else if (event.kind === 'clock') void stream.writeSSE({ event: 'clock', data: JSON.stringify({ now: iso(event.now) }) });
        else if (event.kind === 'group') void stream.writeSSE({ event: 'group', data: JSON.stringify(event.group) });
        else void stream.writeSSE({ event: 'reset', data: '{}' });
      });
      for (const m of sandbox.messages({ after }) ?? []) void stream.writeSSE({ event: 'message', id: m.id, data: JSON.stringify(m) });
      return stop;
    });
  });

  api.all('*', c => refusal(c, 404, 'path.unknown', '没有这个接口'));
  return api;
};
