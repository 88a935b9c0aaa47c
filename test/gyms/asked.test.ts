import { describe, it } from 'vitest';
import { fixture, readJson } from '../cli/harness.ts';
import { expectImported } from './import-gym.ts';
import type { Answers } from './import-gym.ts';

describe('what a file leaves open is asked, and nothing else', () => {
  it.each(['abc-datatrak', 'glofox', 'gymflow', 'gymmaster', 'teamup'])('%s', async (product) =>
    expectImported(product, await readJson<Answers>(fixture(`gyms/${product}/answers.json`))),
  );
});
