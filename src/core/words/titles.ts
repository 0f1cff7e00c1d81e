/** What people are called behind their names: 谢卓群医生, 谢副主任医师, 王院长. */

/** A title as a part of larger expressions. */
export const TITLE = '(?:(?:副?主任|主治|住院)?(?:医生|医师)|副?主任|大夫|老师|同志|院长|专家)';

const AT = new RegExp(TITLE, 'y');
/** How long the title is that stands at a place of a text; 0: none. */
export const titleLength = (text: string, i: number): number => {
  AT.lastIndex = i;
  return AT.exec(text)?.[0].length ?? 0;
};

const ANY = new RegExp(TITLE, 'g');
/** Names as they are without their titles. */
export const withoutTitles = (said: string): string => said.replace(ANY, '');
