/** The parts beside the conversation: chats, speaker, clock. Each is drawn anew when something happens. */
import type { FC } from 'hono/jsx';
import { type Day, dayAt, type Instant, iso, sayDay, sayInstant, timeOf, yearOf } from '../../core/day.ts';
import { Avatar } from './card.tsx';
import { type Chat, hrefOf, type View } from './view.ts';

const Unread: FC<{ n: number }> = ({ n }) =>
  n > 0 ? (
    <span class="unread">
      <span class="hidden">未读</span>
      {n > 99 ? '99+' : n}
    </span>
  ) : null;

const preview = (chat: Chat): string => {
  if (!chat.last) return chat.place.kind === 'direct' ? '和下基层助手单独说' : '还没有人说话';
  const { card } = chat.last;
  return (card.title || card.lines[0] || (card.file ? `文件：${card.file.name}` : '')).replace('【演示数据】', '');
};

const Row: FC<{ chat: Chat; view: View }> = ({ chat, view }) => {
  const direct = chat.place.kind === 'direct';
  return (
    <li>
      <a
        class={chat.current ? 'chat current' : 'chat'}
        href={hrefOf(view.speaker.id, chat.place.id, view.look)}
        aria-current={chat.current ? 'page' : undefined}
      >
        {direct ? <Avatar name="助" bot /> : <Avatar name={chat.place.name} />}
        <span class="chat-text">
          <span class="chat-name">{direct ? '下基层助手' : chat.place.name}</span>
          <span class="chat-last">{preview(chat)}</span>
        </span>
        <span class="chat-side">
          {chat.last && <time datetime={chat.last.at}>{chat.last.at.slice(11, 16)}</time>}
          <Unread n={chat.unread} />
        </span>
      </a>
    </li>
  );
};

export const Chats: FC<{ view: View }> = ({ view }) => {
  const kind = (k: 'direct' | 'group') => view.chats.filter(c => c.place.kind === k);
  return (
    <>
      <h2 class="part">私聊</h2>
      <ul class="chats">
        {kind('direct').map(c => (
          <Row chat={c} view={view} />
        ))}
      </ul>
      <h2 class="part">群</h2>
      {kind('group').length === 0 && <p class="empty">{view.speaker.name}还不在任何群里</p>}
      <ul class="chats">
        {kind('group').map(c => (
          <Row chat={c} view={view} />
        ))}
      </ul>
    </>
  );
};

/** Everybody who may speak, under their units. The script filters it while one types. */
export const Speakers: FC<{ view: View }> = ({ view }) => (
  <>
    {view.units.map(u => (
      <section data-unit={u.name}>
        <h3>{u.name}</h3>
        <ul>
          {u.people.map(p => (
            <li data-words={`${p.name} ${p.says} ${u.name}`}>
              <a
                class={p.id === view.speaker.id ? 'person current' : 'person'}
                href={hrefOf(p.id, view.place.kind === 'group' ? view.place.id : '', view.look)}
                aria-current={p.id === view.speaker.id ? 'true' : undefined}
              >
                <Avatar name={p.name} />
                <span class="chat-text">
                  <span class="chat-name">{p.name}</span>
                  <span class="chat-last">{p.says}</span>
                </span>
                <Unread n={p.unread} />
              </a>
            </li>
          ))}
        </ul>
      </section>
    ))}
  </>
);

/** What the speaker has not read in other conversations; stands on the key of the drawer. */
export const Mine: FC<{ view: View }> = ({ view }) => <Unread n={view.speaker.unread} />;

export const UnreadOfOthers: FC<{ view: View }> = ({ view }) => {
  const n = view.units.flatMap(u => u.people).filter(p => p.unread > 0 && p.id !== view.speaker.id).length;
  return n > 0 ? <span class="others">另有 {n} 人有未读</span> : null;
};

export const Now: FC<{ now: Instant }> = ({ now }) => {
  const day = dayAt(now);
  return (
    <>
      <time class="now-time" datetime={iso(now)}>
        {timeOf(now)}
      </time>
      <span class="now-day">
        {yearOf(day)}年{sayDay(day)}
      </span>
    </>
  );
};

/** While nobody administers it: what to do first, above every conversation. */
export const First: FC<{ view: View }> = ({ view }) => {
  const { claimCode } = view.state;
  return claimCode === null ? null : (
    <section class="first" aria-label="先做什么">
      <b>还没有系统管理员，先这样开始</b>
      <ol>
        <li>
          在右上角选一个人（现在是{view.speaker.name}），到“下基层助手”私聊发：<code>认领 {claimCode}</code>
        </li>
        <li>
          再发 <code>导入</code>，照着贴安排表和联络员表；各人绑定后发 <code>体检</code>
        </li>
      </ol>
    </section>
  );
};

/** Where the clock can go by itself. */
export const ToNext: FC<{ view: View }> = ({ view }) =>
  view.state.claimCode === null && view.state.next.length > 0 ? (
    <button type="submit" form="clock" name="by" value="next" class="primary">
      到下一件事
    </button>
  ) : null;

/** What the clock brings next, and why. */
export const Coming: FC<{ view: View }> = ({ view }) => {
  const { next, now, claimCode } = view.state;
  if (claimCode !== null)
    return (
      <p class="empty">
        还没有管理员。选一个人，私聊发：<code>认领 {claimCode}</code>
      </p>
    );
  if (!next.length) return <p class="empty">眼下没有要到的事</p>;
  let before: Day | undefined;
  return (
    <ol class="coming">
      {next.map(n => {
        const day = dayAt(n.at);
        const head = day !== before;
        before = day;
        return (
          <>
            {head && <li class="coming-day">{day === dayAt(now) ? '今天' : sayDay(day, dayAt(now))}</li>}
            <li>
              {view.rehearsable ? (
                <button type="submit" form="clock" name="at" value={iso(n.at)} title="把时钟走到这里">
                  {timeOf(n.at)}
                </button>
              ) : (
                <time datetime={iso(n.at)}>{timeOf(n.at)}</time>
              )}
              <span>{n.what}</span>
            </li>
          </>
        );
      })}
    </ol>
  );
};

/** How far the clock went and who got something on the way, each a link to that person's side. */
export const Went: FC<{ now: Instant; heard: { href: string; name: string; n: number }[] }> = ({ now, heard }) => (
  <>
    <p>
      已到 {sayInstant(now)}
      {heard.length === 0 ? '，路上没有消息' : `，路上有 ${heard.reduce((n, h) => n + h.n, 0)} 条消息：`}
    </p>
    {heard.length > 0 && (
      <ul class="went">
        {heard.map(h => (
          <li>
            <a href={h.href}>
              {h.name} <span>{h.n}</span>
            </a>
          </li>
        ))}
      </ul>
    )}
  </>
);
