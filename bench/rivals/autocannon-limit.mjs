// The limit: autocannon with the same bodies, counting answers. Prints requests per second.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [, , bodies, url, connections] = process.argv;
const headers = { 'Content-Type': 'application/json', 'X-API-KEY': 'bench-key', 'X-SECRET-KEY': 'bench-secret' };
const requests = readFileSync(bodies, 'utf8')
  .trimEnd()
  .split('\n')
  .map((body) => ({ method: 'POST', path: '/v2/ExternalApi/newContact', headers, body }));
const start = performance.now();
const result = await autocannon({ url, connections: Number(connections), amount: 40_000, requests });
console.log(result.requests.total / ((performance.now() - start) / 1000));
