/** A month as people live it, through the sandbox: what it costs each role in typed lines, taps and messages that nobody asked for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '../../src/bot/stage.ts';
import { addDays, at, type Day, day, dayAt, daysIn, type Instant, month as monthOf, monthSpan, timeOf } from '../../src/core/day.ts';
import { openSandbox } from '../../src/open-sandbox.ts';
import { loadProgrammes } from '../../src/programmes/load.ts';
import { packageRoot } from '../../src/root.ts';

export interface Cost {
  people: number;
  typed: number;
  taps: number;
  unasked: number;
  /** Most unasked messages to one person on one day. */
  mostOnADay: number;
  /** Longest time that something lay with them, in milliseconds. */
  longestWait: number;
}
export interface Month {
  roles: Map<string, Cost>;
  visits: number;
  /** Days with a visit at a clinic, summed over the clinics. */
  visitDays: number;
  leaves: number;
  granted: number;
  verified: number;
  worstDay: { who: string; day: Day; n: number; titles: string[] };
}

/** Small seeded generator, so that the same seed is the same month. */
const random = (seed: number) => {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const ROLE_ORDER = ['physician', 'clinic', 'hospital', 'bureau', 'chief'];
/** What somebody in a hurry presses on a card that asks; nothing on one that only tells. */
const PRESSED = ['全部在岗', '已告知群众', '今天已报市', '今天已市转报省', '在岗', '到了', '同意', '录入线下同意'];
/** Moments of a day at which people look at their phones. */
const LOOKS = ['07:40', '08:20', '09:10', '10:40', '11:40', '15:10', '16:40', '17:10'];

export const playMonth = async (seed = 20_240_501): Promise<Month> => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
  const problems: string[] = [];
  const open = await openSandbox({
    folder,
    programmes: loadProgrammes([join(packageRoot, 'src/programmes')]),
    log: { info: () => undefined, warn: () => undefined, error: (what, message) => problems.push(`${message} ${JSON.stringify(what)}`) },
  });
  try {
    const { sandbox } = open;
    const next = random(seed);
    await sandbox.reset({ at: at(day('2024-04-29'), '08:00') });
    const { read } = open.store();
    const { people } = await sandbox.state();
    const roleOf = new Map(people.map(p => [p.id, ROLE_ORDER.find(r => p.roles.some(x => x.role === r)) ?? 'other']));
    const idOf = new Map(people.map(p => [p.name, p.id]));
    const cost = new Map<string, { typed: number; taps: number; unasked: Map<Day, Message[]>; longestWait: number }>();
    for (const p of people) cost.set(p.id, { typed: 0, taps: 0, unasked: new Map(), longestWait: 0 });
    let seen = sandbox.last();
    const done = <T>(result: T): T => {
      if (typeof result === 'object' && result !== null && 'problem' in result) throw new Error(JSON.stringify(result));
      return result;
    };
    const type = async (who: string, text: string): Promise<Message[]> => {
      cost.get(who)!.typed++;
      const r = done(await sandbox.say({ conversation: 'direct', speaker: who, content: { kind: 'text', text } }));
      return 'messages' in r ? r.messages : [];
    };
    const press = async (who: string, m: Message, index: number): Promise<void> => {
      const mine = cost.get(who)!;
      mine.taps++;
      mine.longestWait = Math.max(mine.longestWait, sandbox.now() - Date.parse(m.at));
      done(
        await sandbox.say({
          conversation: m.conversation.kind === 'direct' ? 'direct' : m.conversation.id,
          speaker: who,
          content: { kind: 'button', message: m.id, index },
        }),
      );
    };
    /** Counts what came unasked, and hands out what waits for whom. */
    const open_: { who: string; message: Message }[] = [];
    const reporters = new Map<string, string>();
    for (const p of people) for (const r of p.roles) if (r.role === 'clinic') reporters.set(r.org, p.id);
    const groups = (await sandbox.state()).groups;
    const look = (): void => {
      const fresh = (sandbox.messages({ after: seen }) ?? []).filter(m => m.from === 'bot');
      seen = sandbox.last();
      for (const m of fresh) {
        const readers =
          m.conversation.kind === 'direct'
            ? [m.conversation.id.replace('direct:', '')]
            : (groups.find(g => g.id === m.conversation.id)?.orgs ?? []).length === 1
              ? [reporters.get(groups.find(g => g.id === m.conversation.id)!.orgs[0]!)].filter(w => w !== undefined)
              : [];
        for (const who of readers) {
          if (!m.replyTo) {
            const days = cost.get(who)!.unasked;
            const on = dayAt(Date.parse(m.at));
            days.set(on, [...(days.get(on) ?? []), m]);
          }
          if (m.card.buttons?.length) open_.push({ who, message: m });
        }
      }
    };
    const answerAll = async (): Promise<void> => {
      for (let round = 0; round < 4 && open_.length; round++) {
        const now = open_.splice(0);
        for (const { who, message } of now) {
          if (roleOf.get(who) === 'physician') continue;
          // A joined card asks several things: one tap each.
          const pressed = new Set<string>();
          for (const [i, b] of (message.card.buttons ?? []).entries()) {
            const word = PRESSED.find(w => b.label === w || b.label.endsWith(`：${w}`) || b.label.endsWith(` ${w}`));
            if (!word || (pressed.has('全部在岗') && word !== '同意')) continue;
            pressed.add(word);
            await press(who, message, i);
            if (word === '录入线下同意') await type(who, '电话，值班人员');
          }
        }
        look();
      }
    };

    // The month before: each hospital plans its people's days and makes the month public.
    const postings = await read.all('postings', {});
    const named = new Map((await read.all('people', {})).map(p => [p.id, p]));
    const admin = new Map(people.flatMap(p => p.roles.filter(r => r.role === 'hospital').map(r => [r.org, p.id] as const)));
    const org = new Map((await read.all('orgs', {})).map(o => [o.id, o]));
    const workdays = daysIn(monthSpan(monthOf('2024-05'))).filter(
      d => d > '2024-05-05' && new Date(`${d}T00:00:00Z`).getUTCDay() % 6 !== 0,
    );
    const planned = new Map<string, Day>();
    for (const [i, p] of postings.entries()) {
      const who = admin.get(org.get(p.hospital)?.names[0] ?? '') ?? admin.get(org.get(p.hospital)?.name ?? '');
      const on = workdays[Math.floor(((i + next() * 0.8) / postings.length) * (workdays.length - 6))]!;
      planned.set(p.person, on);
      if (!who) throw new Error(`no administrator of ${p.hospital}`);
      await type(who, `/排班 ${named.get(p.person)!.name} ${on} 上午`);
      await type(who, `/排班 ${named.get(p.person)!.name} ${on} 下午 上门送医`);
    }
    await type(idOf.get('赖知远')!, '/排班 公布 5月');
    look();
    open_.length = 0;

    const physicians = postings.map(p => p.person);
    const accountOf = (person: string): string | undefined => idOf.get(named.get(person)!.name);
    const pick = (n: number, from: string[]): string[] =>
      from
        .map(p => [next(), p] as const)
        .sort((a, b) => a[0] - b[0])
        .slice(0, n)
        .map(x => x[1]);
    const withAccount = physicians.filter(p => accountOf(p) !== undefined);
    const onLeave = new Set(
      pick(
        8,
        withAccount.filter(p => planned.get(p)! > '2024-05-10'),
      ),
    );
    const [emergency] = pick(
      1,
      withAccount.filter(p => !onLeave.has(p)),
    );
    const forgets = new Set(
      pick(
        3,
        withAccount.filter(p => !onLeave.has(p) && p !== emergency),
      ),
    );
    const askedAt = new Map<string, Instant>();
    let leaves = 0;
    for (const on of daysIn(monthSpan(monthOf('2024-05')))) {
      for (const time of LOOKS) {
        done(await sandbox.moveTo(at(on, time)));
        look();
        for (const p of physicians) {
          const who = accountOf(p);
          if (!who) continue;
          const visits = await read.all('visits', { person: p, day: on, state: 'on' });
          if (onLeave.has(p) && !askedAt.has(p) && addDays(on, 6) >= planned.get(p)! && time === '09:10') {
            askedAt.set(p, sandbox.now());
            leaves++;
            await type(
              who,
              `/请假 ${planned.get(p)} 家中有事 改到 ${addDays(planned.get(p)!, 7) > '2024-05-31' ? '2024-05-31' : addDays(planned.get(p)!, 7)}`,
            );
          }
          if (p === emergency && on === planned.get(p) && time === '07:40') {
            askedAt.set(p, sandbox.now());
            leaves++;
            await type(who, '/请假 今天 突发高烧');
          }
          const expected = visits.length > 0 && !visits.some(v => v.checkedIn !== null);
          if (time === '08:20' && expected && !forgets.has(p) && !(p === emergency && on === planned.get(p))) await type(who, '/签到');
          if (time === '11:40' && expected && forgets.has(p)) {
            const ask = (sandbox.messages({ conversation: `direct:${who}` }) ?? []).findLast(m => m.code === 'presence.ask-physician');
            if (ask && visits.every(v => v.presence === null)) await press(who, ask, 0);
          }
        }
        look();
        // People do not sit by their phones: clinics look at noon and at the end, the others every other time.
        if (['11:40', '15:10', '17:10'].includes(time) || (time === '10:40' && next() < 0.5)) await answerAll();
      }
    }
    if (problems.length) throw new Error(problems.join('\n'));

    const all = await read.all('leaves', {});
    for (const l of all) {
      const who = accountOf(l.person)!;
      const decided = (await read.all('leaveSteps', { leave: l.id, kind: 'decision' }))[0]?.at ?? sandbox.now();
      cost.get(who)!.longestWait = Math.max(cost.get(who)!.longestWait, decided - l.at);
    }
    const roles = new Map<string, Cost>();
    let worstDay: Month['worstDay'] = { who: '', day: '2024-05-01' as Day, n: 0, titles: [] };
    for (const role of ROLE_ORDER) {
      const sum: Cost = { people: 0, typed: 0, taps: 0, unasked: 0, mostOnADay: 0, longestWait: 0 };
      for (const [who, c] of cost) {
        if (roleOf.get(who) !== role) continue;
        sum.people++;
        sum.typed += c.typed;
        sum.taps += c.taps;
        sum.longestWait = Math.max(sum.longestWait, c.longestWait);
        for (const [d, messages] of c.unasked) {
          sum.unasked += messages.length;
          sum.mostOnADay = Math.max(sum.mostOnADay, messages.length);
          if (messages.length > worstDay.n)
            worstDay = {
              who: people.find(p => p.id === who)!.name,
              day: d,
              n: messages.length,
              titles: messages.map(m => `${timeOf(Date.parse(m.at))} ${m.card.title}`),
            };
        }
      }
      roles.set(role, sum);
    }
    const may = { from: day('2024-05-01'), to: day('2024-05-31') };
    const visits = (await read.all('visits', { day: may, state: 'on' })).filter(v => v.planned);
    return {
      roles,
      visits: new Set(visits.map(v => `${v.person} ${v.day}`)).size,
      visitDays: new Set(visits.map(v => `${v.clinic} ${v.day}`)).size,
      leaves,
      granted: all.filter(l => l.state === 'approved').length,
      verified: visits.filter(v => v.tally === 'verified').length,
      worstDay,
    };
  } finally {
    await open.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
