import { ServerError } from '../errors';
import { compile } from '../query/evaluate';
import type { Predicate } from '../query/evaluate';
import type { Match } from '../query/match';
import { normalise } from '../query/normalise';
import { parseQuery } from '../query/parse';
import { parseCollation, stringOrder } from '../values/collation';
import type { Collation } from '../values/collation';
import { valueKey } from '../values/compare';
import type { StringOrder } from '../values/compare';
import { printValue } from '../values/print';
import { toNumber } from '../values/types';
import type { Doc } from '../values/types';
import { keysOf } from './keys';
import { textKeys, textWeights } from './text';
import { SortedEntries } from './tree';

export type IndexKind = 'btree' | 'hashed' | 'text' | '2dsphere' | '2d';

/** An index as `createIndexes` describes it; unknown options are kept for `listIndexes`. */
export interface IndexSpec extends Doc {
  readonly key: Doc;
  readonly name: string;
}

interface Planned {
  readonly record: number;
  readonly keys: readonly (readonly unknown[])[];
}

/** One index of a collection. */
export class Index {
  readonly name: string;
  readonly fields: readonly string[];
  readonly directions: readonly number[];
  readonly kind: IndexKind;
  readonly collation: Collation | undefined;
  readonly strings: StringOrder;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Match | undefined;
  readonly entries: SortedEntries;
  readonly multikeyPaths: Set<string>[];
  readonly weights: Readonly<Record<string, number>>;
  readonly since = new Date();
  hidden: boolean;
  ops = 0;
  private readonly paths: readonly string[][];
  private readonly hashed: readonly boolean[];
  private readonly inPartial: Predicate | undefined;
  private readonly owners = new Map<string, number>();
  private readonly keyText: (text: string) => string;

  constructor(
    public spec: IndexSpec,
    private readonly namespace: string,
  ) {
    this.name = spec.name;
    this.fields = Object.keys(spec.key);
    const types = Object.values(spec.key);
    this.kind = (types.find((type) => typeof type === 'string') as IndexKind | undefined) ?? 'btree';
    // The keys of a text index are a word and its score, whatever the number of its fields.
    this.directions = this.kind === 'text' ? [1, 1] : types.map((type) => ((toNumber(type) ?? 1) < 0 ? -1 : 1));
    this.hashed = types.map((type) => type === 'hashed');
    this.paths = this.fields.map((field) => field.split('.'));
    this.collation = parseCollation(spec.collation);
    this.strings = stringOrder(this.collation);
    this.keyText = this.collation ? foldText(this.strings) : (text) => text;
    this.unique = spec.unique === true || this.name === '_id_';
    this.sparse = spec.sparse === true;
    this.hidden = spec.hidden === true;
    this.partial =
      spec.partialFilterExpression === undefined ? undefined : normalise(parseQuery(spec.partialFilterExpression));
    this.inPartial = this.partial && compile(this.partial);
    this.entries = new SortedEntries(this.directions, this.strings);
    this.multikeyPaths = this.fields.map(() => new Set<string>());
    this.weights = this.kind === 'text' ? textWeights(spec) : {};
  }

  get isMultikey(): boolean {
    return this.multikeyPaths.some((paths) => paths.size > 0);
  }

  /** Whether a path of this index has met an array. */
  isMultikeyField(position: number): boolean {
    return this.multikeyPaths[position].size > 0;
  }

  /** Checks what an insertion needs; throws a duplicate key error (11000). `replaced` is the record whose keys go away. */
  plan(record: number, doc: Doc, replaced?: number): Planned {
    const keys = this.keysFor(doc);
    if (this.unique) {
      for (const key of keys) {
        const owner = this.owners.get(this.ownerKey(key));
        if (owner !== undefined && owner !== replaced && owner !== record) throw this.duplicate(key);
      }
    }
    return { record, keys };
  }

  /** Whether a document has the keys already that another one needs. */
  hasSameKeys(old: Doc, { keys }: Planned): boolean {
    const before = this.keysFor(old);
    return before.length === keys.length && before.every((key, i) => this.entries.compareKeys(key, keys[i]) === 0);
  }

  insert({ record, keys }: Planned): void {
    for (const key of keys) {
      this.entries.add({ key, record });
      if (this.unique) this.owners.set(this.ownerKey(key), record);
    }
  }

  remove(record: number, doc: Doc): void {
    for (const key of this.keysFor(doc)) {
      this.entries.remove({ key, record });
      if (this.unique) this.owners.delete(this.ownerKey(key));
    }
  }

  private keysFor(doc: Doc): readonly (readonly unknown[])[] {
    if (this.inPartial && !this.inPartial(doc)) return [];
    if (this.kind === 'text') return textKeys(doc, this.weights);
    if (this.kind === '2dsphere' || this.kind === '2d') return doc === null ? [] : [[null]];
    const { keys, arrays, absent } = keysOf(doc, this.paths, this.hashed);
    if (this.sparse && absent) return [];
    arrays.forEach((prefixes, i) => prefixes.forEach((prefix) => this.multikeyPaths[i].add(prefix)));
    return keys.length === 1 ? keys : [...new Map(keys.map((key) => [this.ownerKey(key), key])).values()];
  }

  private ownerKey(key: readonly unknown[]): string {
    return key.length === 1
      ? valueKey(key[0], this.keyText)
      : key.map((value) => valueKey(value, this.keyText)).join('|');
  }

  private duplicate(key: readonly unknown[]): ServerError {
    const keyValue = Object.fromEntries(this.fields.map((field, i) => [field, key[i] ?? null]));
    const shown = this.fields.map((field, i) => `${field}: ${printValue(key[i] ?? null)}`).join(', ');
    return new ServerError(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${this.name} dup key: { ${shown} }`,
      {
        keyPattern: this.spec.key,
        keyValue,
      },
    );
  }
}

/** The key pattern of an index as a server shows it: a text index has its own. */
export function shownKey({ kind, spec }: Index): Doc {
  return kind === 'text' ? { _fts: 'text', _ftsx: 1 } : spec.key;
}

/** A text that is the same for all strings a case-insensitive collation holds equal. */
function foldText(strings: StringOrder): (text: string) => string {
  const ignoresCase = strings?.('a', 'A') === 0;
  const ignoresMarks = strings?.('a', 'á') === 0;
  return (text) => {
    const base = ignoresMarks ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
    return ignoresCase ? base.toLowerCase() : base;
  };
}
