import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sections } from './markdown.ts';
import { cook, readRecipe, stated } from './recipe.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/cookbook.md'), 'utf8');
const recipes = sections(page, 3).map(({ title, text }) => ({ title, recipe: readRecipe(text) }));

describe('every recipe of docs/cookbook.md does what its table says', () => {
  it.each(recipes)('$title', async ({ recipe }) => {
    // A recipe without mapping and table would be a promise that nobody checks.
    if (recipe === undefined) throw new Error('needs a block of JSON and a table');
    const found = await cook(recipe);
    expect(found).toEqual(stated(recipe));
  });
});
