/** Who goes when: conversations side by side, within each one message at a time, and before a limited app the most urgent first. */
import type { Ticks } from '../bot/ports.ts';
import { inOrder, type Lane, nextOf, type Parcel } from './lane.ts';
import type { Limiter } from './limits.ts';

/** A timer may not be set for longer than some weeks. */
const LONGEST_SLEEP = 3_600_000;

export interface Traffic {
  /** Lets the next message of a conversation go, if one may. */
  advance(lane: Lane): void;
  /** Why a message waits, and the ticks at which it is looked at again. */
  explain(lane: Lane, parcel: Parcel): { why: string; until: number | null };
  stop(): void;
}

/** Where lanes of a limited app stand in line. */
interface Gate {
  openAt: number;
  why: string;
  line: Set<Lane>;
}

export const createTraffic = (deps: {
  ticks: Ticks;
  limiter: Limiter;
  /** Takes the message out of its lane and under way. */
  start(lane: Lane, parcel: Parcel): void;
  /** A lane with nothing in it. */
  empty(lane: Lane): void;
}): Traffic => {
  const { ticks, limiter } = deps;
  const gates = new Map<string, Gate>();
  const asleep = new Set<Lane>();
  let alarm: { at: number; off(): void } | undefined;
  let stopped = false;

  const wake = (when: number) => {
    if (stopped || when === Number.POSITIVE_INFINITY || (alarm && alarm.at <= when)) return;
    alarm?.off();
    alarm = { at: when, off: ticks.after(Math.min(LONGEST_SLEEP, Math.max(0, Math.ceil(when - ticks.now()))), ring) };
  };
  const ring = () => {
    alarm = undefined;
    const now = ticks.now();
    for (const lane of asleep) {
      if (lane.wakeAt > now) wake(lane.wakeAt);
      else advance(lane);
    }
    for (const gate of gates.values()) serve(gate);
  };
  const sleep = (lane: Lane, until: number) => {
    lane.wakeAt = until;
    asleep.add(lane);
    wake(until);
  };

  const advance = (lane: Lane): void => {
    asleep.delete(lane);
    if (stopped || lane.current) return;
    if (!lane.parcels.length) return deps.empty(lane);
    if (!lane.platform) return;
    const now = ticks.now();
    const { parcel, wakeAt } = nextOf(lane, now);
    if (!parcel) return sleep(lane, wakeAt);
    if (lane.openAt > now) return sleep(lane, lane.openAt);
    if (!limiter.limits(lane.to.platform)) return deps.start(lane, parcel);
    const gate = gateOf(lane);
    gate.line.add(lane);
    if (gate.openAt > now) lane.crowded = true;
    serve(gate);
  };

  /** Gives what the limits allow to the most urgent of those in line. */
  const serve = (gate: Gate): void => {
    while (gate.line.size && !stopped) {
      const now = ticks.now();
      if (gate.openAt > now) return wake(gate.openAt);
      const first = firstOf(gate, now);
      if (!first) return;
      const { lane, parcel } = first;
      const taken = limiter.take(lane.to, now);
      if (taken.ok) {
        gate.line.delete(lane);
        deps.start(lane, parcel);
        continue;
      }
      lane.crowded = true;
      if (taken.whose === 'app') {
        gate.openAt = now + taken.wait;
        gate.why = taken.says;
      } else {
        gate.line.delete(lane);
        lane.openAt = now + taken.wait;
        lane.closedWhy = taken.says;
        sleep(lane, lane.openAt);
      }
    }
  };
  const firstOf = (gate: Gate, now: number): { lane: Lane; parcel: Parcel } | undefined => {
    let first: { lane: Lane; parcel: Parcel } | undefined;
    for (const lane of gate.line) {
      const { parcel, wakeAt } = nextOf(lane, now);
      if (lane.current || !parcel || lane.openAt > now) {
        gate.line.delete(lane);
        if (!lane.current) sleep(lane, parcel ? lane.openAt : wakeAt);
      } else if (!first || inOrder(parcel, first.parcel) < 0) first = { lane, parcel };
    }
    return first;
  };
  const gateOf = (lane: Lane): Gate => {
    const key = `${lane.to.platform}\n${lane.to.app}`;
    const there = gates.get(key);
    if (there) return there;
    const made: Gate = { openAt: 0, why: '', line: new Set() };
    gates.set(key, made);
    return made;
  };

  return {
    advance,
    explain(lane, parcel) {
      const now = ticks.now();
      if (parcel === lane.current) return { why: '正在发送', until: null };
      if (!lane.platform) return { why: `平台没有接入：${lane.to.platform}`, until: null };
      if (parcel.readyAt > now) return { why: parcel.why, until: parcel.readyAt };
      if (lane.openAt > now) return { why: lane.closedWhy, until: lane.openAt };
      const gate = gateOf(lane);
      if (gate.line.has(lane) && gate.openAt > now) return { why: gate.why, until: gate.openAt };
      return { why: '前面还有一条', until: null };
    },
    stop() {
      stopped = true;
      alarm?.off();
    },
  };
};
