/** All slash commands, by hand. */
import type { AnyCommand } from '../src/bot/command.ts';
import checkIn from './check-in.ts';
import checkOut from './check-out.ts';
import { help } from './help.ts';
import importTable from './import.ts';
import lateCheckIn from './late-check-in.ts';
import moveVisit from './move-visit.ts';
import schedule from './schedule.ts';
import statistics from './statistics.ts';
import substitute from './substitute.ts';
import verify from './verify.ts';

export const commands: readonly AnyCommand[] = [
  help(() => commands),
  checkIn,
  checkOut,
  lateCheckIn,
  verify,
  statistics,
  schedule,
  moveVisit,
  substitute,
];
