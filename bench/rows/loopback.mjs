import { createReadStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse';
import { alternate, has, importFile, median, ratio, rival, run, withServer, workplace } from '../measure.mjs';

/** Enough for the compiler to finish optimizing. */
const rows = 40_000;
const concurrency = 32;

/** The send pass on loopback, without latency, against a user's script and against the limit. */
export async function loopback({ members }) {
  const file = await members(rows);
  const few = await members(2000);
  const bodies = await writeBodies(few);
  const python = '/usr/bin/python3';
  const number = async (command, args) => Number((await run(command, args, { isPinned: true })).stdout);
  return withServer(0, async (url) => {
    const subjects = {
      ours: async () => (await importFile(file, url, { args: ['-c', String(concurrency)], codes: [0, 1] })).summary.traffic.perSecond, // prettier-ignore
      bare: () => number('node', [rival('send-pass-alone.mjs'), file, url, String(concurrency)]),
      fetch: () => number('node', [rival('fetch-script.mjs'), file, url, String(concurrency)]),
      ...(has(python, ['-c', 'import requests']) ? { requests: () => number(python, [rival('requests_script.py'), few, url]) } : {}), // prettier-ignore
      ...(has(python, ['-c', 'import aiohttp']) ? { aiohttp: () => number(python, [rival('aiohttp_script.py'), few, url]) } : {}), // prettier-ignore
      limit: () => number('node', [rival('autocannon-limit.mjs'), bodies, url, String(concurrency)]),
    };
    const results = await alternate(3, subjects);
    // So slow that one run is enough.
    if (has('curl', ['--version'])) results.curl = [await number('sh', [rival('xargs-curl.sh'), bodies, url])];
    const against = (name, what, least) =>
      results[name] === undefined
        ? { what: `${what}: skipped, not on this machine` }
        : {
            what,
            unit: 'x',
            ...ratio(results.ours.slice(-results[name].length), results[name]),
            ...(least === undefined ? {} : { least }),
          };
    return [
      against('fetch', 'send pass / csv-parse + p-limit + fetch: rows/s', 4),
      against('aiohttp', 'send pass / Python aiohttp: rows/s', 3),
      against('requests', 'send pass / Python requests, 32 threads: rows/s', 7),
      against('curl', 'send pass / xargs -P 32 curl: rows/s'),
      against('limit', 'send pass / autocannon, the limit: rows/s'),
      against('bare', 'send pass / the same without ledger: rows/s'),
      { what: 'send pass on loopback', unit: 'rows/s', median: Math.round(median(results.ours)) },
    ];
  });
}

/** Bodies as the scripts send them, one JSON object per line. */
async function writeBodies(file) {
  const lines = [];
  for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
    lines.push(JSON.stringify({ app_id: 'bench-app', user_id: row['Member ID'], first_name: row['First Name'], last_name: row['Last Name'], email: row['Email'], phone: row['Mobile Phone'], city: row['City'], state: row['State'], zip: row['Zip'] })); // prettier-ignore
  }
  const bodies = path.join(workplace, 'bodies.ndjson');
  writeFileSync(bodies, `${lines.join('\n')}\n`);
  return bodies;
}
