import type { FrameTable } from '../frameTable';
import { GrowableInt32 } from '../../collections/growable';
import { LimitError } from '../../collections/limitError';
import { foreignFrame } from './frameText';
import { ProtoReader } from './protobuf';

/** Where the messages of a pprof profile lie in its bytes: start and end by turns. The file may have them in any order. */
export interface PprofIndex {
  readonly sampleTypes: Int32Array;
  readonly samples: Int32Array;
  readonly locations: Int32Array;
  readonly functions: Int32Array;
  readonly strings: Int32Array;
  /** Of `period_type`; empty where there is none. */
  readonly periodType: Int32Array;
  readonly period: number;
  /** Index of a string; 0 for none. */
  readonly defaultType: number;
  /** The bytes break off or are something else from some place on. */
  readonly broken: boolean;
}

export function indexPprof(bytes: Uint8Array): PprofIndex {
  const ranges = new Map<number, GrowableInt32>([1, 2, 4, 5, 6, 11].map((field) => [field, new GrowableInt32()]));
  const reader = new ProtoReader(bytes);
  reader.reset(0, bytes.length);
  let period = 0;
  let defaultType = 0;
  while (reader.next()) {
    if (reader.end >= 0) {
      const range = ranges.get(reader.field);
      range?.push(reader.start);
      range?.push(reader.end);
    } else if (reader.field === 12) period = reader.value;
    else if (reader.field === 14) defaultType = reader.value;
  }
  const of = (field: number): Int32Array => ranges.get(field)!.view();
  return {
    sampleTypes: of(1),
    samples: of(2),
    locations: of(4),
    functions: of(5),
    strings: of(6),
    periodType: of(11).slice(-2),
    period,
    defaultType,
    broken: reader.broken,
  };
}

/** Strings are decoded when somebody asks: most files have more of them (labels, mappings) than a tree needs. */
export function pprofStrings(bytes: Uint8Array, ranges: Int32Array): (index: number) => string {
  const decoder = new TextDecoder();
  const known = new Map<number, string>();
  return (index) => {
    if (!(index > 0 && index * 2 < ranges.length)) return '';
    let text = known.get(index);
    if (text === undefined)
      known.set(index, (text = decoder.decode(bytes.subarray(ranges[index * 2], ranges[index * 2 + 1]))));
    return text;
  };
}

/** `type` and `unit` of a ValueType, as indices of strings. */
export function readValueType(reader: ProtoReader, start: number, end: number): { type: number; unit: number } {
  const result = { type: 0, unit: 0 };
  reader.reset(start, end);
  while (reader.next()) {
    if (reader.end >= 0) continue;
    if (reader.field === 1) result.type = reader.value;
    else if (reader.field === 2) result.unit = reader.value;
  }
  return result;
}

interface PprofFunction {
  readonly name: string;
  readonly file: string;
  /** 1-based; 0 where the file has none, then the first of its lines that any location names. */
  line: number;
  readonly startLine: number;
  column: number;
}

/** Frames of each location, the innermost of inlined ones first: `frames[starts[l]]` up to `frames[starts[l + 1]]`. */
export interface PprofLocations {
  /** Index of a location by its id; undefined for an id that no location has. */
  readonly find: (id: number | string) => number | undefined;
  readonly starts: Int32Array;
  readonly frames: Int32Array;
}

/** Functions, and places in them; the largest programs have some hundred thousand. */
const MOST_PLACES = 2 ** 21;

/** More inlined calls in one place than any compiler makes; see `readPprof` for what such a file would do. */
const MOST_INLINED = 1000;

/**
 * A frame is a function, not a line of it: a function without a start line gets the first of its lines that the profile
 * names, so that its calls do not fall apart into one method per line.
 */
