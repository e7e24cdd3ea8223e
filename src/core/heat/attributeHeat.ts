import { runningSlice } from '../measurement/runningSlice';
import { attributeBytes, type TreeBytes } from './attributeBytes';
import { attributeCpu } from './attributeCpu';
import { attributeWaiting } from './attributeWaiting';
import type { BytesTeacher } from './calibratedBytes';
import { emptyPart, type HeatPart } from './heatPart';
import type { MeasuredCpu } from './inlinedMoves';
import type { MethodResolver } from './methodResolver';

/** What was measured on one isolate, and who maps its frames. Frames must have been prepared by the resolver. */
export interface MeasuredTarget {
  readonly resolver: MethodResolver;
  readonly cpu?: MeasuredCpu;
  readonly live?: TreeBytes;
  readonly allocated?: TreeBytes;
  /** Divides the bytes of physical functions among the methods that V8 inlined into them. */
  readonly bytesTeacher?: BytesTeacher;
}

export function attributeHeat({ resolver, cpu, live, allocated, bytesTeacher }: MeasuredTarget): HeatPart {
  const part = emptyPart(resolver, bytesTeacher !== undefined);
  if (cpu) {
    attributeCpu(part, { ...cpu, slice: runningSlice(cpu.slice) });
    if (cpu.slice.waitingUs) attributeWaiting(part, cpu.tree, cpu.slice.waitingUs);
  }
  if (live) attributeBytes(part, live, bytesTeacher, 'live');
  if (allocated) attributeBytes(part, allocated, bytesTeacher, 'allocated');
  return part;
}
