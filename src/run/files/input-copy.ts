import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream, openSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { copyFile, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { notWritable, pathFault } from '../../core/outcome/path-fault.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { listFields } from '../../core/mapping/fields.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { mayBeWorkbook, refuseSheet, startOf } from '../../excel/kinds.ts';
import type { ExcelSheet, SheetSummary } from '../../excel/open.ts';
import { decodeGzip, defaultGunzipLimits, isGzip } from './gunzip.ts';
import type { InputCopy, InputSource, RunFile } from '../model.ts';
import { inputCopyOf } from './run-folder.ts';

/**
 * Copies the input before anything looks at it: all passes, `report` and `resume` read the copy. A gzip archive is decoded, and
 * a sheet of an Excel workbook becomes CSV.
 *
 * @returns undefined when the signal aborted it; the hash and size are those of the copy.
 * @throws RunError `input` when it can't be read, `still_being_written` when it changed meanwhile, `not_writable`,
 * `usage` when it is not clear which sheet is meant
 */
export async function copyInput(
  { name, stream, excel }: InputSource,
  target: string,
  signal: AbortSignal,
  limits = defaultGunzipLimits,
): Promise<InputCopy | undefined> {
  const before = stream === undefined ? await statInput(name) : undefined;
  const sheet = before?.isFile() === true ? await openSheet(name, excel) : undefined;
  let summary: SheetSummary | undefined;
  const hash = createHash('sha256');
  let read = 0;
  let bytes = 0;
  const chunks = async function* (): AsyncGenerator<Buffer, void, undefined> {
    try {
      const source = stream ?? (before?.isFIFO() === true ? openFifo(name) : createReadStream(name));
      for await (const piece of addAbortSignal(signal, source)) {
        const chunk = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer);
        read += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw unreadable(name, error);
    }
  };
  const sheetChunks = async function* ({ text }: ExcelSheet): AsyncGenerator<Buffer, void, undefined> {
    const texts = text();
    let next = await texts.next();
    for (; next.done !== true; next = await texts.next()) {
      signal.throwIfAborted();
      yield Buffer.from(next.value);
    }
    summary = next.value;
  };
  const pieces = async function* (): AsyncGenerator<Buffer, void, undefined> {
    for await (const piece of sheet === undefined ? decodeGzip(chunks(), name, limits) : sheetChunks(sheet)) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  try {
    // What a killed run has left there is no longer anybody's.
    await rm(target, { force: true });
    await pipeline(pieces, createWriteStream(target, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    await rm(target, { force: true });
    if (signal.aborted) return undefined;
    throw error instanceof RunError ? error : notWritable(target, error);
  } finally {
    sheet?.close();
  }
  if (before?.isFile() === true) {
    const after = await statInput(name);
    const isWhole = sheet !== undefined || read === before.size;
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || !isWhole) {
      await rm(target, { force: true });
      throw new RunError('still_being_written', `${name} changed while it was read. It is still being written`, {
        hint: 'Wait until the export is complete, then run the same command again.',
      });
    }
  }
  const modified = before?.isFile() === true ? before.mtimeMs : undefined;
  return {
    file: target,
    sha256: hash.digest('hex'),
    bytes,
    modified,
    ...(summary === undefined ? {} : { sheet: summary }),
  };
}

/** The input with what is needed to read it if it is an Excel workbook. @param sheet As typed for this command. */
export function withSheet(input: InputSource, mapping: Mapping | undefined, sheet: string | undefined): InputSource {
  const csv = mapping?.csv ?? {};
  const textOnly = (['quote', 'escape'] as const).filter((key) => csv[key] !== undefined).map((key) => `csv.${key}`);
  const signs = new Set(
    (mapping === undefined ? [] : listFields(mapping)).flatMap(({ settings }) => settings.decimal ?? []),
  );
  // A point would separate thousands: 1.234 is 1234 where the comma is the decimal sign.
  const decimal = signs.has(',') && !signs.has('.') ? ',' : undefined;
  return { ...input, excel: { typed: sheet, pinned: csv.sheet, hidden: csv.hidden, decimal, textOnly } };
}

async function openSheet(name: string, excel: InputSource['excel']): Promise<ExcelSheet | undefined> {
  try {
    if (mayBeWorkbook(await startOf(name))) {
      const { openExcel } = await import('../../excel/open.ts');
      return await openExcel(name, name, excel ?? {});
    }
  } catch (error) {
    throw error instanceof RunError ? error : unreadable(name, error);
  }
  refuseSheet(name, excel?.typed);
  return undefined;
}

/** Puts the copy into its run's folder, which may be on another disk. @throws RunError `not_writable` */
export async function moveCopy({ file }: InputCopy, target: string): Promise<void> {
  try {
    await rename(file, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EXDEV') throw error;
      await copyFile(file, target);
      await rm(file);
    });
  } catch (error) {
    throw notWritable(target, error);
  }
}

/**
 * Gives work a file that can be read more than once: the input itself, or a copy that is gone afterwards of what comes through
 * a pipe, is a gzip archive or an Excel workbook. For commands that keep nothing.
 */
export async function withInputFile<Result>(
  source: InputSource,
  work: (file: string, sheet: SheetSummary | undefined) => Promise<Result>,
): Promise<Result> {
  if (source.stream === undefined && (await isPlainFile(source))) return work(source.name, undefined);
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap-import-'));
  try {
    const file = path.join(folder, 'input.csv');
    const copy = await copyInput(source, file, new AbortController().signal);
    return await work(file, copy?.sheet);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isPlainFile({ name, excel }: InputSource): Promise<boolean> {
  if (!(await statInput(name)).isFile()) return false;
  const start = await startOf(name).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (mayBeWorkbook(start) || isGzip(start)) return false;
  refuseSheet(name, excel?.typed);
  return true;
}

async function statInput(name: string): Promise<Stats> {
  const found = await stat(name).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  if (found.isFile() || found.isFIFO()) return found;
  throw new RunError('input', `${name} is not a file`, { hint: 'Name one CSV file, or - to read from a pipe.' });
}

/** Opening a FIFO as a file blocks until a process writes to it, and then not even process.exit ends it. */
function openFifo(name: string): Readable {
  const fd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

function unreadable(name: string, cause: unknown): RunError {
  const { reason, hint = 'Check the path of the CSV file and whether you may read it.' } = pathFault(
    path.resolve(name),
    cause,
  );
  return new RunError('input', `${name} cannot be read: ${reason}`, { hint, cause });
}

/**
 * Makes sure that a run is continued or reported with the very bytes that it checked. Rows that were cut off would be lost, and rows
 * in another order would get the outcomes of other people.
 *
 * @param again The command that imports the file once more.
 * @throws RunError `copy_changed`
 */
export async function requireSameCopy(
  folder: string,
  { sha256, name }: RunFile['input'],
  again: string,
): Promise<void> {
  const copy = inputCopyOf(folder);
  // A pipe's only copy is this one.
  const afresh = name === '-' ? 'pipe the file in again with "run - --again".' : `import ${name} again: ${again}`;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(copy), hash);
  } catch (error) {
    throw new RunError('copy_changed', `The run's copy of the input can't be read: ${copy}`, {
      hint: `Restore the file from a backup, or ${afresh}`,
      cause: error,
    });
  }
  if (hash.digest('hex') === sha256) return;
  throw new RunError('copy_changed', `The run's copy of the input was changed after it was checked: ${copy}`, {
    hint: `Nothing was sent, and the reports stay as they are. Restore the file from a backup, or ${afresh}`,
  });
}
