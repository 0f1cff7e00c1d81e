/** What the page begins with: the conversation from which its link was taken, as far as it is kept. What people typed is kept nowhere. */
import type { OutboxRow, Store } from '../../bot/ports.ts';
import type { Instant } from '../../core/day.ts';

/** Among so many of the newest messages of all. */
const NEWEST = 1_000;
/** So many are shown. */
const SHOWN = 30;

/** The cards of one direct chat, oldest first: that in which this link was given, since its account was bound to this person. */
export const saidBefore = async (
  read: Store['read'],
  token: string,
  person: string,
  today: Instant,
): Promise<{ row: OutboxRow; at: Instant }[]> => {
  const rows = await read.outbox({ limit: NEWEST });
  const gave = rows.find(r => r.card.code === 'web.link' && r.card.lines.some(l => l.endsWith(`/${token}`)));
  if (!gave || gave.place !== 'direct') return [];
  const { platform, app, conversation } = gave.to;
  const accounts = await read.all('accounts', { person, platform, app, state: 'bound' });
  if (!accounts.length) return [];
  const since = Math.max(...accounts.map(a => a.at));
  const shown = rows
    .filter(r => r.to.platform === platform && r.to.app === app && r.to.conversation === conversation)
    .filter(r => (r.state === 'sent' || r.state === 'sending') && r.card.code !== 'web.link' && r.card.title !== '')
    .map(row => ({ row, at: row.settledAt ?? row.createdAt }))
    .filter(({ at }) => at >= since && at <= today);
  // What went as one message is one: the card as it was sent.
  const joined = new Set(shown.filter(s => s.row.card.code === 'joined').map(s => s.row.providerId));
  return shown
    .filter(s => s.row.card.code === 'joined' || s.row.providerId === null || !joined.has(s.row.providerId))
    .sort((a, b) => a.at - b.at || a.row.seq - b.row.seq)
    .slice(-SHOWN);
};
