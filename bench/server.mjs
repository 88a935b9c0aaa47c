// The server of all benchmarks: just enough to answer a newContact and list people. Started with `node server.mjs <latency in ms>`; prints its port.
import { createServer } from 'node:http';

const latency = Number(process.argv[2] ?? 0);
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
  // An empty account, so that no list of people costs the run anything.
  const body = request.url.endsWith('Customers') ? '{"members":[]}' : `{"status":"success","_id":"${count}"}`;
  request.resume();
  request.on('end', () => {
    const answer = () => {
      response.setHeader('Content-Type', 'application/json');
      response.end(body);
    };
    if (latency > 0) setTimeout(answer, latency);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => process.exit(0));
