import {
  baseName,
  directoryOf,
  fileUrlToPath,
  joinPath,
  packageNameOf,
  pathToFileUrl,
  withoutQuery,
} from '../../core/source/paths';
import type { SourceMap } from '../../core/source/sourceMap';
import { findSourceMapUrl } from '../../core/source/sourceMapUrl';
import { isBundlerRuntime, scriptPath } from '../../core/source/sourceLocations';
import type { EvidenceContext, SourceProblem } from './evidenceContext';
import { inMegabytes } from '../../core/words/bytes';
import type { MapText } from './mapText';

const LONGEST_URL = 4_096;
const MAX_MAP_BYTES = 64 * 1024 * 1024;

type MapOrProblem = { readonly map: SourceMap } | SourceProblem;

/** The source map that a script names, or the one beside it; undefined when there is neither. `path` and `text` are the script's. */
export async function findDiskMap(
  path: string,
  text: string,
  context: EvidenceContext,
): Promise<MapOrProblem | undefined> {
  const url = findSourceMapUrl(text);
  if (url === undefined) {
    if (packageNameOf(path) !== undefined) return undefined;
    const beside = await context.readFile(`${path}.map`, MAX_MAP_BYTES);
    return 'problem' in beside ? undefined : readMap(fileText(beside.text), `${path}.map`, path, context);
  }
  if (url.startsWith('data:')) {
    const what = `the source map inside ${baseName(path)}`;
    if (url.length > (MAX_MAP_BYTES * 4) / 3) return tooLarge(`${what} has ${inMegabytes(url.length)}`);
    return readMap({ kind: 'data', text: url }, path, path, context, what);
  }
  if (url.length > LONGEST_URL)
    return broken(`the source map of ${baseName(path)}`, 'has a name that is no name of a file');
  if (/^(?!file:)[a-z][\w+.-]+:/i.test(url)) {
    return { problem: 'no-source-map', detail: `the source map is at ${url}, which is not fetched` };
  }
  const mapPath = scriptPath(url, context.pathMappings) ?? joinPath(directoryOf(path), decodeUri(url));
  let refused: SourceProblem | undefined;
  for (const candidate of new Set([mapPath, joinPath(directoryOf(path), baseName(mapPath))])) {
    const file = await context.readFile(candidate, MAX_MAP_BYTES);
    if (!('problem' in file)) return readMap(fileText(file.text), candidate, path, context);
    if (file.problem === 'too-large') return tooLarge(file.detail);
    if (file.problem === 'unreadable') return { problem: 'broken-source-map', detail: file.detail };
    if (file.problem !== 'missing') {
      refused ??= { problem: 'no-source-map', detail: `${baseName(path)} names its source map, but ${file.detail}` };
    }
  }
  if (refused) return refused;
  return {
    problem: 'no-source-map',
    detail: `${baseName(path)} names the source map ${baseName(mapPath)}, which does not exist`,
  };
}

function fileText(text: string): MapText {
  return { kind: 'json', text };
}

async function readMap(
  text: MapText,
  mapPath: string,
  path: string,
  context: EvidenceContext,
  what = `the source map ${baseName(mapPath)}`,
): Promise<MapOrProblem> {
  const result = await context.readMap(text, pathToFileUrl(mapPath));
  if ('problem' in result) return broken(what, result.problem);
  const own = result.map.sources.filter((source) => source && !isBundlerRuntime(source));
  const isItself = (source: string): boolean => [path, mapPath].includes(fileUrlToPath(source) ?? '');
  if (own.length > 0 && own.every(isItself))
    return broken(what, `names ${baseName(fileUrlToPath(own[0])!)} itself as the source`);
  if (result.map.columns.length === 0) return broken(what, 'maps nothing');
  return result;
}

function broken(what: string, problem: string): SourceProblem {
  return { problem: 'broken-source-map', detail: `${what} ${problem}` };
}

function tooLarge(what: string): SourceProblem {
  return {
    problem: 'broken-source-map',
    detail: `${what}: source maps over ${inMegabytes(MAX_MAP_BYTES)} are not read`,
  };
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(withoutQuery(text));
  } catch {
    return text;
  }
}
