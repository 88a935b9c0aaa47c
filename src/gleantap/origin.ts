import { RunError } from '../core/outcome/run-error.ts';
import { isLoopback } from '../core/settings/loopback.ts';

export { isLoopback };

/** The origin of the API. @throws RunError `usage` for anything but https, or http on this machine. */
export function originOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined)
    throw new RunError('usage', `--base-url "${baseUrl}" is not a valid URL`, {
      hint: 'Use a URL like https://api.gleantap.com.',
    });
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.origin))) {
    throw new RunError('usage', `--base-url ${url.origin} is not allowed: keys and contacts are sent only over https`, {
      hint: 'http is allowed only for this machine (127.0.0.1, localhost).',
    });
  }
  if (url.username !== '' || url.pathname !== '/' || url.search !== '') {
    throw new RunError('usage', '--base-url takes only scheme, host and port, like https://api.gleantap.com');
  }
  return url;
}
