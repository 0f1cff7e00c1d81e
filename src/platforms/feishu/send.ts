/** One message to Feishu: card, pictures and file, or text where the card is not taken; the answer classified. */
import { createHash } from 'node:crypto';
import type { Files, Platform, Sent } from '../../bot/ports.ts';
import type { FileRef } from '../../core/card.ts';
import { type Answer, type FeishuApi, isTokenTrouble, UNREACHED } from './api.ts';
import { FEISHU } from './receive.ts';
import { CARD_BYTES, render, renderText } from './render.ts';

/** Card not built, or too long: the words go as text. */
const NO_CARD = new Set([230025, 230054, 230099, 200621, 200830]);
/** Over a limit, or the same message is being sent just now. */
const LATER = new Set([99991400, 230020, 230049, 11232]);
/** What is answered is gone: the answer stands by itself. */
const GONE = new Set([230011, 230019, 230110]);
const WHY: Record<number, string> = {
  230002: '机器人不在这个群里',
  230013: '机器人对此人不可用，请在应用可用范围里加上',
  230018: '群设置不许机器人发言',
  230027: '没有权限，或是外部群',
  230029: '此人已离职',
  230035: '在这个会话里被禁言或屏蔽',
  230053: '此人拒收机器人消息',
  232009: '群已解散',
  99991672: '缺权限，请在开放平台后台开通',
  10014: '应用已停用',
  10015: 'FEISHU_APP_SECRET 不对',
  10003: 'FEISHU_APP_ID 或 FEISHU_APP_SECRET 不对',
};

/** What an answer means for the row. Pure. */
export const classify = ({ http, code, msg, wait }: Answer, providerId: string): Sent => {
  if (code === 0) return { result: 'sent', providerId };
  if (http === 429 || LATER.has(code)) return { result: 'later', after: wait ?? 1000, why: '飞书限流' };
  // With the message's own key a second try is harmless, whatever became of the first; what says no code is no answer of Feishu's.
  if (isTokenTrouble(code)) return { result: 'later', after: wait ?? 0, why: msg };
  if (http === 0 || http >= 500 || (code === -1 && http < 400))
    return { result: 'later', after: wait ?? 0, why: msg, ...(code === UNREACHED ? {} : { perhaps: true }) };
  return { result: 'never', why: WHY[code] ?? `飞书不收：${code} ${msg.slice(0, 80)}` };
};

/** At most 50 characters, always the same for a message. */
export const uuidOf = (key: string, part = ''): string => createHash('sha256').update(`${key}\n${part}`).digest('hex').slice(0, 40);

/** Feishu knows a key for an hour; some of it is left for the sending itself. */
const REMEMBERS = 55 * 60_000;

const isPerson = (conversation: string): boolean => conversation.startsWith('ou_');
/** What was said by a message can be answered below it; a click's event cannot. */
const isMessage = (id: string | null): id is string => id?.startsWith('om_') ?? false;

/** Feishu's keys of files that were uploaded, by content: the same picture goes up once. */
type Uploads = Map<string, string>;
const MOST_UPLOADS = 2_000;

export const feishuPlatform = (deps: { api: FeishuApi; app: string; files: Files }): Platform => {
  const { api, app, files } = deps;
  const uploads: Uploads = new Map();

  const upload = async (file: FileRef, as: 'image' | 'file'): Promise<{ key: string } | { answer: Answer }> => {
    const known = uploads.get(`${as} ${file.id}`);
    if (known) return { key: known };
    const bytes = await files.open(file.id);
    if (!bytes?.length) return { answer: { http: 400, code: 234010, msg: '文件不在了', data: {}, wait: null } };
    const answer =
      as === 'image'
        ? await api.upload('/open-apis/im/v1/images', { image_type: 'message' }, { part: 'image', name: file.name, bytes })
        : await api.upload(
            '/open-apis/im/v1/files',
            { file_type: fileType(file.name), file_name: file.name },
            { part: 'file', name: file.name, bytes },
          );
    const key = answer.data[as === 'image' ? 'image_key' : 'file_key'];
    if (answer.code !== 0 || typeof key !== 'string') return { answer };
    uploads.set(`${as} ${file.id}`, key);
    if (uploads.size > MOST_UPLOADS) uploads.delete(uploads.keys().next().value!);
    return { key };
  };

  const post = async (to: string, replyTo: string | null, uuid: string, type: string, content: unknown): Promise<Answer> => {
    const data = { msg_type: type, content: JSON.stringify(content), uuid };
    if (isMessage(replyTo)) {
      const answer = await api.call('POST', `/open-apis/im/v1/messages/${encodeURIComponent(replyTo)}/reply`, { data });
      if (!GONE.has(answer.code)) return answer;
    }
    return api.call('POST', '/open-apis/im/v1/messages', {
      params: { receive_id_type: isPerson(to) ? 'open_id' : 'chat_id' },
      data: { receive_id: to, ...data },
    });
  };

  const send: Platform['send'] = async ({ key, to, card, text, replyTo, mention }) => {
    const direct = isPerson(to.conversation);
    // A direct chat has nobody else to call.
    const called = direct ? [] : mention;
    let picture: string | undefined;
    if (card.picture && !card.chart) {
      const up = await upload(card.picture, 'image');
      // Without its picture the card still says everything in words.
      if ('key' in up) picture = up.key;
    }
    const body = render(card, { direct, mention: called, ...(picture === undefined ? {} : { picture }) });
    const fits = Buffer.byteLength(JSON.stringify(JSON.stringify(body))) <= CARD_BYTES;
    let answer = fits ? await post(to.conversation, replyTo, uuidOf(key), 'interactive', body) : undefined;
    if (!answer || NO_CARD.has(answer.code))
      answer = await post(to.conversation, replyTo, uuidOf(key, 'text'), 'text', renderText(text, called));
    const sent = classify(answer, String(answer.data['message_id'] ?? ''));
    if (sent.result !== 'sent' || !card.file) return sent;
    const up = await upload(card.file, 'file');
    const given = 'key' in up ? await post(to.conversation, null, uuidOf(key, 'file'), 'file', { file_key: up.key }) : up.answer;
    const second = classify(given, sent.providerId);
    // The words have arrived; a file that will never go is said in its place.
    if (second.result !== 'never') return second;
    const told = await post(
      to.conversation,
      null,
      uuidOf(key, 'no-file'),
      'text',
      renderText(`文件 ${card.file.name} 没有发成：${second.why}`, []),
    );
    return classify(told, sent.providerId);
  };

  return {
    id: FEISHU,
    app,
    idempotent: true,
    remembers: REMEMBERS,
    drawsCharts: true,
    direct: account => account,
    send,
    async update(providerId, card, direct) {
      const body = render(card, { direct, mention: [] });
      const answer = await api.call('PATCH', `/open-apis/im/v1/messages/${encodeURIComponent(providerId)}`, {
        data: { content: JSON.stringify(body) },
      });
      return classify(answer, providerId);
    },
  };
};

const fileType = (name: string): string => {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'pdf') return 'pdf';
  if (/^docx?$/.test(ending)) return 'doc';
  if (/^xlsx?$/.test(ending)) return 'xls';
  if (/^pptx?$/.test(ending)) return 'ppt';
  return 'stream';
};
