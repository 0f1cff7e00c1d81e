/** The rules of leave at, before and past each limit, in both programmes and in a third that only a test knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeCalendar } from '../../src/bot/calendar-source.ts';
import { casesFromLeave, consequences, limitDay } from '../../src/core/absence.ts';
import { addDays, at, type Day, day, month } from '../../src/core/day.ts';
import { leadDays, leaveKind } from '../../src/core/leave.ts';
import { putBack } from '../../src/core/leave-back.ts';
import { askCards } from '../../src/core/leave-cards.ts';
import { dropVisits, grantVisits, workedOn } from '../../src/core/leave-granted.ts';
import { countLimits, creditNotes, daysOfShare, sayCounted } from '../../src/core/leave-limits.ts';
import { makeUpProblem, makeUpsFor, takenBy } from '../../src/core/leave-make-up.ts';
import { answerStep, mayDecideEarly, stepsOf } from '../../src/core/leave-steps.ts';
import type { Leave, LeaveVisit, Posting, Visit } from '../../src/core/records.ts';
import { settingsFrom } from '../../src/core/settings.ts';
import { newVisit } from '../../src/core/visit.ts';
import { readProgramme } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

const calendar = makeCalendar([]);
const shipped = (id: string) => readProgramme(readFileSync(join(packageRoot, 'src/programmes', `${id}.yaml`), 'utf8'), id).programme;
const yongding = shipped('yongding-2024');
const shanxi = shipped('shanxi-2024');

/** Four stations in order, workdays counted, a hard limit, two rungs: nothing of it is in the code. */
const third = readProgramme(
  `
id: third-2026
title: 第三方案
document: {title: 第三方案, number: 试〔2026〕1号, issuer: 某县卫生健康局}
bureau: 某县卫生健康局
city: 某市
district: 某县
term: {from: 2026-01-01, until: 2026-12-31, clause: 一}
leave:
  of: visits
  clause: 二
  says: 书面请假
  states: [reason]
  steps:
    - {id: clinic, by: clinic, stage: 1, clause: 二, says: 受援单位同意}
    - {id: hospital, by: hospital, stage: 2, clause: 二, says: 支援单位同意}
    - {id: county, by: bureau, office: 综合股, stage: 3, decides: true, lead: {days: 5, counted: work}, clause: 二, says: 提前5个工作日}
  limits:
    - {per: year, times: 2, force: must, clause: 二, says: 每年不超过2次}
absence:
  label: 未到岗
  clause: 三
  says: 未到岗的处理
  ladder:
    - {per: year, times: 1, clause: 三, measures: [{what: 谈话, by: 县卫健局}]}
    - {per: year, times: 3, clause: 三, measures: [{what: 调整人选, by: 县卫健局}]}
`,
  'third.yaml',
).programme;

const visit = (id: string, on: string, more: Partial<Parameters<typeof newVisit>[0]> = {}) =>
  newVisit({ id, programme: 'p', county: 'c', person: 'a', clinic: 'k', hospital: 'h', posting: 'q', day: day(on), ...more });
const line = (
  v: { id: string; day: Day; clinic: string; am: boolean; pm: boolean },
  to: string | null,
  more: Partial<LeaveVisit> = {},
): LeaveVisit => ({
  id: `l${v.id}`,
  leave: '1',
  person: 'a',
  visit: v.id,
  clinic: v.clinic,
  day: v.day,
  am: v.am,
  pm: v.pm,
  toDay: to === null ? null : day(to),
  toAm: to !== null && v.am,
  toPm: to !== null && v.pm,
  made: null,
  told: null,
  toldBy: null,
  state: 'on',
  ...more,
});
const leave = (from: string, to: string, more: Partial<Leave> = {}): Leave => ({
  id: '1',
  programme: 'p',
  programmeKey: 'p@1',
  county: 'c',
  person: 'a',
  hospital: 'h',
  from: day(from),
  to: day(to),
  kind: 'other',
  reason: null,
  workdays: null,
  emergency: false,
  exception: null,
  state: 'open',
  at: at(day(from), '08:00'),
  by: 'a',
  follows: null,
  ...more,
});
const posting: Posting = {
  id: 'q',
  programme: 'p',
  county: 'c',
  person: 'a',
  clinic: 'k',
  hospital: 'h',
  title: null,
  specialty: null,
  need: null,
  from: month('2024-01'),
  until: null,
  arranged: false,
  roster: null,
};

