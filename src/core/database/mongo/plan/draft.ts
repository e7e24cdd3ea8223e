import type { Plan, Stage } from '../../plan';
import type { PlanEngine } from './engines';
import { roleOf } from './stageRoles';
import type { EjsonDocument } from '../../../ejson/documents';

/** A stage while its tree is being read. */
export type Draft = { -readonly [K in keyof Omit<Stage, 'children' | 'fields'>]: Stage[K] } & {
  fields: Record<string, unknown>;
  children: Draft[];
  /** Cumulative time of what ran before and is not among the children: a branch of `$facet` has the input's in its own. */
  earlierMillis?: number;
};

/** Where a part of the answer stands. */
export interface Place {
  readonly shard?: string;
  /** Set inside the sub-pipelines of `$lookup` and the like. */
  readonly target?: string;
  /** Inside a plan that was not taken: its counters are not the query's. */
  readonly rejected?: true;
}

/** A plan, its own counters, and what else the planner and the execution say. */
export interface Body {
  readonly top: Draft | null;
  readonly returned?: number;
  readonly millis?: number;
  readonly fields: Record<string, unknown>;
}

/**
 * One reading of one answer. Parts are read from a queue, in order and never by recursion, so that neither a deep nor a long
 * answer overflows the stack.
 */
export interface Reading {
  readonly queue: (() => void)[];
  /** Reads an answer inside of the answer: a `$cursor` has a whole one. */
  readonly readBody: (reading: Reading, body: EjsonDocument, place: Place) => Body;
  readonly problems: string[];
  readonly rejected: Draft[];
  readonly engines: Set<PlanEngine>;
  /** What the answer says besides its plans. */
  readonly facts: Record<string, unknown>;
  namespace?: string;
  /** What the first planner says besides its plans. */
  planner?: Readonly<Record<string, unknown>>;
  executed: boolean;
  failure?: Plan['failure'];
  entriesRead?: number;
  rowsRead?: number;
  millis?: number;
}

export function newReading(readBody: Reading['readBody']): Reading {
  return { queue: [], readBody, problems: [], rejected: [], engines: new Set(), facts: {}, executed: false };
}

export function newDraft(name: string, place: Place): Draft {
  const draft: Draft = { role: roleOf(name), name, fields: {}, children: [] };
  if (place.shard !== undefined) draft.shard = place.shard;
  if (place.target !== undefined) draft.target = place.target;
  return draft;
}

/** Runs what is queued, and what that queues. */
export function finishReading(reading: Reading): void {
  for (let next = 0; next < reading.queue.length; next++) reading.queue[next]();
}

/** One sentence, once. */
export function addProblem(reading: Reading, sentence: string): void {
  if (reading.problems.length < 50 && !reading.problems.includes(sentence)) reading.problems.push(sentence);
}

/** The name as the server writes it, of any of the dialects; undefined for what is no stage. */
export function stageName(node: EjsonDocument): string | undefined {
  if (typeof node.stage === 'string') return node.stage;
  if (typeof node['Node Type'] === 'string') return node['Node Type'];
  return typeof node.type === 'string' && Array.isArray(node.children) ? node.type : undefined;
}
