import { defineConfig } from 'vitest/config';

/** The long forms of the tests in `test/crash`: half an hour rather than half a minute. */
export default defineConfig({
  test: {
    include: ['test/**/*.torture.ts'],
    testTimeout: 300_000,
    hookTimeout: 30_000,
  },
});
