/** /请假 — a physician asks leave, in one line. What must be said and which way it goes stands in the programme; how it is weighed, in src/core/leave-*.ts. */
import { type Asked, defineCommand, refuse } from '../src/bot/command.ts';
import { answererOf, daysOfLeave, leaveFile, leaveFiles, namesOf } from '../src/bot/leaves.ts';
import type { Read } from '../src/bot/ports.ts';
import { addDays, type Day, yearOf } from '../src/core/day.ts';
import { type LeaveFile } from '../src/core/leave-cards.ts';

import { MOVED_TO } from '../src/core/words/place.ts';
import { type Args, args, type Facts, halfDays, LONGEST } from './leave/asked.ts';
import { goingCard, goingOn, onlyLooks } from './leave/going.ts';
import { named } from './leave/named.ts';
import { ask } from './leave/new.ts';

export default defineCommand<Args, Facts>({
  name: '请假',
  serves: ['leave'],
  aliases: ['休假', '告假', '病假', '请病假', '事假', '请事假', 'qj', 'qingjia', 'leave'],
  aliasWords: { 病假: '病假', 请病假: '病假' },
  sayings:
    /[找跟向]谁请.{0,2}假|请.{0,3}假|休假|(?<reason>生.?病|病了|发烧|不舒服)|[去来到]不(?:了|成)|没法[去来]|(?<!就|也|都)不(?:能|想)?[去来](?:(?![吗嘛么没])\p{Script=Han}){0,4}了|不能[去来]|不[去来](?:可以|行)吗|把(?=.{1,8}(?:改|换|调)[到成])/u,
  daily: ['physician', 'chief'],
  summary: '请假并说明改到哪天',
  usage: '/请假 日期 事由 改到 日期',
  examples: ['/请假 6月12日 家中有事 改到 6月19日', '/请假 57'],
  saidTo: actor => (onlyLooks(actor) ? { summary: '看谁请假', usage: '/请假 [编号]', examples: ['/请假', '/请假 57'] } : undefined),
  slots: {
    open: { kind: 'choice', words: { 改到待定: 'open', '改到 待定': 'open', 补班待定: 'open', 补班日待定: 'open', 待定: 'open' } },
    emergency: { kind: 'choice', words: { 紧急: 'emergency', 紧急情况: 'emergency', 按紧急情况: 'emergency' } },
    to: {
      kind: 'labelled',
      labels: [...MOVED_TO, '改', '补到', '补班', '补在'],
      behind: ['补班', '补上', '补回', '再去', '去补', '来补', '补'],
      of: { kind: 'dates', many: true, prefer: 'future' },
    },
    days: { kind: 'dates', many: true, prefer: 'near' },
    half: { kind: 'half' },
    leave: { kind: 'ref', plain: true },
    person: { kind: 'person' },
    reason: { kind: 'rest', personal: true },
  },
  args,
  needsProgramme: true,
  asksFreely: true,
  concerns: (read, { leave, days }, { programme }) => (leave ? daysOfLeave(read, leave, programme) : (days ?? []).map(d => d.from)),

  async facts(read, { args, actor, today, programme }) {
    const file = args.leave ? await leaveFile(read, args.leave) : undefined;
    const id = args.person ?? file?.leave.person ?? actor.person!.id;
    const asked = halfDays(args.days, args.half).slice(0, LONGEST + 1);
    const to = halfDays(args.to, undefined).slice(0, LONGEST + 1);
    const from = asked[0]?.day ?? today;
    const until = asked.at(-1)?.day ?? today;
    const all = await read.all(
      'visits',
      { person: id, day: { from: addDays(today < from ? today : from, -31), to: addDays(until, 62) } },
      { by: 'day' },
    );
    const makeUps = to.length ? await read.all('visits', { person: id, day: to.map(d => d.day) }) : [];
    // Those of the named leave may lie farther back, or ahead.
    const its = file?.visits.length ? await read.all('visits', { id: file.visits.map(v => v.visit) }) : [];
    const visits = [...new Map([...all, ...makeUps, ...its].map(v => [v.id, v])).values()];
    const postings = (await read.all('postings', { person: id })).filter(p => programme === null || p.programme === programme.id);
    const year = `${yearOf(from)}-01-01` as Day;
    const leaves = await read.all(
      'leaves',
      { person: id, to: { from: year < from ? addDays(year, -62) : year } },
      { by: 'at', descending: true },
    );
    const clinics = [...new Set(visits.filter(v => asked.some(d => d.day === v.day)).map(v => v.clinic))];
    const others =
      to.length && clinics.length
        ? (await read.all('visits', { clinic: clinics, day: to.map(d => d.day), state: 'on' })).filter(v => v.person !== id)
        : [];
    const files = await leaveFiles(read, leaves);
    const known = [...files, ...(file ? [file] : [])];
    const names = await namesOf(
      read,
      [id, ...others.map(v => v.person), ...known.flatMap(f => [f.leave.by, ...f.steps.map(s => s.by)])],
      [
        ...visits.flatMap(v => [v.clinic, v.hospital, v.county]),
        ...postings.flatMap(p => [p.clinic, p.hospital, p.county]),
        ...known.flatMap(f => f.steps.map(s => s.org)),
      ],
    );
    const handles =
      file !== undefined &&
      (file.leave.person === actor.person?.id ||
        actor.grants.some(g => g.role === 'bureau' && g.county === file.leave.county) ||
        actor.grants.some(
          g => (g.role === 'hospital' || g.role === 'clinic' || g.role === 'head') && file.steps.some(s => s.org === g.org),
        ) ||
        (await answers(read, actor, file, today)));
    return {
      person: id === actor.person?.id ? actor.person : (names.people.get(id) ?? undefined),
      visits,
      postings,
      files,
      file,
      handles,
      reason: handles ? await read.unseal('leaves', file.leave.id, 'reason') : null,
      whyNot: file ? await whyNot(read, actor, file) : new Map(),
      // A chief and the general hospital only look: how it stands, not why.
      concerned: handles || actor.grants.some(g => (g.role === 'chief' || g.role === 'general') && g.county === file?.leave.county),
      going: args.leave || args.person || args.days ? undefined : await goingOn(read, actor, today),
      others,
      names,
    };
  },

  decide(asked) {
    const { args, facts, programme, actor } = asked;
    const rules = programme!.leave;
    if (!rules) return refuse('leave.none', '这个方案没有规定请假', '有事请直接联系支援单位和卫健局');
    if (args.leave) return named(asked, facts, rules);
    const own = facts.person?.id === actor.person?.id;
    if (!facts.person || (!own && !standsIn(asked, facts)))
      return { ...refuse('leave.not-yours', '不能替这位医师请假', '由本人、其支援单位或受援单位提出'), private: true };
    if (own && facts.going) return goingCard(facts.going, asked.today);
    if (own && !actor.grants.some(g => g.role === 'physician'))
      return refuse('leave.not-physician', '请写明替谁请假', '例：/请假 张三 6月12日 家中有事 改到 6月19日');
    return ask(asked, facts, rules, facts.person, own);
  },
});
/** A reason is for the applicant; of an emergency, which a station's no does not end, the bureau that decides reads it too. */
const whyNot = async (read: Read, actor: Asked['actor'], { leave, steps }: LeaveFile): Promise<Map<string, string>> => {
  const own = leave.person === actor.person?.id || leave.by === actor.person?.id;
  const decides = leave.emergency && actor.grants.some(g => g.role === 'bureau' && g.county === leave.county);
  const why = new Map<string, string>();
  for (const s of steps.filter(x => x.state === 'refused')) {
    if (!own && s.by !== actor.person?.id && !(decides && s.kind === 'consent')) continue;
    const said = await read.unseal('leaveSteps', s.id, 'note');
    if (said) why.set(s.id, said);
  }
  return why;
};
const answers = async (read: Read, actor: Asked['actor'], file: LeaveFile, today: Day): Promise<boolean> => {
  for (const step of file.steps) if ((await answererOf(read, actor, file, step, today)).as === 'self') return true;
  return false;
};
/** Only a unit of the physician's postings or visits may ask for somebody else. */
const standsIn = ({ actor }: Asked<Args>, f: Facts): boolean =>
  [...f.postings, ...f.visits].some(p =>
    actor.grants.some(g => (g.role === 'hospital' && g.org === p.hospital) || (g.role === 'clinic' && g.org === p.clinic)),
  );
