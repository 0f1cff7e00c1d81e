/** `npm run rehearse [-- seed]`: the month's cost for each role. */
import { playMonth } from './month.ts';

const NAMES: Record<string, string> = {
  physician: '医师',
  clinic: '受援单位专人',
  hospital: '支援单位',
  bureau: '卫健局',
  chief: '局领导',
};
const hours = (ms: number) => `${(ms / 3_600_000).toFixed(1)}h`;

const month = await playMonth(process.argv[2] === undefined ? undefined : Number(process.argv[2]));
process.stdout.write(
  `${month.visits} visits on ${month.visitDays} clinic days, ${month.leaves} leaves (${month.granted} granted), ${month.verified} verified\n`,
);
process.stdout.write('role\tpeople\ttyped\ttaps\tunasked\tmost unasked to one on a day\tlongest wait\n');
for (const [role, c] of month.roles)
  process.stdout.write(
    `${NAMES[role] ?? role}\t${c.people}\t${c.typed}\t${c.taps}\t${c.unasked}\t${c.mostOnADay}\t${hours(c.longestWait)}\n`,
  );
process.stdout.write(`worst day: ${month.worstDay.who} ${month.worstDay.day}\n${month.worstDay.titles.map(t => `  ${t}`).join('\n')}\n`);
