import type { CollectionFacts, Finding, IndexSuggestion, Plan, PlanTotals } from './plan';

/** How much the server does: plan only, run the winner, run every candidate. */
export type Verbosity = 'queryPlanner' | 'executionStats' | 'allPlansExecution';

/** One explain of one statement, as it is shown, kept and compared. Holds no secret and no raw answer. */
export interface ExplainRun {
  /** ms since 1970 */
  readonly at: number;
  /** Name of the connection: hosts only. */
  readonly connection: string;
  readonly database: string;
  readonly collection: string;
  readonly verbosity: Verbosity;
  /** The statement as shell text, values filled in. */
  readonly text: string;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly suggestions: readonly IndexSuggestion[];
  /** Of `collection`, as far as they could be read. */
  readonly facts: CollectionFacts;
  /** What differs from the statement as written, and why: `$out was cut off …`. One sentence each. */
  readonly notes: readonly string[];
}

/** Two runs of one statement, the earlier first. */
export interface RunComparison {
  readonly verdict: 'better' | 'worse' | 'mixed' | 'same' | 'unknown';
  /** One sentence: `Reads 20 documents instead of 48,211, with the index category_1_name_1.` */
  readonly summary: string;
  readonly changes: readonly RunChange[];
}

export interface RunChange {
  /** `documents examined`, `plan`, `sort` … */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly effect: 'better' | 'worse' | 'neutral';
}

/** The same statement on a sample with and without an index; nothing of it was in the user's collection. */
export interface IndexTrial {
  readonly suggestion: IndexSuggestion;
  /** Documents in the sample, and in the whole collection where that is known. */
  readonly sampled: number;
  readonly documents?: number;
  readonly before: Pick<ExplainRun, 'plan' | 'findings'>;
  readonly after: Pick<ExplainRun, 'plan' | 'findings'>;
  readonly comparison: RunComparison;
  /** Size of the index on the sample. */
  readonly indexBytes?: number;
  /** How the sample differs from the whole: joined collections, sharding, indexes that could not be copied. One sentence each. */
  readonly notes?: readonly string[];
}

/** How the work of a statement grows with the collection. */
export interface ScaleCheck {
  /** Ascending by documents; the last is the whole collection where it was explained. */
  readonly points: readonly ScalePoint[];
  /** Fitted to the work (keys and documents examined); unknown with too few or contradicting points. */
  readonly complexity: 'constant' | 'logarithmic' | 'linear' | 'n log n' | 'quadratic' | 'unknown';
  /** One sentence with the numbers that show it. */
  readonly summary: string;
  /** What is missing or differs, and why: a size that took too long, joined collections. One sentence each. */
  readonly notes?: readonly string[];
}

export interface ScalePoint extends PlanTotals {
  readonly documents: number;
  /** False for the user's collection itself. */
  readonly sampled: boolean;
}
