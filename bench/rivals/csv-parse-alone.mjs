// csv-parse and nothing else: rows as arrays, counted.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';

let rows = 0;
for await (const cells of createReadStream(process.argv[2]).pipe(parse({ bom: true })))
  rows += cells.length > 0 ? 1 : 0;
console.log(rows);
