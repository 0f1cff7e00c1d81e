/** The sandbox's page: chats at the left, the conversation in the middle, the clock at the right. */
import type { FC } from 'hono/jsx';
import type { Payload } from '../../bot/looks.ts';
import type { Message } from '../../bot/stage.ts';
import { iso, timeOf } from '../../core/day.ts';
import type { Assets } from '../assets.ts';
import { Avatar, Bubble } from './card.tsx';
import { type Eye, Where } from './eye.tsx';
import { LOOK_NAMES } from './looks/index.tsx';
import { Chats, Coming, First, Mine, Now, Speakers, ToNext, UnreadOfOthers } from './panels.tsx';
import { hrefOf, type View } from './view.ts';

const Shell: FC<{ assets: Assets; title: string; children?: unknown }> = ({ assets, title, children }) => (
  <html lang="zh-CN">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false,"extensions":"sse","defaultTimeout":600000}' />
      <link rel="icon" href={assets.href('icon.svg')} type="image/svg+xml" />
      <link rel="stylesheet" href={assets.href('sandbox.css')} />
      <link rel="stylesheet" href={assets.href('looks.css')} />
      {/* Not deferred: a deferred htmx may begin before its extension is there, and the page would never hear anything. */}
      <script src={assets.href('htmx.js')} />
      <script src={assets.href('sse.js')} />
      <script src={assets.href('sandbox.js')} defer />
    </head>
    <body>{children}</body>
  </html>
);

/** While nothing is loaded. */
export const EmptyPage: FC<{ assets: Assets }> = ({ assets }) => (
  <Shell assets={assets} title="演练台">
    <main class="nobody">
      <h1>演练台还没有人</h1>
      <p>没有装入演示数据。真实平台已接入时，请在平台的群里使用。</p>
    </main>
  </Shell>
);

/** As here, or as a messenger would show it. */
const LookSwitch: FC<{ view: View }> = ({ view }) => (
  <nav class="look-switch" aria-label="按哪个平台的样子看" title="内容是真要发出去的，样子是近似的">
    {([undefined, 'feishu', 'dingtalk', 'wecom', 'wechat'] as const).map(look => (
      <a href={hrefOf(view.speaker.id, view.place.id, look)} aria-current={view.look === look ? 'true' : undefined}>
        {look ? LOOK_NAMES[look] : '演练'}
      </a>
    ))}
  </nav>
);

/** Where nothing was said yet: what a newcomer may try, each a way to who does it and where. */
const Tries: FC<{ view: View }> = ({ view }) =>
  view.tries.length > 0 ? (
    <>
      <h3>先试这几件</h3>
      <ol class="tries">
        {view.tries.map(t => (
          <li>
            <a href={hrefOf(t.account, t.place, view.look)}>{t.name}</a>
            <span>
              {t.group === null ? '（私聊）' : `（${t.group}）`}：{t.does}
            </span>
          </li>
        ))}
      </ol>
    </>
  ) : null;

const SpeakerMenu: FC<{ view: View }> = ({ view }) => (
  <details class="menu speaker">
    <summary>
      <Avatar name={view.speaker.name} />
      <span class="chat-text">
        <span class="chat-name">
          <span class="hidden">我是 </span>
          {view.speaker.name}
        </span>
        <span class="chat-last">{view.speaker.says}</span>
      </span>
      <span id="others">
        <UnreadOfOthers view={view} />
      </span>
    </summary>
    <div class="sheet">
      <label for="find">换一个人说话</label>
      <input id="find" type="search" placeholder="姓名、单位或角色" autocomplete="off" />
      <div id="speakers">
        <Speakers view={view} />
      </div>
      <p class="empty" id="nobody-found" hidden>
        没有找到
      </p>
    </div>
  </details>
);

