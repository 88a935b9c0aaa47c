import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, simulator, workplace } from './harness.ts';

async function gymOf(rows: readonly string[]) {
  const server = await simulator({});
  const cwd = await workplace();
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Email', ...rows, ''].join('\n'));
  const sending = ['--base-url', server.url, '--yes', '--rate', '0', '--json', '-o', 'out'];
  return {
    server,
    read: (name: string) => readFile(path.join(cwd, 'out', name), 'utf8'),
    run: async () => {
      const ended = await gleantapImport(['run', 'people.csv', ...sending], { cwd });
      return { ...ended, summary: JSON.parse(ended.stdout) as Summary };
    },
    check: () => gleantapImport(['check', 'people.csv', '-o', 'checked'], { cwd }),
  };
}

it('two user_ids that Gleantap may treat as one person are listed by row, before and after', async () => {
  const gym = await gymOf([
    '1,Ana,Diaz,ana@example.com',
    '2,Bo,Lee,bo@example.com',
    '3,Ana,Diaz,ana@example.com',
    'aBc,Cy,Park,cy@example.com',
    'abC,Di,Ray,di@example.com',
  ]);
  const checked = await gym.check();
  expect(checked.code).toBe(0);
  expect(checked.stdout).toMatch(/same_keys_other_user_id +2 +rows 2, 4/);
  expect(checked.stdout).toMatch(/user_id_case_differs +2 +rows 5, 6/);
  expect(checked.stdout).toContain('Rows 2 and 4');
  const { code, stderr, summary } = await gym.run();
  expect(code).toBe(0);
  // The simulator finds by email and first name, and ignores case: it has merged both pairs.
  expect(gym.server.contacts()).toHaveLength(3);
  expect(summary.warnings).toEqual({ same_keys_other_user_id: 2, user_id_case_differs: 2 });
  expect(summary.merged).toMatchObject({
    contacts: 2,
    rows: [
      [2, 4],
      [5, 6],
    ],
  });
  expect(stderr).toContain('rows 2 and 4');
  const success = await gym.read('success.csv');
  expect(success).toContain('same_keys_other_user_id (row 4)');
  expect(success).toContain('same_keys_other_user_id (row 2)');
  expect(success).toContain('user_id_case_differs (row 6)');
});

it('one user_id with two names is never sent: each row names the other', async () => {
  const gym = await gymOf(['1,Ana,Diaz,ana@example.com', '1,Ben,Diaz,ben@example.com', '2,Bo,Lee,bo@example.com']);
  const { code, summary } = await gym.run();
  expect(code).toBe(1);
  expect(summary.problems).toEqual({ user_id_two_names: 2 });
  expect(summary.merged).toBeUndefined();
  expect(gym.server.contacts().map(({ first_name: name }) => name)).toEqual(['Bo']);
  const failure = await gym.read('failure.csv');
  expect(failure).toContain('row 3');
  expect(failure).toContain('row 2');
});