describe('why, in three words: ill is who says so', () => {
  test.each([
    ['发高烧', 'sick'],
    ['急性肠胃炎', 'sick'],
    ['骨折住院', 'sick'],
    ['病假', 'sick'],
    ['因病', 'sick'],
    ['生病了', 'sick'],
    ['发烧，走不开', 'sick'],
    ['本人突发疾病', 'sick'],
    ['去医院看病', 'sick'],
    ['培训时摔伤，住院', 'sick'],
    ['头痛', 'sick'],
    ['痔疮手术', 'sick'],
    ['没病，想休息', 'other'],
    ['没生病', 'other'],
    ['病人太多走不开', 'other'],
    ['看了30个病人，讲了一堂课', 'other'],
    ['疾病预防培训', 'other'],
    ['慢性病筛查', 'other'],
    ['流感疫苗接种', 'other'],
    ['发热门诊值班', 'other'],
    ['当天有手术', 'other'],
    ['住院部值班', 'other'],
    ['孩子住院', 'urgent'],
    ['孩子发烧', 'urgent'],
    ['父亲病危', 'urgent'],
    ['路上车祸', 'urgent'],
    ['家中有急事', 'urgent'],
    ['单位开会', 'other'],
    ['家中有事', 'other'],
    ['', 'other'],
  ])('%s → %s', (said, kind) => expect(leaveKind(said)).toBe(kind));
});

test('a group reads name and days, and never why', () => {
  const own: Leave = { ...leave('2024-04-17', '2024-04-17'), kind: 'sick' };
  const steps = stepsOf(yongding.leave!, own, { hospital: 'h', clinics: ['k'], county: 'c' }, day('2024-04-17'), calendar, undefined);
  const names = { person: () => '张三', org: () => '青山卫生院', full: () => '青山卫生院' };
  const cards = askCards({ leave: own, visits: [], steps }, steps[0]!, names, {
    reason: '胃出血',
    today: day('2024-04-08'),
    owed: true,
    lead: null,
    marks: [],
    basis: '依据',
  });
  expect(cards.card.lines).toContain('因病：胃出血');
  expect(JSON.stringify(cards.inGroup)).not.toMatch(/病|胃出血|其他/);
});

describe('lead time', () => {
  const lead = { days: 3, counted: 'calendar' as const };
  test.each([
    // start, last day, last workday before or on it
    ['2024-04-17', '2024-04-14', '2024-04-12'],
    ['2024-04-19', '2024-04-16', '2024-04-16'],
    ['2024-04-08', '2024-04-05', '2024-04-03'], // 清明
    ['2024-04-10', '2024-04-07', '2024-04-07'], // Sunday made up as a workday
    ['2024-10-08', '2024-10-05', '2024-09-30'], // 国庆
    ['2024-01-02', '2023-12-30', '2023-12-29'], // over the year's end
  ])('for %s until %s, workday %s', (start, last, lastWorkday) =>
    expect(leadDays(day(start), lead, calendar)).toEqual({ last, lastWorkday }),
  );
  test('counted in workdays', () =>
    expect(leadDays(day('2026-03-09'), { days: 5, counted: 'work' }, calendar)).toEqual({ last: '2026-03-02', lastWorkday: '2026-03-02' }));
  test('asked on the last day is in time, one day later is not', () => {
    const { last } = leadDays(day('2024-04-17'), lead, calendar);
    expect([addDays(last, -1) <= last, last <= last, addDays(last, 1) <= last]).toEqual([true, true, false]);
  });
});

