/** What of monthly reports waits for somebody, and the line that says where one stands. */

import { addDays, type Day, type Month } from '../core/day.ts';
import { stepProblem } from '../core/filing.ts';
import { shownOrg } from '../core/org-names.ts';
import { type Period, STATE_NAMES, sayShort } from '../core/report.ts';
import { periodWord, sayDue } from '../core/report-cards.ts';
import type { Settings } from '../core/settings.ts';
import type { Programme } from '../programmes/schema.ts';
import { type Actor, orgsAs } from './command.ts';
import type { Read } from './ports.ts';
import { checkOf, feedersOf, owedBy } from './report-draft.ts';
import { countiesOf, feedsInto, filerOf, periodsFor, reportProgrammes, type Unit } from './reports.ts';
import type { Todo } from './todo.ts';

interface Look {
  read: Read;
  actor: Actor;
  today: Day;
  programmes: readonly Programme[];
  settings: Pick<Settings, 'get'>;
}

/** So many days before its due day a report is somebody's matter. */
const AHEAD = 5;

/** The oldest report of each of the actor's units that is to be filed soon or is late. */
const owed = async ({
  read,
  actor,
  today,
  programmes,
  settings,
}: Look): Promise<{ unit: Unit; period: Period; programme: Programme; state: string }[]> => {
  const ids = orgsAs(actor, 'clinic', 'hospital', 'bureau');
  const out: { unit: Unit; period: Period; programme: Programme; state: string }[] = [];
  for (const programme of ids.length ? await reportProgrammes(read, programmes, actor, today) : []) {
    const periods = periodsFor(programme, settings);
    for (const org of await read.all('orgs', { id: ids })) {
      const filer = filerOf(programme, org);
      if (!filer || filer.does === 'confirms' || out.some(o => o.unit.org.id === org.id)) continue;
      const unit: Unit = { org, filer, county: org.kind === 'bureau' ? org.id : (org.county ?? '') };
      const [first] = (await owedBy(read, programme, periods, unit, today)).filter(
        o => o.report?.state === 'returned' || today >= addDays(o.period.due, -AHEAD),
      );
      if (first) out.push({ unit, period: first.period, programme, state: STATE_NAMES[first.report?.state ?? 'nothing'] });
    }
  }
  return out;
};

/** 上报4月月报, for whoever files it. */
const toFile = async (look: Look): Promise<Todo[]> =>
  (await owed(look)).map(({ unit, period, state }) => ({
    line: `${unit.filer.does === 'compiles' ? '汇总' : '上报'}${shownOrg(unit.org)}${sayShort(period)}（${state}，${sayDue(period.due, look.today)}）`,
    buttons: [{ label: sayShort(period), command: `/月报 ${periodWord(period)} ${unit.org.name}` }],
  }));

/** A hospital's yes to its people's lines. */
const toCheck = async ({ read, actor, today, programmes, settings }: Look): Promise<Todo[]> => {
  const ids = orgsAs(actor, 'hospital');
  const out: Todo[] = [];
  for (const programme of ids.length ? await reportProgrammes(read, programmes, actor, today) : []) {
    const rule = programme.report?.filers.find(f => f.does === 'confirms');
    const period = periodsFor(programme, settings)
      .filter(p => p.kind !== 'closing' && today >= addDays(p.due, -AHEAD) && today <= addDays(p.due, 31))
      .at(-1);
    if (!rule || !period) continue;
    for (const org of await read.all('orgs', { id: ids })) {
      if (filerOf(programme, org) !== rule) continue;
      const check = await checkOf(read, programme, { org, filer: rule, county: org.county ?? '' }, period);
      if (check.lines.length && !check.confirmation)
        out.push({
          line: `核对${shownOrg(org)}${sayShort(period)}本院人员 ${check.lines.length}条`,
          buttons: [{ label: `核对${sayShort(period)}`, command: `/月报 ${periodWord(period)} ${org.name}` }],
        });
    }
  }
  return out;
};

/** Reports right beneath the actor's bureaus that were filed and wait for their word. */
const toAccept = async ({ read, actor, today, programmes, settings }: Look): Promise<Todo[]> => {
  const ids = orgsAs(actor, 'bureau');
  const waiting = new Map<string, { month: Month; kind: Period['kind']; n: number }>();
  for (const programme of ids.length ? await reportProgrammes(read, programmes, actor, today) : []) {
    for (const bureau of await read.all('orgs', { id: ids })) {
      const feeds = feedsInto(programme, bureau);
      const counties = await read.all('orgs', { id: await countiesOf(read, bureau) });
      const under = [...new Set(counties.flatMap(c => [c.id, ...(c.parent === null ? [] : [c.parent])]))];
      const filed = await read.all('reports', { programme: programme.id, county: under, state: 'filed' });
      const orgs = new Map((filed.length ? await read.all('orgs', { id: filed.map(r => r.org) }) : []).map(o => [o.id, o]));
      for (const r of filed) {
        const org = orgs.get(r.org);
        const filer = org && filerOf(programme, org);
        if (r.org === bureau.id || !filer || !feeds(filer)) continue;
        const period = periodsFor(programme, settings).find(p => p.month === r.month && p.kind === r.kind);
        const unit: Unit = { org, filer, county: org.kind === 'bureau' ? org.id : (org.county ?? '') };
        const below = period ? await feedersOf(read, programme, unit, period, today) : [];
        // It waits for the unit itself, which has to accept those beneath it first.
        if (stepProblem('accept', r, { below: below.map(b => b.report), above: undefined, today })) continue;
        const key = `${r.month} ${r.kind}`;
        waiting.set(key, { month: r.month, kind: r.kind, n: (waiting.get(key)?.n ?? 0) + 1 });
      }
    }
  }
  return [...waiting]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, w]) => ({
      line: `受理${sayShort(w)} ${w.n}家`,
      buttons: [{ label: `受理${sayShort(w)}`, command: `/月报 受理 全部 ${periodWord(w)}` }],
    }));
};

export const reportTodos = async (look: Look): Promise<Todo[]> => [
  ...(await toFile(look)),
  ...(await toCheck(look)),
  ...(await toAccept(look)),
];

/** 高头卫生院4月月报：未填，4月22日 周一24时截止. */
export const reportLines = async (look: Look): Promise<string[]> =>
  (await owed(look)).map(
    ({ unit, period, state }) => `${shownOrg(unit.org)}${sayShort(period)}：${state}，${sayDue(period.due, look.today)}`,
  );
