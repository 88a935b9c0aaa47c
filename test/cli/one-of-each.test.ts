import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, simulator, workplace } from './harness.ts';

/** "1 rows", "1 row are": a count that does not go with its words. */
const mismatch =
  /(?<![\d.,:/-])1 (?:rows|people|persons|columns|cells|lines|requests|contacts|cases|minutes|examples|questions|times|answers|jobs)\b|(?<![\d.,:/-])1 (?:row|person|column|cell|line|contact) (?:are|have|get|belong|were)\b/;

const fields = {
  user_id: 'Id',
  first_name: { column: 'First', default: 'Friend' },
  last_name: 'Last',
  email: 'Email',
  dob: { column: 'Born', format: 'M/D/YYYY' },
  optin_sms: { column: 'Texts', yes: ['yes'], no: ['no'] },
  optout_email: { column: 'No mail', yes: ['x'], no: ['y'], liftOptOut: true, confirmed: true },
  tags: 'Groups',
};
const header = 'Id,First,Last,Email,Born,Texts,No mail,Groups';
const yes = '1,Ana,Diaz,ana@example.com,2/3/2001,yes,y,June';
const no = '2,,Lee,bo@example.com,2/4/2001,no,x,June';
const broken = '3,Cy,Orr,cy@example.com,2/30/2001,no,,';
const short = '4,Di';

/** Of everything that is counted there is `times` many. */
it.each([1, 2])('counts and their words go together where there are %i of each', async (times) => {
  const server = await simulator();
  const cwd = await workplace();
  const rows = Array.from({ length: times }, (_, index) =>
    [yes, no, broken, short].map((row) => `${index}${row.replaceAll('@', `${index}@`)}`),
  ).flat();
  await writeFile(path.join(cwd, 'people.csv'), [header, ...rows, ''].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  const common = ['--accept-optouts', '--base-url', server.url, '--rate', '0', '--yes'];
  const printed = [
    await gleantapImport(['init', 'people.csv', '--mapping', 'draft.json'], { cwd }),
    await gleantapImport(['check', 'people.csv', '--accept-optouts', '--max-invalid', '0'], { cwd }),
    await gleantapImport(['check', 'people.csv', '--accept-optouts', '--show', '1'], { cwd }),
    await gleantapImport(['explain', 'people.csv', '--row', '5'], { cwd }),
    await gleantapImport(['run', 'people.csv', ...common, '--max-invalid', '0', '--out', 'refused'], { cwd }),
    await gleantapImport(['run', 'people.csv', ...common, '--out', 'out', '--log-level', 'info'], { cwd }),
    await gleantapImport(['run', 'people.csv', ...common], { cwd }),
    await gleantapImport(['run', 'out/failure.csv', ...common, '--out', 'second'], { cwd }),
    await gleantapImport(['report', 'out'], { cwd }),
    await gleantapImport(['runs'], { cwd }),
  ];
  expect(printed.map(({ code }) => code)).toEqual([0, 1, 1, 1, 2, 1, 1, 1, 0, 0]);
  const pages = await Promise.all(
    ['out', 'second', 'refused'].map(async (folder) => readFile(path.join(cwd, folder, 'report.html'), 'utf8')),
  );
  const texts = [...printed.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...pages];
  const lines = texts.flatMap((text) => text.replaceAll(/<[^>]*>/g, '').split('\n'));
  expect(lines.filter((line) => mismatch.test(line))).toEqual([]);
});
