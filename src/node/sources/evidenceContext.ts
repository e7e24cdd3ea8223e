import type { UnmappedReason } from '../../core/heat/methodResolver';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { extensionOf, withoutQuery } from '../../core/source/paths';
import type { ReadMap } from './readMap';
import type { ReadFile } from './sourceFiles';
import type { SourceTextStore } from './sourceTexts';

/** Bytes of a text that methods are read from: parsing takes about half a second per megabyte. */
export const MAX_PARSED_BYTES = 5 * 1024 * 1024;

/** After so many places where nothing was, each source is only looked for in its likeliest one. */
export const MOST_TRIES = 50_000;

/** What all steps from a script to its methods need. */
export interface EvidenceContext {
  readonly roots: readonly string[];
  readonly pathMappings: readonly RemoteDirectory[];
  /** Epoch ms. */
  readonly processStartedAt?: number;
  readonly readFile: ReadFile;
  readonly readMap: ReadMap;
  /** How many more places are tried in vain for sources: a map may name a hundred thousand that are nowhere. */
  readonly tries: { left: number };
  readonly texts: SourceTextStore;
}

/** Why there are no methods; `detail` is for people, without a full stop. */
export interface SourceProblem {
  readonly problem: UnmappedReason;
  readonly detail: string;
  /** Absolute path of the file that was not read, where it is known to be there. */
  readonly file?: string;
}

export function isLater(modifiedAt: number, { processStartedAt }: EvidenceContext): boolean {
  return processStartedAt !== undefined && modifiedAt > processStartedAt;
}

/** By the extension; a file without one is taken for JavaScript, as Node does. */
export function unsupportedLanguage(path: string): SourceProblem | undefined {
  const extension = extensionOf(withoutQuery(path));
  if (/^(?:|\.(?:[mc]?js|[mc]?ts|jsx|tsx|es6?|vue|svelte|astro))$/.test(extension)) return undefined;
  return {
    problem: 'unsupported-language',
    detail: `${extension} files are not read, only JavaScript and TypeScript, also in components`,
  };
}
