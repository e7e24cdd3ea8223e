import { ServerError, typeMismatch } from '../errors';
import type { Database, Store } from '../storage/store';
import type { Doc } from '../values/types';
import type { Turns } from '../execution/turns';
import type { CursorTable } from './cursors';
import type { Operations } from './operations';

/** What a command works with. */
export interface CommandContext {
  readonly store: Store;
  readonly cursors: CursorTable;
  readonly database: Database;
  readonly name: string;
  readonly body: Doc;
  /** Moment (of `performance.now`) at which the command runs out of time. */
  readonly deadline: number | undefined;
  /** Number of the connection that sent the command. */
  readonly connection: number;
  readonly connections: Connections;
  readonly turns: Turns;
  readonly operations: Operations;
  /** Filled by the command for the profiler. */
  readonly notes: ProfileNotes;
}

/** How many connections there are, and have been. */
export interface Connections {
  current: number;
  total: number;
}

/** What the profiler writes about a command. */
export interface ProfileNotes {
  op?: string;
  ns?: string;
  keysExamined?: number;
  docsExamined?: number;
  nreturned?: number;
  hasSortStage?: boolean;
  usedDisk?: boolean;
  fromMultiPlanner?: boolean;
  planSummary?: string;
  execStats?: Doc;
  cursorExhausted?: boolean;
  queryHash?: string;
  planCacheKey?: string;
  originatingCommand?: Doc;
  cursorid?: unknown;
  ninserted?: number;
  nMatched?: number;
  nModified?: number;
  ndeleted?: number;
}

/** The collection name a command gives as its first value. */
export function collectionName({ name, body, database }: CommandContext): string {
  const value = body[name];
  if (typeof value !== 'string') throw typeMismatch(`collection name has invalid type ${typeof value}`);
  if (value === '') throw new ServerError(73, `Invalid namespace specified '${database.name}.'`);
  return value;
}
