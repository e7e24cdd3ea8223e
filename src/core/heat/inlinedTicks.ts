import type { CallTree } from '../profile/tree/callTree';
import { frameCategory, type Frame } from '../profile/frame';
import type { LinePlaces, MethodResolver } from './methodResolver';

/** How many calls deep an inlined callee is looked for; V8 rarely inlines deeper chains than this within one function. */
const MAX_INLINE_DEPTH = 3;
/**
 * Plausible callees that are looked at for all methods of a program together. Names that all methods share make it as many as
 * methods times methods; when it is used up, ticks stay where V8 put them.
 */
const MOST_CALLEES = 20_000_000;

/**
 * Finds out which method a tick really hit. V8 charges a function that was inlined before the attach to its caller, but
 * a tick keeps the line number of the inlined code, without saying of which file. A line outside of the charged method
 * is believed to be an inlined callee only if exactly one method with code on that line is a plausible callee of the
 * charged method: named in its text or seen below it in the same profile, or so in up to three such steps. Everything
 * else stays where V8 put it.
 */
export interface InlinedTickResolver {
  /** Method that the tick is charged to, and where its line stands in the source. */
  locate(frame: Frame, method: number, generatedLine: number): { method: number; places: LinePlaces };
}

/** For one call tree; what is learnt from it grows with it. All its frames must have been prepared. */
export function createInlinedTickResolver(resolver: MethodResolver, tree: CallTree): InlinedTickResolver {
  const { frames } = tree.table;
  const scriptFrames = new Map<string, Frame>();
  const urlsByFile = new Map<string, Set<string>>();
  const frameMethod: number[] = [];
  const nearest: number[] = [];
  const seenCallees = new Map<number, Set<number>>();
  let byName = new Map<string, number[]>();
  let methodsKnown = 0;
  const plausible = new Map<number, ReadonlySet<number>>();
  const cache = new Map<string, { method: number; places: LinePlaces }>();
  let calleesLeft = MOST_CALLEES;

  const learnFrames = (): void => {
    for (let index = frameMethod.length; index < frames.length; index++) {
      const frame = frames[index];
      const resolution = frameCategory(frame) === 'source' ? resolver.resolveFrame(frame) : undefined;
      frameMethod.push(resolution && 'method' in resolution ? resolution.method : -1);
      if (!resolution || !('method' in resolution)) continue;
      if (!scriptFrames.has(frame.url)) scriptFrames.set(frame.url, frame);
      addToSet(urlsByFile, resolver.methods[resolution.method].file, frame.url);
    }
  };
  /** Returns whether a pair of caller and callee was seen for the first time. */
  const learnCalls = (): boolean => {
    const { parents, frames: frameOf } = tree;
    let isNew = false;
    for (let node = nearest.length; node < parents.length; node++) {
      const caller = node ? nearest[parents[node]] : -1;
      const method = frameMethod[frameOf[node]];
      nearest.push(method >= 0 ? method : caller);
      if (method >= 0 && caller >= 0 && caller !== method) isNew = addToSet(seenCallees, caller, method) || isNew;
    }
    return isNew;
  };
  const learnNames = (): boolean => {
    if (methodsKnown === resolver.methods.length) return false;
    methodsKnown = resolver.methods.length;
    byName = new Map();
    resolver.methods.forEach(({ method }, index) => {
      const list = byName.get(method.name);
      if (list) list.push(index);
      else byName.set(method.name, [index]);
    });
    return true;
  };
  const learn = (): void => {
    learnFrames();
    const moreCalls = learnCalls();
    const moreNames = learnNames();
    if (!moreCalls && !moreNames) return;
    plausible.clear();
    cache.clear();
    calleesLeft = MOST_CALLEES;
  };

  const calleesOf = (method: number): ReadonlySet<number> => {
    const known = plausible.get(method);
    if (known) return known;
    const found = new Set<number>();
    let edge = [method];
    for (let depth = 0; depth < MAX_INLINE_DEPTH && edge.length; depth++) {
      const next: number[] = [];
      const consider = (callee: number): void => {
        calleesLeft--;
        if (found.has(callee) || callee === method || calleesLeft < 0) return;
        found.add(callee);
        next.push(callee);
      };
      for (const caller of edge) {
        if (calleesLeft < 0) break;
        for (const name of resolver.namesUsedBy(caller)) byName.get(name)?.forEach(consider);
        seenCallees.get(caller)?.forEach(consider);
      }
      edge = next;
    }
    plausible.set(method, found);
    return found;
  };

  const search = (frame: Frame, method: number, line: number): { method: number; places: LinePlaces } => {
    const places = resolver.resolveLine(frame, line);
    if (places.methods.includes(method)) return { method, places };
    const callees = calleesOf(method);
    const candidates: { method: number; places: LinePlaces }[] = [];
    const consider = (from: LinePlaces): void => {
      const hit = from.methods.find((candidate) => callees.has(candidate));
      if (hit !== undefined && !candidates.some((other) => other.method === hit))
        candidates.push({ method: hit, places: from });
    };
    consider(places);
    for (const file of new Set([...callees].map((callee) => resolver.methods[callee].file))) {
      for (const url of urlsByFile.get(file) ?? []) {
        const other = scriptFrames.get(url)!;
        if (other.url !== frame.url) consider(resolver.resolveLine(other, line));
      }
    }
    return candidates.length === 1 ? candidates[0] : { method, places: { methods: [] } };
  };

  return {
    locate(frame, method, generatedLine) {
      learn();
      const key = `${method}:${generatedLine}:${frame.url}`;
      let answer = cache.get(key);
      if (!answer) cache.set(key, (answer = search(frame, method, generatedLine)));
      return answer;
    },
  };
}

/** Returns whether the value is new under its key. */
function addToSet<K, V>(map: Map<K, Set<V>>, key: K, value: V): boolean {
  const set = map.get(key);
  if (!set) map.set(key, new Set([value]));
  else if (set.has(value)) return false;
  else set.add(value);
  return true;
}
