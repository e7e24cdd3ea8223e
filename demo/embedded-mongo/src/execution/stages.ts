import { projector } from '../query/projection';
import type { Doc } from '../values/types';
import { predicateOf } from './scans';
import { END, keyDoc, memberDoc, NEED_TIME, Stage } from './stage';
import type { Member, WorkResult } from './stage';

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
      const value =
        kind === 'textScore'
          ? member.score
          : kind === 'geoNearDistance'
            ? member.distance
            : kind === 'recordId'
              ? member.record
              : undefined;
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
