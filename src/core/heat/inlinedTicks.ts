import type { Frame } from '../profile/frame';
import type { LinePlaces, MethodResolver } from './methodResolver';

/** How many calls deep an inlined callee is looked for; V8 rarely inlines deeper chains than this within one function. */
const MAX_INLINE_DEPTH = 3;

/**
 * Finds out which method a tick really hit. V8 charges a function that was inlined before the attach to its caller, but
 * a tick keeps the line number of the inlined code, without saying of which file. A line outside of the charged method
 * is believed to be an inlined callee only if exactly one method with code on that line is also named in the text of
 * the charged method (or of one that it names, up to three deep); everything else stays where V8 put it.
 */
export interface InlinedTickResolver {
  /** Method that the tick is charged to, and where its line stands in the source. */
  locate(frame: Frame, method: number, generatedLine: number): { method: number; places: LinePlaces };
}

export function createInlinedTickResolver(resolver: MethodResolver, frames: readonly Frame[]): InlinedTickResolver {
  const scriptFrames = new Map<string, Frame>();
  const urlsByFile = new Map<string, Set<string>>();
  let framesSeen = 0;
  const cache = new Map<string, { method: number; places: LinePlaces }>();
  let byName = new Map<string, number[]>();
  let methodsSeen = 0;
  const reachable = new Map<number, ReadonlySet<number>>();

  const update = (): void => {
    for (; framesSeen < frames.length; framesSeen++) {
      const frame = frames[framesSeen];
      const resolution = frame.url ? resolver.resolveFrame(frame) : undefined;
      if (!resolution || !('method' in resolution)) continue;
      if (!scriptFrames.has(frame.url)) scriptFrames.set(frame.url, frame);
      const file = resolver.methods[resolution.method].file;
      const urls = urlsByFile.get(file);
      if (urls) urls.add(frame.url);
      else urlsByFile.set(file, new Set([frame.url]));
    }
    if (methodsSeen === resolver.methods.length) return;
    byName = new Map();
    reachable.clear();
    cache.clear();
    resolver.methods.forEach(({ method }, index) => {
      const list = byName.get(method.name);
      if (list) list.push(index);
      else byName.set(method.name, [index]);
    });
    methodsSeen = resolver.methods.length;
  };

  const calleesOf = (method: number): ReadonlySet<number> => {
    const known = reachable.get(method);
    if (known) return known;
    const found = new Set<number>();
    let edge = [method];
    for (let depth = 0; depth < MAX_INLINE_DEPTH && edge.length; depth++) {
      const next: number[] = [];
      for (const caller of edge) {
        for (const name of resolver.namesUsedBy(caller)) {
          for (const callee of byName.get(name) ?? []) {
            if (found.has(callee) || callee === method) continue;
            found.add(callee);
            next.push(callee);
          }
        }
      }
      edge = next;
    }
    reachable.set(method, found);
    return found;
  };

  const search = (frame: Frame, method: number, line: number): { method: number; places: LinePlaces } => {
    const places = resolver.resolveLine(frame, line);
    if (places.methods.includes(method)) return { method, places };
    const plausible = calleesOf(method);
    const candidates: { method: number; places: LinePlaces }[] = [];
    const consider = (from: LinePlaces): void => {
      const hit = from.methods.find((candidate) => plausible.has(candidate));
      if (hit !== undefined && !candidates.some((other) => other.method === hit)) candidates.push({ method: hit, places: from });
    };
    consider(places);
    for (const file of new Set([...plausible].map((callee) => resolver.methods[callee].file))) {
      for (const url of urlsByFile.get(file) ?? []) {
        const other = scriptFrames.get(url)!;
        if (other.url !== frame.url) consider(resolver.resolveLine(other, line));
      }
    }
    return candidates.length === 1 ? candidates[0] : { method, places: { methods: [] } };
  };

  return {
    locate(frame, method, generatedLine) {
      update();
      const key = `${method}:${generatedLine}:${frame.url}`;
      let answer = cache.get(key);
      if (!answer) cache.set(key, (answer = search(frame, method, generatedLine)));
      return answer;
    },
  };
}