describe('visits taken and made up', () => {
  const am = visit('1', '2024-04-17', { pm: false });
  const pm = visit('2', '2024-04-17', { am: false });
  const next = visit('3', '2024-04-18');
  test('all of the span, or only the half that was said', () => {
    expect(takenBy([am, pm, next], [{ day: day('2024-04-17'), half: undefined }]).map(t => t.visit.id)).toEqual(['1', '2']);
    expect(takenBy([am, pm, next], [{ day: day('2024-04-17'), half: 'pm' }]).map(t => t.visit.id)).toEqual(['2']);
    expect(takenBy([next], [{ day: day('2024-04-18'), half: 'am' }])).toMatchObject([{ am: true, pm: false }]);
    expect(takenBy([{ ...am, state: 'moved' }], [{ day: day('2024-04-17'), half: undefined }])).toEqual([]);
  });
  test('one day a visit, or one day for the visits of a day', () => {
    const taken = takenBy(
      [am, pm, next],
      [
        { day: day('2024-04-17'), half: undefined },
        { day: day('2024-04-18'), half: undefined },
      ],
    );
    const d = (x: string) => ({ day: day(x), half: undefined });
    expect(makeUpsFor(taken, [d('2024-04-24'), d('2024-04-25')])).toEqual([
      { day: '2024-04-24', am: true, pm: false },
      { day: '2024-04-24', am: false, pm: true },
      { day: '2024-04-25', am: true, pm: true },
    ]);
    expect(makeUpsFor(taken, [d('2024-04-24')])).toBeUndefined();
  });
  const taken = takenBy([next], [{ day: day('2024-04-18'), half: undefined }]);
  const asked = {
    today: day('2024-04-08'),
    term: { from: day('2024-01-01'), to: day('2024-12-31') },
    days: [{ day: day('2024-04-18'), half: undefined }],
  };
  const on = (d: string, am_ = true, pm_ = true) => [{ day: day(d), am: am_, pm: pm_ }];
  const none = { theirs: [], leaves: [] };
  test.each([
    ['2024-04-07', 'past'],
    ['2024-04-08', undefined],
    ['2024-12-31', undefined],
    ['2025-01-01', 'outside'],
    ['2024-04-18', 'own-leave'],
  ])('%s: %s', (d, code) => expect(makeUpProblem(taken, on(d), none, asked)?.code).toBe(code));
  test('half a day does not make up a whole one', () =>
    expect(makeUpProblem(taken, on('2024-04-25', true, false), none, asked)?.code).toBe('shorter'));
  test('another visit of the physician in that half, or another leave', () => {
    const other = visit('9', '2024-04-25', { pm: false });
    expect(makeUpProblem(taken, on('2024-04-25'), { ...none, theirs: [other] }, asked)?.code).toBe('taken');
    const half = takenBy([visit('4', '2024-04-19', { am: false })], [{ day: day('2024-04-19'), half: undefined }]);
    expect(makeUpProblem(half, on('2024-04-25', false, true), { ...none, theirs: [other] }, { ...asked, days: [] })).toBeUndefined();
    const away = { leave: leave('2024-04-25', '2024-04-25'), visits: [line(visit('8', '2024-04-25'), '2024-04-29')] };
    expect(makeUpProblem(taken, on('2024-04-25'), { ...none, leaves: [away] }, asked)?.code).toBe('other-leave');
    expect(makeUpProblem(taken, on('2024-04-29'), { ...none, leaves: [away] }, asked)?.code).toBe('other-leave');
    // What fell out of it, and the days between its visits, are free.
    const dropped = { ...away, visits: away.visits.map(l => ({ ...l, state: 'dropped' as const })) };
    expect(makeUpProblem(taken, on('2024-04-29'), { ...none, leaves: [dropped] }, asked)).toBeUndefined();
    const long = { ...away, leave: leave('2024-04-25', '2024-04-27') };
    expect(makeUpProblem(taken, on('2024-04-26'), { ...none, leaves: [long] }, asked)).toBeUndefined();
    const workdays = { ...long, leave: { ...long.leave, workdays: 3 } };
    expect(makeUpProblem(taken, on('2024-04-26'), { ...none, leaves: [workdays] }, asked)?.code).toBe('other-leave');
  });
  test('the own leave’s half, morning or afternoon', () => {
    const half = (h: 'am' | 'pm') => ({ ...asked, days: [{ day: day('2024-04-18'), half: h }] });
    const afternoon = takenBy([visit('3', '2024-04-18', { am: false })], half('pm').days);
    expect(makeUpProblem(afternoon, on('2024-04-18', false, true), none, half('pm'))?.code).toBe('own-leave');
    expect(makeUpProblem(afternoon, on('2024-04-18', true, false), none, half('pm'))).toBeUndefined();
  });
  test('two make-ups in one half', () => {
    const two = takenBy(
      [visit('3', '2024-04-18', { am: false }), visit('4', '2024-04-19', { am: false })],
      ['2024-04-18', '2024-04-19'].map(d => ({ day: day(d), half: undefined })),
    );
    const at_ = (first: 'am' | 'pm') => [...on('2024-04-25', first === 'am', first === 'pm'), ...on('2024-04-25', false, true)];
    expect([at_('pm'), at_('am')].map(m => makeUpProblem(two, m, none, { ...asked, days: [] })?.code)).toEqual(['twice', undefined]);
  });
});

