/** People who were served: what may be kept of them, who of them is called, and what the calls say. Nothing here is ever shown in a group. */

import { isMobile, looksLikePhone } from './names.ts';
import type { FollowUpResult } from './records.ts';

/** What was typed of one of them. */
export interface Typed {
  name: string;
  phone: string;
  wish: string;
}

const IDENTITY = /(?<!\d)\d{17}[\dXx](?!\d)/;
/** Words of a diagnosis or of a record, which have no place in a wish. 看病, 病人, 生病 and the like have. */
const DIAGNOSIS =
  /诊断|确诊|病史|病情|病历|住院号|糖尿病|高血压|冠心病|心脏病|肾病|肝病|肺病|胃病|精神病|传染病|艾滋|梅毒|结核|癌|肿瘤|白血病|脑梗|中风|偏瘫|骨折|抑郁|慢阻肺|肺气肿|哮喘|痛风|结石|甲亢|甲减|心梗|房颤|脑出血|贫血|溃疡|肝硬化|乙肝|丙肝|尿毒症|帕金森|痴呆|白内障|青光眼|癫痫|风湿|三高|高血脂|(?:血压|血糖|血脂)(?:偏|很|太)?高|椎间盘突出|疝气|痔疮|骨质疏松|息肉|囊肿|湿疹|疱疹|[一-龥](?:炎|症)(?![一-龥]*状况)/;

/** Name, phone and wish in any order of a line whose date and unit are taken out. A name is the first short word that is no number; the others are the wish. */
export const readTyped = (text: string): Partial<Typed> => {
  const [phone] = looksLikePhone(text);
  const flat = text.normalize('NFKC');
  const rest = (phone === undefined ? flat : flat.replace(phone, ' ').replace(/\+(?=\s|$)/, ' ')).replace(
    /(?:姓名|电话|手机|联系方式|诉求)[:：]?/g,
    ' ',
  );
  const words = rest.split(/[\s,，、;；。]+/).filter(Boolean);
  const short = words.findIndex(w => /^(?:\p{Script=Han}{2,4}|\p{Script=Han}+·[\p{Script=Han}·]+)$/u.test(w));
  const at = short >= 0 ? short : words.findIndex(w => /^[\p{Script=Han}·]{2,12}$/u.test(w));
  const name = words[at];
  return {
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone: isMobile(phone) ? phone.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '') : phone }),
    wish: words.filter((_, i) => i !== at).join(' '),
  };
};

/** Why it may not be kept, or undefined. */
export const wishProblem = (wish: string): 'identity' | 'diagnosis' | undefined =>
  IDENTITY.test(wish) ? 'identity' : DIAGNOSIS.test(wish) ? 'diagnosis' : undefined;

/** 张*: enough to recognise, not to know. */
export const maskName = (name: string): string => {
  const letters = [...name];
  return `${letters[0] ?? ''}${'*'.repeat(Math.max(1, letters.length - 1))}`;
};

/** One to draw from. */
export interface Candidate {
  id: string;
  clinic: string;
  person: string | null;
}

/** Numbers in [0, 1) from a text, the same for the same text. FNV-1a into mulberry32. */
const chance = (text: string): (() => number) => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return () => {
    h = (h + 0x6d2b79f5) | 0;
    let t = Math.imul(h ^ (h >>> 15), 1 | h);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};
/** A place in an order that nobody can foresee without the seed. */
const lot = (seed: string, what: string): number => {
  const next = chance(`${seed}\n${what}`);
  next();
  return next();
};

/**
 * Draws `size` of the pool, stratified by clinic and physician: each stratum gets its share by largest remainders, ties by lot.
 * The same pool, size and seed give the same draw in the same order, whatever order the pool comes in.
 */
export const drawSample = <C extends Candidate>(pool: readonly C[], size: number, seed: string): C[] => {
  const strata = new Map<string, C[]>();
  for (const c of [...pool].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    const key = `${c.clinic} ${c.person ?? ''}`;
    strata.set(key, [...(strata.get(key) ?? []), c]);
  }
  const wanted = Math.min(size, pool.length);
  const shares = [...strata].map(([key, all]) => {
    const exact = (wanted * all.length) / Math.max(1, pool.length);
    return { key, all, n: Math.floor(exact), rest: exact - Math.floor(exact), lot: lot(seed, key) };
  });
  const open = wanted - shares.reduce((n, s) => n + s.n, 0);
  for (const s of [...shares].sort((a, b) => b.rest - a.rest || a.lot - b.lot).slice(0, open)) s.n++;
  return shares
    .flatMap(s => [...s.all].sort((a, b) => lot(seed, a.id) - lot(seed, b.id)).slice(0, s.n))
    .sort((a, b) => lot(seed, a.id) - lot(seed, b.id));
};

