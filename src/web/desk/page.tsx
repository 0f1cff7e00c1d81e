/** The page's markup: the conversation, a line to write in, and nothing else. */
import type { FC } from 'hono/jsx';
import type { Queue } from '../../bot/desk.ts';
import type { Item } from '../../bot/outbox-view.ts';
import type { Message } from '../../bot/stage.ts';
import { type Day, sayInstant } from '../../core/day.ts';
import type { Assets } from '../assets.ts';
import { Bubble } from '../sandbox/card.tsx';
import type { Eye } from '../sandbox/eye.tsx';

/** Of the page's head: the ways to other pages, and out. */
const Head: FC<{ name: string; others: readonly { href: string; title: string }[] }> = ({ name, others }) => (
  <header class="desk-head">
    <h1>下基层助手</h1>
    {others.map(o => (
      <a href={o.href}>{o.title}</a>
    ))}
    <span>{name}</span>
    <form method="post" action="/web/leave">
      <button type="submit">退出</button>
    </form>
  </header>
);

export const Shell: FC<{ assets: Assets; title: string; refresh?: number; children?: unknown }> = ({
  assets,
  title,
  refresh,
  children,
}) => (
  <html lang="zh-CN">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      {refresh !== undefined && <meta http-equiv="refresh" content={String(refresh)} />}
      <title>{title}</title>
      <link rel="icon" href={assets.href('icon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={assets.href('sandbox.css')} />
    </head>
    <body class="desk">{children}</body>
  </html>
);

export const EnterPage: FC<{ assets: Assets; token: string }> = ({ assets, token }) => (
  <Shell assets={assets} title="进入下基层助手">
    <main class="nobody">
      <h1>下基层助手</h1>
      <p>链接只能用一次，登录后八小时有效。公用电脑用完请点“退出”。</p>
      <form method="post" action={`/web/enter/${encodeURIComponent(token)}`}>
        <button type="submit" class="primary">
          进入
        </button>
      </form>
    </main>
  </Shell>
);

export const OverPage: FC<{ assets: Assets; why: string; back?: boolean }> = ({ assets, why, back }) => (
  <Shell assets={assets} title="下基层助手">
    <main class="nobody">
      <h1>{why}</h1>
      <p>{back ? <a href="/web">返回</a> : '请在飞书、钉钉等私聊里发“网页”，取新的链接。'}</p>
    </main>
  </Shell>
);

export const ChatPage: FC<{
  assets: Assets;
  person: string;
  name: string;
  /** May look at the outbox. */
  admin: boolean;
  /** Messengers whose login this person may look at. */
  logins: readonly string[];
  messages: readonly Message[];
  problem: string;
}> = ({ assets, person, name, admin, logins, messages, problem }) => {
  const eye: Eye = {
    as: person,
    place: person,
    base: '/web',
    nameOf: id => (id === person ? name : id),
    message: id => messages.find(m => m.id === id),
  };
  return (
    <Shell assets={assets} title="下基层助手">
      <Head
        name={name}
        others={[
          ...(admin ? [{ href: '/web/outbox', title: '发件箱' }] : []),
          ...(logins.length ? [{ href: '/web/logins', title: `${logins.join('、')}登录` }] : []),
        ]}
      />
      <main class="desk-log">
        <ol class="log">
          {messages.length === 0 && <li class="empty">和私聊里一样发命令，如 待办、统计、帮助；表格文件也发在这里</li>}
          {messages.map((m, i) => (
            <Bubble message={m} eye={eye} dayBefore={messages[i - 1]?.at.slice(0, 10)} />
          ))}
        </ol>
        <div id="end" />
      </main>
      <div class="composer">
        {problem && (
          <p class="problem" role="status">
            {problem}
          </p>
        )}
        <form method="post" action="/web/say" enctype="multipart/form-data" class="desk-say">
          <label class="hidden" for="text">
            要说的话
          </label>
          <input id="text" name="text" type="text" placeholder="直接发命令，如 帮助" autocomplete="off" autofocus />
          <label class="hidden" for="file">
            文件
          </label>
          <input id="file" name="file" type="file" />
          <button type="submit" class="primary">
            发送
          </button>
        </form>
      </div>
    </Shell>
  );
};

/** A button that says its command, as every button does. */
const Say: FC<{ command: string; label: string }> = ({ command, label }) => (
  <form method="post" action="/web/outbox">
    <input type="hidden" name="command" value={command} />
    <button type="submit">{label}</button>
  </form>
);

const Rows: FC<{ title: string; hint: string; items: readonly Item[]; today: Day }> = ({ title, hint, items, today }) => (
  <section class="queue">
    <h2>
      {title} {items.length}
    </h2>
    <p>{hint}</p>
    {items.length > 0 && (
      <table>
        <thead>
          <tr>
            <th>编号</th>
            <th>给谁</th>
            <th>原因</th>
            <th>时间</th>
            <th>办理</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ row, whom, why, until }) => (
            <tr>
              <td>{row.seq}</td>
              <td>{whom}</td>
              <td>{why}</td>
              <td>{until === null ? sayInstant(row.createdAt, today) : `${sayInstant(until, today)} 再发`}</td>
              <td>
                {row.state !== 'pending' && row.to.conversation !== '' && <Say command={`/重发 ${row.seq}`} label={`重发 ${row.seq}`} />}
                <Say command={`/作废 ${row.seq}`} label={`作废 ${row.seq}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);

/** The admin's page of the outbox: what waits and why, what did not arrive or may not have. */
export const OutboxPage: FC<{ assets: Assets; name: string; queue: Queue; said: string }> = ({ assets, name, queue, said }) => {
  const { today } = queue;
  const of = (state: string) => queue.items.filter(i => i.row.state === state);
  return (
    <Shell assets={assets} title="发件箱">
      <Head name={name} others={[{ href: '/web', title: '返回对话' }]} />
      <main class="desk-log">
        {said && (
          <p class="problem" role="status">
            {said}
          </p>
        )}
        <ul>
          {[...queue.troubles, ...queue.used].map(line => (
            <li>{line}</li>
          ))}
        </ul>
        {queue.items.length === 0 && <p>发件箱是空的，都送到了</p>}
        <Rows title="不知是否送到" hint="可能已经送到，先问对方再重发" items={of('unknown')} today={today} />
        <Rows title="没有送到" hint="原因处理好了再重发；不用送了就作废" items={of('failed')} today={today} />
        <Rows title="等着发" hint="到时候自己会发，不用管" items={of('pending')} today={today} />
      </main>
    </Shell>
  );
};
