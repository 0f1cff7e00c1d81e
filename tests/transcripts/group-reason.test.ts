/** Why somebody is away is said in direct chat: in a group the bot repeats nothing of it, on no button and in no line. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

const GROUP = '古竹卫生院工作群';
const inGroup = (messages: readonly { conversation: { kind: string } }[]) =>
  JSON.stringify(messages.filter(m => m.conversation.kind === 'group'));

test.each([
  ['a near miss', '/请价 4月17日 胃出血住院 改到 4月24日'],
  ['glued to its command', '/请假4月17日胃出血住院'],
  ['beside another thing', '/签到\n请假 4月17日 胃出血住院 改到 4月24日'],
  ['too late for the ordinary path', '/请假 4月11日 胃出血住院 改到 4月24日'],
  ['a late check-in whose day is asked', '/补签 胃出血住院'],
  ['a late check-in, near', '/补欠 昨天 胃出血住院'],
  ['a remark, near', '/签道 古竹 胃出血住院'],
])('%s', async (_name, text) => {
  room = await chat({ at: '2024-04-10 08:00' });
  const said = await room.say('谢卓群', text, GROUP);
  expect(said.length).toBeGreaterThan(0);
  expect(inGroup(said)).not.toContain('胃出血');
});

test('an answer that comes too late: the whole line waits in direct chat, and the group hears nothing of it', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  await room.say('谢卓群', '/请假 4月17日 胃出血住院', GROUP);
  await room.to('2024-04-10 08:20');
  const said = await room.say('谢卓群', '@下基层助手 24号', GROUP);
  expect(said.map(m => [m.code, m.conversation.kind])).toEqual([['question.late', 'direct']]);
  expect(said[0]!.card.buttons![0]!.command).toBe('/请假 2024-04-17 胃出血住院 改到 2024-04-24');
  expect((await room.press('谢卓群', said[0]!.card.buttons![0]!.label))[0]!.code).toBe('leave.asked-for');
});

test('what says nothing of anybody stays where it was asked', async () => {
  room = await chat({ at: '2024-04-10 08:00' });
  expect((await room.say('谢卓群', '/签道', GROUP)).map(m => m.conversation.kind)).toEqual(['group']);
  expect((await room.say('谢卓群', '/请价 4月17日', GROUP)).map(m => m.conversation.kind)).toEqual(['group']);
});
