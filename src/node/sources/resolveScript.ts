import type { FrameResolution, LinePlaces } from '../../core/heat/methodResolver';
import { methodAt, methodsOnLine } from '../../core/method/methodIndex';
import { methodNear } from '../../core/method/methodNear';
import type { Frame } from '../../core/profile/frame';
import { methodOfPlace, onlySource, placeOfFunction } from '../../core/source/functionPlace';
import type { FunctionPlace } from '../../core/source/functionPlace';
import { matchByName, mayBeCalled } from '../../core/source/matchByName';
import { segmentAt, segmentsOfLine } from '../../core/source/sourceMap';
import { contentSize } from '../../core/source/sourceContents';
import type { SourceMap } from '../../core/source/sourceMap';
import type { Script, ScriptEvidence } from './scriptState';
import { isInformative } from './scriptText';
import type { SourceText, SourceTextStore } from './sourceTexts';

/** A line with more code than anybody writes on one is minified: which of its many methods a tick hit cannot be told. */
const MAX_SEGMENTS_PER_LINE = 2_000;
/** The same of a script that is its own source. */
const MAX_METHODS_PER_LINE = 2_000;

/** Sources that the frames lead to, by their index in the map. */
export function sourcesOf(map: SourceMap, frames: readonly Frame[]): Set<number> {
  const sources = new Set<number>();
  for (const { line, column, functionName } of frames) {
    const place = placeOfFunction(map, line, column, functionName);
    if ('kind' in place) sources.add(place.source);
  }
  return sources;
}

/** Results for `frames`, in order; everything that they need was loaded. */
export function resolveFrames(script: Script, frames: readonly Frame[], texts: SourceTextStore): FrameResolution[] {
  const { evidence } = script;
  switch (evidence?.kind) {
    case 'mapped':
      return resolveMapped(script, evidence, frames, texts);
    case 'identical':
      return resolveByText(script, evidence.source, frames, texts, (frame) => {
        const position = { line: frame.line, column: frame.column };
        const { index, changed } = evidence.source;
        const method = methodNear(index, position, position, frame.functionName);
        // In a text that changed another method may stand there by chance.
        return changed && method > 0 && frame.functionName !== '' && !mayBeCalled(index, method, frame.functionName)
          ? -1
          : method;
      });
    case 'by-name':
      return resolveByText(script, evidence.source, frames, texts, () => -1, evidence);
    default: {
      const resolution: FrameResolution = { reason: evidence?.problem ?? 'no-file', detail: evidence?.detail };
      return frames.map(() => resolution);
    }
  }
}

function resolveByText(
  script: Script,
  source: SourceText,
  frames: readonly Frame[],
  texts: SourceTextStore,
  find: (frame: Frame) => number,
  evidence?: Extract<ScriptEvidence, { kind: 'by-name' }>,
): FrameResolution[] {
  return frames.map((frame) => {
    if (isTopLevel(frame)) return { method: texts.methodId(source, 0) };
    const found = find(frame);
    if (found >= 0) return { method: texts.methodId(source, found) };
    const named = matchesOf(script, source, () => script.frames.filter(isInformative)).get(frame);
    if (named !== undefined) return { method: texts.methodId(source, named), byName: true };
    if (evidence) return { reason: evidence.problem, detail: evidence.detail };
    return { reason: 'no-method', detail: 'no method stands there: the file differs from what runs' };
  });
}

function isTopLevel(frame: Frame): boolean {
  return !isInformative(frame) && (frame.functionName === '' || frame.functionName === '(anonymous)');
}

