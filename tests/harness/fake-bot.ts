/** A bot that answers every word with a card of the kind it names; enough for the sandbox's page and API. */
import { createHash } from 'node:crypto';
import type { Bot, Rehearsal } from '../../src/bot/bot.ts';
import type { Files, Inbound, OutboxRow, Platform, Read } from '../../src/bot/ports.ts';
import { StoreFault } from '../../src/bot/ports.ts';
import type { ResetOptions, Sandbox, StageAccount, StageGroup } from '../../src/bot/stage.ts';
import type { Card } from '../../src/core/card.ts';
import { addDays, at, day, dayAt } from '../../src/core/day.ts';
import { connectSandbox } from '../../src/platforms/sandbox/connect.ts';
import { sandboxPlatform } from '../../src/platforms/sandbox/send.ts';
import { openStage, type Stage } from '../../src/platforms/sandbox/stage.ts';

export const PEOPLE: StageAccount[] = [
  { id: 'lin', name: '林知夏' },
  { id: 'zheng', name: '郑远山' },
  { id: 'huang', name: '黄素琴' },
  { id: 'chen', name: '陈望舒' },
  { id: 'stranger-1', name: '路人甲' },
  { id: 'stranger-2', name: '路人乙' },
];
export const GROUPS: StageGroup[] = [
  { id: 'g-guzhu', name: '古竹乡卫生院工作群', members: ['lin', 'huang', 'chen', 'stranger-1'] },
  { id: 'g-all', name: '永定区医师下基层工作群', members: ['lin', 'zheng', 'huang', 'chen'] },
];
const BOUND: Record<string, [role: string, org: string]> = {
  lin: ['physician', '区医院'],
  zheng: ['hospital', '区医院'],
  huang: ['clinic', '古竹卫生院'],
  chen: ['bureau', '永定区卫健局'],
};
export const START = at(day('2024-04-08'), '08:00');

/** A picture of one green dot. */
const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkSPhfDwAERAIElq8mYgAAAABJRU5ErkJggg==', 'base64');

const rows = (n: number) => Array.from({ length: n }, (_, i) => [`第${i + 1}卫生院`, String(20 - i), String(i), '12', '6月12日 周三']);

const card = (code: string, title: string, more: Partial<Card> = {}): Card => ({ code, title, tone: 'info', lines: [], ...more });

/** What it says to each word. */
export const answers: Record<string, () => Card | Promise<Card>> = {
  帮助: () =>
    card('help', '您在这里能做这些', {
      lines: ['发命令，或点按钮', '私聊时可以不写斜杠'],
      buttons: [
        { label: '签到', command: '/签到' },
        { label: '统计', command: '/统计' },
      ],
    }),
  签到: () =>
    card('check-in.done', '已签到：古竹卫生院', {
      tone: 'ok',
      lines: ['4月8日 周一 08:00，坐诊', '待受援单位核实'],
      fields: [
        { label: '班次', value: '4月8日 上午' },
        { label: '编号', value: '12' },
      ],
    }),
  核实: () =>
    card('verify.ask', '请核实今天的班次', {
      tone: 'ask',
      lines: ['林知夏 上午 坐诊'],
      buttons: [
        { label: '在岗', command: '/核实 12 在岗', style: 'primary' },
        { label: '没到', command: '/核实 12 没到', style: 'danger' },
        { label: '已改期', command: '/核实 12 已改期' },
      ],
    }),
  改班: () =>
    card('move.form', '改到哪一天', {
      tone: 'ask',
      form: {
        command: '/改班 12',
        submit: '提交',
        fields: [
          { name: 'day', label: '改到', kind: 'day', required: true, value: '2024-04-15' },
          {
            name: 'half',
            label: '半天',
            kind: 'choice',
            required: true,
            options: [
              { label: '上午', value: 'am' },
              { label: '下午', value: 'pm' },
            ],
            value: 'am',
          },
          { name: 'reason', label: '原因', kind: 'long' },
          { name: 'patients', label: '预约人数', kind: 'number' },
        ],
      },
    }),
  统计: () =>
    card('report.tally', '4月 全区：已核实 31 人次', {
      lines: ['待核实 4', '应到 36，覆盖 20/24 家'],
      table: { columns: ['单位', '已核实', '待核实', '计划', '最近一次'], rows: rows(24) },
    }),
  图: async () =>
    card('report.chart', '4月各单位人次', {
      chart: {
        title: '各单位人次',
        unit: '人次',
        categories: ['古竹', '城郊', '坎市'],
        series: [{ name: '已核实', values: [5, 3, null] }],
        note: '按附件 2 的次序',
      },
      picture: { id: pictureId, name: '各单位人次.png', bytes: DOT.length },
    }),
  表: () => card('report.file', '4月统计表', { tone: 'ok', file: { id: tableId, name: '4月统计表（演示数据）.xlsx', bytes: 2048 } }),
  急: () => card('notice.urgent', '明天停诊', { tone: 'urgent', lines: ['台风，全部改期'], mention: ['lin', 'huang'] }),
  不行: () => card('permission.denied', '您不能用 /授权', { tone: 'no', lines: ['只限：系统管理员'] }),
};
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pictureId = digest(DOT);
const tableId = digest(Buffer.from('table'));

