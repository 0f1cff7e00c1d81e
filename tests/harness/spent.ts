/** Milliseconds of a piece of work, the least of five tries: what a busy machine disturbs least. */
export const spent = (work: () => void): number =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const began = performance.now();
      work();
      return performance.now() - began;
    }),
  );
