/** Who looks at the stage, and what his view of it is made of: where its forms go, where its files lie. */
import type { FC } from 'hono/jsx';
import type { Look } from '../../bot/looks.ts';
import type { Message } from '../../bot/stage.ts';

/** Who looks, and how names are found. */
export interface Eye {
  as: string;
  place: string;
  /** Where its forms go: /sandbox, or the page behind a link. */
  base: '/sandbox' | '/web';
  /** As in which messenger, where not as here. */
  look?: Look | undefined;
  nameOf(account: string): string;
  message(id: string): Message | undefined;
}

export const fileHref = (eye: Eye, id: string): string =>
  `${eye.base === '/web' ? '/web/files' : '/sandbox/api/files'}/${encodeURIComponent(id)}`;
const sizeOf = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;

/** The sandbox's page is live; the page behind a link loads anew. */
export const live = (eye: Eye, to: string): Record<string, string> =>
  eye.base === '/sandbox' ? { 'hx-post': `/sandbox/${to}`, 'hx-target': '#notice', 'hx-swap': 'innerHTML' } : {};

/** Who says it, where, and as in which messenger it is looked at. */
export const Where: FC<{ as: string; place: string; look?: Look | undefined }> = ({ as, place, look }) => (
  <>
    <input type="hidden" name="as" value={as} />
    <input type="hidden" name="in" value={place} />
    {look && <input type="hidden" name="look" value={look} />}
  </>
);

export const Hidden: FC<{ eye: Eye; message: string }> = ({ eye, message }) => (
  <>
    <Where as={eye.as} place={eye.place} look={eye.look} />
    <input type="hidden" name="message" value={message} />
  </>
);

export const FileLink: FC<{ file: { id: string; name: string; bytes: number }; eye: Eye }> = ({ file, eye }) => (
  <a class="file" href={fileHref(eye, file.id)} download={file.name}>
    <span class="file-kind" aria-hidden="true">
      {(file.name.split('.').at(-1) ?? '').slice(0, 4).toUpperCase()}
    </span>
    <span>
      <b>{file.name}</b>
      <small>{sizeOf(file.bytes)} · 点按下载</small>
    </span>
  </a>
);
