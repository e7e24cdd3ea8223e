import type { PipelineRun, StageRun } from '../aggregation/run';
import { isInclusion } from '../aggregation/optimise';
import { canonicalProjection } from '../aggregation/pushdown';
import { toQuery } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import { isDoc } from '../values/types';
import type { Doc } from '../values/types';
import { executionStats, queryPlanner } from './find';
import type { Verbosity } from './find';

/** Explains a pipeline that has run: as a query when the planner took all of it, else as stages. */
export function explainPipeline(run: PipelineRun, verbosity: Verbosity): Doc {
  const stages = pipelineStages(run, verbosity);
  const [first] = stages;
  if (stages.length === 1 && run.source === '$cursor' && isDoc(first.$cursor)) return first.$cursor;
  return { stages };
}

function pipelineStages(run: PipelineRun, verbosity: Verbosity): Doc[] {
  const { executor, pushed, source, namespace, read } = run;
  const stages: Doc[] = [];
  if (executor && pushed && source) {
    const cursor = {
      queryPlanner: queryPlanner(executor, pushed.query, namespace),
      ...(verbosity === 'queryPlanner' ? {} : { executionStats: executionStats(executor, undefined, verbosity) }),
    };
    stages.push({ [source]: cursor, ...timing(verbosity, read.returned, read.millis) });
  }
  let millis = read.millis;
  for (const item of run.runs) {
    millis += item.millis;
    stages.push({ ...printStage(item, namespace, verbosity), ...timing(verbosity, item.returned, millis) });
  }
  return stages;
}

function timing(verbosity: Verbosity, returned: number, millis: number): Doc {
  return verbosity === 'queryPlanner' ? {} : { nReturned: returned, executionTimeMillisEstimate: Math.round(millis) };
}

function printStage(run: StageRun, namespace: string, verbosity: Verbosity): Doc {
  const { item, facets, inner, counters } = run;
  const { name, spec } = item;
  switch (name) {
    case '$match':
      return { $match: toQuery(normalise(parseQuery(spec))) };
    case '$sort':
      return { $sort: { sortKey: spec, ...(item.limit === undefined ? {} : { limit: item.limit }) } };
    case '$lookup': {
      const print = {
        ...(spec as Doc),
        ...(item.unwinding ? { unwinding: withoutPath(item.unwinding) } : {}),
        ...(item.matching ? { matching: item.matching } : {}),
      };
      return { $lookup: print, ...(verbosity === 'queryPlanner' ? {} : counters) };
    }
    case '$facet': {
      const branches = Object.entries(facets ?? {}).map(([branch, runs]) => [
        branch,
        runs.map((one) => ({
          ...printStage(one, namespace, verbosity),
          ...timing(verbosity, one.returned, one.millis),
        })),
      ]);
      return { $facet: Object.fromEntries(branches) as Doc };
    }
    case '$unionWith': {
      const coll = isDoc(spec) ? spec.coll : spec;
      return { $unionWith: { coll, pipeline: inner ? pipelineStages(inner, verbosity) : [] } };
    }
    case '$out':
      return { $out: typeof spec === 'string' ? { db: namespace.split('.')[0], coll: spec } : spec };
    case '$merge':
      return { $merge: mergeSpec(spec, namespace) };
    case '$project':
      return { $project: constants(isDoc(spec) && isInclusion(spec) ? canonicalProjection(spec) : spec) };
    case '$limit':
    case '$skip':
    case '$unwind':
    case '$sample':
    case '$sampleFromRandomCursor':
    case '$teeConsumer':
      return { [name]: spec };
    default:
      return { [name]: constants(spec) };
  }
}

function withoutPath({ path: _path, ...rest }: Doc): Doc {
  return rest;
}

function mergeSpec(spec: unknown, namespace: string): Doc {
  const given = isDoc(spec) && 'into' in spec ? spec : { into: spec };
  const into = typeof given.into === 'string' ? { db: namespace.split('.')[0], coll: given.into } : given.into;
  return { on: '_id', whenMatched: 'merge', whenNotMatched: 'insert', ...given, into };
}

/** Expressions as a server prints them: constants marked as such. */
function constants(value: unknown): unknown {
  if (typeof value === 'number' || value === null || (typeof value === 'string' && !value.startsWith('$')))
    return { $const: value };
  if (Array.isArray(value)) return value.map(constants);
  if (!isDoc(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$const' || key === '$literal' || key === '$meta' ? item : constants(item),
    ]),
  );
}
