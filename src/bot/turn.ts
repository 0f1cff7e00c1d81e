/** The whole of a turn: words → command → who → may he → args → facts → decide → record, in one commit with the answer. */
import type { Calendar } from '../core/calendar.ts';
import type { Card, Outgoing } from '../core/card.ts';
import { type Day, dayAt, type Instant, timeOf } from '../core/day.ts';
import type { Change } from '../core/records.ts';
import type { Settings } from '../core/settings.ts';
import { type Steps, whole } from '../core/steps.ts';
import { leftProblem, type Placed, place, placeForm } from '../core/words/place.ts';
import type { Programme } from '../programmes/schema.ts';
import { address } from './address.ts';
import { answering, askedAgain } from './answering.ts';
import type { Bot, Received } from './bot.ts';
import { choiceCard } from './choice.ts';
import { type Actor, type AnyCommand, type Asked, type Decision, isRefusal, no, type Outcome, type Service } from './command.ts';
import { CANCELS, makeHearing, questionFor, questionOf, type Said, type SaidCommand } from './hearing.ts';
import { BUSY, LARGE, type LargeTurns, type LargeWork, NOTHING } from './large.ts';
import { lateAnswer } from './late-answer.ts';
import { HINT, whatWasMeant } from './meant.ts';
import { howToAnswer, lacksText } from './open-question.ts';
import { otherMatter } from './other-matter.ts';
import {
  type CalendarSource,
  Conflict,
  type Event,
  type Inbound,
  type OutboxRow,
  type Platform,
  type Post,
  type Read,
  type Store,
  StoreFault,
  type Tx,
} from './ports.ts';
import { argsCard, problemCard, tooLongCard } from './problem-card.ts';
import { carriesPhone, keptOut, notAllowed, type Turned } from './refusals.ts';
import { type Replies, repliesTo } from './replies.ts';
import { saysWhy } from './says-why.ts';
import { againDigest, newCode, newSecret } from './secret.ts';
import { actorOf, outside, programmeThen, standingOf } from './standing.ts';
import { repliesWithOthers, thingsSaid, whichThings } from './two-things.ts';
import { whoThereIs } from './who-there-is.ts';

export interface TurnDeps {
  store: Store;
  commands: readonly AnyCommand[];
  platforms: ReadonlyMap<string, Platform>;
  programmes: readonly Programme[];
  /** The programme of a county bureau on a day. */
  calendars: CalendarSource;
  speakAt(calendar: Calendar, settings: Settings, at: Instant): Instant;
  botNames: readonly string[];
  demo: boolean;
  service: Service;
  /** Address of the pages; null where there are none. */
  webUrl(): string | null;
  log: { error(what: object, message: string): void };
  /** Hands rows to the relay after the commit. */
  kick(posts: OutboxRow[]): void;
  /** What was settled: messages that still offer to do it may be shown as done. */
  settled(topics: readonly string[]): void;
  large: LargeTurns;
  /** The store cannot take anything: intake stops. */
  onFault(fault: StoreFault): void;
}

/** What is sent long before it arrives is told so. */
const DELAYED = 10 * 60_000;
const A_DAY = 24 * 3_600_000;

/** When it was sent, as far as that is believed: not after it arrived, and at most a day before. */
const believed = (raw: Inbound): Inbound => {
  const sentAt = Math.min(Math.max(raw.sentAt, raw.receivedAt - A_DAY), raw.receivedAt);
  return sentAt === raw.sentAt ? raw : { ...raw, sentAt };
};

/** One message within its transaction. */
interface Turning {
  tx: Tx;
  inbound: Inbound;
  replies: Replies;
  /** When it was said. */
  now: Instant;
  /** What is to be done after the commit. */
  after: After;
}
interface After {
  settled: string[];
  large?: LargeWork;
}

/** A command with the day on which it was begun. */
interface Ordered {
  said: SaidCommand;
  command: AnyCommand;
  today: Day;
  /** What was said to its question and is no answer: the question is put again. */
  unanswered?: string;
}

