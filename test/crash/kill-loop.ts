import { afterAll, expect, it } from 'vitest';
import { campaign, killsOf, newTally, tallyText } from './campaign.ts';

const killsEach = 8;

/** Declares tests that kill runs until the number of kills is reached. */
export function declareKillLoop(kills: number, firstSeed: number): void {
  const tally = newTally();
  // Some runs finish before all of their kills.
  const seeds = Array.from({ length: Math.ceil((kills / killsEach) * 3) }, (_, index) => firstSeed + index);

  afterAll(() => {
    console.log(tallyText(tally));
    expect(killsOf(tally)).toBeGreaterThanOrEqual(kills);
  });

  it.for(seeds)('a run that is killed again and again (seed %i)', { timeout: 300_000 }, async (seed, { skip }) => {
    if (killsOf(tally) >= kills) skip('there were enough kills');
    await campaign(seed, killsEach, tally);
  });
}
