/** Of many things that begin at one moment only a few do before the rest of the process has its turn; in the order in which they came. */

/** Gives nothing to wait for while there are few. */
export const fewAtOnce = (few: number): (() => Promise<void> | undefined) => {
  let left = few;
  let resting = false;
  const line: (() => void)[] = [];
  const rest = () => {
    if (resting) return;
    resting = true;
    setImmediate(() => {
      resting = false;
      const next = line.splice(0, few);
      left = few - next.length;
      if (next.length) rest();
      for (const go of next) go();
    });
  };
  return () => {
    rest();
    if (left === 0) return new Promise(go => line.push(go));
    left--;
    return undefined;
  };
};
