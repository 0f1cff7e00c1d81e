import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarSource, makeCalendar } from '../../src/bot/calendar-source.ts';
import type { Read } from '../../src/bot/ports.ts';
import {
  addWorkdays,
  assumedWorkday,
  assumeWeekdays,
  type Calendar,
  firstWorkdayOnOrAfter,
  lastWorkdayOfWeek,
  lastWorkdayOnOrBefore,
  nextWorkday,
  previousWorkday,
  workday,
  workdaysBack,
  workdaysIn,
} from '../../src/core/calendar.ts';
import { addDays, type Day, day, daysBetween, firstOf, lastOf, month, monthSpan, weekday } from '../../src/core/day.ts';
import type { CalendarDay } from '../../src/core/records.ts';

const calendar = makeCalendar([]);
const own = (id: string, work: boolean, name = '本局安排'): CalendarDay => ({ id: day(id), work, name, source: '通知' });

describe('workdays of each month, as the State Council has them', () => {
  const golden: Record<number, number[]> = {
    2024: [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22],
    2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
    2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
  };
  const sums: Record<number, number> = { 2024: 251, 2025: 248, 2026: 248 };
  test.each(Object.keys(golden).map(Number))('%i', year => {
    const months = golden[year]!.map((_, i) => workdaysIn(calendar, monthSpan(month(`${year}-${String(i + 1).padStart(2, '0')}`))));
    expect(months).toEqual(golden[year]);
    expect(workdaysIn(calendar, { from: day(`${year}-01-01`), to: day(`${year}-12-31`) })).toBe(sums[year]);
  });
});

/** What a day is, in a word. */
const sayKind = (c: Calendar, d: Day): string => {
  const weekend = weekday(d) > 5;
  const words = { unknown: '放假安排未知', work: weekend ? '调休上班' : '工作日', rest: c.holiday(d) ?? (weekend ? '周末' : '休息日') };
  return words[c.kind(d)];
};

describe('what a day is', () => {
  test.each([
    ['2024-02-03', '周末'],
    ['2024-02-04', '调休上班'],
    ['2024-02-09', '工作日'],
    ['2024-02-10', '春节'],
    ['2024-02-17', '春节'],
    ['2024-02-18', '调休上班'],
    ['2024-04-03', '工作日'],
    ['2024-04-04', '清明节'],
    ['2024-04-06', '清明节'],
    ['2024-04-07', '调休上班'],
    ['2024-04-27', '周末'],
    ['2024-04-28', '调休上班'],
    ['2024-05-05', '劳动节'],
    ['2024-05-06', '工作日'],
    ['2024-05-11', '调休上班'],
    ['2024-05-12', '周末'],
    ['2024-06-10', '端午节'],
    ['2024-06-11', '工作日'],
    ['2024-09-14', '调休上班'],
    ['2024-09-17', '中秋节'],
    ['2024-09-29', '调休上班'],
    ['2024-09-30', '工作日'],
    ['2024-10-01', '国庆节'],
    ['2024-10-07', '国庆节'],
    ['2024-10-08', '工作日'],
    ['2024-10-12', '调休上班'],
    ['2024-10-13', '周末'],
    ['2025-01-26', '调休上班'],
    ['2026-01-04', '调休上班'],
    ['2026-12-31', '工作日'],
    ['2027-01-01', '放假安排未知'],
    ['2027-01-02', '放假安排未知'],
    ['2027-01-04', '放假安排未知'],
  ])('%s %s', (d, what) => expect(sayKind(calendar, day(d))).toBe(what));

  test('made-up workdays have no holiday of their own', () => expect(calendar.holiday(day('2024-02-04'))).toBeUndefined());
});

