import { methodNear } from '../../core/method/methodNear';
import type { Frame } from '../../core/profile/frame';
import { onlySource } from '../../core/source/functionPlace';
import { baseName, extensionOf, joinPath, packageNameOf } from '../../core/source/paths';
import type { SourceMap } from '../../core/source/sourceMap';
import { scriptPath, sourceLocations } from '../../core/source/sourceLocations';
import type { FileProblem } from '../files/readForeignFile';
import { hasSources } from './chainedMaps';
import { findDiskMap } from './diskMaps';
import { isLater, MAX_PARSED_BYTES, unsupportedLanguage } from './evidenceContext';
import type { EvidenceContext, SourceProblem } from './evidenceContext';
import { loadOriginalSource } from './originalSources';
import { inMegabytes } from '../../core/words/bytes';
import type { Script, ScriptEvidence } from './scriptState';
import type { SourceText } from './sourceTexts';
import { frameChecker, informativeFrames, shareOfFittingFrames } from './scriptText';

/** Bytes; a generated script is only searched for its source map comment. */
const MAX_SCRIPT_BYTES = 128 * 1024 * 1024;

export interface Examination {
  /** What holds unless the target knows better. */
  readonly evidence: ScriptEvidence;
  /** The target may have compiled the script in memory and know its source map. */
  readonly askTarget: boolean;
  readonly provisional?: boolean;
}

/** What this machine's disk says of a script, given the frames that were seen of it. */
export async function examineScript({ url, frames }: Script, context: EvidenceContext): Promise<Examination> {
  const path =
    scriptPath(url, context.pathMappings) ??
    (await bundledScriptPath(url, context)) ??
    (await relativeScriptPath(url, frames, context));
  if (path === undefined) return unmapped(namelessScript(url), isBundledScript(url), isNameOfText(url));
  const file = await context.readFile(path, MAX_SCRIPT_BYTES);
  if ('problem' in file) return unmapped({ problem: 'no-file', detail: unreadableDetail(file, context) }, true);
  const rebuilt = isLater(file.modifiedAt, context);
  const found = await findDiskMap(path, file.text, context);
  const isPackage = packageNameOf(path) !== undefined;
  if (found && shareOfFittingFrames(file.text, frames) < 0.5) return examineOtherBuild(path, found, context);
  if (found && 'map' in found && (!isPackage || (await hasSources(found.map, path, context)))) {
    const fits = rebuilt ? frameChecker(file.text, { strict: true }) : undefined;
    return { evidence: { kind: 'mapped', map: found.map, path, fits, isText: !rebuilt }, askTarget: false };
  }
  // Libraries are published with maps that lead nowhere; what they ship is then the source.
  const missing = found && 'problem' in found && !isPackage ? found : undefined;
  const examination = await examineText(path, file.text, rebuilt, frames, context, missing);
  return missing ? { ...examination, askTarget: true } : examination;
}

/** The script on disk is not what runs, so its source map is of other code; the source that it names may still help. */
async function examineOtherBuild(
  path: string,
  found: { readonly map: SourceMap } | SourceProblem,
  context: EvidenceContext,
): Promise<Examination> {
  const other: SourceProblem = {
    problem: 'no-method',
    detail: `${baseName(path)} is not what runs: it was built again after the process started`,
  };
  const only = 'map' in found ? onlySource(found.map) : -1;
  if ('map' in found && only >= 0) {
    const source = await loadOriginalSource(found.map, only, path, context);
    if ('index' in source) return { evidence: { kind: 'by-name', source, ...other }, askTarget: true };
  }
  return unmapped(other, true);
}

/**
 * A script without a source map, or with one that is `missing` or broken: what runs is the text itself, or was compiled from
 * it in memory.
 */
