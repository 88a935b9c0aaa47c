import path from 'node:path';
import { readMappingFile } from '../config/mapping-file.ts';
import type { MappingFile } from '../config/mapping-file.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { dayOf } from '../flow/clock.ts';

/** A mapping that was read from its file, with its warnings. */
export type LoadedMapping = MappingFile & { readonly mapping: Mapping };

/**
 * Reads a mapping file and tries its examples.
 *
 * @throws RunError `mapping` with all that is wrong in `findings`: each with its JSON path.
 */
export async function loadMapping(file: string): Promise<LoadedMapping> {
  const read = usable(await readMappingFile(file, dayOf(new Date())));
  if (read.findings.some(({ severity }) => severity === 'error'))
    throw mappingError(path.basename(read.file), read.findings);
  return read;
}

/** A mapping of which something could be understood. @throws RunError `mapping` */
export function usable(read: MappingFile): LoadedMapping {
  const { mapping } = read;
  if (mapping === undefined) throw mappingError(path.basename(read.file), read.findings);
  return { ...read, mapping };
}