describe('limits: at, one before and one past', () => {
  const { limits } = shanxi.leave!;
  const earlier = (...from: string[]) => from.map((f, i) => leave(f, f, { id: `e${i}`, workdays: 1, state: 'approved' }));
  test.each([
    // from, workdays, earlier leaves → over?
    ['2026-01-05', 2, [], [false, false, false]],
    ['2026-01-05', 3, [], [false, true, false]],
    ['2026-01-05', 1, ['2026-01-07'], [true, false, false]],
    ['2026-02-02', 1, ['2026-01-07'], [false, false, false]],
    ['2026-03-30', 1, ['2026-01-07', '2026-02-03'], [false, false, false]],
    ['2026-03-31', 1, ['2026-01-07', '2026-02-03', '2026-03-02'], [true, false, true]],
    ['2026-04-01', 1, ['2026-01-07', '2026-02-03', '2026-03-02'], [false, false, false]],
    ['2026-01-01', 1, ['2025-12-31'], [false, false, false]],
  ] as const)('%s of %i workdays after %j', (from, workdays, before, over) => {
    expect(countLimits(limits, { from: day(from), workdays }, earlier(...before)).map(c => c.over)).toEqual(over);
  });
  test('a leave over the month’s end counts in the month it begins in', () => {
    const over = leave('2026-01-30', '2026-02-02', { workdays: 2, state: 'approved' });
    expect(countLimits(limits, { from: day('2026-02-09'), workdays: 1 }, [over])[0]).toMatchObject({ n: 1, over: false });
    expect(countLimits(limits, { from: day('2026-01-28'), workdays: 1 }, [over])[0]).toMatchObject({ n: 2, over: true });
  });
  test('what was refused or withdrawn does not count', () => {
    for (const state of ['refused', 'withdrawn', 'moot'] as const)
      expect(countLimits(limits, { from: day('2026-01-28'), workdays: 1 }, [leave('2026-01-05', '2026-01-05', { state })])[0]!.n).toBe(1);
  });
  test('what has been reported back from counts, the end of a posting does not', () => {
    const n = (more: Partial<Leave>) =>
      countLimits(limits, { from: day('2026-01-28'), workdays: 1 }, [leave('2026-01-05', '2026-01-05', more)])[0]!.n;
    expect([n({ state: 'ended' }), n({ state: 'approved', kind: 'end' })]).toEqual([2, 1]);
  });
  test('a hard limit of the third programme, counted by the year', () => {
    const two = [leave('2026-01-05', '2026-01-05'), leave('2026-06-01', '2026-06-01')];
    const [counted] = countLimits(third.leave!.limits, { from: day('2026-12-31'), workdays: 1 }, two);
    expect(counted).toMatchObject({ n: 3, over: true, limit: { force: 'must' } });
    expect(sayCounted(counted!)).toBe('今年第3次（每年不超过2次）');
  });
  test('Yongding sets none', () => expect(yongding.leave!.limits).toEqual([]));
});

describe('nine tenths of a month', () => {
  const two = (m: string) => [{ from: day(`${m}-09`), to: day(`${m}-10`) }];
  test.each([
    // 2026: month, two workdays off that exist in it → below?
    ['2026-02', two('2026-02'), 16, true],
    ['2026-05', [{ from: day('2026-05-11'), to: day('2026-05-12') }], 19, true],
    ['2026-10', [{ from: day('2026-10-12'), to: day('2026-10-13') }], 18, true],
    ['2026-03', two('2026-03'), 22, false],
    ['2026-01', [{ from: day('2026-01-12'), to: day('2026-01-13') }], 21, false],
  ])('%s', (m, spans, workdays, below) => {
    const notes = creditNotes(0.9, spans, calendar, [month(m)]);
    expect(notes.length > 0).toBe(below);
    if (below) expect(notes[0]).toMatchObject({ workdays, left: workdays - 2 });
  });
  test('18 of 20 is exactly nine tenths and counts', () => {
    // 2025-06 has 20 workdays.
    expect(creditNotes(0.9, [{ from: day('2025-06-10'), to: day('2025-06-11') }], calendar, [month('2025-06')])).toEqual([]);
    expect(creditNotes(0.9, [{ from: day('2025-06-10'), to: day('2025-06-12') }], calendar, [month('2025-06')])).toMatchObject([
      { left: 17, needed: 18 },
    ]);
  });
  test('no day more is asked for where the share comes out a hair above a whole one', () => {
    expect(0.56 * 25).toBeGreaterThan(14);
    expect([daysOfShare(0.56, 25), daysOfShare(0.9, 20), daysOfShare(0.9, 21)]).toEqual([14, 18, 19]);
  });
  test('a month without a calendar is said, not guessed', () => expect(creditNotes(0.9, [], calendar, [month('2031-05')])).toEqual([null]));
});

