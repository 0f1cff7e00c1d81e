/** Ordinary WeChat joined to the bot by a puppet of wechaty: an account that somebody logs in by scanning. Unofficial: the account may be banned. */
import type { Frozen, Seen } from '../../bot/new-login.ts';
import type { Files, Platform } from '../../bot/ports.ts';
import { realTicks } from '../../bot/real-time.ts';
import { type IntakeDeps, type Messenger, makeIntake, within } from '../intake.ts';
import { makeSafely } from './errors.ts';
import { type LoginDeps, type LoginPace, openLogin } from './login.ts';
import type { Bot, PuppetSettings } from './puppet.ts';
import { heardJoin, heardMessage, type Join, type Raw } from './receive.ts';
import { type Voice, wechatPlatform } from './send.ts';

export interface WechatDeps extends Pick<LoginDeps, 'now' | 'log' | 'folder' | 'alarm' | 'show'> {
  bot: IntakeDeps['bot'];
  files: Files;
  readRows: IntakeDeps['readRows'];
  /** Tells of a login; what it has frozen. */
  loggedIn(platform: Pick<Platform, 'id' | 'app'>, seen: Seen): Promise<Frozen | null>;
  /** `gap`: milliseconds between two messages. */
  pace?: (LoginPace & { gap?: number }) | undefined;
}

const GAP = 2_000;
const LARGEST = 20 * 1024 * 1024;
const FILE_WAIT = 60_000;
/** Accounts of WeChat itself, which talk to everybody. */
const NOBODY = /^(?:weixin|filehelper|newsapp|fmessage|medianote|floatbottle|qmessage|gh_\w+)$/;

export const openWechat = async (settings: PuppetSettings, deps: WechatDeps): Promise<Messenger> => {
  const safely = makeSafely(deps.log);
  const login = await openLogin(settings, {
    ...deps,
    loggedIn: seen => deps.loggedIn(platform, seen),
    hear: (b, on) => hear(b, on),
  });
  const { types } = await import('wechaty');
  const { FileBox } = await import('file-box');

  // ── What is heard ───────────────────────────────────────────────────────────

  const KINDS = new Map<number, Raw['kind']>([
    [types.Message.Text, 'text'],
    [types.Message.Attachment, 'file'],
    [types.Message.Image, 'picture'],
    [types.Message.Video, 'video'],
    [types.Message.Audio, 'voice'],
    [types.Message.Location, 'location'],
  ]);
  /** The puppet's message in plain words; undefined: nothing that could be said to the bot. */
  const told = async (b: Bot, m: HeardMessage): Promise<Raw | undefined> => {
    const kind = KINDS.get(m.type());
    const talker = m.talker();
    if (!kind || m.self() || NOBODY.test(talker.id) || talker.type() === types.Contact.Official) return undefined;
    const room = m.room();
    const self = b.currentUser;
    // Its own method for a place always throws.
    const place = kind === 'location' ? await b.puppet.messageLocation(m.id).catch(() => null) : null;
    return {
      id: m.id,
      kind,
      talker: { id: talker.id, name: talker.name() },
      room: room ? { id: room.id, name: await room.topic() } : null,
      text: m.text(),
      at: m.date().getTime(),
      mentioned: room ? await m.mentionSelf().catch(() => false) : false,
      names: [self.name(), (room && (await room.alias(self).catch(() => undefined))) ?? ''].filter(Boolean),
      file:
        kind === 'file'
          ? await b.puppet.messageFile(m.id).then(
              f => f.name,
              () => m.text(),
            )
          : null,
      place: place && { lat: place.latitude, lng: place.longitude, name: place.name || place.address },
    };
  };
  const intake = makeIntake({
    ...deps,
    platform: 'wechat',
    async fetch({ message = '' }) {
      const fetched = login
        .bot()
        .puppet.messageFile(message)
        .then(f => f.toBuffer());
      fetched.catch(() => undefined);
      const bytes = await within(FILE_WAIT, fetched, null).catch(() => null);
      if (!bytes) throw new Error('文件没有取到，请再发一次');
      if (bytes.length > LARGEST) throw new Error('文件太大，最多 20 MB');
      return new Uint8Array(bytes);
    },
  });
  const hear = (b: Bot, on: Bot['on']): void => {
    on(
      'message',
      safely('a message was not stored', async (message: unknown) => {
        const raw = await told(b, message as HeardMessage);
        if (!raw) return;
        for (const { id } of [raw.talker, ...(raw.room ? [raw.room] : [])]) login.contacts.heardFrom(id);
        await intake.take(raw, heardMessage);
      }) as never,
    );
    on(
      'room-join',
      safely(
        'a group was not greeted',
        async (room: { id: string; topic(): Promise<string> }, who: { id: string }[], by: { id: string }, at: Date) => {
          if (!who.some(c => c.id === b.puppet.currentUserId)) return;
          const joined: Join = { room: { id: room.id, name: await room.topic() }, inviter: by.id, at: at.getTime() };
          login.contacts.heardFrom(room.id);
          await intake.take(joined, heardJoin);
        },
      ) as never,
    );
  };

  // ── What is said ────────────────────────────────────────────────────────────

  const voice: Voice = {
    mute: () => (login.isIn() ? null : '微信没有登录'),
    async reaches(to) {
      // An id of an earlier login is still found, and leads to nobody or to somebody else.
      if (!login.contacts.holds('contact' in to ? to.contact : to.room)) return false;
      const bot = login.bot();
      const found = 'contact' in to ? await bot.Contact.find({ id: to.contact }) : await bot.Room.find({ id: to.room });
      if (!found) return false;
      if ('contact' in to) return (found as { friend?(): boolean | undefined }).friend?.() !== false;
      const members = await bot.puppet.roomMemberList(to.room);
      return !members.length || members.includes(bot.puppet.currentUserId);
    },
    async say(to, what, accounts) {
      const bot = login.bot();
      const something = typeof what === 'string' ? what : FileBox.fromBase64(Buffer.from(what.bytes).toString('base64'), what.name);
      if ('contact' in to) {
        await (await bot.Contact.find({ id: to.contact }))!.say(something);
        return;
      }
      const room = (await bot.Room.find({ id: to.room }))!;
      const called = await Promise.all(accounts.map(id => bot.Contact.find({ id })));
      await (typeof something === 'string' ? room.say(something, ...called.filter(c => c !== undefined)) : room.say(something));
    },
  };
  const platform = wechatPlatform({ voice, files: deps.files, gap: deps.pace?.gap ?? GAP, ticks: realTicks });

  return {
    platform,
    async start() {
      login.start();
    },
    callback: async () => new Response(null, { status: 404 }),
    login: login.view,
    trouble: login.trouble,
    stop: () => login.stop(intake.stop),
  };
};

/** What is used of a message. */
interface HeardMessage {
  id: string;
  type(): number;
  self(): boolean;
  talker(): { id: string; name(): string; type(): number };
  room(): { id: string; topic(): Promise<string>; alias(who: unknown): Promise<string | undefined> } | undefined;
  text(): string;
  date(): Date;
  mentionSelf(): Promise<boolean>;
}
