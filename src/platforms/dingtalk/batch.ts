/** The robot's messages to people: what says the same to several at one moment is one call of at most twenty, and each hears of their own. */
import type { Sent } from '../../bot/ports.ts';
import type { Answer } from './api.ts';

/** Milliseconds in which others may join. */
export const GATHERS = 300;
const MOST = 20;

export interface Keyed {
  msgKey: string;
  msgParam: string;
}

/** What became of one person's message. Pure. */
export const fateOf = (staff: string, answer: Answer, failed: Sent | null): Sent => {
  if (failed) return failed;
  const has = (list: string) => Array.isArray(answer.body[list]) && (answer.body[list] as unknown[]).includes(staff);
  if (has('invalidStaffIdList')) return { result: 'never', why: '钉钉里没有此人，或不在应用可见范围里' };
  if (has('flowControlledStaffIdList')) return { result: 'later', after: 60_000, why: '钉钉对此人限流' };
  return { result: 'sent', providerId: String(answer.body['processQueryKey'] ?? '') };
};

export const makeBatch = (
  call: (staff: string[], message: Keyed) => Promise<Answer>,
  classify: (answer: Answer) => Sent | null,
  gathers: number = GATHERS,
): ((staff: string, message: Keyed) => Promise<Sent>) => {
  const open = new Map<string, { staff: Map<string, (sent: Sent) => void>; message: Keyed; timer: NodeJS.Timeout }>();
  const go = async (key: string) => {
    const batch = open.get(key);
    if (!batch) return;
    open.delete(key);
    clearTimeout(batch.timer);
    const answer = await call([...batch.staff.keys()], batch.message);
    const failed = classify(answer);
    for (const [staff, tell] of batch.staff) tell(fateOf(staff, answer, failed));
  };
  return (staff, message) =>
    new Promise(resolve => {
      const key = `${message.msgKey}\n${message.msgParam}`;
      const waiting = open.get(key);
      // The same words twice to one person are two messages.
      if (waiting?.staff.has(staff)) void go(key);
      const batch = open.get(key) ?? { staff: new Map(), message, timer: setTimeout(() => void go(key), gathers) };
      open.set(key, batch);
      batch.staff.set(staff, resolve);
      if (batch.staff.size >= MOST) void go(key);
    });
};
