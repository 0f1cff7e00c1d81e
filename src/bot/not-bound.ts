/** What somebody who is not bound says without its command: a name and four digits are offered as a binding; all else is answered with how to bind. */
import type { Card } from '../core/card.ts';
import { looksLikePhone } from '../core/names.ts';
import { clean } from '../core/words/clean.ts';

/** Said around a name and a number, and neither of them. */
const AROUND =
  /^\s*(?:您好|你好)|我(?:的名字)?(?:是|叫)|姓名|名字|本人|(?:手机|电话)(?:号码?)?(?:的?(?:后四位|尾号|末四位|最后四位))?|后四位|尾号|末四位|最后四位|绑定|[：:，,。、；;是为]/g;

/** 韩松 3001, 我是费宁，手机尾号3003, 绑定 丁香 with a complete number: who, and the last four. */
export const bindingSaid = (text: string): { name: string; tail: string } | undefined => {
  const words = clean(text)
    .replace(AROUND, ' ')
    .replace(/(?<=\d)[\s-]+(?=\d)/g, '')
    .replace(/(?<=[^\d\s])(?=\d)/g, ' ')
    .trim()
    .split(/\s+/);
  const [name = '', digits = '', ...more] = words;
  const whole = looksLikePhone(digits).length === 1 && /^1\d{10}$/.test(digits);
  if (more.length || !/^\p{Script=Han}[\p{Script=Han}·]{1,9}$/u.test(name) || !(whole || /^\d{4}$/.test(digits))) return undefined;
  return { name, tail: digits.slice(-4) };
};

/** The binding behind a button. `whole`: a complete number was typed, which is kept nowhere. */
export const bindingOffer = ({ name, tail }: { name: string; tail: string }, whole: boolean): Card => ({
  code: 'bind.offered',
  title: whole ? '只要手机后四位' : '您是要绑定吗？',
  tone: 'ask',
  lines: [...(whole ? ['整个号码没有收下'] : []), '还没有办，点一下才办'],
  buttons: [{ label: `绑定 ${name} ${tail}`, command: `/绑定 ${name} ${tail}`, style: 'primary' }],
});

/** How to begin, for whoever is not known. */
export const notBound = (kind: 'group' | 'direct'): Card => ({
  code: 'help.hint',
  title: '您好，先绑定才能用',
  tone: 'info',
  lines: [`${kind === 'group' ? '请私聊我发' : '发'}：绑定 姓名 手机后四位`, '发 帮助 看怎么绑定'],
  buttons: [{ label: '帮助', command: '/帮助' }],
});
