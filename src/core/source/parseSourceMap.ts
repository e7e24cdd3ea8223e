import { TraceMap } from '@jridgewell/trace-mapping';
import { hasManyValues } from '../jsonValues';
import { countMappings, decodeMappings, type MapSection } from './decodeMappings';
import { isWindowsPath, pathToFileUrl } from './paths';
import { packContents } from './sourceContents';
import type { SourceMap } from './sourceMap';

export type SourceMapResult = { readonly map: SourceMap } | { readonly problem: string };

/*
 * A map is small beside what it makes: a comma is a segment of 20 bytes, a semicolon a line. So what it makes is counted, over
 * all of its sections, before anything is made. Maps of bundles of 30 MB stay below a third of each number.
 */
const MAX_SEGMENTS = 8_000_000;
export const MAX_LINES = 5_000_000;
const MAX_SECTIONS = 200_000;
/** Of the JSON; most of them are names, which nobody reads. */
const MAX_VALUES = 4_000_000;
const MAX_SOURCES = 100_000;
/** Of one name of a source, or of a root of names; longer ones are no names, and each root is repeated in all of its names. */
const LONGEST_SOURCE = 4_096;
const MAX_SOURCE_CHARACTERS = 32_000_000;
const DEEPEST_SECTION = 8;

/**
 * Reads a source map, indexed ones (with `sections`) too. `mapUrl` is where the map was found, as a URL, or the script's
 * for an inline map. Never throws: malformed maps, and those that would make too much, give a problem that completes the
 * sentence "the source map …". Takes some 100 ms for a million segments: large texts are for a thread of their own.
 */
export function parseSourceMap(json: string, mapUrl: string): SourceMapResult {
  if (hasManyValues(json, MAX_VALUES)) return { problem: tooLarge(MAX_VALUES, 'values') };
  let raw: unknown;
  try {
    // Some servers guard JSON with a first line that is no JSON, and the format allows for it.
    raw = JSON.parse(json.startsWith(")]}'") ? json.slice(json.indexOf('\n') + 1) : json.replace(/^\uFEFF/, ''));
  } catch {
    // V8's words for it repeat the text, and what a script calls its map may be any file.
    return { problem: 'is not JSON' };
  }
  const parts = new MapParts(mapUrl);
  const problem = parts.add(raw, { line: 0, column: 0, stopLine: Infinity, stopColumn: Infinity }, 0);
  return problem === undefined ? { map: parts.map() } : { problem };
}

type Range = Pick<MapSection, 'line' | 'column' | 'stopLine' | 'stopColumn'>;

interface Offset {
  readonly line: number;
  readonly column: number;
}

/** What the sections of a map have in all. */
class MapParts {
  private readonly sections: MapSection[] = [];
  private readonly sources: string[] = [];
  private readonly contents: unknown[] = [];
  private sectionCount = 0;
  private segments = 0;
  /** Of all mappings; and of the script, up to the last line that any of them reaches. */
  private lines = 0;
  private scriptLines = 0;
  private characters = 0;

  constructor(private readonly mapUrl: string) {}

  /** Adds a map or the map of a section; returns what is wrong with it. */
  add(raw: unknown, range: Range, depth: number): string | undefined {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return 'is not an object';
    const map = raw as Record<string, unknown>;
    if (Array.isArray(map['sections'])) return this.addSections(map['sections'] as unknown[], range, depth);
    const version = map['version'];
    if (version !== undefined && !(version === 3 || version === '3'))
      return typeof version === 'number' ? `has version ${version}, not 3` : 'has no version 3';
    const { mappings, sources } = map;
    if (typeof mappings !== 'string') return 'has no mappings';
    if (!Array.isArray(sources)) return 'has no list of sources';
    const count = countMappings(mappings);
    this.segments += count.segments;
    this.lines += count.lines;
    if (this.segments > MAX_SEGMENTS) return tooLarge(MAX_SEGMENTS, 'segments');
    if (this.lines > MAX_LINES) return tooLarge(MAX_LINES, 'lines');
    this.scriptLines = Math.max(this.scriptLines, Math.min(range.line + count.lines, range.stopLine + 1));
    if (this.scriptLines > MAX_LINES) return tooLarge(MAX_LINES, 'lines');
    this.sections.push({ ...range, mappings, firstSource: this.sources.length, sourceCount: sources.length });
    return this.addSources(sources as unknown[], map['sourceRoot'], map['sourcesContent']);
  }

