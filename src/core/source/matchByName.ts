import { countWhere } from '../method/binarySearch';
import type { MethodIndex } from '../method/method';

/** A function as V8 names it, in generated positions. */
export interface NamedFunction {
  readonly functionName: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the methods of functions whose positions say nothing, because the code was compiled in memory and its source map
 * cannot be had, or because the file changed. Compilers keep most names and the order of functions, so a name that occurs
 * once settles itself, and the functions between two settled ones are matched when they and the methods with their name
 * are equally many there. The result has an entry for each function that is beyond doubt, and none for the others.
 */
export function matchByName<T extends NamedFunction>(index: MethodIndex, functions: readonly T[]): Map<T, number> {
  const matched = new Map<T, number>();
  const ordered = [...functions].sort((a, b) => a.line - b.line || a.column - b.column);
  const methodsByName = groupMethods(index);
  const candidates = ordered.map((named) => candidatesOf(named.functionName, methodsByName));
  // Helpers of downlevelled async functions add unnamed functions that would be taken for the callbacks around them.
  const skipUnnamed = ordered.some(({ functionName }) =>
    /^_*(?:await(?:er)?|generator|asyncGenerator|ts_generator|async_to_generator)$/.test(functionName),
  );
  const open = new Set(ordered.keys());
  for (let pass = 0; pass < 3 && open.size > 0; pass++) {
    const anchors = risingAnchors(ordered, matched);
    const groups = new Map<readonly number[], Map<number, number[]>>();
    let anchor = 0;
    ordered.forEach((named, i) => {
      while (anchor < anchors.length && anchors[anchor].at < i) anchor++;
      if (!open.has(i) || candidates[i].length === 0 || (named.functionName === '' && skipUnnamed)) return;
      const key = candidates[i].length === 1 ? -1 : anchor;
      // Functions of one name have one list.
      let byAnchor = groups.get(candidates[i]);
      if (!byAnchor) groups.set(candidates[i], (byAnchor = new Map()));
      const group = byAnchor.get(key);
      if (group) group.push(i);
      else byAnchor.set(key, [i]);
    });
    let progress = false;
    for (const group of [...groups.values()].flatMap((byAnchor) => [...byAnchor.values()])) {
      let between =
        candidates[group[0]].length === 1 ? candidates[group[0]] : withinAnchors(candidates[group[0]], group, anchors);
      // Field initialisers bear the name of the class, as its constructor does, but compilers and V8 often merge them into it.
      if (between.length > group.length) between = between.filter((method) => index.methods[method].kind !== 'fields');
      if (between.length !== group.length) continue;
      group.forEach((i, k) => {
        matched.set(ordered[i], between[k]);
        open.delete(i);
      });
      progress = true;
    }
    if (!progress) break;
  }
  return matched;
}

interface Anchor {
  /** Index into the ordered functions. */
  readonly at: number;
  readonly method: number;
}

function withinAnchors(
  candidates: readonly number[],
  group: readonly number[],
  anchors: readonly Anchor[],
): readonly number[] {
  const before = anchors[countWhere(anchors.length, (n) => anchors[n].at < group[0]) - 1]?.method ?? 0;
  const after = anchors[countWhere(anchors.length, (n) => anchors[n].at <= group.at(-1)!)]?.method ?? Infinity;
  const first = countWhere(candidates.length, (n) => candidates[n] <= before);
  const end = countWhere(candidates.length, (n) => candidates[n] < after);
  return candidates.slice(first, Math.max(first, end));
}

/** The longest run of settled functions whose methods stand in the same order; a hoisted one is no landmark. */
function risingAnchors<T>(ordered: readonly T[], matched: ReadonlyMap<T, number>): Anchor[] {
  const all: Anchor[] = [];
  ordered.forEach((named, at) => {
    const method = matched.get(named);
    if (method !== undefined) all.push({ at, method });
  });
  const tails: number[] = [];
  const previous: number[] = [];
  all.forEach(({ method }, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[tails[middle]].method < method) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? tails[low - 1] : -1;
    tails[low] = i;
  });
  const rising: Anchor[] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]) rising.push(all[i]);
  return rising.reverse();
}

function groupMethods(index: MethodIndex): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  index.methods.forEach((method, i) => {
    if (method.kind === 'module') return;
    for (const name of new Set(namesOfMethod(index, i))) {
      const group = groups.get(name);
      if (group) group.push(i);
      else groups.set(name, [i]);
    }
  });
  return groups;
}

/** True when V8 may call the method so; compilers and minifiers rename, so false proves little. */
export function mayBeCalled(index: MethodIndex, method: number, functionName: string): boolean {
  const names = namesOfMethod(index, method);
  return names.includes(functionName) || names.includes(functionName.slice(functionName.lastIndexOf('.') + 1));
}

/** What V8 may call the method, before and after compilers have replaced private names. */
function namesOfMethod(index: MethodIndex, i: number): string[] {
  const method = index.methods[i];
  if (method.anonymous) return [''];
  const owner = method.qualifiedName.split('.').at(-2) ?? '';
  // V8 calls a constructor by its class.
  if (method.kind === 'constructor' || method.kind === 'fields') return owner ? [owner] : [];
  const name =
    method.kind === 'getter' ? `get ${method.name}` : method.kind === 'setter' ? `set ${method.name}` : method.name;
  if (!method.name.startsWith('#')) return [name];
  const bare = method.name.slice(1);
  const suffix = method.kind === 'getter' ? '_get' : method.kind === 'setter' ? '_set' : '';
  return [name, `_${owner}_${bare}${suffix}`, `_${bare}`, bare];
}

function candidatesOf(functionName: string, methods: ReadonlyMap<string, number[]>): readonly number[] {
  const whole = methods.get(functionName);
  if (whole || functionName === '') return whole ?? [];
  // Names that V8 infers have a path: `exports.load`, `Cart.load`.
  return methods.get(functionName.slice(functionName.lastIndexOf('.') + 1)) ?? [];
}
