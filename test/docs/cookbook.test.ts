import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sections } from './markdown.ts';
import { cook, readRecipe, stated } from './recipe.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/cookbook.md'), 'utf8');
const recipes = sections(page, 3).map(({ title, text }) => ({ title, recipe: readRecipe(text) }));

describe('every recipe in docs/cookbook.md gives the results in its table', () => {
  it.each(recipes)('$title', async ({ recipe }) => {
    // A recipe without a mapping and a table can't be tested.
    if (recipe === undefined) throw new Error('must have a JSON block and a table');
    const found = await cook(recipe);
    expect(found).toEqual(stated(recipe));
  });
});
