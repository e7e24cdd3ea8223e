/**
 * Paths of this machine and of others, without asking which machine this is: `/a/b`, `C:\a\b`, `C:/a/b` and `\\host\a` are
 * absolute. `/` and `\` both separate in Windows paths only; a POSIX path may contain a backslash.
 */

export function isWindowsPath(path: string): boolean {
  return /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || isWindowsPath(path);
}

/** Resolves `.` and `..` and double separators; a Windows path comes back with backslashes. `..` above the root is dropped. */
export function normalizePath(path: string): string {
  const windows = isWindowsPath(path);
  const { root, rest } = splitRoot(windows ? path.replaceAll('/', '\\') : path, windows);
  const kept: string[] = [];
  for (const part of rest.split(windows ? '\\' : '/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!root) kept.push(part);
  }
  return root + kept.join(windows ? '\\' : '/') || '.';
}

function splitRoot(path: string, windows: boolean): { root: string; rest: string } {
  if (!windows) return path.startsWith('/') ? { root: '/', rest: path } : { root: '', rest: path };
  const share = /^\\\\[^\\]+\\[^\\]+/.exec(path);
  if (share) return { root: `${share[0]}\\`, rest: path.slice(share[0].length) };
  return { root: path.slice(0, 3), rest: path.slice(3) };
}

/** `relative` uses `/` (as source maps do) or the separator of `directory`. An absolute `relative` wins. */
export function joinPath(directory: string, relative: string): string {
  if (isAbsolutePath(relative)) return normalizePath(relative);
  return normalizePath(`${directory}/${relative}`);
}

/** The parent; a root is its own parent. */
export function directoryOf(path: string): string {
  return joinPath(path, '..');
}

export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), isWindowsPath(path) ? path.lastIndexOf('\\') : -1) + 1);
}

/** With the dot, lower case; '' when there is none. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}

/** Path of a `file:` URL; undefined for other URLs. Malformed escapes are kept as they are, query and fragment are dropped. */
export function fileUrlToPath(url: string): string | undefined {
  const match = /^file:(?:\/\/([^/?#]*))?(\/[^?#]*)/i.exec(url);
  if (!match) return undefined;
  const path = decodePercent(match[2]);
  if (/^\/[A-Za-z]:(?:[\\/]|$)/.test(path))
    return normalizePath(path.length === 3 ? `${path.slice(1)}\\` : path.slice(1));
  // `file:////host/share` is an older way to write the host, and escapes can hide either.
  if (/^[\\/]{2}/.test(path)) return normalizePath(`\\\\${path.replace(/^[\\/]+/, '').replaceAll('/', '\\')}`);
  const host = match[1];
  if (host && host.toLowerCase() !== 'localhost') return normalizePath(`\\\\${host}${path.replaceAll('/', '\\')}`);
  return normalizePath(path);
}

/** `path` must be absolute. */
export function pathToFileUrl(path: string): string {
  const slashed = isWindowsPath(path) ? path.replaceAll('\\', '/') : path.replaceAll('\\', '%5C');
  const escaped = slashed
    .replace(/%(?!5C)/g, '%25')
    .replace(/[\s?#"<>^`{|}]/g, (character) => encodeURIComponent(character));
  if (escaped.startsWith('//')) return `file:${escaped}`;
  return escaped.startsWith('/') ? `file://${escaped}` : `file:///${escaped}`;
}

/** What stands before a query or a fragment. (An expression with `.*$` takes quadratic time for many of their letters.) */
export function withoutQuery(url: string): string {
  const at = url.search(/[?#]/);
  return at < 0 ? url : url.slice(0, at);
}

export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Package of a file under `node_modules` (the innermost one): `express`, `@scope/name`; undefined for other files. */
export function packageNameOf(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  // pnpm keeps packages in node_modules/.pnpm/name@version/node_modules/name: the last one is right there too.
  const name = parts[at + 1];
  const scoped = name?.startsWith('@') && parts[at + 2] ? `${name}/${parts[at + 2]}` : name;
  return scoped && !scoped.startsWith('.') && parts.length > at + (scoped === name ? 2 : 3) ? scoped : undefined;
}
