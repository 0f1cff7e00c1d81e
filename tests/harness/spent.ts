/** What a piece of work costs the processor: what else runs on the machine has no part in it. */

/** Milliseconds from here on. */
export const meter = (): (() => number) => {
  const begun = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
};

/** Milliseconds of a piece of work, the least of five tries: the first ones are still being compiled. */
export const spent = (work: () => void): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const used = meter();
      work();
      return used();
    }),
  );
