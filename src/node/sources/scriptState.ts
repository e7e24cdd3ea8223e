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
      /** The text at `path` is what runs, so that a frame that the map does not know stands there. */
      readonly isText?: boolean;
    }
  /** The text on disk is what runs: positions mean what they say. */
  | { readonly kind: 'identical'; readonly source: SourceText }
  /** The text on disk is what was compiled, but nobody knows how: only names help. */
  | { readonly kind: 'by-name'; readonly source: SourceText; readonly problem: UnmappedReason; readonly detail: string }
  | {
      readonly kind: 'unmapped';
      readonly problem: UnmappedReason;
      readonly detail?: string;
      /** What the script is called is what runs: positions are places there, though nobody has read it. */
      readonly isText?: boolean;
    };

type NameMatches = Map<SourceText, { readonly frames: number; readonly byFrame: ReadonlyMap<Frame, number> }>;

/** A script of the target and what is known of it. There may be tens of thousands: what few of them need is made when it is asked for. */
export class Script {
  readonly frames: Frame[] = [];
  readonly results = new Map<string, FrameResolution>();
  /** Places in the text that were asked for and whose sources are not known yet. */
  readonly sites: Frame[] = [];
  /** Undefined until a frame came that tells something, then final. */
  evidence: ScriptEvidence | undefined = undefined;
  /** Lasts until the next `prepare`, for scripts of which only top-level code was seen. */
  provisional = false;
  askedTarget = false;
  private sourcesOrNone: Map<number, SourceText | SourceProblem> | undefined = undefined;
  private wantedOrNone: Set<number> | undefined = undefined;
  private matchesOrNone: NameMatches | undefined = undefined;
  private linesOrNone: Map<number, LinePlaces> | undefined = undefined;

  /** `path` is where the script lies on this machine, if anywhere. */
  constructor(
    readonly url: string,
    readonly path?: string,
  ) {}

  /** By source index of a map: text, or why there is none. */
  get sources(): Map<number, SourceText | SourceProblem> {
    return (this.sourcesOrNone ??= new Map());
  }

  /** Sources that ticked lines led to; loaded by the next `prepare`. */
  get wantedSources(): Set<number> {
    return (this.wantedOrNone ??= new Set());
  }

  get wantsSources(): boolean {
    return this.wantedOrNone !== undefined && this.wantedOrNone.size > 0;
  }

  /** Matches by name, and of how many frames. */
  get nameMatches(): NameMatches {
    return (this.matchesOrNone ??= new Map());
  }

  /** By generated line, of what was asked. */
  get lines(): Map<number, LinePlaces> {
    return (this.linesOrNone ??= new Map());
  }
}
