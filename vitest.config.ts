import { defineConfig } from 'vitest/config';

/** These replace modules, which works only before anything else has loaded them. */
const mocking = ['test/run/reads.test.ts', 'test/csv/cells.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Tests of the command line mostly wait for the processes that they start.
    maxWorkers: 3,
    // The bundle is run as it is, by Node's own loader.
    server: { deps: { external: [/\/dist\/cli\//] } },
    projects: [
      {
        extends: true,
        // Loading what tests import costs a third of the whole suite when every file does it again.
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: mocking, isolate: false },
      },
      { extends: true, test: { name: 'mocking', include: mocking } },
    ],
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/tests.json' },
  },
});
