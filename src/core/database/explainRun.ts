import type { Plan, PlanTotals } from './plan';
import type { TargetFacts } from './facts';
import type { Finding } from './finding';
import type { IndexSuggestion } from './indexes';

/** How much the server does: plan only, run the winner, run every candidate. */
export type Verbosity = 'queryPlanner' | 'executionStats' | 'allPlansExecution';

/** One explain of one statement, as it is shown, kept and compared. Holds no secret and no raw answer. */
export interface ExplainRun {
  /** ms since 1970 */
  readonly at: number;
  /** Name of the connection: hosts only. */
  readonly connection: string;
  readonly database: string;
  /** What is asked: a table, a collection. */
  readonly target: string;
  readonly verbosity: Verbosity;
  /** The statement as a shell of the server takes it, values filled in. */
  readonly text: string;
  readonly plan: Plan;
  readonly findings: readonly Finding[];
  readonly suggestions: readonly IndexSuggestion[];
  /** Of `target`, as far as they could be read. */
  readonly facts: TargetFacts;
  /** What differs from the statement as written, and why: `$out was cut off …`. One sentence each. */
  readonly notes: readonly string[];
}

/** A run as far as two of them are compared; what is absent is not compared. */
export type ComparableRun = Pick<ExplainRun, 'plan' | 'findings'> &
  Partial<Pick<ExplainRun, 'verbosity' | 'connection' | 'database' | 'target' | 'text'>>;

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

/** The same statement on a sample with and without an index; nothing of it was in the user's own data. */
export interface IndexTrial {
  readonly suggestion: IndexSuggestion;
  /** Rows in the sample, and in the whole where that is known. */
  readonly sampled: number;
  readonly rows?: number;
  readonly before: Pick<ExplainRun, 'plan' | 'findings'>;
  readonly after: Pick<ExplainRun, 'plan' | 'findings'>;
  readonly comparison: RunComparison;
  /** Size of the index on the sample. */
  readonly indexBytes?: number;
  /** How the sample differs from the whole: what is joined, sharding, indexes that could not be copied. One sentence each. */
  readonly notes?: readonly string[];
}

/** How the work of a statement grows with its data. */
export interface ScaleCheck {
  /** Ascending by rows; the last is the whole where it was explained. */
  readonly points: readonly ScalePoint[];
  /** Fitted to the work (index entries and rows read); unknown with too few or contradicting points. */
  readonly complexity: 'constant' | 'logarithmic' | 'linear' | 'n log n' | 'quadratic' | 'unknown';
  /** One sentence with the numbers that show it. */
  readonly summary: string;
  /** What is missing or differs, and why: a size that took too long, what is joined. One sentence each. */
  readonly notes?: readonly string[];
}

export interface ScalePoint extends PlanTotals {
  readonly rows: number;
  /** False for the user's own data. */
  readonly sampled: boolean;
}
