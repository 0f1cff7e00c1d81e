/** An ordinary WeChat that refuses what the real one refuses, as a puppet: on wechaty-puppet-mock, with ids that pass at a login. */
import { FileBox } from 'file-box';
import { types } from 'wechaty';
import { mock, PuppetMock } from 'wechaty-puppet-mock';
import type { Puppet } from '../../src/platforms/wechat/puppet.ts';
import { makeSentBox } from './sent.ts';

export interface SentMessage {
  /** Contact or room by its id of the first login. */
  to: string;
  text: string;
  /** Name of a file, and what is in it. */
  file: string;
  bytes: Buffer | null;
  /** Real milliseconds. */
  at: number;
}

export interface HeardMessage {
  id: string;
  who: string;
  where: string | null;
  text: string;
  type: number;
  mentioned: boolean;
  at: number;
  file?: { name: string; bytes: Buffer };
  place?: { latitude: number; longitude: number; name: string };
}

const SELF = 'self';
/** Name of the bot's own account. */
export const BOT_NAME = '下乡小助手';
/** More is refused. */
const MOST_BYTES = 2_048;

type Payload = Parameters<mock.Mocker['MessageMock']['create']>[0];

export const openFakeWechat = async () => {
  let clock = () => Date.now();
  let generation = 0;
  let last = 0;
  let gap = 0;
  /** Logs in by itself, as with a kept session; else a code is to be scanned. */
  let kept = true;
  let tellsReady = true;
  let storming = false;
  let storms = 0;
  /** How many contacts are known so far; the others come later. */
  let loaded = Number.POSITIVE_INFINITY;
  const people = new Map<string, string>();
  const rooms = new Map<string, string>();
  const gone = new Set<string>();
  const strangers = new Set<string>();
  const refusals: string[] = [];
  const { sent, keep, next } = makeSentBox<SentMessage>(m => `${m.to} ${m.text}`, refusals);
  const faults: string[] = [];
  let ready: (() => void)[] = [];
  let now: StrictPuppet | undefined;
  let started = 0;

  const idNow = (base: string): string => (generation === 0 ? base : base.replace(/(@chatroom)?$/, `~${generation}$1`));
  const baseOf = (id: string): string => id.replace(/~\d+/, '');
  const stale = (id: string): boolean => idNow(baseOf(id)) !== id;

  class StrictPuppet extends PuppetMock {
    files = new Map<string, { name: string; bytes: Buffer }>();
    places = new Map<string, { latitude: number; longitude: number; name: string }>();

    /** Everybody and every group by their ids of this login. */
    populate(): void {
      const there = (id: string) => this.mocker.cacheContactPayload.has(id);
      const self = idNow(SELF);
      if (!there(self)) this.mocker.createContact({ id: self, name: BOT_NAME, friend: true, type: types.Contact.Individual });
      for (const [id, name] of people)
        if (!there(idNow(id)))
          this.mocker.createContact({ id: idNow(id), name, friend: !strangers.has(id), type: types.Contact.Individual });
      for (const [id, topic] of rooms) {
        if (this.mocker.cacheRoomPayload.has(idNow(id))) continue;
        const memberIdList = [self, ...[...people.keys()].map(idNow)];
        this.mocker.createRoom({ id: idNow(id), topic, memberIdList });
      }
    }
    override async onStart(): Promise<void> {
      await super.onStart();
      started++;
      now = this;
      setImmediate(() => (storming ? this.storm() : kept ? this.enter() : this.ask()));
    }
    /** As a puppet that cannot reach WeChat and tries again without a pause. */
    storm(): void {
      if (now !== this || !this.state.active() || !storming) return;
      storms++;
      this.emit('error', { data: 'connect ECONNREFUSED' });
      setImmediate(() => this.storm());
    }
    ask(): void {
      this.emit('scan', { qrcode: `https://login.weixin.qq.com/l/code-${++last}`, status: 2 });
    }
    enter(): void {
      this.populate();
      this.login(idNow(SELF));
      if (tellsReady) setTimeout(() => this.emit('ready', { data: 'stable' }), 15);
      // What follows a login is done a moment later.
      setTimeout(() => {
        const all = ready;
        ready = [];
        for (const done of all) done();
      }, 120);
    }
    override async contactList(): Promise<string[]> {
      return [...people.keys()]
        .filter(id => !strangers.has(id))
        .slice(-loaded)
        .map(idNow);
    }
    override async roomList(): Promise<string[]> {
      return loaded < people.size ? [] : [...rooms.keys()].filter(id => !gone.has(id)).map(idNow);
    }
    override async roomMemberList(id: string): Promise<string[]> {
      const all = await super.roomMemberList(id);
      return gone.has(baseOf(id)) ? all.filter(m => m !== this.currentUserId) : all;
    }
    override async messageLocation(id: string): Promise<never> {
      const place = this.places.get(id);
      if (!place) throw new Error('not supported');
      return { accuracy: 15, address: place.name, ...place } as never;
    }
    override async messageFile(id: string): Promise<never> {
      const file = this.files.get(id);
      if (!file) throw new Error('no such file');
      return FileBox.fromBase64(file.bytes.toString('base64'), file.name) as never;
    }
    /** What the real one would not take. */
    check(to: string, text: string | null): void {
      const fault = faults.shift();
      if (fault !== undefined && fault !== '') throw new Error(fault);
      if (!this.isLoggedIn) throw new Error('not logged in');
      const refuse = (why: string): never => {
        refusals.push(`${to}: ${why}`);
        throw new Error(why);
      };
      if (stale(to)) refuse('an id of an earlier login');
      if (!people.has(baseOf(to)) && !rooms.has(baseOf(to))) refuse('unknown');
      if (gone.has(baseOf(to))) refuse('not in the group');
      if (strangers.has(baseOf(to))) refuse('no friend');
      if (text === '') refuse('empty');
      if (text !== null && Buffer.byteLength(text) > MOST_BYTES) refuse('too long');
      const before = sent.at(-1);
      // Timers of a busy machine may be a hair early.
      if (before && performance.now() - before.at < gap - 5) refuse('too fast');
    }
    override async messageSendText(to: string, text: string): Promise<void> {
      this.check(to, text);
      keep({ to: baseOf(to), text, file: '', bytes: null, at: performance.now() });
      // WeChat tells the bot of its own words as well.
      await super.messageSendText(to, text);
    }
    override async messageSendFile(to: string, file: FileBox): Promise<void> {
      this.check(to, null);
      keep({ to: baseOf(to), text: '', file: file.name, bytes: await file.toBuffer(), at: performance.now() });
    }
  }

  const puppet = (): StrictPuppet => {
    if (!now) throw new Error('no puppet');
    return now;
  };

  return {
    settings: { puppet: 'wechaty-puppet-mock', token: null, endpoint: null },
    secrets: [] as string[],
    sent,
    refusals,
    faults,
    puppet: () => new StrictPuppet({ mocker: new mock.Mocker() }) as unknown as Puppet,
    started: () => started,
    /** Ids of now, after a login that gave out new ones. */
    idNow,
    message: (who: string, where: string | null, text: string, more: Partial<HeardMessage> = {}): HeardMessage => ({
      id: `m${++last}`,
      who,
      where,
      text,
      type: types.Message.Text,
      mentioned: false,
      at: clock(),
      ...more,
    }),
    say: (m: HeardMessage): void => {
      const p = puppet();
      if (m.file) p.files.set(m.id, m.file);
      if (m.place) p.places.set(m.id, m.place);
      if (!p.mocker.cacheMessagePayload.has(m.id)) {
        const base = { id: m.id, talkerId: idNow(m.who), text: m.text, timestamp: Math.floor(m.at / 1000), type: m.type };
        const where =
          m.where === null
            ? { listenerId: p.currentUserId }
            : { roomId: idNow(m.where), mentionIdList: m.mentioned ? [p.currentUserId] : [] };
        p.mocker.MessageMock.create({ ...base, ...where } as Payload);
      }
      p.emit('message', { messageId: m.id });
    },
    /** The bot is taken into a group that is new. */
    invite: (by: string, room: string, topic: string): void => {
      rooms.set(room, topic);
      const p = puppet();
      p.populate();
      p.emit('room-join', {
        inviteeIdList: [p.currentUserId],
        inviterId: idNow(by),
        roomId: idNow(room),
        timestamp: Math.floor(clock() / 1000),
      });
    },
    logout: (reason = 'kicked'): Promise<void> => puppet().logout(reason),
    scan: (status: number): void => void puppet().emit('scan', { qrcode: `https://login.weixin.qq.com/l/code-${last}`, status }),
    ask: (): void => puppet().ask(),
    enter: (): void => puppet().enter(),
    /** From now on WeChat has other ids for everybody. */
    newIds: (): void => void generation++,
    error: (message: string): void => void puppet().emit('error', { data: message }),
    beat: (): void => void puppet().emit('heartbeat', { data: 'beat' }),
    keepSession: (on: boolean): void => {
      kept = on;
    },
    ready: (tells: boolean): void => {
      tellsReady = tells;
    },
    storm: (on: boolean): void => {
      storming = on;
    },
    storms: () => storms,
    load: (contacts: number): void => {
      loaded = contacts;
    },
    leaves: (room: string): void => void gone.add(room),
    unfriend: (who: string): void => {
      strangers.add(who);
      const payload = now?.mocker.cacheContactPayload.get(idNow(who));
      if (payload) payload.friend = false;
    },
    gap: (ms: number): void => {
      gap = ms;
    },
    next,
    connected: (): Promise<void> => new Promise(resolve => ready.push(resolve)),
    addChat: (id: string, name: string): void => void rooms.set(id, name),
    addPerson: (id: string, name = id): void => void people.set(id, name),
    setClock: (at: () => number): void => {
      clock = at;
    },
    close: async (): Promise<void> => undefined,
  };
};
export type FakeWechat = Awaited<ReturnType<typeof openFakeWechat>>;
