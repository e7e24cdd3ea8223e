import type { Method, MethodIndex } from './method';

/** Where a measured method stands in a later text of its file. */
export interface FollowedMethod {
  /** Index in the later text's methods. */
  readonly index: number;
  /** The method's own text changed since; its nested functions with names of their own count for themselves. */
  readonly stale: boolean;
}

/**
 * Finds the methods of one text of a file in a later text of it. The result has one entry per measured method, in order,
 * undefined where the method is gone.
 */
export function followMethods(measured: MethodIndex, current: MethodIndex): readonly (FollowedMethod | undefined)[] {
  if (measured === current) return current.methods.map((_method, index) => ({ index, stale: false }));
  const pairs = new Pairs(measured.methods, current.methods);
  pairs.add(0, 0);
  // From the surest sign to the weakest: what an earlier pass paired, a later one leaves alone.
  pairs.pairInOrder((method) => `${method.kind} ${method.qualifiedName} ${method.textHash}`);
  pairs.pairInOrder((method) => `${method.kind} ${method.qualifiedName} ${method.ownTextHash}`);
  pairs.pairUnique((method) => `${method.kind} ${method.name} ${method.textHash}`);
  pairs.pairInOrder((method) => `${method.kind} ${method.qualifiedName}`, isNamed);
  pairs.pairInOrder((method) => method.qualifiedName, isNamed);
  pairs.pairUnique((method) => `${method.textHash}`);
  pairs.pairUnique((method) => `${method.name} ${method.ownTextHash}`, isNamed);
  pairs.pairUnique((method) => `${method.kind} ${method.ownTextHash}`, isNamed);
  pairInRenamedScopes(pairs);
  pairAnonymous(pairs);
  return measured.methods.map((method, index) => {
    const found = pairs.currentOf(index);
    return found < 0 ? undefined : { index: found, stale: method.ownTextHash !== current.methods[found].ownTextHash };
  });
}

type Filter = (method: Method) => boolean;

const isNamed: Filter = (method) => !method.anonymous;

class Pairs {
  private readonly toCurrent: Int32Array;
  private readonly toMeasured: Int32Array;

  constructor(
    readonly measured: readonly Method[],
    readonly current: readonly Method[],
  ) {
    this.toCurrent = new Int32Array(measured.length).fill(-1);
    this.toMeasured = new Int32Array(current.length).fill(-1);
  }

  add(measured: number, current: number): void {
    this.toCurrent[measured] = current;
    this.toMeasured[current] = measured;
  }

  currentOf(measured: number): number {
    return this.toCurrent[measured];
  }

  /** Pairs what is left of both texts by key; several of one key in the order of the text. */
  pairInOrder(keyOf: (method: Method) => string, filter?: Filter): void {
    this.forEachKey(keyOf, filter, (measured, current) => {
      for (let i = 0; i < Math.min(measured.length, current.length); i++) this.add(measured[i], current[i]);
    });
  }

  /** Pairs what is left of both texts by key where the key is the only one of its kind on both sides. */
  pairUnique(keyOf: (method: Method) => string, filter?: Filter): void {
    this.forEachKey(keyOf, filter, (measured, current) => {
      if (measured.length === 1 && current.length === 1) this.add(measured[0], current[0]);
    });
  }

  /** Indices of measured and of current methods without a partner. */
  left(): { measured: number[]; current: number[] } {
    return { measured: unpaired(this.toCurrent), current: unpaired(this.toMeasured) };
  }

  private forEachKey(
    keyOf: (method: Method) => string,
    filter: Filter | undefined,
    visit: (measured: readonly number[], current: readonly number[]) => void,
  ): void {
    const left = this.left();
    if (left.measured.length === 0 || left.current.length === 0) return;
    const current = groupBy(left.current, this.current, keyOf, filter);
    for (const [key, measured] of groupBy(left.measured, this.measured, keyOf, filter)) {
      const partners = current.get(key);
      if (partners) visit(measured, partners);
    }
  }
}

function unpaired(partners: Int32Array): number[] {
  const indices: number[] = [];
  for (let i = 0; i < partners.length; i++) {
    if (partners[i] < 0) indices.push(i);
  }
  return indices;
}

function groupBy(
  indices: readonly number[],
  methods: readonly Method[],
  keyOf: (method: Method) => string,
  filter: Filter | undefined,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const index of indices) {
    if (filter && !filter(methods[index])) continue;
    const key = keyOf(methods[index]);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return groups;
}

/** `Cart.total` became `Basket.total` and changed, too: other methods of `Cart` tell that it is `Basket` now. */
function pairInRenamedScopes(pairs: Pairs): void {
  const votes = new Map<string, Map<string, number>>();
  pairs.measured.forEach((method, index) => {
    const found = pairs.currentOf(index);
    if (found <= 0 || pairs.current[found].name !== method.name) return;
    const from = scopeOf(method);
    const to = scopeOf(pairs.current[found]);
    const scopeVotes = votes.get(from) ?? new Map<string, number>();
    scopeVotes.set(to, (scopeVotes.get(to) ?? 0) + 1);
    votes.set(from, scopeVotes);
  });
  const newScopes = new Map<string, string>();
  for (const [scope, scopeVotes] of votes) {
    newScopes.set(scope, [...scopeVotes].reduce((most, vote) => (vote[1] > most[1] ? vote : most))[0]);
  }
  const { measured, current } = pairs.left();
  const byName = groupBy(current, pairs.current, (method) => `${method.kind} ${method.qualifiedName}`, isNamed);
  for (const index of measured) {
    const method = pairs.measured[index];
    const scope = newScopes.get(scopeOf(method));
    if (method.anonymous || scope === undefined) continue;
    const found = byName.get(`${method.kind} ${scope}${method.name}`)?.shift();
    if (found !== undefined) pairs.add(index, found);
  }
}

function scopeOf(method: Method): string {
  return method.qualifiedName.slice(0, method.qualifiedName.length - method.name.length);
}

/** Unnamed functions that are left: by the method around them, which comes first in both texts, and their order there. */
function pairAnonymous(pairs: Pairs): void {
  const { measured, current } = pairs.left();
  const candidates = new Map<string, number[]>();
  for (const index of current) {
    const method = pairs.current[index];
    if (!method.anonymous) continue;
    const key = `${method.parent} ${method.kind}`;
    const list = candidates.get(key);
    if (list) list.push(index);
    else candidates.set(key, [index]);
  }
  for (const index of measured) {
    const method = pairs.measured[index];
    if (!method.anonymous) continue;
    const parent = pairs.currentOf(method.parent);
    const list = candidates.get(`${parent} ${method.kind}`);
    if (!list || list.length === 0) continue;
    const sameName = list.findIndex((candidate) => pairs.current[candidate].name === method.name);
    pairs.add(index, list.splice(Math.max(sameName, 0), 1)[0]);
  }
}
