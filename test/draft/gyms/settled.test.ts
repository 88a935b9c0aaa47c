import { describe, it } from 'vitest';
import { expectImported } from './import-gym.ts';

describe('a file that leaves nothing open is imported with the draft as it is', () => {
  it.each(['clubready', 'fresha', 'mindbody-excel', 'virtuagym', 'zen-planner'])('%s', async (product) =>
    expectImported(product),
  );
});
