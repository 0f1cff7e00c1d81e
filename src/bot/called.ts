/** 谢医生 诊疗12: somebody called by the surname, of those whose figures the speaker may report for them. */
import { type Day, monthOf } from '../core/day.ts';
import { postedIn } from '../core/posting.ts';
import type { Person } from '../core/records.ts';
import { calledBySurname } from '../core/words/strangers.ts';
import { TITLE } from '../core/words/titles.ts';
import { type Actor, orgsAs } from './command.ts';
import type { Read } from './ports.ts';

/** At the beginning, or behind the day that it is about. */
const CALLED = new RegExp(`^(?<before>[\\d月日号今昨前天上下午\\s，,]*)(?<called>\\p{Script=Han}{1,2}?${TITLE})`, 'u');

export interface Called {
  /** How they were called. */
  said: string;
  people: Person[];
  /** The line with a full name in the place of the title. */
  named(person: Person): string;
}

/** Who may be meant; undefined where nobody is called so, or none of them is the speaker's to report for. */
export const calledIn = async (read: Read, actor: Actor, text: string, today: Day): Promise<Called | undefined> => {
  const { before = '', called: said } = CALLED.exec(text)?.groups ?? {};
  if (said === undefined) return undefined;
  const [clinic, hospital] = [orgsAs(actor, 'clinic'), orgsAs(actor, 'hospital')];
  const postings = [
    ...(clinic.length ? await read.all('postings', { clinic }) : []),
    ...(hospital.length ? await read.all('postings', { hospital }) : []),
  ].filter(p => postedIn(p, monthOf(today)));
  const ids = [...new Set(postings.map(p => p.person))];
  const people = ids.length ? calledBySurname(said, await read.all('people', { id: ids })) : [];
  return people.length ? { said, people, named: ({ name }) => `${before}${name} ${text.slice(before.length + said.length)}` } : undefined;
};
