import { inspect } from 'node:util';

/**
 * The three values that every call needs (API page: X-API-KEY and X-SECRET-KEY headers, app_id in the body).
 * The keys are private members, so that neither JSON, a log line nor `util.inspect` of anything that holds them shows them.
 */
export class Credentials {
  readonly appId: string;
  /** Where they came from, in words: "environment", or the path of an env file. */
  readonly source: string;
  readonly #apiKey: string;
  readonly #secretKey: string;
  /** The keys in every form in which a server may quote them. */
  readonly #quoted: readonly string[];

  constructor(values: { apiKey: string; secretKey: string; appId: string; source: string }) {
    this.#apiKey = values.apiKey;
    this.#secretKey = values.secretKey;
    this.appId = values.appId;
    this.source = values.source;
    const forms = [values.apiKey, values.secretKey].flatMap((key) => {
      const json = JSON.stringify(key).slice(1, -1);
      return [key, json, json.replaceAll('/', String.raw`\/`), encodeURIComponent(key)];
    });
    // The longest first: one key may be part of the other.
    this.#quoted = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /** The two headers of every request. */
  headers(): { 'X-API-KEY': string; 'X-SECRET-KEY': string } {
    return { 'X-API-KEY': this.#apiKey, 'X-SECRET-KEY': this.#secretKey };
  }

  /** A text without the keys, for anything that came from outside and may quote them. */
  redact(text: string): string {
    return this.#quoted.reduce((clean, key) => clean.replaceAll(key, '***'), text);
  }

  [inspect.custom](): string {
    return `Credentials { appId: '${this.appId}', source: '${this.source}' }`;
  }
}
