import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import { exitCodeOf } from '../../../src/core/outcome/exit-codes.ts';
import { RunError } from '../../../src/core/outcome/run-error.ts';
import type { CsvFile } from '../../../src/csv/reader.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { reportPass } from '../../../src/run/report/report-pass.ts';
import type { Summary } from '../../../src/report/summary.ts';
import { gleantapImport } from '../../cli/harness.ts';
import { newFile } from '../../ledger/folder.ts';
import { peopleAt, runArguments } from '../send/case.ts';
import { answer, good, rawServer } from '../send/raw-server.ts';

describe('a report pass', () => {
  const header = ['First', 'Last'];
  const csv: CsvFile = {
    header,
    headerRow: 1,
    report: undefined,
    settings: { encoding: 'utf-8', delimiter: ',', quote: '"' },
    async *batches() {
      const rows = [2, 3, 4].map((row) => ({ row, sourceRow: row, cells: ['Ana', 'Diaz'] }));
      yield await Promise.resolve({ rows, blank: 0, repeatedHeaders: 0, footer: 0 });
    },
  };
  const fields = { first_name: 'First', last_name: 'Last' };
  const map = compileMapping({ version: 1, name: 'people', fields }, header, {
    today: '2026-11-27',
    extraTags: { add: [], remove: [] },
  });

  /** The exit code of a pass over three rows, and of a ledger that holds these rows as sent. */
  async function exitOf(sentRows: readonly number[], read: number, tamper?: (ledger: Ledger) => Ledger) {
    const file = await newFile();
    const ledger = openLedger(file);
    onTestFinished(() => ledger.close());
    for (const row of sentRows) ledger.decide(1, { ...undecided, row, outcome: 'succeeded', id: 'x' });
    ledger.flush();
    const input = {
      csv,
      map,
      ledger: tamper?.(ledger) ?? ledger,
      run: 1,
      folder: path.dirname(file),
      dateColumns: new Set<number>(),
      hasDamage: false,
      read,
      listUnchanged: false,
      mustRead: false,
      onRow: () => undefined,
    };
    try {
      await reportPass(input);
      return 0;
    } catch (error) {
      return error instanceof RunError ? exitCodeOf(error.code) : undefined;
    }
  }

  it('succeeds when all rows add up', async () => {
    expect(await exitOf([], 3)).toBe(0);
    expect(await exitOf([2, 3], 3)).toBe(0);
    expect(await exitOf([2, 3, 4], 3)).toBe(0);
  });

  it('ends with 70 when the ledger has a row that the file does not have', async () => {
    expect(await exitOf([2, 3, 4, 5], 3)).toBe(70);
  });

  it('ends with 70 when the file has fewer or more rows than were checked', async () => {
    expect(await exitOf([2], 4)).toBe(70);
    expect(await exitOf([2], 2)).toBe(70);
  });

  it('ends with 70 when the counts of the ledger differ from its rows', async () => {
    const miscount = (ledger: Ledger): Ledger => ({
      ...ledger,
      countRows: (run) => ({ ...ledger.countRows(run), failed: 1 }),
    });
    expect(await exitOf([2, 3], 3, miscount)).toBe(70);
  });
});

describe('a run whose rows do not add up', () => {
  /** A run of three people that was stopped after the first, and what resumes it. */
  async function stopped() {
    const cwd = await peopleAt(3);
    const server = await rawServer({ acts: { '2': [answer(401), good] } });
    const first = await gleantapImport(runArguments(`http://127.0.0.1:${server.port}`, { '-c': '1' }), { cwd });
    expect(first.code).toBe(3);
    const out = path.join(cwd, 'out');
    const { ledger, run } = JSON.parse(await readFile(path.join(out, 'run.json'), 'utf8')) as {
      ledger: string;
      run: number;
    };
    const resume = async () => gleantapImport(['resume', 'out', '--rate', '0', '--json'], { cwd });
    return { out, run, ledgerFile: ledger, resume };
  }
  const stateOf = (file: string, run: number): string | undefined => {
    const ledger = openLedger(file);
    try {
      return ledger.findRun(run)?.state;
    } finally {
      ledger.close();
    }
  };

  it('ends with 70 when its ledger was changed, and is not finished', async () => {
    const { ledgerFile, run, resume } = await stopped();
    const ledger = openLedger(ledgerFile);
    ledger.book(run, { ...undecided, row: 99, outcome: 'succeeded', id: 'x' });
    ledger.close();
    const { code, stdout } = await resume();
    expect(code).toBe(70);
    expect(JSON.parse(stdout) as Summary).toMatchObject({ exitCode: 70, error: { code: 'bug' } });
    expect(stateOf(ledgerFile, run)).not.toBe('finished');
  });

  it('is not continued when its copy of the input lost a row, and is not finished', async () => {
    const { out, ledgerFile, run, resume } = await stopped();
    const copy = path.join(out, 'input.csv');
    const lines = (await readFile(copy, 'utf8')).trimEnd().split('\n');
    await writeFile(copy, `${lines.slice(0, -1).join('\n')}\n`);
    const { code, stdout } = await resume();
    expect(code).toBe(4);
    expect(JSON.parse(stdout) as Summary).toMatchObject({ exitCode: 4, error: { code: 'copy_changed' } });
    expect(stateOf(ledgerFile, run)).not.toBe('finished');
  });
});
