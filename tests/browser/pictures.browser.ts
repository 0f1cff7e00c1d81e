/** Pictures for README.zh-CN.md: what each role sees. `PICTURES=1` writes them to src/web/docs; otherwise only that they can be made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/root.ts';
import type { Listener } from '../../src/web/serve.ts';
import type { Chat } from '../harness/chat.ts';
import { type Served, served } from '../harness/served.ts';
import { launch, tab } from './chromium.ts';

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const out = process.env['PICTURES'] ? join(packageRoot, 'src/web/docs') : folder;
let site: Served;
let room: Chat;
let listener: Listener;
let browser: Browser;

beforeAll(async () => {
  site = await served();
  ({ room, listener } = site);
  browser = await launch();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** In the order in which it happens: the day goes on from one picture to the next. */
const pictures = [
  { name: 'group', who: '谢卓群', where: 'g3', width: 1000, height: 620, script: '谢卓群@古竹> /签到' },
  { name: 'clinic', who: '池景天', where: 'direct', width: 1300, height: 600, script: '-- 2024-04-08 17:00 --\n池景天> [在岗]' },
  { name: 'phone', who: '吴沐阳', where: 'direct', width: 360, height: 740, script: '吴沐阳> 我的' },
  {
    name: 'schedule',
    who: '邱思源',
    where: 'direct',
    width: 1000,
    height: 700,
    script: '邱思源> 排班 钟立诚 5月 每月第四个周一\n邱思源> 排班 公布 5月',
  },
  { name: 'statistics', who: '丘书瑶', where: 'direct', width: 1000, height: 800, script: '丘书瑶> 统计 今年' },
  { name: 'checkup', who: '赖知远', where: 'direct', width: 1000, height: 700, script: '赖知远> 体检' },
];

test.each(pictures)('$name at $width', async ({ name, who, where, width, height, script }) => {
  await room.play(script);
  const complaints: string[] = [];
  const page = await tab(browser, width, complaints, height);
  const id = room.id(who);
  await page.goto(`${listener.url}/?as=${id}&in=${encodeURIComponent(where === 'direct' ? `direct:${id}` : where)}`);
  const card = page.locator('.from-bot').last();
  await card.waitFor();
  await page.waitForFunction(() => [...document.images].every(i => i.loading === 'lazy' || i.complete));
  // A long card is seen from its beginning.
  await page
    .locator('.from-bot, .own')
    .nth(-2)
    .evaluate(e => e.scrollIntoView({ block: 'start' }));
  await page.screenshot({ path: join(out, `${name}.png`), animations: 'disabled' });
  expect(await card.locator('.badge').innerText()).toBe('演示数据');
  expect(complaints).toEqual([]);
  await page.context().close();
});
