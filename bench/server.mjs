// The server of all benchmarks: just enough to answer a newContact and list people. Started with `node server.mjs <latency in ms>
// [member list that the account holds]`; prints its port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const latency = Number(process.argv[2] ?? 0);
const people = process.argv[3] === undefined ? [] : peopleOf(readFileSync(process.argv[3], 'utf8'));
const hasPeople = people.length > 0;
let count = 0;
let arrivals = [];

const server = createServer((request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify({ count, arrivals }));
    arrivals = [];
    count = 0;
    return;
  }
  arrivals.push(performance.now());
  count += 1;
  const nth = count;
  let sent = '';
  if (hasPeople) request.setEncoding('utf8').on('data', (text) => (sent += text));
  else request.resume();
  request.on('end', () => {
    const answer = () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(bodyOf(request.url, sent, nth));
    };
    if (latency > 0) setTimeout(answer, latency);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => process.exit(0));

/** Without a member list, the account is empty, so that no list of people costs the run anything. */
function bodyOf(url, sent, nth) {
  if (!url.endsWith('Customers')) {
    const member = hasPeople ? /"email":"member\.(\d+)@/.exec(sent)?.[1] : undefined;
    return `{"status":"success","_id":"${member === undefined ? nth : `c${member}`}"}`;
  }
  if (!hasPeople) return '{"members":[]}';
  const { offset = 0, limit = 100, updated_since: since } = JSON.parse(sent);
  return JSON.stringify({ members: since === undefined ? people.slice(offset, offset + limit) : [] });
}

/** The people of a list from `data.mjs`, whose first columns are never quoted. */
function peopleOf(text) {
  return [...text.matchAll(/^\d{6},([^,\n]*),([^,\n]*),(member\.(\d+)@[^,\n]*),([^,\n]*),/gm)].map(
    ([, firstname, lastname, email, nth, phone]) => ({
      id: `c${nth}`,
      firstname,
      lastname: `${lastname} `,
      email,
      phone,
      last_location: 'Downtown',
      email_optout: 0,
      sms_optout: 0,
      created_date: '2026-01-01T00:00:00.000Z',
    }),
  );
}
