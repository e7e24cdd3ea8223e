import type { FileText, ReadFile } from './sourceFiles';

/** Files of one folder that were missing before the folder itself is looked for. */
const MISSES_OF_A_FOLDER = 8;
/** Files that are looked for in vain before no more are: a profile may name a million, and each takes some 20 µs. */
const MOST_MISSES = 20_000;

/** Looks for files and remembers what is not there, until it is told to forget. */
export interface KnownMissing {
  readonly readFile: ReadFile;
  /** Files may appear between two looks at a target. */
  forget(): void;
}

/**
 * `readFile` that asks for nothing twice that is missing, and for no file of a folder that is missing. `hasFolders`: it answers for
 * a folder otherwise than for what is missing, as the disk does.
 */
export function createKnownMissing(
  readFile: ReadFile,
  { hasFolders, mostMisses = MOST_MISSES }: { hasFolders: boolean; mostMisses?: number },
): KnownMissing {
  const files = new Set<string>();
  /** Misses by folder; -1 where the folder itself is missing. */
  const folders = new Map<string, number>();
  let missingFolders = 0;
  let misses = 0;

  const missing = (path: string): FileText => ({ problem: 'missing', detail: `${path} does not exist` });
  const isFolderMissing = (folder: string): boolean => {
    for (let at = folder; at !== ''; at = parentOf(at)) {
      if (folders.get(at) !== -1) continue;
      folders.set(folder, -1);
      return true;
    }
    return false;
  };
  /** The highest folder that is missing covers all below. */
  const noteFolder = async (folder: string): Promise<void> => {
    for (let at = folder; at !== ''; at = parentOf(at)) {
      const answer = await readFile(at, 0);
      if (!('problem' in answer) || answer.problem !== 'missing') return;
      folders.set(at, -1);
      missingFolders++;
    }
  };

  return {
    async readFile(path, maxBytes) {
      if (files.has(path)) return missing(path);
      const folder = parentOf(path);
      if (missingFolders > 0 && isFolderMissing(folder)) return missing(path);
      if (misses >= mostMisses)
        return { problem: 'missing', detail: `${path} was not looked for: ${mostMisses} others were missing` };
      const answer = await readFile(path, maxBytes);
      if (!('problem' in answer) || answer.problem !== 'missing') return answer;
      misses++;
      files.add(path);
      const count = folders.get(folder) ?? 0;
      if (count >= 0) folders.set(folder, count + 1);
      if (hasFolders && count + 1 === MISSES_OF_A_FOLDER) await noteFolder(folder);
      return answer;
    },
    forget() {
      files.clear();
      folders.clear();
      missingFolders = 0;
    },
  };
}

/** Of a path that is normal, as those that are looked for are; '' above a root. */
function parentOf(path: string): string {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (at > 0) return path.slice(0, at);
  return at === 0 && path.length > 1 ? path[0] : '';
}
