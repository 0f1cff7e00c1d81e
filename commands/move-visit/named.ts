/** A word that may be a physician's name and is nobody's: whose visit is meant is asked. */
import type { Asked, Decision } from '../../src/bot/command.ts';
import { sayDay } from '../../src/core/day.ts';
import type { Visit } from '../../src/core/records.ts';
import { mayBeMeant } from '../../src/core/words/strangers.ts';
import { type Args, type Facts, typedDay } from './asked.ts';

/** A word that may be a name and is nobody's: neither taken for a reason, nor is somebody else's visit moved. */
export const whoIsMeant = ({ args, today }: Asked<Args>, f: Facts, open: readonly Visit[], said: string): Decision => {
  const on = args.days![0]!;
  const to = args.to?.[0];
  const units = (args.clinics ?? []).map(c => f.orgs.get(c)?.name ?? '').filter(Boolean);
  const line = (whose: string, reason: string) =>
    ['/改班', typedDay(on), whose, reason, ...(to ? [`改到 ${typedDay(to)}`] : [])].filter(Boolean).join(' ');
  const people = [...new Set(open.map(v => v.person))].flatMap(id => f.people.get(id) ?? []);
  const reason = args.reason ?? '';
  const without = reason.replace(said, ' ').replace(/\s+/g, ' ').trim();
  const [only, ...others] = people;
  const asReason = units.length
    ? { whose: `全部 ${units.join(' ')}`, label: `“${said}”是原因，改${units.length > 1 ? '这些单位' : '这家'}的` }
    : only && !others.length
      ? { whose: only.name, label: `“${said}”是原因，改${only.name}` }
      : undefined;
  return {
    reply: {
      code: 'move.who',
      title: `没有叫“${said}”的医师，没有改`,
      tone: 'ask',
      lines: [
        `${sayDay(on.from, today)}有${people
          .slice(0, 5)
          .map(p => p.name)
          .join('、')}${people.length > 5 ? `等${people.length}人` : ''}的班`,
        asReason ? '点一下要改的，或写明医师再发' : '请写明医师再发；全都改写 全部',
      ],
      buttons: [
        ...mayBeMeant(said, people).map(p => ({ label: p.name, command: line(p.name, without) })),
        ...(asReason ? [{ label: asReason.label, command: line(asReason.whose, reason) }] : []),
      ],
    },
  };
};
