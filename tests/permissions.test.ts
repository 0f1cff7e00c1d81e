/** Who may say what, and where: written out a second time by hand, so that a change of the table is seen, and walked whole. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../commands/index.ts';
import { may, PERMISSIONS, ROLE_NAMES, type Who } from '../src/bot/permissions.ts';
import type { Message } from '../src/bot/stage.ts';
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
  网页           d         d        d     d     d       d      d     d      d       .
  我的数据       d         d        d     d     d       d      d     d      d       .
  待办           +         +        +     +     +       +      +     +      +       .
  导入           .         .        .     .     +       +      .     +      .       .
  排班           +         +        +     +     +       +      +     .      .       .
  改班           .         +        +     .     +       +      .     .      .       .
  换人           .         +        .     .     +       +      .     .      .       .
  签到           +         +        +     .     .       .      .     .      .       .
  签退           +         .        .     .     .       .      .     .      .       .
  补签           +         +        +     .     .       .      .     .      .       .
  填报           +         +        +     .     .       .      .     .      .       .
  宣传           .         .        +     .     .       +      .     .      .       .
  经费           .         +        .     .     .       +      .     .      .       .
  核实           .         +        +     +     +       +      .     .      .       .
  请假           +         +        +     +     +       +      +     .      .       .
  批准           .         +        +     +     +       +      .     .      .       .
  驳回           .         +        +     +     +       +      .     .      .       .
  销假           +         +        +     .     .       .      .     .      .       .
  提前结束       d         d        .     .     .       .      .     .      .       .
  备案           .         .        .     .     .       +      .     .      .       .
  已告知         .         +        +     .     +       +      .     .      .       .
  在岗           +         +        +     +     +       +      +     .      .       .
  说明           d         d        d     d     .       .      .     .      .       .
  认定           .         .        .     .     .       d      .     .      .       .
  异议           d         d        .     d     .       .      .     .      .       .
  受益           d         .        d     .     .       d      .     .      .       .
  抽样           .         .        .     .     .       d      .     .      .       .
  回访           .         .        .     .     .       d      .     .      .       .
  统计           +         +        +     +     +       +      +     .      .       .
  月报           .         +        +     +     +       +      +     .      .       .
  催报           .         .        .     .     .       +      .     .      .       .
  开锁           .         .        .     .     .       +      .     .      .       .
  导出           .         +        +     +     +       +      +     .      .       .
  模板           .         .        .     .     .       d      .     .      .       .
  通报           .         .        .     .     .       d      .     .      .       .
  总结           .         d        d     d     d       d      d     .      .       .
  单位位置       .         .        d     .     .       .      .     .      .       .
  设置           .         .        .     .     .       d      .     d      .       .
  体检           .         .        .     .     .       d      .     d      .       .
  发件箱         .         .        .     .     .       .      .     d      .       .
  重发           .         .        .     .     .       .      .     d      .       .
  作废           .         .        .     .     .       .      .     d      .       .
  记录           .         .        .     .     .       .      .     d      d       .
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

test.each(cells.map(c => [c.command, c.who, c.mark] as const))('/%s by %s: %s', (command, who, mark) => {
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
    expect(own.sort()).toEqual(['帮助', '隐私', '绑定', '解绑', '我的', '我的数据', '网页', '待办', '撤销'].sort());
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
  /** One role each; 丘暮雪 is a stranger and in no group. */
  const people: [Who, string][] = [
    ['physician', '谢卓群'],
    ['hospital', '巫承安'],
    ['clinic', '池景天'],
    ['head', '梁逢春'],
    ['bureau', '阮若谷'],
    ['chief', '丘书瑶'],
    ['auditor', '童清和'],
    ['stranger', '丘暮雪'],
  ];
  const places = (who: Who) => (who === 'stranger' ? (['direct'] as const) : (['group', 'direct'] as const));
  const answers = new Map<string, Message[]>();
  let room: Chat;
  beforeAll(async () => {
    room = await chat();
    // All at once: a person's own lines stay in order.
    await Promise.all(
      people.map(async ([who, name]) => {
        for (const [command] of rows)
          for (const place of places(who))
            answers.set(`${who} ${command} ${place}`, await room.say(name, `/${command}`, place === 'group' ? '古竹' : undefined));
      }),
    );
  }, 180_000);
  afterAll(() => room.close());

  test.each(people)('%s', who => {
    for (const { command, mark } of cells.filter(c => c.who === who)) {
      for (const place of places(who)) {
        const said = answers.get(`${who} ${command} ${place}`)!;
        const codes = said.map(m => m.code);
        const refusal = said.find(m => ['permission.denied', 'permission.bound', 'permission.unbound'].includes(m.code));
        const got = refusal ? 'not-role' : codes.includes('permission.direct-only') ? 'not-here' : 'yes';
        expect(got, `/${command} in ${place}: ${codes.join()}`).toBe(expected(mark, place));
        expect(codes, 'the command is there').not.toContain('command.unknown');
        if (refusal) expect(refusal.conversation.kind, 'refused privately').toBe('direct');
      }
    }
  });
});
