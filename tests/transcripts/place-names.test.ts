/** Counties and cities are understood by the names that cards print, wherever a unit may be named. */
import { afterEach, expect, test } from 'vitest';
import { type Chat, chat } from '../harness/chat.ts';

let room: Chat;
afterEach(() => room.close());

/** The answer as it is stored, before its chart is drawn. */
let asked = 0;
const answer = async (name: string, text: string) => {
  const account = room.id(name);
  const { now } = await room.open.sandbox.state();
  const { posts } = await room.open.assembled().bot.receive({
    platform: 'sandbox',
    app: 'stage',
    eventId: `asked-${++asked}`,
    account,
    accountName: name,
    sentAt: now,
    receivedAt: now,
    conversation: { id: `direct:${account}`, kind: 'direct', name },
    content: { kind: 'text', text },
  });
  return posts[0]!.card;
};

/** 温知行 of the province, 邹明远 of the city. */
test('a county and a city by their places, as cards print them', async () => {
  room = await chat({ programme: 'fujian-2022' });
  const said = async (who: string, typed: string) => {
    const { code, title } = await answer(who, typed);
    return `${code} ${title}`;
  };
  for (const [who, typed, start] of [
    ['温知行', '统计 上杭县', 'statistics.shown 上杭县 '],
    ['温知行', '统计 上杭', 'statistics.shown 上杭县 '],
    ['温知行', '统计 龙岩市', 'statistics.shown 龙岩市 '],
    ['温知行', '统计 龙岩', 'statistics.shown 龙岩市 '],
    ['温知行', '统计 龙岩市卫健委', 'statistics.shown 龙岩市 '],
    ['温知行', '统计 福建省', 'statistics.shown '],
    ['邹明远', '统计 龙岩市', 'statistics.shown 龙岩市 '],
    ['邹明远', '统计 福建省', 'statistics.not-yours '],
    ['邹明远', '月报 上杭县', 'report'],
    ['温知行', '月报 龙岩市', 'report'],
    ['邹明远', '在岗 长汀县', 'presence'],
    ['温知行', '导出 进度表 5月 龙岩市', 'export.done 进度表 龙岩市 2022年5月'],
    ['邹明远', '导出 进度表 上杭县', 'export.done '],
    ['邹明远', '统计 上抗县', 'args.unknown-name 没有找到“上抗县”'],
  ] as const)
    expect(`${who} ${typed}: ${await said(who, typed)}`).toContain(`${who} ${typed}: ${start}`);
});

test('the county’s own staff say it as well; a place in free text stays text, and of two that fit it is asked which', async () => {
  room = await chat();
  for (const typed of ['统计 永定区', '统计 永定', '统计 永定卫健局 3月']) expect((await answer('丘书瑶', typed)).title).toMatch(/^永定区/);
  expect((await answer('丘书瑶', '统计 龙岩市')).code).toBe('statistics.not-yours');
  await answer('江安然', '签到 永定 开会');
  expect((await room.open.store().read.all('checkIns', {})).map(c => c.note)).toEqual(['永定 开会']);
  // A clinic of the same name.
  const { read } = room.open.store();
  const clinic = (await read.all('orgs', { kind: 'clinic' }))[0]!;
  await room.open
    .store()
    .turn({ platform: 't', app: '', eventId: 'e', conversation: '', account: '', sentAt: 0, receivedAt: 0 }, async tx => {
      await tx.apply([{ table: 'orgs', id: clinic.id, to: { ...clinic, names: [...clinic.names, '永定'] } }], {
        actor: null,
        command: 't',
        sentAt: 0,
        now: 0,
      });
      return 'ok';
    });
  const which = await answer('丘书瑶', '统计 永定');
  expect([which.code, which.buttons?.length]).toEqual(['args.ambiguous', 2]);
  expect((await answer('丘书瑶', which.buttons!.find(b => b.label.endsWith('卫生健康局'))!.command)).title).toMatch(/^永定区/);
});
