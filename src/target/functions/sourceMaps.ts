import type { TargetMap, TargetMapAnswer, TargetScript } from '../../core/protocol/targetFunctions';
import { builtin } from '../builtin';

/** Gives what it knows as a map of a script, by its path or URL; may throw, and may be anything. */
interface Finder {
  readonly from: string;
  readonly find: (name: string) => unknown;
}

/**
 * Maps come from (1) Node itself, when source maps are enabled, as tsx and esbuild-register do; (2) the store of
 * `@swc-node/register`; (3) any loaded source-map-support, as ts-node, Jest and Babel use it. Modules and getters of the
 * target may be anybody's, so each step may throw.
 */
export function findSourceMaps(scripts: readonly TargetScript[], budgetMs: number, maxLength: number): TargetMapAnswer {
  const started = Date.now();
  const finders = allFinders();
  const maps: (TargetMap | null)[] = [];
  for (const script of scripts) {
    maps.push(findMap(script, finders, maxLength));
    if (Date.now() - started >= budgetMs) break;
  }
  return { maps };
}

function findMap({ url, path }: TargetScript, finders: readonly Finder[], maxLength: number): TargetMap | null {
  for (const { from, find } of finders) {
    for (const name of path === url ? [path] : [path, url]) {
      const json = attempt(() => textOf(find(name)));
      if (json) return json.length > maxLength ? { tooLarge: json.length } : { json, from };
    }
  }
  return null;
}

function allFinders(): Finder[] {
  const nodeModule = attempt(() => builtin('module'));
  const finders: Finder[] = [];
  if (nodeModule?.findSourceMap)
    finders.push({ from: 'node', find: (name) => nodeModule.findSourceMap(name)?.payload });
  const loaded =
    (nodeModule as unknown as { _cache?: Record<string, { exports?: unknown }> } | undefined)?._cache ?? {};
  for (const file of Object.keys(loaded)) {
    if (!/source-?map/i.test(file)) continue;
    const exported = attempt(() => loaded[file].exports) as LoadedModule | undefined;
    if (exported) finders.push(...(attempt(() => findersOf(exported)) ?? []));
  }
  return finders;
}

interface LoadedModule {
  readonly SourcemapMap?: unknown;
  readonly retrieveSourceMap?: unknown;
}

function findersOf(exported: LoadedModule): Finder[] {
  const finders: Finder[] = [];
  const { SourcemapMap, retrieveSourceMap } = exported;
  if (SourcemapMap instanceof Map)
    finders.push({ from: 'swc-node', find: (name) => SourcemapMap.get(name) as unknown });
  if (typeof retrieveSourceMap === 'function') {
    finders.push({
      from: 'source-map-support',
      find: (name) => (exported.retrieveSourceMap as (name: string) => { map: unknown })(name).map,
    });
  }
  return finders;
}

function textOf(map: unknown): string | undefined {
  if (typeof map === 'string') return map;
  return map && typeof map === 'object' ? JSON.stringify(map) : undefined;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