export function readLocations(
  bytes: Uint8Array,
  index: PprofIndex,
  text: (index: number) => string,
  table: FrameTable,
  problems: string[],
): PprofLocations {
  for (const [{ length }, what] of [
    [index.functions, 'functions'],
    [index.locations, 'locations'],
  ] as const)
    if (length / 2 > MOST_PLACES) throw new LimitError(MOST_PLACES, what);
  const reader = new ProtoReader(bytes);
  const { functions, find: findFunction } = readFunctions(reader, index.functions, text, problems);

  const ids = new Map<number | string, number>();
  const starts = new GrowableInt32();
  const lines = new GrowableInt32();
  const line = new ProtoReader(bytes);
  let doubled = 0;
  let nameless = 0;
  for (let i = 0; i < index.locations.length; i += 2) {
    let id: number | string = 0;
    let address = 0;
    const first = lines.length;
    starts.push(first);
    reader.reset(index.locations[i], index.locations[i + 1]);
    while (reader.next()) {
      if (reader.end >= 0) {
        if (reader.field !== 4 || lines.length - first >= MOST_INLINED) continue;
        const found = readLine(line, reader.start, reader.end, functions, findFunction);
        if (found === undefined) nameless++;
        else lines.push(found);
      } else if (reader.field === 1) id = reader.id;
      else if (reader.field === 3) address = reader.value;
    }
    if (lines.length === first) {
      // Code without symbols: its address is the only name that it has.
      lines.push(functions.length);
      functions.push({ name: addressName(address), file: '', line: 0, startLine: 0, column: 0 });
    }
    if (ids.has(id)) doubled++;
    else ids.set(id, starts.length - 1);
  }
  starts.push(lines.length);
  if (doubled) problems.push(`${doubled} locations have the id of another one; the first one counts.`);
  if (nameless) problems.push(`${nameless} lines name functions that the profile does not have.`);

  const frameOf = functions.map(({ name, file, line: own, column }) =>
    table.intern(foreignFrame(name, file, own, column)),
  );
  return { find: (id) => ids.get(id), starts: starts.view(), frames: lines.view().map((found) => frameOf[found]) };
}

function addressName(address: number): string {
  return address > 0 ? `0x${address.toString(16)}` : '(unknown)';
}

function readFunctions(
  reader: ProtoReader,
  ranges: Int32Array,
  text: (index: number) => string,
  problems: string[],
): { functions: PprofFunction[]; find: (id: number | string) => number | undefined } {
  const ids = new Map<number | string, number>();
  const functions: PprofFunction[] = [];
  let doubled = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    let id: number | string = 0;
    let name = 0;
    let systemName = 0;
    let file = 0;
    let startLine = 0;
    reader.reset(ranges[i], ranges[i + 1]);
    while (reader.next()) {
      if (reader.end >= 0) continue;
      if (reader.field === 1) id = reader.id;
      else if (reader.field === 2) name = reader.value;
      else if (reader.field === 3) systemName = reader.value;
      else if (reader.field === 4) file = reader.value;
      else if (reader.field === 5) startLine = Math.max(0, reader.value);
    }
    if (ids.has(id)) doubled++;
    else ids.set(id, functions.length);
    functions.push({ name: text(name) || text(systemName), file: text(file), line: startLine, startLine, column: 0 });
  }
  if (doubled) problems.push(`${doubled} functions have the id of another one; the first one counts.`);
  return { functions, find: (id) => ids.get(id) };
}

/** Index of the line's function, which learns its first line and its column; undefined for an unknown function. */
function readLine(
  reader: ProtoReader,
  start: number,
  end: number,
  functions: readonly PprofFunction[],
  find: (id: number | string) => number | undefined,
): number | undefined {
  let id: number | string = 0;
  let number = 0;
  let column = 0;
  reader.reset(start, end);
  while (reader.next()) {
    if (reader.end >= 0) continue;
    if (reader.field === 1) id = reader.id;
    else if (reader.field === 2) number = reader.value;
    else if (reader.field === 3) column = reader.value;
  }
  const index = find(id);
  if (index === undefined) return undefined;
  const own = functions[index];
  if (number > 0 && own.startLine === 0 && (own.line === 0 || number < own.line)) {
    own.line = number;
    own.column = column;
  } else if (number > 0 && number === own.line && own.column === 0) own.column = column;
  return index;
}
