/** What the drawings of all messengers are made of: reading a payload, a button that says its command, files, and what has no drawing. */
import type { Child, FC } from 'hono/jsx';
import type { Payload } from '../../../bot/looks.ts';
import type { Message } from '../../../bot/stage.ts';
import { type Eye, FileLink, fileHref, Hidden, live } from '../eye.tsx';

/** A payload in its place on the stage: there its buttons are pressed and its files lie. */
export interface Drawn {
  payload: Payload;
  message: Message;
  eye: Eye;
}

type Json = Record<string, unknown>;
export const words = (o: Json | undefined, key: string): string => {
  const v = o?.[key];
  return typeof v === 'string' || typeof v === 'number' ? String(v) : '';
};
export const part = (o: Json | undefined, key: string): Json => (o?.[key] as Json | undefined) ?? {};
export const parts = (o: Json | undefined, key: string): Json[] => {
  const v = o?.[key];
  return Array.isArray(v) ? (v as Json[]) : [];
};

/** A messenger's button: pressed, it says its command here. */
export const Says: FC<{ drawn: Drawn; command: string; look: string; children?: Child }> = ({
  drawn: { message, eye },
  command,
  look,
  children,
}) => (
  <form class="says" method="post" action="/sandbox/press" {...live(eye, 'press')}>
    <Hidden eye={eye} message={message.id} />
    <button type="submit" name="command" value={command} class={look} title={`等于发：${command}`}>
      {children}
    </button>
  </form>
);

/** A picture by the id that stands in the payload. */
export const Picture: FC<{ id: string; alt: string; eye: Eye }> = ({ id, alt, eye }) => (
  <a href={fileHref(eye, id)} target="_blank" rel="noopener">
    <img class="sent-picture" src={fileHref(eye, id)} alt={alt} loading="lazy" />
  </a>
);

/** A file of its own, as every messenger shows one. */
export const SentFile: FC<{ drawn: Drawn }> = ({ drawn: { message, eye } }) =>
  message.card.file ? <FileLink file={message.card.file} eye={eye} /> : null;

/** What is sent all the same, and has no drawing yet. */
export const Undrawn: FC<{ what: string; content: Json }> = ({ what, content }) => (
  <details class="undrawn">
    <summary>{what}：没有画法，看原文</summary>
    <pre tabindex={0} role="region" aria-label={what}>
      {JSON.stringify(content, null, 1)}
    </pre>
  </details>
);
