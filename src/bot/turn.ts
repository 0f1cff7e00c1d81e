/** The whole of a turn: words → command → who → may he → args → facts → decide → record, in one commit with the answer. */
import type { Calendar } from '../core/calendar.ts';
import type { Card, ConversationKey } from '../core/card.ts';
import { isPaper } from '../core/check-in-paper.ts';
import { type Day, dayAt, type Instant, sayDate, timeOf, yearOf } from '../core/day.ts';
import { isMobile, looksLikePhone } from '../core/names.ts';
import type { Change, Grant, Org, Person } from '../core/records.ts';
import { type Settings, settingsFrom } from '../core/settings.ts';
import { type Steps, whole } from '../core/steps.ts';
import { clean } from '../core/words/clean.ts';
import { type CommandLine, readCommandLine } from '../core/words/command-line.ts';
import { type Placed, place, placeForm } from '../core/words/place.ts';
import type { Programme } from '../programmes/schema.ts';
import { type AddressContext, address } from './address.ts';
import type { Bot, Received } from './bot.ts';
import { accountAwaitsPaper } from './check-in-paper.ts';
import { choiceCard, choiceOf, numberTyped, type Undecided } from './choice.ts';
import { type Actor, type AnyCommand, type Asked, type Conversation, type Decision, isRefusal, type Service } from './command.ts';
import { BUSY, LARGE, type LargeTurns, type LargeWork, NOTHING } from './large.ts';
import { overheard } from './overheard.ts';
import { isSlow, latest, madeBeside, making } from './paper.ts';
import { may, PERMISSIONS, ROLE_NAMES } from './permissions.ts';
import {
  type CalendarSource,
  Conflict,
  type Content,
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
import { programmeFor, programmesAround } from './programmes.ts';
import { countiesUnder } from './scope.ts';
import { againDigest, newCode, newSecret } from './secret.ts';

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
/** A question waits this long for its answer. */
const PATIENCE = 10 * 60_000;

const no = (code: string, title: string, ...lines: string[]): Card => ({ code, title, tone: 'no', lines });

/** Said in the group where the answer is for one person alone, and the messenger does not let the bot begin. */
const SPEAK_FIRST: Card = {
  code: 'direct.first',
  title: '请先私聊我说一句话',
  tone: 'ask',
  lines: ['答复只给您本人看，这个平台不许我先开口', '私聊发 帮助，再把刚才的命令在私聊里发一次'],
};

/** What was said, once it is known to be for the bot. */
type Said =
  | { kind: 'command'; name: string; rest: string; values?: Record<string, string> }
  | { kind: 'answer'; text: string }
  | { kind: 'near'; typed: string; suggestions: string[] }
  | { kind: 'unknown'; typed: string }
  | { kind: 'picture' }
  /** A number that chooses nothing by itself. */
  | { kind: 'choice'; choice: Undecided }
  | { kind: 'chatter' };

/** What is to be done after the commit. */
interface After {
  settled: string[];
  large?: LargeWork;
}

export const makeTurn = (deps: TurnDeps): Pick<Bot, 'receive'> => {
  const byName = new Map(deps.commands.map(c => [c.name, c]));
  const names = new Map<string, string>();
  for (const c of deps.commands) for (const n of [c.name, ...c.aliases]) names.set(n.toLowerCase(), c.name);

  const commandLine = (text: string, direct: boolean, mentioned: boolean): CommandLine =>
    readCommandLine(text, { direct, mentioned, botNames: [...deps.botNames], names });

  /** undefined: not for the bot. Nothing is stored of what is not. */
  const hear = async (inbound: Inbound): Promise<Said | undefined> => {
    const direct = inbound.conversation.kind === 'direct';
    const { content } = inbound;
    if (content.kind === 'joined') return { kind: 'command', name: '绑定群', rest: '' };
    if (content.kind === 'location') {
      return (await waiting(inbound))
        ? { kind: 'answer', text: `${content.lat},${content.lng}` }
        : { kind: 'command', name: '签到', rest: '' };
    }
    if (content.kind === 'file' && (await waitsForFile(inbound))) return { kind: 'answer', text: '' };
    if (content.kind === 'file') return hearFile(inbound, content, direct);
    if (content.kind === 'button' || content.kind === 'form') {
      const line = commandLine(content.command, true, true);
      if (line.kind !== 'command') return { kind: 'unknown', typed: content.command };
      return { kind: 'command', name: line.name, rest: line.rest, ...(content.kind === 'form' ? { values: content.values } : {}) };
    }
    const line = commandLine(content.text, direct, content.mentioned ?? false);
    if (line.kind === 'command' || line.kind === 'near' || line.kind === 'unknown') {
      if (line.kind !== 'command' && (await waiting(inbound))) return { kind: 'answer', text: clean(content.text) };
      return line;
    }
    if (await waiting(inbound)) return { kind: 'answer', text: clean(content.text) };
    return line.kind === 'chatter' ? { kind: 'chatter' } : undefined;
  };

  /** A command beside it takes the file along; a picture after a stand-in's check-in is its paper; else a table is to be imported. */
  const hearFile = async (inbound: Inbound, content: Extract<Content, { kind: 'file' }>, direct: boolean): Promise<Said | undefined> => {
    const line = content.text === undefined ? undefined : commandLine(content.text, direct, content.mentioned ?? false);
    if (line?.kind === 'command') return { kind: 'command', name: line.name, rest: line.rest };
    if (isPaper(content.file.name) && (await accountAwaitsPaper(deps.store.read, inbound, inbound.receivedAt)))
      return { kind: 'command', name: '签到', rest: '' };
    if (isPaper(content.file.name)) return direct ? { kind: 'picture' } : undefined;
    return direct || content.rows ? { kind: 'command', name: '导入', rest: '' } : undefined;
  };

  const questionId = (i: Inbound) => `${i.platform}/${i.app}/${i.conversation.id}/${i.account}`;
  const waiting = async (inbound: Inbound) => {
    const q = await deps.store.read.get('questions', questionId(inbound));
    return q !== undefined && q.expires >= inbound.sentAt ? q : undefined;
  };

  const waitsForFile = async (inbound: Inbound) => {
    if (!(await waiting(inbound))) return false;
    const line = commandLine((await deps.store.read.unseal('questions', questionId(inbound), 'text')) ?? '', true, true);
    return line.kind === 'command' && byName.get(line.name)?.takesFile === true;
  };

  const receive = async (raw: Inbound): Promise<Received> => {
    const number = platformOf(raw)?.typesChoices ? numberTyped(raw.content) : undefined;
    const asked = number === undefined ? undefined : await waiting(raw);
    const choice = number === undefined ? undefined : await choiceOf(deps.store.read, raw, number, asked && asked.expires - PATIENCE);
    const inbound: Inbound =
      choice?.kind === 'press' ? { ...raw, content: { kind: 'button', command: choice.command, message: choice.message } } : raw;
    const said: Said | undefined = choice && choice.kind !== 'press' ? { kind: 'choice', choice } : await hear(inbound);
    if (!said) return { duplicate: false, code: 'silent', posts: [], settled: [] };
    const sentAt = Math.min(Math.max(inbound.sentAt, inbound.receivedAt - A_DAY), inbound.receivedAt);
    const event: Event = {
      platform: inbound.platform,
      app: inbound.app,
      eventId: inbound.eventId,
      conversation: inbound.conversation.id,
      account: inbound.account,
      sentAt,
      receivedAt: inbound.receivedAt,
    };
    try {
      const after: After = { settled: [] };
      const done = await deps.store.turn(event, tx => work(tx, inbound, said, sentAt, after));
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
        await tx.post([reply(inbound, card)], inbound.receivedAt);
        return card.code;
      });
      if (!done.duplicate) deps.kick(done.posts);
      return { duplicate: done.duplicate, code: done.code, posts: done.posts, settled: [] };
    }
  };

  const platformOf = (i: Inbound): Platform | undefined => deps.platforms.get(i.platform);
  const hereOf = (i: Inbound): ConversationKey => ({ platform: i.platform, app: i.app, conversation: i.conversation.id });
  const directOf = (i: Inbound): ConversationKey => ({
    platform: i.platform,
    app: i.app,
    conversation: platformOf(i)?.direct(i.account) ?? i.conversation.id,
  });
  const reply = (i: Inbound, card: Card, to: ConversationKey = hereOf(i), nth = ''): Post => ({
    key: `reply/${i.platform}/${i.app}/${i.eventId}${nth}`,
    topic: null,
    to,
    place: i.conversation.kind === 'group' && to.conversation === i.conversation.id ? 'own-group' : 'direct',
    class: 'reply',
    card,
    notBefore: latest(card, i.receivedAt),
    expires: null,
    replyTo: to.conversation === i.conversation.id ? i.eventId : null,
    born: platformOf(i)?.idempotent && !madeBeside(card) ? 'sending' : 'pending',
  });

  /** Figures that were said without their command are offered with it, to those who may report them. */
  const whatItWouldBe = async (read: Read, inbound: Inbound, today: Day): Promise<Card | undefined> => {
    if (inbound.content.kind !== 'text') return undefined;
    const actor = await actorOf(read, inbound, today);
    const roles = actor.grants.map(g => g.role);
    const commands = deps.commands.filter(c => may(c.name, roles, actor.person !== null, inbound.conversation.kind) === 'yes');
    const county = actor.grants.find(g => g.county !== null)?.county;
    const bureau = county ? await read.get('orgs', county) : undefined;
    const programme = bureau && (await programmeOf(read, deps, actor, bureau, today));
    const text = deps.botNames.reduce((t, name) => t.replaceAll(`@${name}`, ' '), inbound.content.text).replace(/^\s*[/／]/, '');
    return programme && overheard(text, { commands, lexicon: await read.lexicon(), today, programme });
  };

  const work = async (tx: Tx, inbound: Inbound, heard: Said, now: Instant, after: After): Promise<string> => {
    const { read } = tx;
    const today = dayAt(now);
    const group = inbound.conversation.kind === 'group';
    const answer = async (card: Card) => {
      await tx.post([reply(inbound, card)], inbound.receivedAt);
      return card.code;
    };
    const alone = directOf(inbound);
    const reached = platformOf(inbound)?.reaches?.(alone.conversation) ?? true;
    const privately = async (card: Card) => {
      await tx.post([reached ? reply(inbound, card, alone) : reply(inbound, SPEAK_FIRST)], inbound.receivedAt);
      return card.code;
    };

    if (heard.kind === 'choice') return answer(choiceCard(heard.choice));
    let said: Exclude<Said, { kind: 'choice' }> = heard;
    let askedOn = today;
    const question = await read.get('questions', questionId(inbound));
    if (question) {
      const before = (await read.unseal('questions', question.id, 'text')) ?? '';
      await tx.apply([{ table: 'questions', id: question.id, to: null }], {
        actor: null,
        command: '',
        sentAt: now,
        now: inbound.receivedAt,
      });
      if (said.kind === 'answer') {
        if (/^\/?(取消|算了|不用了)$/.test(said.text))
          return answer({ code: 'question.cancelled', title: '好的，已取消', tone: 'info', lines: [] });
        // A dialogue over midnight keeps the day of its first message.
        askedOn = question.day;
        // A label that was put there already may be typed again: 改到 … 改到 4月19日.
        const label = before.split(' ').at(-1) ?? '';
        const line = commandLine(`${before} ${said.text.startsWith(label) ? said.text.slice(label.length) : said.text}`, true, true);
        said = line.kind === 'command' ? { kind: 'command', name: line.name, rest: line.rest } : { kind: 'unknown', typed: said.text };
      }
    }
    // What came with no command is answered in its own words nowhere if a number stands in it.
    const spoken = said.kind !== 'command' && inbound.content.kind === 'text' ? looksLikePhone(inbound.content.text) : [];
    if (spoken.some(phone => !group || isMobile(phone)))
      return answer({
        ...no('phone.refused', group ? '含手机号，没有收下' : '含电话号码，没有收下'),
        ...(group ? { tone: 'urgent' as const } : {}),
        lines: group
          ? ['请马上撤回这条消息', '登记受益群众请私聊我发：受益 …']
          : ['登记受益群众请这样发：受益 姓名 电话 已告知', '“受益”后面空一格；别的命令不用写号码'],
      });
    const understood = said.kind === 'chatter' || said.kind === 'unknown' ? await whatItWouldBe(read, inbound, today) : undefined;
    if (understood) return answer(understood);
    if (said.kind === 'answer' || said.kind === 'chatter')
      return answer({
        code: 'help.hint',
        title: '您好，我只认命令',
        tone: 'info',
        lines: ['发 帮助 看能做什么'],
        buttons: [{ label: '帮助', command: '/帮助' }],
      });
    if (said.kind === 'picture')
      return answer(no('picture.unexpected', '这张图没有收下', '只在代签后半小时内收签到单照片', '要导入的表请发 xlsx 或 csv'));
    if (said.kind === 'near') {
      return answer({
        code: 'command.near',
        title: `没有“${said.typed.slice(0, 20)}”`,
        tone: 'info',
        lines: ['您要的是不是：'],
        buttons: said.suggestions.slice(0, 3).map(s => ({ label: `/${s}`, command: withRest(s, inbound.content) })),
      });
    }
    if (said.kind === 'unknown')
      return answer({
        ...no('command.unknown', `没有“${said.typed.slice(0, 20)}”这个命令`, '发 /帮助 看能做什么'),
        buttons: [{ label: '帮助', command: '/帮助' }],
      });

    const command = byName.get(said.name)!;
    const typed = [said.rest, ...Object.values(said.values ?? {})].join('\n');
    if (group && PERMISSIONS[command.name]?.recall && typed)
      return answer({
        code: 'recall.asked',
        title: '含群众信息，没有收下',
        tone: 'urgent',
        lines: ['请马上撤回这条消息', `请私聊我发：${command.name} …`],
      });
    const actor = await actorOf(read, inbound, today);
    // Being added to a group is no act of its members: the bot greets whoever is there.
    const verdict =
      inbound.content.kind === 'joined'
        ? 'yes'
        : may(
            command.name,
            actor.grants.map(g => g.role),
            actor.person !== null,
            group ? 'group' : 'direct',
          );
    if (verdict === 'not-role' && actor.person === null) {
      // A location or a file of a stranger in a group was not said to the bot.
      if (group && inbound.content.kind !== 'text' && inbound.content.kind !== 'button') return 'silent';
      const again =
        platformOf(inbound)?.passing &&
        (await read.count('accounts', { platform: inbound.platform, app: inbound.app, state: 'frozen' })) > 0;
      return answer(
        again
          ? no('permission.again', '请再绑定一次', '微信重新登录过，原来的绑定停用了', '私聊我发：绑定 重绑码，或 绑定 姓名 手机后四位')
          : no('permission.unbound', '还不认识您', '请私聊我发：绑定 姓名 手机后四位'),
      );
    }
    if (verdict === 'not-role') {
      if (group && (inbound.content.kind === 'location' || inbound.content.kind === 'file')) return 'silent';
      const who = PERMISSIONS[command.name]?.who.filter(w => w !== 'stranger').map(w => ROLE_NAMES[w]) ?? [];
      return privately(
        no(
          'permission.denied',
          `您不能用 /${command.name}`,
          who.length ? `只限：${who.join('、')}` : '没有人可以用',
          '发 帮助 看您能做什么',
        ),
      );
    }
    if (verdict === 'not-here')
      return answer({
        code: 'permission.direct-only',
        title: `/${command.name} 请私聊我发`,
        tone: 'no',
        lines: ['这里人多，涉及个人或权限'],
      });

    if (carriesPhone(typed, command.name, group) || (group && fileCarriesPhone(inbound))) {
      return answer({
        code: 'phone.refused',
        title: '含手机号，没有收下',
        tone: 'urgent',
        lines: ['请马上撤回这条消息', command.name === '导入' ? '带手机号的表请私聊发我' : '去掉手机号再发一次'],
      });
    }

    const county = actor.grants.find(g => g.county !== null)?.county ?? null;
    const bureau = county === null ? undefined : await read.get('orgs', county);
    const programme = (await programmeOf(read, deps, actor, bureau, askedOn)) ?? null;
    const settings = settingsFrom(
      new Map(
        county === null
          ? []
          : (await read.all('settings', { org: county })).map(s => [s.key, { value: s.value, set: { by: s.by, at: s.at } }]),
      ),
    );
    const calendar = await deps.calendars.calendar(read);
    const conversation: Conversation = {
      ...hereOf(inbound),
      kind: inbound.conversation.kind,
      name: inbound.conversation.name,
      group: group
        ? ((await read.first('groups', { platform: inbound.platform, app: inbound.app, conversation: inbound.conversation.id })) ?? null)
        : null,
    };

    const placed: Placed = said.values
      ? placeForm(said.rest, said.values, command.slots, await read.lexicon(), askedOn, programme ?? {})
      : place(said.rest, command.slots, await read.lexicon(), askedOn, programme ?? {});
    const problem = placed.problems[0];
    if (problem) return answer(problemCard(command, problem));
    const args = command.args.safeParse(placed.values);
    if (!args.success) {
      return answer(
        no(
          'args.wrong',
          '没看明白',
          ...args.error.issues.slice(0, 2).map(i => i.message),
          ...notRecognised(command, placed, args.error.issues[0]?.path[0]),
          `这样发：${command.examples[0] ?? command.usage}`,
        ),
      );
    }

    if (command.needsProgramme && !programme) return answer(await outside(read, deps, actor, bureau, askedOn));

    const asked: Asked = {
      args: args.data,
      actor,
      programme,
      programmes: deps.programmes,
      programmeKey: programme?.key ?? null,
      settings,
      calendar,
      now,
      today: askedOn,
      delayed: inbound.receivedAt - now > DELAYED || inbound.receivedAt - inbound.sentAt > DELAYED,
      turn: tx.turn,
      conversation,
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
    const by = { actor: actor.person?.id ?? null, command: command.name, sentAt: now, now: inbound.receivedAt };
    const source = `${inbound.platform}/${inbound.app}/${inbound.eventId}`;
    const late = (card: Card): Card =>
      asked.delayed ? { ...card, lines: [...card.lines, `延迟送达：按${timeOf(now)}发出时间办理`] } : card;
    const answerTo = (card: Card, nth: string) => reply(inbound, card, hereOf(inbound), nth);
    const decide = (facts: unknown) => command.decide({ ...asked, facts } as never) as Decision | Steps<Decision>;
    const meanwhile = await command.long?.(read, asked as never);
    if (meanwhile) {
      if (!(await tx.begins(hereOf(inbound)))) return answer(BUSY);
      const privatelyTo = (card: Card) =>
        reached ? reply(inbound, card, alone, '/done') : reply(inbound, SPEAK_FIRST, hereOf(inbound), '/done');
      const { read: beside } = deps.store;
      after.large = {
        turn: tx.turn,
        source,
        by,
        meanwhile,
        answer: answerTo,
        plan: async slowly => {
          const decision = await slowly(decide(await command.facts(beside, asked as never)));
          if (isRefusal(decision))
            return { ...NOTHING, posts: [decision.private && group ? privatelyTo(decision.card) : answerTo(decision.card, '/done')] };
          const { changes = [], settles = [], leansOn = [] } = decision;
          return { changes, settles, leansOn, posts: [answerTo(late(decision.reply), '/done')] };
        },
      };
      return answer(meanwhile);
    }
    const decided = decide(await command.facts(read, asked as never));
    const decision: Decision = 'next' in decided ? whole(decided) : decided;

    if (isRefusal(decision)) return decision.private && group ? privately(decision.card) : answer(decision.card);

    const changes: Change[] = [...(decision.changes ?? [])];
    if (decision.waitFor !== undefined) {
      changes.push({
        table: 'questions',
        id: questionId(inbound),
        to: {
          id: questionId(inbound),
          conversation: inbound.conversation.id,
          account: inbound.account,
          text: decision.waitFor,
          day: askedOn,
          expires: now + PATIENCE,
        },
      });
    }
    const large = decision.meanwhile !== undefined && changes.length > LARGE;
    if (large && !(await tx.begins(hereOf(inbound)))) return answer(BUSY);
    if (changes.length && !large) await tx.apply(changes, by);
    if (decision.looked?.length) await tx.looked(decision.looked, by);
    for (const { seq, to } of decision.outbox ?? []) await tx.outbox(seq, to, by);
    if (decision.settles?.length && !large) {
      await tx.settle(decision.settles, inbound.receivedAt);
      after.settled.push(...decision.settles);
    }
    const card = late(decision.reply);
    const elsewhere = decision.replyIn === 'direct' && group;
    const where = elsewhere ? alone : hereOf(inbound);
    const posts =
      elsewhere && !reached
        ? [reply(inbound, SPEAK_FIRST)]
        : [
            ...(elsewhere ? [reply(inbound, { code: card.code, title: '已私聊发您', tone: 'info', lines: [] })] : []),
            ...(isSlow(card) ? [reply(inbound, making(card), where, '/making')] : []),
            reply(inbound, card, where, elsewhere ? '/direct' : ''),
          ];
    if (decision.tell?.length) {
      const context: AddressContext = {
        read,
        today,
        now: inbound.receivedAt,
        platforms: deps.platforms,
        speakAt: at => deps.speakAt(calendar, settings, at),
      };
      posts.push(...(await address(context, decision.tell)));
    }
    if (large) {
      const its = {
        changes,
        settles: decision.settles ?? [],
        leansOn: decision.leansOn ?? [],
        posts: posts.map(p => (p.key === posts[0]?.key ? { ...p, key: `${p.key}/done` } : p)),
      };
      after.large = {
        turn: tx.turn,
        source,
        by,
        plan: async () => its,
        meanwhile: decision.meanwhile!,
        answer: answerTo,
      };
      return answer(decision.meanwhile!);
    }
    await tx.post(posts, inbound.receivedAt);
    return card.code;
  };

  return { receive };
};

