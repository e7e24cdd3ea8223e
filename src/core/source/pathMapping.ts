import { isWindowsPath, joinPath, normalizePath } from './paths';

/** Where a directory of the target's machine is found on this one; both ends absolute. */
export interface RemoteDirectory {
  readonly remote: string;
  readonly local: string;
}

/**
 * The path on this machine of a path in the target; undefined when no mapping covers it. The longest remote prefix wins.
 * Windows paths compare without regard to case and separator.
 */
export function mapToLocal(path: string, mappings: readonly RemoteDirectory[]): string | undefined {
  const wanted = comparable(path);
  let best: { local: string; length: number } | undefined;
  for (const { remote, local } of mappings) {
    const prefix = comparable(remote);
    const inside = wanted === prefix || wanted.startsWith(prefix === '/' ? prefix : `${prefix}/`);
    if (inside && prefix.length > (best?.length ?? -1)) best = { local, length: prefix.length };
  }
  if (!best) return undefined;
  const rest = slashed(path).slice(best.length).replace(/^\/+/, '');
  return rest ? joinPath(best.local, rest) : normalizePath(best.local);
}

function slashed(path: string): string {
  const normal = normalizePath(path);
  return isWindowsPath(normal) ? normal.replaceAll('\\', '/') : normal;
}

/** Without a trailing separator, so that `/app/` and `/app` are one. */
function comparable(path: string): string {
  const text = slashed(path);
  const folded = isWindowsPath(path) ? text.toLowerCase() : text;
  return folded.length > 1 && folded.endsWith('/') ? folded.slice(0, -1) : folded;
}
