/** Who hears that a report is corrected: whoever heard the report, and nobody else. */
import { expect, test } from 'vitest';
import { day } from '../../src/core/day.ts';
import { correctionNews, whoHeard } from '../../src/core/presence-news.ts';

test.each<[string, string | undefined]>([
  ['not-there/57/60/hospital', 'hospital'],
  ['not-there/57/60/general/2', 'general'],
  ['corrected/57-2/60/physician', 'physician'],
  ['moved/57/60/bureau', 'bureau'],
  ['not-there/57/61/hospital', undefined],
  ['not-there/58/60/hospital', undefined],
  ['verify/57/60/hospital', undefined],
])('%s is a word to %s', (key, who) => {
  expect(whoHeard(key, ['57', '57-2'], 60)).toBe(who);
});

test.each<[string, ReadonlySet<string> | undefined, string[]]>([
  ['everybody, where it is not known', undefined, ['hospital', 'general', 'bureau', 'physician']],
  ['who has heard it', new Set(['bureau', 'physician']), ['bureau', 'physician']],
  ['nobody, where nothing was sent yet', new Set(), []],
])('corrected to %s', (_name, heard, expected) => {
  const visit = { id: '57', hospital: 'h', county: 'c', person: 'a', day: day('2024-04-17') };
  const said = { turn: 61, today: day('2024-04-17'), programme: null, name: '甲', clinic: '乙', ...(heard ? { heard } : {}) };
  expect(correctionNews(visit, 'withdrawn', said).map(o => o.key.split('/')[3])).toEqual(expected);
});
