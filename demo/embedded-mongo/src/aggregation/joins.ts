import { ServerError } from '../errors';
import { checkTime, countersOf, execute } from '../execution/executor';
import type { Executor } from '../execution/executor';
import { memberDoc } from '../execution/stage';
import { totals } from '../explain/plan';
import { compile } from '../query/evaluate';
import { toQuery } from '../query/match';
import { parseQuery } from '../query/parse';
import { hasStage } from '../planner/nodes';
import type { PlanNode } from '../planner/nodes';
import { valueKey } from '../values/compare';
import { valuesAt } from '../values/paths';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { evaluate, unwind, withValue } from './operators';
import { oneOf, resolve, runPipeline } from './run';
import type { RunOptions } from './run';
import type { Item } from './stages';

/** What the queries of a join read, as later servers print it. */
class JoinCounters {
  docs = 0;
  keys = 0;
  scans = 0;
  readonly indexes = new Set<string>();

  add(executor: Executor | undefined): void {
    if (!executor) return;
    const { keysExamined, docsExamined } = totals(countersOf(executor.root));
    this.keys += keysExamined;
    this.docs += docsExamined;
    if (hasStage(executor.root.node, 'COLLSCAN')) this.scans++;
    this.collect(executor.root.node);
  }

  private collect(node: PlanNode): void {
    if (node.index) this.indexes.add(node.index.name);
    node.children.forEach((child) => this.collect(child));
  }

  print(): Doc {
    return {
      totalDocsExamined: this.docs,
      totalKeysExamined: this.keys,
      collectionScans: this.scans,
      indexesUsed: [...this.indexes],
    };
  }
}

export async function lookup(
  docs: readonly Doc[],
  { spec, unwinding, matching }: Item,
  options: RunOptions,
): Promise<{ docs: Doc[]; counters: Doc }> {
  const { from, as, localField, foreignField, let: variables, pipeline } = spec as Doc;
  const path = String(as).split('.');
  const counters = new JoinCounters();
  const keep = matching && compile(parseQuery(matching));
  const bound = evaluate(docs, isDoc(variables) ? variables : {}, options.variables ?? {});
  const found: Doc[] = [];
  for (const [i, doc] of docs.entries()) {
    await between(options);
    const joins = typeof localField === 'string' && typeof foreignField === 'string';
    const values = joins ? localValues(doc, localField) : [];
    let inner: Doc[];
    if (joins && !pipeline) inner = await findJoined(String(from), foreignField, values, options, counters);
    else {
      if (!Array.isArray(pipeline))
        throw new ServerError(
          9,
          "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
        );
      const stages: unknown[] = joins
        ? [{ $match: toQuery(oneOf(foreignField, values)) }, ...(pipeline as unknown[])]
        : pipeline;
      const run = await runPipeline(String(from), stages, {
        ...options,
        variables: { ...options.variables, ...bound[i] },
        hint: undefined,
      });
      counters.add(run.executor);
      inner = run.docs;
    }
    found.push(withValue(doc, path, keep ? inner.filter(keep) : inner));
  }
  return { docs: unwinding ? unwind(found, unwinding) : found, counters: counters.print() };
}

/** Between the queries of a join: the clock, and the turn of others. */
async function between({ deadline, turns }: RunOptions): Promise<void> {
  checkTime(deadline);
  if (turns.due) await turns.pass();
}

function localValues(doc: Doc, field: string): unknown[] {
  const values = valuesAt(doc, field.split('.'));
  const elements = values.filter((value) => !Array.isArray(value));
  return elements.length > 0 ? elements : [null];
}

async function findJoined(
  from: string,
  field: string,
  values: readonly unknown[],
  options: RunOptions,
  counters: JoinCounters,
): Promise<Doc[]> {
  const { collection, pipeline } = resolve(options.database, from);
  const match = oneOf(field, values);
  if (pipeline.length > 0)
    return (await runPipeline(from, [{ $match: toQuery(match) }], { ...options, hint: undefined })).docs;
  const executor = execute({ match, collation: options.collation }, collection, options);
  const found = (await executor.take(Infinity, options.turns)).map(memberDoc);
  counters.add(executor);
  return found;
}

export async function graphLookup(docs: readonly Doc[], spec: Doc, options: RunOptions): Promise<Doc[]> {
  const { from, startWith, connectFromField, connectToField, as, maxDepth, depthField, restrictSearchWithMatch } = spec;
  if ([from, connectFromField, connectToField, as].some((value) => typeof value !== 'string')) {
    throw new ServerError(
      40105,
      '$graphLookup requires from, as, startWith, connectFromField, and connectToField to be specified.',
    );
  }
  const most = toNumber(maxDepth) ?? Infinity;
  const starts = evaluate(docs, { v: startWith }, options.variables ?? {});
  const keep = isDoc(restrictSearchWithMatch) ? compile(parseQuery(restrictSearchWithMatch)) : undefined;
  const results: Doc[] = [];
  for (const [i, doc] of docs.entries()) {
    const found = new Map<string, Doc>();
    let frontier: unknown[] = Array.isArray(starts[i].v) ? starts[i].v : [starts[i].v ?? null];
    for (let depth = 0; depth <= most && frontier.length > 0; depth++) {
      await between(options);
      const next = new Map<string, unknown>();
      for (const item of await findJoined(
        String(from),
        String(connectToField),
        frontier,
        options,
        new JoinCounters(),
      )) {
        const key = valueKey(item._id);
        if (found.has(key) || (keep && !keep(item))) continue;
        found.set(key, typeof depthField === 'string' ? withValue(item, depthField.split('.'), depth) : item);
        for (const value of valuesAt(item, String(connectFromField).split('.')))
          if (value !== undefined && !Array.isArray(value)) next.set(valueKey(value), value);
      }
      frontier = [...next.values()];
    }
    results.push(withValue(doc, String(as).split('.'), [...found.values()]));
  }
  return results;
}
