import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { type FakeWorld, makeFakeWorld } from '../harness/fake-bot.ts';
import { launch, pictures, tab } from './chromium.ts';

let folder: string;
let world: FakeWorld;
let listener: Listener;
let browser: Browser;
let wide: Page;
let narrow: Page;
const complaints: string[] = [];

const group = (as: string) => `${listener.url}/?as=${as}&in=g-guzhu`;
const say = async (page: Page, text: string) => {
  await page.fill('#text', text);
  await page.press('#text', 'Enter');
};
/** The tab has its live stream: what is said from now on arrives. */
const live = async (page: Page, url: string) => {
  const stream = page.waitForResponse(r => r.url().includes('/sandbox/stream'));
  await page.goto(url);
  await stream;
};
const lastCard = (page: Page) => page.locator('.from-bot').last();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'browser-'));
  world = makeFakeWorld(folder);
  listener = await serveSandbox({
    port: 0,
    sandbox: world.sandbox,
    log: { error: (_, m) => complaints.push(m) },
    health: { checks: async () => ({}), measures: async () => [] },
  });
  browser = await launch();
  wide = await tab(browser, 1400, complaints);
  narrow = await tab(browser, 360, complaints);
});
afterAll(async () => {
  await browser?.close();
  await listener?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  // Open tabs begin anew with a reset, which would cross the test's own way.
  for (const page of [wide, narrow]) await page.goto('about:blank');
  await world.sandbox.reset({});
  complaints.length = 0;
});

describe('a conversation', () => {
  it('two tabs see each other at once, and what is not open is marked unread', async () => {
    await live(wide, group('lin'));
    await live(narrow, group('huang'));
    await say(wide, '/签到');
    await narrow.locator('.card.ok h3', { hasText: '已签到：古竹卫生院' }).waitFor();
    expect(await narrow.locator('.other .words').innerText()).toBe('/签到');
    expect(await wide.inputValue('#text')).toBe('');
    expect(await lastCard(wide).locator('.badge').innerText()).toBe('演示数据');

    await narrow.goto(`${listener.url}/?as=huang&in=direct:huang`);
    await say(wide, '/签到');
    await narrow.locator('#mine .unread').waitFor();
    expect(await narrow.locator('#mine .unread').innerText()).toMatch(/2$/);
    expect(complaints).toEqual([]);
  });

  it('buttons say their command, for everybody to see', async () => {
    await live(wide, group('huang'));
    await say(wide, '/核实');
    await wide.getByRole('button', { name: '在岗' }).click();
    await wide.locator('.own .pressed').waitFor();
    expect(world.heard.at(-1)?.content).toMatchObject({ kind: 'button', command: '/核实 12 在岗' });
    expect(complaints).toEqual([]);
  });

  it('forms are filled in and sent', async () => {
    await live(wide, `${listener.url}/?as=lin&in=direct:lin`);
    await say(wide, '改班');
    await wide.getByLabel('改到（必填）').fill('2024-04-16');
    await wide.getByLabel('半天（必填）').selectOption('pm');
    await wide.getByRole('button', { name: '提交' }).click();
    await wide.locator('.own', { hasText: '填了表单' }).waitFor();
    expect(world.heard.at(-1)?.content).toEqual({
      kind: 'form',
      command: '/改班 12',
      values: { day: '2024-04-16', half: 'pm', reason: '', patients: '' },
    });
  });

  it('takes a pasted table whole, lines and tabs', async () => {
    await live(wide, `${listener.url}/?as=chen&in=direct:chen`);
    const rows = '序号\t姓名\t单位\n1\t林知夏\t区医院\n2\t郑远山\t区医院';
    await say(wide, rows);
    await wide.locator('.own pre').waitFor();
    expect(world.heard.at(-1)?.content).toEqual({ kind: 'text', text: rows });
    await wide.fill('#text', '第一行');
    await wide.press('#text', 'Shift+Enter');
    expect(await wide.inputValue('#text')).toBe('第一行\n');
  });

  it('sends files and places', async () => {
    await live(wide, `${listener.url}/?as=chen&in=direct:chen`);
    await wide.setInputFiles('#file', { name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from('姓名\n林知夏') });
    expect(await wide.locator('#chosen').innerText()).toContain('名册.csv');
    await wide.getByRole('button', { name: '发送' }).click();
    await wide.locator('.own .file').waitFor();
    expect(await wide.locator('#chosen').isVisible()).toBe(false);
    expect(world.heard.at(-1)?.content).toMatchObject({ kind: 'file', rows: [['姓名'], ['林知夏']] });
    await wide.click('#locate');
    await wide.getByLabel('地点').fill('古竹卫生院');
    await wide.getByRole('button', { name: '发位置' }).click();
    await wide.locator('.own', { hasText: '位置：古竹卫生院' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows every part of a card at both widths without a sideways page', async () => {
    await live(wide, group('lin'));
    for (const word of ['帮助', '签到', '核实', '图', '急', '不行', '表', '改班', '统计']) {
      const before = await wide.locator('.from-bot').count();
      await say(wide, `/${word}`);
      await wide.locator('.from-bot').nth(before).waitFor();
    }
    await narrow.goto(group('lin'));
    for (const [page, width] of [
      [wide, 1400],
      [narrow, 360],
    ] as const) {
      await page.locator('.from-bot table').last().waitFor();
      await page.waitForFunction(() => [...document.images].every(i => (i.complete && i.naturalWidth > 0) || i.loading === 'lazy'));
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      // Nothing but boxes that scroll by themselves may stand over the edge.
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('#log *')]
          .filter(e => !e.closest('.scroll, pre, .hidden') && e.getBoundingClientRect().right > innerWidth + 1)
          .map(e => e.outerHTML.slice(0, 80)),
      );
      expect(over).toEqual([]);
      await page.screenshot({ path: join(pictures, `cards-${width}.png`) });
    }
    expect(complaints).toEqual([]);
  });

  it('gives the words back when they could not be sent', async () => {
    await live(wide, group('lin'));
    await wide.context().setOffline(true);
    await say(wide, '/签到');
    await wide.locator('#notice .problem').waitFor();
    expect(await wide.inputValue('#text')).toBe('/签到');
    await wide.context().setOffline(false);
  });
});

