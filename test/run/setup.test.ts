import { expect, it } from 'vitest';
import { identityOf } from '../../src/run/setup.ts';
import type { RunOptions } from '../../src/run/setup.ts';

const setup = {
  mapping: { version: 1 as const, name: 'members', fields: { user_id: 'ID' } },
  account: 'https://api.gleantap.com gym',
};
const plain = { duplicates: 'send', addTags: ['new'], removeTags: [], onlyChanged: false } as unknown as RunOptions;

/** The digests are those of version 0.1.0: a run that it began is continued, and one that it finished sends nothing. */
it.each([
  ['a plain run', {}, 'df726e51998ddf215d8d783ceb2d9845f9a5291f737e5dd9564b40a8f290bb65'],
  [
    'one with every option that changes what is sent',
    { onlyChanged: true, respectOptouts: false, limit: 5, rows: [[2, 3]] },
    '4a9e9fbac7c1ea7e454572d13305a55d7ac280f5280ab32ec7c083a4c426a4b8',
  ],
])('%s always has the same identity', (_what, more, digest) => {
  expect(identityOf(setup, 'abc', { ...plain, ...(more as Partial<RunOptions>) })).toBe(digest);
});
