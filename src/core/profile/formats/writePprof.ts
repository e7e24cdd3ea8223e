import type { MeasureColumn, ProfileColumns } from '../profileColumns';
import { treeOrder } from '../tree/treeOrder';
import { exportTooLarge } from './formatErrors';
import { writtenName } from './frameText';
import { ProtoWriter } from './protobuf';

/** A location id takes two to four bytes; more of them than this would exceed the 2 GB that readers accept. */
const MOST_LOCATION_IDS = 500_000_000;

/** A pprof profile, not compressed, with a sample type per measure and a sample per stack that has a value. */
export function writePprof(columns: ProfileColumns): Uint8Array {
  const { frames, measures, timeline } = columns;
  const file = new ProtoWriter();
  const part = new ProtoWriter();
  const inner = new ProtoWriter();
  const strings = new Map<string, number>([['', 0]]);
  const text = (value: string): number => {
    let index = strings.get(value);
    if (index === undefined) strings.set(value, (index = strings.size));
    return index;
  };

  for (const measure of measures) {
    const { type, unit } = sampleType(measure);
    part.clear();
    part.number(1, text(type));
    part.number(2, text(unit));
    file.message(1, part);
  }
  writeSamples(columns, file);
  frames.forEach((frame, index) => {
    const line = frame.line >= 0 ? frame.line + 1 : 0;
    inner.clear();
    inner.number(1, index + 1);
    inner.number(2, line);
    // Field 3 of a line is younger than most readers, which pass over it.
    inner.number(3, frame.column >= 0 ? frame.column + 1 : 0);
    part.clear();
    part.number(1, index + 1);
    part.message(4, inner);
    file.message(4, part);
    part.clear();
    part.number(1, index + 1);
    part.number(2, text(writtenName(frame)));
    part.number(3, text(writtenName(frame)));
    part.number(4, text(frame.url));
    part.number(5, line);
    file.message(5, part);
  });
  if (timeline?.startsUs.length) file.number(10, whole((timeline.endUs - timeline.startsUs[0]) * 1000));
  file.number(14, text(sampleType(measures[0]).type));
  // Last, because everything before adds to them; readers take them in any place.
  for (const value of strings.keys()) file.text(6, value);
  return file.view().slice();
}

function writeSamples({ title, parents, nodeFrames, measures }: ProfileColumns, file: ProtoWriter): void {
  const { depths } = treeOrder(parents);
  const isCharged = (node: number): boolean => measures.some(({ self }) => self[node] > 0);
  let ids = 0;
  for (let node = 0; node < parents.length; node++) if (isCharged(node)) ids += depths[node];
  if (ids > MOST_LOCATION_IDS) throw exportTooLarge(title, 'pprof');

  const part = new ProtoWriter();
  const inner = new ProtoWriter();
  for (let node = 0; node < parents.length; node++) {
    if (!isCharged(node)) continue;
    part.clear();
    inner.clear();
    for (let up = node; up > 0; up = parents[up]) inner.packed(nodeFrames[up] + 1);
    part.message(1, inner);
    inner.clear();
    for (const { self, unit } of measures) inner.packed(whole(unit === 'µs' ? self[node] * 1000 : self[node]));
    part.message(2, inner);
    file.message(2, part);
  }
}

function sampleType({ kind, label, unit }: MeasureColumn): { type: string; unit: string } {
  const unitName = unit === 'µs' ? 'nanoseconds' : unit;
  switch (kind) {
    case 'cpu':
      return { type: 'cpu', unit: unitName };
    case 'allocated':
      return { type: 'alloc_space', unit: unitName };
    case 'live':
      return { type: 'inuse_space', unit: unitName };
    case 'other':
      return { type: label, unit: unitName };
  }
}

function whole(value: number): number {
  return Math.min(Math.round(value), Number.MAX_SAFE_INTEGER);
}