/** The programme of the actor's county; of an upper bureau, the one of a county beneath it. */
const programmeOf = async (read: Read, deps: TurnDeps, actor: Actor, bureau: Org | undefined, on: Day): Promise<Programme | undefined> => {
  if (bureau) return programmeFor(read, deps.programmes, bureau, on);
  for (const g of actor.grants) {
    const org = await read.get('orgs', g.org);
    const under = org?.kind === 'bureau' ? await countiesUnder(read, org) : [];
    for (const c of under) {
      const found = await programmeFor(read, deps.programmes, c, on);
      if (found) return found;
    }
  }
  return undefined;
};

/** The person behind an account, with the roles of today. */
const actorOf = async (read: Read, inbound: Inbound, today: Day): Promise<Actor> => {
  const account = { platform: inbound.platform, app: inbound.app, id: inbound.account, name: inbound.accountName };
  const bound = await read.first('accounts', { platform: inbound.platform, app: inbound.app, account: inbound.account, state: 'bound' });
  const person: Person | undefined = bound && (await read.get('people', bound.person));
  if (!person) return { person: null, grants: [], account };
  const grants: Grant[] = (await read.all('grants', { person: person.id })).filter(
    g => g.from <= today && (g.until === null || today <= g.until),
  );
  return { person, grants, account };
};

