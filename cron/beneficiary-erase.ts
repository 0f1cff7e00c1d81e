/** At night: beneficiaries whose time of keeping is over lose name, number and wish; that there was one stays. What waited a day for its tick goes as well. */
import { defineJob } from '../src/bot/job.ts';
import { at } from '../src/core/day.ts';
import type { Change } from '../src/core/records.ts';

const A_DAY = 86_400_000;
/** So many at a time; the rest goes the next night. */
const STEP = 2_000;

export default defineJob<Change[]>({
  name: 'beneficiary-erase',
  title: '到期的受益群众信息删除',
  per: 'installation',
  times: day => [at(day, '02:00')],
  facts: async (read, { today, slot }) => {
    const over = await read.all('beneficiaries', { state: 'kept', keepUntil: { to: today } }, { by: 'keepUntil', limit: STEP });
    const calls = over.length ? (await read.all('followUps', { beneficiary: over.map(b => b.id) })).filter(c => c.note !== null) : [];
    const drafts = (await read.all('drafts', { kind: 'beneficiary', state: 'waiting' })).filter(d => d.at < slot - A_DAY);
    return [
      ...over
        .filter(b => b.keepUntil < today)
        .map(b => ({
          table: 'beneficiaries' as const,
          id: b.id,
          to: { ...b, name: null, phone: null, phoneMask: null, phoneIndex: null, wish: null, state: 'erased' as const },
          was: { state: 'kept' as const },
        })),
      ...calls
        .filter(c => over.some(b => b.id === c.beneficiary && b.keepUntil < today))
        .map(c => ({ table: 'followUps' as const, id: c.id, to: { ...c, note: null } })),
      ...drafts.map(d => ({
        table: 'drafts' as const,
        id: d.id,
        to: { ...d, rows: null, state: 'dropped' as const },
        was: { state: 'waiting' as const },
      })),
    ];
  },
  due: ({ facts }) => ({ tell: [], changes: facts, result: `${facts.filter(c => c.table === 'beneficiaries').length}` }),
});