const NewGroup: FC<{ view: View }> = ({ view }) => (
  <details class="menu new-group">
    <summary>建群</summary>
    <form class="sheet" method="post" action="/sandbox/groups">
      <Where as={view.speaker.id} place={view.place.id} look={view.look} />
      <div class="field">
        <label for="group-name">群名</label>
        <input id="group-name" name="name" required maxlength={60} autocomplete="off" />
      </div>
      <fieldset>
        <legend>除了自己，还有</legend>
        {view.units.map(u =>
          u.people
            .filter(p => p.id !== view.speaker.id)
            .map(p => (
              <label class="tick">
                <input type="checkbox" name="member" value={p.id} /> {p.name} <small>{u.name}</small>
              </label>
            )),
        )}
      </fieldset>
      <button type="submit" class="primary">
        建群并请来助手
      </button>
    </form>
  </details>
);

const Composer: FC<{ view: View }> = ({ view }) => (
  <div class="composer">
    <button type="button" id="newer" hidden>
      有新消息 ↓
    </button>
    <div id="notice" role="status" />
    <form
      id="say"
      method="post"
      action="/sandbox/say"
      enctype="multipart/form-data"
      hx-post="/sandbox/say"
      hx-encoding="multipart/form-data"
      hx-sync="this:queue all"
      hx-target="#notice"
      hx-swap="innerHTML"
    >
      <Where as={view.speaker.id} place={view.place.id} look={view.look} />
      <label class="hidden" for="text">
        要说的话
      </label>
      <textarea
        id="text"
        name="text"
        rows={1}
        placeholder={view.place.kind === 'direct' ? '直接发命令，如 帮助' : '发 /帮助，或 @下基层助手'}
        autocomplete="off"
      />
      <p id="chosen" class="chosen" hidden>
        <span />
        <button type="button" class="plain" aria-label="不发这个文件">
          ✕
        </button>
      </p>
      <div class="tools">
        <label class="tool" title="发文件（也可拖进来）">
          <input class="hidden" id="file" type="file" name="file" />
          <span>文件</span>
        </label>
        <button type="button" class="tool" id="locate" aria-expanded="false" aria-controls="place">
          位置
        </button>
        <span class="hint">Enter 发送，Shift+Enter 换行；可粘贴表格</span>
        <button type="submit" class="primary send">
          发送
        </button>
      </div>
    </form>
    <form
      id="place"
      class="place"
      hidden
      method="post"
      action="/sandbox/locate"
      hx-post="/sandbox/locate"
      hx-target="#notice"
      hx-swap="innerHTML"
    >
      <Where as={view.speaker.id} place={view.place.id} look={view.look} />
      <div class="field">
        <label for="place-name">地点</label>
        <input id="place-name" name="name" value="卫生院门口" maxlength={100} autocomplete="off" />
      </div>
      <div class="field">
        <label for="lat">纬度</label>
        <input id="lat" name="lat" inputmode="decimal" value="24.7230" required autocomplete="off" />
      </div>
      <div class="field">
        <label for="lng">经度</label>
        <input id="lng" name="lng" inputmode="decimal" value="116.7320" required autocomplete="off" />
      </div>
      <button type="submit">发位置</button>
    </form>
  </div>
);

