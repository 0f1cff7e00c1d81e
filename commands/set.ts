/** /设置 — times and limits that no clause fixes, as the bureau wants them. */
import { z } from 'zod';
import { defineCommand, refuse } from '../src/bot/command.ts';
import { parseHours } from '../src/core/hours.ts';
import type { Setting } from '../src/core/records.ts';
import { settingMeant } from '../src/core/setting-words.ts';
import { SETTINGS, type SettingDefinition } from '../src/core/settings.ts';

const args = z.object({ text: z.string().optional() });

/** Why a value does not fit, or undefined. */
const wrong = (s: SettingDefinition, value: string): string | undefined => {
  switch (s.kind) {
    case 'time':
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? undefined : '要写成 17:00';
    case 'days':
      return /^\d{1,2}$/.test(value) ? undefined : '要写 0 到 99 的整数';
    case 'number':
      return /^\d{1,5}$/.test(value) && Number(value) > 0 && (!s.key.startsWith('gap.') || Number(value) <= 28)
        ? undefined
        : s.key.startsWith('gap.')
          ? '要写 1 到 28'
          : '要写正整数';
    case 'choice':
      return s.options?.includes(value) ? undefined : `只能是 ${s.options?.join('、')}`;
    case 'text':
      return s.key === 'hours' && !parseHours(value) ? '要写成 08:00-12:00 14:30-17:30' : undefined;
  }
};

/** 上月23日–本月22日 is the span of cut-off days, where these are the days of the programme; other days stay as typed and fit nothing. */
const meant = (s: SettingDefinition, value: string, due: number | undefined): string => {
  const days = s.key === 'report.span' ? /^上月(\d+)日?\D*本月(\d+)日?$/.exec(value.replace(/\s/g, '')) : null;
  return days && due !== undefined && Number(days[1]) === due + 1 && Number(days[2]) === due ? '截止日到截止日' : value;
};

export default defineCommand<z.infer<typeof args>, Setting[]>({
  name: '设置',
  aliases: ['设定', 'sz', 'shezhi', 'set'],
  daily: ['admin'],
  summary: '提醒时间和期限',
  usage: '/设置 [名称 值]',
  examples: ['/设置', '/设置 补签天数 5'],
  slots: { text: { kind: 'rest' } },
  args,
  facts: (read, { actor }) => read.all('settings', { org: actor.grants.find(g => g.county !== null)?.county ?? '' }),
  decide({ args, facts, actor, now, settings, programme }) {
    const county = actor.grants.find(g => g.county !== null)?.county;
    if (!county) return refuse('set.no-county', '设置是各县自己定的', '由县里的系统管理员或卫健局发 /设置');
    const [name = '', ...rest] = (args.text ?? '').split(/\s+/);
    if (!name) {
      return {
        reply: {
          code: 'set.shown',
          title: '现在的设置',
          tone: 'info',
          lines: ['改：/设置 名称 值'],
          table: {
            columns: ['名称', '值', '来源', '说明'],
            rows: SETTINGS.filter((s: SettingDefinition) => !programme || !s.of || programme[s.of]).map(s => [
              s.name,
              settings.get(s.key),
              settings.source(s.key),
              s.says,
            ]),
          },
        },
      };
    }
    const s: SettingDefinition | undefined = SETTINGS.find(x => x.name === name);
    if (!s) return refuse('set.unknown', `没有“${name.slice(0, 12)}”这项`, `有：${SETTINGS.map(x => x.name).join('、')}`);
    const [value = '', other] = settingMeant(s, meant(s, rest.join(' '), programme?.report?.['due-day']));
    if (!value)
      return refuse('set.value', `${s.name}要改成多少？`, `现在是 ${settings.get(s.key as never)}`, `例：/设置 ${s.name} ${s.value}`);
    if (other)
      return {
        reply: {
          code: 'set.which',
          title: `${s.name}是几点？`,
          tone: 'ask',
          lines: ['还没有改，点一下才改'],
          buttons: [value, other].map(v => ({ label: v, command: `/设置 ${s.name} ${v}` })),
        },
      };
    const problem = wrong(s, value);
    if (problem) return refuse('set.wrong', `${s.name}${problem}`, `例：/设置 ${s.name} ${s.value}`);
    const id = `${s.key}@${county}`;
    const old = facts.find(x => x.id === id);
    const to: Setting = { id, key: s.key, org: county, value, by: actor.person!.name, at: now };
    return {
      changes: [{ table: 'settings', id, to, ...(old ? { was: { value: old.value } } : {}) }],
      reply: {
        code: 'set.done',
        title: `${s.name}改为 ${value}`,
        tone: 'ok',
        lines: [`原来 ${settings.get(s.key as never)}（${settings.source(s.key as never)}）`, s.since ?? '以后的提醒按新的'],
      },
    };
  },
});
