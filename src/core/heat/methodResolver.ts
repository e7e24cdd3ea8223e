import type { Frame } from '../profile/frame';
import type { Method, MethodIndex } from '../method/method';

/** A method that was measured, in the file as it was compiled into the target. */
export interface SourceMethod {
  /** Absolute path on this machine, or the script's URL when it is no file. */
  readonly file: string;
  readonly method: Method;
  /** Index of `method` in its file's method index. */
  readonly index: number;
  /** `node_modules` package that the file belongs to (`express`, `@scope/name`); undefined for the user's own files. */
  readonly packageName?: string;
  /**
   * True when the file on disk is not what the target runs: it was modified after the process started, or it differs from
   * the text in the source map. `method` is of the text as it was compiled, where that is known.
   */
  readonly sourceChanged?: boolean;
}

/** The text that a target runs, and the index of it that `SourceMethod.index` points into. */
export interface MeasuredSource {
  readonly text: string;
  readonly index: MethodIndex;
}

export type UnmappedReason =
  | 'no-file' // the URL names no file that can be read here (deleted, remote without path mapping)
  | 'evaluated' // eval, new Function, vm script, REPL: no file
  | 'no-source-map' // compiled in memory or a map is named but missing, and names do not settle it
  | 'broken-source-map'
  | 'source-missing' // mapped, but the original file is neither on disk nor in the map
  | 'not-mapped' // the map has no segment for this position (code added by the compiler)
  | 'no-method' // no method stands at the position: the file differs from what runs
  | 'unsupported-language';

export type FrameResolution =
  | { readonly method: number; readonly byName?: boolean }
  | { readonly reason: UnmappedReason; readonly detail?: string };

/**
 * From generated positions to methods of the source. `prepare` does all I/O; the rest is synchronous and cheap,
 * because attribution asks once per frame and per ticked line.
 */
export interface MethodResolver {
  /** Append-only; indices into it are stable for the life of the resolver. */
  readonly methods: readonly SourceMethod[];
  prepare(frames: readonly Frame[]): Promise<void>;
  /** For a `source` frame that was prepared. The result for one frame never changes. */
  resolveFrame(frame: Frame): FrameResolution;
  /**
   * Original places of one generated line (0-based) of the frame's script: every method with code on it (innermost
   * first), and the original line if it is the same for the whole generated line. Empty when unknown.
   */
  resolveLine(frame: Frame, generatedLine: number): LinePlaces;
  /** A file in `methods` as it was measured, with all its methods; undefined for other files. */
  measuredSource(file: string): MeasuredSource | undefined;
  /** Identifiers that the method's own text calls or names (not those of nested methods' parameters): tells plausible callees. */
  namesUsedBy(method: number): ReadonlySet<string>;
}

export interface LinePlaces {
  readonly methods: readonly number[];
  readonly file?: string;
  readonly line?: number;
}
