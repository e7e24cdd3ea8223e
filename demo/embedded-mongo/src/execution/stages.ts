import { ServerError } from '../errors';
import { projector } from '../query/projection';
import { compareSortKeys, sortValue } from '../query/sort';
import type { Sort } from '../query/sort';
import type { Doc } from '../values/types';
import { predicateOf } from './scans';
import { END, keyDoc, memberDoc, NEED_TIME, Stage } from './stage';
import type { Context, Member, WorkResult } from './stage';
import { TopSorter } from './topSort';

/** Reads the document of each record that comes from below. */
export class Fetch extends Stage {
  docsExamined = 0;
  alreadyHasObj = 0;
  private readonly test = predicateOf(this.node, this.context);

  protected step(): WorkResult {
    const member = this.children[0].work();
    if (member === NEED_TIME || member === END) return member;
    if (member.doc) this.alreadyHasObj++;
    else {
      const doc = this.context.collection.records.get(member.record);
      if (!doc) return NEED_TIME;
      member.doc = doc;
    }
    this.docsExamined++;
    return this.test && !this.test(member.doc ?? {}) ? NEED_TIME : member;
  }

  override counters(): Doc {
    return { docsExamined: this.docsExamined, alreadyHasObj: this.alreadyHasObj };
  }
}

/** Memory that a server counts for an item of a sort besides its document, twice against the limit; and for a key alone. */
const ITEM_BYTES = 16;
const KEY_BYTES = 48;

interface Sorted {
  readonly member: Member;
  readonly key: unknown[];
}

function sortKey(member: Member, sort: Sort, context: Context): unknown[] {
  const doc = memberDoc(member);
  return sort.parts.map((part) => (part.meta ? (member.score ?? member.distance ?? 0) : sortValue(doc, part, context.strings)));
}

/** Collects everything from below, then gives it in order; with a limit only the first ones are kept. */
export class SortStage extends Stage {
  bytes = 0;
  usedDisk = false;
  private readonly held: Sorted[] = [];
  private output: Iterator<Sorted> | undefined;
  private readonly sort = this.node.sort ?? { pattern: {}, parts: [] };
  private readonly compare = (a: Sorted, b: Sorted) => compareSortKeys(a.key, b.key, this.sort.parts, this.context.strings);
  private readonly top = this.node.limit === undefined ? undefined : new TopSorter<Sorted>(this.node.limit, this.compare);

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
        throw new ServerError(292, `Sort exceeded memory limit of ${memory} bytes, but did not opt in to external sorting.`);
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

/** Gives the results of its inputs one after another, each record once. */
export class Or extends Stage {
  dupsTested = 0;
  dupsDropped = 0;
  private current = 0;
  private readonly seen = new Set<number>();

  protected step(): WorkResult {
    if (this.current >= this.children.length) return END;
    const member = this.children[this.current].work();
    if (member === NEED_TIME) return NEED_TIME;
    if (member === END) {
      this.current++;
      return this.current < this.children.length ? NEED_TIME : END;
    }
    this.dupsTested++;
    if (this.seen.has(member.record)) {
      this.dupsDropped++;
      return NEED_TIME;
    }
    this.seen.add(member.record);
    return member;
  }

  override counters(): Doc {
    return { dupsTested: this.dupsTested, dupsDropped: this.dupsDropped };
  }
}

/** Records that all inputs give; each input gives its records in their order. */
export class AndSorted extends Stage {
  private target: Member | undefined;
  private agreed = 0;
  private turn = 0;

  protected step(): WorkResult {
    const member = this.children[this.turn].work();
    if (member === NEED_TIME) return NEED_TIME;
    if (member === END) return END;
    if (!this.target || member.record > this.target.record) [this.target, this.agreed] = [member, 1];
    else if (member.record === this.target.record) this.agreed++;
    else return NEED_TIME;
    if (this.agreed < this.children.length) {
      this.turn = (this.turn + 1) % this.children.length;
      return NEED_TIME;
    }
    const found = this.target;
    [this.target, this.agreed, this.turn] = [undefined, 0, 0];
    return found;
  }
}

export class Limit extends Stage {
  private left = this.node.limit ?? Infinity;

  protected step(): WorkResult {
    if (this.left === 0) return END;
    const member = this.children[0].work();
    if (member !== NEED_TIME && member !== END) this.left--;
    return member;
  }

  override get isEnd(): boolean {
    return this.left === 0 || this.children[0].isEnd;
  }
}

export class Skip extends Stage {
  private left = this.node.skip ?? 0;

  protected step(): WorkResult {
    const member = this.children[0].work();
    if (member === NEED_TIME || member === END || this.left === 0) return member;
    this.left--;
    return NEED_TIME;
  }
}

export class Project extends Stage {
  private readonly apply = this.node.projection && projector(this.node.projection);

  protected step(): WorkResult {
    const member = this.children[0].work();
    if (member === NEED_TIME || member === END) return member;
    let doc = memberDoc(member);
    if (this.apply) doc = this.apply(doc);
    for (const [field, kind] of Object.entries(this.node.projection?.meta ?? {})) {
      const value = kind === 'textScore' ? member.score : kind === 'geoNearDistance' ? member.distance : kind === 'recordId' ? member.record : undefined;
      if (value !== undefined) doc = { ...doc, [field]: value };
    }
    return { ...member, doc };
  }
}

/** Gives the index key that found a document in the place of the document. */
export class ReturnKey extends Stage {
  protected step(): WorkResult {
    const member = this.children[0].work();
    if (member === NEED_TIME || member === END) return member;
    return { record: member.record, doc: member.key ? keyDoc(member.key.index, member.key.values) : {} };
  }
}

/** Counts the results from below and gives none. */
export class Count extends Stage {
  counted = 0;
  private skipped = 0;

  protected step(): WorkResult {
    if (this.node.limit !== undefined && this.counted >= this.node.limit) return END;
    const member = this.children[0].work();
    if (member === END || member === NEED_TIME) return member;
    if (this.skipped < (this.node.skip ?? 0)) this.skipped++;
    else this.counted++;
    return NEED_TIME;
  }

  override counters(): Doc {
    return { nCounted: this.counted, nSkipped: this.skipped };
  }
}

/** The number of records, which is known without a look at them. */
export class FastCount extends Stage {
  counted = 0;

  protected step(): WorkResult {
    this.counted = Math.max(0, this.context.collection.records.size - (this.node.skip ?? 0));
    if (this.node.limit) this.counted = Math.min(this.counted, this.node.limit);
    return END;
  }

  override counters(): Doc {
    return { nCounted: this.counted, nSkipped: this.node.skip ?? 0 };
  }
}

/** Stands for a write in explain: it counts what would change and changes nothing. */
export class WouldWrite extends Stage {
  matched = 0;

  protected step(): WorkResult {
    if (this.node.limit !== undefined && this.matched >= this.node.limit) return END;
    const member = this.children[0].work();
    if (member === END || member === NEED_TIME) return member;
    this.matched++;
    return this.node.returns ? member : NEED_TIME;
  }

  override counters(): Doc {
    if (this.node.stage === 'DELETE') return { nWouldDelete: this.matched };
    return { nMatched: this.matched, nWouldModify: this.matched, nWouldUpsert: 0 };
  }
}

/** Passes on what comes from below. */
export class Pass extends Stage {
  protected step(): WorkResult {
    return this.children[0].isEnd ? END : this.children[0].work();
  }
}

export class Eof extends Stage {
  protected step(): WorkResult {
    return END;
  }
}
