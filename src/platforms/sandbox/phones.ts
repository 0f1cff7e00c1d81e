/** What people type on the stage is shown as typed, but no complete phone or identity number goes to disk. */

// A mobile number with or without separators, a landline with its area code, an identity number.
const MOBILE = /(?<!\d)(1[3-9]\d)([- ]?)(\d{4})\2(\d{4})(?!\d)/g;
const LANDLINE = /(?<!\d)(0\d{2,3})([- ]?)\d{3,4}(\d{4})(?!\d)/g;
const IDENTITY = /(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)/g;

const halfWidth = (text: string): string => text.replace(/[０-９]/g, d => String.fromCharCode(d.charCodeAt(0) - 0xfee0));

/** The text with the middle of each such number hidden. */
export const masked = (text: string): string => {
  const plain = halfWidth(text);
  const hidden = plain
    .replace(MOBILE, (_, head: string, _sep: string, _mid: string, tail: string) => `${head}****${tail}`)
    .replace(IDENTITY, (_, head: string, tail: string) => `${head}********${tail}`)
    .replace(LANDLINE, (_, area: string, _sep: string, tail: string) => `${area}-***${tail}`);
  return hidden === plain ? text : hidden;
};

/** A complete mobile number stands in it. */
export const carriesMobile = (text: string): boolean => halfWidth(text).search(MOBILE) >= 0;

/** The same value with every text in it masked. */
export const maskedDeep = <T>(value: T): T => {
  if (typeof value === 'string') return masked(value) as T;
  if (Array.isArray(value)) return value.map(maskedDeep) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, maskedDeep(v)])) as T;
  return value;
};
