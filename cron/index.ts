/** All that the clock brings, by hand. */

import type { AnyJob } from '../src/bot/job.ts';
import beneficiaryErase from './beneficiary-erase.ts';
import beneficiaryPool from './beneficiary-pool.ts';
import calendarMissing from './calendar-missing.ts';
import caseDue from './case.ts';
import { coverage, coverageLast } from './coverage.ts';
import { leaveDay, leaveDue } from './leave.ts';
import leaveWait from './leave-wait.ts';
import missingReporter from './missing-reporter.ts';
import { afternoonOpen, morningOpen, presenceAfternoon, presenceMorning } from './presence.ts';
import { reportNudge, reportOverdue } from './report.ts';
import { verification, verificationAgain } from './verification.ts';
import visitEve from './visit-eve.ts';
import weekAhead from './week-ahead.ts';
import workdayVisits from './workday-visits.ts';

export const jobs: readonly AnyJob[] = [
  workdayVisits,
  weekAhead,
  visitEve,
  presenceMorning,
  morningOpen,
  presenceAfternoon,
  afternoonOpen,
  leaveDay,
  leaveDue,
  leaveWait,
  caseDue,
  verification,
  verificationAgain,
  coverage,
  coverageLast,
  reportNudge,
  reportOverdue,
  missingReporter,
  beneficiaryPool,
  beneficiaryErase,
  calendarMissing,
];
