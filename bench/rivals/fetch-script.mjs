// What a user would write: csv-parse, p-limit and global fetch, all rows enqueued. Prints rows sent per second.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import pLimit from 'p-limit';

const [, , file, url, concurrency] = process.argv;
const rows = [];
for await (const row of createReadStream(file).pipe(parse({ columns: true }))) rows.push(row);
const limit = pLimit(Number(concurrency));
const start = performance.now();
await Promise.all(
  rows.map((row) =>
    limit(async () => {
      const response = await fetch(`${url}/v2/ExternalApi/newContact`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-API-KEY': 'bench-key', 'X-SECRET-KEY': 'bench-secret' },
        body: JSON.stringify({
          app_id: 'bench-app',
          user_id: row['Member ID'],
          first_name: row['First Name'],
          last_name: row['Last Name'],
          email: row['Email'],
          phone: row['Mobile Phone'],
          address: row['Street'],
          city: row['City'],
          state: row['State'],
          zip: row['Zip'],
          status: row['Status'],
          location: row['Location'],
          tags: row['Groups'],
        }),
      });
      return response.json();
    }),
  ),
);
console.log(rows.length / ((performance.now() - start) / 1000));
