import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, simulator, workplace } from './harness.ts';

/** util-linux' `script` gives a program a terminal. */
const hasScript = spawnSync('script', ['--version']).status === 0;
if (!hasScript) console.log('skipped: the question on a terminal (needs `script` of util-linux)');

/** Runs the command line on a terminal and types an answer when it asks. */
async function onTerminal(
  args: readonly string[],
  cwd: string,
  answers: readonly string[],
  isAsked = (screen: string, question: number): boolean => screen.split('Type "all"').length - 1 > question,
): Promise<{ code: number; screen: string }> {
  const command = [process.execPath, path.join(root, 'dist/cli/main.js'), ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 100; ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm' },
  });
  let screen = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    for (; isAsked(screen, asked); asked += 1) child.stdin.write(answers[asked] ?? '\u0003');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, screen };
}

describe.runIf(hasScript)('the question on a terminal', () => {
  it.each([
    ['all', ['all\r'], 0, 4],
    ['a number is a pilot of so many rows', ['2\r'], 0, 2],
    ['"pilot" sends the rows that use everything', ['pilot\r'], 0, 1],
    ['nonsense is asked again', ['yes\r', 'all\r'], 0, 4],
    ['nothing sends nothing', ['\r'], 2, 0],
    ['Ctrl-C sends nothing', ['\u0003'], 130, 0],
  ])('%s', async (_name, answer, expected, contacts) => {
    const server = await simulator();
    const cwd = await workplace();
    const rows = [1, 2, 3, 4].map((id) => `${id},First${id},Last${id}`);
    await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last', ...rows].join('\n'));
    const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
    const { code, screen } = await onTerminal(
      ['run', 'people.csv', '--base-url', server.url, '--rate', '0'],
      cwd,
      answer,
    );
    expect(code).toBe(expected);
    expect(server.contacts()).toHaveLength(contacts);
    expect(screen).toContain('SIMULATOR: NOTHING REACHED GLEANTAP');
  });
});

describe.runIf(hasScript)('the question on a terminal, after the account was read', () => {
  it('"hold" keeps back who would become a second person, and asks again about the rest', async () => {
    const server = await simulator({
      contacts: [{ first_name: 'Bo', last_name: 'Hall', email: 'family@example.com' }],
    });
    const cwd = await workplace();
    const rows = ['Kid,Hall,family@example.com', 'Bo,Hall,family@example.com', 'Eve,New,eve@example.com'];
    await writeFile(path.join(cwd, 'people.csv'), ['First,Last,Email', ...rows].join('\n'));
    const fields = { first_name: 'First', last_name: 'Last', email: 'Email' };
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
    const args = ['run', 'people.csv', '--compare', '--base-url', server.url, '--rate', '0'];
    const { code, screen } = await onTerminal(args, cwd, ['hold\r', 'all\r']);
    expect(code).toBe(1);
    expect(screen).toContain('1 new, 1 known (0 change), 1 would make a second person');
    expect(server.contacts().map(({ first_name: first }) => first)).toEqual(['Bo', 'Eve']);
  });
});

describe.runIf(hasScript)('the questions of init on a terminal', () => {
  it('Enter changes nothing, no matter how often it is pressed', async () => {
    const cwd = await workplace();
    const header = 'First Name,Last Name,Phone,DOB,Newsletter';
    const rows = ['Ana,Diaz,5551234,3/4/1983,yes', 'Ben,Cole,5551235,5/6/1990,no'];
    await writeFile(path.join(cwd, 'people.csv'), [header, ...rows, ''].join('\n'));
    const { code } = await onTerminal(['init', 'people.csv'], cwd, ['\r', '\r', '\r'], (screen, question) =>
      screen.includes(`${question + 1} of 3:`),
    );
    expect(code).toBe(0);
    const mapping = await readFile(path.join(cwd, 'mapping.json'), 'utf8');
    for (const open of ['"country": "?"', '"format": "?"', '"confirmed": "?"']) expect(mapping).toContain(open);
  });

  it('names and cells of the file do not control the terminal', async () => {
    const cwd = await workplace();
    const evil = '\u001b]0;owned\u0007\u202e\u009b2J';
    const rows = [`Ana,Diaz,5551234,3/4/1983,yes${evil}`, 'Ben,Cole,5551235,5/6/1990,no'];
    const header = `First Name,Last Name,Phone,DOB ${evil},Newsletter ${evil}`;
    await writeFile(path.join(cwd, 'people.csv'), [header, ...rows, ''].join('\n'));
    const { screen } = await onTerminal(['init', 'people.csv'], cwd, ['\r', '\r', '\r'], (text, question) =>
      new RegExp(String.raw`\b${question + 1} of \d+:`).test(text),
    );
    expect(screen).toContain('\\u001b]0;owned\\u0007\\u202e\\u009b2J');
    for (const code of ['\u001b]0;', '\u0007', '\u202e', '\u009b']) expect(screen).not.toContain(code);
  });
});