describe('counting from a day', () => {
  test.each<[string, Day | undefined | null, string | null]>([
    ['the workday before a Monday', previousWorkday(calendar, day('2024-06-17')), '2024-06-14'],
    ['the last workday before 国庆', previousWorkday(calendar, day('2024-10-01')), '2024-09-30'],
    ['the last workday before 春节', previousWorkday(calendar, day('2024-02-12')), '2024-02-09'],
    ['before the 15th on a Saturday', lastWorkdayOnOrBefore(calendar, day('2024-06-15')), '2024-06-14'],
    ['on a workday itself', lastWorkdayOnOrBefore(calendar, day('2024-06-14')), '2024-06-14'],
    ['on a made-up workday itself', lastWorkdayOnOrBefore(calendar, day('2024-09-14')), '2024-09-14'],
    ['the workday after 国庆', nextWorkday(calendar, day('2024-09-30')), '2024-10-08'],
    ['after a Friday, a made-up Saturday', nextWorkday(calendar, day('2024-10-11')), '2024-10-12'],
    ['on or after a rest day', firstWorkdayOnOrAfter(calendar, day('2024-10-03')), '2024-10-08'],
    ['on or after a workday', firstWorkdayOnOrAfter(calendar, day('2024-10-08')), '2024-10-08'],
    ['over the end of a year', nextWorkday(calendar, day('2024-12-31')), '2025-01-02'],
    ['back over the end of a year', previousWorkday(calendar, day('2025-01-02')), '2024-12-31'],
    ['three back from after 国庆', workdaysBack(calendar, day('2024-10-09'), 3), '2024-09-29'],
    ['none back', workdaysBack(calendar, day('2024-10-05'), 0), '2024-10-05'],
    ['three on over 国庆', addWorkdays(calendar, day('2024-09-29'), 3), '2024-10-09'],
    ['three back the same way', addWorkdays(calendar, day('2024-10-09'), -3), '2024-09-29'],
    ['last of an ordinary week', lastWorkdayOfWeek(calendar, day('2024-06-05')), '2024-06-07'],
    ['last of a week that ends with a made-up Saturday', lastWorkdayOfWeek(calendar, day('2024-10-12')), '2024-10-12'],
    ['last of a week whose Sunday is worked', lastWorkdayOfWeek(calendar, day('2024-02-01')), '2024-02-04'],
    ['last of the week 国庆 begins in', lastWorkdayOfWeek(calendar, day('2024-10-03')), '2024-09-30'],
    ['last of a week without any', lastWorkdayOfWeek(calendar, day('2026-02-18')), null],
  ])('%s', (_, got, expected) => expect(got).toBe(expected));

  test('adding and counting agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 30 }), (offset, n) => {
        const from = addDays(day('2024-01-01'), offset);
        const to = addWorkdays(calendar, from, n)!;
        expect(calendar.kind(to)).toBe('work');
        expect(workdaysIn(calendar, { from: addDays(from, 1), to })).toBe(n);
        expect(daysBetween(from, to)).toBeGreaterThanOrEqual(n);
      }),
    );
  });
});

describe('a year without a calendar', () => {
  test('is seen as such', () => {
    expect(calendar.knows(2026)).toBe(true);
    expect(calendar.knows(2027)).toBe(false);
    expect(calendar.knows(2003)).toBe(false);
    expect(calendar.knows(2004)).toBe(true);
    expect(workday(calendar, day('2027-10-01'))).toBe('unknown');
    expect(workday(calendar, day('2026-12-31'))).toBe('work');
  });
  test('gives no count and no day', () => {
    expect(workdaysIn(calendar, monthSpan(month('2027-01')))).toBeUndefined();
    expect(workdaysIn(calendar, { from: day('2026-12-31'), to: day('2027-01-01') })).toBeUndefined();
    expect(workdaysIn(calendar, { from: day('2026-12-31'), to: day('2026-12-31') })).toBe(1);
    expect(nextWorkday(calendar, day('2026-12-30'))).toBe('2026-12-31');
    expect(nextWorkday(calendar, day('2026-12-31'))).toBeUndefined();
    expect(previousWorkday(calendar, day('2027-01-01'))).toBe('2026-12-31');
    expect(previousWorkday(calendar, day('2027-01-02'))).toBeUndefined();
    expect(lastWorkdayOfWeek(calendar, day('2026-12-30'))).toBeUndefined();
  });
  test('is Monday to Friday only for those who say that they assume it', () => {
    expect(assumedWorkday(calendar, day('2027-01-04'))).toBe(true);
    expect(assumedWorkday(calendar, day('2027-01-03'))).toBe(false);
    expect(assumedWorkday(calendar, day('2026-10-01'))).toBe(false);
    expect(assumedWorkday(calendar, day('2026-10-10'))).toBe(true);
    const assumed = assumeWeekdays(calendar);
    expect(nextWorkday(assumed, day('2026-12-31'))).toBe('2027-01-01');
    expect(lastWorkdayOfWeek(assumed, day('2026-12-30'))).toBe('2027-01-01');
    expect(assumed.knows(2027)).toBe(false);
  });
});

