import { defineConfig } from 'vitest/config';

/** Needs Debian's chromium; one browser at a time. */
export default defineConfig({
  test: {
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 10_000 } },
    root: new URL('..', import.meta.url).pathname,
    include: ['tests/browser/**/*.browser.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
