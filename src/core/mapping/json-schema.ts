import { z } from 'zod';
import { mappingSchema } from './schema.ts';

/** The JSON Schema of mapping files, for editors: committed as `mapping.schema.json`. */
export function mappingJsonSchema(): string {
  const schema = { title: 'gleantap-import mapping', ...z.toJSONSchema(mappingSchema, { io: 'input' }) };
  return JSON.stringify(schema, undefined, 2);
}
