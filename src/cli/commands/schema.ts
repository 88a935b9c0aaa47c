import { mappingJsonSchema } from '../../core/mapping/json-schema.ts';
import { printLine } from '../io.ts';
import type { PlainCommand } from './command.ts';

export const schema: PlainCommand<object> = async (_typed, io) => {
  printLine(io.stdout, mappingJsonSchema());
  return Promise.resolve(0);
};
