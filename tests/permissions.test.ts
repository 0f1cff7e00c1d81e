/** Who may say what, and where: written out a second time by hand, so that a change of the table is seen, and walked whole. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { may, PERMISSIONS, ROLE_NAMES, type Who } from '../src/bot/permissions.ts';
import { ROLES, type Role } from '../src/core/records.ts';
import { type Chat, chat } from './harness/chat.ts';

/** + anywhere, d in direct chat only, . never. Columns: the roles in their order, then strangers. */
const EXPECTED = `
              physician hospital clinic head general bureau chief admin auditor stranger
  帮助           +         +        +     +     +       +      +     +      +       +
  隐私           +         +        +     +     +       +      +     +      +       +
  绑定           +         +        +     +     +       +      +     +      +       +
  认领           .         .        .     .     .       .      .     .      .       d
  解绑           d         d        d     d     d       d      d     d      d       .
  授权           .         .        .     .     .       d      .     d      .       .
  撤权           .         .        .     .     .       d      .     d      .       .
  交接           .         d        d     d     .       d      .     d      .       .
  绑定群         .         +        +     +     +       +      .     +      .       .
  我的           +         +        +     +     +       +      +     +      +       .
  我的数据       d         d        d     d     d       d      d     d      d       .
  待办           +         +        +     +     +       +      +     +      +       .
  导入           .         .        .     .     +       +      .     +      .       .
  排班           +         +        +     +     +       +      +     .      .       .
  改班           .         +        +     .     +       +      .     .      .       .
  换人           .         +        .     .     +       +      .     .      .       .
  签到           +         +        +     .     .       .      .     .      .       .
  签退           +         .        .     .     .       .      .     .      .       .
  补签           +         +        +     .     .       .      .     .      .       .
  核实           .         +        +     .     +       +      .     .      .       .
  统计           +         +        +     +     +       +      +     .      .       .
  单位位置       .         .        d     .     .       .      .     .      .       .
  设置           .         .        .     .     .       d      .     d      .       .
  体检           .         .        .     .     .       d      .     d      .       .
  记录           .         .        .     .     .       .      .     d      d       .
  网页           d         d        d     d     d       d      d     d      d       .
  撤销           +         +        +     +     +       +      +     +      +       .
`;
const [head = [], ...rows] = EXPECTED.trim()
  .split('\n')
  .map(l => l.trim().split(/\s+/));
const columns = head as Who[];
const cells = rows.flatMap(([command = '', ...marks]) => marks.map((mark, i) => ({ command, who: columns[i]!, mark })));
const verdict = {
  '+': { group: 'yes', direct: 'yes' },
  d: { group: 'not-here', direct: 'yes' },
  '.': { group: 'not-role', direct: 'not-role' },
};
const expected = (mark: string, place: 'group' | 'direct') => verdict[mark as keyof typeof verdict][place];

test('commands, table and the list above name the same commands and roles', () => {
  const typed = commands.map(c => c.name).sort();
  expect(Object.keys(PERMISSIONS).sort()).toEqual(typed);
  expect(rows.map(r => r[0]).sort()).toEqual(typed);
  expect(columns).toEqual([...ROLES, 'stranger']);
  expect(Object.keys(ROLE_NAMES).sort()).toEqual([...columns].sort());
});

test.each(cells)('/$command by $who: $mark', ({ command, who, mark }) => {
  for (const place of ['group', 'direct'] as const) {
    expect(may(command, who === 'stranger' ? [] : [who], who !== 'stranger', place), place).toBe(expected(mark, place));
  }
});

describe('who holds several roles, or none', () => {
  const marks = new Map(cells.map(c => [`${c.command} ${c.who}`, c.mark]));
  const pairs = ROLES.flatMap(a => ROLES.filter(b => b > a).map(b => [a, b] as [Role, Role]));
  test.each(pairs)('%s and %s together may what either may, and no more', (a, b) => {
    for (const [command = ''] of rows) {
      for (const place of ['group', 'direct'] as const) {
        const either = [a, b].map(r => expected(marks.get(`${command} ${r}`)!, place));
        const best = either.find(v => v !== 'not-role') ?? 'not-role';
        expect(may(command, [a, b], true, place), `/${command} in ${place}`).toBe(best);
      }
    }
  });
  test('a bound person without any role has what everybody has', () => {
    const own = rows.map(r => r[0]!).filter(c => may(c, [], true, 'direct') === 'yes');
    expect(own.sort()).toEqual(['帮助', '隐私', '绑定', '解绑', '我的', '我的数据', '待办', '网页', '撤销'].sort());
  });
  test('an account that is not bound has no role, whatever is said of it', () => {
    expect(may('导入', ['admin'], false, 'direct')).toBe('not-role');
    expect(may('认领', ['admin'], true, 'direct')).toBe('not-role');
  });
  test('what is not in the table is refused', () => {
    for (const word of ['没有', '', 'constructor', '__proto__', 'toString']) expect(may(word, [...ROLES], true, 'direct')).toBe('not-role');
  });
});

/** The same through the front door: what a person of each role is answered. */
describe('the turn keeps to the table', () => {
  let room: Chat;
  beforeAll(async () => {
    room = await chat();
  });
  afterAll(() => room.close());

  /** One role each; the group is one that the person is in. */
  const people: [Who, string, string][] = [
    ['physician', '谢卓群', '古竹'],
    ['hospital', '巫承安', '古竹'],
    ['clinic', '池景天', '古竹'],
    ['head', '梁逢春', '古竹'],
    ['bureau', '阮若谷', '古竹'],
    ['chief', '丘书瑶', '古竹'],
    ['auditor', '童清和', '古竹'],
  ];
  test.each(people)('%s', async (who, name, group) => {
    const order = cells.filter(c => c.who === who);
    for (const { command, mark } of order) {
      for (const place of ['group', 'direct'] as const) {
        const answers = await room.say(name, `/${command}`, place === 'group' ? group : undefined);
        const said = answers.map(m => m.code);
        const refused = said.includes('permission.denied') ? 'not-role' : said.includes('permission.direct-only') ? 'not-here' : 'yes';
        expect(refused, `/${command} in ${place}: ${said.join()}`).toBe(expected(mark, place));
        if (refused !== 'not-role') continue;
        expect(
          answers.filter(m => m.code === 'permission.denied').map(m => m.conversation.kind),
          'refused privately',
        ).toEqual(['direct']);
      }
    }
  });
  test('stranger', async () => {
    for (const { command, mark } of cells.filter(c => c.who === 'stranger')) {
      const said = (await room.say('丘暮雪', `/${command}`)).map(m => m.code);
      expect(said.includes('permission.unbound'), `/${command}: ${said.join()}`).toBe(mark === '.');
    }
  });
});
