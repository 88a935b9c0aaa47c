import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gleantapImport, workplace } from '../../cli/harness.ts';
import { draftIn, env, expectImported, membersOf } from './import-gym.ts';

describe('what a file leaves open is a question, and nothing else is', () => {
  it.each(['abc-datatrak', 'glofox', 'gymflow', 'gymmaster', 'teamup', 'wodify'])('%s', async (product) =>
    expectImported(product),
  );
});

it('the totals of another night are not people either', async () => {
  const cwd = await workplace();
  await draftIn(cwd, 'abc-datatrak');
  const tonight = (await readFile(membersOf('abc-datatrak'), 'utf8'))
    .replaceAll(': 14', ': 15')
    .replace('Grand Total,,28', 'Grand Total,,1029')
    .replace('Page 2 of 2', 'Page 3 of 3');
  await writeFile(path.join(cwd, 'tonight.csv'), tonight);
  expect(await gleantapImport(['check', 'tonight.csv'], { cwd, env })).toMatchObject({ code: 0 });
});