export const RESULT_NAMES: Readonly<Record<FollowUpResult, string>> = {
  satisfied: '满意',
  fairly: '基本满意',
  dissatisfied: '不满意',
  refused: '拒访',
  unreachable: '未接通',
};
/** Longest first: 基本满意 and 不满意 hold 满意. */
export const RESULT_WORDS: readonly (readonly [string, FollowUpResult])[] = [
  ['基本满意', 'fairly'],
  ['比较满意', 'fairly'],
  ['较满意', 'fairly'],
  ['非常满意', 'satisfied'],
  ['很满意', 'satisfied'],
  ['不太满意', 'dissatisfied'],
  ['不满意', 'dissatisfied'],
  ['满意', 'satisfied'],
  ['拒绝回访', 'refused'],
  ['拒访', 'refused'],
  ['拒绝', 'refused'],
  ['未接通', 'unreachable'],
  ['没接通', 'unreachable'],
  ['打不通', 'unreachable'],
  ['无人接听', 'unreachable'],
  ['没人接', 'unreachable'],
  ['空号', 'unreachable'],
  ['停机', 'unreachable'],
];

export type Results = Readonly<Partial<Record<FollowUpResult, number>>>;

/** Rates only over those who answered, with how many were called, refused and not reached beside them. */
export const resultLines = (drawn: number, r: Results): string[] => {
  const n = (k: FollowUpResult) => r[k] ?? 0;
  const answered = n('satisfied') + n('fairly') + n('dissatisfied');
  const called = answered + n('refused') + n('unreachable');
  const rate = (k: number) => `${k}（${((k / answered) * 100).toFixed(1)}%）`;
  return [
    `抽取 ${drawn}，已回访 ${called}${called < drawn ? `，还有 ${drawn - called}` : ''}`,
    answered
      ? `答复 ${answered}：满意 ${rate(n('satisfied'))}，基本满意 ${rate(n('fairly'))}，不满意 ${rate(n('dissatisfied'))}`
      : '还没有人答复',
    `拒访 ${n('refused')}，未接通 ${n('unreachable')}`,
  ];
};

/** `/回访` lines: 57 满意, 57-2 未接通 空号. Lines that say no result are given back as they are. */
export const readResults = (text: string): { calls: { id: string; result: FollowUpResult; note: string }[]; unread: string[] } => {
  const calls: { id: string; result: FollowUpResult; note: string }[] = [];
  const unread: string[] = [];
  for (const line of text
    .normalize('NFKC')
    .split(/[\n;；]+/)
    .map(l => l.trim())
    .filter(Boolean)) {
    const m = /^(?:\/?(?:电话)?回访(?:结果)?[\s:：]*)?(?:#|编号:?)?\s*(\d{1,12}(?:-\d{1,5})?)[\s,，:：.、]+(.*)$/.exec(line);
    const word = m && RESULT_WORDS.find(([w]) => m[2]!.startsWith(w));
    // 空号 and 停机 say why as well.
    if (m && word)
      calls.push({
        id: m[1]!,
        result: word[1],
        note: (/空号|停机/.test(word[0]) ? m[2]! : m[2]!.slice(word[0].length)).replace(/^[\s,，:：]+/, ''),
      });
    else unread.push(line);
  }
  return { calls, unread };
};

/** A word that is neither: whoever called knows what was meant. */
export const vagueIn = (text: string): { id: string | undefined; said: string } | undefined => {
  const plain = text.normalize('NFKC').trim();
  const m =
    /^(?:\/?(?:电话)?回访(?:结果)?[\s:：]*)?(?:#|编号:?)?\s*(?<id>\d{1,12}(?:-\d{1,5})?)[\s,，:：.、]+(?<said>一般|还行|还可以|凑合|马马虎虎)/.exec(
      plain,
    ) ?? /(?<said>一般|还行|还可以|凑合|马马虎虎)\D{0,3}\d/.exec(plain);
  return m?.groups && { id: m.groups['id'], said: m.groups['said']! };
};

/** 满意80 基本满意15 …: what the city found, in numbers. */
export const readTotals = (text: string): Results => {
  const totals: Partial<Record<FollowUpResult, number>> = {};
  let rest = text.normalize('NFKC');
  for (const [word, result] of RESULT_WORDS) {
    const m = new RegExp(`${word}[:：]?\\s*(\\d{1,6})\\s*人?`).exec(rest);
    if (!m) continue;
    totals[result] = (totals[result] ?? 0) + Number(m[1]);
    rest = rest.replace(m[0], ' ');
  }
  return totals;
};

/** Will there be enough for the year's sample? Straight on at the pace so far; `elapsed` and `whole` in days. */
export const poolForecast = (registered: number, elapsed: number, whole: number): number =>
  elapsed <= 0 ? registered : Math.floor((registered * whole) / elapsed);
