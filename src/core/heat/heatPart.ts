import type { CallTree } from '../profile/tree/callTree';
import { frameCategory, type Frame, type FrameCategory } from '../profile/frame';
import type { MethodResolver, UnmappedReason } from './methodResolver';
import { createRuntimeSums, type RuntimeSums } from './runtimeSums';

/** Sums of one method on one isolate: µs, samples, bytes. */
export interface MethodSums {
  selfUs: number;
  totalUs: number;
  selfSamples: number;
  totalSamples: number;
  /** µs that the thread waited within it: in its own code and in builtins that it called, and in anything below it. */
  waitingUs: number;
  totalWaitingUs: number;
  /** µs² that the division of inlined code adds to the uncertainty of `selfUs`. */
  selfVariance: number;
  /** µs that may or may not be the method's: nobody saw whose they are. */
  doubtfulUs: number;
  liveBytes: number;
  totalLiveBytes: number;
  allocatedBytes: number;
  totalAllocatedBytes: number;
  /** Live and allocated bytes that stand where V8 charges them, which may be a caller. */
  untaughtBytes: number;
  /** µs by original line, 0-based. */
  readonly lines: Map<number, number>;
}

export interface UnmappedSums {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly reason: UnmappedReason;
  readonly detail?: string;
  selfUs: number;
  waitingUs: number;
  liveBytes: number;
  allocatedBytes: number;
}

/** Heat of one isolate, before it is merged with others and turned into shares. */
export interface HeatPart {
  readonly resolver: MethodResolver;
  readonly methods: Map<number, MethodSums>;
  readonly unmapped: Map<number, UnmappedSums>;
  /** µs under caller and callee; `edgeKey`. */
  readonly edges: Map<number, number>;
  readonly us: { sampled: number; idle: number; gc: number; native: number; node: number; unmapped: number };
  /** Functions of Node's own and of native code: what `us.node` and `us.native` are made of. */
  readonly runtime: RuntimeSums;
  /** µs that the thread waited inside a call; not in `us`. Undefined where nobody could tell. */
  waitingUs: number | undefined;
  samples: number;
  liveBytes: number;
  allocatedBytes: number;
  /** What V8 inlined was seen by interrupt samples. */
  isCalibrated: boolean;
  /** There was somebody to divide bytes among inlined methods. */
  readonly bytesTaught: boolean;
}

export function emptyPart(resolver: MethodResolver, bytesTaught: boolean): HeatPart {
  return {
    resolver,
    methods: new Map(),
    unmapped: new Map(),
    edges: new Map(),
    us: { sampled: 0, idle: 0, gc: 0, native: 0, node: 0, unmapped: 0 },
    runtime: createRuntimeSums(),
    waitingUs: undefined,
    samples: 0,
    liveBytes: 0,
    allocatedBytes: 0,
    isCalibrated: false,
    bytesTaught,
  };
}

/** Method of each node, -1 where it has none, and each node's category. */
export interface ClassifiedNodes {
  readonly nodeMethod: Int32Array;
  readonly category: readonly FrameCategory[];
}

export function classify({ resolver }: HeatPart, tree: CallTree): ClassifiedNodes {
  const { frames } = tree.table;
  const frameMethod = new Int32Array(frames.length).fill(-2);
  const frameKind = frames.map(frameCategory);
  const nodeMethod = new Int32Array(tree.nodeCount).fill(-1);
  const category: FrameCategory[] = [];
  tree.frames.forEach((frame, node) => {
    category.push(frameKind[frame]);
    if (frameKind[frame] !== 'source') return;
    if (frameMethod[frame] === -2) {
      const resolution = resolver.resolveFrame(frames[frame]);
      frameMethod[frame] = 'method' in resolution ? resolution.method : -1;
    }
    nodeMethod[node] = frameMethod[frame];
  });
  return { nodeMethod, category };
}

export function sumsOf({ methods }: HeatPart, method: number): MethodSums {
  let sums = methods.get(method);
  if (!sums) {
    sums = {
      selfUs: 0,
      totalUs: 0,
      selfSamples: 0,
      totalSamples: 0,
      waitingUs: 0,
      totalWaitingUs: 0,
      selfVariance: 0,
      doubtfulUs: 0,
      liveBytes: 0,
      totalLiveBytes: 0,
      allocatedBytes: 0,
      totalAllocatedBytes: 0,
      untaughtBytes: 0,
      lines: new Map(),
    };
    methods.set(method, sums);
  }
  return sums;
}

/** `key` tells frames of several trees apart. */
export function unmappedOf({ resolver, unmapped }: HeatPart, tree: CallTree, frame: number, key = frame): UnmappedSums {
  let sums = unmapped.get(key);
  if (!sums) {
    const { functionName, url, line } = tree.table.frames[frame];
    const { reason, detail } = whyUnmapped(resolver, tree.table.frames[frame]);
    const name = functionName || '(anonymous)';
    sums = { name, url, line, reason, detail, selfUs: 0, waitingUs: 0, liveBytes: 0, allocatedBytes: 0 };
    unmapped.set(key, sums);
  }
  return sums;
}

function whyUnmapped(resolver: MethodResolver, frame: Frame): Pick<UnmappedSums, 'reason' | 'detail'> {
  if (frameCategory(frame) === 'wasm') return { reason: 'webassembly' };
  const resolution = resolver.resolveFrame(frame);
  return 'reason' in resolution ? resolution : { reason: 'no-method' };
}

export function addTo(map: Map<number, number>, key: number, amount: number): void {
  map.set(key, (map.get(key) ?? 0) + amount);
}
