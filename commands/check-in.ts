/** /签到 — the physician is there; hospital or clinic may say it for one without an account. How it finds its visit stands in src/core/check-in.ts. */

import { z } from 'zod';
import { awaitsPaper } from '../src/bot/check-in-paper.ts';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { openLeavesOn } from '../src/bot/leaves.ts';
import { may } from '../src/bot/permissions.ts';
import type { Read } from '../src/bot/ports.ts';
import { checkInTarget, metresBetween } from '../src/core/check-in.ts';
import { isPaper, paperOf } from '../src/core/check-in-paper.ts';
import { addDays, type Day, monthOf, monthSpan, sayDay, timeOf } from '../src/core/day.ts';
import { halfAt, hoursOf } from '../src/core/hours.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Change, CheckIn, Org, Person, Posting, Visit } from '../src/core/records.ts';
import { dayChanges, halvesFrom, sameCheckIn, sayHalves, VISIT_TYPE_NAMES } from '../src/core/visit.ts';
import { datesAt } from '../src/core/words/dates.ts';
import { type CountFacts, countAs, insteadOf } from './check-in/counted.ts';
import { leaveOn, sayWord } from './check-in/on-leave.ts';
import { notPosted, postedUntil, postingsOn } from './check-in/posted.ts';

const args = z.object({
  anyway: z.literal('anyway').optional(),
  sure: z.literal('sure').optional(),
  person: z.string().optional(),
  clinic: z.string().optional(),
  half: z.enum(['am', 'pm', 'day']).optional(),
  insteadOf: z.string().optional(),
  note: z.string().max(200, '备注不超过200字').optional(),
});

type Args = z.infer<typeof args>;

interface Facts {
  person: Person | undefined;
  /** The approved leave of today, where nothing else of the day takes the check-in. */
  leave: string | undefined;
  /** Where only a picture came: the check-in whose paper it is. */
  paperOf: CheckIn | undefined;
  day: Visit[];
  month: Visit[];
  postings: Posting[];
  /** Numbers of leaves of today that nobody has answered. */
  asked: string[];
  instead: CountFacts['instead'];
  /** In the small hours: a visit of the day that has just ended and was not checked in to. */
  justBefore: Visit | undefined;
  /** Last day of a posting that is over, where none holds. */
  until: Day | undefined;
  orgs: Map<string, Org>;
}

/** May the actor say it for this person? Only a unit of the person's postings or visits. */
const standsIn = ({ actor }: Asked, facts: Facts): boolean =>
  [...facts.postings, ...facts.day].some(p =>
    actor.grants.some(g => (g.role === 'hospital' && g.org === p.hospital) || (g.role === 'clinic' && g.org === p.clinic)),
  );

const nearness = (content: Asked['content'], clinic: Org | undefined, visit: Visit, limit: number): boolean | null => {
  if (content.kind !== 'location' || !clinic?.place || visit.type === 'home') return null;
  const [lat = 0, lng = 0] = clinic.place.split(',').map(Number);
  return metresBetween(content, { lat, lng }) <= limit;
};

/** A note that begins with another day: a check-in is of today, and what was meant is asked. */
const otherDay = (asked: Asked<Args>, name: string, orgs: Facts['orgs']): Decision | undefined => {
  const { args, today } = asked;
  const found = args.note === undefined ? undefined : datesAt(args.note, 0, today, { prefer: 'past' });
  const on = found?.items[0]?.from;
  if (!found || found.ambiguous || (on === undefined && !found.problem) || on === today) return undefined;
  const words = (...more: string[]) => [name, orgs.get(args.clinic ?? '')?.name ?? '', ...more].filter(Boolean).join(' ');
  const rest = args.note!.slice(found.end).trim();
  return {
    reply: {
      code: 'check-in.other-day',
      title: '签到只记今天的，没有签',
      tone: 'ask',
      lines: [
        on === undefined ? `没有${found.problem?.said}这一天` : on < today ? '以前的请补签' : `${sayDay(on, today)}还没到，到那天再签`,
      ],
      buttons: [
        ...(on !== undefined && on < today
          ? [{ label: `补签${sayDay(on, today)}${rest ? '' : '，忘了签到'}`, command: `/补签 ${on} ${words(rest || '忘了签到')}` }]
          : []),
        { label: '签今天的', command: `/签到 ${words(rest)}`.trim() },
      ],
    },
  };
};

