import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Tests of the command line mostly wait for the processes that they start.
    maxWorkers: 3,
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/tests.json' },
  },
});
