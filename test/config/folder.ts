import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A separate folder for one test with these files, deleted afterwards. */
export async function folderWith(files: Readonly<Record<string, string | Buffer>> = {}, mode = 0o600): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap config '));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text, { mode });
  return folder;
}
