import { enlarged } from '../../collections/growable';
import { isRootFrame } from '../frame';
import { FrameTable } from '../frameTable';
import type { MeasureColumn, MeasureKind, ProfileColumns } from '../profileColumns';
import { NodeSums, TreeBuilder } from '../tree/treeBuilder';
import { nothingUsable } from './formatErrors';
import { indexPprof, pprofStrings, readLocations, readValueType, type PprofIndex } from './pprofTables';
import { ProtoReader } from './protobuf';
import { amount, unitScale, type UnitScale } from './units';

/** One of the values that each sample has. */
interface SampleType {
  readonly type: string;
  readonly unit: string;
  readonly measure: Omit<MeasureColumn, 'self'>;
  readonly scale: UnitScale;
}

/**
 * Reads a pprof profile, uncompressed. Each sample type is a measure, the file's default one first. Throws a HeatlensError
 * when the bytes are no pprof profile at all; all else that is wrong is in `problems`.
 */
export function readPprof(bytes: Uint8Array, title: string): ProfileColumns {
  if (bytes.length >= 2 ** 31)
    throw nothingUsable(title, 'pprof', 'it has more than 2 GB, which no tool that writes pprof reaches');
  const index = indexPprof(bytes);
  if (!index.sampleTypes.length || (!index.samples.length && index.broken)) {
    throw nothingUsable(
      title,
      'pprof',
      index.broken ? 'it breaks off or is of another format' : 'it names no values that its samples would have',
    );
  }
  const problems: string[] = [];
  if (index.broken) problems.push('The file breaks off or is damaged; what stands before that place was read.');
  const text = pprofStrings(bytes, index.strings);
  const types = sampleTypes(bytes, index, text);
  const table = new FrameTable();
  const tree = new TreeBuilder(table.intern({ functionName: '(root)' }));
  const sums = sumSamples(bytes, index, types, table, tree, text, problems);

  const { parents, nodeFrames } = tree.columns();
  const measures = types.map(({ measure }, i): MeasureColumn => ({ ...measure, self: sums[i].column(parents.length) }));
  const first = defaultType(types, text(index.defaultType));
  return {
    title,
    frames: table.frames,
    parents,
    nodeFrames,
    measures: [measures[first], ...measures.filter((_, i) => i !== first)],
    problems,
  };
}

function sampleTypes(bytes: Uint8Array, index: PprofIndex, text: (index: number) => string): SampleType[] {
  const reader = new ProtoReader(bytes);
  const types: SampleType[] = [];
  for (let i = 0; i < index.sampleTypes.length; i += 2) {
    const { type, unit } = readValueType(reader, index.sampleTypes[i], index.sampleTypes[i + 1]);
    types.push(sampleType(text(type), text(unit)));
  }
  // Old profilers count samples only, and say once how much time each one stands for.
  if (index.periodType.length && index.period > 0 && !types.some(({ scale }) => scale.unit === 'µs')) {
    const period = readValueType(reader, index.periodType[0], index.periodType[1]);
    const scale = unitScale(text(period.unit));
    const counted = types.findIndex(({ type }) => /^(samples?|cpu)$/.test(type));
    if (scale.unit === 'µs' && counted >= 0) {
      const { type, unit } = types[counted];
      types[counted] = {
        type,
        unit,
        measure: { kind: 'cpu', label: 'CPU time', unit: 'µs' },
        scale: { ...scale, times: scale.times * index.period },
      };
    }
  }
  return types;
}

