/** What must never be shown, in each of the ways in which it may be written. */
export interface Secrets {
  /** Replaced wherever they stand, the longest first. */
  readonly texts: readonly string[];
  /** So short that they occur by chance: a text that has one as a word of its own is not shown at all. */
  readonly short: readonly string[];
}

/** Shorter secrets occur in texts by chance. */
const SHORTEST = 3;
const SHOWN = '***';
const NOT_SHOWN = '(not shown: it may hold a secret that is too short to be taken out)';

/** The ways to write a secret, in order; those that are too short by themselves are told apart. */
export function secretsFrom(forms: readonly string[]): Secrets {
  const all = [...new Set(forms)].filter((form) => form !== '' && form !== SHOWN);
  return {
    texts: all.filter((form) => form.length >= SHORTEST).sort((a, b) => b.length - a.length),
    short: all.filter((form) => form.length < SHORTEST),
  };
}

/**
 * The first `most` characters of a text without these secrets. It is cut first, so that its length costs nothing, but not through a
 * secret: of what is cut off, as much is looked at as the longest secret has.
 */
export function hideSecrets(text: string, { texts, short }: Secrets, most: number): string {
  const longest = texts[0]?.length ?? 0;
  const isCut = text.length > most + longest;
  let clean = isCut ? text.slice(0, most + longest) : text;
  for (const secret of texts) if (clean.includes(secret)) clean = clean.split(secret).join(SHOWN);
  if (short.some((secret) => hasWord(clean, secret))) return NOT_SHOWN;
  // The end may hold the beginning of one.
  if (isCut) clean = clean.slice(0, Math.max(0, clean.length - longest));
  return clean.length > most ? clean.slice(0, most) : clean;
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + word.length] ?? ' '}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}

/** Of the user's connections, while this process runs. */
const known = new Map<string, Secrets>();
const MOST_KNOWN = 100;

/** From now on `redact` hides them, wherever they occur. `of` names what they belong to. */
export function rememberSecrets(of: string, secrets: Secrets): void {
  known.delete(of);
  known.set(of, secrets);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN) known.delete(oldest);
}

/** Of a line or a stack that is written down. */
const MOST_CHARACTERS = 20_000;

/**
 * What must never reach a log or a terminal: first the secrets that are known, then passwords in addresses, tokens in queries, headers
 * and command lines. Texts of the target (command lines, URLs, error messages) come from outside and may carry any of them. No
 * longer than 20,000 characters.
 */
export function redact(text: string): string {
  let clean = hideSecrets(text, { texts: [], short: [] }, MOST_CHARACTERS * 2);
  for (const secrets of known.values()) clean = hideSecrets(clean, { ...secrets, short: [] }, MOST_CHARACTERS * 2);
  // Every repetition is bounded: no text makes these go over a part of it again and again.
  return hideLogins(clean.slice(0, MOST_CHARACTERS))
    .replace(/\b(authorization\s{0,9}[:=]\s{0,9}(?:(?:bearer|basic|digest)\s{0,9})?)[^\s'",;]+/gi, `$1${SHOWN}`)
    .replace(new RegExp(`((?:${SECRET_NAMES})["']?\\s{0,9}[:=]\\s{0,9}["']?)[^\\s"',;&]+`, 'gi'), `$1${SHOWN}`)
    .replace(new RegExp(`(--?[\\w-]{0,40}(?:${SECRET_NAMES})[\\w-]{0,40}\\s{1,9})(?!-)[^\\s]+`, 'gi'), `$1${SHOWN}`)
    .slice(0, MOST_CHARACTERS);
}

const SECRET_NAMES = 'pass(?:word|wd)?|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?';

/** Longer addresses are hidden from their beginning to here. */
const LONGEST_ADDRESS = 2_000;

/** User and password of addresses: what stands between `://` and the last `@` before a slash; of MongoDB's before their end. */
function hideLogins(text: string): string {
  let clean = '';
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const from = at + 3;
    if (from < done) continue;
    const isMongo = /mongodb(?:\+srv)?$/i.test(text.slice(Math.max(0, at - 12), at));
    const ahead = text.slice(from, from + LONGEST_ADDRESS);
    const end = ahead.search(isMongo ? /[\s'"`<>]/ : /[\s/'"]/);
    const login = (end < 0 ? ahead : ahead.slice(0, end)).lastIndexOf('@');
    if (login < 0 || !/[a-z\d+.-]/i.test(text[at - 1] ?? '')) continue;
    clean += `${text.slice(done, from)}${SHOWN}`;
    done = from + login;
  }
  return clean + text.slice(done);
}
