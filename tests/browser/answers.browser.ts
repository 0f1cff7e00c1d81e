/** Where the page stands after an answer: at the beginning of what is new, never past it. On the real rehearsal, with pictures that come late. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Listener } from '../../src/web/serve.ts';
import type { Chat } from '../harness/chat.ts';
import { type Served, served } from '../harness/served.ts';
import { launch, pictures, tab } from './chromium.ts';

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
});

const enter = async (page: Page, who: string) => {
  const stream = page.waitForResponse(r => r.url().includes('/sandbox/stream'));
  await page.goto(`${listener.url}/?as=${room.id(who)}&in=direct:${room.id(who)}`);
  await stream;
};
const ask = async (page: Page, text: string) => {
  const before = await page.locator('.from-bot').count();
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
  await page.locator('.from-bot').nth(before).waitFor();
  await page.waitForFunction(() => [...document.images].every(i => i.complete && i.naturalWidth > 0));
  await page.waitForTimeout(200);
  return page.locator('.from-bot').nth(before);
};
/** Where the log shows an element: how far its beginning is below the log's own, and how far its end is past the log's. */
const stands = (page: Page, nth: number) =>
  page.evaluate(n => {
    const log = document.getElementById('scroll')!.getBoundingClientRect();
    const card = document.querySelectorAll('.from-bot')[n]!.getBoundingClientRect();
    return { above: Math.round(card.top - log.top), below: Math.round(card.bottom - log.bottom), room: Math.round(log.height) };
  }, nth);

it.each([1400, 360])('the first screen at %i px shows three things to try, and each leads there', async width => {
  const complaints: string[] = [];
  const page = await tab(browser, width, complaints);
  await page.goto(listener.url);
  const tries = page.locator('.tries a');
  expect(await tries.count()).toBe(3);
  const below = await page.evaluate(() => {
    const log = document.getElementById('scroll')!.getBoundingClientRect();
    return [...document.querySelectorAll('.tries li')].map(e => Math.round(e.getBoundingClientRect().bottom - log.bottom));
  });
  expect(Math.max(...below)).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  await page.screenshot({ path: `${pictures}/first-${width}.png` });
  await tries.first().click();
  await page.waitForURL(`**as=${room.id('谢卓群')}**`);
  expect(await page.locator('.talk-head h2').innerText()).toBe('古竹卫生院工作群');
  expect(complaints).toEqual([]);
});

it.each([1400, 360])('the beginning of a long answer is on the screen at %i px, the end of a short one', async width => {
  const complaints: string[] = [];
  const page = await tab(browser, width, complaints);
  await enter(page, '丘书瑶');
  const n = await page.locator('.from-bot').count();
  await ask(page, '隐私');
  expect((await stands(page, n)).below).toBeLessThanOrEqual(0);
  const figures = await ask(page, '统计');
  await figures.locator('img').waitFor();
  const at = await stands(page, n + 1);
  expect(at.below, 'longer than the screen').toBeGreaterThan(0);
  expect(at.above).toBeGreaterThanOrEqual(0);
  expect(at.above).toBeLessThan(60);
  await page.screenshot({ path: `${pictures}/answer-${width}.png` });
  expect(await page.locator('#newer').isVisible()).toBe(false);
  await ask(page, '我的');
  expect((await stands(page, n + 2)).below).toBeLessThanOrEqual(0);
  // Opened anew, the last answer is seen from its beginning.
  await ask(page, '统计');
  await enter(page, '丘书瑶');
  await page.waitForTimeout(500);
  expect((await stands(page, n + 3)).above).toBeGreaterThanOrEqual(0);
  expect(complaints).toEqual([]);
});

it.each([1400, 360])('what comes while a long answer is read does not push it away at %i px, and one key leads to it', async width => {
  const page = await tab(browser, width, []);
  await enter(page, '赖静姝');
  const n = await page.locator('.from-bot').count();
  await ask(page, '统计');
  const at = await stands(page, n);
  expect([at.above >= 0, at.below > 0]).toEqual([true, true]);
  await room.say('吴沐阳', '/请假 4月17日 有事 改到 4月25日');
  await page.locator('#newer').waitFor();
  expect(await stands(page, n)).toEqual(at);
  await page.click('#newer');
  await expect.poll(async () => (await stands(page, n + 1)).below).toBeLessThanOrEqual(0);
  expect(await page.locator('#newer').isVisible()).toBe(false);
  // Now that all is seen, the next thing comes into view by itself.
  await room.say('吴沐阳', '/销假');
  await page
    .locator('.from-bot')
    .nth(n + 2)
    .waitFor();
  await expect.poll(async () => (await stands(page, n + 2)).below).toBeLessThanOrEqual(0);
});