describe('its way', () => {
  const to = { hospital: 'h', clinics: ['k'], county: 'c' };
  const start = day('2024-04-17');
  const asked = (rules = yongding.leave!, emergency = false) =>
    stepsOf(rules, leave('2024-04-17', '2024-04-17', { emergency }), to, start, calendar, undefined);
  const yes = { yes: true, by: 'x', at: at(day('2024-04-08'), '09:00'), how: 'self' as const, note: null };
  const states = (steps: ReturnType<typeof asked>) => steps.map(s => s.state);
  test('Yongding: both units at once, then the bureau, then two hops of filing', () => {
    let s = asked();
    expect(states(s)).toEqual(['waiting', 'waiting', 'later', 'later', 'later']);
    s = answerStep(leave('2024-04-17', '2024-04-17'), s, s[1]!.id, yes).steps;
    expect(states(s)).toEqual(['waiting', 'agreed', 'later', 'later', 'later']);
    const second = answerStep(leave('2024-04-17', '2024-04-17'), s, s[0]!.id, yes);
    expect(second.opened.map(x => x.step)).toEqual(['county']);
    const granted = answerStep(leave('2024-04-17', '2024-04-17'), second.steps, second.steps[2]!.id, yes);
    expect([granted.state, states(granted.steps), granted.opened.map(x => x.step)]).toEqual([
      'approved',
      ['agreed', 'agreed', 'agreed', 'waiting', 'later'],
      ['报市'],
    ]);
  });
  test('Shanxi: both hospitals, and nobody else', () => {
    const s = asked(shanxi.leave!);
    expect(states(s)).toEqual(['waiting', 'waiting']);
    const one = answerStep(leave('2024-06-03', '2024-06-03'), s, s[0]!.id, yes);
    expect(one.state).toBe('open');
    expect(answerStep(leave('2024-06-03', '2024-06-03'), one.steps, s[1]!.id, yes).state).toBe('approved');
  });
  test('the third programme: one after the other', () => {
    const s = asked(third.leave!);
    expect(states(s)).toEqual(['waiting', 'later', 'later']);
    const one = answerStep(leave('2026-04-17', '2026-04-17'), s, s[0]!.id, yes);
    expect(one.opened.map(x => x.step)).toEqual(['hospital']);
    expect(s[2]!.office).toBe('综合股');
  });
  test('a consent that comes after the decision begins no second filing', () => {
    const urgent = leave('2024-04-17', '2024-04-17', { emergency: true });
    const s = asked(yongding.leave!, true);
    const granted = answerStep(urgent, s, s[2]!.id, yes);
    const filed = granted.steps.map(x => (x.step === '报市' ? { ...x, state: 'agreed' as const } : x));
    const late = answerStep({ ...urgent }, filed, s[0]!.id, yes);
    expect([late.state, late.opened, states(late.steps)]).toEqual(['approved', [], ['agreed', 'waiting', 'agreed', 'agreed', 'later']]);
  });
  test('a no ends it, and the rest of the way is void', () => {
    const s = asked();
    const no = answerStep(leave('2024-04-17', '2024-04-17'), s, s[0]!.id, { ...yes, yes: false });
    expect([no.state, states(no.steps)]).toEqual(['refused', ['refused', 'void', 'void', 'void', 'void']]);
  });
  test('an emergency asks all at once; a unit’s no does not decide it', () => {
    const s = asked(yongding.leave!, true);
    expect(states(s)).toEqual(['waiting', 'waiting', 'waiting', 'later', 'later']);
    const no = answerStep(leave('2024-04-17', '2024-04-17', { emergency: true }), s, s[0]!.id, { ...yes, yes: false });
    expect(no.state).toBe('open');
    expect(answerStep(leave('2024-04-17', '2024-04-17', { emergency: true }), no.steps, s[2]!.id, yes).state).toBe('approved');
    expect(answerStep(leave('2024-04-17', '2024-04-17', { emergency: true }), no.steps, s[2]!.id, { ...yes, yes: false }).state).toBe(
      'refused',
    );
  });
  test.each([
    ['2024-04-13', false],
    ['2024-04-14', true],
    ['2024-04-15', true],
  ])('with a consent missing the bureau may decide from its last day on: %s %s', (today, may) =>
    expect(mayDecideEarly({ emergency: false }, asked()[2]!, day(today))).toBe(may),
  );
  test('no order of answers grants without the decision, or twice', () =>
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 1 }),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        (order, says) => {
          let steps = asked();
          let state: string = 'open';
          let granted = 0;
          order.forEach((i, n) => {
            const step = steps[i]!;
            if (step.state !== 'waiting' || state !== 'open') return;
            const r = answerStep(leave('2024-04-17', '2024-04-17'), steps, step.id, { ...yes, yes: says[n]! });
            steps = r.steps;
            state = r.state;
            if (state === 'approved') granted++;
          });
          expect(granted).toBeLessThanOrEqual(1);
          if (state === 'approved') expect(steps.slice(0, 3).every(s => s.state === 'agreed')).toBe(true);
        },
      ),
    ));
});

