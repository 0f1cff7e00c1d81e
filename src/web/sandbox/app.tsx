/** The sandbox's pages: the same acts as the API, sent by forms. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import type { Look, Looks } from '../../bot/looks.ts';
import type { Message, Problem, Said, Sandbox } from '../../bot/stage.ts';
import { addDays, at, dayAt } from '../../core/day.ts';
import { makeAssets } from '../assets.ts';
import { localOnly, ownOnly } from '../guard.ts';
import type { Streams } from '../streams.ts';
import { failure, LARGEST, sandboxApi } from './api.ts';
import type { Eye } from './eye.tsx';
import { lookOf } from './looks/index.tsx';
import { EmptyPage, Page } from './page.tsx';
import { Went } from './panels.tsx';
import { clockBody, fileName, groupBody } from './requests.ts';
import { openPageStream } from './stream.tsx';
import { hrefOf, makeSeen, viewOf } from './view.ts';

export interface SandboxPages {
  sandbox: Sandbox;
  /** The messengers as which it can be looked at; without it there is no choice. */
  looks?: Looks | undefined;
  streams: Streams;
  log: { error(what: object, message: string): void };
}

/** The page shows this many messages of a conversation; the API has them all. */
const SHOWN = 300;

type Fields = Record<string, string | File | (string | File)[]>;
/** Browsers send line ends of their own in forms. */
const textOf = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '';
};

