import type { UnmappedReason } from '../../core/heat/methodResolver';
import { methodNear } from '../../core/method/methodNear';
import type { MethodIndex } from '../../core/method/method';
import type { Frame } from '../../core/profile/frame';
import type { RemoteDirectory } from '../../core/source/pathMapping';
import { baseName, directoryOf, extensionOf, fileUrlToPath, joinPath, packageNameOf, pathToFileUrl } from '../../core/source/paths';
import { parseSourceMap } from '../../core/source/sourceMap';
import type { SourceMap } from '../../core/source/sourceMap';
import { decodeDataUri, findSourceMapUrl } from '../../core/source/sourceMapUrl';
import { isBundlerRuntime, scriptPath, sourceLocations } from '../../core/source/sourceLocations';
import { inMegabytes } from './sourceFiles';
import type { ReadFile } from './sourceFiles';
import type { SourceTextStore } from './sourceTexts';
import type { Script, ScriptEvidence } from './scriptState';
import { isInformative, shareOfFittingFrames } from './scriptText';

/** Bytes. A generated script is only searched for its source map comment; a text that methods are read from is parsed. */
const MAX_SCRIPT_BYTES = 128 * 1024 * 1024;
const MAX_MAP_BYTES = 64 * 1024 * 1024;
export const MAX_PARSED_BYTES = 5 * 1024 * 1024;

export interface EvidenceContext {
  readonly roots: readonly string[];
  readonly pathMappings: readonly RemoteDirectory[];
  /** Epoch ms. */
  readonly processStartedAt?: number;
  readonly readFile: ReadFile;
  readonly texts: SourceTextStore;
}

export interface Examination {
  /** What holds unless the target knows better. */
  readonly evidence: ScriptEvidence;
  /** The target may have compiled the script in memory and know its source map. */
  readonly askTarget: boolean;
  readonly provisional?: boolean;
}

interface Problem {
  readonly problem: UnmappedReason;
  readonly detail: string;
}

/** What this machine's disk says of a script, given the frames that were seen of it. */
export async function examineScript({ url, frames }: Script, context: EvidenceContext): Promise<Examination> {
  const path = scriptPath(url, context.pathMappings) ?? (await bundledScriptPath(url, context));
  if (path === undefined) return unmapped(namelessScript(url), isBundledScript(url));
  const file = await context.readFile(path, MAX_SCRIPT_BYTES);
  if ('problem' in file) return unmapped({ problem: 'no-file', detail: unreadableDetail(file.detail, context) }, true);
  const rebuilt = isLater(file.modifiedAt, context);
  const found = await findMap(path, file.text, context);
  if (found && shareOfFittingFrames(file.text, frames) < 0.5) {
    const detail = `${baseName(path)} was changed after the process started, so its source map is of other code`;
    return unmapped({ problem: 'no-method', detail }, true);
  }
  if (found && 'map' in found && (packageNameOf(path) === undefined || (await hasSources(found.map, path, context)))) {
    return { evidence: { kind: 'mapped', map: found.map, path, rebuilt }, askTarget: false };
  }
  // Libraries are published with maps that lead nowhere; what they ship is then the source.
  if (found && 'problem' in found && packageNameOf(path) === undefined) return unmapped(found, true);
  return examineUnmappedText(path, file.text, rebuilt, frames, context);
}

/** A script without a source map: what runs is the text itself, or was compiled from it in memory. */
async function examineUnmappedText(
  path: string,
  text: string,
  rebuilt: boolean,
  frames: readonly Frame[],
  context: EvidenceContext,
): Promise<Examination> {
  const unsupported = unsupportedLanguage(path);
  if (unsupported) return unmapped(unsupported, true);
  if (text.length > MAX_PARSED_BYTES) {
    const detail = `${baseName(path)} has ${inMegabytes(text.length)} of code and no source map; methods are read from files up to ${inMegabytes(MAX_PARSED_BYTES)}`;
    return unmapped({ problem: 'no-source-map', detail }, false);
  }
  const source = await context.texts.add(path, text, rebuilt);
  const isTypeScript = /^\.(?:[mc]?ts|tsx)$/.test(extensionOf(path));
  const informative = frames.filter(isInformative);
  const fitting = informative.filter((frame) => standsAtMethod(source.index, frame)).length;
  if (informative.length === 0) {
    return { evidence: { kind: 'identical', source }, askTarget: isTypeScript, provisional: true };
  }
  if (fitting * 2 >= informative.length) return { evidence: { kind: 'identical', source }, askTarget: false };
  const problem = isTypeScript ? 'no-source-map' : 'no-method';
  const detail = rebuilt
    ? `${baseName(path)} was changed after the process started`
    : `${baseName(path)} was compiled in memory, its source map cannot be had, and names do not settle it`;
  return { evidence: { kind: 'by-name', source, problem, detail }, askTarget: true };
}

export function standsAtMethod(index: MethodIndex, { line, column, functionName }: Frame): boolean {
  return methodNear(index, { line, column }, { line, column }, functionName) >= 0;
}

export function isLater(modifiedAt: number, { processStartedAt }: EvidenceContext): boolean {
  return processStartedAt !== undefined && modifiedAt > processStartedAt;
}