describe('granted', () => {
  const v = visit('5', '2024-04-17');
  const facts = {
    visits: [v],
    days: [v],
    theirs: [],
    postings: [posting],
    today: day('2024-04-08'),
    turn: 70,
    owed: true,
    halfCounts: true,
  };
  test('the visit moves to its make-up day', () => {
    const { changes, visits } = grantVisits([line(v, '2024-04-24')], facts);
    expect(changes.find(c => c.table === 'visits' && c.id === '5')!.to).toMatchObject({ state: 'moved', moved: '70' });
    expect(changes.find(c => c.table === 'visits' && c.id === '70')!.to).toMatchObject({
      day: '2024-04-24',
      moved: '5',
      planned: true,
      state: 'on',
    });
    expect(visits[0]!.made).toBe('70');
  });
  test('flags of the day are put right: half a day waits where the other half is on leave, and at another clinic where the first one is', () => {
    const flags = (days: Visit[], l: LeaveVisit) => {
      const { changes } = grantVisits([l], { ...facts, visits: [days[0]!], days });
      return days
        .map(d => changes.flatMap(c => (c.table === 'visits' && c.id === d.id && c.to ? [c.to] : [])).at(-1) ?? d)
        .map(d => [d.tally, d.tallyHalf]);
    };
    const waiting = { ...v, checkedIn: 3, tally: 'waiting' as const };
    expect(flags([waiting], line(v, null, { am: false }))).toEqual([['waiting', true]]);
    const morning = { ...waiting, pm: false };
    const other = visit('6', '2024-04-17', { am: false, clinic: 'z', checkedIn: 5 });
    expect(flags([morning, other], line(morning, null))).toEqual([
      [null, false],
      ['waiting', true],
    ]);
  });
  test('of a whole day only the half that was asked for', () => {
    const { changes } = grantVisits([line(v, '2024-04-24', { pm: false, toPm: false })], facts);
    expect(changes.find(c => c.id === '5' && c.table === 'visits')!.to).toMatchObject({ state: 'on', am: false, pm: true });
    expect(changes.find(c => c.id === '70')!.to).toMatchObject({ am: true, pm: false });
  });
  test.each([
    ['past', { ...facts, today: day('2024-04-25') }],
    ['taken meanwhile', { ...facts, theirs: [visit('9', '2024-04-24')] }],
    ['no longer posted there', { ...facts, postings: [{ ...posting, until: month('2024-03') }] }],
    ['now at another clinic', { ...facts, postings: [{ ...posting, clinic: 'z' }] }],
  ])('a make-up day that is %s is to be named anew', (_, f) => {
    const { changes, unsettled } = grantVisits([line(v, '2024-04-24')], f);
    expect(unsettled).toHaveLength(1);
    expect(changes.find(c => c.id === '5')!.to).toMatchObject({ state: 'leave' });
  });
  test.each([
    ['today, and it', { ...facts, today: day('2024-04-24') }],
    ['of the last month of the posting, and it', { ...facts, postings: [{ ...posting, until: month('2024-04') }] }],
  ])('a make-up day that is %s is kept', (_, f) => {
    const { unsettled, visits } = grantVisits([line(v, '2024-04-24')], f);
    expect([unsettled, visits[0]?.made]).toEqual([[], '70']);
  });
  test.each<[string, Partial<typeof v>]>([
    ['moved', { state: 'moved' }],
    ['put to another day', { day: day('2024-04-18') }],
    ['passed on to another physician', { person: 'b' }],
    ['verified as made', { presence: 'present' }],
  ])('a visit that was %s meanwhile falls out, and stays as it is', (_, more) => {
    const { lapsed, visits, changes } = grantVisits([line(v, '2024-04-24')], { ...facts, visits: [{ ...v, ...more }] });
    expect([lapsed.length, visits.length, changes.map(c => c.table)]).toEqual([1, 0, ['leaveVisits']]);
  });
  test('a leave whose days were all worked has nothing left; one that goes on has', () => {
    const w = visit('6', '2024-04-18');
    const there = [v, w].map(x => ({ ...x, presence: 'present' as const }));
    const lines = [line(v, null), line(w, null)];
    const whole = (to: string, visits: (typeof v)[]) => workedOn({ to: day(to) }, lines, visits).whole;
    expect([whole('2024-04-18', there), whole('2024-04-19', there), whole('2024-04-18', [there[0]!, w])]).toEqual([true, false, false]);
  });
  test('moved or passed on while open: the leave is moot only when nothing is left', () => {
    const w = visit('6', '2024-04-18');
    const open = [{ leave: leave('2024-04-17', '2024-04-18'), visits: [line(v, '2024-04-24'), line(w, '2024-04-25')], steps: [] }];
    expect(dropVisits(open, new Set(['5'])).moot).toEqual([]);
    expect(dropVisits(open, new Set(['5', '6'])).moot).toHaveLength(1);
    expect(dropVisits(open, new Set(['7'])).changes).toEqual([]);
    expect(dropVisits([{ ...open[0]!, leave: { ...open[0]!.leave, state: 'approved' } }], new Set(['5', '6'])).changes).toEqual([]);
  });
});