const ClockPanel: FC<{ view: View }> = ({ view }) => (
  <>
    <h2 class="part">时钟</h2>
    <p id="now" class="now">
      <Now now={view.state.now} />
    </p>
    {view.rehearsable ? (
      <>
        <form id="clock" class="clock" method="post" action="/sandbox/clock" hx-post="/sandbox/clock" hx-target="#went" hx-swap="innerHTML">
          <Where as={view.speaker.id} place={view.place.id} look={view.look} />
          <button type="submit" name="by" value="hour">
            +1小时
          </button>
          <button type="submit" name="by" value="morning">
            次日早晨
          </button>
          <div id="to-next" class="wide">
            <ToNext view={view} />
          </div>
        </form>
        <form class="clock-to" method="post" action="/sandbox/clock" hx-post="/sandbox/clock" hx-target="#went" hx-swap="innerHTML">
          <Where as={view.speaker.id} place={view.place.id} look={view.look} />
          <label for="to">走到</label>
          <input id="to" type="datetime-local" name="to" required value={iso(view.state.now).slice(0, 16)} />
          <button type="submit">前往</button>
        </form>
        <div id="went" role="status" />
      </>
    ) : (
      <p class="empty">已接入真实平台，时钟是真实的时间</p>
    )}
    <h2 class="part">接下来会发生</h2>
    <div id="coming">
      <Coming view={view} />
    </div>
    {view.rehearsable && (
      <form
        class="again"
        method="post"
        action="/sandbox/reset"
        hx-post="/sandbox/reset"
        hx-target="#went"
        hx-confirm="演练从头再来，现在的消息和数据都会清掉。确定吗？"
      >
        <button type="submit" class="danger">
          重来
        </button>
        <small>回到这个演示的第一天</small>
      </form>
    )}
  </>
);

export const Page: FC<{
  assets: Assets;
  view: View;
  messages: { message: Message; payloads: readonly Payload[] | undefined }[];
  eye: Eye;
  earlier: boolean;
  last: string;
  members: string[];
}> = ({ assets, view, messages, eye, earlier, last, members }) => {
  const direct = view.place.kind === 'direct';
  const title = direct ? '下基层助手' : view.place.name;
  const stream = `/sandbox/stream${hrefOf(view.speaker.id, view.place.id, view.look).slice(1)}&after=${last}`;
  return (
    <Shell assets={assets} title={`${title} · ${view.speaker.name} · 演练台`}>
      <a class="skip" href="#text">
        跳到输入框
      </a>
      <header class="top">
        <button type="button" class="drawer-key" aria-expanded="false" aria-controls="left">
          会话
          <span id="mine">
            <Mine view={view} />
          </span>
        </button>
        <h1>
          下基层助手<span class="sub">演练台</span>
        </h1>
        {view.demo && <span class="badge">演示数据</span>}
        <SpeakerMenu view={view} />
        <button type="button" class="drawer-key" aria-expanded="false" aria-controls="right">
          <span class="hidden">时钟 </span>
          <span id="key-now">{timeOf(view.state.now)}</span>
        </button>
      </header>
      <div class="columns">
        <nav id="left" class="side left" aria-label="会话">
          <div id="chats">
            <Chats view={view} />
          </div>
          <NewGroup view={view} />
        </nav>
        <main class={view.look ? `talk as-${view.look}` : 'talk'}>
          <div class="talk-head">
            <h2>{title}</h2>
            {direct ? (
              <span class="soft">私聊，只有{view.speaker.name}和助手看得到</span>
            ) : (
              <details class="members">
                <summary>{members.length} 人和助手</summary>
                <p>{members.join('、')}</p>
              </details>
            )}
            {view.looks && <LookSwitch view={view} />}
          </div>
          <div id="first">
            <First view={view} />
          </div>
          <div class="log" id="scroll" tabindex={0} role="log" aria-label={`${title}的消息`}>
            {earlier && <p class="empty">更早的消息请用接口查看</p>}
            {messages.length === 0 && (
              <div class="empty welcome">
                <Tries view={view} />
                <p>{direct ? '发 帮助 看能做什么' : '这里还没有人说话。发 /帮助 看能做什么'}</p>
              </div>
            )}
            <ol id="log">
              {messages.map((m, i) => (
                <Bubble message={m.message} payloads={m.payloads} eye={eye} dayBefore={messages[i - 1]?.message.at.slice(0, 10)} />
              ))}
            </ol>
          </div>
          <Composer view={view} />
        </main>
        <aside id="right" class="side right" aria-label="时钟">
          <ClockPanel view={view} />
        </aside>
      </div>
      <div id="veil" hidden />
      <div id="stream" hx-sse:connect={stream} hx-swap="none" />
    </Shell>
  );
};
