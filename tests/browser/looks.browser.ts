/** The stage as the messengers show it: every part of a card at both widths, buttons and forms at work, and the pictures of README.zh-CN.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Look } from '../../src/bot/looks.ts';
import { office } from '../../src/forms/office.ts';
import { makeLooks } from '../../src/platforms/paper.ts';
import { packageRoot } from '../../src/root.ts';
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { type Chat, chat } from '../harness/chat.ts';
import { type FakeWorld, makeFakeWorld, PEOPLE } from '../harness/fake-bot.ts';
import { launch, pictures, tab } from './chromium.ts';
import { smallPng } from './small-png.ts';

const LOOKS: [Look, string][] = [
  ['feishu', '飞书'],
  ['dingtalk', '钉钉'],
  ['wecom', '企业微信'],
  ['wechat', '微信'],
];
const health = { checks: async () => ({}), measures: async () => [] };
const log = { error: () => undefined };
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser?.close());

describe('on the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'looks-'));
  let world: FakeWorld;
  let listener: Listener;
  beforeAll(async () => {
    world = makeFakeWorld(folder);
    const looks = makeLooks(id => PEOPLE.find(p => p.id === id)?.name ?? id);
    listener = await serveSandbox({ port: 0, sandbox: world.sandbox, looks, log, health });
    for (const text of ['/帮助', '/签到', '/核实', '/图', '/急', '/不行', '/表', '/改班', '/统计'])
      await world.sandbox.say({ conversation: 'g-guzhu', speaker: 'lin', content: { kind: 'text', text } });
  });
  afterAll(async () => {
    await listener?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = (look: string) => `${listener.url}/?as=lin&in=g-guzhu&look=${look}`;

  it.each(LOOKS)('%s: every part at both widths, nothing over the edge, nothing against the policy', async (look, name) => {
    for (const width of [1400, 360]) {
      const complaints: string[] = [];
      const page = await tab(browser, width, complaints);
      await page.goto(url(look));
      expect(await page.locator('.look-switch [aria-current]').innerText()).toBe(name);
      expect(await page.locator('.as-in').count()).toBe(9);
      expect(await page.locator('.undrawn').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const over = await page.evaluate(() =>
        [...document.querySelectorAll('#log *')]
          .filter(e => !e.closest('.scroll, pre, .hidden, svg') && e.getBoundingClientRect().right > innerWidth + 1)
          .map(e => e.outerHTML.slice(0, 120)),
      );
      expect(over).toEqual([]);
      await page.screenshot({ path: join(pictures, `as-${look}-${width}.png`) });
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it.each(LOOKS)('%s: a button says its command, and the answer comes in the same dress', async look => {
    const complaints: string[] = [];
    const page = await tab(browser, 1000, complaints);
    const stream = page.waitForResponse(r => r.url().includes('/sandbox/stream'));
    await page.goto(url(look));
    await stream;
    const before = await page.locator('.as-in').count();
    const card = page.locator('.message', { hasText: '请核实今天的班次' }).last();
    await card.getByRole('button', { name: look === 'wechat' ? '回复 1' : '在岗' }).click();
    await page.locator('.as-in').nth(before).waitFor();
    expect(world.heard.at(-1)?.content).toMatchObject({ kind: 'button', command: '/核实 12 在岗' });
    // A command that no button of the card has is not taken for one.
    const forged = await page.request.post(`${listener.url}/sandbox/press`, {
      form: { as: 'lin', in: 'g-guzhu', message: (await card.getAttribute('id'))!.slice(1), command: '/授权 林知夏 系统管理员' },
    });
    expect(forged.status()).toBe(400);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('a form of Feishu is filled in and sent', async () => {
    const page = await tab(browser, 1000, []);
    await page.goto(url('feishu'));
    const form = page.locator('.fs-form').last();
    await form.getByLabel('改到').fill('2024-04-16');
    await form.getByLabel('半天').selectOption('pm');
    await form.getByRole('button', { name: '提交' }).click();
    await page.locator('.own', { hasText: '填了表单' }).waitFor();
    expect(world.heard.at(-1)?.content).toEqual({
      kind: 'form',
      command: '/改班 12',
      values: { day: '2024-04-16', half: 'pm', reason: '', patients: '' },
    });
    await page.context().close();
  });

  it('goes along to other chats and people, and is left again', async () => {
    const page = await tab(browser, 1000, []);
    await page.goto(url('dingtalk'));
    await page
      .locator('#chats')
      .getByRole('link', { name: /永定区/ })
      .click();
    expect(await page.locator('.look-switch [aria-current]').innerText()).toBe('钉钉');
    await page.locator('.look-switch').getByText('演练').click();
    expect(page.url()).not.toContain('look=');
    await page.context().close();
  });
});

describe('pictures', () => {
  const out = process.env['PICTURES'] ? join(packageRoot, 'src/web/docs') : pictures;
  let room: Chat;
  let listener: Listener;
  /** Whose conversation, and a word of the card's title. */
  const cards: [who: string, where: string, title: string][] = [
    ['谢卓群', '古竹', '已签到'],
    ['王秋实', '', '到了吗'],
    ['池景天', '', '今天谁来了'],
    ['赖静姝', '', '请假：吴沐阳'],
    ['赖知远', '', '已准假'],
    ['黄怀瑾', '城郊', '请告知群众'],
    ['赖静姝', '', '人次 已核实'],
    ['池景天', '', '件事'],
  ];
  beforeAll(async () => {
    // The worker's first picture takes its time; the relay would not wait so long for it.
    await office.drawBars({ title: '图', unit: '次', categories: ['甲'], series: [{ name: '次', values: [1] }] });
    room = await chat();
    listener = await serveSandbox({ port: 0, sandbox: room.open.sandbox, looks: room.open.looks, log, health });
    await room.play(`
      谢卓群@古竹> /签到
      吴沐阳> 请假 4月17日 家中有事 改到 4月25日
      赖静姝> [同意]
      黄怀瑾> [同意]
      赖知远> [同意]
      赖静姝> 统计 今年
      -- 2024-04-08 17:00 --
      池景天> 待办
      -- 2024-04-17 09:30 --
    `);
  }, 120_000);
  afterAll(async () => {
    await listener?.close();
    await room?.close();
  });

  /** One card as it stands in its conversation. */
  const shot = async (page: Page, look: Look, [who, where, title]: (typeof cards)[number]): Promise<string> => {
    const id = room.id(who);
    const group = (await room.open.sandbox.state()).groups.find(g => where && g.name.includes(where));
    await page.goto(`${listener.url}/?as=${id}&in=${encodeURIComponent(group?.id ?? `direct:${id}`)}&look=${look}`);
    const card = page.locator('.from-bot', { hasText: title }).last().locator('.as-in');
    await card.waitFor();
    await card.evaluate(e =>
      Promise.all([...e.querySelectorAll('img')].map(i => ((i.loading = 'eager'), i.decode().catch(() => undefined)))),
    );
    return (await card.screenshot({ animations: 'disabled' })).toString('base64');
  };

  test.each(LOOKS)('of the eight most used cards: %s', async (look, name) => {
    const complaints: string[] = [];
    // So tall that no card is cut, so narrow that four stand side by side.
    const page = await tab(browser, 360, complaints, 2400);
    const shots: string[] = [];
    for (const card of cards) shots.push(await shot(page, look, card));
    expect(complaints).toEqual([]);
    await page.context().close();
    const sheet = await tab(browser, 1240, [], 600);
    const ground = { feishu: '#ffffff', dingtalk: '#f2f3f7', wecom: '#eff1f4', wechat: '#ededed' }[look];
    await sheet.setContent(`<meta charset="utf-8"><body style="margin:0;padding:16px;font:15px sans-serif;display:grid;grid-template-columns:repeat(4,auto);justify-content:space-between;align-items:start;background:${ground}"><p style="grid-column:1/-1;margin:0 0 12px;color:#5a6270">${name}里大致的样子（演示数据，人名都是虚构的）</p>
      ${'<div style="display:grid;gap:16px"></div>'.repeat(4)}</body>`);
    // Each to the column that is shortest so far.
    await sheet.evaluate(async all => {
      for (const s of all) {
        const img = document.createElement('img');
        img.src = `data:image/png;base64,${s}`;
        await img.decode();
        const columns = [...document.querySelectorAll('div')];
        columns.sort((x, y) => x.scrollHeight - y.scrollHeight)[0]!.append(img);
      }
    }, shots);
    const picture = await smallPng(await sheet.locator('body').screenshot());
    writeFileSync(join(out, `as-${look}.png`), picture);
    expect(picture.length, name).toBeLessThan(150_000);
    await sheet.context().close();
  });
});
