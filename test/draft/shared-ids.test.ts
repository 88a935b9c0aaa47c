import { expect, it } from 'vitest';
import { KeyEvidence } from '../../src/draft/evidence/key-evidence.ts';

it('an id that appears with different names is reported with its first two rows', () => {
  const evidence = new KeyEvidence([0]);
  const rows = [['9', 'Eve'], ['7', 'Ana'], ['8', 'Bo'], ['7', 'Ana'], ['7', 'Cy'], ['8', 'Di']]; // prettier-ignore
  rows.forEach(([id = '', name = ''], index) => evidence.add(index + 2, [id], name, name));
  expect(evidence.verdicts().get(0)).toMatchObject({ shared: 2, sharedRows: [3, 6] });
});
