import { RunError } from '../core/outcome/run-error.ts';
import type { Environment } from './settings.ts';

/**
 * The proxy for an https address, as the usual variables say (HTTPS_PROXY, NO_PROXY, in either case); undefined for none. A
 * server on this machine is never reached through one.
 *
 * @throws RunError `usage` when the variable holds no address. Its value may hold a password and is not shown.
 */
export function proxyFor(target: URL, environment: Environment): URL | undefined {
  if (target.protocol !== 'https:') return undefined;
  const written = environment['HTTPS_PROXY'] || environment['https_proxy'];
  if (!written || isExempt(target.hostname, environment['NO_PROXY'] || environment['no_proxy'] || '')) return undefined;
  const proxy = URL.canParse(written) ? new URL(written) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new RunError('usage', 'HTTPS_PROXY is not a valid URL', {
    hint: 'Use a URL like http://proxy.example.com:3128.',
  });
}

/** NO_PROXY: host names that end in one of the listed ones, or `*` for all. */
function isExempt(host: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .map((entry) =>
      entry
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, '')
        .toLowerCase(),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}
