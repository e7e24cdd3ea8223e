import type { ViewFrame } from '../../../src/core/flame/view/profileView';
import type { FrameSources } from '../../../src/core/flame/frameSources';
import { baseName, packageNameOf } from '../../../src/core/source/paths';

/** Where a frame stands, as the page tells it. */
export interface FramePlaceText {
  readonly name: string;
  /** Absolute path or URL; undefined for builtins and folded packages. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** Told by a source map (or the same file), not by the generated position alone. */
  readonly mapped: boolean;
  readonly packageName?: string;
}

interface Known {
  readonly file?: string;
  readonly line: number;
  readonly name?: string;
  readonly packageName?: string;
}

/** What the editor knows about frames. It comes in parts, and again after each refresh of a live target. */
export interface SourceBook {
  add(part: FrameSources): void;
  /** A new profile numbers its frames anew; what is known by key stays, so that names do not flicker. */
  forgetNumbers(): void;
  of(frame: ViewFrame, key: string): FramePlaceText;
}

export function createSourceBook(): SourceBook {
  let parts: FrameSources[] = [];
  const byKey = new Map<string, Known>();

  function look(index: number): Known | undefined {
    const part = parts.find(({ first, file }) => index >= first && index < first + file.length);
    if (!part) return undefined;
    const at = index - part.first;
    const name = part.names[index];
    return {
      line: part.line[at],
      ...(part.file[at] >= 0 ? { file: part.files[part.file[at]] } : {}),
      ...(part.package[at] >= 0 ? { packageName: part.packages[part.package[at]] } : {}),
      ...(name ? { name } : {}),
    };
  }

  return {
    add: (part) => {
      parts = [...parts.filter(({ first }) => first !== part.first), part];
    },
    forgetNumbers: () => {
      parts = [];
    },
    of: (frame, key) => {
      const found = frame.frame >= 0 ? look(frame.frame) : undefined;
      if (found) byKey.set(key, found);
      const known = found ?? byKey.get(key);
      const { url, line } = frame.place;
      const packageName = known?.packageName ?? frame.packageName ?? packageNameOf(url);
      const named = { name: known?.name ?? frame.name, ...(packageName ? { packageName } : {}) };
      if (known?.file !== undefined)
        return { ...named, file: known.file, ...(known.line >= 0 ? { line: known.line + 1 } : {}), mapped: true };
      return url
        ? { ...named, file: url, ...(line >= 0 ? { line: line + 1 } : {}), mapped: false }
        : { ...named, mapped: false };
    },
  };
}

/** Last two parts of a path: enough to know the file, short enough for a row. */
export function shortPath(path: string): string {
  const name = baseName(path);
  const folder = baseName(path.slice(0, -name.length - 1));
  return folder && folder !== name ? `${folder}/${name}` : name || path;
}
