import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFileName, resolveSettings } from '../../src/config/settings.ts';
import type { Environment } from '../../src/config/settings.ts';
import { folderWith } from './folder.ts';

type Flags = Readonly<Record<string, unknown>>;

async function settings(given: { flags?: Flags; environment?: Environment; config?: string }) {
  const folder = await folderWith(given.config === undefined ? {} : { [configFileName]: given.config });
  const flags = { mapping: path.join(folder, 'mapping.json'), ...given.flags };
  return resolveSettings(flags, given.environment ?? {});
}

/** The message about settings that are refused. */
async function refusal(given: Parameters<typeof settings>[0]): Promise<string> {
  const error: unknown = await settings(given).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: expect.stringMatching(/^(usage|mapping)$/) });
  return (error as Error).message;
}

const inFlag = { flags: { rate: '1' } };
const inEnvironment = { environment: { GLEANTAP_IMPORT_RATE: '2' } };
const inConfig = { config: '{ "rate": 3, }' };

it.each([
  [{ ...inFlag, ...inEnvironment, ...inConfig }, 1, 'flag'],
  [{ ...inEnvironment, ...inConfig }, 2, 'environment'],
  [{ environment: { GLEANTAP_IMPORT_RATE: '' }, ...inConfig }, 3, 'config file'],
  [inConfig, 3, 'config file'],
  [{}, 5, 'default'],
])('%j gives %i from the %s', async (given, rate, source) => {
  const { values, sources } = await settings(given);
  expect([values.rate, sources.rate]).toEqual([rate, source]);
});

describe('the mapping', () => {
  it('can be named by a variable, and the config file next to it is used', async () => {
    const folder = await folderWith({ [configFileName]: '{"concurrency": 2}' });
    const mapping = path.join(folder, 'other.json');
    const { values, sources } = await resolveSettings({}, { GLEANTAP_IMPORT_MAPPING: mapping });
    expect([values.mapping, sources.mapping, values.concurrency]).toEqual([mapping, 'environment', 2]);
  });

  it('cannot be named by the config file that is found next to it', async () => {
    expect(await refusal({ config: '{"mapping": "x.json"}' })).toContain('mapping');
  });
});

it.each([
  ['a misspelt variable', { GLEANTAP_IMPORT_ONY_CHANGED: '1' }, 'did you mean GLEANTAP_IMPORT_ONLY_CHANGED?'],
  ['a setting of the config file alone', { GLEANTAP_IMPORT_GATE: '{}' }, 'GLEANTAP_IMPORT_GATE'],
])('%s is refused by name', async (_what, environment, named) => {
  expect(await refusal({ environment })).toContain(named);
});

it('variables of other programs, empty ones and those for tests are ignored', async () => {
  const environment = { HOME: '/', GLEANTAP_API_KEY: 'a', GLEANTAP_IMPORT_NONE: '', GLEANTAP_IMPORT_TEST_NOW: 'x' };
  expect((await settings({ environment })).values.rate).toBe(5);
});

describe('safeguards can be lifted by flags only', () => {
  it.each(['yes', 'again', 'acceptRefusals'])('%s', async (name) => {
    const variable = `GLEANTAP_IMPORT_${name.replace(/[A-Z]/, (letter) => `_${letter}`).toUpperCase()}`;
    expect((await settings({ flags: { [name]: true } })).values).toMatchObject({ [name]: true });
    expect(await refusal({ environment: { [variable]: 'true' } })).toContain(variable);
    expect(await refusal({ config: JSON.stringify({ [name]: true }) })).toContain(`"${name}"`);
    expect((await settings({ environment: { [variable]: '' } })).values).toMatchObject({ [name]: false });
  });
});

describe('an invalid setting', () => {
  it('is reported together with all others, each with its source', async () => {
    const message = await refusal({
      flags: { rate: 'fast', rows: '9-2' },
      environment: { GLEANTAP_IMPORT_TIMEOUT: 'soon' },
      config: '{"concurency": 2, "attempts": 0, "__proto__": 1}',
    });
    for (const part of [
      '--rate',
      '--rows',
      'GLEANTAP_IMPORT_TIMEOUT',
      '"concurency"',
      '"concurrency"',
      '"attempts"',
      '"__proto__"',
    ])
      expect(message).toContain(part);
  });

  it.each(['[]', '7', 'null', '{', '', '{"rate":1,"rate":2}'])('includes the config file %j', async (config) => {
    expect(await refusal({ config })).toContain(configFileName);
  });

  it('null is not a value', async () => {
    expect(await refusal({ config: '{"rate": null}' })).toContain('"rate"');
  });
});

it('names of properties that every object has are not options', async () => {
  expect(await refusal({ config: '{"constructor": 1, "toString": 2}' })).toMatch(/"constructor"[^]*"toString"/);
});
