/** /单位位置 — where the clinic is, so that a shared location can be told as near or far. Only the unit's own point is kept, nobody's. */

import { z } from 'zod';
import { defineCommand, orgsAs, refuse } from '../src/bot/command.ts';
import { shownOrg } from '../src/core/org-names.ts';
import type { Org } from '../src/core/records.ts';

const args = z.object({ clear: z.literal('clear').optional(), text: z.string().optional() });

/** Five decimals are about a metre. */
const point = (text: string): string | undefined => {
  const m = /^(-?\d{1,2}(?:\.\d+)?)[,，\s]+(-?\d{1,3}(?:\.\d+)?)$/.exec(text.trim());
  if (!m) return undefined;
  const [lat, lng] = [Number(m[1]), Number(m[2])];
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? `${lat.toFixed(5)},${lng.toFixed(5)}` : undefined;
};

export default defineCommand<z.infer<typeof args>, Org | undefined>({
  name: '单位位置',
  aliases: ['设位置', 'dwwz', 'danweiweizhi', 'place'],
  summary: '本单位在哪，用于签到时看远近',
  usage: '/单位位置，再发一个位置；不要了发 /单位位置 清除',
  examples: ['/单位位置', '/单位位置 清除'],
  slots: { clear: { kind: 'choice', words: { 清除: 'clear', 取消: 'clear' } }, text: { kind: 'rest' } },
  args,
  takesPlace: true,
  facts: async (read, { actor }) => {
    const [org] = orgsAs(actor, 'clinic');
    return org ? read.get('orgs', org) : undefined;
  },
  decide({ args, facts }) {
    if (!facts) return refuse('place.no-unit', '您不是受援单位的专人');
    const shown = shownOrg(facts);
    if (args.clear)
      return {
        changes: [{ table: 'orgs', id: facts.id, to: { ...facts, place: null } }],
        reply: { code: 'place.cleared', title: `${shown}的位置已清除`, tone: 'ok', lines: ['以后签到不看远近'] },
      };
    if (!args.text) {
      return {
        reply: {
          code: 'place.ask',
          title: '请在本单位发一个位置',
          tone: 'ask',
          lines: [
            '用聊天里的“位置”发过来',
            '只记单位的点；医师的位置只记远近，不记坐标',
            ...(facts.place ? ['现在已设过，重发会覆盖'] : []),
          ],
        },
        waitFor: '/单位位置',
      };
    }
    const place = point(args.text);
    if (!place) return refuse('place.wrong', '没看明白位置', '发 /单位位置 后，用聊天里的“位置”发过来');
    return {
      changes: [{ table: 'orgs', id: facts.id, to: { ...facts, place } }],
      reply: {
        code: 'place.set',
        title: `${shown}的位置已设好`,
        tone: 'ok',
        lines: ['医师发位置签到时会记“附近”或“不在附近”', '不发位置也能签到'],
      },
    };
  },
});
