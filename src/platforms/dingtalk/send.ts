/** One message to DingTalk: as a card of the template, by the conversation's session, or by the robot; the answer classified. */
import { createHash } from 'node:crypto';
import type { Files, Platform, Sent } from '../../bot/ports.ts';
import type { Card } from '../../core/card.ts';
import type { Instant } from '../../core/day.ts';
import type { Pace } from '../pace.ts';
import type { Answer, DingtalkApi } from './api.ts';
import { makeBatch } from './batch.ts';
import { type Back, delivery, isCard, trackId, undelivered, variables } from './card.ts';
import { DINGTALK, isPerson, type Session, staffOf } from './receive.ts';
import { type Dress, keyed, MOST_PARTS, render, sessionBody } from './render.ts';

const LIMITED = /QpsLimit|too\.?fast|too\.many|TooManyRequests|flowControl/i;
const QUOTA = /ApiCountLimit|over limit/i;
const SESSION_LIMITED = new Set(['130101', '302033', '660026']);
const SPENT = new Set(['90020', '90030']);
const WHY: Record<string, string> = {
  'invalidParameter.robotCode.auth': '机器人没有权限，请在钉钉后台开通“企业内机器人发送消息”',
  'invalidParameter.openConversationId.invalid': '机器人不在这个群里',
  'invalidParameter.userIds.invalid': '此人不在应用可见范围里',
};

/** A long block after the limit of twenty a minute. */
const BLOCKED = 60_000;

/** What an answer means for the row. Pure. */
export const classify = ({ http, code, msg, wait }: Answer): Exclude<Sent, { result: 'sent' }> | null => {
  if (code === '0') return null;
  if (http === 0)
    return code === 'refused' ? { result: 'later', after: 0, why: msg } : { result: 'unknown', why: '钉钉没有回应，是否送达不明' };
  if (SPENT.has(code) || QUOTA.test(code) || QUOTA.test(msg))
    return { result: 'never', why: '钉钉本月调用次数已用完，请管理员购买或等下月' };
  if (SESSION_LIMITED.has(code)) return { result: 'later', after: BLOCKED, why: '钉钉限流' };
  if (http === 429 || LIMITED.test(code) || LIMITED.test(msg)) return { result: 'later', after: wait ?? 2_000, why: '钉钉限流' };
  // A failing server may have done it all the same, and DingTalk knows no key of ours.
  if (http >= 500) return { result: 'unknown', why: `钉钉出错（${code}），是否送达不明` };
  return { result: 'never', why: WHY[code] ?? `钉钉不收：${code} ${msg.slice(0, 80)}` };
};

/** The address of a session is no more, whatever its time: nothing was said by it. */
const isGone = ({ code, msg }: Answer): boolean => code === '300001' || (code === '310000' && /token|session/i.test(msg));

/** By which way a message goes. Pure. */
export type Route = 'card' | 'session' | 'robot';
/**
 * Buttons make a card where there is a template, for it can be shown as done. Whoever is to be called is called by a session,
 * which costs nothing of the month, or by a card; the robot's own sending calls nobody and is the last.
 */
export const routeOf = (has: { session: boolean; template: boolean; buttons: boolean; calls: boolean; fits: boolean }): Route => {
  if (has.template && has.fits && (has.buttons || (has.calls && !has.session))) return 'card';
  return has.session ? 'session' : 'robot';
};

export interface SendDeps {
  api: DingtalkApi;
  app: string;
  files: Files;
  pace: Pace;
  now(): Instant;
  session(conversation: string): Session | undefined;
  /** It was refused as one that is no more. */
  forget(conversation: string): void;
  /** null: without cards. */
  cards: { template: string; back: Back } | null;
  /** How buttons are said without a card. */
  buttons: 'dtmd' | 'words';
  /** Milliseconds in which equal messages to several people become one call; in tests shorter. */
  gathers?: number | undefined;
}

/** A session is not used in its last minute. */
const MARGIN = 60_000;
/** What a card is given, at most. */
const CARD_BYTES = 8_000;
const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);

