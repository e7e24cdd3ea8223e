/**
 * A normalised explain result: a tree of stages with counters, whatever server, engine or verbosity it came from. Absent
 * numbers were not in the answer, which is not the same as 0.
 */
export interface Plan {
  /** `database.collection`; of a time series or a view, the name that the user gave. Null where the answer has none. */
  readonly namespace: string | null;
  /** The explained command as the server repeats it; null where it does not. */
  readonly command: Readonly<Record<string, unknown>> | null;
  readonly engine: PlanEngine;
  /** Server, as far as the answer tells. */
  readonly server?: { readonly version?: string; readonly host?: string };
  /** False when only planned (`queryPlanner`), or when it failed. */
  readonly executed: boolean;
  /** Why it failed, or stopped early: the numbers are then partial. */
  readonly failure?: { readonly code?: number; readonly message: string };
  readonly totals: PlanTotals;
  /** The output of the query; data flows from the leaves (collection scans, index scans) up to it. */
  readonly root: Stage;
  /** Plans that the planner tried or considered and did not take. */
  readonly rejected: readonly Stage[];
  /** What else the planner says (cache state, hashes, limits that were reached, index filter), name by name. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What could not be understood, one sentence each; the stages are shown all the same. */
  readonly problems: readonly string[];
}

/** `classic` and `sbe` are MongoDB's; `mixed` has both (SBE below, classic above); look-alikes by name. */
export type PlanEngine =
  'legacy' | 'classic' | 'sbe' | 'mixed' | 'express' | 'documentdb' | 'cosmos' | 'ferretdb' | 'unknown';

export interface PlanTotals {
  readonly returned?: number;
  readonly keysExamined?: number;
  readonly docsExamined?: number;
  /** Server time; of several shards the longest. */
  readonly millis?: number;
}

export interface Stage {
  /** As the server names it: `IXSCAN`, `$lookup`, `SHARD_MERGE`. */
  readonly name: string;
  /** Of the index that it reads; `_id_` for an IDHACK. */
  readonly index?: string;
  readonly keyPattern?: Readonly<Record<string, unknown>>;
  /** By field, each a list of intervals as the server writes them. */
  readonly bounds?: Readonly<Record<string, readonly string[]>>;
  /** Residual predicate, after the index has done its part. */
  readonly filter?: unknown;
  readonly returned?: number;
  readonly keysExamined?: number;
  readonly docsExamined?: number;
  /** Cumulative, children included. */
  readonly millis?: number;
  /** `millis` without the children's; never below 0. */
  readonly selfMillis?: number;
  readonly spilled?: boolean;
  readonly shard?: string;
  /** Collection that it reads, where that is not the plan's (`$lookup`, `$unionWith`). */
  readonly collection?: string;
  /** Everything else that the server says about it, with its own names; numbers are plain (Long is unwrapped). */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly children: readonly Stage[];
}

/** One piece of advice, as `heatlens plan --json` prints it. */
export interface Finding {
  /** `R01` … as in the documentation of the rules. */
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** Path of child indices from the plan's root to the stage that shows it; absent when it concerns the whole command. */
  readonly stage?: readonly number[];
  /** The numbers that show it: `48,211 documents read for 20 returned`. */
  readonly evidence: string;
  /** What was checked against a false alarm, and held. */
  readonly guard: string;
  readonly advice: string;
}

/** An index that would serve the query better. */
export interface IndexSuggestion {
  readonly collection: string;
  /** Field to 1 or -1, in order. */
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** Names of existing indexes that it makes redundant: hide them first, then drop. */
  readonly replaces: readonly string[];
}

/** One index of a collection, as `listIndexes` tells it. */
export interface ExistingIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  /** unique, sparse, partialFilterExpression, collation, expireAfterSeconds, hidden, …, as the server has them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** From `$indexStats`: operations since that moment, where known. */
  readonly usage?: { readonly operations: number; readonly since: string };
}

/** What is known of a collection besides the plan; every rule works without any of it, and says less. */
export interface CollectionFacts {
  readonly documents?: number;
  readonly averageBytes?: number;
  readonly indexes?: readonly ExistingIndex[];
  /** Types seen in a sample by field, as `$type` names them, with every kind of number as `number`. */
  readonly fieldTypes?: Readonly<Record<string, readonly string[]>>;
  /** Of a sharded collection. */
  readonly shardKey?: Readonly<Record<string, unknown>>;
  /** Of fields in a sample, how many different values there are in the whole collection, estimated; for ranges the ends. */
  readonly fieldValues?: Readonly<Record<string, FieldValues>>;
}

export interface FieldValues {
  /** At least 1. */
  readonly distinct: number;
  /** Smallest and largest number, or date in ms since 1970. */
  readonly least?: number;
  readonly most?: number;
}
