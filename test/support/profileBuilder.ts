import type { V8CallFrame } from '../../src/core/profile/frame';
import type { V8CpuNode, V8CpuProfile, V8HeapNode, V8HeapProfile } from '../../src/core/profile/v8/v8Profile';

/** V8 profiles by hand: a stack is written `main@/app/a.js:0 > hot@/app/a.js:5`, lines 0-based; V8's own frames are bare names. */

export interface StackSample {
  readonly stack: string;
  /** µs from this sample to the next one. */
  readonly us: number;
  /** 0-based line that a position tick is noted on. */
  readonly line?: number;
}

export function callFrame(text: string): V8CallFrame {
  const match = /^(.*)@(.*):(\d+)$/s.exec(text);
  if (!match) return { functionName: text, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  return { functionName: match[1], scriptId: '7', url: match[2], lineNumber: Number(match[3]), columnNumber: 0 };
}

export function cpuProfile(samples: readonly StackSample[], startTime = 1_000): Required<V8CpuProfile> {
  const nodes: V8CpuNode[] = [{ id: 1, callFrame: callFrame('(root)'), hitCount: 0, children: [] }];
  const byPlace = new Map<string, V8CpuNode>();
  const nodeOf = (stack: string): V8CpuNode => {
    let parent = nodes[0];
    for (const text of frames(stack)) {
      const place = `${parent.id} ${text}`;
      let node = byPlace.get(place);
      if (!node) {
        node = { id: nodes.length + 1, callFrame: callFrame(text), hitCount: 0, children: [], positionTicks: [] };
        nodes.push(node);
        byPlace.set(place, node);
        parent.children!.push(node.id);
      }
      parent = node;
    }
    return parent;
  };
  const ids = samples.map(({ stack, line }) => {
    const node = nodeOf(stack);
    node.hitCount!++;
    if (line !== undefined) {
      const tick = node.positionTicks!.find((each) => each.line === line + 1);
      if (tick) tick.ticks++;
      else node.positionTicks!.push({ line: line + 1, ticks: 1 });
    }
    return node.id;
  });
  return {
    nodes,
    startTime,
    endTime: startTime + samples.reduce((sum, { us }) => sum + us, 0),
    samples: ids,
    timeDeltas: samples.map((_, i) => (i ? samples[i - 1].us : 0)),
  };
}

/** Bytes by stack. */
export function heapProfile(bytes: Readonly<Record<string, number>>): V8HeapProfile {
  let id = 1;
  const head: V8HeapNode = { id, callFrame: callFrame('(root)'), selfSize: 0, children: [] };
  for (const [stack, size] of Object.entries(bytes)) {
    let node = head;
    for (const text of frames(stack)) {
      const frame = callFrame(text);
      let child = node.children.find(({ callFrame: other }) => JSON.stringify(other) === JSON.stringify(frame));
      if (!child) node.children.push((child = { id: ++id, callFrame: frame, selfSize: 0, children: [] }));
      node = child;
    }
    node.selfSize += size;
  }
  return { head, samples: [] };
}

function frames(stack: string): string[] {
  return stack ? stack.split(' > ') : [];
}
