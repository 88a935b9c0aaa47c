// The send pass without the ledger and without reports: what those two cost is the difference. Prints rows per second.
import { readFileSync } from 'node:fs';
import { openCsv } from '../../dist/csv/reader.js';
import { compileMapping } from '../../dist/core/mapping/compile.js';
import { systemClock } from '../../dist/flow/clock.js';
import { Credentials } from '../../dist/gleantap/credentials.js';
import { createStop } from '../../dist/run/events.js';
import { openApiSession } from '../../dist/run/requests/api-session.js';
import { createRequestRunner } from '../../dist/run/requests/request-runner.js';
import { sendPass } from '../../dist/run/send/send-pass.js';
import { createSendRow } from '../../dist/run/send/send-row.js';

const [, , file, url, connections] = process.argv;
const concurrency = Number(connections);
const mapping = JSON.parse(readFileSync('mapping.json', 'utf8'));
const csv = await openCsv(file, {});
const map = compileMapping(mapping, csv.header, { today: '2026-11-24', extraTags: { add: [], remove: [] } });
const ports = {
  clock: systemClock,
  waits: systemClock,
  random: Math.random,
  emit: () => undefined,
  stop: createStop(),
};
const credentials = new Credentials({ apiKey: 'k', secretKey: 's', appId: 'a', source: 'bench', warnings: [] });
const options = { rate: 0, concurrency, timeout: 30_000, attempts: 6, maxOutage: 600_000 };
const { client, limiter, close } = openApiSession({ origin: new URL(url), credentials, options }, ports);
const runner = createRequestRunner({ ...options, ...ports, limiter, ignoreRefusals: true });
const { health } = runner;
let rows = 0;
/** A ledger that forgets at once. */
const ledger = new Proxy(
  { countRows: () => ({ succeeded: 0 }), rowsAfter: () => [], book: () => (rows += 1) },
  { get: (known, name) => known[name] ?? (() => []) },
);
const start = performance.now();
const sendRow = createSendRow(runner, client);
await sendPass({ ...ports, csv, map, ledger, run: 1, sendRow, health, concurrency, logValues: false });
console.log(rows / ((performance.now() - start) / 1000));
close();
