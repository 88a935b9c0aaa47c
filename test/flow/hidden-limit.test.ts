import { expect, it } from 'vitest';
import { createRateLimiter } from '../../src/flow/rate-limiter.ts';
import { fakeClock } from './fake-clock.ts';

const limit = 20;
const workers = 16;

it.each([
  ['asked for 50 a second', 50],
  ['asked for no limit', 0],
])('stays under a hidden limit of 20 a second after a minute, %s', async (_name, rate) => {
  const clock = fakeClock();
  const limiter = createRateLimiter(rate, clock, clock);
  const never = new AbortController().signal;
  const answers: { at: number; refused: boolean }[] = [];
  const taken: number[] = [];
  const work = async (): Promise<void> => {
    for (;;) {
      await limiter.enter(never);
      const at = clock.monotonic();
      while ((taken[0] ?? Infinity) <= at - 1000) taken.shift();
      const refused = taken.length >= limit;
      if (!refused) taken.push(at);
      answers.push({ at, refused });
      await clock.sleep(40);
      if (refused) limiter.throttle(1000);
      else limiter.recover();
    }
  };
  for (let worker = 0; worker < workers; worker += 1) void work();
  await clock.advance(60_000);
  const before = answers.length;
  await clock.advance(120_000);

  const later = answers.slice(before);
  const refused = later.filter((answer) => answer.refused).length;
  console.log(`hidden limit: ${later.length} requests in 2 minutes, ${refused} of them 429`);
  expect(refused / later.length).toBeLessThan(0.02);
  // It does not hide far below either.
  expect(later.length / 120).toBeGreaterThan(limit / 2);
});
