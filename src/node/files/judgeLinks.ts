import { lstatSync, readlinkSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { whyNotLocal, type NotLocal, type PathFlavour } from '../../core/source/localPath';

/** Where the link at a path leads, as it is written; null for what is no link, undefined for what is not there. */
export type ReadLink = (path: string) => string | null | undefined;

/** More than any system follows. */
const MOST_LINKS = 40;
/** Folders that are known to be none: most paths have theirs in common. */
const MOST_KNOWN = 20_000;

/**
 * Judges where the links in a path lead, one by one and each before anything looks behind it: on Windows, looking at a link
 * to `\\host\share` logs in there, and a repository can bring one along. Takes paths that `whyNotLocal` lets pass.
 */
export function createLinkJudge(
  flavour: PathFlavour,
  readLink: ReadLink = readLinkOnDisk,
): (path: string, given: readonly string[]) => NotLocal | undefined {
  const { dirname, join, parse, resolve, sep } = flavour === 'win32' ? win32 : posix;
  const plain = new Set<string>();

  return (path, given) => {
    let wanted = resolve(path);
    for (let links = 0; links < MOST_LINKS; links++) {
      const { root } = parse(wanted);
      const parts = wanted.slice(root.length).split(sep).filter(Boolean);
      let at = root;
      let lead: string | undefined;
      for (const [i, part] of parts.entries()) {
        at = join(at, part);
        if (plain.has(at)) continue;
        const target = readLink(at);
        if (target === undefined) return undefined;
        if (target !== null) {
          lead = resolve(dirname(at), target);
          const why = whyNotLocal(lead, flavour, given);
          if (why) return why;
          wanted = join(lead, ...parts.slice(i + 1));
          break;
        }
        if (i === parts.length - 1) break;
        if (plain.size >= MOST_KNOWN) plain.clear();
        plain.add(at);
      }
      if (lead === undefined) return undefined;
    }
    // In a circle: whoever opens it is told so by the system.
    return undefined;
  };
}

function readLinkOnDisk(path: string): string | null | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return undefined;
  }
}
