const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  0: '\0',
  '\n': '',
};

function unescape(written: string, known: string): string {
  if (!written.includes('\\')) return written;
  return written.replace(
    /\\(u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|\r\n|[^])/g,
    (all, rest: string, point?: string, unit?: string, byte?: string) => {
      const code = point ?? unit ?? byte;
      if (code !== undefined) return parseInt(code, 16) > 0x10ffff ? all : String.fromCodePoint(parseInt(code, 16));
      if (rest === '\r\n') return '';
      if (known.includes(rest)) return SIMPLE[rest];
      return rest;
    },
  );
}

/** What the text between the quotes of a JavaScript string means. */
export function unescapeJavaScript(written: string): string {
  return unescape(written, 'ntrbfv0\n');
}

/** The same for Python, which keeps the backslash of what it does not know. */
export function unescapePython(written: string): string {
  if (!written.includes('\\')) return written;
  return unescape(written.replace(/\\(?![\\'"ntrbfva0xuU\r\n])/g, '\\\\'), 'ntrbfva0\n');
}
