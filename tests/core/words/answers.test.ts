/** What answers nothing: a table of what people say to a question. */
import { expect, test } from 'vitest';
import { onlySmallWords, saysNothing, withoutSmallWords } from '../../../src/core/words/answers.ts';

test.each([
  '好的',
  '好的，等等',
  '是的',
  '嗯嗯',
  'OK',
  '收到，谢谢',
  '等一下',
  '稍等',
  '还没想好',
  '我再想想',
  '不知道',
  '不',
  '随便吧',
  '?',
  '在吗？',
  '到时候再说',
])('“%s” answers nothing', said => expect(saysNothing(said)).toBe(true));
test.each([
  '家中有事',
  '不想去',
  '不舒服',
  '没有信号',
  '忘了',
  '看孩子',
  '等通知开会',
  '好几天没休息了',
  '24号',
  '确认在岗',
  '对口帮扶开会',
  '不会开车',
  '是否',
  '行政会议',
  '',
])('“%s” may be an answer', said => expect(saysNothing(said)).toBe(false));
test('small words around a day are no part of it', () => {
  expect(withoutSmallWords('那就24号吧')).toBe('24号吧');
  expect(withoutSmallWords('好的，改到4月24日')).toBe('4月24日');
  expect(withoutSmallWords('好的')).toBe('好的');
  expect(['吧', '就 吧', '那就行'].map(onlySmallWords)).toEqual([true, true, true]);
  expect(['可能不行', '不', '下午'].map(onlySmallWords)).toEqual([false, false, false]);
});
