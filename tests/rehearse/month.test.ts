/** The burden of a month stays within what was promised to people. */
import { expect, test } from 'vitest';
import { playMonth } from './month.ts';

test('a month of 24 clinics, two leaves a week, an emergency and three forgotten check-ins', async () => {
  const month = await playMonth();
  const of = (role: string) => month.roles.get(role)!;
  expect(month.leaves).toBe(9);
  expect(month.granted).toBe(9);
  // A check-in is one line and so is a leave.
  expect(of('physician').typed).toBeLessThanOrEqual(month.visits + month.leaves);
  expect(of('physician').unasked / month.visits).toBeLessThanOrEqual(2);
  expect(of('clinic').taps / month.visitDays).toBeLessThanOrEqual(2);
  expect(of('clinic').typed).toBe(0);
  for (const [role, cost] of month.roles) expect(cost.mostOnADay, `${role}: ${month.worstDay.titles.join('; ')}`).toBeLessThanOrEqual(4);
  // Whom the bot calls verified, the clinic has.
  expect(month.verified).toBeGreaterThanOrEqual(month.visits - 1);
}, 120_000);