export const makeTurn = (deps: TurnDeps): Pick<Bot, 'receive'> => {
  const byName = new Map(deps.commands.map(c => [c.name, c]));
  const hearing = makeHearing(deps.commands, deps.botNames, deps.store.read);
  const listener = { ...deps, byName, part: hearing.part, hearing };
  const platformOf = (i: Inbound): Platform | undefined => deps.platforms.get(i.platform);

  const receive = async (raw: Inbound): Promise<Received> => {
    const heard = await hearing.hear(believed(raw), platformOf(raw)?.typesChoices ?? false);
    if (!heard) return { duplicate: false, code: 'silent', posts: [], settled: [] };
    const { inbound, said } = heard;
    const now = inbound.sentAt;
    const event: Event = {
      platform: inbound.platform,
      app: inbound.app,
      eventId: inbound.eventId,
      conversation: inbound.conversation.id,
      account: inbound.account,
      sentAt: now,
      receivedAt: inbound.receivedAt,
    };
    const lexicon = inbound.conversation.kind === 'group' ? await deps.store.read.lexicon() : undefined;
    const personal = (card: Card) => lexicon !== undefined && saysWhy(card, byName, { lexicon, today: dayAt(now) });
    const replies = repliesTo(inbound, platformOf(inbound), personal);
    try {
      let after: After = { settled: [] };
      const done = await deps.store.turn(event, tx => {
        after = { settled: [] };
        return work({ tx, inbound, replies, now, after }, said);
      });
      if (!done.duplicate) deps.kick(done.posts);
      if (after.settled.length) deps.settled(after.settled);
      const later = after.large && deps.large.begin(after.large);
      return { duplicate: done.duplicate, code: done.code, posts: done.posts, settled: after.settled, ...(later ? { later } : {}) };
    } catch (e) {
      if (e instanceof StoreFault) {
        deps.onFault(e);
        throw e;
      }
      const conflict = e instanceof Conflict;
      if (!conflict) deps.log.error({ event: inbound.eventId, platform: inbound.platform, err: e }, 'turn failed');
      // A second, small turn keeps the event and answers, so that a redelivery is silent.
      const done = await deps.store.turn(event, async tx => {
        const card = conflict
          ? no('conflict', '刚才已被别人改过', '请重新查看后再试')
          : no('failed', `出错了，编号 ${tx.turn}`, '这条没有生效，请把编号告诉管理员');
        await tx.post([replies.reply(card)], inbound.receivedAt);
        return card.code;
      });
      if (!done.duplicate) deps.kick(done.posts);
      return { duplicate: done.duplicate, code: done.code, posts: done.posts, settled: [] };
    }
  };

  const answer = async ({ tx, inbound, replies }: Turning, card: Card, alone = false): Promise<string> => {
    await tx.post([alone ? replies.alone(card) : replies.reply(card)], inbound.receivedAt);
    return card.code;
  };
  const turnAway = (turning: Turning, turned: Turned): string | Promise<string> =>
    turned === 'silent' ? turned : answer(turning, turned.card, turned.alone);

  const work = async (turning: Turning, heard: Said): Promise<string> => {
    const { tx, inbound, now } = turning;
    const ordered = await orderIn(turning, heard);
    if ('code' in ordered) return answer(turning, ordered);
    const { said } = ordered;
    const typed = [said.rest, ...Object.values(said.values ?? {})].join('\n');
    const kept = keptOut(inbound, said, typed);
    if (kept) return turnAway(turning, kept);
    const actor = await actorOf(tx.read, inbound, dayAt(now));
    const turned = (await notAllowed(tx.read, inbound, said, actor, platformOf(inbound))) ?? carriesPhone(inbound, said, typed);
    if (turned) return turnAway(turning, turned);
    const things = await thingsSaid(tx.read, { ...deps, commands: byName, names: hearing.names }, inbound, said, actor, ordered.today);
    if (things.doubtful) return answer(turning, whichThings(said.name, things));
    const first = { ...turning, replies: repliesWithOthers(turning.replies, things.more) };
    const asked = await askedOf(first, { ...ordered, said: { ...said, rest: things.own } }, actor);
    return 'code' in asked ? answer(first, asked) : carryOut(first, ordered, asked);
  };

  /** The command that was meant, or what is said where it is none. A question that was open is over with whatever could be read. */
  const orderIn = async ({ tx, inbound, now }: Turning, heard: Said): Promise<Ordered | Card> => {
    if (heard.kind === 'choice') return choiceCard(heard.choice);
    if (heard.kind === 'assent' || heard.kind === 'more') return heard.card;
    // What cannot be read is no answer, and no other matter either: what was asked still waits.
    if (heard.kind === 'unread' || heard.kind === 'picture') return whatWasMeant(tx.read, listener, inbound, heard, dayAt(now));
    let unanswered: string | undefined;
    let said: Exclude<Said, { kind: 'choice' | 'assent' | 'more' }> = heard;
    let today = dayAt(now);
    const question = await questionOf(tx.read, inbound);
    if (question) {
      const before = (await tx.read.unseal('questions', question.id, 'text')) ?? '';
      const asksHow = said.kind === 'command' && said.name === '帮助' && said.rest === '' && inbound.content.kind === 'text';
      const asking = hearing.answered(before, '');
      const command = asking.kind === 'command' ? byName.get(asking.name) : undefined;
      if (asksHow && command && question.expires >= inbound.sentAt) return howToAnswer(command, before);
      const by = { actor: null, command: '', sentAt: now, now: inbound.receivedAt };
      await tx.apply([{ table: 'questions', id: question.id, to: null }], by);
      if (said.kind === 'answer') {
        if (CANCELS.test(said.text)) return { code: 'question.cancelled', title: '好的，已取消', tone: 'info', lines: [] };
        const other = await otherMatter(tx.read, listener, inbound, said, before, dayAt(now));
        if (other) return other;
        // A dialogue over midnight keeps the day of its first message.
        today = question.day;
        const got = answering(
          hearing,
          byName,
          { before, text: said.text, typed: inbound.content.kind === 'text' },
          await tx.read.lexicon(),
          today,
        );
        ({ said, unanswered } = got);
      }
      const late = question.expires < inbound.sentAt && (await lateAnswer(tx.read, listener, inbound, said, { before, question, today }));
      if (late) return late;
    } else if (said.kind === 'answer') return { code: 'question.none', title: '没有在等您的回答', tone: 'info', lines: [] };
    if (said.kind === 'command')
      return { said, command: byName.get(said.name)!, today, ...(unanswered === undefined ? {} : { unanswered }) };
    return whatWasMeant(tx.read, listener, inbound, said, dayAt(now));
  };

  /** Everything that facts and decision are made from, or what is wrong with the line. */
  const askedOf = async (
    { tx, inbound, replies, now }: Turning,
    { said, command, today }: Ordered,
    actor: Actor,
  ): Promise<Asked | Card> => {
    const { read } = tx;
    const { bureau, programme: inForce, spoken, terms, settings } = await standingOf(read, deps.programmes, actor, today);
    const lexicon = await read.lexicon();
    const tooLong = tooLongCard(
      command,
      said.rest,
      actor.grants.map(g => g.role),
    );
    if (tooLong) return tooLong;
    const by = { ...spoken, terms };
    const placed: Placed = said.values
      ? placeForm(said.rest, said.values, command.slots, lexicon, today, by)
      : place(said.rest, command.slots, lexicon, today, by);
    const line = said.values ? null : said.rest;
    const problem = placed.problems[0];
    if (problem) return problemCard(command, problem, line);
    const args = command.args.safeParse(placed.values);
    if (!args.success) {
      const card = argsCard(command, placed, args.error.issues, line, lexicon);
      if (line === null || !lacksText(command, args.error.issues)) return card;
      const to = questionFor(inbound, `/${command.name} ${line}`, today, now);
      await tx.apply([{ table: 'questions', id: to.id, to }], {
        actor: actor.person?.id ?? null,
        command: command.name,
        sentAt: now,
        now: inbound.receivedAt,
      });
      return { ...card, title: args.error.issues[0]!.message, tone: 'ask', lines: ['直接回复就行', '不办了发 取消'] };
    }
    const unread = placed.left ?? (said.values ? undefined : command.unread?.(args.data, spoken));
    const left = unread === undefined ? undefined : leftProblem(unread, said.rest, command.slots, lexicon, today);
    if (left) return problemCard(command, left, line);
    const days = (await command.concerns?.(read, args.data, { today, programme: spoken })) ?? [];
    const programme = (await programmeThen(read, deps.programmes, actor, bureau, days)) ?? (command.looksBack ? spoken : inForce);
    if (command.needsProgramme && !programme) return outside(read, deps.programmes, actor, bureau, today);
    const { kind, id: conversation, name } = inbound.conversation;
    const group = kind === 'group' ? await read.first('groups', { platform: inbound.platform, app: inbound.app, conversation }) : undefined;
    return {
      args: args.data,
      actor,
      programme,
      programmes: deps.programmes,
      programmeKey: programme?.key ?? null,
      settings,
      calendar: await deps.calendars.calendar(read),
      now,
      today,
      delayed: inbound.receivedAt - now > DELAYED,
      turn: tx.turn,
      conversation: { ...replies.here, kind, name, group: group ?? null },
      content: inbound.content,
      demo: deps.demo,
      secret: newSecret,
      service: deps.service,
      newCode: () => {
        const code = newCode(6);
        return { code, digest: againDigest(code) };
      },
      passing: platform => deps.platforms.get(platform)?.passing ?? false,
      webUrl: deps.webUrl(),
    };
  };

  const carryOut = async (turning: Turning, { command, unanswered }: Ordered, asked: Asked): Promise<string> => {
    const { tx, inbound, replies, now, after } = turning;
    const by = { actor: asked.actor.person?.id ?? null, command: command.name, sentAt: now, now: inbound.receivedAt };
    const group = inbound.conversation.kind === 'group';
    const decide = (facts: unknown) => command.decide(Object.assign(asked, { facts }) as never) as Decision | Steps<Decision>;
    const later = (work: Pick<LargeWork, 'meanwhile' | 'plan'>): LargeWork => ({
      turn: tx.turn,
      source: `${inbound.platform}/${inbound.app}/${inbound.eventId}`,
      by,
      answer: replies.reply,
      ...work,
    });

    const meanwhile = await command.long?.(tx.read, asked as never);
    if (meanwhile) {
      if (!(await tx.begins(replies.here))) return answer(turning, BUSY);
      const { read: beside } = deps.store;
      const plan: LargeWork['plan'] = async slowly => {
        const decision = await slowly(decide(await command.facts(beside, asked as never)));
        if (isRefusal(decision))
          return {
            ...NOTHING,
            posts: [decision.private && group ? replies.alone(decision.card, '/done') : replies.reply(decision.card, '/done')],
          };
        const { changes = [], settles = [], leansOn = {}, tell = [] } = decision;
        const told = await tellOf(beside, turning, asked, tell);
        return { changes, settles, leansOn, posts: [replies.reply(timed(asked, decision.reply), '/done'), ...told] };
      };
      after.large = later({ meanwhile, plan });
      return answer(turning, meanwhile);
    }

    const decided = decide(await command.facts(tx.read, asked as never));
    const decision = await whoThereIs(tx.read, asked.actor, 'next' in decided ? whole(decided) : decided);
    if (isRefusal(decision)) return answer(turning, decision.card, decision.private && group);
    if (unanswered !== undefined) {
      // Nothing is done by words that were no answer, whatever has changed since it was asked.
      if (decision.waitFor === undefined) return answer(turning, HINT);
      decision.reply = askedAgain(decision.reply, unanswered);
    }

    const changes: Change[] = [...(decision.changes ?? [])];
    if (decision.waitFor !== undefined) {
      const to = questionFor(inbound, decision.waitFor, asked.today, now);
      changes.push({ table: 'questions', id: to.id, to });
    }
    if (decision.meanwhile && changes.length > LARGE) {
      if (!(await tx.begins(replies.here))) return answer(turning, BUSY);
      await lookAndMark(turning, decision, by);
      const [first, ...rest] = await postsOf(turning, asked, decision);
      const posts = first ? [{ ...first, key: `${first.key}/done` }, ...rest] : [];
      const its = { changes, settles: decision.settles ?? [], leansOn: decision.leansOn ?? {}, posts };
      after.large = later({ meanwhile: decision.meanwhile, plan: async () => its });
      return answer(turning, decision.meanwhile);
    }
    if (changes.length) await tx.apply(changes, by);
    await lookAndMark(turning, decision, by);
    if (decision.settles?.length) {
      await tx.settle(decision.settles, inbound.receivedAt);
      after.settled.push(...decision.settles);
    }
    await tx.post(await postsOf(turning, asked, decision), inbound.receivedAt);
    return decision.reply.code;
  };

  /** What was shown of sealed values, and rows of the outbox that were settled by hand. */
  const lookAndMark = async ({ tx }: Turning, { looked, outbox = [] }: Outcome, by: Parameters<Tx['apply']>[1]): Promise<void> => {
    if (looked?.length) await tx.looked(looked, by);
    for (const { seq, to } of outbox) await tx.outbox(seq, to, by);
  };

  /** The answer, and what others are told. */
  const postsOf = async (turning: Turning, asked: Asked, { reply, replyIn, tell = [] }: Outcome) => [
    ...turning.replies.answer(timed(asked, reply), replyIn === 'direct'),
    ...(await tellOf(turning.tx.read, turning, asked, tell)),
  ];
  const tellOf = async (read: Read, { inbound, now }: Turning, asked: Asked, tell: readonly Outgoing[]): Promise<Post[]> => {
    if (!tell.length) return [];
    const context = {
      read,
      today: dayAt(now),
      now: inbound.receivedAt,
      platforms: deps.platforms,
      speakAt: (at: Instant) => deps.speakAt(asked.calendar, asked.settings, at),
    };
    return address(context, tell);
  };

  return { receive };
};

/** An answer to what was sent long before says so. */
const timed = ({ delayed, now }: Asked, card: Card): Card =>
  delayed ? { ...card, lines: [...card.lines, `延迟送达：按${timeOf(now)}发出时间办理`] } : card;
