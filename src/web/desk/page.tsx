/** The page's markup: the conversation, a line to write in, and nothing else. */
import type { FC } from 'hono/jsx';
import type { Message } from '../../bot/stage.ts';
import type { Assets } from '../assets.ts';
import { Bubble, type Eye } from '../sandbox/card.tsx';

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
  /** Messengers whose login this person may look at. */
  logins: readonly string[];
  messages: readonly Message[];
  problem: string;
}> = ({ assets, person, name, logins, messages, problem }) => {
  const eye: Eye = {
    as: person,
    place: person,
    base: '/web',
    nameOf: id => (id === person ? name : id),
    message: id => messages.find(m => m.id === id),
  };
  return (
    <Shell assets={assets} title="下基层助手">
      <header class="desk-head">
        <h1>下基层助手</h1>
        <span>{name}</span>
        {logins.length > 0 && <a href="/web/logins">{logins.join('、')}登录</a>}
        <form method="post" action="/web/leave">
          <button type="submit">退出</button>
        </form>
      </header>
      <main class="desk-log">
        <ol class="log">
          {messages.length === 0 && <li class="empty">和私聊里一样发命令，如 待办、统计、帮助；表格文件也发在这里</li>}
          {messages.map((m, i) => (
            <Bubble message={m} eye={eye} dayBefore={messages[i - 1]?.at.slice(0, 10)} />
          ))}
        </ol>
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
