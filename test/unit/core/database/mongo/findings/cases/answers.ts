import type { TargetFacts } from '../../../../../../../src/core/database/facts';
import type { Finding } from '../../../../../../../src/core/database/finding';
import type { ExistingIndex } from '../../../../../../../src/core/database/indexes';
import { findIn } from '../../../../../../../src/core/database/mongo/findings/findIn';
import type { RULES } from '../../../../../../../src/core/database/mongo/findings/rules';
import { readPlan } from '../../../../../../../src/core/database/mongo/plan/readPlan';

export type Fields = Record<string, unknown>;
export const NOW = Date.UTC(2026, 0, 31);

export function stage(name: string, fields: Fields, ...below: Fields[]): Fields {
  if (!below.length) return { stage: name, ...fields };
  return below.length === 1
    ? { stage: name, ...fields, inputStage: below[0] }
    : { stage: name, ...fields, inputStages: below };
}

/** An answer to explain; the totals are of the stages. */
export function ran(command: Fields, root: Fields, more: Fields = {}): Fields {
  const sum = (name: string, node: Fields): number =>
    Number(node[name] ?? 0) +
    [node.inputStage, ...((node.inputStages as Fields[] | undefined) ?? [])].reduce<number>(
      (total, child) => total + (child ? sum(name, child as Fields) : 0),
      0,
    );
  const { rejectedPlans, ...others } = more;
  return {
    queryPlanner: { namespace: 'd.c', winningPlan: root, ...(rejectedPlans ? { rejectedPlans } : {}) },
    executionStats: {
      executionSuccess: true,
      nReturned: root.nReturned,
      executionTimeMillis: 1,
      totalKeysExamined: sum('keysExamined', root),
      totalDocsExamined: sum('docsExamined', root),
      executionStages: root,
    },
    command: { ...command, $db: 'd' },
    ...others,
  };
}

export function piped(pipeline: Fields[], stages: Fields[]): Fields {
  return { stages, command: { aggregate: 'c', pipeline, $db: 'd' } };
}

export const cursor = (nReturned: number): Fields => ({
  $cursor: {
    queryPlanner: { namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } },
    executionStats: {
      nReturned,
      totalKeysExamined: 0,
      totalDocsExamined: nReturned,
      executionStages: { stage: 'COLLSCAN', nReturned, docsExamined: nReturned },
    },
  },
  nReturned,
});
export const scan = (docsExamined: number, nReturned: number, filter: Fields = { a: { $eq: 1 } }): Fields =>
  stage('COLLSCAN', { filter, docsExamined, nReturned });
export const keys = (fields: Fields): Fields =>
  stage('IXSCAN', { indexName: 'a_1', keyPattern: { a: 1 }, indexBounds: { a: ['[1, 1]'] }, ...fields });
export const fetched = (
  docs: number,
  nReturned: number,
  fields: Fields = {},
  of: Fields = keys({ keysExamined: docs, nReturned: docs }),
): Fields => stage('FETCH', { docsExamined: docs, nReturned, ...fields }, of);
export const open = { a: ['[MinKey, MaxKey]'] };

export function found(answer: unknown, facts: TargetFacts | Record<string, TargetFacts> = {}): Finding[] {
  const map = 'c' in facts || 'other' in facts ? facts : { c: facts as TargetFacts };
  return findIn(readPlan(answer), new Map(Object.entries(map)), { now: NOW });
}

export interface Case {
  readonly rule: keyof typeof RULES;
  readonly fires: unknown;
  readonly severity?: Finding['severity'];
  readonly evidence?: RegExp;
  readonly facts?: TargetFacts | Record<string, TargetFacts>;
  /** What looks alike and must stay silent, with its own facts. */
  readonly silent: unknown;
  readonly silentFacts?: TargetFacts | Record<string, TargetFacts>;
}

export const find = (filter: Fields, more: Fields = {}): Fields => ({ find: 'c', filter, ...more });
export const index = (
  name: string,
  key: Fields,
  options: Fields = {},
  usage?: { operations: number; since: string },
): ExistingIndex => ({
  name,
  columns: key,
  options,
  ...(usage ? { usage } : {}),
});
export const lookup = (more: Fields, nReturned = 50): Fields => ({
  $lookup: { from: 'other', as: 'o', localField: 'x', foreignField: 'y' },
  nReturned,
  ...more,
});
export const sharded = (filter: Fields, ...shards: string[]): Fields => ({
  queryPlanner: {
    winningPlan: {
      stage: 'SHARD_MERGE',
      shards: shards.map((shardName) => ({ shardName, namespace: 'd.c', winningPlan: { stage: 'COLLSCAN' } })),
    },
  },
  command: { find: 'c', filter, $db: 'd' },
});
export const byA = [
  {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      indexName: 'a_1_b_1',
      keyPattern: { a: 1, b: 1 },
      indexBounds: { a: ['[1, 1]'], b: ['["x, y", "x, y"]'] },
    },
  },
];
