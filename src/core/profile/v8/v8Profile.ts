/** The shapes that V8 and the Chrome DevTools Protocol use; see https://chromedevtools.github.io/devtools-protocol/v8/ */

/** `lineNumber` and `columnNumber` are 0-based, -1 where V8 knows none. */
export interface RawCallFrame {
  functionName: string;
  scriptId: string | number;
  url: string;
  lineNumber: number;
  columnNumber: number;
}

/** `line` is 1-based (V8 counts tick lines so, unlike call frames). */
export interface RawPositionTick {
  line: number;
  ticks: number;
}

export interface RawCpuNode {
  id: number;
  callFrame: RawCallFrame;
  hitCount?: number;
  children?: number[];
  parent?: number;
  positionTicks?: RawPositionTick[];
}

/** Times in µs of a monotonic clock of the target. */
export interface RawCpuProfile {
  nodes: RawCpuNode[];
  startTime: number;
  endTime: number;
  samples?: number[];
  timeDeltas?: number[];
}

export interface RawHeapNode {
  callFrame: RawCallFrame;
  /** Bytes. */
  selfSize: number;
  id: number;
  children: RawHeapNode[];
}

export interface RawHeapSample {
  /** Bytes. */
  size: number;
  nodeId: number;
  ordinal: number;
}

export interface RawHeapProfile {
  head: RawHeapNode;
  samples?: RawHeapSample[];
}
