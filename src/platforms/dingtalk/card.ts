/** DingTalk's interactive cards by a template: what is put into it, and what a press on it means. Pure. */
import { z } from 'zod';
import type { Card } from '../../core/card.ts';
import type { Instant } from '../../core/day.ts';
import type { Heard } from '../intake.ts';
import { DINGTALK, isPerson, staffOf } from './receive.ts';
import type { Rendered } from './render.ts';

/** The variables of a template, every one of them text: `title`, `markdown`, `tips`, and DingTalk's own form of a row of buttons. */
export type Variables = Record<string, string>;

/** A press brings the id back and nothing else that could be trusted: the command stands in it, in letters that every system leaves alone. */
const ID = 'say.';
const idOf = (command: string): string => ID + Buffer.from(command).toString('base64url');
/** null: no button of ours. */
export const commandOf = (id: string): string | null =>
  id.startsWith(ID) ? Buffer.from(id.slice(ID.length), 'base64url').toString('utf8') || null : null;

export const variables = ({ title }: Pick<Rendered, 'title'>, text: string, buttons: Card['buttons'] = []): Variables => ({
  title,
  markdown: text,
  tips: '',
  sys_full_json_obj: JSON.stringify({
    msgButtons: buttons.map(b => ({ text: b.label, color: b.style === 'primary' ? 'blue' : 'gray', id: idOf(b.command), request: true })),
  }),
});

/** Cards are known by this sign among the ids of messages. */
const CARD = 'card-';
export const trackId = (digest: string): string => `${CARD}${digest}`;
export const isCard = (providerId: string): boolean => providerId.startsWith(CARD);

/** How presses come back. */
export type Back = { callbackType: 'STREAM' } | { callbackType: 'HTTP'; callbackRouteKey: string };

/** A card for a group or a person, with people who are really called. */
export const delivery = (asked: {
  template: string;
  track: string;
  robot: string;
  to: string;
  given: Variables;
  called: readonly { staff: string; name: string }[];
  back: Back;
}): Record<string, unknown> => {
  const { to, robot, called } = asked;
  const base = {
    cardTemplateId: asked.template,
    outTrackId: asked.track,
    ...asked.back,
    cardData: { cardParamMap: asked.given },
    userIdType: 1,
  };
  if (isPerson(to))
    return {
      ...base,
      openSpaceId: `dtv1.card//IM_ROBOT.${staffOf(to)}`,
      imRobotOpenSpaceModel: { supportForward: false },
      imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: robot },
    };
  return {
    ...base,
    openSpaceId: `dtv1.card//IM_GROUP.${to}`,
    imGroupOpenSpaceModel: { supportForward: false },
    imGroupOpenDeliverModel: {
      robotCode: robot,
      ...(called.length ? { atUserIds: Object.fromEntries(called.map(c => [c.staff, c.name])) } : {}),
    },
  };
};

/** Why a card was not delivered, though the call was well; null when it was. */
export const undelivered = (body: Record<string, unknown>): string | null => {
  const result = (body['result'] ?? {}) as { deliverResults?: { success?: boolean; errorMsg?: string }[] };
  const bad = result.deliverResults?.find(d => d.success === false);
  return bad ? (bad.errorMsg ?? '没有说原因') : null;
};

const Press = z.object({
  outTrackId: z.string().min(1),
  corpId: z.string().nullish(),
  userId: z.string().nullish(),
  spaceId: z.string().nullish(),
  content: z.string(),
});
const Content = z.object({
  cardPrivateData: z.object({
    actionIds: z.array(z.string()).default([]),
    params: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/** Somebody whose organisation is not ours, or who is not told to us. */
export const OUTSIDER = 'outsider';

/** A press is a command of who presses. `own`: the robot's organisation. @throws ZodError when it is not what DingTalk sends */
export const heardPress = (
  raw: unknown,
  id: string,
  app: string,
  own: string | null,
  now: Instant,
): Heard | typeof OUTSIDER | undefined => {
  const press = Press.parse(raw);
  const { cardPrivateData } = Content.parse(JSON.parse(press.content));
  // A template of one's own may hand the command over by name.
  const named = cardPrivateData.params?.['command'];
  const command = cardPrivateData.actionIds.map(commandOf).find(c => c !== null) ?? (typeof named === 'string' && named ? named : null);
  if (command === null) return undefined;
  const corp = press.corpId || own;
  if (!press.userId || !corp || (own !== null && corp !== own)) return OUTSIDER;
  const account = `${corp}/${press.userId}`;
  const group = /^(?:dtv1\.card\/\/IM_GROUP\.)?(cid.+)$/.exec(press.spaceId ?? '')?.[1];
  return {
    platform: DINGTALK,
    app,
    eventId: `press/${id}`,
    // Where it was pressed is said by the card's place; without it the answer goes to who pressed.
    conversation: { id: group ?? account, kind: group === undefined ? 'direct' : 'group', name: '' },
    account,
    accountName: '',
    sentAt: now,
    content: { kind: 'button', command, message: press.outTrackId },
  };
};

/** Shown to whoever pressed, on the card itself. */
export const privately = (tips: string): Record<string, unknown> => ({
  cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
  userPrivateData: { cardParamMap: { tips: tips.slice(0, 120) } },
});
