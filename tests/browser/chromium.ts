/** Debian's chromium for the browser tests, and where their pictures go. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Pictures of the pages; `SCREENSHOTS` names another folder. */
export const pictures = process.env.SCREENSHOTS ?? join(tmpdir(), 'sandbox-screenshots');
mkdirSync(pictures, { recursive: true });

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // The words of date fields come from the process, not from the page's language.
    env: { ...(process.env as Record<string, string>), LANGUAGE: 'zh_CN', LANG: 'zh_CN.UTF-8' },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=zh-CN',
    ],
  });

/** A tab of a given width. What it logs as a warning or error, or throws, is added to `complaints`. */
export const tab = async (browser: Browser, width: number, complaints: string[], height = width < 500 ? 740 : 900): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: width < 500,
  });
  const page = await context.newPage();
  page.on('console', m => {
    if (m.type() === 'error' || m.type() === 'warning') complaints.push(m.text());
  });
  page.on('pageerror', e => complaints.push(e.message));
  return page;
};
