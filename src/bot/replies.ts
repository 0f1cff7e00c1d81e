/** The answer to one message: in its chat, or where only its asker sees it. */
import type { Card, ConversationKey } from '../core/card.ts';
import { isSlow, latest, madeBeside, making } from './paper.ts';
import type { Inbound, Platform, Post } from './ports.ts';

/** Said in the group where the answer is for one person alone, and the messenger does not let the bot begin. */
const SPEAK_FIRST: Card = {
  code: 'direct.first',
  title: '请先私聊我说一句话',
  tone: 'ask',
  lines: ['答复只给您本人看，这个平台不许我先开口', '私聊发 帮助，再把刚才的命令在私聊里发一次'],
};

export interface Replies {
  here: ConversationKey;
  /** `nth`: several answers to one message. */
  reply(card: Card, nth?: string): Post;
  /** In the asker's direct chat; where the messenger does not let the bot begin, a word in the group instead. */
  alone(card: Card, nth?: string): Post;
  /** The answer of a command, with a word before it where it takes long to make. `inDirect`: it goes to the direct chat, and a group hears that it did. */
  answer(card: Card, inDirect: boolean): Post[];
}

/** `personal`: a card that is not for those who read along in a group. */
export const repliesTo = (inbound: Inbound, platform: Platform | undefined, personal: (card: Card) => boolean): Replies => {
  const { platform: id, app, conversation, eventId } = inbound;
  const group = conversation.kind === 'group';
  const here: ConversationKey = { platform: id, app, conversation: conversation.id };
  const direct: ConversationKey = { platform: id, app, conversation: platform?.direct(inbound.account) ?? conversation.id };
  const reached = platform?.reaches?.(direct.conversation) ?? true;
  const post = (card: Card, to: ConversationKey, nth: string): Post => ({
    key: `reply/${id}/${app}/${eventId}${nth}`,
    topic: null,
    to,
    place: group && to.conversation === conversation.id ? 'own-group' : 'direct',
    class: 'reply',
    card,
    notBefore: latest(card, inbound.receivedAt),
    expires: null,
    replyTo: to.conversation === conversation.id ? eventId : null,
    born: platform?.idempotent && !madeBeside(card) ? 'sending' : 'pending',
  });
  const alone = (card: Card, nth = ''): Post => (reached ? post(card, direct, nth) : post(SPEAK_FIRST, here, nth));
  const reply = (card: Card, nth = ''): Post => (group && personal(card) ? alone(card, nth) : post(card, here, nth));
  return {
    here,
    reply,
    alone,
    answer(card, inDirect) {
      const elsewhere = group && (inDirect || personal(card));
      if (elsewhere && !reached) return [reply(SPEAK_FIRST)];
      const to = elsewhere ? direct : here;
      return [
        ...(elsewhere ? [reply({ code: card.code, title: '已私聊发您', tone: 'info', lines: [] })] : []),
        ...(isSlow(card) ? [post(making(card), to, '/making')] : []),
        post(card, to, elsewhere ? '/direct' : ''),
      ];
    },
  };
};
