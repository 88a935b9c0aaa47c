import { describe } from 'vitest';
import { allSeries, declareStrikes, hasStrace } from './strace.ts';

describe.runIf(hasStrace)('a fault at every system call', () => {
  declareStrikes(allSeries, (nth) => nth + 1, 2);
});
