import type { Finding } from './finding.ts';
import type { Mapping } from './schema.ts';

/** A rule looks at the whole mapping and pushes what it finds, so that the user sees everything at once. */
export type Rule = (mapping: Mapping, found: Finding[]) => void;
