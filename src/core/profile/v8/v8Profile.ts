import type { V8CallFrame } from '../frame';

/** The shapes that V8 and the Chrome DevTools Protocol use; see https://chromedevtools.github.io/devtools-protocol/v8/ */

/** `line` is 1-based (V8 counts tick lines so, unlike call frames). */
export interface V8PositionTick {
  line: number;
  ticks: number;
}

export interface V8CpuNode {
  id: number;
  callFrame: V8CallFrame;
  hitCount?: number;
  children?: number[];
  parent?: number;
  positionTicks?: V8PositionTick[];
}

/** Times in µs of a monotonic clock of the target. */
export interface V8CpuProfile {
  nodes: V8CpuNode[];
  startTime: number;
  endTime: number;
  samples?: number[];
  timeDeltas?: number[];
}

export interface V8HeapNode {
  callFrame: V8CallFrame;
  /** Bytes. */
  selfSize: number;
  id: number;
  children: V8HeapNode[];
}

export interface V8HeapSample {
  /** Bytes. */
  size: number;
  nodeId: number;
  ordinal: number;
}

export interface V8HeapProfile {
  head: V8HeapNode;
  samples?: V8HeapSample[];
}

/** All bytes of a heap profile; what is no number of bytes is none. */
export function profiledBytes(profile: V8HeapProfile): number {
  let bytes = 0;
  const stack: (Partial<V8HeapNode> | null | undefined)[] = [profile.head];
  while (stack.length) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { selfSize, children } = node;
    if (typeof selfSize === 'number' && selfSize > 0) bytes += selfSize;
    if (Array.isArray(children)) for (const child of children) stack.push(child);
  }
  return bytes;
}
