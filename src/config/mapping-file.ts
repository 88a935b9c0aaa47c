import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { runExamples } from '../core/mapping/examples.ts';
import { isWithin } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import { readMapping } from '../core/mapping/read.ts';
import { lintFooter, lintMapping } from '../core/mapping/rules.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { parseJsonc } from './jsonc.ts';

const largestFile = 1024 * 1024;

/** A mapping file as far as it could be read, and what is wrong with it as long as the CSV's header is not known. */
export interface MappingFile {
  /** Absolute path. */
  readonly file: string;
  readonly mapping: Mapping | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Reads a mapping file and everything that can be said of it without the CSV.
 *
 * @param today `YYYY-MM-DD`, for the mapping's own examples.
 * @throws RunError `mapping` when the file does not exist or is not JSON. Problems inside come back as findings.
 */
export async function readMappingFile(name: string, today: string): Promise<MappingFile> {
  const file = path.resolve(name);
  const json = parseJsonc(await readSmallFile(file), name);
  const { mapping, findings } = readMapping(json);
  if (mapping === undefined) return { file, mapping, findings };
  // What had to be cut out can't be judged by the rules: they would miss it.
  const judged = [...lintMapping(mapping), ...(await lintFooter(mapping))].filter(
    ({ path: place }) => !findings.some((cut) => isWithin(cut.path, place)),
  );
  const all = [...findings, ...judged];
  const isSound = all.every(({ severity }) => severity === 'warning');
  return { file, mapping, findings: isSound ? [...all, ...runExamples(mapping, today)] : all };
}

async function readSmallFile(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw new RunError('mapping', `${file} is larger than 1 MiB, so it is not a mapping file`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof RunError) throw error;
    const { reason, hint } = pathFault(file, error);
    throw new RunError('mapping', `The mapping file ${file} cannot be read: ${reason}`, {
      hint: hint ?? 'Name it with --mapping, or draft one: "init" with the CSV file does that.',
      cause: error,
    });
  }
}
