import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../src/config/proxy.ts';

const api = new URL('https://api.gleantap.com');
const proxy = 'http://user:canary@proxy.example.com:3128';
const hostOf = (target: URL, environment: Record<string, string>): string | undefined =>
  proxyFor(target, environment)?.host;

it.each<[string, Record<string, string>, string | undefined]>([
  ['none', {}, undefined],
  ['HTTPS_PROXY', { HTTPS_PROXY: proxy }, 'proxy.example.com:3128'],
  ['in small letters', { https_proxy: proxy }, 'proxy.example.com:3128'],
  ['empty', { HTTPS_PROXY: '' }, undefined],
  ['not for http alone', { HTTP_PROXY: proxy }, undefined],
  ['NO_PROXY with the host', { HTTPS_PROXY: proxy, NO_PROXY: 'x.org, API.gleantap.com' }, undefined],
  ['with its domain', { HTTPS_PROXY: proxy, no_proxy: '.gleantap.com' }, undefined],
  ['with a star before it', { HTTPS_PROXY: proxy, NO_PROXY: '*.gleantap.com:443' }, undefined],
  ['with a star alone', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
  ['with another that ends the same', { HTTPS_PROXY: proxy, NO_PROXY: 'tap.com' }, 'proxy.example.com:3128'],
])('%s', (_what, environment, host) => {
  expect(hostOf(api, environment)).toBe(host);
});

it('a simulator on this machine is reached without a proxy', () => {
  expect(hostOf(new URL('http://127.0.0.1:8080'), { HTTPS_PROXY: proxy })).toBeUndefined();
});

describe('a value that is not a valid address', () => {
  it.each(['canary', 'socks5://canary:1080', 'canary:x@y'])('%s is refused without showing it', (written) => {
    let message = '';
    try {
      proxyFor(api, { HTTPS_PROXY: written });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('HTTPS_PROXY');
    expect(message).not.toContain('canary');
  });
});
