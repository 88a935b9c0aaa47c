import { resolveSettings } from '../../config/settings.ts';
import { nextOfRun } from '../../run/next-step.ts';
import { historyOf, historySentence } from '../../run/report/correction-history.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { openKnownLedger } from '../run-reference.ts';
import { count, table } from '../text/words.ts';
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
    if (list.length === 0) printLine(io.stdout, 'No runs yet.');
    const rows = list.map((record) => {
      const { succeeded, failed, unknown, skipped } = record.counts;
      const ended = succeeded + failed + unknown + skipped;
      return [
        String(record.id),
        record.started.slice(0, 16).replace('T', ' '),
        record.state,
        `${count(succeeded)} of ${count(record.read)}`,
        count(failed),
        count(unknown),
        count(Math.max(0, record.read - ended)),
        record.account,
        record.inputName,
        record.next ?? '',
      ];
    });
    const header = [
      'run',
      'started (UTC)',
      'state',
      'succeeded',
      'failed',
      'unknown',
      'pending',
      'account',
      'file',
      'next',
    ];
    if (rows.length > 0) for (const line of table([header, ...rows], '')) printLine(io.stdout, line);
    const statements = list.flatMap(({ rounds }) => (rounds === undefined ? [] : [historySentence(rounds)]));
    if (statements.length > 0) printLine(io.stdout, '\nOver all rounds, corrected reports included:');
    for (const statement of statements) printLine(io.stdout, `  ${statement}`);
    return 0;
  } finally {
    ledger.close();
  }
};