describe('put back: what was said of the other half stays exactly that', () => {
  const whole = visit('5', '2024-04-17');
  const am = { am: true, pm: false };
  const pm = { am: false, pm: true };
  const there = { presence: 'present', verifiedAt: 9, verifiedBy: 'z', verifiedAs: 'clinic', tally: 'verified', tallyHalf: true } as const;
  const facts = { sources: [], today: day('2024-04-17'), turn: 90, halfCounts: true };
  const said = ({ am: a, pm: p, presence, checkedIn, tally, tallyHalf }: Visit) =>
    [a ? 'am' : '', p ? 'pm' : '', presence ?? '', checkedIn === null ? '' : 'in', tally ?? '', tallyHalf ? 'half' : '']
      .filter(Boolean)
      .join(' ');
  /** The day after it, visits that are on, in the order of their making. */
  const dayAfter = (visits: Visit[], l: LeaveVisit, more: Partial<Parameters<typeof putBack>[1]> = {}) => {
    const { changes } = putBack([l], { ...facts, visits, ...more });
    const all = new Map(visits.map(v => [v.id, v]));
    for (const c of changes) if (c.table === 'visits' && c.to) all.set(c.id, c.to);
    return [...all.values()].filter(v => v.state === 'on' && v.day === whole.day);
  };
  test.each<[string, Partial<Visit>, { am: boolean; pm: boolean }, string[]]>([
    ['afternoon on leave, morning verified', { ...am, ...there }, pm, ['am present verified half', 'pm']],
    ['morning on leave, afternoon verified', { ...pm, ...there }, am, ['pm present verified half', 'am']],
    ['afternoon on leave, morning reported', { ...am, presence: 'not-there', verifiedAt: 9 }, pm, ['am not-there', 'pm']],
    ['morning on leave, afternoon reported', { ...pm, presence: 'not-there', verifiedAt: 9 }, am, ['pm not-there', 'am']],
    ['afternoon on leave, morning checked in', { ...am, checkedIn: 3, tally: 'waiting', tallyHalf: true }, pm, ['am pm in waiting']],
    ['afternoon on leave, nothing known', am, pm, ['am pm']],
    ['morning on leave, nothing known', pm, am, ['am pm']],
    ['afternoon on leave, morning moved away', { ...am, state: 'moved', moved: '8' }, pm, ['pm']],
    ['afternoon on leave, morning on a leave of its own', { ...am, state: 'leave' }, pm, ['pm']],
    ['afternoon on leave, morning called off', { ...am, state: 'cancelled' }, pm, ['pm']],
    ['whole day on leave', { state: 'leave' }, { am: true, pm: true }, ['am pm']],
  ])('%s', (_name, old, half, expected) => {
    expect(dayAfter([{ ...whole, ...old }], line({ ...whole, ...half }, null)).map(said)).toEqual(expected);
  });
  test('where a half day is no doctor-day, the half that was verified is none', () => {
    const v = { ...whole, ...am, ...there, tally: null, tallyHalf: false };
    expect(dayAfter([v], line({ ...whole, ...pm }, null), { halfCounts: false }).map(said)).toEqual(['am present', 'pm']);
  });
  test('with its make-up, which is off', () => {
    const made = visit('70', '2024-04-24', { ...pm, moved: '5' });
    const { changes, back } = putBack([line({ ...whole, ...pm }, '2024-04-24', { made: '70' })], {
      ...facts,
      visits: [{ ...whole, ...am, ...there }, made],
    });
    expect(back).toHaveLength(1);
    expect(changes.flatMap(c => (c.table === 'visits' ? [[c.id, c.to?.state, c.to?.day]] : [])).sort()).toEqual([
      ['70', 'cancelled', '2024-04-24'],
      ['90', 'on', '2024-04-17'],
    ]);
  });
  const source = visit('2', '2024-04-09', { state: 'moved', moved: '5', reason: '卫生院停电' });
  test.each<[string, Partial<Visit>, Partial<LeaveVisit>]>([
    ['that went to its make-up day', { state: 'moved', moved: '70' }, { made: '70' }],
    ['that had no other day', { state: 'leave', moved: '2' }, {}],
    ['of which the other half stayed', { ...am, moved: '2' }, pm],
    ['of which the other half was verified', { ...am, ...there, moved: '2' }, pm],
  ])('a visit %s knows where it came from', (_name, old, of) => {
    const made = of.made ? [visit('70', '2024-04-24', { moved: '5' })] : [];
    const on = dayAfter([{ ...whole, ...old }, ...made], line({ ...whole, ...of }, of.made ? '2024-04-24' : null, of), {
      sources: [source],
    });
    expect(on.map(v => v.moved)).toEqual(on.map(() => '2'));
  });
});