  map(): SourceMap {
    return {
      ...decodeMappings(this.sections, this.segments, this.scriptLines),
      sources: this.sources,
      contents: packContents(this.contents),
    };
  }

  private addSections(sections: readonly unknown[], range: Range, depth: number): string | undefined {
    if (depth > DEEPEST_SECTION) return 'nests sections too deeply';
    this.sectionCount += sections.length;
    if (this.sectionCount > MAX_SECTIONS) return tooLarge(MAX_SECTIONS, 'sections');
    const offsets: Offset[] = [];
    for (const section of sections) {
      const offset = offsetOf(section);
      if (!offset) return 'has a section without an offset';
      offsets.push(offset);
    }
    for (let n = 0; n < sections.length; n++) {
      const { map } = sections[n] as { map?: unknown };
      if (map === undefined) return 'has a section that is kept elsewhere, which the format no longer allows';
      const problem = this.add(map, within(range, offsets[n], offsets[n + 1]), depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private addSources(list: readonly unknown[], root: unknown, contents: unknown): string | undefined {
    if (this.sources.length + list.length > MAX_SOURCES) return tooLarge(MAX_SOURCES, 'sources');
    const sourceRoot = nameOf(root);
    const names = list.map(nameOf);
    for (const name of names) this.characters += this.mapUrl.length + (sourceRoot?.length ?? 0) + (name?.length ?? 0);
    if (this.characters > MAX_SOURCE_CHARACTERS)
      return tooLarge(MAX_SOURCE_CHARACTERS, 'characters in names of sources');
    const { resolvedSources } = new TraceMap(
      { version: 3, names: [], mappings: '', sources: names.map((name) => name ?? null), sourceRoot },
      this.mapUrl,
    );
    const texts: readonly unknown[] = Array.isArray(contents) ? contents : [];
    names.forEach((name, n) => {
      this.sources.push(name === undefined ? '' : resolvedSources[n]);
      this.contents.push(texts[n]);
    });
    return undefined;
  }
}

/** Where a section stands, and where the next one of the same list cuts it off. */
function within({ line, column, stopLine, stopColumn }: Range, offset: Offset, next: Offset | undefined): Range {
  const start = { line: line + offset.line, column: column + offset.column };
  if (!next || line + next.line > stopLine) return { ...start, stopLine, stopColumn };
  const nextColumn = column + next.column;
  const isSameLine = line + next.line === stopLine;
  return {
    ...start,
    stopLine: line + next.line,
    stopColumn: isSameLine ? Math.min(stopColumn, nextColumn) : nextColumn,
  };
}

function offsetOf(section: unknown): Offset | undefined {
  const { offset } = (section ?? {}) as { offset?: { line?: unknown; column?: unknown } | null };
  const { line, column } = offset ?? {};
  return isPlace(line) && isPlace(column) ? { line, column } : undefined;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_LINES;
}

/** A source or a root of sources, a Windows path as a URL that can be resolved; undefined for what is none. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST_SOURCE) return undefined;
  if (isWindowsPath(value)) return pathToFileUrl(value);
  return /^\.{0,2}\\/.test(value) || (!value.includes('/') && /^[\w.-]+\\/.test(value))
    ? value.replaceAll('\\', '/')
    : value;
}

function tooLarge(most: number, what: string): string {
  return `is too large: it has more than ${most.toLocaleString('en')} ${what}`;
}
