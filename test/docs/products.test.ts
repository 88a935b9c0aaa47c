import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../src/core/mapping/finding.ts';
import { readMapping } from '../../src/core/mapping/read.ts';
import { lintColumns, lintMapping } from '../../src/core/mapping/rules.ts';
import { recogniseProduct } from '../../src/draft/words/products.ts';
import { blocks, sections, tables } from './markdown.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/products');
const pages = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .sort();
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('the mapping on a product page fits the columns on it', () => {
  it.each(pages)('%s', (name) => {
    const page = read(name);
    const [csv = ''] = blocks(page, 'csv');
    const [json = ''] = blocks(page, 'json');
    const written = JSON.parse(json) as { csv?: { delimiter?: string } };
    const [header = []] = parse(csv, { delimiter: written.csv?.delimiter ?? ',' });

    // If `init` recognizes these columns, it must name this page.
    const words = ['Alumni', 'Prospect'].filter((word) => page.includes(word));
    const product = recogniseProduct(header, words);
    if (product?.slug !== undefined) expect(`${product.slug}.md`).toBe(name);

    const { mapping, findings } = readMapping(written);
    if (mapping === undefined) throw new Error(JSON.stringify(findings));
    const open = findings.filter(({ problem }) => problem.startsWith('is undecided'));
    expect(findings.filter((finding) => !open.includes(finding))).toEqual([]);
    const others = [...lintMapping(mapping), ...lintColumns(mapping, header)];
    expect(others.filter((finding) => !open.some(({ path: place }) => isWithin(place, finding.path)))).toEqual([]);

    // The page must list the open questions.
    const questions = sections(page, 2).find(({ title }) => title.startsWith('Questions'))?.text ?? '';
    for (const { path: place } of open) {
      const field = place.split('.').find((part) => part !== 'fields') ?? '';
      expect(questions).toContain(`\`${field}\``);
    }
  });
});

it('every product that `init` recognizes has a page', () => {
  const known = JSON.parse(
    readFileSync(path.resolve(folder, '../../src/draft/words/products.json'), 'utf8'),
  ) as readonly { readonly slug?: string }[];
  const slugs = known.flatMap(({ slug }) => (slug === undefined ? [] : [`${slug}.md`]));
  expect(slugs.length).toBeGreaterThan(10);
  expect(slugs.filter((slug) => !pages.includes(slug))).toEqual([]);
});

it('the list contains every page', () => {
  const [list] = tables(read('README.md'));
  const named = list?.rows.map(([link = '']) => /\]\(([^()]*)\)$/.exec(link)?.[1]);
  expect(named?.toSorted()).toEqual(pages);
});
