import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Tests of the command line mostly wait for the processes that they start.
    maxWorkers: 3,
    // The bundle is run as it is, by Node's own loader.
    server: { deps: { external: [/\/dist\/cli\//] } },
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/tests.json' },
  },
});
