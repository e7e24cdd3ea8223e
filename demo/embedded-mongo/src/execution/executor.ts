import { ServerError } from '../errors';
import type { PlanNode } from '../planner/nodes';
import { hasStage } from '../planner/nodes';
import { combineBranches, needsSubplan, planBranches, planQuery } from '../planner/planner';
import type { Query } from '../planner/query';
import type { Collection } from '../storage/collection';
import { stringOrder } from '../values/collation';
import { build } from './build';
import { END, NEED_TIME } from './stage';
import type { Context, Member, Stage } from './stage';
import type { Turns } from './turns';

/** Results after which a trial of plans ends, and the least number of works it may take. */
const TRIAL_RESULTS = 101;
const TRIAL_WORKS = 10000;
const TRIAL_FRACTION = 0.3;
/** Works between two looks at the clock. */
const WORKS_PER_LOOK = 128;

/** One plan that was tried. */
export interface Candidate {
  readonly root: Stage;
  readonly score: number;
  readonly results: readonly Member[];
  /** Counters of all its stages when the trial ended. */
  readonly trial: StageCounters;
}

/** Counters of a stage and of those below it at one moment. */
export interface StageCounters {
  readonly stage: Stage;
  readonly works: number;
  readonly advanced: number;
  readonly needTime: number;
  readonly millis: number;
  readonly isEnd: boolean;
  readonly failed: boolean;
  readonly counters: Readonly<Record<string, unknown>>;
  readonly children: readonly StageCounters[];
}

export function countersOf(stage: Stage): StageCounters {
  const { works, advanced, needTime, millis, isEnd, failed } = stage;
  return {
    stage,
    works,
    advanced,
    needTime,
    millis,
    isEnd,
    failed,
    counters: stage.counters(),
    children: stage.children.map(countersOf),
  };
}

export interface ExecutionOptions {
  readonly allowDiskUse?: boolean;
  /** Moment (of `performance.now`) at which the command runs out of time. */
  readonly deadline?: number | undefined;
}

/** A query at work: the chosen plan, the rejected ones, and the results to come. */
export class Executor {
  private readonly buffered: Member[];
  private position = 0;
  private looks = 0;
  returned = 0;
  millis = 0;
  /** The counters of all stages before the query went on alone: after its trial, or at its very beginning. */
  readonly before: StageCounters;

  constructor(
    readonly root: Stage,
    readonly rejected: readonly Candidate[],
    readonly winner: Candidate | undefined,
    private readonly deadline: number | undefined,
    private readonly most = Infinity,
  ) {
    this.buffered = [...(winner?.results ?? [])];
    this.before = winner?.trial ?? countersOf(root);
  }

  /** Whether it is known that no result is left. */
  get isEnd(): boolean {
    return this.returned >= this.most || (this.position >= this.buffered.length && this.root.isEnd);
  }

  /** The next result, undefined at the end. It works without a pause, however long that takes. */
  next(): Member | undefined {
    const result = this.pull(undefined);
    return result === END || result === NEED_TIME ? undefined : result;
  }

  /** Up to `count` results, fewer at the end only. */
  async take(count: number, turns: Turns): Promise<Member[]> {
    const found: Member[] = [];
    while (found.length < count) {
      const result = this.pull(turns);
      if (result === END) break;
      if (result !== NEED_TIME) found.push(result);
      if (result === NEED_TIME || (found.length % WORKS_PER_LOOK === 0 && turns.due)) await turns.pass();
    }
    return found;
  }

  /** Runs to the end and drops the results; an error that ends the run is returned. */
  async drain(turns: Turns): Promise<ServerError | undefined> {
    try {
      for (let result = this.pull(turns); result !== END; result = this.pull(turns))
        if (result === NEED_TIME) await turns.pass();
      return undefined;
    } catch (error) {
      if (error instanceof ServerError) return error;
      throw error;
    }
  }

  /** A result, the end, or neither when others shall have their turn. */
  private pull(turns: Turns | undefined): Member | typeof END | typeof NEED_TIME {
    if (this.returned >= this.most) return END;
    if (this.position < this.buffered.length) {
      this.returned++;
      return this.buffered[this.position++];
    }
    // A stage that takes a limited number of results, or changes them, asks first whether there are any.
    if (this.most !== Infinity && this.root.isEnd) return END;
    const began = performance.now();
    try {
      for (;;) {
        const result = this.root.work();
        if (result === END) return END;
        const look = this.looks++ % WORKS_PER_LOOK === 0;
        if (look) checkTime(this.deadline);
        if (result !== NEED_TIME) {
          this.returned++;
          return result;
        }
        if (look && turns?.due) return NEED_TIME;
      }
    } finally {
      this.millis += performance.now() - began;
    }
  }

  *[Symbol.iterator](): Generator<Member> {
    for (let member = this.next(); member; member = this.next()) yield member;
  }
}

