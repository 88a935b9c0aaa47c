import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Environment } from './settings.ts';

export const credentialNames = ['GLEANTAP_API_KEY', 'GLEANTAP_SECRET_KEY', 'GLEANTAP_APP_ID'] as const;

/** The three credentials as texts. The sending code wraps them so that they can't be printed. */
export interface CredentialValues {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly appId: string;
  /** Where they came from, in words. */
  readonly source: string;
  readonly warnings: readonly string[];
}

/**
 * Finds the credentials, which come together from one source: the env file if named, else the environment (alone, where a prefix
 * of its variables is named), else `.env` next to the mapping.
 *
 * @throws RunError `usage` when one is missing or malformed, or when environment and `.env` contradict each other.
 */
export async function findCredentials(options: {
  readonly envFile: string | undefined;
  readonly envPrefix?: string | undefined;
  readonly mappingFile: string;
  readonly environment: Environment;
}): Promise<CredentialValues> {
  const { envFile, envPrefix, mappingFile, environment } = options;
  if (envPrefix !== undefined) {
    if (envFile === undefined) return complete(pick(environment, envPrefix), 'environment', [], envPrefix);
    throw new RunError('usage', `Both an env file (${envFile}) and a prefix of variables (${envPrefix}) are set`, {
      hint: 'The credentials must come from one place. Remove one of the two.',
    });
  }
  if (envFile !== undefined) {
    const found = await readEnvFile(path.resolve(envFile));
    if (found === undefined) {
      const isText = await exists(`${envFile}.txt`);
      throw new RunError('usage', `The env file ${envFile} does not exist`, {
        hint: isText ? renameHint(envFile) : checkHint,
      });
    }
    return complete(found.values, `env file ${envFile}`, found.warnings);
  }
  const beside = path.join(path.dirname(mappingFile), '.env');
  const dotEnv = await readEnvFile(beside);
  const fromEnvironment = pick(environment);
  if (Object.keys(fromEnvironment).length === 0) {
    if (dotEnv !== undefined) return complete(dotEnv.values, beside, dotEnv.warnings);
    throw new RunError(
      'usage',
      `No credentials: ${credentialNames.join(', ')} are not set, and there is no ${beside}`,
      {
        hint: (await exists(`${beside}.txt`))
          ? renameHint(beside)
          : 'Copy .env.example to .env next to the mapping and fill it in, or name a file with --env-file.',
      },
    );
  }
  const differing = credentialNames.filter(
    (name) => dotEnv?.values[name] !== undefined && dotEnv.values[name] !== fromEnvironment[name],
  );
  if (differing.length > 0) {
    throw new RunError('usage', `The environment and ${beside} disagree on ${differing.join(', ')}`, {
      hint: 'Two accounts may be mixed up. Unset the variables, remove the file, or name one file with --env-file.',
    });
  }
  return complete(fromEnvironment, 'environment', []);
}

type Found = Partial<Record<(typeof credentialNames)[number], string>>;

function pick(values: Environment, prefix = ''): Found {
  const found: Found = {};
  for (const name of credentialNames) {
    const value = values[prefix + name]?.trim() ?? '';
    if (value !== '') found[name] = value;
  }
  return found;
}

const checkHint = 'Check the path of the env file and whether you may read it.';

async function readEnvFile(file: string): Promise<{ values: Found; warnings: string[] } | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new RunError('usage', `${file} cannot be read: ${pathFault(file, error).reason}`, {
      hint: checkHint,
      cause: error,
    });
  }
  const { mode } = await stat(file);
  const isWindows = path.sep === '\\';
  const readable = !isWindows && (mode & 0o077) !== 0;
  const warnings = readable ? [`${file} can be read by other users of this machine: chmod 600 ${file}`] : [];
  const source = text.replace(/^\uFEFF/, '');
  refuseCutValues(source, file);
  return { values: pick(parseEnv(source)), warnings };
}

/** Outside quotes, a # starts a comment, which would cut off a key without a message. */
function refuseCutValues(text: string, file: string): void {
  const cut = credentialNames.filter((name) =>
    new RegExp(String.raw`^\s*(?:export\s+)?${name}\s*=\s*[^\s#'"\x60][^\s#]*#`, 'm').test(text),
  );
  if (cut.length === 0) return;
  throw new RunError(
    'usage',
    `${cut.join(' and ')} in ${file} contains a # outside quotes, where it starts a comment`,
    {
      hint: 'Put the whole value in double quotes.',
    },
  );
}

/** Whether a text could be one of the credentials: an HTTP header can't hold any other character, and no key has one. */
export function isCredential(text: string): boolean {
  return /^[\u0021-\u007e]+$/.test(text);
}

function complete(values: Found, source: string, warnings: readonly string[], prefix = ''): CredentialValues {
  const { GLEANTAP_API_KEY: apiKey, GLEANTAP_SECRET_KEY: secretKey, GLEANTAP_APP_ID: appId } = values;
  const missing = credentialNames.filter((name) => values[name] === undefined).map((name) => prefix + name);
  if (apiKey === undefined || secretKey === undefined || appId === undefined) {
    throw new RunError('usage', `${missing.join(' and ')} missing in ${source}`, {
      hint: 'All three credentials must come from one place: the env file, the environment, or .env next to the mapping.',
    });
  }
  const odd = credentialNames.filter((name) => !isCredential(values[name] ?? '')).map((name) => prefix + name);
  if (odd.length > 0) {
    throw new RunError(
      'usage',
      `${odd.join(' and ')} (${source}) contains a blank, line break or other character that keys never contain`,
      {
        hint: 'Copy the value again, without quotes and line breaks.',
      },
    );
  }
  return { apiKey, secretKey, appId, source, warnings };
}

function renameHint(file: string): string {
  return `There is a ${file}.txt: rename it to ${path.basename(file)} (Windows hides the ending .txt).`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
