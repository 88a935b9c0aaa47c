import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../../src/gleantap/credentials.ts';

const keys = { apiKey: 'canary/one+1"', secretKey: 'canary/one+1"two' };
const credentials = new Credentials({ ...keys, appId: 'app', source: 'environment' });
const shows = (text: string): boolean => text.includes('canary');

describe('the keys are never shown', () => {
  it.each<[string, () => string]>([
    ['by inspect', () => inspect(credentials)],
    [
      'by inspect of what holds them',
      () => inspect({ deep: [{ credentials }] }, { depth: Infinity, showHidden: true }),
    ],
    ['by inspect without its own words', () => inspect(credentials, { customInspect: false, showHidden: true })],
    ['as JSON', () => JSON.stringify({ credentials })],
    ['by a spread', () => JSON.stringify({ ...(credentials as object) })],
    ['by Object.entries', () => inspect(Object.entries(credentials))],
    ['by own keys', () => inspect(Reflect.ownKeys(credentials))],
    ['by a clone', () => inspect(structuredClone(credentials))],
    ['by an error that carries them', () => inspect(new Error('no', { cause: credentials }))],
  ])('%s', (_how, text) => {
    expect(shows(text())).toBe(false);
  });

  it('but they are sent', () => {
    expect(credentials.headers()).toEqual({ 'X-API-KEY': keys.apiKey, 'X-SECRET-KEY': keys.secretKey });
  });
});

describe('text from outside has them removed', () => {
  it.each([
    ['plain', `bad key ${keys.apiKey}!`, 'bad key ***!'],
    ['the longer of two that begin alike', `${keys.secretKey} ${keys.apiKey}`, '*** ***'],
    ['inside JSON', JSON.stringify({ key: keys.secretKey }), '{"key":"***"}'],
    ['inside JSON of PHP', JSON.stringify({ key: keys.apiKey }).replaceAll('/', String.raw`\/`), '{"key":"***"}'],
    ['inside an address', `https://x/?k=${encodeURIComponent(keys.apiKey)}`, 'https://x/?k=***'],
    ['without any', 'bad dob', 'bad dob'],
  ])('%s', (_how, text, expected) => {
    expect(credentials.redact(text)).toBe(expected);
  });
});
