import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Folder } from './folders';

/**
 * Node resolves symbolic links before it compiles a file, editors do not: a workspace opened through a link has other
 * paths than what is measured in it. Real paths are looked up once per path.
 */
export interface FilePaths {
  /** The path under which the measured file of this document is known. */
  measured(documentPath: string): string;
  /** The path under which the workspace shows a measured file. */
  shown(measuredFile: string): string;
  /** Relative to its workspace folder, with the folder's name where there are several; absolute outside. */
  short(measuredFile: string): string;
}

const CACHE_SIZE = 2000;

export function createFilePaths(folders: () => readonly Folder[]): FilePaths {
  const real = new Map<string, string>();
  const realPath = (path: string): string => {
    let found = real.get(path);
    if (found === undefined) {
      if (real.size >= CACHE_SIZE) real.clear();
      found = resolved(path);
      real.set(path, found);
    }
    return found;
  };
  const shown = (file: string): string => {
    for (const { path } of folders()) {
      if (isInside(path, file)) return file;
      const actual = realPath(path);
      if (actual !== path && isInside(actual, file)) return path + file.slice(actual.length);
    }
    return file;
  };
  return {
    measured: realPath,
    shown,
    short(file) {
      const all = folders();
      const path = shown(file);
      const folder = all.find((candidate) => isInside(candidate.path, path));
      if (!folder) return path;
      const short = relative(folder.path, path);
      return all.length > 1 ? `${folder.name}${sep}${short}` : short;
    },
  };
}

export function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function resolved(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // Deleted or never saved: it can only be known by this name.
    return path;
  }
}
