import { createRequire } from 'node:module';

/** The version of this package. Read at run time: the file is not part of the compiled sources. */
export function packageVersion(): string {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  return version;
}
