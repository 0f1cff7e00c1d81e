/** One message to DingTalk: by the conversation's session where there is one, else by the robot; the answer classified. */
import type { Files, Platform, Sent } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';
import type { Answer, DingtalkApi } from './api.ts';
import { DINGTALK, isPerson, type Session, staffOf } from './receive.ts';
import { keyed, render, sessionBody } from './render.ts';

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
export const classify = ({ http, code, msg }: Answer): Exclude<Sent, { result: 'sent' }> | null => {
  if (code === '0') return null;
  if (http === 0)
    return code === 'refused' ? { result: 'later', after: 0, why: msg } : { result: 'unknown', why: '钉钉没有回应，是否送达不明' };
  if (SPENT.has(code) || QUOTA.test(code) || QUOTA.test(msg))
    return { result: 'never', why: '钉钉本月调用次数已用完，请管理员购买或等下月' };
  if (SESSION_LIMITED.has(code)) return { result: 'later', after: BLOCKED, why: '钉钉限流' };
  if (http === 429 || LIMITED.test(code) || LIMITED.test(msg)) return { result: 'later', after: 2_000, why: '钉钉限流' };
  // A failing server may have done it all the same, and DingTalk knows no key of ours.
  if (http >= 500) return { result: 'unknown', why: `钉钉出错（${code}），是否送达不明` };
  return { result: 'never', why: WHY[code] ?? `钉钉不收：${code} ${msg.slice(0, 80)}` };
};

export interface SendDeps {
  api: DingtalkApi;
  app: string;
  files: Files;
  now(): Instant;
  session(conversation: string): Session | undefined;
}

/** A session is not used in its last minute. */
const MARGIN = 60_000;

export const dingtalkPlatform = ({ api, app, files, now, session }: SendDeps): Platform => {
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
  const byRobot = async (to: string, message: { msgKey: string; msgParam: string }): Promise<Sent> => {
    if (!isPerson(to)) {
      const answer = await api.call('POST', '/v1.0/robot/groupMessages/send', { robotCode: app, openConversationId: to, ...message });
      return classify(answer) ?? { result: 'sent', providerId: String(answer.body['processQueryKey'] ?? '') };
    }
    const staff = staffOf(to);
    const answer = await api.call('POST', '/v1.0/robot/oToMessages/batchSend', { robotCode: app, userIds: [staff], ...message });
    const failed = classify(answer);
    if (failed) return failed;
    const has = (list: string) => Array.isArray(answer.body[list]) && (answer.body[list] as unknown[]).includes(staff);
    if (has('invalidStaffIdList')) return { result: 'never', why: '钉钉里没有此人，或不在应用可见范围里' };
    if (has('flowControlledStaffIdList')) return { result: 'later', after: 60_000, why: '钉钉对此人限流' };
    return { result: 'sent', providerId: String(answer.body['processQueryKey'] ?? '') };
  };

  const send: Platform['send'] = async ({ to, card, mention }) => {
    const conversation = to.conversation;
    const known = session(conversation);
    const open = known && known.until - now() > MARGIN ? known : undefined;
    const called = isPerson(conversation) ? [] : mention.map(m => ({ ...m, account: m.account === null ? null : staffOf(m.account) }));
    const picture = card.picture ? await upload(card.picture.id, card.picture.name, 'image') : null;
    const rendered = render(card, called, picture);
    const at = called.flatMap(m => (m.account === null ? [] : [m.account]));
    let providerId = '';
    for (const [i, text] of rendered.parts.entries()) {
      const last = i === rendered.parts.length - 1;
      let sent: Sent;
      // A session costs no quota and can really call people; the robot's own sending cannot.
      if (open) {
        const answer = await api.session(open.url, sessionBody(rendered, text, last, at));
        sent = classify(answer) ?? { result: 'sent', providerId: '' };
      } else sent = await byRobot(conversation, keyed(rendered, text, last));
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

  return { id: DINGTALK, app, idempotent: false, direct: account => account, send };
};
