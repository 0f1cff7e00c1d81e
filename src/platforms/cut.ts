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

/** So many signs are a row; a longer line is a text, whose beginning says something. */
const ROW = 120;

/** A text that does not fit ends in a note that says so, behind a whole line: of 1207/2407 nobody is to read 1207/2. */
export const cut = (text: string, bytes: number, note: string, size?: (sign: string) => number): string => {
  if (beginningOf(text, bytes, size) === text) return text;
  const begun = beginningOf(text, bytes - Buffer.byteLength(note), size);
  const whole = text[begun.length] === '\n' ? begun.length : begun.lastIndexOf('\n');
  return (whole > 0 && begun.length - whole <= ROW ? begun.slice(0, whole) : begun) + note;
};
