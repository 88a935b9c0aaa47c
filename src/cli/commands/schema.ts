import { mappingJsonSchema } from '../../core/mapping/json-schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { jobsJsonSchema } from '../../jobs/jobs-schema.ts';
import { printLine } from '../io.ts';
import type { PlainCommand } from './command.ts';

export const schema: PlainCommand<{ file: string | undefined }> = async ({ file = 'mapping' }, io) => {
  if (file !== 'mapping' && file !== 'jobs')
    throw new RunError('usage', `There is no schema for "${file}"`, { hint: 'It is "mapping" or "jobs".' });
  printLine(io.stdout, file === 'mapping' ? mappingJsonSchema() : jobsJsonSchema());
  return Promise.resolve(0);
};
