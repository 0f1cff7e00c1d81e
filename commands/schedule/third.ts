/** 每月下旬 names ten days and no day: which of them is asked, and one tap plans it for every month. */
import { type Asked, type Decision, isRefusal, refuse } from '../../src/bot/command.ts';
import { sayMonth } from '../../src/core/day.ts';
import { VISIT_TYPE_NAMES } from '../../src/core/visit.ts';
import type { Pattern } from '../../src/core/words/patterns.ts';
import type { Args, Facts } from './asked.ts';

type ThirdOfMonth = Extract<Pattern, { kind: 'third-of-month' }>;
interface Choice {
  /** 最后一个周三 */
  label: string;
  /** As it is typed. */
  words: string;
  pattern: Pattern;
}

/** Days of the third that stand as an example, the first free one. */
const BESIDE = [6, 4, 7, 3, 8, 2, 9];
const WEEKDAYS = [1, 2, 3, 4, 5];
const HALVES = { am: '上午', pm: '下午', day: '全天' } as const;

/** The workdays of the third, each once a month, and the day in its middle; of a named weekday the first and the last. */
const choices = ({ third, weekday }: ThirdOfMonth): Choice[] => {
  const word = `${'上中下'[third - 1]!}旬`;
  const of = (day: number, nth: 1 | -1): Choice => {
    const label = `${nth === 1 ? '第一个' : '最后一个'}周${'一二三四五六日'[day - 1]!}`;
    return { label, words: `每月${word}${label}`, pattern: { kind: 'weekday-of-third', third, weekday: day, nth } };
  };
  if (weekday !== undefined) return [of(weekday, 1), of(weekday, -1)];
  const middle = third * 10 - 5;
  return [
    ...WEEKDAYS.map(day => of(day, third === 3 ? -1 : 1)),
    { label: `${middle}日`, words: `每月${middle}日`, pattern: { kind: 'days-of-month', days: [middle] } },
  ];
};

/** Offers what can be planned as it stands. `plan`: what would come of a pattern. */
export const whichDay = ({ args }: Asked<Args>, f: Facts, asked: ThirdOfMonth, plan: (pattern: Pattern) => Decision): Decision => {
  const person = f.person!.name;
  const tried = choices(asked).map(c => ({ ...c, comes: plan(c.pattern) }));
  const open = tried.filter(c => !isRefusal(c.comes));
  const other = tried.map(c => c.comes).find(d => isRefusal(d) && d.card.code !== 'schedule.clash');
  if (!open.length)
    return (
      other ?? refuse('schedule.clash', '这一旬各个星期都已有班次，没有排', `看现在的发 /排班 ${person}`, '或写几月几日，一天一天地排')
    );
  const free = BESIDE.map(n => asked.third * 10 - 10 + n).find(d => !isRefusal(plan({ kind: 'days-of-month', days: [d] })));
  const more = [
    args.month ? sayMonth(args.month) : '',
    f.orgs.get(args.clinic ?? '')?.name ?? '',
    args.half ? HALVES[args.half] : '',
    args.type ? VISIT_TYPE_NAMES[args.type] : '',
  ].filter(Boolean);
  return {
    reply: {
      code: 'schedule.which-day',
      title: `${person}${args.month ? sayMonth(args.month) : '每月'}${'上中下'[asked.third - 1]!}旬的哪一天？`,
      tone: 'ask',
      lines: [
        args.month ? '点一个就排好' : '点一个，以后各月都排好',
        ...(open.length < tried.length ? ['已有班次在先的没有列出'] : []),
        ...(free ? [`别的日子这样发：/排班 ${person} 每月${free}日`] : []),
      ],
      buttons: open.map(c => ({ label: c.label, command: ['/排班', person, c.words, ...more].join(' ') })),
    },
  };
};
