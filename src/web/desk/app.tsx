/** The page behind a one-time link: a direct chat in a browser. Plain forms, so that it works without a script. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Desk, LoginView, Said, Visitor } from '../../bot/desk.ts';
import { makeAssets } from '../assets.ts';
import { ownOnly, sameOrigin } from '../guard.ts';
import { failure, LARGEST } from '../sandbox/api.ts';
import { fileName } from '../sandbox/requests.ts';
import { LoginsPage } from './logins.tsx';
import { ChatPage, EnterPage, OutboxPage, OverPage } from './page.tsx';

const COOKIE = 'desk';

/** What was sent is no form, or half of one: a connection that broke off. */
class BadForm extends Error {}
const formOf = (c: Context) =>
  c.req.parseBody().catch(() => {
    throw new BadForm();
  });

export const deskPages = ({
  desk,
  log,
  logins = () => [],
}: {
  desk: Desk;
  log: { error(what: object, message: string): void };
  /** Messengers that are logged in by scanning; for admins only. */
  logins?: () => LoginView[];
}): Hono => {
  const app = new Hono<{ Variables: { visitor: Visitor } }>();
  const assets = makeAssets('/web/assets', {
    'sandbox.css': 'src/web/sandbox/static/sandbox.css',
    'icon.svg': 'src/web/sandbox/static/icon.svg',
  });
  const page = (c: Context, what: unknown, status: 200 | 400 | 401 | 403 = 200) => {
    c.header('cache-control', 'no-store');
    return c.html(html`<!doctype html>${what}`, status);
  };
  const over = (c: Context, why: string, status: 401 | 403 = 401) => page(c, <OverPage assets={assets} why={why} />, status);
  const secure = (c: Context) => new URL(c.req.url).protocol === 'https:' || c.req.header('x-forwarded-proto') === 'https';

  app.use(ownOnly, sameOrigin);
  app.onError((e, c) =>
    e instanceof BadForm ? page(c, <OverPage assets={assets} why="没有收全，请退回再发一次" back />, 400) : failure(log)(e, c),
  );
  app.route('/assets', assets.routes);

  // A messenger looks at links before people do: opening the page uses nothing up, the button does.
  app.get('/enter/:token', c => page(c, <EnterPage assets={assets} token={c.req.param('token')} />));
  app.post('/enter/:token', async c => {
    const answer = await desk.enter(c.req.param('token'));
    if ('problem' in answer) return over(c, answer.problem === 'used' ? '这个链接已经用过' : '这个链接已过期或不对', 403);
    setCookie(c, COOKIE, answer.session, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/web',
      maxAge: answer.lasts / 1000,
      secure: secure(c),
    });
    return c.redirect('/web#end', 303);
  });

  app.use(async (c, next) => {
    const visitor = await desk.who(getCookie(c, COOKIE) ?? '');
    if (!visitor) return over(c, '还没有登录，或已经过时');
    c.set('visitor', visitor);
    return next();
  });

  app.get('/', c => {
    const { person, name, admin } = c.get('visitor');
    return page(
      c,
      <ChatPage
        assets={assets}
        person={person}
        name={name}
        admin={admin}
        logins={admin ? logins().map(l => l.name) : []}
        messages={desk.messages(person)}
        problem={c.req.query('problem') ?? ''}
      />,
    );
  });
  app.get('/outbox', async c => {
    const visitor = c.get('visitor');
    const queue = await desk.queue(visitor);
    if (!queue) return page(c, <OverPage assets={assets} why="这一页只给系统管理员看" back />, 403);
    return page(c, <OutboxPage assets={assets} name={visitor.name} queue={queue} said={c.req.query('said') ?? ''} />);
  });
  app.get('/logins', c =>
    c.get('visitor').admin ? page(c, <LoginsPage assets={assets} logins={logins()} />) : over(c, '这一页只给系统管理员', 403),
  );
  app.get('/files/:id', async c => {
    const found = await desk.file(c.get('visitor').person, c.req.param('id'));
    if (!found) return c.notFound();
    return c.body(new Uint8Array(found.bytes), 200, {
      'content-type': /\.png$/.test(found.file.name) ? 'image/png' : 'application/octet-stream',
      'content-disposition': `${/\.png$/.test(found.file.name) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(found.file.name)}`,
      'cache-control': 'private, no-store',
    });
  });
  app.post('/leave', async c => {
    await desk.leave(getCookie(c, COOKIE) ?? '');
    deleteCookie(c, COOKIE, { path: '/web' });
    return page(c, <OverPage assets={assets} why="已退出" />);
  });

  const saying = async (c: Context<{ Variables: { visitor: Visitor } }>, said: Said) => {
    const visitor = c.get('visitor');
    const answer = await desk.say(visitor, said);
    // What was said stands at the top, its answer below.
    const own = desk.messages(visitor.person).findLast(m => m.from === visitor.person)?.id ?? '';
    return c.redirect(`/web${answer ? `?problem=${encodeURIComponent(answer.problem.message)}` : ''}#m${own}`, 303);
  };
  const text = (value: unknown): string => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '');
  app.use(bodyLimit({ maxSize: LARGEST, onError: c => page(c, <OverPage assets={assets} why="文件超过 5 MB，没有发出" back />, 400) }));
  app.post('/say', async c => {
    const body = await formOf(c);
    const { file } = body;
    if (file instanceof File && file.size > 0)
      return saying(c, { kind: 'file', name: fileName(file.name), bytes: new Uint8Array(await file.arrayBuffer()) });
    return text(body['text']).trim() === '' ? c.redirect('/web#end', 303) : saying(c, { kind: 'text', text: text(body['text']) });
  });
  app.post('/press', async c => {
    const body = await formOf(c);
    return saying(c, { kind: 'button', message: text(body['message']), index: Number(text(body['index']) || Number.NaN) });
  });
  app.post('/outbox', async c => {
    const visitor = c.get('visitor');
    const command = text((await formOf(c))['command']);
    // The page's buttons and nothing else; whether it may be, the command itself decides.
    if (!/^\/(?:重发|作废) \d+$/.test(command)) return page(c, <OverPage assets={assets} why="没有这个按钮" back />, 403);
    const problem = await desk.say(visitor, { kind: 'text', text: command });
    const answer = desk.messages(visitor.person).at(-1)?.card;
    const said = problem?.problem.message ?? [answer?.title, ...(answer?.lines ?? [])].filter(Boolean).join('；');
    return c.redirect(`/web/outbox?said=${encodeURIComponent(said)}`, 303);
  });
  app.post('/fill', async c => {
    const body = await formOf(c);
    const values = Object.fromEntries(Object.keys(body).flatMap(k => (k.startsWith('v.') ? [[k.slice(2), text(body[k])]] : [])));
    return saying(c, { kind: 'form', message: text(body['message']), values });
  });
  app.notFound(c => c.text('没有这个页面', 404));
  return new Hono().route('/web', app);
};