export const sandboxPages = ({ sandbox, looks, streams, log }: SandboxPages): Hono => {
  const app = new Hono();
  const seen = makeSeen(sandbox);
  const assets = makeAssets('/sandbox/assets', {
    'sandbox.css': 'src/web/sandbox/static/sandbox.css',
    'looks.css': 'src/web/sandbox/static/looks.css',
    'sandbox.js': 'src/web/sandbox/static/sandbox.js',
    'icon.svg': 'src/web/sandbox/static/icon.svg',
    'htmx.js': 'htmx.org/dist/htmx.min.js',
    'sse.js': 'htmx.org/dist/ext/hx-sse.min.js',
  });

  const eyeOf = (as: string, place: string, look: Look | undefined): Eye => ({
    as,
    place,
    look,
    base: '/sandbox',
    nameOf: id => (id === 'bot' ? '下基层助手' : (sandbox.account(id)?.name ?? id)),
    message: sandbox.message,
  });
  const lookIn = (c: Context): Look | undefined => (looks ? lookOf(c.req.query('look')) : undefined);
  const payloadsOf = async (message: Message, look: Look | undefined) =>
    look && looks && message.from === 'bot' ? looks.payloads(look, message) : undefined;
  const mayLook = (as: string, place: string): boolean => sandbox.placesOf(as).some(p => p.id === place);

  app.use(localOnly, ownOnly);
  app.onError(failure(log));
  app.route('/sandbox/api', sandboxApi({ sandbox, streams, log }));
  app.route('/sandbox/assets', assets.routes);

  app.get('/', async c => {
    c.header('cache-control', 'no-store');
    const last = sandbox.last();
    const look = lookIn(c);
    const view = await viewOf(sandbox, seen, c.req.query('as'), c.req.query('in'), { look, looks: looks !== undefined });
    if (!view) return c.html(html`<!doctype html>${<EmptyPage assets={assets} />}`);
    const all = (sandbox.messages({ conversation: view.place.id }) ?? []).filter(m => Number(m.id) <= Number(last));
    const members = sandbox.group(view.place.id)?.members.map(m => sandbox.account(m)?.name ?? m) ?? [];
    const page = (
      <Page
        assets={assets}
        view={view}
        messages={await Promise.all(all.slice(-SHOWN).map(async message => ({ message, payloads: await payloadsOf(message, look) })))}
        earlier={all.length > SHOWN}
        eye={eyeOf(view.speaker.id, view.place.id, look)}
        last={last}
        members={members}
      />
    );
    return c.html(html`<!doctype html>${page}`);
  });

  app.get('/sandbox/stream', c => {
    const as = c.req.query('as') ?? '';
    const place = c.req.query('in') ?? '';
    if (!mayLook(as, place)) return c.text('没有这个会话', 404);
    const look = lookIn(c);
    const after = c.req.header('last-event-id') ?? c.req.query('after') ?? '';
    return openPageStream(c, {
      sandbox,
      seen,
      streams,
      eye: eyeOf(as, place, look),
      payloads: message => payloadsOf(message, look),
      after: /^\d{1,15}$/.test(after) ? after : sandbox.last(),
      failed: err => log.error({ err }, 'page stream failed'),
    });
  });

  /** Answers a form: with htmx a line of notice, else the page anew. */
  const back = (c: Context, fields: Fields, problem?: string) => {
    if (!c.req.header('hx-request'))
      return problem ? c.text(problem, 400) : c.redirect(hrefOf(textOf(fields, 'as'), textOf(fields, 'in'), textOf(fields, 'look')), 303);
    return c.html(problem ? <p class="problem">{problem}</p> : '');
  };
  const saying = async (c: Context, fields: Fields, contents: Said['content'][]) => {
    for (const content of contents) {
      const answer = await sandbox.say({ speaker: textOf(fields, 'as'), conversation: textOf(fields, 'in'), content });
      if ('problem' in answer) return back(c, fields, answer.problem.message);
    }
    return back(c, fields);
  };
  const forms = new Hono<{ Variables: { fields: Fields } }>();
  forms.onError((e, c) => {
    const answer = failure(log)(e, c);
    return c.req.header('hx-request')
      ? c.html(<p class="problem">{answer.status === 503 ? '现在存不下来，请稍后再发' : '出错了，请看日志'}</p>)
      : answer;
  });
  forms.use(bodyLimit({ maxSize: LARGEST, onError: c => c.html(<p class="problem">文件超过 5 MB，没有发出</p>) }));
  forms.use(async (c, next) => {
    // `all`: a name that comes several times is a list.
    c.set('fields', (await c.req.parseBody({ all: true })) as Fields);
    await next();
  });

  forms.post('/say', async c => {
    const fields = c.get('fields');
    const text = textOf(fields, 'text');
    const { file } = fields;
    const contents: Said['content'][] = [];
    if (text.trim() !== '') contents.push({ kind: 'text', text });
    if (file instanceof File && file.size > 0)
      contents.push({ kind: 'file', name: fileName(file.name), bytes: new Uint8Array(await file.arrayBuffer()) });
    return contents.length ? saying(c, fields, contents) : back(c, fields, '还没有写要说的话');
  });

  forms.post('/press', c => {
    const fields = c.get('fields');
    const message = textOf(fields, 'message');
    const command = textOf(fields, 'command');
    // As in a messenger a button carries its command, and must be one that was offered.
    const index = command
      ? (sandbox.message(message)?.card.buttons ?? []).findIndex(b => b.command === command)
      : Number(textOf(fields, 'index') || Number.NaN);
    const remark = textOf(fields, 'remark').trim();
    // A remark beside the buttons goes along as if it had been typed behind the command.
    if (remark && command && index >= 0) return saying(c, fields, [{ kind: 'text', text: `${command} ${remark}` }]);
    return saying(c, fields, [{ kind: 'button', message, index }]);
  });

  forms.post('/fill', c => {
    const fields = c.get('fields');
    const values = Object.fromEntries(
      Object.keys(fields)
        .filter(k => k.startsWith('v.'))
        .map(k => [k.slice(2), textOf(fields, k)]),
    );
    return saying(c, fields, [{ kind: 'form', message: textOf(fields, 'message'), values }]);
  });

  forms.post('/locate', c => {
    const fields = c.get('fields');
    const [lat, lng] = [Number(textOf(fields, 'lat')), Number(textOf(fields, 'lng'))];
    if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return back(c, fields, '纬度在 -90 到 90 之间，经度在 -180 到 180 之间');
    return saying(c, fields, [{ kind: 'location', lat, lng, name: textOf(fields, 'name').slice(0, 100) }]);
  });

  forms.post('/groups', async c => {
    const fields = c.get('fields');
    const others = ([] as unknown[]).concat(fields.member ?? []).filter(m => typeof m === 'string');
    const body = groupBody.safeParse({ name: textOf(fields, 'name'), members: [textOf(fields, 'as'), ...others] });
    if (!body.success) return back(c, fields, body.error.issues[0]!.message);
    const answer = await sandbox.addGroup(body.data);
    return 'problem' in answer
      ? back(c, fields, answer.problem.message)
      : c.redirect(hrefOf(textOf(fields, 'as'), answer.group.id, textOf(fields, 'look')), 303);
  });

  /** Where the clock is to go; undefined when nothing comes. */
  const target = async (fields: Fields): Promise<number | undefined> => {
    const now = sandbox.now();
    switch (textOf(fields, 'by')) {
      case 'hour':
        return now + 3_600_000;
      case 'morning':
        return at(addDays(dayAt(now), 1), '08:00');
      case 'next':
        return (await sandbox.state()).next.find(n => n.at > now)?.at;
      default: {
        const to = textOf(fields, 'at') || `${textOf(fields, 'to')}${textOf(fields, 'to').length === 16 ? ':00' : ''}+08:00`;
        return clockBody.safeParse({ to }).data?.to;
      }
    }
  };
  const heard = (messages: readonly Message[], look: string) => {
    const places = new Map<string, { href: string; name: string; n: number }>();
    for (const { conversation } of messages) {
      const direct = conversation.kind === 'direct';
      const account = direct ? conversation.id.slice('direct:'.length) : (sandbox.group(conversation.id)?.members[0] ?? '');
      const before = places.get(conversation.id);
      places.set(conversation.id, {
        href: hrefOf(account, conversation.id, look),
        name: direct ? `${conversation.name}（私聊）` : conversation.name,
        n: (before?.n ?? 0) + 1,
      });
    }
    return [...places.values()];
  };

  forms.post('/clock', async c => {
    const fields = c.get('fields');
    const to = await target(fields);
    if (to === undefined) return back(c, fields, textOf(fields, 'by') === 'next' ? '眼下没有要到的事' : '请写日期和时间');
    const answer = await sandbox.moveTo(to);
    if ('problem' in answer) return back(c, fields, answer.problem.message);
    return c.req.header('hx-request')
      ? c.html(<Went now={answer.now} heard={heard(answer.messages, textOf(fields, 'look'))} />)
      : back(c, fields);
  });

  forms.post('/reset', async c => {
    const answer: { now: number } | Problem = await sandbox.reset({ again: true });
    if ('problem' in answer) return back(c, c.get('fields'), answer.problem.message);
    if (!c.req.header('hx-request')) return c.redirect('/', 303);
    c.header('hx-redirect', '/');
    return c.body('', 200);
  });

  app.route('/sandbox', forms);
  app.notFound(c => c.text('没有这个页面', 404));
  return app;
};