describe('what follows a finding', () => {
  const rungs = (days: string[], on: string) =>
    consequences(shanxi.absence!, days.map(day), day(on)).map(c => `${c.per} ${c.n}: ${c.measures.map(m => m.what).join('、')}`);
  test.each([
    [[], '2026-01-08', ['month 1: 全省通报']],
    [['2026-01-07'], '2026-01-08', ['month 2: 取消当月省级下基层补助、当月工作经历不予认可、延长基层工作时间1个月、全省通报']],
    [['2026-01-31'], '2026-02-02', ['month 1: 全省通报']],
    [
      ['2026-01-07', '2026-02-03'],
      '2026-03-31',
      ['month 1: 全省通报', 'quarter 3: 取消下基层工作资格和补助、责成支援医院更换派出人员、全省通报支援医院'],
    ],
    [['2026-01-07', '2026-02-03'], '2026-04-01', ['month 1: 全省通报']],
    [['2025-12-30', '2025-12-31'], '2026-01-01', ['month 1: 全省通报']],
  ])('after %j, on %s', (before, on, says) => expect(rungs(before, on)).toEqual(says));
  test('two of one day are one', () => expect(rungs(['2026-01-08', '2026-01-08'], '2026-01-08')).toEqual(['month 1: 全省通报']));
  test('another ladder, by the year', () => {
    const of = (n: number) =>
      consequences(
        third.absence!,
        Array.from({ length: n }, (_, i) => addDays(day('2026-02-01'), i)),
        day('2026-11-01'),
      ).map(c => c.measures[0]!.what);
    expect([of(0), of(1), of(2), of(3)]).toEqual([['谈话'], ['谈话'], ['调整人选'], ['调整人选']]);
  });
  test('no ladder, no measure', () => expect(consequences(yongding.absence!, [], day('2024-04-08'))).toEqual([]));
  test('three workdays to object, over a holiday', () => expect(limitDay(calendar, day('2024-04-30'), 3)).toBe('2024-05-08'));
  test('an emergency that was not agreed to is weighed once a day', () => {
    const context = { programme: yongding, settings: settingsFrom(new Map()), calendar, today: day('2024-04-18'), now: 0, turn: 9 };
    const am = visit('1', '2024-04-17', { pm: false });
    const pm = visit('2', '2024-04-17', { am: false });
    const cases = casesFromLeave(context, [line(am, null), line(pm, null)], [am, pm]);
    expect(cases).toMatchObject([{ id: '9', day: '2024-04-17', hearUntil: '2024-04-22' }]);
    expect(casesFromLeave(context, [line(am, null)], [{ ...am, presence: 'present' }])).toEqual([]);
    // Not while the day is ahead, and not where it is weighed already.
    expect(casesFromLeave({ ...context, today: day('2024-04-16') }, [line(am, null)], [am])).toEqual([]);
    expect(casesFromLeave(context, [line(am, null)], [am], cases)).toEqual([]);
  });
});
