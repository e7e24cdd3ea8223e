/** A value longer than this is no setting, but an expansion gone wild. */
const MAX_LENGTH = 20_000;
const MAX_NESTING = 20;

interface Written {
  readonly text: string;
  /** Whether `${OTHER}` in it means another variable. */
  readonly expands: boolean;
}

const LINE =
  /(?:^|\n)[^\S\n]*(?:export[^\S\n]+)?([\w.-]+)[^\S\n]*[=:][^\S\n]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^\n]*)/g;

/** The variables of an `.env` file: quotes, comments, `export` and `${OTHER}` are understood; lines that are none are skipped. */
export function readEnvFile(text: string): Readonly<Record<string, string>> {
  const written = new Map<string, Written>();
  for (const [, name, value] of text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .matchAll(LINE))
    written.set(name, readValue(value.trim()));
  const known = new Map<string, string>();
  return Object.fromEntries(
    [...written.keys()].map((name) => [name, valueOf(name, written, known, MAX_NESTING) ?? '']),
  );
}

function readValue(value: string): Written {
  const quote = value[0];
  const isQuoted = value.length > 1 && (quote === '"' || quote === "'" || quote === '`') && value.endsWith(quote);
  if (!isQuoted) return { text: value.replace(/(^|\s)#.*$/, '').trim(), expands: true };
  const inner = value.slice(1, -1);
  if (quote !== '"') return { text: inner, expands: false };
  return { text: inner.replace(/\\n/g, '\n').replace(/\\r/g, '\r').replace(/\\"/g, '"'), expands: true };
}

/** Each variable is expanded once; one that names itself, by way of others or not, is empty there. */
function valueOf(
  name: string,
  written: ReadonlyMap<string, Written>,
  known: Map<string, string>,
  depth: number,
): string | undefined {
  const own = written.get(name);
  if (!own || !own.expands) return own?.text;
  const before = known.get(name);
  if (before !== undefined || depth === 0) return before;
  known.set(name, '');
  const value = expanded(own.text, (other) => valueOf(other, written, known, depth - 1));
  known.set(name, value);
  return value;
}

function expanded(text: string, valueOfOther: (name: string) => string | undefined): string {
  const whole = text.replace(
    /\\\$|\$\{(\w+)(?::?-([^}]*))?\}|\$([A-Za-z_]\w*)/g,
    (found, braced: string | undefined, fallback: string | undefined, plain: string | undefined) => {
      const name = braced ?? plain;
      if (name === undefined) return '$';
      const other = valueOfOther(name)?.slice(0, MAX_LENGTH);
      return (fallback === undefined ? other : other || fallback) ?? (braced === undefined ? found : '');
    },
  );
  return whole.slice(0, MAX_LENGTH);
}
