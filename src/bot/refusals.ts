/** Why a command is not even looked at: it tells what must not be told there, or its speaker may not say it. */
import type { Card } from '../core/card.ts';
import { isMobile, looksLikePhone } from '../core/names.ts';
import { type Actor, no } from './command.ts';
import type { SaidCommand } from './hearing.ts';
import { bindingOffer, bindingSaid } from './not-bound.ts';
import { may, PERMISSIONS, ROLE_NAMES } from './permissions.ts';
import type { Inbound, Platform, Read } from './ports.ts';

/** `alone`: for the asker's eyes. `silent`: it was not said to the bot. */
export type Turned = { card: Card; alone?: boolean } | 'silent';

/** What is not taken in whoever says it. */
export const keptOut = (inbound: Inbound, { name }: SaidCommand, typed: string): Turned | undefined =>
  inbound.conversation.kind === 'group' && PERMISSIONS[name]?.recall && typed
    ? {
        card: {
          code: 'recall.asked',
          title: '含群众信息，没有收下',
          tone: 'urgent',
          lines: ['请马上撤回这条消息', `请私聊我发：${name} …`],
        },
      }
    : undefined;

export const notAllowed = async (
  read: Read,
  inbound: Inbound,
  { name }: SaidCommand,
  actor: Actor,
  platform: Platform | undefined,
): Promise<Turned | undefined> => {
  // Being added to a group is no act of its members: the bot greets whoever is there.
  if (inbound.content.kind === 'joined') return undefined;
  const group = inbound.conversation.kind === 'group';
  const { kind } = inbound.content;
  const roles = actor.grants.map(g => g.role);
  switch (may(name, roles, actor.person !== null, group ? 'group' : 'direct')) {
    case 'yes':
      return undefined;
    case 'not-here':
      return { card: no('permission.direct-only', `/${name} 请私聊我发`, '这里人多，涉及个人或权限') };
    case 'not-role': {
      if (actor.person === null) {
        // A location or a file of a stranger in a group was not said to the bot.
        if (group && kind !== 'text' && kind !== 'button') return 'silent';
        return { card: await unbound(read, inbound, platform) };
      }
      if (group && (kind === 'location' || kind === 'file')) return 'silent';
      const who = PERMISSIONS[name]?.who.filter(w => w !== 'stranger').map(w => ROLE_NAMES[w]) ?? [];
      return {
        alone: true,
        card: who.length
          ? no('permission.denied', `您不能用 /${name}`, `只限：${who.join('、')}`, '发 帮助 看您能做什么')
          : no('permission.bound', `/${name} 不用再发`, '您已经绑定，只有还没绑定的账号用得上', '您的角色发 我的 看'),
      };
    }
  }
};

const unbound = async (read: Read, { platform: id, app }: Inbound, platform: Platform | undefined): Promise<Card> => {
  const again = platform?.passing && (await read.count('accounts', { platform: id, app, state: 'frozen' })) > 0;
  return again
    ? no('permission.again', '请再绑定一次', '微信重新登录过，原来的绑定停用了', '私聊我发：绑定 重绑码，或 绑定 姓名 手机后四位')
    : no('permission.unbound', '还不认识您', '请私聊我发：绑定 姓名 手机后四位');
};

/** A complete number may be typed nowhere but in a roster or of a beneficiary: there in direct chat, and in a group only the landlines of units. */
export const carriesPhone = (inbound: Inbound, { name }: SaidCommand, typed: string): Turned | undefined => {
  const group = inbound.conversation.kind === 'group';
  const inText = looksLikePhone(typed).some(phone => (name !== '导入' && name !== '受益') || (group && isMobile(phone)));
  const rows = group && inbound.content.kind === 'file' ? (inbound.content.rows ?? []) : [];
  if (!inText && !rows.some(row => row.some(cell => looksLikePhone(cell).some(isMobile)))) return undefined;
  // One's own number, of which the last four are enough.
  const own = name === '绑定' && !group ? bindingSaid(typed) : undefined;
  if (own) return { card: bindingOffer(own, true) };
  return {
    card: {
      code: 'phone.refused',
      title: '含手机号，没有收下',
      tone: 'urgent',
      lines: ['请马上撤回这条消息', name === '导入' ? '带手机号的表请私聊发我' : '去掉手机号再发一次'],
    },
  };
};

/** What came with no command is answered in its own words nowhere if a number stands in it. */
export const phoneSaid = ({ content, conversation }: Inbound): Card | undefined => {
  const group = conversation.kind === 'group';
  const said = content.kind === 'text' ? looksLikePhone(content.text) : [];
  if (!said.some(phone => !group || isMobile(phone))) return undefined;
  return group
    ? {
        code: 'phone.refused',
        title: '含手机号，没有收下',
        tone: 'urgent',
        lines: ['请马上撤回这条消息', '登记受益群众请私聊我发：受益 …'],
      }
    : no('phone.refused', '含电话号码，没有收下', '登记受益群众请这样发：受益 姓名 电话 已告知', '“受益”后面空一格；别的命令不用写号码');
};
