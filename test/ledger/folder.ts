import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A path for a ledger in a separate folder, deleted after the test. */
export async function newFile(...parts: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap ledger '));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return path.join(folder, ...parts, 'ledger.db');
}
