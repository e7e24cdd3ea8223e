import type { CallTree } from '../profile/tree/callTree';
import { forEachTick, type CpuSlice } from './cpuSlice';
import type { Frame } from '../profile/frame';
import type { HeapSlice } from './heapSlice';
import type { RawCallFrame, RawCpuNode, RawCpuProfile, RawHeapNode, RawHeapProfile } from '../profile/v8/v8Profile';
import type { SampleLog } from './sampleLog';

/** A V8 CPU profile of everything measured, as Chrome DevTools and VS Code open it. */
export function toCpuProfile(tree: CallTree, slice: CpuSlice, samples: SampleLog): RawCpuProfile {
  const { parents, frames } = tree;
  const nodes: RawCpuNode[] = Array.from(frames, (frame, node) => ({
    id: node + 1,
    callFrame: callFrame(tree.table.frames[frame]),
    hitCount: Math.round(slice.hits.get(node) ?? 0),
    children: [],
    positionTicks: [],
  }));
  for (let node = 1; node < nodes.length; node++) nodes[parents[node]].children!.push(node + 1);
  forEachTick(slice, (node, line, ticks) =>
    nodes[node].positionTicks!.push({ line: line + 1, ticks: Math.max(1, Math.round(ticks)) }),
  );

  const times = samples.timestampsUs;
  const startTime = times.length ? times[0] : 0;
  return {
    nodes,
    startTime,
    endTime: Math.max(Number.isFinite(slice.endUs) ? slice.endUs : 0, times.length ? times[times.length - 1] : 0),
    samples: Array.from(samples.sampleNodes, (node) => node + 1),
    timeDeltas: Array.from(times, (time, i) => Math.round(i ? time - times[i - 1] : 0)),
  };
}

/** A V8 sampling heap profile; branches without bytes are left out. */
export function toHeapProfile(tree: CallTree, slice: HeapSlice): RawHeapProfile {
  const { parents, frames } = tree;
  // Branches without a byte in them belong to other windows of the same tree.
  const used = new Uint8Array(tree.nodeCount);
  for (const node of slice.keys()) for (let up = node; up >= 0 && !used[up]; up = parents[up]) used[up] = 1;
  used[0] = 1;
  const nodes: (RawHeapNode | undefined)[] = Array.from(frames, (frame, node) =>
    used[node]
      ? {
          id: node + 1,
          callFrame: callFrame(tree.table.frames[frame]),
          selfSize: Math.round(slice.get(node) ?? 0),
          children: [],
        }
      : undefined,
  );
  for (let node = 1; node < nodes.length; node++) {
    const child = nodes[node];
    if (child) nodes[parents[node]]!.children.push(child);
  }
  return {
    head: nodes[0]!,
    samples: [...slice].map(([node, size], ordinal) => ({
      size: Math.round(size),
      nodeId: node + 1,
      ordinal: ordinal + 1,
    })),
  };
}

/** A frame in V8's own shape. */
export function callFrame({ functionName, url, line, column, scriptId }: Frame): RawCallFrame {
  return { functionName, scriptId: scriptId || '0', url, lineNumber: line, columnNumber: column };
}
