/** The page behind a one-time link, in a real browser at 360 and 1400 px. */
import type { Browser } from 'playwright-core';
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
  site = await served({ desk: true });
  ({ room, listener } = site);
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

it.each([1400, 360])('is entered, asked and left at %i px', async width => {
  const [card] = await room.say('丘书瑶', '/网页');
  const complaints: string[] = [];
  const page = await tab(browser, width, complaints);
  await page.goto(`${listener.url}${new URL(card!.card.lines[0]!).pathname}`);
  await page.click('text=进入');
  // The field to write in can be seen: 3:1 against what is around it.
  const seen = await page.evaluate(() => {
    const channel = (v: number) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const light = (c: string) => {
      const [r = 0, g = 0, b = 0] = (c.match(/[\d.]+/g) ?? []).map(Number);
      return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    };
    const field = getComputedStyle(document.getElementById('text')!);
    const [a, b] = [light(field.borderTopColor), light(getComputedStyle(document.querySelector('.composer')!).backgroundColor)];
    return { width: parseFloat(field.borderTopWidth), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
  });
  expect(seen.width).toBeGreaterThanOrEqual(1);
  expect(seen.ratio).toBeGreaterThanOrEqual(3);
  for (const said of ['统计', '在岗']) {
    await page.fill('#text', said);
    await page.click('text=发送');
  }
  expect(await page.locator('.from-bot').count()).toBeGreaterThanOrEqual(2);
  expect(await page.locator('.from-bot').last().innerText()).toContain('在岗情况');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.screenshot({ path: `${pictures}/desk-${width}.png` });
  await page.click('text=退出');
  expect(await page.innerText('h1')).toBe('已退出');
  expect(complaints).toEqual([]);
});