function resolveMapped(
  script: Script,
  { map, fits }: Extract<ScriptEvidence, { kind: 'mapped' }>,
  frames: readonly Frame[],
  texts: SourceTextStore,
): FrameResolution[] {
  // When the text that the map speaks of is gone, names have to do.
  const resolveByName = (frame: Frame, place: FunctionPlace, source: SourceText): FrameResolution => {
    const changed: FrameResolution = {
      reason: 'no-method',
      detail: `${source.file} was changed after the process started`,
    };
    // Positions in another build say nothing, not even which source a function is from.
    if (fits && onlySource(map) < 0) return changed;
    const named = matchesOf(script, source, () => framesOfSource(script, map, place.source)).get(frame);
    if (named !== undefined) return { method: texts.methodId(source, named), byName: true };
    return changed;
  };
  return frames.map((frame) => {
    const place = placeOfFunction(map, frame.line, frame.column, frame.functionName);
    if ('problem' in place) return { reason: place.problem, detail: place.detail };
    const source = script.sources.get(place.source);
    if (!source) return { reason: 'source-missing' };
    if ('problem' in source) return { reason: source.problem, detail: source.detail };
    if (fits && place.kind !== 'module' && !fits(frame)) return resolveByName(frame, place, source);
    const method = methodOfPlace(source.index, place, frame.functionName);
    const isOldText = source.changed && contentSize(map.contents, place.source) < 0;
    if (typeof method !== 'number') {
      return isOldText ? resolveByName(frame, place, source) : { reason: method.problem, detail: method.detail };
    }
    const isDoubtful = isOldText && method > 0 && !mayBeCalled(source.index, method, frame.functionName);
    return isDoubtful ? resolveByName(frame, place, source) : { method: texts.methodId(source, method) };
  });
}

/** What names say of all frames of the script that were seen so far. */
function matchesOf(script: Script, source: SourceText, framesOf: () => Frame[]): ReadonlyMap<Frame, number> {
  let matches = script.nameMatches.get(source);
  if (matches?.frames !== script.frames.length) {
    matches = { frames: script.frames.length, byFrame: matchByName(source.index, framesOf()) };
    script.nameMatches.set(source, matches);
  }
  return matches.byFrame;
}

/** Sorted by source once, and again when frames have come: there may be as many sources as frames. */
function framesOfSource(script: Script, map: SourceMap, source: number): Frame[] {
  let known = framesBySource.get(script);
  if (known?.frames !== script.frames.length) {
    const bySource = new Map<number, Frame[]>();
    for (const frame of script.frames) {
      const place = placeOfFunction(map, frame.line, frame.column, frame.functionName);
      if (!('kind' in place) || place.kind === 'module') continue;
      const list = bySource.get(place.source);
      if (list) list.push(frame);
      else bySource.set(place.source, [frame]);
    }
    known = { frames: script.frames.length, bySource };
    framesBySource.set(script, known);
  }
  return known.bySource.get(source) ?? [];
}

const framesBySource = new WeakMap<
  Script,
  { readonly frames: number; readonly bySource: ReadonlyMap<number, Frame[]> }
>();

/** Original places of one generated line. Sources that are not loaded yet are put on the script's list. */
export function placesOfLine(script: Script, line: number, texts: SourceTextStore): LinePlaces {
  const { evidence } = script;
  if (evidence?.kind === 'identical') {
    const { source } = evidence;
    if (line < 0 || line >= source.index.lineCount) return { methods: [] };
    const methods = methodsOnLine(source.index, line);
    if (methods.length > MAX_METHODS_PER_LINE) return { methods: [] };
    return {
      methods: methods.map((method) => texts.methodId(source, method)),
      file: source.file,
      line,
    };
  }
  return evidence?.kind === 'mapped' ? placesOfMappedLine(script, evidence.map, line, texts) : { methods: [] };
}

function placesOfMappedLine(script: Script, map: SourceMap, line: number, texts: SourceTextStore): LinePlaces {
  const { from, to } = segmentsOfLine(map, line);
  if (to - from > MAX_SEGMENTS_PER_LINE) return { methods: [] };
  const found = new Map<number, number>();
  const lines = new Set<string>();
  let first: { file: string; line: number } | undefined;
  for (let i = from; i < to; i++) {
    const segment = segmentAt(map, i);
    if (segment.source < 0) continue;
    lines.add(`${segment.source}:${segment.sourceLine}`);
    const source = script.sources.get(segment.source);
    if (!source) script.wantedSources.add(segment.source);
    if (!source || 'problem' in source) continue;
    first ??= { file: source.file, line: segment.sourceLine };
    const method = methodAt(source.index, { line: segment.sourceLine, column: segment.sourceColumn });
    if (method >= 0) found.set(texts.methodId(source, method), depthOf(source, method));
  }
  const methods = [...found.keys()].sort((a, b) => found.get(b)! - found.get(a)!);
  return lines.size === 1 && first ? { methods, ...first } : { methods };
}

function depthOf({ index }: SourceText, method: number): number {
  let depth = 0;
  for (let at = index.methods[method].parent; at >= 0; at = index.methods[at].parent) depth++;
  return depth;
}
