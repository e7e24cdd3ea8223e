import { compile } from '../query/evaluate';
import type { Predicate } from '../query/evaluate';
import type { Index } from '../storage/collectionIndex';
import type { Entry, SeekPoint } from '../storage/tree';
import type { Doc } from '../values/types';
import { BoundsChecker, IndexCursor, oneStretch, turnBounds, turnRange } from './bounds';
import { END, keyDoc, NEED_TIME, Stage } from './stage';
import type { Context, WorkResult } from './stage';
import type { Direction, PlanNode } from '../planner/nodes';

export function predicateOf(node: PlanNode, context: Context): Predicate | undefined {
  return node.filter && compile(node.filter, context.strings);
}

/** Reads all records of the collection. The first work opens the scan, as in a server. */
export class CollectionScan extends Stage {
  docsExamined = 0;
  private records: Iterator<[number, Doc]> | undefined;
  private readonly test = predicateOf(this.node, this.context);

  protected step(): WorkResult {
    if (!this.records) {
      const { records } = this.context.collection;
      this.records = this.node.direction === -1 ? [...records].reverse().values() : records.entries();
      return NEED_TIME;
    }
    const next = this.records.next();
    if (next.done) return END;
    this.docsExamined++;
    const [record, doc] = next.value;
    return this.test && !this.test(doc) ? NEED_TIME : { record, doc };
  }

  override counters(): Doc {
    return { direction: this.node.direction === -1 ? 'backward' : 'forward', docsExamined: this.docsExamined };
  }
}

export function indexOf(node: PlanNode): Index {
  if (!node.index) throw new Error(`${node.stage} has no index`);
  return node.index;
}

/** Walks the keys of an index inside bounds, jumping over gaps. */
export class BoundedWalk {
  readonly cursor: IndexCursor;
  readonly checker: BoundsChecker | undefined;
  seeks = 0;
  private readonly end: SeekPoint | undefined;
  private target: SeekPoint | undefined;

  constructor(
    private readonly index: Index,
    node: PlanNode,
    private readonly direction: Direction,
    alwaysCheck = false,
  ) {
    const turned = turnBounds(index, node.bounds ?? [], direction);
    const stretch = node.range ? turnRange(node.range, direction) : alwaysCheck ? undefined : oneStretch(turned);
    this.cursor = new IndexCursor(index, direction);
    if (stretch) [this.target, this.end] = [stretch.start, stretch.end];
    else {
      this.checker = new BoundsChecker(index, turned, direction);
      if (!this.checker.isEmpty) this.target = this.checker.start();
    }
    this.started = this.target !== undefined;
  }

  private readonly started: boolean;

  /** The next key at which to stop, before the check against bounds with gaps. */
  read(): Entry | undefined {
    if (!this.started) return undefined;
    let entry: Entry | undefined;
    if (this.target) {
      this.seeks++;
      entry = this.cursor.seek(this.target);
      this.target = undefined;
    } else entry = this.cursor.next();
    if (entry && this.end) {
      const order = this.index.entries.compareKeys(entry.key, this.end.prefix, this.end.prefix.length) * this.direction;
      if (order > 0 || (order === 0 && !this.end.after)) return undefined;
    }
    return entry;
  }

  jump(target: SeekPoint): void {
    this.target = target;
  }
}

/** Reads the keys of an index. */
export class IndexScan extends Stage {
  keysExamined = 0;
  dupsTested = 0;
  dupsDropped = 0;
  private readonly index = indexOf(this.node);
  private readonly walk = new BoundedWalk(this.index, this.node, this.node.direction ?? 1);
  private readonly test = predicateOf(this.node, this.context);
  private readonly seen = this.index.isMultikey || this.index.kind === 'text' ? new Set<number>() : undefined;

  protected step(): WorkResult {
    const entry = this.walk.read();
    if (!entry) return END;
    this.keysExamined++;
    const verdict = this.walk.checker?.check(entry.key) ?? 'inside';
    if (verdict === 'done') return END;
    if (verdict !== 'inside') {
      this.walk.jump(verdict);
      return NEED_TIME;
    }
    if (this.seen) {
      this.dupsTested++;
      if (this.seen.has(entry.record)) {
        this.dupsDropped++;
        return NEED_TIME;
      }
      this.seen.add(entry.record);
    }
    if (this.test && !this.test(keyDoc(this.index, entry.key))) return NEED_TIME;
    return { record: entry.record, key: { index: this.index, values: entry.key } };
  }

  override counters(): Doc {
    return {
      keysExamined: this.keysExamined,
      seeks: this.walk.seeks,
      dupsTested: this.dupsTested,
      dupsDropped: this.dupsDropped,
    };
  }
}

/** Counts the keys of one stretch of an index; the key behind it is examined too. */
export class CountScan extends Stage {
  keysExamined = 0;
  private readonly index = indexOf(this.node);
  private readonly walk = new BoundedWalk(this.index, this.node, 1);
  private readonly seen = this.index.isMultikey ? new Set<number>() : undefined;

  protected step(): WorkResult {
    const entry = this.walk.read();
    this.keysExamined++;
    if (!entry) return END;
    if (this.seen?.has(entry.record)) return NEED_TIME;
    this.seen?.add(entry.record);
    return { record: entry.record, key: { index: this.index, values: entry.key } };
  }

  override counters(): Doc {
    return { keysExamined: this.keysExamined };
  }
}

/** Reads one key for each different value of the leading fields. */
export class DistinctScan extends Stage {
  keysExamined = 0;
  private readonly index = indexOf(this.node);
  private readonly walk = new BoundedWalk(this.index, this.node, this.node.direction ?? 1, true);

  protected step(): WorkResult {
    const entry = this.walk.read();
    if (!entry) return END;
    this.keysExamined++;
    const verdict = this.walk.checker?.check(entry.key) ?? 'inside';
    if (verdict === 'done') return END;
    if (verdict !== 'inside') {
      this.walk.jump(verdict);
      return NEED_TIME;
    }
    this.walk.jump({ prefix: entry.key.slice(0, this.node.distinctFields ?? 1), after: true });
    return { record: entry.record, key: { index: this.index, values: entry.key } };
  }

  override counters(): Doc {
    return { keysExamined: this.keysExamined };
  }
}

/** Looks up one document by its `_id`. */
export class IdLookup extends Stage {
  keysExamined = 0;
  private done = false;

  protected step(): WorkResult {
    const index = indexOf(this.node);
    if (this.done) return END;
    this.done = true;
    const entry = new IndexCursor(index, 1).seek({ prefix: [this.node.id], after: false });
    const doc =
      entry && index.entries.compareKeys(entry.key, [this.node.id]) === 0
        ? this.context.collection.records.get(entry.record)
        : undefined;
    if (!entry || !doc) return END;
    this.keysExamined = 1;
    return { record: entry.record, doc };
  }

  override get isEnd(): boolean {
    return this.done;
  }

  override counters(): Doc {
    return { keysExamined: this.keysExamined, docsExamined: this.keysExamined };
  }
}

/** Reads some records at random places, each at most once. */
export class RandomScan extends Stage {
  private left = this.node.limit ?? 0;
  private readonly pool = [...this.context.collection.records.keys()];

  protected step(): WorkResult {
    if (this.left === 0 || this.pool.length === 0) return END;
    this.left--;
    const at = Math.floor(Math.random() * this.pool.length);
    const record = this.pool[at];
    const last = this.pool.pop();
    if (last !== undefined && at < this.pool.length) this.pool[at] = last;
    const doc = this.context.collection.records.get(record);
    return doc ? { record, doc } : NEED_TIME;
  }
}
