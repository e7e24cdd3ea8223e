import type { Frame } from './frame';
import type {
  CountedSamples,
  MeasureColumn,
  MeasureKind,
  PositionTicks,
  ProfileColumns,
  Timeline,
} from './profileColumns';

/** "HLPC" in the byte order of this machine: a buffer of a machine with the other order is foreign, and refused. */
const MAGIC = 0x43504c48;
const VERSION = 1;
/** Magic, version, bytes of the header, zero. */
const PREFIX_BYTES = 16;

const MEASURE_KINDS: readonly MeasureKind[] = ['cpu', 'allocated', 'live', 'other'];
const UNITS: readonly MeasureColumn['unit'][] = ['µs', 'bytes', 'count'];

/** What is no column. Each string stands once in `strings`; frames refer to it by index. */
interface Header {
  readonly title: string;
  readonly problems: readonly string[];
  readonly strings: readonly string[];
  readonly frames: number;
  readonly nodes: number;
  readonly measures: readonly Pick<MeasureColumn, 'kind' | 'label' | 'unit'>[];
  readonly timeline: { readonly measure: number; readonly samples: number; readonly endUs: number } | null;
  /** Entries; missing where the profile has none, as of most. */
  readonly ticks?: number;
  readonly counted?: Pick<CountedSamples, 'startUs' | 'perHitUs'>;
}

/**
 * One buffer that holds all of a profile and crosses threads without a copy. Numbers keep the width that they have in
 * `ProfileColumns`, so that decoding needs no copy either.
 */
