import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunError } from '../../../src/core/outcome/run-error.ts';
import { claimRunFolder, readRunFile, writeRunFile } from '../../../src/run/files/run-folder.ts';
import type { RunFile } from '../../../src/run/model.ts';
import { fixture } from '../../cli/harness.ts';
import { newFile } from '../../ledger/folder.ts';

const folderOf = async (): Promise<string> => path.dirname(await newFile());
/** What version 0.1.0 wrote, with a change. */
async function saved(change: (json: Record<string, never>) => void): Promise<string> {
  const folder = await folderOf();
  const json = JSON.parse(await readFile(fixture('ledgers-0.1.0/finished/first/run.json'), 'utf8')) as never;
  change(json);
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(json));
  return folder;
}

describe('run.json', () => {
  it('of version 0.1.0 is understood, including its field `night`', async () => {
    const file = await readRunFile(await saved(() => undefined));
    expect(file.snapshot).toMatchObject({ measures: { rows: 21 }, drift: [], isCut: false });
    expect(file.check).toMatchObject({ read: 21, toSend: 21 });
  });

  it('of a run started with --encoding, which no longer exists, is still read in that encoding', async () => {
    const folder = await saved((json) => void Object.assign(json, { encoding: 'windows-1252' }));
    const { mapping } = await readRunFile(folder);
    expect(mapping.csv).toMatchObject({ encoding: 'windows-1252' });
  });

  it('reads back as it was written', async () => {
    const before = await readRunFile(await saved(() => undefined));
    const folder = await folderOf();
    await writeRunFile(folder, before);
    expect(await readRunFile(folder)).toEqual(before);
  });

  it.each<[string, (json: Record<string, never>) => unknown]>([
    ['a negative rate', (json) => Object.assign(json['pace'] ?? {}, { rate: -1 })],
    ['no request at a time', (json) => Object.assign(json['pace'] ?? {}, { concurrency: 0 })],
    ['half an attempt', (json) => Object.assign(json['pace'] ?? {}, { attempts: 0.5 })],
    ['a limit of no rows', (json) => Object.assign(json['selection'] ?? {}, { limit: 0 })],
    ['a tolerance of more than everything', (json) => Object.assign(json, { tolerate: { percent: 101 } })],
    ['a day that is none', (json) => Object.assign(json, { today: 'yesterday' })],
    ['an origin that is no URL', (json) => Object.assign(json['account'] ?? {}, { origin: 'api' })],
    ['a negative count', (json) => Object.assign(json['check'] ?? {}, { toSend: -1 })],
    ['a check without its counts', (json) => Object.assign(json, { check: {} })],
    ['a snapshot without measures', (json) => Object.assign(json, { night: { moved: [] } })],
    ['drift that is none', (json) => Object.assign(json['night'] ?? {}, { moved: [{ measure: 'mood' }] })],
    ['another version', (json) => Object.assign(json, { version: 2 })],
  ])('with %s is refused', async (_what, change) => {
    const folder = await saved((json) => void change(json));
    const error = await readRunFile(folder).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({ code: 'usage' });
  });

  it('of a run started with --encoding, which no longer exists, keeps that encoding', async () => {
    const folder = await saved((json) => Object.assign(json, { encoding: 'windows-1252' }));
    const { mapping } = await readRunFile(folder);
    expect(mapping.csv).toMatchObject({ encoding: 'windows-1252' });
  });

  it('that is missing or cut off is refused', async () => {
    const folder = await folderOf();
    await expect(readRunFile(folder)).rejects.toMatchObject({ code: 'usage' });
    await writeFile(path.join(folder, 'run.json'), '{"version": 1');
    await expect(readRunFile(folder)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('the folder of a run', () => {
  const never = () => false;

  it('is created, with its parents', async () => {
    const folder = path.join(await folderOf(), 'a', 'b');
    await claimRunFolder(folder, never);
    await claimRunFolder(folder, never);
  });

  it('can contain what a killed run left while it wrote run.json', async () => {
    const folder = await folderOf();
    await writeFile(path.join(folder, 'run.json.tmp'), '{');
    await claimRunFolder(folder, never);
  });

  it("with other content is refused, a user's file above all", async () => {
    const folder = path.join(await folderOf(), 'photos');
    await mkdir(folder);
    await writeFile(path.join(folder, 'cat.jpg'), '');
    await expect(claimRunFolder(folder, () => true)).rejects.toMatchObject({ code: 'usage' });
  });

  it('of another run is refused unless that run can start again', async () => {
    const folder = await saved(() => undefined);
    await expect(claimRunFolder(folder, never)).rejects.toMatchObject({ code: 'usage' });
    const asked: RunFile[] = [];
    await claimRunFolder(folder, (file) => asked.push(file) > 0);
    expect(asked).toMatchObject([{ run: 1 }]);
  });
});
