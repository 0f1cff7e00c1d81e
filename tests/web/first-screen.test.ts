/** The first screen of the rehearsal: three things to try, of the programme that is played; and what 重来 and a reset go back to. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/root.ts';
import type { Listener } from '../../src/web/serve.ts';
import type { Chat } from '../harness/chat.ts';
import { type Served, served } from '../harness/served.ts';

/** Every demo that ships. */
const demos = readdirSync(join(packageRoot, 'src/programmes/demo')).map(n => n.replace('.yaml', ''));
let site: Served;
let room: Chat;
let listener: Listener;
beforeAll(async () => {
  site = await served();
  ({ room, listener } = site);
});
afterAll(async () => {
  await site.close();
});
const page = async (query = ''): Promise<string> => (await fetch(`${listener.url}/${query}`)).text();
/** The links of the three things, with what is said beside them. */
const tries = (html: string) => {
  const list = /<ol class="tries">([\s\S]*?)<\/ol>/.exec(html)?.[1] ?? '';
  return [...list.matchAll(/<a href="\/\?as=(\w+)&amp;in=([^"&]+)[^"]*">([^<]+)<\/a>([\s\S]*?)<\/li>/g)].map(m => ({
    who: m[3]!,
    account: m[1]!,
    place: decodeURIComponent(m[2]!),
    does: m[4]!.replace(/<[^>]+>/g, '').trim(),
  }));
};

test.each(demos)('%s: three things to try, each a way to who does it and where', async programme => {
  await room.open.sandbox.reset({ programme });
  const found = tries(await page());
  expect(found).toHaveLength(3);
  for (const { who, account, place, does } of found) {
    expect(room.open.sandbox.account(account)?.name).toBe(who);
    expect(room.open.sandbox.placesOf(account).map(p => p.id)).toContain(place);
    expect(does).toMatch(/./);
    expect(await page(`?as=${account}&in=${encodeURIComponent(place)}`)).toContain('class="tries"');
  }
  // What is to be typed there is answered with a yes.
  for (const { account, place, does } of found) {
    const typed = /发 ?(\/?\S+?)(?:[，。；]|$)/.exec(does)?.[1];
    if (typed === undefined) continue;
    const said = await room.open.sandbox.say({ conversation: place, speaker: account, content: { kind: 'text', text: typed } });
    expect('messages' in said && said.messages[0]?.card.tone, `${account} ${typed}`).toMatch(/^(ok|info|ask)$/);
  }
});

test('an empty installation has nothing to try yet, and says what to do first where one looks', async () => {
  const { sandbox } = room.open;
  await sandbox.reset({ empty: true });
  const { claimCode, people } = await sandbox.state();
  const talk = (html: string) => /<main[\s\S]*<\/main>/.exec(html)![0];
  const before = await page();
  expect(before).not.toContain('class="tries"');
  expect(talk(before)).toMatch(new RegExp(`class="first"[\\s\\S]*认领 ${claimCode}`));
  expect(before).not.toContain('到下一件事');
  const said = async (text: string) => {
    const answer = await sandbox.say({ conversation: 'direct', speaker: people[0]!.id, content: { kind: 'text', text } });
    return 'messages' in answer ? answer.messages[0]!.card : undefined;
  };
  expect((await said('帮助'))!.lines[0]).toContain('认领');
  await said(`认领 ${claimCode} 张三`);
  const after = await page();
  expect(after).not.toContain('class="first"');
  expect((await sandbox.state()).next.length > 0).toBe(after.includes('到下一件事'));
});

test('重来 begins the same programme again; a reset that names none goes back to the one that a new sandbox begins with', async () => {
  const { sandbox } = room.open;
  const programme = async () => (await sandbox.state()).programme;
  await sandbox.reset({ programme: 'shanxi-2024' });
  await fetch(`${listener.url}/sandbox/reset`, { method: 'POST', headers: { origin: listener.url } });
  expect(await programme()).toBe('shanxi-2024');
  const who = (await sandbox.state()).people[0]!.id;
  for (const text of ['/重来', '/重来 确定']) await sandbox.say({ conversation: 'direct', speaker: who, content: { kind: 'text', text } });
  expect(await programme()).toBe('shanxi-2024');
  await fetch(`${listener.url}/sandbox/api/reset`, { method: 'POST', body: '{}' });
  expect(await programme()).toBe('yongding-2024');
  expect(sandbox.group('g3')?.members).toContain('u28');
});