export function encodeColumns(profile: ProfileColumns): ArrayBuffer {
  const strings: string[] = [];
  const indices = new Map<string, number>();
  const indexOf = (text: string): number => {
    let index = indices.get(text);
    if (index === undefined) {
      index = strings.length;
      strings.push(text);
      indices.set(text, index);
    }
    return index;
  };
  const { frames, timeline, measures, ticks, counted } = profile;
  const words = new Int32Array(frames.length * 3);
  const places = new Float64Array(frames.length * 2);
  for (let n = 0; n < frames.length; n++) {
    const frame = frames[n];
    words[n * 3] = indexOf(frame.functionName);
    words[n * 3 + 1] = indexOf(frame.url);
    words[n * 3 + 2] = indexOf(frame.scriptId);
    places[n * 2] = frame.line;
    places[n * 2 + 1] = frame.column;
  }
  const header: Header = {
    title: profile.title,
    problems: profile.problems,
    strings,
    frames: frames.length,
    nodes: profile.parents.length,
    measures: measures.map(({ kind, label, unit }) => ({ kind, label, unit })),
    timeline: timeline ? { measure: timeline.measure, samples: timeline.nodes.length, endUs: timeline.endUs } : null,
    ...(ticks && { ticks: ticks.nodes.length }),
    ...(counted && { counted: { startUs: counted.startUs, perHitUs: counted.perHitUs } }),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const data = new ArrayBuffer(PREFIX_BYTES + aligned(text.length) + bodyBytes(header));
  new Uint32Array(data, 0, 4).set([MAGIC, VERSION, text.length, 0]);
  new Uint8Array(data, PREFIX_BYTES, text.length).set(text);
  const next = sections(data, PREFIX_BYTES + aligned(text.length));
  next.int32(words.length).set(words);
  next.float64(places.length).set(places);
  next.int32(header.nodes).set(profile.parents);
  next.int32(header.nodes).set(profile.nodeFrames);
  for (const { self } of measures) next.float64(header.nodes).set(self);
  if (timeline) {
    next.int32(timeline.nodes.length).set(timeline.nodes);
    next.float64(timeline.nodes.length).set(timeline.startsUs);
  }
  if (ticks) {
    next.int32(ticks.nodes.length).set(ticks.nodes);
    next.int32(ticks.nodes.length).set(ticks.lines);
    next.float64(ticks.nodes.length).set(ticks.counts);
  }
  if (counted) next.float64(header.nodes).set(counted.hits);
  return data;
}

/** The profile in a buffer of `encodeColumns`; its columns are views of the buffer. Throws an Error where it is anything else. */
export function decodeColumns(data: ArrayBuffer): ProfileColumns {
  if (data.byteLength < PREFIX_BYTES) throw damaged('it is too short');
  const [magic, version, headerBytes] = new Uint32Array(data, 0, 4);
  if (magic !== MAGIC) throw damaged('it is something else');
  if (version !== VERSION) throw damaged(`it is of version ${version}`);
  const bodyStart = PREFIX_BYTES + aligned(headerBytes);
  if (bodyStart > data.byteLength) throw damaged('it breaks off');
  const header = readHeader(new Uint8Array(data, PREFIX_BYTES, headerBytes));
  if (data.byteLength !== bodyStart + bodyBytes(header)) throw damaged('its length is wrong');
  const next = sections(data, bodyStart);
  const words = next.int32(header.frames * 3);
  const places = next.float64(header.frames * 2);
  const profile: ProfileColumns = {
    title: header.title,
    problems: header.problems,
    frames: readFrames(header, words, places),
    parents: next.int32(header.nodes),
    nodeFrames: next.int32(header.nodes),
    measures: header.measures.map((measure) => ({ ...measure, self: next.float64(header.nodes) })),
    ...(header.timeline && { timeline: readTimeline(header.timeline, next) }),
    ...(header.ticks !== undefined && { ticks: readTicks(header.ticks, next) }),
    ...(header.counted && { counted: { ...header.counted, hits: next.float64(header.nodes) } }),
  };
  checkColumns(profile);
  return profile;
}

function readTimeline({ measure, samples, endUs }: NonNullable<Header['timeline']>, next: Sections): Timeline {
  return { measure, nodes: next.int32(samples), startsUs: next.float64(samples), endUs };
}

function readTicks(count: number, next: Sections): PositionTicks {
  return { nodes: next.int32(count), lines: next.int32(count), counts: next.float64(count) };
}

function readFrames({ strings, frames }: Header, words: Int32Array, places: Float64Array): Frame[] {
  const result = new Array<Frame>(frames);
  for (let n = 0; n < frames; n++) {
    const functionName = strings[words[n * 3]];
    const url = strings[words[n * 3 + 1]];
    const scriptId = strings[words[n * 3 + 2]];
    const line = places[n * 2];
    const column = places[n * 2 + 1];
    if (typeof functionName !== 'string' || typeof url !== 'string' || typeof scriptId !== 'string')
      throw damaged('a frame has no name');
    if (!Number.isFinite(line) || !Number.isFinite(column)) throw damaged('a frame has no place');
    result[n] = { functionName, url, line, column, scriptId };
  }
  return result;
}

function readHeader(bytes: Uint8Array): Header {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    ) as Partial<Header> | null;
  } catch {
    throw damaged('its header is broken');
  }
  const { title, problems, strings, frames, nodes, measures, timeline, ticks, counted } = header ?? {};
  const isText = (value: unknown): boolean => typeof value === 'string';
  const isMeasure = (value: Header['measures'][number] | null): boolean =>
    MEASURE_KINDS.includes(value?.kind as MeasureKind) &&
    UNITS.includes(value?.unit as MeasureColumn['unit']) &&
    isText(value?.label);
  const good =
    isText(title) &&
    isList(problems, isText) &&
    isList(strings, isText) &&
    isCount(frames) &&
    isCount(nodes) &&
    nodes! > 0 &&
    isList(measures, isMeasure) &&
    measures!.length > 0 &&
    (timeline === null ||
      (isCount(timeline?.samples) &&
        isCount(timeline?.measure) &&
        timeline!.measure < measures!.length &&
        Number.isFinite(timeline!.endUs))) &&
    (ticks === undefined || isCount(ticks)) &&
    (counted === undefined || (Number.isFinite(counted?.startUs) && Number.isFinite(counted?.perHitUs)));
  if (!good) throw damaged('its header is incomplete');
  return header as Header;
}

