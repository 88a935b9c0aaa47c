import { expect, it } from 'vitest';
import { KeyEvidence } from '../../src/draft/evidence/key-evidence.ts';
import { draftOf } from './folder.ts';

it('an id that appears with different names is reported with its first two rows', () => {
  const evidence = new KeyEvidence([0]);
  const rows = [['9', 'Eve'], ['7', 'Ana'], ['8', 'Bo'], ['7', 'Ana'], ['7', 'Cy'], ['8', 'Di']]; // prettier-ignore
  rows.forEach(([id = '', name = ''], index) => evidence.add(index + 2, [id], name, name));
  expect(evidence.verdicts().get(0)).toMatchObject({ shared: 2, sharedRows: [3, 6] });
});

it('the question about an id that stands with different names names the id and the rows', async () => {
  const rows = ['A-1,Ana,Diaz,ana@example.com', 'A-7,Bo,Lee,bo@example.com', 'A-7,Cy,Lee,cy@example.com'];
  const { questions } = await draftOf(`Member ID,First Name,Last Name,Email\n${rows.join('\n')}\n`);
  const question = questions.find(({ id }) => id === 'user_id');
  expect(question?.because.join(' ')).toMatch(/"A-7".*rows 3 and 4/);
});

it('asks which row of a person is sent only if the rows of one person differ in status or start date', async () => {
  const asks = async (...rows: string[]): Promise<boolean> => {
    const { questions } = await draftOf(`First Name,Last Name,Email,Status,Start Date\n${rows.join('\n')}\n`);
    return questions.some(({ id }) => id === 'people');
  };
  const ana = 'Ana,Diaz,ana@example.com,Active,2024-01-20';
  expect(await asks(ana, ana, 'Ben,Diaz,ana@example.com,Expired,2023-01-20')).toBe(false);
  expect(await asks(ana, 'Ana,Diaz,ana@example.com,Expired,2024-01-20')).toBe(true);
  expect(await asks(ana, 'Ana,Diaz,ana@example.com,Active,2025-01-20')).toBe(true);
});
