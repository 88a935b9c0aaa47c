import { describe } from 'vitest';
import { allSeries, declareStrikes, hasStrace } from './strace.ts';

if (!hasStrace) console.log('skipped: blows at single system calls (needs strace)');

/** Each series with one suitable fault; `npm run torture` has all, and every single N. */
const short = allSeries.filter(
  ({ target, call, blow }) =>
    (blow === 'kill' && target !== 'log') ||
    (blow === 'disk full' && call !== 'fsync') ||
    (blow === 'bad disk' && call === 'fsync' && target === 'files'),
);

describe.runIf(hasStrace)('a fault at a system call', () => {
  declareStrikes(short, (nth) => nth * 9, 2);
  // The first commits, one by one: they create the run.
  const first = allSeries.filter(({ call, target, blow }) => `${blow} ${call} ${target}` === 'bad disk fsync ledger');
  declareStrikes(first, (nth) => (nth < 7 ? nth + 1 : nth * 3), 2);
});
