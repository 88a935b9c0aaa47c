import { defineConfig } from 'vitest/config';

/** The crash campaign of `test/crash`: kills, signals, full disks and failing system calls, about two minutes. CI runs it. */
export default defineConfig({
  test: {
    include: ['test/**/*.crash.ts'],
    testTimeout: 120_000,
    hookTimeout: 30_000,
    maxWorkers: 3,
    server: { deps: { external: [/\/dist\/cli\//] } },
    reporters: ['default', 'json'],
    outputFile: { json: 'coverage/crash.json' },
  },
});
