/** Which lines ask: by themselves, behind a command's name, and how a thing is done. */
import { expect, test } from 'vitest';
import { asks, asksBehindName, asksHow } from '../../../src/core/words/questions.ts';

const kinds = (said: string): string =>
  [asks(said) && 'asks', asksBehindName(said) && 'behind', asksHow(said) && 'how'].filter(Boolean).join(' ') || 'tells';

test.each([
  ['有人吗', 'asks behind'],
  ['到了么？', 'asks behind'],
  ['他呢?', 'asks behind'],
  ['月报交了没', 'asks behind'],
  ['通知群众了没有？', 'asks behind'],
  ['17号?', 'asks behind'],
  ['要填什么', 'asks behind'],
  ['？', 'asks behind'],
  ['为什么要签到', 'asks behind'],
  ['怎么请假', 'asks behind how'],
  ['如何导出', 'asks behind how'],
  ['月报怎么报', 'behind how'],
  ['要怎么请', 'behind how'],
  ['怎么样', 'asks behind how'],
  // An answer, but not behind a command's name.
  ['没有', 'behind'],
  ['没', 'behind'],
  ['讨论没有', 'behind'],
  ['不知道怎么回事', 'behind'],
  ['没有信号', 'tells'],
  ['家中有事', 'tells'],
  ['24号', 'tells'],
  ['古竹卫生院', 'tells'],
  ['已到公司了', 'tells'],
  ['', 'tells'],
])('“%s” %s', (said, meant) => expect(kinds(said)).toBe(meant));
