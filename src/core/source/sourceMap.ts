import { FlattenMap, decodedMappings } from '@jridgewell/trace-mapping';
import type { SourceMapInput } from '@jridgewell/trace-mapping';
import { isWindowsPath, pathToFileUrl } from './paths';

/** A generated column and the original place it comes from. All numbers 0-based. */
export interface Segment {
  readonly column: number;
  /** Index into `SourceMap.sources`; -1 for text that comes from no source. */
  readonly source: number;
  readonly sourceLine: number;
  readonly sourceColumn: number;
}

/**
 * A source map as columns of numbers: a bundle's map with a million segments takes 16 MB, against some 150 MB as arrays.
 * Segments are sorted by generated position; those of line `n` are `lineStarts[n]` up to `lineStarts[n + 1]`.
 */
export interface SourceMap {
  /** Resolved against the map's own URL and `sourceRoot`: `file:///…`, `webpack://…`; '' for an unnamed source. */
  readonly sources: readonly string[];
  readonly sourcesContent: readonly (string | null)[];
  readonly lineStarts: Int32Array;
  readonly columns: Int32Array;
  readonly sourceIndices: Int32Array;
  readonly sourceLines: Int32Array;
  readonly sourceColumns: Int32Array;
}

export type SourceMapResult = { readonly map: SourceMap } | { readonly problem: string };

/** More lines or sections than any real file has; a map that claims more would only fill the memory. */
const MAX_LINES = 5_000_000;
const MAX_SECTIONS = 200_000;

/**
 * Reads a source map, indexed ones (with `sections`) too. `mapUrl` is where the map was found, as a URL, or the script's
 * for an inline map. Never throws: malformed maps give a problem that completes the sentence "the source map …".
 */
export function parseSourceMap(json: string, mapUrl: string): SourceMapResult {
  let raw: unknown;
  try {
    // Some servers guard JSON with a first line that is no JSON, and the format allows for it.
    raw = JSON.parse(json.startsWith(")]}'") ? json.slice(json.indexOf('\n') + 1) : json.replace(/^\uFEFF/, ''));
  } catch {
    // V8's words for it repeat the text, and what a script calls its map may be any file.
    return { problem: 'is not JSON' };
  }
  const problem = shapeProblem(raw, { sections: 0 });
  if (problem) return { problem };
  try {
    return { map: compact(new FlattenMap(raw as SourceMapInput, mapUrl)) };
  } catch {
    return { problem: 'has mappings that cannot be read' };
  }
}

/** Checks what the library takes on trust, and turns the sources' Windows paths into URLs that it can resolve. */
function shapeProblem(raw: unknown, seen: { sections: number }, depth = 0): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'is not an object';
  const map = raw as Record<string, unknown>;
  if (Array.isArray(map.sections)) {
    if (depth > 8) return 'nests sections too deeply';
    for (const section of map.sections as unknown[]) {
      if (++seen.sections > MAX_SECTIONS) return 'has too many sections';
      const { offset, map: inner } = (section ?? {}) as {
        offset?: { line?: unknown; column?: unknown };
        map?: unknown;
      };
      if (!isCount(offset?.line) || !isCount(offset?.column)) return 'has a section without an offset';
      if (inner === undefined) return 'has a section that is kept elsewhere, which the format no longer allows';
      const problem = shapeProblem(inner, seen, depth + 1);
      if (problem) return problem;
    }
    return undefined;
  }
  if (map.version !== undefined && Number(map.version) !== 3)
    return typeof map.version === 'number' ? `has version ${map.version}, not 3` : 'has no version 3';
  if (typeof map.mappings !== 'string') return 'has no mappings';
  if (countLines(map.mappings) > MAX_LINES) return `claims more than ${MAX_LINES} lines`;
  if (!Array.isArray(map.sources)) return 'has no list of sources';
  map.sources = (map.sources as unknown[]).map((source) => (typeof source === 'string' ? cleanSource(source) : null));
  if (!Array.isArray(map.names)) map.names = [];
  if (!Array.isArray(map.sourcesContent)) delete map.sourcesContent;
  if (typeof map.sourceRoot === 'string') map.sourceRoot = cleanSource(map.sourceRoot);
  else delete map.sourceRoot;
  return undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_LINES;
}

function countLines(mappings: string): number {
  let lines = 1;
  for (let at = mappings.indexOf(';'); at >= 0 && lines <= MAX_LINES; at = mappings.indexOf(';', at + 1)) lines++;
  return lines;
}

function cleanSource(source: string): string {
  if (isWindowsPath(source)) return pathToFileUrl(source);
  return /^\.{0,2}\\/.test(source) || (!source.includes('/') && /^[\w.-]+\\/.test(source))
    ? source.replaceAll('\\', '/')
    : source;
}

function compact(decoded: InstanceType<typeof FlattenMap>): SourceMap {
  const lines = decodedMappings(decoded);
  const sourceCount = decoded.sources.length;
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  const lineStarts = new Int32Array(lines.length + 1);
  const columns = new Int32Array(total);
  const sourceIndices = new Int32Array(total);
  const sourceLines = new Int32Array(total);
  const sourceColumns = new Int32Array(total);
  let count = 0;
  for (let line = 0; line < lines.length; line++) {
    lineStarts[line] = count;
    for (const [column, source, sourceLine, sourceColumn] of lines[line]) {
      const usable =
        source !== undefined &&
        source >= 0 &&
        source < sourceCount &&
        sourceLine! >= 0 &&
        sourceColumn! >= 0 &&
        column >= 0;
      columns[count] = column;
      sourceIndices[count] = usable ? source : -1;
      sourceLines[count] = usable ? sourceLine! : -1;
      sourceColumns[count] = usable ? sourceColumn! : -1;
      count++;
    }
  }
  lineStarts[lines.length] = count;
  const contents = decoded.sourcesContent ?? [];
  return {
    sources: decoded.resolvedSources.map((resolved, i) => (decoded.sources[i] == null ? '' : resolved)),
    sourcesContent: Array.from({ length: sourceCount }, (_, i) =>
      typeof contents[i] === 'string' ? contents[i] : null,
    ),
    lineStarts,
    columns,
    sourceIndices,
    sourceLines,
    sourceColumns,
  };
}

export function segmentAt(map: SourceMap, index: number): Segment {
  return {
    column: map.columns[index],
    source: map.sourceIndices[index],
    sourceLine: map.sourceLines[index],
    sourceColumn: map.sourceColumns[index],
  };
}

/** Range of the indices of a generated line's segments; empty for lines that the map does not cover. */
export function segmentsOfLine(map: SourceMap, line: number): { from: number; to: number } {
  if (line < 0 || line + 1 >= map.lineStarts.length) return { from: 0, to: 0 };
  return { from: map.lineStarts[line], to: map.lineStarts[line + 1] };
}

/**
 * Index of the last segment of the generated line that starts at or before `column`; -1 when there is none. Of several
 * at one column it is the last, as everybody reads it.
 */
export function findSegment(map: SourceMap, line: number, column: number): number {
  const { from, to } = segmentsOfLine(map, line);
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map.columns[middle] <= column) low = middle + 1;
    else high = middle;
  }
  return low > from ? low - 1 : -1;
}

/** Index of the first segment on this line or a later one that starts after `column`; -1 when there is none. */
export function nextSegment(map: SourceMap, line: number, column: number): number {
  const at = findSegment(map, line, column);
  const index = at >= 0 ? at + 1 : map.lineStarts[Math.min(Math.max(line, 0), map.lineStarts.length - 1)];
  return index < map.columns.length ? index : -1;
}
