/** One tab's live stream: its conversation's new messages at once, and the panels soon after. */
import type { Context } from 'hono';
import type { Payload } from '../../bot/looks.ts';
import type { Message, Sandbox } from '../../bot/stage.ts';
import { timeOf } from '../../core/day.ts';
import type { Streams } from '../streams.ts';
import { Bubble } from './card.tsx';
import type { Eye } from './eye.tsx';
import { Chats, Coming, First, Mine, Now, Speakers, ToNext, UnreadOfOthers } from './panels.tsx';
import { type Seen, type View, viewOf } from './view.ts';

/** Many messages of one moment draw the panels once. */
const SETTLE = 40;

const panels = (view: View) => (
  <>
    <hx-partial hx-target="#chats" hx-swap="innerMorph">
      <Chats view={view} />
    </hx-partial>
    <hx-partial hx-target="#others" hx-swap="innerHTML">
      <UnreadOfOthers view={view} />
    </hx-partial>
    <hx-partial hx-target="#speakers" hx-swap="innerMorph">
      <Speakers view={view} />
    </hx-partial>
    <hx-partial hx-target="#mine" hx-swap="innerHTML">
      <Mine view={view} />
    </hx-partial>
    <hx-partial hx-target="#key-now" hx-swap="innerHTML">
      {timeOf(view.state.now)}
    </hx-partial>
    <hx-partial hx-target="#now" hx-swap="innerHTML">
      <Now now={view.state.now} />
    </hx-partial>
    <hx-partial hx-target="#first" hx-swap="innerHTML">
      <First view={view} />
    </hx-partial>
    <hx-partial hx-target="#to-next" hx-swap="innerHTML">
      <ToNext view={view} />
    </hx-partial>
    <hx-partial hx-target="#coming" hx-swap="innerMorph">
      <Coming view={view} />
    </hx-partial>
  </>
);

export const openPageStream = (
  c: Context,
  deps: {
    sandbox: Sandbox;
    seen: Seen;
    streams: Streams;
    eye: Eye;
    after: string;
    /** undefined: it is shown as here. */
    payloads(message: Message): Promise<Payload[] | undefined>;
    failed(e: unknown): void;
  },
): Response => {
  const { sandbox, seen, eye } = deps;
  return deps.streams.open(c, stream => {
    // Day of the last message that the tab shows, for the line between days.
    let day = (sandbox.messages({ conversation: eye.place }) ?? [])
      .filter(m => Number(m.id) <= Number(deps.after))
      .at(-1)
      ?.at.slice(0, 10);
    let settling: ReturnType<typeof setTimeout> | undefined;
    let ended = false;

    // One after the other, in the order in which they came.
    let showing: Promise<void> = Promise.resolve();
    const show = (message: Message) => {
      showing = showing.then(() => write(message)).catch(deps.failed);
    };
    const write = async (message: Message) => {
      const payloads = await deps.payloads(message);
      const html = (
        <hx-partial hx-target="#log" hx-swap="beforeend">
          <Bubble message={message} payloads={payloads} eye={eye} dayBefore={day} />
        </hx-partial>
      ).toString();
      day = message.at.slice(0, 10);
      seen.mark(eye.as, eye.place);
      await stream.writeSSE({ id: message.id, data: html as string });
    };
    const draw = async () => {
      settling = undefined;
      try {
        const view = await viewOf(sandbox, seen, eye.as, eye.place, { look: eye.look, looks: true });
        if (view && !ended) await stream.writeSSE({ data: panels(view).toString() as string });
      } catch (e) {
        deps.failed(e);
      }
    };
    const soon = () => {
      settling ??= setTimeout(() => void draw(), SETTLE);
    };

    const stop = sandbox.subscribe(event => {
      if (event.kind === 'reset') return void stream.writeSSE({ event: 'stage-reset', data: '' });
      if (event.kind === 'message' && event.message.conversation.id === eye.place) show(event.message);
      soon();
    });
    for (const m of sandbox.messages({ after: deps.after, conversation: eye.place }) ?? []) show(m);
    soon();
    return () => {
      ended = true;
      clearTimeout(settling);
      stop();
    };
  });
};