export function checkTime(deadline: number | undefined): void {
  if (deadline !== undefined && performance.now() > deadline)
    throw new ServerError(50, 'operation exceeded time limit');
}

export function contextOf(collection: Collection, query: Query, options: ExecutionOptions): Context {
  return { collection, strings: stringOrder(query.collation), allowDiskUse: options.allowDiskUse ?? false };
}

/** A stage on top of every plan of a query, and how many of the results below it takes at most. */
export interface Top {
  readonly over: (plan: PlanNode) => PlanNode;
  readonly most?: number | undefined;
}

/** Plans a query, tries the candidates when there are several, and gives the winner to run. */
export function execute(
  given: Query,
  collection: Collection,
  options: ExecutionOptions = {},
  top: Top = { over: (plan) => plan },
): Executor {
  const query = { ...given, sortMemory: collection.settings.sortMemory };
  const context = contextOf(collection, query, options);
  if (collection.missing) return start(top.over({ stage: 'EOF', children: [] }), context, options);
  const combined = needsSubplan(query) && planByBranches(query, collection, context, options.deadline);
  if (combined) return start(top.over(subplan(combined)), context, options);
  const plans = planQuery(query, collection);
  if (plans.length === 1) return start(top.over(needsSubplan(query) ? subplan(plans[0]) : plans[0]), context, options);
  // A stage on top of several candidates is not part of what they are compared by, nor of what explain shows.
  return race(plans, query, context, options, top.most);
}

/** The plan of an `$or` from the best plan of each branch; undefined when one has none or its best reads a whole index. */
function planByBranches(
  query: Query,
  collection: Collection,
  context: Context,
  deadline: number | undefined,
): PlanNode | undefined {
  const branches = planBranches(query, collection);
  const chosen = branches?.map((list) => {
    const [best] =
      list.length === 1
        ? list
        : choose(
            list.map(({ plan }) => plan),
            context,
            undefined,
            deadline,
          ).map(({ root }) => list.find(({ plan }) => plan === root.node));
    return best?.access;
  });
  return chosen && !chosen.includes(undefined)
    ? combineBranches(
        chosen.flatMap((access) => access ?? []),
        query,
        collection,
      )
    : undefined;
}

function subplan(plan: PlanNode): PlanNode {
  return { stage: 'SUBPLAN', children: [plan] };
}

export function start(plan: PlanNode, context: Context, options: ExecutionOptions): Executor {
  markUse(plan);
  return new Executor(build(plan, context), [], undefined, options.deadline);
}

function race(
  plans: readonly PlanNode[],
  query: Query,
  context: Context,
  options: ExecutionOptions,
  most: number | undefined,
): Executor {
  const [winner, ...rejected] = choose(plans, context, query.limit, options.deadline);
  markUse(winner.root.node);
  return new Executor(winner.root, rejected, winner, options.deadline, most);
}

function markUse(plan: PlanNode): void {
  if (plan.index && plan.stage !== 'TEXT' && plan.stage !== 'TEXT_MATCH' && plan.stage !== 'TEXT_OR') plan.index.ops++;
  plan.children.forEach(markUse);
}

/** Runs plans side by side until one ends or has given enough; the best comes first, the others stay in their order. */
function choose(
  plans: readonly PlanNode[],
  context: Context,
  limit: number | undefined,
  deadline: number | undefined,
): Candidate[] {
  const roots = plans.map((plan) => build(plan, context));
  const results: Member[][] = plans.map(() => []);
  const failed = new Set<number>();
  const enough = Math.min(TRIAL_RESULTS, limit || Infinity);
  const most = Math.max(TRIAL_WORKS, TRIAL_FRACTION * context.collection.records.size);
  let done = false;
  for (let works = 0; works < most && !done; works++) {
    if (works % WORKS_PER_LOOK === 0) checkTime(deadline);
    roots.forEach((root, i) => {
      if (failed.has(i)) return;
      try {
        const result = root.work();
        if (result === END) done = true;
        else if (result !== NEED_TIME && results[i].push(result) >= enough) done = true;
      } catch (error) {
        failed.add(i);
        if (failed.size === roots.length) throw error;
      }
    });
  }
  const candidates = roots.map((root, i): Candidate => {
    return { root, results: results[i], trial: countersOf(root), score: failed.has(i) ? 0 : scoreOf(root) };
  });
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
  return [best, ...candidates.filter((candidate) => candidate !== best)];
}

/** What a server counts a plan by: results per work, with small bonuses for having no fetch, sort or intersection. */
function scoreOf(root: Stage): number {
  const productivity = root.advanced / root.works;
  const bonus = Math.min(1 / (10 * root.works), 1e-4);
  const without = (stage: string) => (hasStage(root.node, stage) ? 0 : bonus);
  return 1 + productivity + without('FETCH') + without('SORT') + without('AND_SORTED') + (root.isEnd ? 1 : 0);
}
