import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Tests of the command line mostly wait for the processes that they start.
    maxWorkers: 3,
    // A machine that is busy with other things may upset one of some hundred processes; what is broken fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/tests.json' },
  },
});
