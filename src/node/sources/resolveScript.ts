import type { FrameResolution, LinePlaces, NoSource } from '../../core/heat/methodResolver';
import { methodAt, methodsOnLine } from '../../core/method/methodIndex';
import { methodNear } from '../../core/method/methodNear';
import type { Frame } from '../../core/profile/frame';
import { methodOfPlace, onlySource, placeOfFunction } from '../../core/source/functionPlace';
import type { FunctionPlace, PlaceProblem } from '../../core/source/functionPlace';
import type { ToEditor } from '../../core/source/editorLines';
import { matchByName, mayBeCalled } from '../../core/source/matchByName';
import { findSegment, segmentAt, segmentsOfLine } from '../../core/source/sourceMap';
import { contentSize } from '../../core/source/sourceContents';
import type { SourceMap } from '../../core/source/sourceMap';
import type { SourceProblem } from './evidenceContext';
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
        const { index, changed, toEditor } = evidence.source;
        const position = toEditor({ line: frame.line, column: frame.column });
        const method = methodNear(index, position, position, frame.functionName);
        // In a text that changed another method may stand there by chance.
        return changed && method > 0 && frame.functionName !== '' && !mayBeCalled(index, method, frame.functionName)
          ? -1
          : method;
      });
    case 'by-name':
      return resolveByText(script, evidence.source, frames, texts, () => -1, evidence);
    default: {
      const none: NoSource = { reason: evidence?.problem ?? 'no-file', detail: evidence?.detail };
      return frames.map((frame) => (evidence?.isText ? asItRuns(script, frame, none, texts) : none));
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
    if (isTopLevel(frame)) return { method: texts.methodId(source, 0, !evidence) };
    const found = find(frame);
    if (found >= 0) return { method: texts.methodId(source, found, true) };
    const named = matchesOf(script, source, () => script.frames.filter(isInformative)).get(frame);
    if (named !== undefined) return { method: texts.methodId(source, named), byName: true };
    if (evidence) return { reason: evidence.problem, detail: evidence.detail };
    const differs = 'no method stands there: the file differs from what runs';
    const { generated } = source;
    return generated
      ? { ...generated, detail: `${generated.detail}; ${differs}` }
      : { reason: 'no-method', detail: differs };
  });
}

function isTopLevel(frame: Frame): boolean {
  return !isInformative(frame) && (frame.functionName === '' || frame.functionName === '(anonymous)');
}

function resolveMapped(
  script: Script,
  { map, fits, isText }: Extract<ScriptEvidence, { kind: 'mapped' }>,
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
    const without = ({ problem, detail }: PlaceProblem | SourceProblem): FrameResolution => {
      const none: NoSource = { reason: problem, detail };
      return isText ? asItRuns(script, frame, none, texts) : none;
    };
    if ('problem' in place) return without(place);
    const source = script.sources.get(place.source);
    if (!source) return { reason: 'source-missing' };
    if ('problem' in source) {
      // V8 names the function, and the map says where it was written.
      const { file } = source;
      if (file === undefined || place.kind !== 'stretch') return without(source);
      const named = { file, functionName: frame.functionName, ...place.position };
      return { method: texts.namedId(named, { reason: source.problem, detail: source.detail }) };
    }
    if (fits && place.kind !== 'module' && !fits(frame)) return resolveByName(frame, place, source);
    const method = methodOfPlace(source.index, inEditor(place, source.toEditor), frame.functionName);
    const isOldText = source.changed && contentSize(map.contents, place.source) < 0;
    if (typeof method !== 'number') {
      return isOldText ? resolveByName(frame, place, source) : without(method);
    }
    const isDoubtful = isOldText && method > 0 && !mayBeCalled(source.index, method, frame.functionName);
    return isDoubtful ? resolveByName(frame, place, source) : { method: texts.methodId(source, method) };
  });
}

/** The function by the name that V8 has for it, where it stands in the script that runs. */
function asItRuns(script: Script, frame: Frame, none: NoSource, texts: SourceTextStore): FrameResolution {
  const { functionName, line, column } = frame;
  return { method: texts.namedId({ file: script.path ?? script.url, functionName, line, column }, none) };
}

function inEditor(place: FunctionPlace, toEditor: ToEditor): FunctionPlace {
  if (place.kind === 'module') return place;
  const position = toEditor(place.position);
  return place.kind === 'between'
    ? { ...place, position, next: toEditor(place.next) }
    : { ...place, position, next: place.next && toEditor(place.next) };
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

/** Index of the source in the script's map that a place in the text (0-based) comes from; -1 where there is none. */
export function sourceOfSite({ evidence }: Script, { line, column }: Frame): number {
  if (evidence?.kind !== 'mapped') return -1;
  const at = findSegment(evidence.map, line, column);
  return at < 0 ? -1 : segmentAt(evidence.map, at).source;
}

/** The method whose code stands there; -1 where that is unknown. */
export function methodOfSite(script: Script, site: Frame, texts: SourceTextStore): number {
  const { evidence } = script;
  if (evidence?.kind === 'identical') {
    const { source } = evidence;
    const method = methodAt(source.index, source.toEditor(site));
    // In a text that changed another method may stand there by chance.
    const isOther = source.changed && method > 0 && !mayBeCalled(source.index, method, site.functionName);
    return method < 0 || isOther ? -1 : texts.methodId(source, method, true);
  }
  // Positions in another build say nothing.
  if (evidence?.kind !== 'mapped' || evidence.fits) return -1;
  const at = findSegment(evidence.map, site.line, site.column);
  if (at < 0) return -1;
  const { source: index, sourceLine, sourceColumn } = segmentAt(evidence.map, at);
  const source = script.sources.get(index);
  if (!source || 'problem' in source) return -1;
  const method = methodAt(source.index, source.toEditor({ line: sourceLine, column: sourceColumn }));
  return method < 0 ? -1 : texts.methodId(source, method);
}

/** Original places of one generated line. Sources that are not loaded yet are put on the script's list. */
export function placesOfLine(script: Script, generatedLine: number, texts: SourceTextStore): LinePlaces {
  const { evidence } = script;
  if (evidence?.kind === 'identical') {
    const { source } = evidence;
    const { line } = source.toEditor({ line: generatedLine, column: 0 });
    if (line < 0 || line >= source.index.lineCount) return { methods: [] };
    const methods = methodsOnLine(source.index, line);
    if (methods.length > MAX_METHODS_PER_LINE) return { methods: [], isCrowded: true };
    return {
      methods: methods.map((method) => texts.methodId(source, method, true)),
      file: source.file,
      line,
    };
  }
  return evidence?.kind === 'mapped' ? placesOfMappedLine(script, evidence.map, generatedLine, texts) : { methods: [] };
}

function placesOfMappedLine(script: Script, map: SourceMap, line: number, texts: SourceTextStore): LinePlaces {
  const { from, to } = segmentsOfLine(map, line);
  if (to - from > MAX_SEGMENTS_PER_LINE) return { methods: [], isCrowded: true };
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
    const place = source.toEditor({ line: segment.sourceLine, column: segment.sourceColumn });
    first ??= { file: source.file, line: place.line };
    const method = methodAt(source.index, place);
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
