/** The stage as the messengers show it: what is drawn is what their strict rules take, and nothing else can be pressed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Look } from '../../src/bot/looks.ts';
import { makeLooks } from '../../src/platforms/paper.ts';
import { type Listener, serveSandbox } from '../../src/web/serve.ts';
import { cardFault } from '../fakes/feishu-card.ts';
import { type FakeWorld, makeFakeWorld, PEOPLE } from '../harness/fake-bot.ts';

const folder = mkdtempSync(join(tmpdir(), 'looks-'));
const looks = makeLooks(id => PEOPLE.find(p => p.id === id)?.name ?? id);
const LOOKS: Look[] = ['feishu', 'dingtalk', 'wecom', 'wechat'];
let world: FakeWorld;
let listener: Listener;

beforeAll(async () => {
  world = makeFakeWorld(folder);
  const health = { checks: async () => ({}), measures: async () => [] };
  listener = await serveSandbox({ port: 0, sandbox: world.sandbox, looks, log: { error: () => undefined }, health });
  for (const text of ['/帮助', '/签到', '/核实', '/图', '/急', '/不行', '/表', '/改班', '/统计'])
    await world.sandbox.say({ conversation: 'g-guzhu', speaker: 'lin', content: { kind: 'text', text } });
});
afterAll(async () => {
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

const said = () => world.sandbox.messages({ conversation: 'g-guzhu' })!.filter(m => m.from === 'bot');
const page = async (query: string) => (await fetch(`${listener.url}/?as=lin&in=g-guzhu${query}`)).text();

describe('payloads', () => {
  it('are what each messenger takes, with the files in their place and without the mark of a demo', async () => {
    for (const message of said()) {
      for (const look of LOOKS) {
        const payloads = await looks.payloads(look, message);
        expect(payloads.length, `${look} ${message.card.title}`).toBeGreaterThan(0);
        expect(JSON.stringify(payloads)).not.toContain('演示数据】');
        if (look === 'feishu') for (const p of payloads) if (p.type === 'interactive') expect(cardFault(p.content)).toBeNull();
        expect(JSON.stringify(payloads).includes(message.card.file?.id ?? '')).toBe(true);
      }
    }
  });

  it('of an answer go by DingTalk’s session, of a nudge by the robot’s own sending', async () => {
    const ask = said().find(m => m.card.title.startsWith('请核实'))!;
    const { replyTo: _, ...unasked } = ask;
    expect((await looks.payloads('dingtalk', ask))[0]!.type).toBe('actionCard');
    expect((await looks.payloads('dingtalk', unasked))[0]!.type).toBe('sampleActionCard3');
  });
});

describe('choices', () => {
  const choice = (name: string) => ({
    name,
    label: name,
    kind: 'choice' as const,
    options: [
      { label: '上午', value: 'am' },
      { label: '下午', value: 'pm' },
    ],
  });
  it.each([
    ['vote_interaction', [choice('half')]],
    ['multiple_interaction', [choice('half'), choice('other')]],
  ])('of WeCom are %s, and are handed in as a form', async (kind, fields) => {
    const { id: _, ...own } = said()[1]!;
    const card = { title: '哪半天', tone: 'ask' as const, lines: [], form: { command: '/改班 12', submit: '提交', fields } };
    const { id } = world.stage.post({ ...own, code: 'move.form', card }, { key: `choice/${kind}` });
    expect((await looks.payloads('wecom', world.sandbox.message(id)!))[0]!.content['card_type']).toBe(kind);
    expect(await page('&look=wecom')).toContain('name="v.half"');
    const form = { as: 'lin', in: 'g-guzhu', message: id, 'v.half': 'pm' };
    await fetch(`${listener.url}/sandbox/fill`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    expect(world.heard.at(-1)!.content).toEqual({ kind: 'form', command: '/改班 12', values: { half: 'pm' } });
  });

  it('that are required begin unselected everywhere, so that a consent is somebody’s own', async () => {
    const { id: _, ...own } = said()[1]!;
    const consent = {
      name: 'informed',
      label: '已告知',
      kind: 'choice' as const,
      required: true,
      options: [{ label: '是', value: 'yes' }],
    };
    const one = { ...consent, name: 'month', value: 'yes' };
    const card = { title: '同意', tone: 'ask' as const, lines: [], form: { command: '/受益', submit: '保存', fields: [consent, one] } };
    const { id } = world.stage.post({ ...own, code: 'consent.form', card }, { key: 'choice/consent' });
    const select = (html: string, name: string) =>
      [...html.matchAll(new RegExp(`<select[^>]*name="v\\.${name}".*?</select>`, 'g'))].at(-1)![0];
    for (const look of ['', '&look=wecom', '&look=feishu']) {
      const html = await page(look);
      expect(select(html, 'informed'), look).toMatch(/^<select[^>]*><option value=""[^>]*>/);
      expect(select(html, 'informed'), look).not.toMatch(/value="yes" selected/);
      expect(select(html, 'month'), look).toMatch(/value="yes" selected/);
    }
    const [feishu] = await looks.payloads('feishu', world.sandbox.message(id)!);
    expect(JSON.stringify(feishu).match(/initial_option/g)).toHaveLength(1);
  });

  it('a remark beside Feishu’s buttons goes along behind the command', async () => {
    const ask = said().find(m => m.card.title.startsWith('请核实'))!;
    const form = { as: 'lin', in: 'g-guzhu', message: ask.id, command: '/核实 12 没到', remark: '去了村里' };
    const pressed = await fetch(`${listener.url}/sandbox/press`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    expect([pressed.status, await pressed.text()]).toEqual([303, '']);
    expect(world.heard.at(-1)!.content).toEqual({ kind: 'text', text: '/核实 12 没到 去了村里' });
  });
});

describe('the page', () => {
  it('draws what is in the payload, each command on its button', async () => {
    for (const look of LOOKS) {
      const html = await page(`&look=${look}`);
      expect(html.match(/name="command" value="\/核实 12 在岗"/g), look).not.toBeNull();
      expect(html).not.toContain('没有画法');
    }
  });

  it('has no other style, script or style attribute than its own', async () => {
    for (const look of LOOKS) expect(await page(`&look=${look}`)).not.toMatch(/ style="|<style|<script(?![^>]*src=)| on[a-z]+="/);
  });

  it('stays as it is where the messenger is not known, or there is no choice of any', async () => {
    expect(await page('&look=icq')).not.toContain('class="as-in"');
    const health = { checks: async () => ({}), measures: async () => [] };
    const plain = await serveSandbox({ port: 0, sandbox: world.sandbox, log: { error: () => undefined }, health });
    expect(await (await fetch(`${plain.url}/?as=lin&in=g-guzhu&look=feishu`)).text()).not.toContain('look-switch');
    await plain.close();
  });
});