async function examineText(
  path: string,
  text: string,
  rebuilt: boolean,
  frames: readonly Frame[],
  context: EvidenceContext,
  missing: SourceProblem | undefined,
): Promise<Examination> {
  const unsupported = unsupportedLanguage(path);
  if (unsupported) return unmapped(unsupported, true);
  if (text.length > MAX_PARSED_BYTES) {
    const limit = `methods are read from files up to ${inMegabytes(MAX_PARSED_BYTES)}`;
    const detail = `${baseName(path)} has ${inMegabytes(text.length)} of code and no source map; ${limit}`;
    return unmapped(
      { problem: 'no-source-map', detail: missing ? `${missing.detail}, and ${detail}` : detail },
      false,
      !rebuilt,
    );
  }
  const generated = missing && { reason: missing.problem, detail: missing.detail };
  const source = await context.texts.add(path, text, { changed: rebuilt, generated });
  const isTypeScript = /^\.(?:[mc]?ts|tsx)$/.test(extensionOf(path));
  const informative = informativeFrames(frames);
  if (informative.length === 0) {
    return { evidence: { kind: 'identical', source }, askTarget: isTypeScript, provisional: true };
  }
  const fitting = informative.filter((frame) => standsAtMethod(source, frame)).length;
  if (fitting * 2 >= informative.length) return { evidence: { kind: 'identical', source }, askTarget: false };
  const problem = isTypeScript ? 'no-source-map' : 'no-method';
  const detail = rebuilt
    ? `${baseName(path)} was changed after the process started`
    : `${baseName(path)} was compiled in memory, its source map cannot be had, and names do not settle it`;
  return { evidence: { kind: 'by-name', source, problem, detail }, askTarget: true };
}

function standsAtMethod({ index, toEditor }: SourceText, { line, column, functionName }: Frame): boolean {
  const position = toEditor({ line, column });
  return methodNear(index, position, position, functionName) >= 0;
}

function unmapped({ problem, detail }: SourceProblem, askTarget: boolean, isText = false): Examination {
  return { evidence: { kind: 'unmapped', problem, detail, isText }, askTarget };
}

/** `[stdin]`, or what a `vm` script was called: people know which of their texts that is. */
function isNameOfText(url: string): boolean {
  return url !== '' && !/^[a-z][\w+.-]+:/i.test(url);
}

/** webpack's `eval` devtools name modules of a bundle as scripts of their own. */
function isBundledScript(url: string): boolean {
  return /^webpack(?:-internal)?:\/\//.test(url);
}

async function bundledScriptPath(url: string, context: EvidenceContext): Promise<string | undefined> {
  if (!isBundledScript(url)) return undefined;
  const most = context.tries.left > 0 ? undefined : 1;
  for (const path of sourceLocations(url.replace(/^webpack-internal:/, 'webpack:'), context, most)) {
    if (!('problem' in (await context.readFile(path, MAX_PARSED_BYTES)))) return path;
    context.tries.left--;
  }
  return undefined;
}

/**
 * A text that was compiled under a relative name: by `vm`, or the program of a single executable. It is of that file under a root if
 * its functions stand there.
 */
async function relativeScriptPath(
  url: string,
  frames: readonly Frame[],
  context: EvidenceContext,
): Promise<string | undefined> {
  if (!isNameOfText(url) || !/^[\w@.-][^:]*\.[cm]?[jt]sx?$/.test(url) || informativeFrames(frames).length === 0)
    return undefined;
  for (const root of context.roots) {
    const path = joinPath(root, url);
    const file = await context.readFile(path, MAX_SCRIPT_BYTES);
    if ('text' in file && shareOfFittingFrames(file.text, frames) === 1) return path;
  }
  return undefined;
}

function namelessScript(url: string): SourceProblem {
  if (/^https?:/i.test(url)) return { problem: 'no-file', detail: `${url} is not on this machine` };
  const shown = url.length > 80 ? `${url.slice(0, 79)}…` : url;
  return { problem: 'evaluated', detail: `code evaluated at run time as ${shown || 'an unnamed script'}` };
}

function unreadableDetail({ problem, detail }: FileProblem, { pathMappings }: EvidenceContext): string {
  const mayBeElsewhere = problem === 'missing' || problem === 'not-here';
  return mayBeElsewhere && pathMappings.length === 0
    ? `${detail}; if it is of another machine or a container, map its folder to a local one`
    : detail;
}
