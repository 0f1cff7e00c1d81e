/** All slash commands, by hand. */

import type { AnyCommand } from '../src/bot/command.ts';
import { approve, reject } from './approve.ts';
import beneficiary from './beneficiary.ts';
import bind from './bind.ts';
import bindGroup from './bind-group.ts';
import bulletin from './bulletin.ts';
import chaseReports from './chase-reports.ts';
import checkIn from './check-in.ts';
import checkOut from './check-out.ts';
import checkup from './checkup.ts';
import claim from './claim.ts';
import endLeave from './end-leave.ts';
import endPosting from './end-posting.ts';
import exportForm from './export.ts';
import fileLeave from './file-leave.ts';
import { explain, finding, object } from './finding.ts';
import followUp from './follow-up.ts';
import { grant, revoke } from './grant.ts';
import handOver from './hand-over.ts';
import { help } from './help.ts';
import importTable from './import.ts';
import lateCheckIn from './late-check-in.ts';
import leave from './leave.ts';
import mine from './mine.ts';
import moveVisit from './move-visit.ts';
import myData from './my-data.ts';
import { drop, outbox, resend } from './outbox.ts';
import presence from './presence.ts';
import privacy from './privacy.ts';
import records from './records.ts';
import report from './report.ts';
import { cost, publicity } from './report-month.ts';
import reportWorkload from './report-workload.ts';
import sample from './sample.ts';
import schedule from './schedule.ts';
import set from './set.ts';
import statistics from './statistics.ts';
import substitute from './substitute.ts';
import summary from './summary.ts';
import template from './template.ts';
import todo from './todo.ts';
import told from './told.ts';
import unbind from './unbind.ts';
import undo from './undo.ts';
import unitPlace from './unit-place.ts';
import unlockReport from './unlock-report.ts';
import verify from './verify.ts';
import webPage from './web-page.ts';

export const commands: readonly AnyCommand[] = [
  checkIn,
  checkOut,
  lateCheckIn,
  reportWorkload,
  publicity,
  cost,
  verify,
  schedule,
  moveVisit,
  substitute,
  leave,
  approve,
  reject,
  endLeave,
  endPosting,
  told,
  fileLeave,
  presence,
  explain,
  finding,
  object,
  beneficiary,
  sample,
  followUp,
  report,
  chaseReports,
  unlockReport,
  statistics,
  exportForm,
  template,
  bulletin,
  summary,
  todo,
  mine,
  importTable,
  bindGroup,
  bind,
  unbind,
  grant,
  revoke,
  handOver,
  claim,
  set,
  unitPlace,
  checkup,
  outbox,
  resend,
  drop,
  records,
  privacy,
  myData,
  webPage,
  undo,
  help(() => commands),
];