describe('the days of the bureau', () => {
  test('win over the State Council', () => {
    const typhoon = makeCalendar([own('2024-07-25', false, '台风停工'), own('2024-07-27', true)]);
    expect(typhoon.kind(day('2024-07-25'))).toBe('rest');
    expect(sayKind(typhoon, day('2024-07-25'))).toBe('台风停工');
    expect(sayKind(typhoon, day('2024-07-27'))).toBe('调休上班');
    expect(workdaysIn(typhoon, monthSpan(month('2024-07')))).toBe(23);
    expect(makeCalendar([own('2024-10-01', true)]).holiday(day('2024-10-01'))).toBeUndefined();
    expect(calendar.kind(day('2024-07-25'))).toBe('work');
  });

  // Invented but possible: 春节 6 February, 清明 5 April, 端午 9 June, 中秋 15 September.
  const notice = ['01-01', '02-06', '02-08', '04-05', '05-01', '06-09', '09-15', '10-01', '10-04'].map(d =>
    own(`2027-${d}`, false, '节日'),
  );
  test('make a year known once all seven feasts are off', () => {
    const known = makeCalendar([...notice, own('2027-10-09', true)]);
    expect(known.knows(2027)).toBe(true);
    expect(known.kind(day('2027-10-04'))).toBe('rest');
    expect(known.kind(day('2027-10-05'))).toBe('work');
    expect(known.kind(day('2027-10-09'))).toBe('work');
    expect(known.kind(day('2027-10-10'))).toBe('rest');
    expect(workdaysIn(known, monthSpan(month('2027-10')))).toBe(20);
    expect(known.knows(2028)).toBe(false);
  });
  test.each(['01-01', '02-06', '04-05', '05-01', '06-09', '09-15', '10-01'])(
    'leave it unknown while %s is missing, but for the days entered',
    missing => {
      const part = makeCalendar(notice.filter(d => !d.id.endsWith(missing)));
      expect(part.knows(2027)).toBe(false);
      expect(part.kind(day('2027-10-04'))).toBe('rest');
      expect(part.kind(day('2027-10-05'))).toBe('unknown');
    },
  );
  test('are read each time and make a new calendar only when changed', async () => {
    const rows: CalendarDay[] = [];
    const read = { all: async () => [...rows] } as unknown as Read;
    const source = calendarSource();
    const before = await source.calendar(read);
    expect(await source.calendar(read)).toBe(before);
    rows.push(own('2024-07-25', false));
    expect((await source.calendar(read)).kind(day('2024-07-25'))).toBe('rest');
    expect(before.kind(day('2024-07-25'))).toBe('work');
  });
});

describe('lunar days', () => {
  test.each<[string, number]>([
    ['2024-02-09', 30],
    ['2024-02-10', 1],
    ['2024-06-10', 5],
    ['2024-09-17', 15],
    ['2025-01-29', 1],
    ['2025-07-25', 1],
    ['2026-02-17', 1],
    ['2027-02-06', 1],
    ['1900-06-01', 0],
    ['2100-01-01', 0],
  ])('%s is the %i', (d, n) => expect(calendar.lunarDay(day(d))).toBe(n));
  test('never skip: each follows the day before, in months of 29 or 30', () => {
    for (let d = firstOf(month('2024-01')); d < lastOf(month('2026-12')); d = addDays(d, 1)) {
      const [a, b] = [calendar.lunarDay(d), calendar.lunarDay(addDays(d, 1))];
      if (b === 1) expect([29, 30]).toContain(a);
      else expect(b).toBe(a + 1);
    }
  });
});

test.each(['America/New_York', 'Pacific/Kiritimati', 'UTC'])('says the same in the zone %s', zone => {
  const script = `
    import { makeCalendar } from './src/bot/calendar-source.ts';
    const c = makeCalendar([]);
    console.log(JSON.stringify(['2024-02-04', '2024-02-10', '2024-03-10', '2024-11-03', '2024-12-31'].map(d => [c.kind(d), c.holiday(d) ?? null, c.lunarDay(d)])));`;
  const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  expect(JSON.parse(out)).toEqual([
    ['work', null, 25],
    ['rest', '春节', 1],
    ['rest', null, 1],
    ['rest', null, 3],
    ['work', null, 1],
  ]);
});
