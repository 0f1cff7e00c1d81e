/** Phones in text and behind masks. */

const MOBILE = /^1[3-9]\d{9}$/;
const digits = (text: string): string => text.normalize('NFKC').replace(/[\s\u200b-\u200d\u2060\ufeff\-—–.·()（）]/g, '');

export const isMobile = (text: string): boolean => MOBILE.test(digits(text));

/** 138****1234 for a mobile number; what carries a mask already, or is no mobile, stays as it is. */
export const maskPhone = (phone: string): string => {
  const plain = digits(phone);
  return MOBILE.test(plain) ? `${plain.slice(0, 3)}****${plain.slice(7)}` : phone.trim();
};

/** Does a complete number fit a published mask of any length: 180*****51, 138****1234, 180…51? */
export const phoneMatchesMask = (full: string, mask: string): boolean => {
  const plain = digits(full);
  const m = /^(\d*)[^\d]+(\d*)$/.exec(mask.normalize('NFKC').trim());
  if (!m) return plain === digits(mask);
  return plain.startsWith(m[1]!) && plain.endsWith(m[2]!) && plain.length >= m[1]!.length + m[2]!.length;
};

/** Do four digits fit the end of a phone? `possible`: the mask shows fewer than four of them, so they prove nothing. */
export const tailFits = (phoneOrMask: string, four: string): 'yes' | 'no' | 'possible' => {
  if (!/^\d{4}$/.test(four)) return 'no';
  const shown = /(\d*)$/.exec(phoneOrMask.normalize('NFKC').trim())![1]!;
  if (shown.length >= 4) return shown.endsWith(four) ? 'yes' : 'no';
  return four.endsWith(shown) ? 'possible' : 'no';
};

/** Complete mobile numbers in free text, however they are spaced or wide. */
export const looksLikePhone = (text: string): string[] => {
  const plain = text.normalize('NFKC');
  const found: string[] = [];
  for (const m of plain.matchAll(/(?<![\d*])(?:\+?86[\s-]?)?1[3-9](?:[\s\u200b-\u200d\-.·]?\d){9}(?!\d)/g)) {
    const number = digits(m[0]).replace(/^\+?86/, '');
    if (MOBILE.test(number)) found.push(number);
  }
  return found;
};
