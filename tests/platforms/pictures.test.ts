/** What people photograph, on each messenger: the paper of a stand-in's check-in is taken, everything else is not even fetched; speech and films are no answers. */

import { afterEach, describe, expect, it } from 'vitest';
import { types } from 'wechaty';
import { dingtalkWorld, feishuWorld, type World, wechatWorld, wecomWorld } from '../harness/live-world.ts';

const JPG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const ROBOT = '@下基层助手';

/** A messenger's world, and how a picture, speech and words are said there. */
interface Scene {
  world: World<{ sent: { to: string }[] }>;
  say(who: string, where: string | null, text: string): unknown;
  /** Alone. */
  picture(who: string, where: string | null): unknown;
  /** In one message with words; undefined: that cannot be sent there. */
  beside?(who: string, where: string, text: string): unknown;
  speech(who: string): unknown;
  /** How often a picture was fetched. */
  fetched(): number;
  words(m: unknown): string;
}

const counting = (map: Map<string, Buffer>): (() => number) => {
  let times = 0;
  const get = map.get.bind(map);
  map.get = key => {
    times++;
    return get(key);
  };
  return () => times;
};

const SCENES: Record<string, () => Promise<Scene>> = {
  async feishu() {
    const world = await feishuWorld();
    const { fake } = world;
    const mention = [{ key: '@_user_1', id: { open_id: 'ou_bot' }, name: '下基层助手' }];
    fake.images.set('img_a', JPG);
    return {
      world,
      say: (who, where, text) => fake.push(fake.text(who, where, where === null ? text : `/${text}`)),
      picture: (who, where) => fake.push(fake.message(who, where, 'image', { image_key: 'img_a' })),
      beside: (who, where, text) =>
        fake.push(
          fake.message(
            who,
            where,
            'post',
            {
              title: '',
              content: [
                [
                  { tag: 'at', user_id: '@_user_1' },
                  { tag: 'text', text: ` ${text}` },
                ],
                [{ tag: 'img', image_key: 'img_a' }],
              ],
            },
            mention,
          ),
        ),
      speech: who => fake.push(fake.message(who, null, 'audio', { file_key: 'file_s', duration: 2000 })),
      fetched: counting(fake.images),
      words: m => JSON.stringify((m as { content: unknown }).content),
    };
  },
  async dingtalk() {
    const world = await dingtalkWorld();
    const { fake } = world;
    fake.downloads.set('code-a', JPG);
    return {
      world,
      say: (who, where, text) => fake.say(fake.message(who, where, text)),
      picture: (who, where) =>
        // In a group a picture can only be sent beside the name of the robot.
        fake.say(
          fake.message(
            who,
            where,
            '',
            where === null
              ? { msgtype: 'picture', text: null, content: { downloadCode: 'code-a', pictureDownloadCode: 'x' } }
              : { msgtype: 'richText', text: null, content: { richText: [{ type: 'picture', downloadCode: 'code-a' }] } },
          ),
        ),
      beside: (who, where, text) =>
        fake.say(
          fake.message(who, where, '', {
            msgtype: 'richText',
            text: null,
            content: { richText: [{ text: ` ${text} ` }, { type: 'picture', downloadCode: 'code-a' }] },
          }),
        ),
      speech: who => fake.say(fake.message(who, null, '', { msgtype: 'audio', text: null, content: { downloadCode: 'x', duration: 900 } })),
      fetched: counting(fake.downloads),
      words: m => JSON.stringify(m),
    };
  },
  async wecom() {
    const world = await wecomWorld();
    const { fake } = world;
    const { url, aeskey } = fake.file('', JPG);
    return {
      world,
      say: (who, where, text) => fake.say(fake.message(who, where, text)),
      picture: (who, where) =>
        fake.say(
          fake.message(
            who,
            where,
            '',
            where === null
              ? { msgtype: 'image', text: null, image: { url, aeskey } }
              : { msgtype: 'mixed', text: null, mixed: { msg_item: [{ msgtype: 'image', image: { url, aeskey } }] } },
          ),
        ),
      beside: (who, where, text) =>
        fake.say(
          fake.message(who, where, '', {
            msgtype: 'mixed',
            text: null,
            mixed: {
              msg_item: [
                { msgtype: 'text', text: { content: `${ROBOT} ${text}` } },
                { msgtype: 'image', image: { url, aeskey } },
              ],
            },
          }),
        ),
      speech: who => fake.say(fake.message(who, null, '', { msgtype: 'voice', text: null, voice: { content: '' } })),
      fetched: counting(fake.files),
      words: m => JSON.stringify(m),
    };
  },
  async wechat() {
    const world = await wechatWorld();
    const { fake } = world;
    let fetched = 0;
    const file = {
      name: 'image-1.jpg',
      get bytes() {
        fetched++;
        return JPG;
      },
    };
    return {
      world,
      say: (who, where, text) => fake.say(fake.message(who, where, where === null ? text : `/${text}`)),
      picture: (who, where) => fake.say(fake.message(who, where, '', { type: types.Message.Image, file })),
      speech: who => fake.say(fake.message(who, null, '', { type: types.Message.Audio })),
      fetched: () => fetched,
      words: m => (m as { text: string }).text,
    };
  },
};

