import path from 'node:path';
import { expect, it } from 'vitest';
import { mappingJsonSchema } from '../../src/core/mapping/json-schema.ts';
import { jobsJsonSchema } from '../../src/jobs/jobs-schema.ts';
import { errorsPage } from './errors-page.ts';
import { optionsPage } from './options-page.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** `npm run generate` runs this test with --update. */
it.each([
  ['mapping.schema.json', () => `${mappingJsonSchema()}\n`],
  ['jobs.schema.json', () => `${jobsJsonSchema()}\n`],
  ['docs/options.md', optionsPage],
  ['docs/errors.md', errorsPage],
])('%s is up to date', async (file, generate) => {
  await expect(generate()).toMatchFileSnapshot(path.join(root, file));
});