/** 请假17号 without a space is offered as /请假 17号: what was typed behind the command is not typed again. */
const withRest = (command: string, content: Inbound['content']): string => {
  const typed = content.kind === 'text' ? clean(content.text).replace(/^\//, '') : '';
  // A phone is kept nowhere, not behind a button either.
  return typed.startsWith(command) && !looksLikePhone(typed).length
    ? `/${command} ${typed.slice(command.length).trim()}`.trim()
    : `/${command}`;
};

/** A complete number may be typed nowhere but in a roster or of a beneficiary: there in direct chat, and in a group only the landlines of units. */
const carriesPhone = (typed: string, command: string, group: boolean): boolean =>
  looksLikePhone(typed).some(phone => (command !== '导入' && command !== '受益') || (group && isMobile(phone)));
const fileCarriesPhone = (inbound: Inbound): boolean =>
  inbound.content.kind === 'file' && (inbound.content.rows ?? []).some(row => row.some(cell => looksLikePhone(cell).some(isMobile)));

/** A person or unit is missing, and what was typed in its place was nobody's name. */
const notRecognised = (command: AnyCommand, placed: Placed, missing: PropertyKey | undefined): string[] => {
  const kind = typeof missing === 'string' ? command.slots[missing]?.kind : undefined;
  const rest = Object.entries(command.slots).find(([, slot]) => slot.kind === 'rest')?.[0];
  const typed = rest === undefined ? undefined : placed.values[rest];
  return (kind === 'person' || kind === 'org') && typeof typed === 'string' && typed.length > 0 && typed.length <= 20
    ? [`没认出“${typed}”，请写全名`]
    : [];
};

const problemCard = (command: AnyCommand, problem: Placed['problems'][number]): Card => {
  const dated = problem.kind === 'no-such-day' || problem.kind === 'backwards' || problem.kind === 'other-weekday';
  const shown = dated ? command.examples.find(e => /\d月|\d日/.test(e)) : undefined;
  const example = `这样发：${shown ?? command.examples[0] ?? command.usage}`;
  switch (problem.kind) {
    case 'no-such-day':
      return no('args.no-such-day', `没有${problem.said}这一天`, example);
    case 'backwards':
      return no('args.backwards', `“${problem.said}”先后颠倒了`, example);
    case 'other-weekday':
      return no('args.other-weekday', `“${problem.said}”日期和星期对不上`, '请核对后再发', example);
    case 'ambiguous':
      return {
        ...no('args.ambiguous', `“${problem.said}”有${problem.options.length}个`, '请选一个，或写全名：'),
        tone: 'ask',
        lines: [`请写全名：${problem.options.map(o => o.name).join('、')}`],
      };
    case 'unknown-name':
      return no(
        'args.unknown-name',
        `没有找到“${problem.said}”`,
        ...(problem.options.length ? [`是不是：${problem.options.map(o => o.name).join('、')}`] : []),
        example,
      );
    default:
      return no('args.wrong', '没看明白', example);
  }
};

/** Outside a programme's dates: what is the case, who can open the next, and to those who can, how. */
const outside = async (read: Read, deps: TurnDeps, actor: Actor, county: Org | undefined, today: Day): Promise<Card> => {
  if (!county) return no('programme.none', '还没有方案', '请联系卫健局管理员');
  const { before, after } = await programmesAround(read, deps.programmes, county, today);
  if (!before && after)
    return no('programme.early', '方案未开始', `《${after.title}》从${sayDate(after.term.from)}起`, `有问题请联系${county.name}`);
  const opens = actor.grants.some(g => g.role === 'admin' || g.role === 'bureau');
  const known = before ?? deps.programmes.find(p => p.bureau === county.name);
  return no(
    before ? 'programme.over' : 'programme.none',
    before ? '方案已到期' : `${yearOf(today)}年还没有方案`,
    ...(before ? [`《${before.title}》到${sayDate(before.term.until)}止`] : []),
    ...(after ? [`《${after.title}》从${sayDate(after.term.from)}起`] : []),
    ...(after
      ? []
      : opens
        ? [
            `开新方案：在服务器上运行 npm run next-year${known ? ` -- ${known.id}` : ''}，核对文号和日期，再重启`,
            '单位、角色、绑定照旧；安排表重新导入，班次重新排',
          ]
        : [`开新方案请联系${county.name}`]),
  );
};
