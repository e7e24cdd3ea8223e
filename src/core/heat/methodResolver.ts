import type { Frame } from '../profile/frame';
import type { Method, MethodIndex } from '../method/method';
import type { Position } from '../positions';

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
  readonly sourceChanged?: true;
  /** Where the name of the method stands in the other text that the file on disk has now, where that is known. */
  readonly nameOnDisk?: Position;
  /**
   * Why the code is shown as it runs and not as it was written: its source could not be had. Where that code was not read either, `method`
   * is what V8 says, a name and where it begins; its span is empty then, and `index` is negative.
   */
  readonly generated?: NoSource;
}

/** Why there is no source; `detail` is for people, without a full stop. */
export interface NoSource {
  readonly reason: UnmappedReason;
  readonly detail?: string;
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
  | 'unsupported-language'
  | 'webassembly'; // V8 tells the function's name, or its number, and no source

export type FrameResolution = { readonly method: number; readonly byName?: boolean } | NoSource;

/**
 * From generated positions to methods of the source. `prepare` does all I/O; the rest is synchronous and cheap,
 * because attribution asks once per frame and per ticked line.
 */
export interface MethodResolver {
  /** Append-only; indices into it are stable for the life of the resolver. */
  readonly methods: readonly SourceMethod[];
  /** `sites` are places in the generated text, and not where functions begin: for `resolvePosition`. */
  prepare(frames: readonly Frame[], sites?: readonly Frame[]): Promise<void>;
  /** Grows with what was loaded: what could not be resolved before may be by now. */
  readonly version: number;
  /** For a `source` frame that was prepared. The result for one frame never changes. */
  resolveFrame(frame: Frame): FrameResolution;
  /**
   * Original places of one generated line (0-based) of the frame's script: every method with code on it (innermost
   * first), and the original line if it is the same for the whole generated line. Empty when unknown.
   */
  resolveLine(frame: Frame, generatedLine: number): LinePlaces;
  /** A file in `methods` as it was measured, with all its methods; undefined for other files. */
  measuredSource(file: string): MeasuredSource | undefined;
  /** Method whose code stands at the frame's line and column (0-based, of the generated text); -1 where that is unknown. */
  resolvePosition(site: Frame): number;
  /** Methods that the text of the method certainly calls, by the bindings of their names; see `core/method/boundCalls`. */
  calleesOf(method: number): readonly number[];
  /** Those of them that are called on the line of its source (0-based). */
  calleesOnLine(method: number, line: number): readonly number[];
  /** By URL: some frame of each script that the file is a source of, also where none was seen; what lines are asked by. */
  scriptsOf(file: string): ReadonlyMap<string, Frame>;
}

export interface LinePlaces {
  readonly methods: readonly number[];
  readonly file?: string;
  readonly line?: number;
  /** There is more code on the line than anybody writes: whose it is was not looked at. */
  readonly isCrowded?: boolean;
}
