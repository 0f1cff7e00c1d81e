/** How much of a text a message holds. Pure. */

/** The longest beginning of so many bytes: no sign is broken in two. `size`: bytes of one sign where it travels. */
export const beginningOf = (text: string, bytes: number, size: (sign: string) => number = Buffer.byteLength): string => {
  let end = 0;
  let used = 0;
  for (const sign of text) {
    used += size(sign);
    if (used > bytes) break;
    end += sign.length;
  }
  return text.slice(0, end);
};

/** A text that does not fit ends in a note that says so. */
export const cut = (text: string, bytes: number, note: string, size?: (sign: string) => number): string =>
  beginningOf(text, bytes, size) === text ? text : beginningOf(text, bytes - Buffer.byteLength(note), size) + note;
