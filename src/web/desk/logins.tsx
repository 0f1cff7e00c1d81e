/** How messengers that are logged in by scanning stand, with the code to scan; it looks again by itself, without a script. */
import type { FC } from 'hono/jsx';
import type { LoginView } from '../../bot/desk.ts';
import { sayInstant } from '../../core/day.ts';
import type { Assets } from '../assets.ts';
import { Shell } from './page.tsx';

/** Seconds between two looks. */
const AGAIN = 5;
/** Quiet squares around a code, without which a camera does not find it. */
const EDGE = 4;

const Code: FC<{ qr: NonNullable<LoginView['qr']> }> = ({ qr: { size, path } }) => (
  <svg
    role="img"
    aria-label="登录二维码"
    width="280"
    height="280"
    viewBox={`${-EDGE} ${-EDGE} ${size + 2 * EDGE} ${size + 2 * EDGE}`}
    shape-rendering="crispEdges"
  >
    <rect x={-EDGE} y={-EDGE} width={size + 2 * EDGE} height={size + 2 * EDGE} fill="#fff" />
    <path d={path} fill="#000" />
  </svg>
);

export const LoginsPage: FC<{ assets: Assets; logins: readonly LoginView[] }> = ({ assets, logins }) => (
  <Shell assets={assets} title="登录" refresh={AGAIN}>
    <main class="nobody">
      {logins.length === 0 && <h1>没有要扫码登录的平台</h1>}
      {logins.map(({ name, state, since, says, qr }) => (
        <section data-state={state}>
          <h1>
            {name}：{says}
          </h1>
          <p>从 {sayInstant(since)} 起</p>
          {qr && <Code qr={qr} />}
          {state === 'waiting' && <p>请用机器人专用的微信扫码。非官方接口，账号可能被封。重新扫码后，各人和各群要再绑定一次。</p>}
        </section>
      ))}
      <p>
        <a href="/web">返回</a>
      </p>
    </main>
  </Shell>
);
