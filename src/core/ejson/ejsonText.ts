/** A key as the shell writes it: quoted only where it has to be. */
export function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** A string literal; the private characters that mark holes in a shell text are escaped. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u{e000}\u{e001}]/gu, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** Canonical EJSON as the shell writes such a value. */
export function ejsonText(value: unknown, depth = 0): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null || depth > 100) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map((item) => ejsonText(item, depth + 1)).join(', ')}]`;
  const entries = Object.entries(value);
  const known = entries.length === 1 ? wrapped(entries[0][0], entries[0][1]) : undefined;
  if (known !== undefined) return known;
  return entries.length
    ? `{ ${entries.map(([key, entry]) => `${keyText(key)}: ${ejsonText(entry, depth + 1)}`).join(', ')} }`
    : '{}';
}

function wrapped(key: string, value: unknown): string | undefined {
  switch (key) {
    case '$oid':
      return `ObjectId(${quoted(String(value))})`;
    case '$date': {
      const millis =
        typeof value === 'object' && value !== null && '$numberLong' in value
          ? Number(value.$numberLong)
          : Date.parse(String(value));
      return Number.isFinite(millis) && Math.abs(millis) <= 8.64e15
        ? `ISODate("${new Date(millis).toISOString()}")`
        : undefined;
    }
    case '$numberInt':
    case '$numberDouble':
      return String(value);
    case '$numberLong':
      return `NumberLong("${String(value)}")`;
    case '$numberDecimal':
      return `NumberDecimal("${String(value)}")`;
    case '$uuid':
      return `UUID("${String(value)}")`;
    case '$regularExpression': {
      const { pattern, options } = value as { pattern: string; options: string };
      const plain = pattern !== '' && !/[\n\r/\u2028\u2029]/.test(pattern) && /^[imsux]*$/.test(options);
      return plain ? `/${pattern}/${options}` : `new RegExp(${quoted(pattern)}, ${quoted(options)})`;
    }
    default:
      return undefined;
  }
}
