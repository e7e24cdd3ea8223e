import type { PlanWords } from './planWords';

/**
 * A normalised explain result: a tree of stages with roles and counters, whatever server, engine or verbosity it came from.
 * Absent numbers were not in the answer, which is not the same as 0.
 */
export interface Plan {
  /** What was asked, qualified: `database.collection`. Null where the answer does not tell. */
  readonly namespace: string | null;
  /** The explained command as the server repeats it; null where it does not. */
  readonly command: Readonly<Record<string, unknown>> | null;
  /** What made the plan, by the name that the server or its reader has for it. */
  readonly engine: string;
  /** What rows, index entries and the like are called there. */
  readonly words: PlanWords;
  /** Server, as far as the answer tells. */
  readonly server?: { readonly version?: string; readonly host?: string };
  /** False when only planned, or when it failed. */
  readonly executed: boolean;
  /** Why it failed, or stopped early: the numbers are then partial. `timedOut` is by a limit on its time. */
  readonly failure?: { readonly code?: number; readonly message: string; readonly timedOut?: true };
  readonly totals: PlanTotals;
  /** Of a plan that only counts: the count, which is no number of rows returned. */
  readonly counts?: number;
  /** It is for the distinct values of a column: what it returns is rows or index entries, as its stages have it. */
  readonly distinct?: true;
  /** The output of the query; data flows from the leaves (scans, index scans) up to it. */
  readonly root: Stage;
  /** Plans that the planner tried or considered and did not take. */
  readonly rejected: readonly Stage[];
  /** What else the planner says (cache state, hashes, limits that were reached, index filter), name by name. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What could not be understood, one sentence each; the stages are shown all the same. */
  readonly problems: readonly string[];
}

/** Of the whole plan, in the units of `Stage`. */
export interface PlanTotals {
  readonly returned?: number;
  readonly entriesRead?: number;
  readonly rowsRead?: number;
  /** Server time; of several shards the longest. */
  readonly millis?: number;
}

/** What a stage does, whatever its server calls it. A scan reads its target from end to end. */
export type StageRole = 'scan' | 'indexScan' | 'fetch' | 'sort' | 'join' | 'group' | 'limit' | 'other';

export interface Stage {
  readonly role: StageRole;
  /** As the server names it, to be shown: `IXSCAN`, `Bitmap Heap Scan`. */
  readonly name: string;
  /** Name of the index that it reads. */
  readonly index?: string;
  /** Columns of that index in order: 1 ascending, -1 descending, else its kind. */
  readonly indexColumns?: Readonly<Record<string, unknown>>;
  /** The index has each value once. */
  readonly unique?: true;
  /** By column of the index, each a list of intervals as the server writes them. */
  readonly bounds?: Readonly<Record<string, readonly string[]>>;
  /** Columns of `bounds` that let every entry through, in order. */
  readonly unbounded?: readonly string[];
  /** Residual condition, after the index has done its part. */
  readonly filter?: unknown;
  /** Columns and directions that it sorts by, as the server has them. */
  readonly sortBy?: unknown;
  /** Rows after which it stops, and rows that it leaves out at the beginning. */
  readonly limit?: number;
  readonly skip?: number;
  /** Rows handed on, of all loops together. */
  readonly returned?: number;
  /** Index entries read. */
  readonly entriesRead?: number;
  /** Rows read from the target. */
  readonly rowsRead?: number;
  /** Rows that were read and did not pass `filter`. */
  readonly discarded?: number;
  /** Rows that the planner expected to be returned. */
  readonly estimated?: number;
  /** Blocks (pages) read, from disk or cache. */
  readonly blocks?: number;
  /** How often it ran. */
  readonly loops?: number;
  /** Cumulative, children included. */
  readonly millis?: number;
  /** `millis` without the children's; never below 0. */
  readonly selfMillis?: number;
  /** Bytes of memory that it took at most, and may take. */
  readonly memory?: { readonly used?: number; readonly limit?: number };
  /** Memory was not enough, and it wrote to disk. */
  readonly spilled?: boolean;
  /** Bytes written to disk. */
  readonly tempBytes?: number;
  readonly marks?: readonly StageMark[];
  readonly shard?: string;
  /** What it reads (a table, a collection), where that is not the plan's own. */
  readonly target?: string;
  /** What it is to its parent, where it begins a tree of its own; absent for a plain input. */
  readonly relation?: StageRelation;
  /** It takes rows from elsewhere in the plan: a leaf that reads no target. */
  readonly internal?: true;
  /** Everything else that the server says about it, with its own names; numbers are plain (Long is unwrapped). */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly children: readonly Stage[];
}

/**
 * Worth a word beside the stage: the index alone answers (`covered`), has several entries for one row (`multikey`) or not all
 * rows (`partial`); the stage `failed`.
 */
export type StageMark = 'failed' | 'multikey' | 'covered' | 'partial';

/**
 * A `branch` is one of several that get the parent's input; a `subplan` runs beside the input, for a join or a subquery; the
 * rows of a `union` are added to it.
 */
export interface StageRelation {
  readonly kind: 'branch' | 'subplan' | 'union';
  readonly name: string;
}
