import { inDecimals } from '../words/numbers';

/** Why a plan was not taken. */
export interface RejectedReasons {
  /** Path of child indices from the plan's root to the stage that was taken in its place. */
  readonly winner: readonly number[];
  /** Absent where the server told no trial: it was not asked, or took the plan from its cache. */
  readonly trial?: { readonly winner: TrialNumbers; readonly rejected: TrialNumbers };
  /** Full sentences, the deciding one first. */
  readonly reasons: readonly string[];
}

/** What a plan did while the planner tried it beside the others. Absent numbers were not in the answer. */
export interface TrialNumbers {
  /** Steps that the plan was given; all plans of one trial get equally many. */
  readonly works?: number;
  readonly returned?: number;
  readonly reachedEnd?: boolean;
  readonly entriesRead?: number;
  readonly rowsRead?: number;
  readonly score?: number;
  /** False where the score was computed here, as the server does it. */
  readonly scoreTold: boolean;
}

/** As many digits as tell scores apart. */
export function scoreText(score: number): string {
  return inDecimals(score, 5);
}
