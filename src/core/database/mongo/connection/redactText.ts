import { hideSecrets, secretsFrom } from '../../../redact';
import { redactUri } from './connectionString';
import { secretsOfUri } from './secrets';

/** Characters of a text of a server or driver that are looked at. */
const MOST_SAID = 2_000;

/** Longer connection strings are none. */
const LONGEST_URI = 1_000;

/**
 * The beginning of a text of others (driver, server), 2,000 characters at most, without the secrets of `uri` and then without those
 * of any other connection string in it.
 */
export function redactText(text: string, uri?: string): string {
  const secrets = uri === undefined ? secretsFrom([]) : secretsOfUri(uri);
  return hideSecrets(text, secrets, MOST_SAID).replace(/mongodb(?:\+srv)?:\/\/[^\s"'`<>]+/gi, (found) =>
    found.length > LONGEST_URI ? 'mongodb://***' : redactUri(found),
  );
}
