/** All that the clock brings, by hand. */
import type { AnyJob } from '../src/bot/job.ts';
import calendarMissing from './calendar-missing.ts';
import { coverage, coverageLast } from './coverage.ts';
import missingReporter from './missing-reporter.ts';
import { verification, verificationAgain } from './verification.ts';
import visitEve from './visit-eve.ts';
import weekAhead from './week-ahead.ts';

export const jobs: readonly AnyJob[] = [
  weekAhead,
  visitEve,
  verification,
  verificationAgain,
  coverage,
  coverageLast,
  missingReporter,
  calendarMissing,
];
