/** What stands behind a name is a title, whole, and no part of the name. */
import { expect, test } from 'vitest';
import { titleLength, withoutTitles } from '../../../src/core/words/titles.ts';

test.each([
  ['谢卓群医生', '医生'],
  ['谢卓群医师', '医师'],
  ['谢卓群主任', '主任'],
  ['谢卓群副主任', '副主任'],
  ['谢卓群主任医师', '主任医师'],
  ['谢卓群副主任医师 4月17日', '副主任医师'],
  ['谢卓群主治医师', '主治医师'],
  ['谢卓群住院医师', '住院医师'],
  ['谢卓群大夫', '大夫'],
  ['谢卓群老师', '老师'],
  ['谢卓群同志', '同志'],
  ['谢卓群院长', '院长'],
  ['谢卓群', ''],
  ['谢卓群住院', ''],
  ['谢卓群 医师', ''],
])('%s: %s', (said, title) => {
  expect(said.slice(3, 3 + titleLength(said, 3))).toBe(title);
});
test('names are told from their titles wherever they stand', () => {
  expect(withoutTitles('谢卓群副主任医师、吴沐阳医生')).toBe('谢卓群、吴沐阳');
});
