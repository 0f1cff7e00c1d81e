/** What people type on the stage is shown as typed, but no complete phone or identity number goes to disk. */
import { isMobile, looksLikePhone } from '../../core/names.ts';

const IDENTITY = /(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)/g;
/** Narrow signs, without the invisible ones that copying brings along: so numbers are reported. */
const narrow = (text: string): string => text.normalize('NFKC').replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '');

/** The text with the middle of each such number hidden. */
export const masked = (text: string): string => {
  const identity = text.replace(IDENTITY, '$1********$2');
  return looksLikePhone(identity).reduce((hidden, phone) => {
    const digits = phone.replace(/\D/g, '');
    const there = hidden.includes(phone) ? hidden : narrow(hidden);
    return there.replaceAll(phone, `${digits.slice(0, 3)}****${digits.slice(-4)}`);
  }, identity);
};

/** A complete mobile number stands in it. */
export const carriesMobile = (text: string): boolean => looksLikePhone(text).some(isMobile);
