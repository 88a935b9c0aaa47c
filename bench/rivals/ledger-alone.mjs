// The ledger by itself: records this many outcomes. Prints microseconds per row.
import { openLedger } from '../../dist/ledger/ledger.js';

const [, , file, rows] = process.argv;
const ledger = openLedger(file);
const text = 'bench';
const run = ledger.createRun({ started: new Date(0).toISOString(), identity: text, account: text, feed: text, inputName: text, inputSha: text, out: text }); // prettier-ignore
const start = performance.now();
for (let row = 2; row <= Number(rows) + 1; row += 1) {
  ledger.book(run.id, { row, outcome: 'succeeded', code: undefined, person: undefined, provisional: false, id: `id-${row}`, attempts: 1, status: 200, detail: undefined, warnings: undefined }); // prettier-ignore
  // As many as a run on loopback records in one commit.
  if (row % 2000 === 0) ledger.flush();
}
ledger.flush();
console.log(((performance.now() - start) * 1000) / Number(rows));
ledger.close();
