/** A whole day that is to go into half a day: nothing is moved, and what is possible is a tap away. */
import type { Asked, Decision } from '../../src/bot/command.ts';
import { sayDay } from '../../src/core/day.ts';
import type { Visit } from '../../src/core/records.ts';
import { type Args, type Facts, typedDay, who } from './asked.ts';

const NAMES = { am: '上午', pm: '下午' } as const;

/** Morning and afternoon do not both go into one half: the whole day is offered, or one of its halves. */
export const halfOfDay = ({ args, today }: Asked<Args>, f: Facts, open: readonly Visit[], half: 'am' | 'pm'): Decision => {
  const first = open[0]!;
  const to = args.to![0]!.from;
  const one = open.every(v => v.person === first.person && v.clinic === first.clinic);
  const line = (from: 'am' | 'pm' | undefined, into: 'am' | 'pm' | undefined) =>
    `/改班 ${typedDay({ from: first.day, half: from })} ${who(f, first)} ${args.reason ?? ''} 改到 ${typedDay({ from: to, half: into })}`;
  return {
    reply: {
      code: 'move.half',
      title: `${one ? who(f, first) : '有的医师'}${sayDay(first.day, today)}上午下午都有班，没有改`,
      tone: 'ask',
      lines: [`${sayDay(to, today)}${NAMES[half]}放不下两个半天`, one ? '点一个' : '请一位一位地改，或不写上午下午'],
      buttons: one
        ? [
            { label: '整天改过去', command: line(undefined, undefined) },
            ...(['am', 'pm'] as const).map(h => ({ label: `只改${NAMES[h]}的`, command: line(h, half) })),
          ]
        : [],
    },
    // 下午的改到22号上午, or another day, may be typed as well.
    ...(one ? { waitFor: `/改班 ${typedDay({ from: first.day })} ${who(f, first)} ${args.reason ?? ''} 改到` } : {}),
  };
};