describe('speakers and the clock', () => {
  it('another speaker is found by name, unit or role, with the keyboard alone', async () => {
    await live(wide, group('lin'));
    await wide.locator('.speaker > summary').focus();
    await wide.keyboard.press('Enter');
    await wide.waitForFunction(() => document.activeElement?.id === 'find');
    await wide.keyboard.type('专人');
    expect(await wide.locator('#speakers li:visible').allInnerTexts()).toEqual([expect.stringContaining('黄素琴')]);
    await wide.keyboard.press('Enter');
    await wide.waitForURL('**as=huang**');
    expect(await wide.locator('.talk-head h2').innerText()).toBe('古竹乡卫生院工作群');
  });

  it('goes on by an hour, to the morning, to the next thing and to any moment', async () => {
    await live(wide, group('huang'));
    const now = wide.locator('.now-time');
    for (const [name, shown] of [
      ['+1小时', '2024-04-08T09:00:00+08:00'],
      ['到下一件事', '2024-04-08T17:00:00+08:00'],
      ['次日早晨', '2024-04-09T08:00:00+08:00'],
      ['17:00', '2024-04-09T17:00:00+08:00'],
    ] as const) {
      await (name === '17:00' ? wide.locator('.coming button').first() : wide.getByRole('button', { name })).click();
      await wide.waitForFunction(at => document.querySelector('#now time')?.getAttribute('datetime') === at, shown);
    }
    expect(await wide.locator('.from-bot .mentions').first().innerText()).toBe('@黄素琴');
    await wide.getByLabel('走到').fill('2024-04-10T18:00');
    await wide.getByRole('button', { name: '前往' }).click();
    await wide.locator('#went', { hasText: '路上有 1 条消息' }).waitFor();
    await now.filter({ hasText: '18:00' }).waitFor();
    await wide.getByLabel('走到').fill('2024-04-09T18:00');
    await wide.getByRole('button', { name: '前往' }).click();
    await wide.locator('#went .problem', { hasText: '时钟只能往前走' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('loses nothing that is typed while an earlier message is still on its way', async () => {
    await live(wide, group('lin'));
    await wide.route('**/sandbox/say', async route => {
      await new Promise(resolve => setTimeout(resolve, 150));
      await route.continue();
    });
    for (const word of ['一', '二', '三', '四']) await say(wide, `${word}号床的家属来了`);
    await wide.fill('#text', '还没写完');
    await wide.locator('.own', { hasText: '四号床' }).waitFor();
    await wide.unroute('**/sandbox/say');
    expect(await wide.locator('.own').allInnerTexts()).toEqual(
      ['一', '二', '三', '四'].map(word => expect.stringContaining(`${word}号床的家属来了`)),
    );
    expect(await wide.inputValue('#text')).toBe('还没写完');
  });

  it('begins anew in every tab', async () => {
    await live(wide, group('lin'));
    await live(narrow, group('huang'));
    await say(wide, '/签到');
    await narrow.locator('.card.ok').waitFor();
    wide.once('dialog', d => void d.accept());
    await wide.getByRole('button', { name: '重来' }).click();
    await wide.locator('.welcome').waitFor();
    await narrow.locator('.welcome').waitFor();
  });

  it('has its chats and its clock in drawers on a telephone', async () => {
    await live(narrow, group('lin'));
    expect(await narrow.locator('#left').isVisible()).toBe(false);
    await narrow.screenshot({ path: join(pictures, 'empty-360.png') });
    await narrow.getByRole('button', { name: '会话' }).click();
    await narrow.getByRole('link', { name: /永定区/ }).waitFor();
    await narrow.waitForTimeout(250);
    await narrow.screenshot({ path: join(pictures, 'chats-360.png') });
    await narrow.keyboard.press('Escape');
    expect(await narrow.locator('#left.open').count()).toBe(0);
    await narrow.getByRole('button', { name: '时钟' }).click();
    await narrow.getByRole('button', { name: '到下一件事' }).waitFor();
    await narrow.waitForTimeout(250);
    await narrow.screenshot({ path: join(pictures, 'clock-360.png') });
    await narrow.locator('#veil').click({ position: { x: 5, y: 300 } });
    await narrow.locator('#right').waitFor({ state: 'hidden' });
  });
});

describe('everybody can use it', () => {
  it('every control has a name, and texts have enough contrast', async () => {
    await live(wide, group('lin'));
    for (const word of ['帮助', '核实', '改班', '急', '不行']) await say(wide, `/${word}`);
    await wide.locator('.from-bot').nth(4).waitFor();
    await wide.click('.speaker > summary');
    const faults = await wide.evaluate(() => {
      const channel = (v: number) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
      const rgb = (c: string) => (c.match(/[\d.]+/g) ?? []).map(Number);
      const light = ([r = 0, g = 0, b = 0]: number[]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
      const ground = (e: Element | null): number[] => {
        for (; e; e = e.parentElement) {
          const c = rgb(getComputedStyle(e).backgroundColor);
          if ((c[3] ?? 1) > 0.9) return c;
        }
        return [255, 255, 255];
      };
      const found: string[] = [];
      for (const e of document.querySelectorAll<HTMLElement>('body *')) {
        if (!e.checkVisibility()) continue;
        const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent?.trim());
        if (own) {
          const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${e.outerHTML.slice(0, 80)}`);
        }
        if (
          /^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) &&
          (e as HTMLInputElement).type !== 'hidden' &&
          !(e as HTMLInputElement).labels?.length
        )
          found.push(`no label: ${e.outerHTML.slice(0, 80)}`);
        if (e.tagName === 'BUTTON' && !e.innerText.trim() && !e.getAttribute('aria-label'))
          found.push(`no name: ${e.outerHTML.slice(0, 80)}`);
      }
      return found;
    });
    await wide.screenshot({ path: join(pictures, 'speakers-1400.png') });
    expect(faults).toEqual([]);
  });
});
