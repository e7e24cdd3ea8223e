import { baseName, decodePercent, directoryOf, fileUrlToPath, isAbsolutePath, joinPath } from './paths';
import { mapToLocal } from './pathMapping';
import type { RemoteDirectory } from './pathMapping';

/** Folders of one path that are tried: a path of a thousand folders would be looked for in as many places, each on the disk. */
const DEEPEST = 24;

/** Of what is published on the web: how many folders of its path, and of those above the script, are tried. */
const WEB_TAILS = 7;
const NEAR_ANCESTORS = 3;

export interface LocationContext {
  /** Where the generated script lies on this machine; undefined when it has no file here. */
  readonly generatedPath?: string;
  /** Folders that sources without a path are looked up in, most likely first. */
  readonly roots: readonly string[];
  readonly pathMappings: readonly RemoteDirectory[];
}

/** The path on this machine of a script that the target runs; undefined when the URL names no file. */
export function scriptPath(url: string, pathMappings: readonly RemoteDirectory[]): string | undefined {
  // `vm.Script` and Jest give plain paths.
  const path = fileUrlToPath(url) ?? (isAbsolutePath(url) ? url : undefined);
  return path === undefined ? undefined : (mapToLocal(path, pathMappings) ?? path);
}

/**
 * Absolute paths where a source of a map may lie on this machine, the most likely first: a source may carry the name of a
 * bundler's namespace instead of a folder, or a path of the machine that built it. Empty for sources that are no files. `most` spares finding more.
 */
export function sourceLocations(source: string, context: LocationContext, most = Infinity): string[] {
  const places: string[] = [];
  for (const place of possibleLocations(source, context)) {
    if (places.includes(place)) continue;
    places.push(place);
    if (places.length >= most) break;
  }
  return places;
}

function* possibleLocations(source: string, context: LocationContext): Generator<string, void, undefined> {
  const path = fileUrlToPath(source) ?? (isAbsolutePath(source) ? source : undefined);
  if (path !== undefined) {
    for (const name of spellings(source, path)) {
      const local = mapToLocal(name, context.pathMappings);
      if (local !== undefined) yield local;
      yield name;
    }
    for (const root of context.roots) for (const tail of tails(path)) yield joinPath(root, tail);
    return;
  }
  const webPath = pathOnTheWeb(source);
  if (webPath !== undefined) {
    const bases = [...context.roots, ...ancestors(context.generatedPath).slice(0, NEAR_ANCESTORS)];
    const short = tails(webPath).slice(-WEB_TAILS);
    for (const base of bases) for (const tail of short) yield joinPath(base, tail);
    return;
  }
  const relative = bundledPath(source);
  if (relative === undefined) return;
  if (isAbsolutePath(relative)) yield mapToLocal(relative, context.pathMappings) ?? relative;
  const tail = relative.replace(/^\/+/, '');
  for (const base of [...ancestors(context.generatedPath), ...context.roots]) yield joinPath(base, tail);
  // `webpack://name/../lib/x.ts` stands beside the project folder, and resolving has already eaten its `..`.
  for (const root of context.roots) yield joinPath(directoryOf(root), tail);
}

/** The path of a source that is named by where it is published: never fetched, but it may be here as well. */
export function pathOnTheWeb(source: string): string | undefined {
  const path = /^https?:\/\/[^/]*(\/.*)$/i.exec(source)?.[1];
  const decoded = path && decodePercent(withoutLastQuery(path));
  return decoded?.split(/[\\/]/).includes('..') ? undefined : decoded;
}

/** True for what a bundler adds to a bundle under a name of its own. */
export function isBundlerRuntime(source: string): boolean {
  return /^webpack:\/\/[^/]*\/(?:webpack\/|\(webpack\)|external[ %])/.test(source);
}

/** Some tools write escapes into sources, others raw paths with `?`, `#` and `%`: both readings, the escaped one first. */
function spellings(source: string, path: string): string[] {
  const raw = /^file:\/\/(?:localhost)?(\/(?![\\/]).*)$/i.exec(source)?.[1];
  return raw === undefined || /^\/[A-Za-z]:/.test(raw) || raw === path ? [path] : [path, raw];
}

/** What is left of a path of another machine when its host and first folders are dropped; a bare file name says too little. */
function tails(path: string): string[] {
  const inside = path.replace(/^[\\/]{2,}[^\\/]*/, '');
  const parts = inside.split(/[\\/]/).filter((part) => part && !/^[A-Za-z]:$/.test(part));
  const kept = parts.slice(-DEEPEST);
  return kept.slice(0, -1).map((_, i) => kept.slice(i).join('/'));
}

/** `src/x.ts` of `webpack://name/./src/x.ts?ab12`, `turbopack:///[project]/src/x.ts` and the like. */
function bundledPath(source: string): string | undefined {
  const match = /^([a-z][\w+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(source);
  if (!match) return source && !/^[a-z][\w+.-]*:/i.test(source) ? source : undefined;
  if (/^(?:https?|data|node|blob)$/i.test(match[1]) || isBundlerRuntime(source) || !match[3]) return undefined;
  // The namespace is the package's name, which has two parts when it is scoped.
  const inside = match[2].startsWith('@') ? match[3].replace(/^\/[^/]+(?=\/)/, '') : match[3];
  const path = decodePercent(withoutLastQuery(inside))
    .replace(/^\/(?:\[[^\]]+\]|\(\w+\)|\.)\//, '/')
    .replace(/^\/~\//, '/node_modules/');
  // `webpack:///home/me/x.ts` is absolute, `webpack:///src/x.ts` is not, and only the disk can tell: try both.
  return path.split('/').length > 3 && !match[2] ? path : path.slice(1);
}

/** `?` may stand in the name of a folder. */
function withoutLastQuery(path: string): string {
  const at = path.indexOf('?', path.lastIndexOf('/') + 1);
  return at < 0 ? path : path.slice(0, at);
}

function ancestors(path: string | undefined): string[] {
  const list: string[] = [];
  if (path === undefined) return list;
  for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
    if (baseName(directory) === '' || list.length === DEEPEST) return list;
    list.push(directory);
  }
}
