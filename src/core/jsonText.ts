/** Deeper levels are indented no further: else the space before each line would be most of the text. */
const MOST_INDENTED = 200;

/**
 * What `JSON.stringify(value, undefined, indent)` gives, for a value nested as deep as it likes: nothing calls itself. The
 * value must be plain data without cycles; only `toJSON` of it is called.
 */
export function jsonText(value: unknown, indent = 2): string {
  const parts: string[] = [];
  const open: Level[] = [];
  const newLine = (): string => (indent ? `\n${' '.repeat(indent * Math.min(open.length, MOST_INDENTED))}` : '');
  let next: unknown = plain(value, '');
  for (;;) {
    if (typeof next !== 'object' || next === null) parts.push(JSON.stringify(next) ?? 'null');
    else {
      const level = levelOf(next);
      if (level.size) {
        parts.push(level.isList ? '[' : '{');
        open.push(level);
      } else parts.push(level.isList ? '[]' : '{}');
    }
    let level = open.at(-1);
    while (level && level.at === level.size) {
      open.pop();
      parts.push(newLine(), level.isList ? ']' : '}');
      level = open.at(-1);
    }
    if (!level) return parts.join('');
    const key = level.keys[level.at];
    parts.push(level.at ? ',' : '', newLine());
    if (!level.isList) parts.push(JSON.stringify(key), indent ? ': ' : ':');
    next = level.values[level.at++];
  }
}

/** A list or an object that is being written. */
interface Level {
  readonly isList: boolean;
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
  readonly size: number;
  at: number;
}

function levelOf(value: object): Level {
  if (Array.isArray(value)) {
    const values = value.map((item, index) => plain(item, String(index)));
    return { isList: true, keys: [], values, size: values.length, at: 0 };
  }
  const entries = Object.entries(value).flatMap(([key, entry]) => {
    const written = plain(entry, key);
    return isWritten(written) ? [[key, written] as const] : [];
  });
  return {
    isList: false,
    keys: entries.map(([key]) => key),
    values: entries.map(([, entry]) => entry),
    size: entries.length,
    at: 0,
  };
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function plain(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value) || typeof value.toJSON !== 'function')
    return value;
  return (value.toJSON as (key: string) => unknown)(key);
}
