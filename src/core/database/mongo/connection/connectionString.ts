/** A MongoDB connection string in parts; nothing in it is decoded. */
export interface ConnectionString {
  readonly scheme: 'mongodb' | 'mongodb+srv';
  /** `user:password`, as written. */
  readonly credentials?: string;
  /** Separated by commas. */
  readonly hosts: string;
  readonly database?: string;
  /** Without the question mark. */
  readonly query: string;
}

/** Longer ones are none; no setting of a driver is. */
const LONGEST = 10_000;
/** Places where a login may end; a password has not more of them. */
const MOST_ENDS = 50;

const SCHEME = /^\s*(mongodb(?:\+srv)?):\/\//i;
const HOSTS = String.raw`(?:\[[\da-fA-F:.%\w]+\]|[\w.%~+-]+)(?::\d+)?(?:,(?:\[[\da-fA-F:.%\w]+\]|[\w.%~+-]+)(?::\d+)?)*`;
const BEHIND = new RegExp(String.raw`^(${HOSTS})(?:/([^?/@]*))?(?:\?((?:[^=&]+=[^&]*)(?:&[^=&]+=[^&]*)*&?)?)?$`);

/**
 * The parts of a connection string, also of one whose password should have been percent-encoded; undefined for what is
 * none. Whatever may be part of a password counts as one: better a host too few than a secret too much.
 */
export function readConnectionString(uri: string): ConnectionString | undefined {
  const scheme = uri.length > LONGEST ? null : SCHEME.exec(uri);
  if (!scheme) return undefined;
  const rest = uri.slice(scheme[0].length).trimEnd();
  const kind = scheme[1].toLowerCase() as ConnectionString['scheme'];
  const parts = (credentials: string | undefined, behind: RegExpExecArray): ConnectionString => ({
    scheme: kind,
    ...(credentials ? { credentials } : {}),
    hosts: behind[1],
    ...(behind[2] ? { database: behind[2] } : {}),
    query: behind[3] ?? '',
  });
  const wellFormed = /^(?:([^@/?#\s]*)@)?([^@].*)$/s.exec(rest);
  const behind = wellFormed && BEHIND.exec(wellFormed[2]);
  if (behind) return parts(wellFormed[1], behind);
  let tried = 0;
  for (let at = rest.lastIndexOf('@'); at >= 0; at = at === 0 ? -1 : rest.lastIndexOf('@', at - 1)) {
    if (++tried > MOST_ENDS) return undefined;
    const found = BEHIND.exec(rest.slice(at + 1));
    if (found) return parts(rest.slice(0, at), found);
  }
  return undefined;
}

export function isConnectionString(text: string): boolean {
  return SCHEME.test(text);
}

/** Hosts, and the database where the string names one: never a user or a password. */
export function nameOfUri(uri: string): string {
  const parts = readConnectionString(uri);
  if (!parts) return 'MongoDB';
  return parts.database === undefined ? parts.hosts : `${parts.hosts}/${decoded(parts.database)}`;
}

/** As the string writes it; undefined where it names none. */
export function databaseOfUri(uri: string): string | undefined {
  const database = readConnectionString(uri)?.database;
  return database === undefined ? undefined : decoded(database);
}

/** The options of a connection string by their names in lower case, decoded. */
export function optionsOfUri(uri: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of readConnectionString(uri)?.query.split('&') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0) options.set(decoded(pair.slice(0, at)).toLowerCase(), decoded(pair.slice(at + 1)));
  }
  return options;
}

/** Whether the string asks for a whole replica set, not only for the one host that it names. */
export function asksForMembers(uri: string): boolean {
  const options = optionsOfUri(uri);
  const parts = readConnectionString(uri);
  return (
    options.has('replicaset') ||
    options.get('directconnection') === 'false' ||
    parts?.scheme === 'mongodb+srv' ||
    parts?.hosts.includes(',') === true
  );
}

/** Options that concern the talk with the server only: they read no file, ask no other host and use no other login. */
const HARMLESS_OPTION =
  /^(authsource|authmechanism|replicaset|tls|ssl|directconnection|loadbalanced|readpreference(tags)?|readconcernlevel|maxstalenessseconds|retry(reads|writes)|w|wtimeout(ms)?|journal|appname|(connect|socket|serverselection|waitqueue|maxidle)time(out)?ms|(max|min)poolsize)$/;

/** A string that was found, not typed, as it may be used: without options that reach beyond the server; and their names. */
export function harmlessUri(uri: string): { readonly uri: string; readonly dropped: readonly string[] } {
  const parts = readConnectionString(uri);
  const pairs = parts?.query.split('&').filter(Boolean) ?? [];
  const nameOf = (pair: string): string => decoded(pair.slice(0, Math.max(0, pair.indexOf('='))));
  const kept = pairs.filter((pair) => HARMLESS_OPTION.test(nameOf(pair).toLowerCase()));
  if (!parts || kept.length === pairs.length) return { uri, dropped: [] };
  const { scheme, credentials, hosts, database = '' } = parts;
  return {
    uri: `${scheme}://${credentials === undefined ? '' : `${credentials}@`}${hosts}/${database}${kept.length ? `?${kept.join('&')}` : ''}`,
    dropped: pairs.filter((pair) => !kept.includes(pair)).map(nameOf),
  };
}

const SECRET_OPTION = /password|token|secret|authmechanismproperties|proxyusername/i;

/** Whether an option of this name holds a secret. */
export function isSecretOption(name: string): boolean {
  return SECRET_OPTION.test(name);
}

/** Also of an option that holds another address with a login. */
function isSecretPair(name: string, value: string): boolean {
  return isSecretOption(decoded(name)) || /:\/\/.*@/s.test(decoded(value));
}

/** For showing: `mongodb://***@host/db?authSource=admin`. User, password and options that hold a secret are hidden. */
export function redactUri(uri: string): string {
  const parts = readConnectionString(uri);
  if (!parts) return isConnectionString(uri) ? `${SCHEME.exec(uri)?.[0].trim() ?? ''}***` : '***';
  const query = parts.query.replace(/(?<![^=&])([^=&]+)=([^&]*)/g, (pair, name: string, value: string) =>
    isSecretPair(name, value) ? `${name}=***` : pair,
  );
  return `${parts.scheme}://${parts.credentials ? '***@' : ''}${parts.hosts}${parts.database === undefined ? (query ? '/' : '') : `/${parts.database}`}${query ? `?${query}` : ''}`;
}

/** The same with other words for user, password and options that hold a secret; undefined for what is no connection string. */
export function withoutSecrets(uri: string): string | undefined {
  const parts = readConnectionString(uri);
  if (!parts) return undefined;
  const { scheme, credentials, hosts, database, query } = parts;
  const login = credentials === undefined ? '' : credentials.includes(':') ? 'user:password@' : 'user@';
  const options = query
    .split('&')
    .map((pair) => {
      const [name] = pair.split('=', 1);
      // Properties of a method are secret or not, each by its name.
      if (/^authmechanismproperties$/i.test(decoded(name))) return '';
      return isSecretPair(name, pair.slice(name.length + 1)) && pair.length > name.length + 1 ? `${name}=value` : pair;
    })
    .filter(Boolean)
    .join('&');
  return `${scheme}://${login}${hosts}/${database ?? ''}${options ? `?${options}` : ''}`;
}

/** Percent-decoded; as it is where that is not possible. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
