import type { PlanNode } from '../planner/nodes';
import type { Collection } from '../storage/collection';
import type { Index } from '../storage/collectionIndex';
import type { StringOrder } from '../values/compare';
import type { Doc } from '../values/types';

/** One result on its way up: the record, what is known of it, and what a search found about it. */
export interface Member {
  readonly record: number;
  doc?: Doc;
  key?: { readonly index: Index; readonly values: readonly unknown[] };
  score?: number;
  distance?: number;
}

export const NEED_TIME = Symbol('need time');
export const END = Symbol('end');
export type WorkResult = Member | typeof NEED_TIME | typeof END;

export interface Context {
  readonly collection: Collection;
  /** Order of strings of the query. */
  readonly strings: StringOrder;
  readonly allowDiskUse: boolean;
}

/** A running stage. One call of `work` does a small piece of work and gives a result, the end, or neither yet. */
export abstract class Stage {
  works = 0;
  advanced = 0;
  needTime = 0;
  millis = 0;
  failed = false;
  protected ended = false;

  constructor(
    readonly node: PlanNode,
    readonly children: readonly Stage[],
    readonly context: Context,
  ) {}

  work(): WorkResult {
    this.works++;
    const began = performance.now();
    const result = this.ended ? END : this.step();
    this.millis += performance.now() - began;
    if (result === END) this.ended = true;
    else if (result === NEED_TIME) this.needTime++;
    else this.advanced++;
    return result;
  }

  get isEnd(): boolean {
    return this.ended;
  }

  /** The counters of this kind of stage, in the order explain prints them. */
  counters(): Doc {
    return {};
  }

  protected abstract step(): WorkResult;
}

/** Value of a field of a member, from its document or its index key. */
export function memberDoc(member: Member): Doc {
  if (member.doc) return member.doc;
  const { index, values } = member.key ?? {};
  return index && values ? keyDoc(index, values) : {};
}

/** A document with the fields of an index key. */
export function keyDoc(index: Index, values: readonly unknown[]): Doc {
  const doc: Doc = {};
  index.fields.forEach((field, i) => {
    const path = field.split('.');
    let target = doc;
    for (const part of path.slice(0, -1)) target = (target[part] ??= {}) as Doc;
    target[path[path.length - 1]] = values[i];
  });
  return doc;
}
