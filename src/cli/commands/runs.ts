import { resolveSettings } from '../../config/settings.ts';
import { nextOfRun } from '../../run/next-step.ts';
import { historyOf } from '../../run/report/correction-history.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { openKnownLedger } from '../run-reference.ts';
import { runLines } from '../text/runs.ts';
import { screenOf } from '../text/screen.ts';
import type { PlainCommand } from './command.ts';

export const runs: PlainCommand<object> = async ({ flags }, io: Io) => {
  const { values } = await resolveSettings(flags, io.environment);
  const ledger = openKnownLedger(values.ledger);
  try {
    const list = await Promise.all(
      ledger.listRuns().map(async (record) => {
        const rounds = record.kind === 'report' ? undefined : await historyOf(ledger, record);
        const listed = { ...record, counts: ledger.countRows(record.id), ...(rounds === undefined ? {} : { rounds }) };
        return { ...listed, next: await nextOfRun(ledger, record) };
      }),
    );
    if (values.json) {
      printLine(io.stdout, JSON.stringify(list, undefined, 2));
      return 0;
    }
    for (const line of runLines(list, screenOf(io.stdout, io.environment))) printLine(io.stdout, line);
    return 0;
  } finally {
    ledger.close();
  }
};
