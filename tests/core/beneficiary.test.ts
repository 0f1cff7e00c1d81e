import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  drawSample,
  poolForecast,
  readResults,
  readTotals,
  readTyped,
  resultLines,
  vagueIn,
  wishProblem,
} from '../../src/core/beneficiary.ts';

test.each([
  ['李大爷 13800001111', '李大爷', '13800001111', ''],
  ['13800001111 李大爷 想配助听器', '李大爷', '13800001111', '想配助听器'],
  ['李大爷，138 0000 1111，下次坐诊告诉他', '李大爷', '13800001111', '下次坐诊告诉他'],
  ['李大爷１３８００００１１１１', '李大爷', '13800001111', ''],
  ['姓名：李大爷 电话：+86 138-0000-1111 诉求：想约眼科', '李大爷', '13800001111', '想约眼科'],
  ['想配助听器 李大爷 13800001111', '李大爷', '13800001111', '想配助听器'],
  ['下次坐诊告诉他 13800001111 李大爷', '李大爷', '13800001111', '下次坐诊告诉他'],
  ['阿依·古丽 0597-5551234 复诊', '阿依·古丽', '0597-5551234', '复诊'],
])('%s', (text, name, phone, wish) => {
  expect(readTyped(text)).toEqual({ name, phone, wish });
});
test('what is missing is not made up', () => {
  expect(readTyped('13800001111')).toEqual({ phone: '13800001111', wish: '' });
  expect(readTyped('李大爷 想约眼科')).toEqual({ name: '李大爷', wish: '想约眼科' });
});

test.each([
  ['想约下次坐诊', undefined],
  ['下次看病告诉一声', undefined],
  ['病人行动不便，想上门', undefined],
  ['有高血压', 'diagnosis'],
  ['诊断是肺炎', 'diagnosis'],
  ['肿瘤复查', 'diagnosis'],
  ['白内障手术', 'diagnosis'],
  ['慢阻肺', 'diagnosis'],
  ['三高，想要复诊', 'diagnosis'],
  ['哮喘', 'diagnosis'],
  ['想量血压', undefined],
  ['腿脚不便，想上门', undefined],
  ['110101199003071234', 'identity'],
])('wish: %s → %s', (wish, problem) => {
  expect(wishProblem(wish)).toBe(problem);
});

describe('drawing', () => {
  const pool = (sizes: readonly number[]) =>
    sizes.flatMap((n, c) => Array.from({ length: n }, (_, i) => ({ id: `${c}-${i}`, clinic: `c${c}`, person: `p${i % 2}` })));
  it('is the same for the same seed, whatever order the pool comes in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 30 }),
        fc.string(),
        (sizes, n, seed) => {
          const all = pool(sizes);
          const once = drawSample(all, n, seed).map(c => c.id);
          expect(drawSample([...all].reverse(), n, seed).map(c => c.id)).toEqual(once);
          expect(once).toHaveLength(Math.min(n, all.length));
          expect(new Set(once).size).toBe(once.length);
        },
      ),
    );
  });
  it('gives each stratum its share, at most one from it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 30 }),
        fc.string(),
        (sizes, n, seed) => {
          const all = pool(sizes);
          const drawn = drawSample(all, n, seed);
          for (const key of new Set(all.map(c => `${c.clinic} ${c.person}`))) {
            const inside = (cs: typeof all) => cs.filter(c => `${c.clinic} ${c.person}` === key).length;
            expect(Math.abs(inside(drawn) - (drawn.length * inside(all)) / all.length)).toBeLessThan(1);
          }
        },
      ),
    );
  });
  it('differs with the seed', () => {
    const all = pool([30, 30]);
    expect(drawSample(all, 10, 'a').map(c => c.id)).not.toEqual(drawSample(all, 10, 'b').map(c => c.id));
  });
});

test('results are read line by line', () => {
  expect(readResults('57 满意\n编号57-2：不满意 等太久；#57-3 空号\n57-4 基本满意')).toEqual({
    calls: [
      { id: '57', result: 'satisfied', note: '' },
      { id: '57-2', result: 'dissatisfied', note: '等太久' },
      { id: '57-3', result: 'unreachable', note: '空号' },
      { id: '57-4', result: 'fairly', note: '' },
    ],
    unread: [],
  });
  expect(readResults('57 还行吧').unread).toEqual(['57 还行吧']);
  // As the cells of a table have them, each with its command.
  expect(readResults('57 满意\n回访 57-2 未接通 空号\n/回访 57-3 不满意\n回访57-4 拒访').calls.map(c => [c.id, c.result])).toEqual([
    ['57', 'satisfied'],
    ['57-2', 'unreachable'],
    ['57-3', 'dissatisfied'],
    ['57-4', 'refused'],
  ]);
});
test.each(['一般', '一般般', '一般满意', '还行', '还可以吧', '马马虎虎'])('%s is neither satisfied nor dissatisfied: it is asked', said => {
  expect(readResults(`57 ${said} 等太久`)).toEqual({ calls: [], unread: [`57 ${said} 等太久`] });
  expect(vagueIn(`57 ${said} 等太久`)).toEqual({ id: '57', said: /^(?:一般|还行|还可以|马马虎虎)/.exec(said)![0] });
  expect(vagueIn(`满意80 ${said}15`)?.said).toBeDefined();
});
test('what is clear is not vague', () => {
  for (const line of ['57 满意 一般都等半天', '57 基本满意', '满意80 基本满意15', '57 很好']) expect(vagueIn(line)).toBeUndefined();
});
test('the city’s totals', () => {
  expect(readTotals('满意80 基本满意 15人 不满意:3 拒访1 未接通1')).toEqual({
    satisfied: 80,
    fairly: 15,
    dissatisfied: 3,
    refused: 1,
    unreachable: 1,
  });
  expect(readTotals('都好')).toEqual({});
});
test('rates are over those who answered', () => {
  expect(resultLines(10, { satisfied: 2, fairly: 1, dissatisfied: 1, refused: 1, unreachable: 2 })).toEqual([
    '抽取 10，已回访 7，还有 3',
    '答复 4：满意 2（50.0%），基本满意 1（25.0%），不满意 1（25.0%）',
    '拒访 1，未接通 2',
  ]);
  expect(resultLines(10, { unreachable: 10 })[1]).toBe('还没有人答复');
});
test.each([
  [30, 91, 366, 120],
  [0, 200, 366, 0],
  [5, 0, 366, 5],
])('%i after %i of %i days → %i', (n, elapsed, whole, forecast) => {
  expect(poolForecast(n, elapsed, whole)).toBe(forecast);
});
