import type { FrameResolution, LinePlaces, UnmappedReason } from '../../core/heat/methodResolver';
import type { Frame } from '../../core/profile/frame';
import type { SourceMap } from '../../core/source/sourceMap';
import type { SourceProblem } from './evidenceContext';
import type { SourceText } from './sourceTexts';

/** How the frames of a script become methods. */
export type ScriptEvidence =
  | {
      readonly kind: 'mapped';
      readonly map: SourceMap;
      /** Absolute path of the script on this machine. */
      readonly path?: string;
      /** For a script that was built again after the process started: whether a frame stands where it stood before. */
      readonly fits?: (frame: Frame) => boolean;
    }
  /** The text on disk is what runs: positions mean what they say. */
  | { readonly kind: 'identical'; readonly source: SourceText }
  /** The text on disk is what was compiled, but nobody knows how: only names help. */
  | { readonly kind: 'by-name'; readonly source: SourceText; readonly problem: UnmappedReason; readonly detail: string }
  | { readonly kind: 'unmapped'; readonly problem: UnmappedReason; readonly detail?: string };

/** A script of the target and what is known of it. */
export interface Script {
  readonly url: string;
  readonly frames: Frame[];
  readonly results: Map<string, FrameResolution>;
  /** Undefined until a frame came that tells something, then final. */
  evidence?: ScriptEvidence;
  /** Lasts until the next `prepare`, for scripts of which only top-level code was seen. */
  provisional: boolean;
  askedTarget: boolean;
  /** By source index of a map: text, or why there is none. */
  readonly sources: Map<number, SourceText | SourceProblem>;
  /** Sources that ticked lines led to; loaded by the next `prepare`. */
  readonly wantedSources: Set<number>;
  /** Matches by name, and of how many frames. */
  readonly nameMatches: Map<SourceText, { readonly frames: number; readonly byFrame: ReadonlyMap<Frame, number> }>;
  /** By generated line, of what was asked. */
  readonly lines: Map<number, LinePlaces>;
}
