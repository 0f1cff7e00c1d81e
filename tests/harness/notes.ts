/** A messenger's notes in memory, as if the store were kept over a restart. */
import type { Notes } from '../../src/platforms/intake.ts';

export const memoryNotes = (): Notes & { kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  return {
    kept,
    all: async prefix => new Map([...kept].filter(([k]) => k.startsWith(prefix))),
    keep: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
  };
};
