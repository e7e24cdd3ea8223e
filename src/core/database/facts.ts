import type { ExistingIndex } from './indexes';

/** What is known of a table or a collection besides the plan; every rule works without any of it, and says less. */
export interface TargetFacts {
  readonly rows?: number;
  readonly averageBytes?: number;
  readonly indexes?: readonly ExistingIndex[];
  /** Types seen in a sample by column, by the server's names, with every kind of number as `number`. */
  readonly columnTypes?: Readonly<Record<string, readonly string[]>>;
  /** Where it is spread over shards. */
  readonly shardKey?: Readonly<Record<string, unknown>>;
  /** Of columns in a sample, how many different values there are in all rows, estimated; for ranges the ends. */
  readonly columnValues?: Readonly<Record<string, ColumnValues>>;
}

export interface ColumnValues {
  /** At least 1. */
  readonly distinct: number;
  /** Smallest and largest number, or date in ms since 1970. */
  readonly least?: number;
  readonly most?: number;
}