let scene: Scene | undefined;
afterEach(async () => {
  await scene?.world.close();
  scene = undefined;
});

describe.each(Object.keys(SCENES))('%s', name => {
  const begin = async () => {
    const s = await SCENES[name]!();
    scene = s;
    const { who, chat, live, fake } = s.world;
    const next = async (part: string, to: string) => {
      await expect.poll(() => fake.sent.some(m => m.to === to && s.words(m).includes(part))).toBe(true);
    };
    const papers = async () => (await live.store.read.all('checkIns', { kind: 'stand-in' })).map(c => c.paper);
    return { s, who, chat, live, next, papers };
  };

  it('a picture after a stand-in’s check-in is its paper; any other is said to be none and never fetched', async () => {
    const { s, who, chat, live, next, papers } = await begin();
    await s.picture(who('巫承安'), null);
    await next('这张图没有收下', who('巫承安'));
    expect(s.fetched()).toBe(0);
    await s.say(who('巫承安'), null, '签到 谢卓群');
    await next('可接着发照片附上', who('巫承安'));
    await s.picture(who('梁逢春'), chat('古竹'));
    await live.assembled.bot.delivered();
    expect(s.fetched()).toBe(0);
    await s.picture(who('巫承安'), null);
    await next('签到单已附上', who('巫承安'));
    expect(s.fetched()).toBe(1);
    expect(await papers()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\/7\/jpg$/)]);
  });

  it('a picture goes along with the words beside it, where these are a check-in', async () => {
    const { s, who, chat, next, papers } = await begin();
    if (!s.beside) return expect(name).toBe('wechat');
    await s.beside(who('池景天'), chat('古竹'), '统计');
    await next('人次', chat('古竹'));
    expect(s.fetched()).toBe(0);
    await s.beside(who('池景天'), chat('古竹'), '签到 谢卓群');
    await next('签到单已附上', chat('古竹'));
    expect(await papers()).toEqual([expect.stringMatching(/\/7\/jpg$/)]);
    // Whoever checks in for themselves shows no paper.
    const before = s.fetched();
    await s.beside(who('谢卓群'), chat('古竹'), '签到');
    await next('已经签过到', chat('古竹'));
    expect(s.fetched()).toBe(before);
  });

  it('speech that nobody wrote down is no answer to what was asked', async () => {
    const { s, who, next } = await begin();
    await s.say(who('谢卓群'), null, '请假 4月17日');
    await next('原因', who('谢卓群'));
    await s.speech(who('谢卓群'));
    await next('语音没有收下', who('谢卓群'));
    await s.say(who('谢卓群'), null, '家中有事');
    await next('事由：家中有事', who('谢卓群'));
  });
});
