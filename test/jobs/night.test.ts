import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockAccount } from '../../src/ledger/account-lock.ts';
import { locationStates } from '../../src/report/night.ts';
import { canaries, gleantapImport, simulator } from '../cli/harness.ts';
import { Gyms } from './gyms.ts';

/** What `night.html` shows, read as a browser would: each location with its state, its text and what it links to. */
function readPage(html: string) {
  const text = (markup: string): string =>
    markup
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
      .replaceAll(/\s+/g, ' ');
  const [, list = ''] = /<ol class="findings locations">([\s\S]*?)<\/ol>/.exec(html) ?? [];
  const open = list.split('<b class="state').slice(1);
  const folded = /<details class="fold"[^>]*>\s*<summary>(?:(?!<summary>)[\s\S])*<table>[\s\S]*<\/details>/.exec(html);
  return {
    states: open.map((item) => /^ \w+">([^<]+)/.exec(item)?.[1]),
    names: open.map((item) => /<h3>\s*<bdi>([^<]+)/.exec(item)?.[1]),
    texts: open.map((item) => text(item.slice(item.indexOf('>') + 1))),
    fine: [...(folded?.[0] ?? '').matchAll(/<th scope="row">[\s\S]*?<bdi>([^<]+)/g)].map(([, name]) => name),
    links: [...html.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => decodeURIComponent(link)),
    tiles: Object.fromEntries([...html.matchAll(/<b>(\d+)<\/b\s*>([a-z ]+)<\/li>/g)].map(([, n, state]) => [state, n])),
    text: text(html),
  };
}

const hostile = '<img src=x onerror=alert(1)> [a](http:b) `c` <!channel> @team.json';

/** A second night: wrong keys, a held export, an account in use, failed rows, a mapping with mistakes, and four that are fine. */
async function secondNight() {
  const gyms = await Gyms.open(await simulator({ credentials: undefined }));
  const names = ['keys', 'held', 'busy', 'rows', 'mapping', 'hostile', 'cafe', 'tolerated', 'fine', 'quiet_one'];
  for (const name of names) await gyms.add(name, 30);
  await gyms.save();
  expect(await gyms.batch('--yes', '--new-ledger', '-o', 'first')).toMatchObject({ code: 0 });

  const strict = await simulator({ credentials: { ...canaries, secretKey: 'another', appId: 'keys' } });
  for (const name of names) await gyms.export(name, 2, name === 'held' ? 5 : 32);
  for (const name of ['rows', 'tolerated'])
    await gyms.change(`${name}-2.csv`, (text) => text.replace('0@example.com', '@').replace('1@example.com', ''));
  await gyms.write('mapping.json', JSON.stringify({ version: 1, name: 'mapping', fields: { emial: 'Email' } }));
  Object.assign(gyms.job('cafe'), { name: 'Café 1' });
  Object.assign(gyms.job('hostile'), { mapping: hostile });
  Object.assign(gyms.job('keys').options, { baseUrl: strict.url });
  Object.assign(gyms.job('tolerated').options, { tolerate: 5 });
  await gyms.save();
  const lock = lockAccount(`${new URL(gyms.server.url).origin} busy`);
  onTestFinished(() => lock.release());
  const out = path.join(gyms.cwd, 'second');
  return { gyms, out, read: async (file: string) => readFile(path.join(out, file), 'utf8') };
}

it('night.html, night.md and next: what needs something with its hint, the worst first, held ones too; the others are folded', async () => {
  const { gyms, out, read } = await secondNight();
  const night = await gyms.batch('--yes', '-o', out);
  expect(night.codes).toMatchObject({ keys: 3, held: 5, busy: 75, rows: 1, mapping: 2, hostile: 2, tolerated: 0 });
  const open = ['mapping', 'hostile', 'keys', 'held', 'busy', 'rows'];
  expect(night.summary.next).toBe(`gleantap-import batch jobs.json --only keys,held,busy,rows,mapping,hostile --yes`);

  const page = readPage(await read('night.html'));
  expect(page.names).toEqual(open);
  expect(page.states).toEqual(['failed', 'failed', 'failed', 'held', 'run again', 'rows failed']);
  expect(page.fine).toEqual(['Café 1', 'tolerated', 'fine', 'quiet_one']);
  expect(page.tiles).toEqual({ failed: '3', held: '1', 'run again': '1', 'rows failed': '1', fine: '4' });
  const textOf = (name: string): string => page.texts[open.indexOf(name)] ?? '';
  expect(textOf('held')).toContain('--only held --accept-changes --yes');
  expect(textOf('held')).toMatch(/0 sent.*5 rows, usually 30/);
  expect(textOf('rows')).toMatch(/2 sent, 2 new, 0 changed, 2 failed.*failure\.csv/);
  for (const job of night.summary.jobs ?? []) {
    const { error } = job as { error?: { code: string; message: string; hint?: string } };
    if (error === undefined) continue;
    // The gate has a hint of its own, with the batch's command.
    if (error.code !== 'held') expect(textOf(job.name)).toContain(error.hint);
    const lines = error.message.split('\n').map((line) => line.replace(/^ *- /, ''));
    if (error.code === 'mapping') for (const line of lines) expect(textOf(job.name)).toContain(line);
  }

  expect(page.links).toContain('rows/failure.csv');
  expect(page.links).toContain('tolerated/failure.csv');
  expect(page.links).toContain('Café 1/report.html');
  expect(page.links.filter((link) => !existsSync(path.join(out, link)))).toEqual([]);

  const mail = await read('night.md');
  expect(mail.split('\n')[0]).toBe('6 of 10 locations need attention');
  const items = [...mail.matchAll(/^- \*(.+?)\* ([a-z ]+?)(?: \(|:)/gm)].map(([, name, state]) => [name, state]);
  expect(items).toEqual(open.map((name, nth) => [name, page.states[nth]]));
  expect(mail).toContain(`\`${night.summary.next}\``);
  expect(mail).toMatch(/^Fine: Café 1 \(\d+ sent\), tolerated/m);
  // A name from outside is not read as markup by a browser, GitHub or Slack.
  expect(page.text).toContain('<img src=x');
  expect(await read('night.html')).not.toContain('<img');
  expect(mail).not.toMatch(/<img|<!channel|(?<!\\)\]\(http/);
  expect(mail).not.toMatch(/(?<![\w.])@team/);
});

it('--quiet prints what needs something and nothing else, with every line of an error', async () => {
  const { gyms, out } = await secondNight();
  const quiet = await gleantapImport(['batch', 'jobs.json', '--yes', '--quiet', '-o', out], { cwd: gyms.cwd });
  expect(quiet.code).toBe(2);
  expect(quiet.stderr).not.toMatch(/Error|Exit/);
  const headings = [...quiet.stdout.matchAll(/^ {2}(\S.*): ([a-z ]+)$/gm)].map(([, name, state]) => [name, state]);
  expect(headings.map(([name]) => name)).toEqual(['mapping', 'hostile', 'keys', 'held', 'busy', 'rows']);
  for (const [, state] of headings) expect(locationStates).toContain(state);
  expect(quiet.stdout).toMatch(/emial[\s\S]*first_name/);
  expect(quiet.stdout).not.toMatch(/Café|quiet_one|fine/);

  const good = await gleantapImport(['batch', 'jobs.json', '--yes', '--quiet', '--only', 'fine'], { cwd: gyms.cwd });
  expect(good.code).toBe(0);
  expect(good.stdout.trim()).toBe('SIMULATOR: NOTHING REACHED GLEANTAP');
});

it('a night on which nothing changed has sent nothing, and a rehearsal ends with a rehearsal', async () => {
  const gyms = await Gyms.open(await simulator({ credentials: undefined }));
  for (const name of ['all', 'changes']) await gyms.add(name, 10);
  Object.assign(gyms.job('all').options, { onlyChanged: false });
  await gyms.save();
  await gyms.batch('--yes', '--new-ledger');
  expect(await gyms.batch('--yes', '-o', 'again')).toMatchObject({ code: 0, requests: 0 });
  const mail = await readFile(path.join(gyms.cwd, 'again/night.md'), 'utf8');
  expect(mail).toContain('Fine: all (0 sent), changes (0 sent)');

  await gyms.change('all-1.csv', (text) => text.replace('0@example.com', '@'));
  const dry = await gyms.batch('--dry-run', '-o', 'dry');
  expect(dry).toMatchObject({ code: 1, requests: 0 });
  expect(dry.summary.next).toBe('gleantap-import batch jobs.json --only all --dry-run');
  const page = readPage(await readFile(path.join(gyms.cwd, 'dry/night.html'), 'utf8'));
  expect(page.names).toEqual(['all']);
  expect(page.links).toEqual(['all/report.html', 'all/failure.csv', 'changes/report.html']);
  expect(page.links.filter((link) => !existsSync(path.join(gyms.cwd, 'dry', link)))).toEqual([]);
});
