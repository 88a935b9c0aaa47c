import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { gymOf } from './gym.ts';

type Answer = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];

/** A proxy for a server that answers calls for the list of opt-outs itself, until its answers are used up. */
async function before(url: string, answers: readonly Answer[], forEver = false): Promise<string> {
  let nth = 0;
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const isList = incoming.url?.endsWith('/getOptoutCustomers') === true;
    const answer = isList ? (answers[nth] ?? (forEver ? answers.at(-1) : undefined)) : undefined;
    if (isList) nth += 1;
    if (answer !== undefined) {
      const [status, body, headers = {}] = answer;
      incoming.resume();
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      return;
    }
    const { method, headers } = incoming;
    const onward = forward(new URL(incoming.url ?? '/', url), { method, headers }, (came) => {
      outgoing.writeHead(came.statusCode ?? 500, came.headers);
      came.pipe(outgoing);
    });
    incoming.pipe(onward);
  };
  const server = createServer(pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const optedOut = { first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', optin_sms: false };
const agreeing = [
  { First: 'Ana', Last: 'Diaz', Email: 'ana@example.com', Texts: 'yes' },
  { First: 'Bob', Last: 'Hall', Email: 'bob@example.com', Texts: 'yes' },
];

it('reads the list despite temporary faults', async () => {
  const gym = await gymOf({ contacts: [optedOut] });
  await gym.export(agreeing);
  const url = await before(gym.server.url, [
    [500, '{}'],
    [429, '{}', { 'retry-after': '1' }],
    [200, '{"members": [{"id"'],
  ]);
  const { code, summary } = await gym.run('--base-url', url);
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: 1 });
  expect(gym.server.contacts().map(({ optin_sms: sms }) => sms)).toEqual([false, true]);
});

it.each([
  ['refused', [400, '{"message": "Invalid request"}'], 3, 'server_refuses'],
  ['an error that calls itself 200', [200, '{"status": "error", "message": "no"}'], 3, 'server_refuses'],
  ['a wait of a day', [429, '{}', { 'retry-after': '86400' }], 75, 'try_later'],
] as const)('%s: nothing is sent, no files are left behind', async (_name, answer, exitCode, error) => {
  const gym = await gymOf({ contacts: [optedOut] });
  await gym.export(agreeing);
  const url = await before(gym.server.url, [answer], true);
  const { code, summary } = await gym.run('--base-url', url, '--no-preflight');
  expect(code).toBe(exitCode);
  expect(summary.error).toMatchObject({ code: error });
  expect(summary.error?.hint).toContain('--no-respect-optouts');
  expect(gym.server.stats().requests).toBe(0);
  const left = readdirSync(path.join(gym.cwd, 'gleantap-import'));
  expect(left.filter((name) => !name.startsWith('ledger.db'))).toEqual([]);
});

const ana = { id: 'a1', firstname: 'Ana', lastname: 'Diaz', email: 'ana@example.com' };

it.each([
  ['an object with nothing in it', {}],
  ['null and an error word', { members: null, status: 'error' }],
  ['an error word alone', { result: 'error' }],
  ['success: false', { success: false }],
  ['a list by another name', { data: [ana] }],
])('an answer that is not a list is not an empty list: %s', async (_name, body) => {
  const gym = await gymOf({ contacts: [optedOut] });
  await gym.export(agreeing);
  const url = await before(gym.server.url, [[200, JSON.stringify(body)]], true);
  const { code, summary } = await gym.run('--base-url', url, '--no-preflight');
  expect({ code, sent: gym.server.stats().requests }).toEqual({ code: 3, sent: 0 });
  expect(summary.error?.hint).toContain('--no-respect-optouts');
});

it('null is an empty page, and one object is one person', async () => {
  const gym = await gymOf();
  await gym.export(agreeing);
  const pages = [{ members: null }, { members: ana }, { members: null, status: 'success' }];
  const url = await before(
    gym.server.url,
    pages.map((page) => [200, JSON.stringify(page)]),
  );
  const { code, summary } = await gym.run('--base-url', url, '--no-preflight');
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: 1 });
  expect(gym.server.contacts().map(({ optin_sms: sms }) => sms)).toEqual([undefined, true]);
});

it('everyone is read from a server that returns fewer people than requested', async () => {
  const people = Array.from({ length: 7 }, (_, nth) => ({ First: `P${nth}`, Last: 'L', Email: `p${nth}@example.com` }));
  const gym = await gymOf({
    pageCap: 3,
    contacts: people.map(({ First, Last, Email }) => ({
      first_name: First,
      last_name: Last,
      email: Email,
      optin_sms: false,
    })),
  });
  await gym.export(people.map((person) => ({ ...person, Texts: 'yes' })));
  const { code, summary } = await gym.run('--no-preflight');
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: 7 });
  expect(gym.server.contacts().every(({ optin_sms: sms }) => sms === false)).toBe(true);
});

it('a server that returns the same page forever: nothing is sent', async () => {
  const gym = await gymOf({ contacts: [optedOut] });
  await gym.export(agreeing);
  const url = await before(gym.server.url, [[200, JSON.stringify({ members: [ana] })]], true);
  const { code, summary } = await gym.run('--base-url', url, '--no-preflight');
  expect({ code, sent: gym.server.stats().requests }).toEqual({ code: 3, sent: 0 });
  expect(summary.error).toMatchObject({ code: 'server_refuses' });
});

it('when nothing depends on the list, a failure is a warning', async () => {
  const gym = await gymOf({ contacts: [optedOut] });
  await gym.export(agreeing.map((row) => ({ ...row, Texts: 'no' })));
  const url = await before(gym.server.url, [[400, '{"message": "Invalid request"}']], true);
  const withdrawing = await gym.run('--base-url', url, '--no-preflight');
  expect(withdrawing.code).toBe(0);
  expect(withdrawing.stderr).toContain('Invalid request');

  await gym.export(agreeing);
  expect((await gym.run('--base-url', url, '--no-preflight', '--no-respect-optouts')).code).toBe(0);
  expect(gym.server.contacts().map(({ optin_sms: sms }) => sms)).toEqual([true, true]);
});