function isList<T>(value: readonly T[] | undefined, isItem: (item: T) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

/** Small enough that lengths in bytes stay exact. */
function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 40;
}

/** Views index these columns unchecked: one bad index would draw nonsense or run for ever. */
function checkColumns({ frames, parents, nodeFrames, measures, timeline, ticks, counted }: ProfileColumns): void {
  if (parents[0] !== -1) throw damaged('it has no root');
  const nodes = parents.length;
  let good = areParents(parents) && inBlocks(nodes, (from, to) => areIndices(nodeFrames, frames.length, from, to));
  for (const { self } of measures) good &&= inBlocks(nodes, (from, to) => areAmounts(self, from, to));
  if (timeline) {
    const { nodes: samples, startsUs, endUs } = timeline;
    good &&= inBlocks(
      samples.length,
      (from, to) => areIndices(samples, nodes, from, to) && areAscending(startsUs, from, to),
    );
    good &&= !samples.length || (startsUs[0] > -Infinity && startsUs[samples.length - 1] <= endUs);
  }
  if (ticks) {
    const { nodes: ticked, lines, counts } = ticks;
    good &&= inBlocks(
      ticked.length,
      (from, to) =>
        areIndices(ticked, nodes, from, to) && areIndices(lines, 2 ** 31 - 1, from, to) && areAmounts(counts, from, to),
    );
  }
  if (counted) good &&= inBlocks(nodes, (from, to) => areAmounts(counted.hits, from, to));
  if (!good) throw damaged('its numbers are impossible');
}

/** Block by block, because V8 makes a small function that is called often fast sooner than one that runs for long. */
function inBlocks(count: number, check: (from: number, to: number) => boolean): boolean {
  for (let from = 0; from < count; from += 8_192) if (!check(from, Math.min(count, from + 8_192))) return false;
  return true;
}

function areParents(parents: Int32Array): boolean {
  return inBlocks(parents.length, (from, to) => {
    // The sign of either difference tells that a number is out of bounds.
    let signs = 0;
    for (let node = Math.max(1, from); node < to; node++) signs |= parents[node] | (node - 1 - parents[node]);
    return signs >= 0;
  });
}

function areIndices(values: Int32Array, count: number, from: number, to: number): boolean {
  let signs = 0;
  for (let n = from; n < to; n++) signs |= values[n] | (count - 1 - values[n]);
  return signs >= 0;
}

function areAmounts(values: Float64Array, from: number, to: number): boolean {
  for (let n = from; n < to; n++) if (!(values[n] >= 0 && values[n] < Infinity)) return false;
  return true;
}

function areAscending(values: Float64Array, from: number, to: number): boolean {
  let last = from ? values[from - 1] : -Infinity;
  for (let n = from; n < to; n++) {
    const value = values[n];
    if (!(value >= last)) return false;
    last = value;
  }
  return true;
}

interface Sections {
  int32(length: number): Int32Array;
  float64(length: number): Float64Array;
}

/** Cuts the buffer into columns, each of which begins at a multiple of 8 bytes. */
function sections(data: ArrayBuffer, start: number): Sections {
  let at = start;
  const take = (bytes: number): number => {
    const from = at;
    at += aligned(bytes);
    return from;
  };
  return {
    int32: (length) => new Int32Array(data, take(length * 4), length),
    float64: (length) => new Float64Array(data, take(length * 8), length),
  };
}

function bodyBytes({ frames, nodes, measures, timeline, ticks = 0, counted }: Header): number {
  const samples = timeline ? timeline.samples : 0;
  return (
    aligned(frames * 12) +
    frames * 16 +
    2 * aligned(nodes * 4) +
    measures.length * nodes * 8 +
    aligned(samples * 4) +
    samples * 8 +
    2 * aligned(ticks * 4) +
    ticks * 8 +
    (counted ? nodes * 8 : 0)
  );
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

function damaged(why: string): Error {
  return new Error(`This is no profile in columns: ${why}.`);
}
