import { isCredential } from '../config/credentials.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { Credentials } from '../gleantap/credentials.ts';

/** The keys of an account, as the Gleantap dashboard shows them. What `findCredentials` finds is of this form too. */
export interface AccountCredentials {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly appId: string;
  /** Where they came from, in words, for plan and errors. */
  readonly source?: string;
}

/**
 * Wraps credentials so that nothing prints them.
 *
 * @param pinned The account that the mapping is for.
 * @throws RunError `usage` when one is missing or malformed, or when they are of another account.
 */
export function credentialsFor(given: AccountCredentials, pinned: string | undefined): Credentials {
  const { apiKey, secretKey, appId, source = 'program' } = given;
  const odd = Object.entries({ apiKey, secretKey, appId }).filter(([, text]) => !isCredential(text ?? ''));
  if (odd.length > 0) {
    throw new RunError(
      'usage',
      `${odd.map(([name]) => name).join(' and ')} (${source}) is missing or not a valid key`,
      {
        hint: 'Each of the three credentials must be a string without blanks and line breaks.',
      },
    );
  }
  if (pinned !== undefined && pinned !== appId) {
    throw new RunError(
      'usage',
      `The mapping is for the account "${pinned}", the credentials (${source}) are for "${appId}"`,
      { hint: 'Use the credentials of that account, or correct "account.app_id" in the mapping.' },
    );
  }
  return new Credentials({ apiKey, secretKey, appId, source });
}
