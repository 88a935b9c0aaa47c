// The send pass without the ledger and without reports: what those two cost is the difference. Prints rows a second.
import { readFileSync } from 'node:fs';
import { openCsv } from '../../dist/csv/reader.js';
import { compileMapping } from '../../dist/core/mapping/compile.js';
import { systemClock } from '../../dist/flow/clock.js';
import { Credentials } from '../../dist/gleantap/credentials.js';
import { createCaller } from '../../dist/run/calls.js';
import { createDeliver } from '../../dist/run/deliver.js';
import { createStop } from '../../dist/run/events.js';
import { openTraffic } from '../../dist/run/send.js';
import { sendPass } from '../../dist/run/send-pass.js';

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
const options = { rate: 0, concurrency, timeout: 30_000, attempts: 6, maxOutage: 600_000, logValues: false };
const traffic = openTraffic({ origin: new URL(url), credentials, options }, ports);
const caller = createCaller({ ...options, ...ports, ...traffic, hadSuccess: false });
const deliver = createDeliver(caller, traffic.client);
let rows = 0;
/** A ledger that forgets at once. */
const ledger = new Proxy(
  { countRows: () => ({ succeeded: 0 }), countProvisional: () => 0, rowsAfter: () => [], book: () => (rows += 1) },
  { get: (known, name) => known[name] ?? (() => []) },
);
const start = performance.now();
await sendPass({ ...ports, csv, map, ledger, run: 1, deliver, concurrency, acceptRefusals: true, logValues: false });
console.log(rows / ((performance.now() - start) / 1000));
traffic.close();
