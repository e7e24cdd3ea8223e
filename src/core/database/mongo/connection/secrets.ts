import { rememberSecrets, type Secrets, secretsFrom } from '../../../redact';
import { decoded, isSecretOption, optionsOfUri, readConnectionString } from './connectionString';

/**
 * All that is secret in a connection string: user and password together, the password and each option that holds a secret, as
 * written, decoded, encoded anew and in the form in which a login carries it. Of one that cannot be read, itself and whatever may
 * be a part of a login.
 */
export function secretsOfUri(uri: string): Secrets {
  const parts = readConnectionString(uri);
  if (!parts) return secretsFrom(guessed(uri));
  const { credentials = '' } = parts;
  const at = credentials.indexOf(':');
  const [user, password] = at < 0 ? [credentials, ''] : [credentials.slice(0, at), credentials.slice(at + 1)];
  const options = [...optionsOfUri(uri)]
    .filter(([name]) => isSecretOption(name))
    .flatMap(([, value]) => secretsIn(value));
  const login = password
    ? [
        credentials,
        `${decoded(user)}:${decoded(password)}`,
        base64(`\0${decoded(user)}\0${decoded(password)}`),
        base64(`${decoded(user)}\0${decoded(user)}\0${decoded(password)}`),
        base64(`${decoded(user)}:${decoded(password)}`),
      ]
    : [];
  return secretsFrom([...login, ...[password, ...options].filter(Boolean).flatMap(waysToWrite)]);
}

/** From now on no log and no message of this process holds them. */
export function rememberUri(uri: string): void {
  rememberSecrets(uri, secretsOfUri(uri));
}

/** The values of `NAME:VALUE,NAME:VALUE`, or the value itself; those of properties that say what a login is for are no secrets. */
function secretsIn(value: string): string[] {
  const pairs = value.split(',').map((pair) => /^[A-Z_]+:(.+)$/s.exec(pair));
  if (!pairs.some(Boolean)) return [value];
  return [
    value,
    ...pairs.flatMap((pair) => (pair && pair[1].length > 3 && !/^(true|false)$/i.test(pair[1]) ? [pair[1]] : [])),
  ];
}

function waysToWrite(secret: string): string[] {
  const plain = decoded(secret);
  const ways = [
    secret,
    plain,
    encodeURIComponent(plain),
    encodeURIComponent(secret),
    plain.replace(/ /g, '+'),
    encodeURI(plain),
  ];
  const inJson = [secret, plain].map((way) => JSON.stringify(way).slice(1, -1));
  // Short ones would be found in any text.
  const packed = plain.length >= 3 ? [base64(plain)] : [];
  return [...ways.filter((way) => way.length > 0), ...inJson, ...packed];
}

/**
 * What may be the login of a string that nobody understands: up to its last `@`, and behind the colon there. Without an `@` only
 * what stands where a password would, and is no port.
 */
function guessed(uri: string): string[] {
  const rest = uri.replace(/^\s*[a-z+]*:?\/*/i, '').trim();
  const login = rest.includes('@') ? rest.slice(0, rest.lastIndexOf('@')) : rest.split(/[/?]/, 1)[0];
  const password = login.includes(':') ? login.slice(login.indexOf(':') + 1) : '';
  if (!rest.includes('@') && /^\d*$/.test(password)) return [];
  return [uri.trim(), rest, login, password].filter((text) => text.length >= 4).flatMap(waysToWrite);
}

function base64(text: string): string {
  // Without Buffer, which pages do not have; the padding depends on what follows.
  return btoa(String.fromCharCode(...new TextEncoder().encode(text.slice(0, 2_000)))).replaceAll('=', '');
}