export const dingtalkPlatform = (deps: SendDeps): Platform => {
  const { api, app, files, now, session, cards, pace } = deps;
  /** A card is known once: what is sent again by hand is another. */
  let nth = 0;
  const uploads = new Map<string, string>();
  /** Media id of a file; the same file goes up once. */
  const upload = async (id: string, name: string, type: 'image' | 'file'): Promise<string | null> => {
    const known = uploads.get(`${type} ${id}`);
    if (known) return known;
    const bytes = await files.open(id);
    if (!bytes?.length) return null;
    const media = await api.upload(type, name, bytes);
    if (media !== null) uploads.set(`${type} ${id}`, media);
    if (uploads.size > 1_000) uploads.delete(uploads.keys().next().value!);
    return media;
  };
  const toPerson = makeBatch(
    (userIds, message) => api.call('POST', '/v1.0/robot/oToMessages/batchSend', { robotCode: app, userIds, ...message }),
    classify,
    deps.gathers,
  );
  const byRobot = async (to: string, message: { msgKey: string; msgParam: string }): Promise<Sent> => {
    if (isPerson(to)) return toPerson(staffOf(to), message);
    const answer = await api.call('POST', '/v1.0/robot/groupMessages/send', { robotCode: app, openConversationId: to, ...message });
    return classify(answer) ?? { result: 'sent', providerId: String(answer.body['processQueryKey'] ?? '') };
  };
  const byCard = async (
    to: string,
    track: string,
    card: Card,
    text: string,
    called: readonly { account: string | null; name: string }[],
  ): Promise<Sent> => {
    const answer = await api.call(
      'POST',
      '/v1.0/card/instances/createAndDeliver',
      delivery({
        template: cards!.template,
        track,
        robot: app,
        to,
        given: variables(card, text, card.buttons),
        called: called.flatMap(m => (m.account === null ? [] : [{ staff: m.account, name: m.name }])),
        back: cards!.back,
      }),
    );
    const failed = classify(answer);
    if (failed) return failed;
    const why = undelivered(answer.body);
    return why === null ? { result: 'sent', providerId: track } : { result: 'never', why: `钉钉没有投出卡片：${why.slice(0, 80)}` };
  };

  const send: Platform['send'] = async message => {
    const { key, to, card, mention } = message;
    const conversation = to.conversation;
    const known = session(conversation);
    let open = known && known.until - now() > MARGIN ? known : undefined;
    const named = isPerson(conversation) ? [] : mention.map(m => ({ ...m, account: m.account === null ? null : staffOf(m.account) }));
    const at = named.flatMap(m => (m.account === null ? [] : [m.account]));
    const picture = card.picture ? await upload(card.picture.id, card.picture.name, 'image') : null;
    // On a card the buttons are its own, and calling is done beside the words.
    const { buttons, ...words } = card;
    const onCard = render(words, { mention: named, picture });
    const route = routeOf({
      session: open !== undefined,
      template: cards !== null,
      buttons: (buttons?.length ?? 0) > 0,
      calls: at.length > 0,
      fits: onCard.parts.length === 1 && Buffer.byteLength(onCard.parts[0]!) + JSON.stringify(buttons ?? []).length < CARD_BYTES,
    });
    const dress: Dress = { mention: named, called: route === 'session', picture, buttons: deps.buttons };
    const plain = render(card, dress);
    // A message with buttons calls nobody: where both fit into one, its buttons stand as links.
    const links = route === 'session' && at.length > 0 && plain.parts.length === 1 && deps.buttons === 'dtmd';
    const rendered = links ? render(card, { ...dress, buttons: 'links' }) : plain;
    const many = (route === 'card' ? 1 : rendered.parts.length) + (card.file ? 1 : 0);
    // Twenty a minute and no more, or there is silence for ten: a message goes whole or waits whole.
    const wait = pace.take(conversation, Math.min(many, MOST_PARTS + 1));
    if (wait > 0) return { result: 'later', after: wait, why: '钉钉每个会话每分钟 20 条' };

    let providerId = '';
    if (route === 'card') {
      const sent = await byCard(conversation, trackId(digestOf(`${key}\n${now()}\n${nth++}`)), card, onCard.parts[0]!, named);
      if (sent.result !== 'sent') return sent;
      providerId = sent.providerId;
    } else
      for (const [i, text] of rendered.parts.entries()) {
        const last = i === rendered.parts.length - 1;
        let sent: Sent | undefined;
        if (open) {
          const answer = await api.session(open.url, sessionBody(rendered, text, last, i === 0 ? at : []));
          if (isGone(answer)) {
            deps.forget(conversation);
            if (i === 0) return send(message);
            // The robot says what is left.
            open = undefined;
          } else sent = classify(answer) ?? { result: 'sent', providerId: '' };
        }
        sent ??= await byRobot(conversation, keyed(rendered, text, last));
        if (sent.result !== 'sent') return i === 0 ? sent : { result: 'unknown', why: `前 ${i} 段已发，后面没有发成：${sent.why}` };
        providerId ||= sent.providerId;
      }
    if (!card.file) return { result: 'sent', providerId };
    const media = await upload(card.file.id, card.file.name, 'file');
    const ending = /\.([a-z0-9]+)$/i.exec(card.file.name)?.[1] ?? 'file';
    const sent: Sent =
      media === null
        ? { result: 'never', why: '文件没有传上去' }
        : await byRobot(conversation, {
            msgKey: 'sampleFile',
            msgParam: JSON.stringify({ mediaId: media, fileName: card.file.name, fileType: ending }),
          });
    return sent.result === 'sent' ? { result: 'sent', providerId } : { result: 'unknown', why: `文字已发，文件没有发成：${sent.why}` };
  };

  return {
    id: DINGTALK,
    app,
    idempotent: false,
    direct: account => account,
    send,
    ...(cards
      ? {
          async update(providerId, card) {
            if (!isCard(providerId)) return { result: 'never', why: '不是卡片' };
            const text = render(card).parts[0] ?? '';
            const answer = await api.call('PUT', '/v1.0/card/instances', {
              outTrackId: providerId,
              cardData: { cardParamMap: variables(card, text, card.buttons) },
              cardUpdateOptions: { updateCardDataByKey: true },
            });
            return classify(answer) ?? { result: 'sent', providerId };
          },
        }
      : {}),
  };
};