export default defineCommand<Args, Facts>({
  name: '签到',
  aliases: ['打卡', '报到', 'qd', 'qiandao', 'checkin', 'check-in'],
  sayings: [
    /签到|打卡|^(?:我们?|已经?|刚刚?|今[天早]|现在|准时|人)*(?:(?:开始)?上班|来(?=了|啦)|到(?:岗|位|院|单位)?了?(?<behind>[^不没哪几谁啥多时底期点了]{0,10}))[了啦咯]?$/,
    /^(?:我们?|已经?|刚刚?|今[天早]|现在|人)*[去来]了?(?<behind>[^不没哪几谁啥多时底期点了次天]{1,8})了?[,，]?(?:我|已经?|刚刚?|现在|人)*到了?[啦咯]?$/,
    /^(?:我们?|已经?|今天|现在|人)*在岗(?:的|了|呢|啊)*$/,
  ],
  bare: ['org'],
  daily: ['physician'],
  atOnce: true,
  summary: '到了就签到',
  usage: '/签到 [单位] [备注]',
  examples: ['/签到', '/签到 青山卫生院 下午去村里'],
  slots: {
    person: { kind: 'person' },
    clinic: { kind: 'org' },
    half: { kind: 'half' },
    anyway: { kind: 'choice', words: { 临时下乡: 'anyway' } },
    sure: { kind: 'choice', words: { 算今天的: 'sure' } },
    insteadOf: { kind: 'labelled', labels: ['算作'], of: { kind: 'ref' } },
    note: { kind: 'rest', personal: true },
  },
  args,
  remarks: true,
  needsProgramme: true,

  async facts(read, { actor, args, today, now, content, programmes }) {
    const id = args.person ?? actor.person!.id;
    const day = await read.all('visits', { person: id, day: today });
    // The rest of the month matters only where nothing of today takes the check-in.
    const taken =
      args.insteadOf === undefined && day.some(v => v.state === 'on' && (args.clinic === undefined || v.clinic === args.clinic));
    const month = taken ? [] : (await read.all('visits', { person: id, day: monthSpan(monthOf(today)) })).filter(v => v.day !== today);
    const leave = taken ? undefined : await leaveOn(read, id, today, day);
    const postings = await postingsOn(read, { programmes }, id, today);
    const ids = [
      ...new Set(
        [...day, ...month]
          .map(v => v.clinic)
          .concat(
            postings.map(p => p.clinic),
            args.clinic ? [args.clinic] : [],
          ),
      ),
    ];
    const orgs = ids.length ? await read.all('orgs', { id: ids }) : [];
    const pictured = content.kind === 'file' && args.person === undefined;
    const paperFor = pictured ? await awaitsPaper(read, actor.person!.id, now) : undefined;
    return {
      paperOf: paperFor,
      person: paperFor ? await read.get('people', paperFor.person) : id === actor.person?.id ? actor.person : await read.get('people', id),
      leave,
      asked: (
        await openLeavesOn(
          read,
          day.map(v => v.id),
        )
      ).map(f => f.leave.id),
      day,
      month,
      postings,
      instead: await insteadOf(read, month, args.insteadOf),
      justBefore: timeOf(now) < SMALL_HOURS && !args.sure ? await openVisit(read, id, addDays(today, -1)) : undefined,
      until: postings.length ? undefined : await postedUntil(read, id, today),
      orgs: new Map(orgs.map(o => [o.id, o])),
    };
  },

  decide(asked) {
    const { args, facts, actor, now, today, turn, settings, content, programme } = asked;
    if (facts.paperOf) return attachPaper(asked, facts, facts.paperOf);
    const own = facts.person?.id === actor.person?.id;
    const roles = actor.grants.map(g => g.role);
    if (!facts.person || (!own && !standsIn(asked, facts)))
      return { ...refuse('check-in.not-yours', '不能替这位医师签到', '只有其支援单位或受援单位可以代签'), private: true };
    if (own && !actor.grants.some(g => g.role === 'physician'))
      return refuse('check-in.not-physician', args.note ? `没认出“${args.note}”` : '请写明替谁签到', '写医师全名，例：/签到 张三');
    const halves = halvesFrom(args.half);

    const other = otherDay(asked, own ? '' : facts.person.name, facts.orgs);
    if (other) return other;
    if (args.insteadOf !== undefined) return countAs(asked, facts, args.insteadOf);
    if (facts.justBefore) return whichDay(asked, facts, facts.justBefore);

    const half = args.half === 'am' || args.half === 'pm' ? args.half : halfAt(now, hoursOf(settings));
    const target = checkInTarget(facts, { person: facts.person.id, day: today, clinic: args.clinic, half, halves, id: String(turn) });
    const who = own ? '' : `${facts.person.name}：`;
    if (facts.leave && target.kind !== 'visit' && target.kind !== 'already' && !args.anyway)
      return {
        reply: {
          code: 'check-in.on-leave',
          title: `${who}今天已准假，要销假吗？`,
          tone: 'ask',
          lines: [`编号${facts.leave}`, '销假后再签到，原班次恢复'],
          buttons: [
            { label: '销假', command: `/销假 ${facts.leave}`, style: 'primary' },
            { label: '不销假，算临时下乡', command: `/签到 ${own ? '' : `${facts.person.name} `}临时下乡` },
          ],
        },
      };
    switch (target.kind) {
      case 'no-posting':
        return notPosted(
          args.clinic ? undefined : facts.until,
          today,
          args.clinic ? `本月没有派驻${shownOrg(facts.orgs.get(args.clinic))}` : '本月没有派驻安排',
          roles,
          ...(own ? ['更新后再发 /签到'] : may('换人', roles, true, 'direct') === 'yes' ? ['或换人：/换人 旧医师 新医师'] : []),
        );
      case 'which':
        return {
          reply: {
            code: 'check-in.which',
            title: target.there ? `${who}到下一家了吗？` : `${who}今天到哪一家？`,
            tone: 'ask',
            lines: [
              target.there ? `${shownOrg(facts.orgs.get(target.there.clinic))} ${timeOf(target.there.checkedIn!)}已签到` : sayDay(today),
            ],
            buttons: target.clinics.map(c => ({
              label: shownOrg(facts.orgs.get(c)),
              command: `/签到 ${own ? '' : `${facts.person!.name} `}${facts.orgs.get(c)?.name ?? ''}`,
            })),
          },
        };
      case 'clash':
        return refuse(
          'check-in.clash',
          `这半天已在${shownOrg(facts.orgs.get(target.visit.clinic))}`,
          `${sayDay(today)}${sayHalves(target.visit)}`,
          '只来半天请写 上午 或 下午',
        );
      case 'already':
        return {
          reply: {
            code: 'check-in.already',
            title: `${who}已经签过到`,
            tone: 'info',
            lines: [
              `${shownOrg(facts.orgs.get(target.visit.clinic))} ${sayDay(today)} ${target.visit.checkedIn === null ? '' : timeOf(target.visit.checkedIn)}`,
              ...(target.later ? [`上午下午算一次签到，下午的${VISIT_TYPE_NAMES[target.later.type]}不用再签`] : []),
            ],
          },
        };
    }

    const clinic = facts.orgs.get(target.visit.clinic);
    const after: Visit = { ...target.visit, checkedIn: now };
    const rest = facts.day.filter(v => v.id !== after.id);
    const near = nearness(content, clinic, after, settings.number('near.metres'));
    const checkIn: CheckIn = {
      id: String(turn),
      visit: after.id,
      person: after.person,
      clinic: after.clinic,
      day: today,
      at: now,
      by: actor.person!.id,
      kind: own ? 'self' : 'stand-in',
      note: args.note || null,
      near,
      leftAt: null,
      delayed: asked.delayed,
      paper: own ? null : paperSent(content),
    };
    const changes: Change[] = [
      ...dayChanges(facts.day, [...rest, after], settings.get('half-day') === '是'),
      { table: 'checkIns', id: checkIn.id, to: checkIn },
    ];
    const earlier = sameCheckIn(facts.day, after);
    const what = `${sayDay(today)} ${timeOf(now)} ${sayHalves(after)}${VISIT_TYPE_NAMES[after.type]}`;
    const insteadOf = target.kind === 'unplanned' ? target.insteadOf : undefined;
    // The day's figures are offered where the day ends: here to those who are first heard of then.
    const figures = own && programme?.workload && timeOf(now) >= settings.get('verify.time');
    const buttons = [
      ...(insteadOf
        ? [{ label: `算作${sayDay(insteadOf.day)}的班次`, command: `/签到 ${own ? '' : `${facts.person.name} `}算作 ${insteadOf.id}` }]
        : []),
      ...facts.asked.map(id => ({ label: '撤回请假', command: `/销假 ${id}` })),
      ...(figures ? [{ label: '填工作量', command: `/填报 ${today}` }] : []),
    ];
    return {
      changes,
      reply: {
        code: target.kind === 'unplanned' ? 'check-in.unplanned' : 'check-in.done',
        title: `${who}已签到 ${shownOrg(clinic)}`,
        tone: 'ok',
        lines: [
          what,
          ...(earlier ? [`今天${timeOf(earlier.checkedIn!)}已在这里签过`] : []),
          ...(target.kind === 'unplanned' ? ['今天没有排班，按临时下乡登记'] : []),
          ...(near === null ? [] : [near ? '位置在单位附近' : '位置不在单位附近，不影响登记']),
          `${own ? '' : '代签，'}${sayWord(after)}`,
          ...facts.asked.map(id => `请假（编号${id}）还没批，人到了请撤回`),
          ...(own ? [] : [checkIn.paper ? '签到单已附上' : '有纸质签到单，可接着发照片附上；没有也行']),
        ],
        ...(buttons.length ? { buttons } : {}),
      },
    };
  },
});

