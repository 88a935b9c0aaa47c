import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCredentials } from '../../src/config/credentials.ts';
import type { CredentialValues } from '../../src/config/credentials.ts';
import { RunError } from '../../src/core/outcome/run-error.ts';
import { folderWith } from './folder.ts';

const all = { GLEANTAP_API_KEY: 'secret-a', GLEANTAP_SECRET_KEY: 'secret-s', GLEANTAP_APP_ID: 'app' };
const [api, secret, app] = Object.keys(all) as [string, string, string];
const envText = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

interface Given {
  readonly dotEnv?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Text of a file that is named by --env-file. */
  readonly envFile?: string;
  readonly files?: Readonly<Record<string, string>>;
}

async function find({ dotEnv, environment = {}, envFile, files = {} }: Given): Promise<CredentialValues> {
  const folder = await folderWith({
    ...files,
    ...(dotEnv === undefined ? {} : { '.env': dotEnv }),
    ...(envFile === undefined ? {} : { 'named.env': envFile }),
  });
  return findCredentials({
    envFile: envFile === undefined ? undefined : path.join(folder, 'named.env'),
    mappingFile: path.join(folder, 'mapping.json'),
    environment,
  });
}

async function refusal(given: Given): Promise<RunError> {
  const error: unknown = await find(given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RunError)) throw new Error('not refused', { cause: error });
  expect(error.code).toBe('usage');
  expect(`${error.message} ${error.hint}`).not.toContain('secret-');
  return error;
}

const values = { apiKey: 'secret-a', secretKey: 'secret-s', appId: 'app' };

describe('one source', () => {
  it('.env next to the mapping', async () => {
    expect(await find({ dotEnv: envText(all) })).toMatchObject({ ...values, warnings: [] });
  });
  it('the environment', async () => {
    expect(await find({ environment: all })).toMatchObject({ ...values, source: 'environment' });
  });
  it('the environment, with a .env that has the same values', async () => {
    expect(await find({ environment: all, dotEnv: envText({ [api]: 'secret-a', OTHER: 'x' }) })).toMatchObject({
      source: 'environment',
    });
  });
  it('the env file, regardless of the others', async () => {
    const found = await find({
      envFile: envText(all),
      environment: { ...all, [api]: 'secret-x' },
      dotEnv: envText({ ...all, [app]: 'y' }),
    });
    expect(found).toMatchObject(values);
    expect(found.source).toContain('named.env');
  });
  it('an empty variable counts as not set', async () => {
    expect(await find({ environment: { [api]: '', [app]: ' ' }, dotEnv: envText(all) })).toMatchObject(values);
  });
});