export function unsupportedLanguage(path: string): Problem | undefined {
  const extension = extensionOf(path.replace(/[?#].*$/, ''));
  if (/^(?:|\.(?:[mc]?js|[mc]?ts|jsx|tsx|es6?))$/.test(extension)) return undefined;
  return { problem: 'unsupported-language', detail: `${extension} files are not read, only JavaScript and TypeScript` };
}

function unmapped({ problem, detail }: Problem, askTarget: boolean): Examination {
  return { evidence: { kind: 'unmapped', problem, detail }, askTarget };
}

/** webpack's `eval` devtools name modules of a bundle as scripts of their own. */
async function bundledScriptPath(url: string, context: EvidenceContext): Promise<string | undefined> {
  if (!isBundledScript(url)) return undefined;
  for (const path of sourceLocations(url.replace(/^webpack-internal:/, 'webpack:'), context)) {
    if (!('problem' in (await context.readFile(path, MAX_PARSED_BYTES)))) return path;
  }
  return undefined;
}

function isBundledScript(url: string): boolean {
  return /^webpack(?:-internal)?:\/\//.test(url);
}

function namelessScript(url: string): Problem {
  if (/^https?:/i.test(url)) return { problem: 'no-file', detail: `${url} is not on this machine` };
  const shown = url.length > 80 ? `${url.slice(0, 79)}…` : url;
  return { problem: 'evaluated', detail: `code evaluated at run time as ${shown || 'an unnamed script'}` };
}

function unreadableDetail(detail: string, { pathMappings }: EvidenceContext): string {
  return pathMappings.length === 0 ? `${detail}; if it is of another machine or a container, map its folder to a local one` : detail;
}

/** The map that the script names, or the one beside it; undefined when there is neither. */
async function findMap(
  path: string,
  text: string,
  context: EvidenceContext,
): Promise<{ readonly map: SourceMap } | Problem | undefined> {
  const url = findSourceMapUrl(text);
  if (url === undefined) {
    if (packageNameOf(path) !== undefined) return undefined;
    const beside = await context.readFile(`${path}.map`, MAX_MAP_BYTES);
    return 'problem' in beside ? undefined : readMap(beside.text, `${path}.map`, path);
  }
  if (url.startsWith('data:')) {
    if (url.length > (MAX_MAP_BYTES * 4) / 3) return tooLarge(`the source map inside ${baseName(path)}`);
    const json = decodeDataUri(url);
    const what = `the source map inside ${baseName(path)}`;
    return json === undefined ? broken(what, 'is not a valid data URI') : readMap(json, path, path, what);
  }
  if (/^(?!file:)[a-z][\w+.-]+:/i.test(url)) {
    return { problem: 'no-source-map', detail: `the source map is at ${url}, which is not fetched` };
  }
  const mapPath = scriptPath(url, context.pathMappings) ?? joinPath(directoryOf(path), decodeURISafely(url));
  for (const candidate of new Set([mapPath, joinPath(directoryOf(path), baseName(mapPath))])) {
    const file = await context.readFile(candidate, MAX_MAP_BYTES);
    if (!('problem' in file)) return readMap(file.text, candidate, path);
    if (file.problem === 'too-large') return tooLarge(file.detail);
    if (file.problem === 'unreadable') return { problem: 'broken-source-map', detail: file.detail };
  }
  return { problem: 'no-source-map', detail: `${baseName(path)} names the source map ${baseName(mapPath)}, which does not exist` };
}

function readMap(
  json: string,
  mapPath: string,
  path: string,
  what = `the source map ${baseName(mapPath)}`,
): { readonly map: SourceMap } | Problem {
  const result = parseSourceMap(json, pathToFileUrl(mapPath));
  if ('problem' in result) return broken(what, result.problem);
  const places = result.map.sources.filter((source) => source && !isBundlerRuntime(source)).map(fileUrlToPath);
  const isCircular = places.length > 0 && places.every((place) => place === path || place === mapPath);
  if (isCircular && places[0] !== undefined) return broken(what, `names ${baseName(places[0])} itself as the source`);
  if (result.map.columns.length === 0) return broken(what, 'maps nothing');
  return result;
}

function broken(what: string, problem: string): Problem {
  return { problem: 'broken-source-map', detail: `${what} ${problem}` };
}

function tooLarge(what: string): Problem {
  return { problem: 'broken-source-map', detail: `${what}: source maps over ${inMegabytes(MAX_MAP_BYTES)} are not read` };
}

function decodeURISafely(text: string): string {
  try {
    return decodeURIComponent(text.replace(/[?#].*$/, ''));
  } catch {
    return text;
  }
}

async function hasSources(map: SourceMap, path: string, context: EvidenceContext): Promise<boolean> {
  if (map.sourcesContent.some((content) => content !== null)) return true;
  for (const source of map.sources.slice(0, 3)) {
    for (const place of sourceLocations(source, { ...context, generatedPath: path }).slice(0, 4)) {
      if (!('problem' in (await context.readFile(place, MAX_PARSED_BYTES)))) return true;
    }
  }
  return false;
}
