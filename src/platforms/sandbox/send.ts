/** The bot's side of the stage: one call, harmless when repeated with the same key. */
import type { Platform } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';
import { APP, PLATFORM } from './receive.ts';
import { render } from './render.ts';
import { directOf, type Stage } from './stage.ts';

export const sandboxPlatform = (deps: { stage: Stage; now(): Instant; demo(): boolean }): Platform => ({
  id: PLATFORM,
  app: APP,
  idempotent: true,
  direct: directOf,
  // Nothing in it waits, but the port's send is one that may.
  send: async ({ key, to, card, replyTo, mention }) => {
    const { stage } = deps;
    const before = stage.byKey(key);
    if (before) return { result: 'sent', providerId: before.id };
    const place = stage.place(to.conversation);
    if (!place) return { result: 'never', why: `没有这个会话：${to.conversation}` };
    try {
      const answered = replyTo === null ? undefined : stage.byEvent(replyTo)?.id;
      const message = render(
        card,
        deps.now(),
        { place, ...(answered === undefined ? {} : { replyTo: answered }), mention: mention.map(m => m.account ?? m.person) },
        deps.demo(),
      );
      return { result: 'sent', providerId: stage.post(message, { key }).id };
    } catch (e) {
      return { result: 'later', after: 1000, why: e instanceof Error ? e.message : String(e) };
    }
  },
});