/** Until then a check-in may be of the day before. */
const SMALL_HOURS = '05:00';

const openVisit = async (read: Read, person: string, day: Day): Promise<Visit | undefined> =>
  (await read.all('visits', { person, day, state: 'on' })).find(v => v.checkedIn === null && v.presence === null);

/** After midnight nobody is signed for a day that has just begun without being asked. */
const whichDay = ({ actor, today }: Asked<Args>, facts: Facts, before: Visit): Decision => {
  const clinic = facts.orgs.get(before.clinic)?.name ?? '';
  const who = facts.person!.id === actor.person?.id ? '' : `${facts.person!.name} `;
  return {
    reply: {
      code: 'check-in.which-day',
      title: '已过零点，签哪天的？还没有签',
      tone: 'ask',
      lines: [`${sayDay(before.day, today)}的班还没签`],
      buttons: [
        { label: `补签${sayDay(before.day, today)}`, command: `/补签 ${before.day} ${who}${clinic ? `${clinic} ` : ''}零点后补签` },
        { label: `签今天${sayDay(today)}`, command: `/签到 ${who}算今天的` },
      ],
    },
  };
};

/** A picture or scan that was kept with the message. */
const paperSent = (content: Asked['content']): string | null =>
  content.kind === 'file' && content.file.id !== '' && isPaper(content.file.name) ? paperOf(content.file) : null;

/** A picture sent after a stand-in's check-in. */
const attachPaper = ({ content, today }: Asked, facts: Facts, checkIn: CheckIn): Decision => {
  const paper = paperSent(content);
  if (!paper) return refuse('check-in.paper-lost', '照片没有收下来', '请再发一次');
  return {
    changes: [{ table: 'checkIns', id: checkIn.id, to: { ...checkIn, paper }, was: { paper: null } }],
    reply: {
      code: 'check-in.paper',
      title: `签到单已附上：${facts.person?.name ?? ''}`,
      tone: 'ok',
      lines: [`${sayDay(checkIn.day, today)}代签，核实的单位能看`, '发错了发 /撤销'],
    },
  };
};
