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
export const ROW = 120;

/** What is missing below a text that was cut, and where all of it is. */
export const leftOut = (lines: number): string => `（太长，后面 ${lines} 行没有显示，请用 /网页 看全）`;

const linesOf = (text: string): number => text.split('\n').filter(Boolean).length;

/** A text that does not fit ends in a note that says how many lines are missing, behind a whole line: of 1207/2407 nobody is to read 1207/2. */
export const cut = (text: string, bytes: number, note: (lines: number) => string, size?: (sign: string) => number): string => {
  if (beginningOf(text, bytes, size) === text) return text;
  const begun = beginningOf(text, bytes - Buffer.byteLength(note(linesOf(text))), size);
  const whole = text[begun.length] === '\n' ? begun.length : begun.lastIndexOf('\n');
  const shown = whole > 0 && begun.length - whole <= ROW ? begun.slice(0, whole) : begun;
  return shown + note(linesOf(text.slice(shown.length)));
};
