import { ServerError } from '../errors';
import { compareSortKeys, sortValue } from '../query/sort';
import type { Sort } from '../query/sort';
import type { Doc } from '../values/types';
import { END, memberDoc, NEED_TIME, Stage } from './stage';
import type { Context, Member, WorkResult } from './stage';
import { TopSorter } from './topSort';

/** Memory that a server counts for an item of a sort besides its document, twice against the limit; and for a key alone. */
const ITEM_BYTES = 16;
const KEY_BYTES = 48;

interface Sorted {
  readonly member: Member;
  readonly key: unknown[];
}

function sortKey(member: Member, sort: Sort, context: Context): unknown[] {
  const doc = memberDoc(member);
  return sort.parts.map((part) =>
    part.meta ? (member.score ?? member.distance ?? 0) : sortValue(doc, part, context.strings),
  );
}

/** Collects everything from below, then gives it in order; with a limit only the first ones are kept. */
export class SortStage extends Stage {
  bytes = 0;
  usedDisk = false;
  private readonly held: Sorted[] = [];
  private output: Iterator<Sorted> | undefined;
  private readonly sort = this.node.sort ?? { pattern: {}, parts: [] };
  private readonly compare = (a: Sorted, b: Sorted) =>
    compareSortKeys(a.key, b.key, this.sort.parts, this.context.strings);
  private readonly top =
    this.node.limit === undefined ? undefined : new TopSorter<Sorted>(this.node.limit, this.compare);

  protected step(): WorkResult {
    if (this.output) {
      const next = this.output.next();
      return next.done ? END : next.value.member;
    }
    const member = this.children[0].work();
    if (member === NEED_TIME) return NEED_TIME;
    if (member === END) this.output = (this.top ? this.top.sorted() : this.held.sort(this.compare)).values();
    else this.hold(member);
    return NEED_TIME;
  }

  private hold(member: Member): void {
    const bytes = ITEM_BYTES + (member.doc ? this.context.collection.sizeOf(member.doc) : KEY_BYTES);
    const item = { member, key: sortKey(member, this.sort, this.context) };
    if (this.top) {
      this.bytes += bytes;
      this.top.add(item);
      return;
    }
    const { memory = Infinity } = this.node;
    if (this.bytes + bytes + ITEM_BYTES * (this.held.length + 1) > memory) {
      if (!this.context.allowDiskUse) {
        this.failed = true;
        throw new ServerError(
          292,
          `Sort exceeded memory limit of ${memory} bytes, but did not opt in to external sorting.`,
        );
      }
      this.usedDisk = true;
    }
    this.bytes += bytes;
    this.held.push(item);
  }

  override counters(): Doc {
    return { totalDataSizeSorted: this.bytes, usedDisk: this.usedDisk };
  }
}

/** Merges inputs that are each in order. */
export class SortMerge extends Stage {
  dupsTested = 0;
  dupsDropped = 0;
  private readonly waiting = [...this.children];
  private readonly ready: { readonly member: Member; readonly key: unknown[]; readonly from: Stage }[] = [];
  private readonly seen = new Set<number>();
  private readonly sort = this.node.sort ?? { pattern: {}, parts: [] };

  protected step(): WorkResult {
    if (this.waiting.length > 0) return this.fill(this.waiting[0]);
    let best = 0;
    for (let i = 1; i < this.ready.length; i++) {
      if (compareSortKeys(this.ready[i].key, this.ready[best].key, this.sort.parts, this.context.strings) < 0) best = i;
    }
    if (this.ready.length === 0) return END;
    const [{ member, from }] = this.ready.splice(best, 1);
    this.waiting.push(from);
    return member;
  }

  private fill(child: Stage): WorkResult {
    const member = child.work();
    if (member === NEED_TIME) return NEED_TIME;
    if (member !== END) {
      this.dupsTested++;
      if (this.seen.has(member.record)) {
        this.dupsDropped++;
        return NEED_TIME;
      }
      this.seen.add(member.record);
      this.ready.push({ member, key: sortKey(member, this.sort, this.context), from: child });
    }
    this.waiting.shift();
    return NEED_TIME;
  }

  override counters(): Doc {
    return { dupsTested: this.dupsTested, dupsDropped: this.dupsDropped };
  }
}