/** Kinds of the sample types that Go, pprof-nodejs and jemalloc write; any other one keeps its name as label. */
const kinds = new Map<string, { kind: MeasureKind; label: string; unit: MeasureColumn['unit'] }>([
  ['cpu', { kind: 'cpu', label: 'CPU time', unit: 'µs' }],
  ['alloc_space', { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' }],
  ['inuse_space', { kind: 'live', label: 'Live bytes', unit: 'bytes' }],
  // V8's sampling heap profiler as pprof-nodejs writes it: what was not collected yet.
  ['space', { kind: 'live', label: 'Live bytes', unit: 'bytes' }],
]);

function sampleType(type: string, unit: string): SampleType {
  const scale = unitScale(unit);
  const known = kinds.get(type);
  const measure =
    known?.unit === scale.unit ? known : { kind: 'other' as const, label: type || unit || 'Value', unit: scale.unit };
  return { type, unit, measure, scale };
}

/** The type that the file names; without one the last, as Go's pprof has it. */
function defaultType(types: readonly SampleType[], name: string): number {
  const named = name ? types.findIndex(({ type }) => type === name) : -1;
  return named >= 0 ? named : types.length - 1;
}

/**
 * A place with a thousand inlined calls, named a million times in one sample, is a file of a few MB and a tree of a billion
 * nodes. A profile that somebody recorded stays far below this many frames per byte.
 */
const FRAMES_PER_BYTE = 4;
const FRAMES_ALWAYS = 1_000_000;
const MOST_FRAMES_OF_SAMPLES = 200_000_000;

function sumSamples(
  bytes: Uint8Array,
  index: PprofIndex,
  types: readonly SampleType[],
  table: FrameTable,
  tree: TreeBuilder,
  text: (index: number) => string,
  problems: string[],
): NodeSums[] {
  const { find, starts, frames } = readLocations(bytes, index, text, table, problems);
  const isRoot = Uint8Array.from(table.frames, (frame) => Number(isRootFrame(frame)));
  const sums = types.map(() => new NodeSums());
  const sample = new ProtoReader(bytes);
  const packed = new ProtoReader(bytes);
  const values = new Float64Array(types.length);
  let stack = new Int32Array(256);
  let budget = Math.min(MOST_FRAMES_OF_SAMPLES, FRAMES_ALWAYS + FRAMES_PER_BYTE * bytes.length);
  const counts = { unknown: 0, unequal: 0, invalid: 0, broken: 0 };

  for (let i = 0; i < index.samples.length; i += 2) {
    let depth = 0;
    let valueCount = 0;
    let frameCount = 0;
    const take = (from: ProtoReader, field: number): void => {
      if (field === 2) {
        if (valueCount < values.length) values[valueCount] = from.value;
        valueCount++;
        return;
      }
      const location = find(from.id);
      if (location === undefined) {
        counts.unknown++;
        return;
      }
      if (depth === stack.length) stack = enlarged(stack, depth * 2);
      stack[depth++] = location;
      frameCount += starts[location + 1] - starts[location];
    };
    sample.reset(index.samples[i], index.samples[i + 1]);
    while (sample.next()) {
      if (sample.field !== 1 && sample.field !== 2) continue;
      if (sample.end < 0) take(sample, sample.field);
      else {
        packed.reset(sample.start, sample.end);
        while (packed.nextPacked()) take(packed, sample.field);
        if (packed.broken) counts.broken++;
      }
    }
    if (sample.broken) counts.broken++;
    if (valueCount !== values.length) counts.unequal++;
    budget -= frameCount;
    if (budget < 0) {
      problems.push(
        `Of ${index.samples.length / 2} samples only ${i / 2} were read: the others have more frames than the file has room for.`,
      );
      break;
    }

    // The leaf comes first, and in a location the innermost inlined call.
    let node = 0;
    for (let level = depth - 1; level >= 0; level--) {
      for (let at = starts[stack[level] + 1] - 1; at >= starts[stack[level]]; at--) {
        if (node > 0 || !isRoot[frames[at]]) node = tree.child(node, frames[at]);
      }
    }
    for (let type = 0; type < types.length && type < valueCount; type++) {
      const value = amount(values[type], types[type].scale);
      if (value === undefined) counts.invalid++;
      else if (value > 0) sums[type].add(node, value);
    }
  }
  describe(counts, index.samples.length / 2, problems);
  return sums;
}

function describe(
  counts: { unknown: number; unequal: number; invalid: number; broken: number },
  samples: number,
  problems: string[],
): void {
  if (!samples) problems.push('The profile has no samples.');
  if (counts.broken) problems.push(`${counts.broken} samples are damaged; what could be read of them counts.`);
  if (counts.unknown)
    problems.push(
      `${counts.unknown} frames of samples name locations that the profile does not have; they are left out.`,
    );
  if (counts.unequal) problems.push(`${counts.unequal} samples have more or fewer values than the profile names.`);
  if (counts.invalid)
    problems.push(`${counts.invalid} values are negative or too large to be measured; they count as 0.`);
}