describe('a prefix names the variables of one account among several', () => {
  const prefixed = Object.fromEntries(Object.entries(all).map(([name, value]) => [`EAST_${name}`, value]));
  const look = async (environment: Record<string, string>, envFile?: string) => {
    const folder = await folderWith({ '.env': envText({ ...all, [app]: 'other' }) });
    return findCredentials({ envFile, envPrefix: 'EAST_', mappingFile: path.join(folder, 'm.json'), environment });
  };

  it('and neither the plain ones nor .env are read', async () => {
    expect(await look({ ...prefixed, ...all, [app]: 'other' })).toMatchObject(values);
    await expect(look(all)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(`EAST_${api}`) });
  });

  it('and an additional env file is one place too many', async () => {
    await expect(look(prefixed, 'east.env')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a mixture is refused, with both places named', () => {
  it.each<[string, Given]>([
    ['environment and .env differ', { environment: all, dotEnv: envText({ ...all, [secret]: 'secret-other' }) }],
    [
      'each has a part',
      { environment: { [api]: 'secret-a', [app]: 'app' }, dotEnv: envText({ [secret]: 'secret-s' }) },
    ],
  ])('%s', async (_what, given) => {
    const { message } = await refusal(given);
    for (const part of [secret, 'environment', '.env']) expect(message).toContain(part);
  });
});

describe('what is missing is named', () => {
  it.each<[string, Given, string[]]>([
    ['everything', {}, [api, secret, app, '.env']],
    ['a part of .env', { dotEnv: envText({ [app]: 'app' }) }, [api, secret]],
    ['a part of the environment', { environment: { [api]: 'secret-a', [secret]: 'secret-s' } }, [app, 'environment']],
    [
      'a part of the env file',
      { envFile: envText({ [api]: 'secret-a', [secret]: 'secret-s' }), environment: all },
      [app],
    ],
  ])('%s', async (_what, given, parts) => {
    const { message } = await refusal(given);
    for (const part of parts) expect(message).toContain(part);
  });

  it('an env file that does not exist is not replaced by another place', async () => {
    const folder = await folderWith({ '.env': envText(all), 'keys.env.txt': '' });
    const looking = findCredentials({
      envFile: path.join(folder, 'keys.env'),
      mappingFile: path.join(folder, 'm.json'),
      environment: all,
    });
    await expect(looking).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('.txt') });
  });

  it('.env.txt, the name that Windows gives to .env, is recognized', async () => {
    expect((await refusal({ files: { '.env.txt': envText(all) } })).hint).toContain('.env.txt');
    expect((await refusal({})).hint).not.toContain('.txt');
  });
});

describe('the syntax of env files', () => {
  it.each([
    ['CRLF', envText(all).replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${envText(all)}`],
    [
      'export',
      envText(all)
        .replaceAll(/^/gm, 'export ')
        .replace(/export $/, ''),
    ],
    ['double quotes', `${api}="secret-a"\n${secret}="secret-s"\n${app}="app"`],
    ['single quotes and blanks', `${api} = 'secret-a' \n ${secret}= 'secret-s'\n${app} =app  `],
    ['comments', `# keys\n${api}=secret-a # mine\n\n${secret}=secret-s\n${app}=app\n`],
  ])('%s', async (_what, dotEnv) => {
    expect(await find({ dotEnv })).toMatchObject(values);
  });
});

describe('a value that cannot be a key is refused by name, without showing it', () => {
  it.each<[string, Given, string]>([
    ['a line break inside', { environment: { ...all, [api]: 'secret-\na' } }, api],
    ['a line break inside quotes', { dotEnv: `${api}="secret-\na"\n${secret}=secret-s\n${app}=app` }, api],
    ['a blank inside', { environment: { ...all, [secret]: 'secret- s' } }, secret],
    ['a control character', { environment: { ...all, [app]: 'secret-\u0007' } }, app],
    ['curly quotes', { dotEnv: envText({ ...all, [api]: '\u201csecret-a\u201d' }) }, api],
    ['a zero-width blank', { environment: { ...all, [api]: 'secret-\u200b' } }, api],
    ['a # that would cut it off', { dotEnv: envText({ ...all, [secret]: 'secret-#s' }) }, secret],
  ])('%s', async (_what, given, name) => {
    expect((await refusal(given)).message).toContain(name);
  });

  it('a # inside quotes is part of the value', async () => {
    expect(await find({ dotEnv: envText({ ...all, [app]: '"a#b"' }) })).toMatchObject({ appId: 'a#b' });
  });

  it('a line break at the end is trimmed', async () => {
    expect(await find({ environment: { ...all, [api]: 'secret-a\n' } })).toMatchObject(values);
  });
});

describe.skipIf(process.platform === 'win32')('permissions', () => {
  it.each([0o644, 0o640, 0o604])('%o causes a warning', async (mode) => {
    const folder = await folderWith({ '.env': envText(all) });
    await chmod(path.join(folder, '.env'), mode);
    const { warnings } = await findCredentials({
      envFile: undefined,
      mappingFile: path.join(folder, 'm.json'),
      environment: {},
    });
    expect(warnings).toEqual([expect.stringContaining('chmod 600')]);
  });
});
