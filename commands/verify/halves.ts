/** A word about half a day: of a day of two visits it is about the one in that half; a visit of the whole day is not cut in two. */
import type { Asked, Decision } from '../../src/bot/command.ts';
import { sayDay } from '../../src/core/day.ts';
import type { Visit } from '../../src/core/records.ts';
import { halvesFrom, sayHalves } from '../../src/core/visit.ts';
import type { Args, Facts } from './day.ts';

/** 上午 or 下午 where one was named, else nothing. */
export const sayHalf = ({ half }: Args): string => sayHalves(halvesFrom(half));

/** Whether a visit lies in the half day that was named; all do where none was. */
export const isIn = (half: Args['half'], v: Visit): boolean => half === undefined || half === 'day' || v[half];

/** The half that some visits fill together; nothing for a whole day. */
export const halvesOf = (visits: readonly Visit[]): string => sayHalves({ am: visits.some(v => v.am), pm: visits.some(v => v.pm) });

/** How the day of one physician, or of all, is typed again: with the half that was named. */
export const typedDay = ({ args }: Asked<Args>, { day }: Facts): string => `${day}${sayHalf(args)}`;

/** Of whom both halves are open: one of them can be said alone. */
export const halfHint = (open: readonly Visit[], people: Facts['people']): string[] => {
  const both = open.find(v => open.some(w => w.id !== v.id && w.person === v.person));
  return both ? [`只来了半天的发：/核实 ${people.get(both.person)?.name ?? ''} 下午 没到`] : [];
};

/** 上午 said of somebody whose visit is the whole day: nothing is done, and the whole day is a tap away. */
export const wholeDay = ({ args, today }: Asked<Args>, facts: Facts, word: string): Decision | undefined => {
  const whole = sayHalf(args) ? facts.visits.find(v => v.am && v.pm && v.presence !== args.verdict) : undefined;
  if (args.visit || !whole) return undefined;
  return {
    reply: {
      code: 'verify.whole-day',
      title: `${facts.people.get(whole.person)?.name}${sayDay(whole.day, today)}是整天的班，还没有办`,
      tone: 'ask',
      lines: ['一班只记一次，不分上午下午', '是这样就点一下'],
      buttons: [{ label: `整天${word}`, command: ['/核实', whole.id, word, args.reason].filter(Boolean).join(' ') }],
    },
  };
};

/** What is still reported of the same person's day beside these visits. */
export const stillReported = (facts: Facts, person: string, said: readonly Visit[]): Visit | undefined =>
  facts.around.find(
    v => v.person === person && v.day === facts.day && v.state === 'on' && v.presence === 'not-there' && !said.some(o => o.id === v.id),
  );
