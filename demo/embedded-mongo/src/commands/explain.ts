import { runPipeline } from '../aggregation/run';
import { badValue, ServerError } from '../errors';
import { execute } from '../execution/executor';
import type { Executor } from '../execution/executor';
import { explainFind } from '../explain/find';
import { explainPipeline } from '../explain/pipeline';
import { VERBOSITIES } from '../explain/find';
import type { Verbosity } from '../explain/find';
import type { PlanNode } from '../planner/nodes';
import type { Query } from '../planner/query';
import type { Collection } from '../storage/collection';
import { parseProjection } from '../query/projection';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { collectionName } from './context';
import type { CommandContext } from './context';
import { countExecutor, countQuery, distinctExecutor, findQuery, readable, runOptions, viewPipeline } from './read';
import { isReplacement } from './updates';
import { writeQuery } from './write';

/** Answers `explain`: nothing is written, whatever the command. */
export async function explain(context: CommandContext): Promise<Doc> {
  const { body } = context;
  const inner = body.explain;
  if (!isDoc(inner)) throw new ServerError(14, 'explain command requires a nested object');
  const verbosity = body.verbosity ?? 'allPlansExecution';
  if (!VERBOSITIES.includes(verbosity as Verbosity))
    throw badValue(`verbosity string must be one of {'queryPlanner', 'executionStats', 'allPlansExecution'}`);
  const { $db: _db, lsid: _lsid, $clusterTime: _time, $readPreference: _preference, ...command } = inner;
  const explained: CommandContext = {
    ...context,
    name: Object.keys(inner)[0],
    body: inner,
    ...deadlineOf(inner, context),
  };
  return {
    ...(await explainCommand(explained, verbosity as Verbosity)),
    command: { ...command, $db: context.database.name },
    serverInfo: serverInfo(),
  };
}

function deadlineOf(inner: Doc, { deadline }: CommandContext): { deadline: number | undefined } {
  const most = toNumber(inner.maxTimeMS);
  return { deadline: most ? performance.now() + most : deadline };
}

function serverInfo(): Doc {
  return { host: 'localhost', port: 0, version: '4.9.0', gitVersion: 'heatlens-embedded' };
}

async function explainCommand(context: CommandContext, verbosity: Verbosity): Promise<Doc> {
  const { name, body, database, deadline, turns } = context;
  const onView = async (stages: readonly Doc[]) =>
    explainPipeline(await runPipeline(collectionName(context), stages, runOptions(context, true)), verbosity);
  const finish = (executor: Executor, query: Query, collection: Collection) =>
    explainFind(executor, query, collection, verbosity, turns);
  switch (name) {
    case 'find': {
      const target = collectionName(context);
      if (database.views.has(target)) return onView(viewPipeline(body));
      const collection = readable(context, target);
      const query = findQuery(body, collection);
      return finish(
        execute(query, collection, { deadline, allowDiskUse: body.allowDiskUse === true }),
        query,
        collection,
      );
    }
    case 'aggregate': {
      if (!Array.isArray(body.pipeline)) throw new ServerError(14, "'pipeline' option must be specified as an array");
      return explainPipeline(
        await runPipeline(collectionName(context), body.pipeline as unknown[], runOptions(context, true)),
        verbosity,
      );
    }
    case 'count': {
      if (database.views.has(collectionName(context)))
        return onView([
          ...viewPipeline({ filter: body.query, skip: body.skip, limit: body.limit }),
          { $count: 'count' },
        ]);
      const collection = readable(context, collectionName(context));
      return finish(countExecutor(body, collection, deadline), countQuery(body, collection), collection);
    }
    case 'distinct': {
      if (database.views.has(collectionName(context))) {
        const path = `$${String(body.key)}`;
        const values = [
          { $unwind: { path, preserveNullAndEmptyArrays: true } },
          { $group: { _id: null, distinct: { $addToSet: path } } },
        ];
        return onView([...viewPipeline({ filter: body.query }), ...values]);
      }
      const collection = readable(context, collectionName(context));
      return finish(distinctExecutor(body, collection, deadline), countQuery(body, collection), collection);
    }
    case 'update':
    case 'delete': {
      const [statement] = (name === 'update' ? body.updates : body.deletes) as Doc[];
      if (name === 'update') isReplacement(statement.u);
      const one = name === 'update' ? statement.multi !== true : toNumber(statement.limit) === 1;
      return explainWrite(
        context,
        statement.q,
        statement,
        { stage: name === 'update' ? 'UPDATE' : 'DELETE', one, returns: false },
        verbosity,
      );
    }
    case 'findAndModify':
    case 'findandmodify':
      return explainWrite(
        context,
        body.query,
        body,
        { stage: body.remove === true ? 'DELETE' : 'UPDATE', one: true, returns: true },
        verbosity,
      );
    default:
      throw new ServerError(59, `Explain failed due to unknown command: ${name}`);
  }
}

function explainWrite(
  context: CommandContext,
  filter: unknown,
  options: Doc,
  { stage, one, returns }: { stage: string; one: boolean; returns: boolean },
  verbosity: Verbosity,
): Promise<Doc> {
  const collection = readable(context, collectionName(context));
  const query = writeQuery(filter, options, collection, one);
  const projection = returns ? parseProjection(options.fields) : undefined;
  const top = (plan: PlanNode): PlanNode => {
    // Nothing can be written where there is no collection.
    const write: PlanNode =
      plan.stage === 'EOF' ? plan : { stage, children: [plan], returns, ...(one ? { limit: 1 } : {}) };
    return projection ? { stage: 'PROJECTION_DEFAULT', children: [write], projection } : write;
  };
  const executor = execute(
    query,
    collection,
    { deadline: context.deadline },
    { over: top, ...(one ? { most: 1 } : {}) },
  );
  return explainFind(executor, query, collection, verbosity, context.turns);
}
