import { defineConfig } from 'vitest/config';

/** The long form of the crash campaign, to run by hand: half an hour instead of two minutes. */
export default defineConfig({
  test: {
    include: ['test/**/*.torture.ts'],
    testTimeout: 300_000,
    hookTimeout: 30_000,
  },
});
