/** Buttons that ask for the clinic's word: one row a physician, whatever number of visits the day has. */
import type { Button } from './card.ts';
import type { Day } from './day.ts';
import type { Visit } from './records.ts';

/** `clinic` is its full name, which no other has. */
export const verifyButtons = (open: readonly Visit[], day: Day, clinic: string, nameOf: (person: string) => string): Button[] => {
  const people = [...new Set(open.map(v => v.person))];
  const all: Button[] = people.length > 1 ? [{ label: '全部在岗', command: `/核实 ${day} ${clinic} 全部 在岗`, style: 'primary' }] : [];
  return [
    ...all,
    ...people.flatMap(p => {
      const own = open.filter(v => v.person === p);
      // Two visits of one day are answered together; a single one by its number, which is shorter to type.
      const which = own.length === 1 ? own[0]!.id : `${day} ${clinic} ${nameOf(p)}`;
      const who = people.length > 1 ? `${nameOf(p)} ` : '';
      return [
        { label: `${who}在岗`, command: `/核实 ${which} 在岗` },
        { label: `${who}没到`, command: `/核实 ${which} 没到` },
        ...(own.length === 1
          ? [{ label: `${who}已改期`, command: `/核实 ${which} 已改期` }]
          : own.map(v => ({ label: `${who}${v.am ? '上午' : '下午'}已改期`, command: `/核实 ${v.id} 已改期` }))),
      ];
    }),
  ];
};