export interface FakeWorld {
  stage: Stage;
  sandbox: Sandbox;
  platform: Platform;
  /** What the bot heard. */
  heard: Inbound[];
  resets: ResetOptions[];
  /** The store is full from now on. */
  fault: { on: boolean };
  files: Map<string, Uint8Array>;
  /** Addresses of files that are kept for some days only. */
  brief: Set<string>;
}

export const makeFakeWorld = (folder: string, options: { real?: boolean } = {}): FakeWorld => {
  const stage = openStage(folder);
  if (stage.empty && !options.real) stage.load({ accounts: PEOPLE, groups: GROUPS });
  let now = START;
  const fault = { on: false };
  const heard: Inbound[] = [];
  const resets: ResetOptions[] = [];
  const taken = new Set<string>();
  const brief = new Set<string>();
  const files = new Map<string, Uint8Array>([
    [pictureId, DOT],
    [tableId, Buffer.from('table')],
  ]);
  const platform = sandboxPlatform({ stage, now: () => now, demo: () => !options.real });

  const row = (key: string): OutboxRow => ({ key }) as OutboxRow;
  const wordOf = ({ content }: Inbound): string | undefined => {
    if (content.kind === 'joined') return '帮助';
    if (content.kind === 'location' || content.kind === 'button' || content.kind === 'form') return '签到';
    if (content.kind === 'file') return '统计';
    if (content.kind === 'unread') return undefined;
    return content.text.trim().replace(/^\//, '').split(/\s/)[0];
  };
  const bot: Bot = {
    awaitsPaper: async () => false,
    receive: async inbound => {
      if (fault.on) throw new StoreFault('database or disk is full');
      heard.push(inbound);
      if (taken.has(inbound.eventId)) return { duplicate: true, code: 'duplicate', posts: [], settled: [] };
      const answer = answers[wordOf(inbound) ?? ''];
      if (!answer && inbound.conversation.kind === 'group') return { duplicate: false, code: 'silent', posts: [], settled: [] };
      taken.add(inbound.eventId);
      const said = answer ? await answer() : card('command.unknown', '没有这个命令', { tone: 'no', lines: ['发 帮助 看能做什么'] });
      const key = `reply/${inbound.eventId}`;
      await platform.send({
        key,
        to: { platform: 'sandbox', app: 'stage', conversation: inbound.conversation.id },
        card: said,
        text: '',
        replyTo: inbound.eventId,
        mention: (said.mention ?? []).map(p => ({ person: p, account: p, name: p })),
      });
      return { duplicate: false, code: said.code, posts: [row(key)], settled: [] };
    },
    delivered: async () => {},
    next: async limit =>
      [
        { at: at(dayAt(now), '17:00'), what: '请受援单位核实今天的班次（系统默认）' },
        { at: at(addDays(dayAt(now), 1), '09:00'), what: '昨天没核实的再问一次（系统默认）' },
        { at: at(addDays(dayAt(now), 4), '16:00'), what: '下周排班告知各卫生院（依据第四条）' },
      ]
        .filter(n => n.at > now)
        .slice(0, limit),
  };
  const rehearsal: Rehearsal = {
    now: () => now,
    moveTo: async to => {
      for (let d = dayAt(now); at(d, '17:00') <= to; d = addDays(d, 1)) {
        if (at(d, '17:00') <= now) continue;
        now = at(d, '17:00');
        await platform.send({
          key: `ask/${d}`,
          to: { platform: 'sandbox', app: 'stage', conversation: 'g-guzhu' },
          card: await answers.核实!(),
          text: '',
          replyTo: null,
          mention: [{ person: 'huang', account: 'huang', name: '黄素琴' }],
        });
      }
      now = to;
    },
  };
  const ids = [...new Set(Object.values(BOUND).map(([, org]) => org))];
  const tables: Record<string, object[]> = {
    accounts: Object.keys(BOUND).map(a => ({ account: a, person: a })),
    orgs: ids.map(id => ({ id, name: id, names: [id] })),
    grants: Object.entries(BOUND).map(([person, [role, org]]) => ({ person, role, org, from: '2024-01-01', until: null })),
    groups: [{ conversation: 'g-guzhu', orgs: ['古竹卫生院'] }],
  };
  const read = { all: async (table: string) => tables[table] ?? [] } as unknown as Read;
  const store: Files = {
    keep: async (name, bytes, days) => {
      const id = digest(bytes);
      files.set(id, bytes);
      if (days) brief.add(id);
      return { id, name, bytes: bytes.length };
    },
    open: async id => files.get(id),
  };
  const sandbox = connectSandbox({
    stage,
    bot: () => bot,
    read: () => read,
    now: () => now,
    programme: async () => 'yongding-2024',
    rehearsal: () => (options.real ? null : rehearsal),
    demo: () => !options.real,
    claimCode: () => null,
    tries: () => [],
    files: store,
    readRows: async (name, bytes) => ({
      rows: name.endsWith('.csv')
        ? Buffer.from(bytes)
            .toString('utf8')
            .split('\n')
            .map(l => l.split(','))
        : null,
      notices: [],
    }),
    reset: async o => {
      resets.push(o);
      now = o.at ?? START;
      taken.clear();
      stage.load({ accounts: PEOPLE, groups: o.empty ? [] : GROUPS });
    },
  });
  return { stage, sandbox, platform, heard, resets, fault, files, brief };
};
