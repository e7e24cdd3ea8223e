import assert from 'node:assert/strict';
import type { V8CallFrame } from '../../src/core/profile/frame';
import type { V8CpuProfile, V8HeapNode, V8HeapProfile } from '../../src/core/profile/v8/v8Profile';

/** Throws unless the value is what the Chrome DevTools Protocol calls a `Profiler.Profile`, consistent in itself. */
export function assertCpuProfile(profile: V8CpuProfile): void {
  const ids = new Set<number>();
  for (const node of profile.nodes) {
    assert.ok(Number.isInteger(node.id) && node.id > 0 && !ids.has(node.id), `node id ${node.id}`);
    ids.add(node.id);
    assertCallFrame(node.callFrame);
    assert.ok(Number.isInteger(node.hitCount) && node.hitCount! >= 0, `hitCount ${node.hitCount}`);
    for (const { line, ticks } of node.positionTicks ?? [])
      assert.ok(Number.isInteger(line) && line >= 1 && Number.isInteger(ticks) && ticks >= 1);
  }
  const children = profile.nodes.flatMap((node) => node.children ?? []);
  assert.equal(new Set(children).size, children.length, 'every node has one parent');
  assert.deepEqual(
    [...ids].filter((id) => !children.includes(id)),
    [profile.nodes[0].id],
    'all but the first node have a parent',
  );
  assert.equal(profile.nodes[0].callFrame.functionName, '(root)');
  assert.ok(children.every((id) => ids.has(id)));
  assert.ok(
    Number.isFinite(profile.startTime) && Number.isFinite(profile.endTime) && profile.startTime <= profile.endTime,
  );
  assert.equal(profile.samples!.length, profile.timeDeltas!.length);
  assert.ok(profile.samples!.every((id) => ids.has(id)));
  assert.ok(profile.timeDeltas!.every((delta) => Number.isInteger(delta)));
}

/** Throws unless the value is a `HeapProfiler.SamplingHeapProfile`. */
export function assertHeapProfile(profile: V8HeapProfile): void {
  const ids = new Set<number>();
  const stack: V8HeapNode[] = [profile.head];
  assert.equal(profile.head.callFrame.functionName, '(root)');
  for (let node = stack.pop(); node; node = stack.pop()) {
    assert.ok(Number.isInteger(node.id) && !ids.has(node.id), `node id ${node.id}`);
    ids.add(node.id);
    assertCallFrame(node.callFrame);
    assert.ok(Number.isInteger(node.selfSize) && node.selfSize >= 0, `selfSize ${node.selfSize}`);
    stack.push(...node.children);
  }
  for (const { size, nodeId, ordinal } of profile.samples!) {
    assert.ok(Number.isInteger(size) && size >= 0 && ids.has(nodeId) && Number.isInteger(ordinal));
  }
}

function assertCallFrame({ functionName, scriptId, url, lineNumber, columnNumber }: V8CallFrame): void {
  assert.deepEqual(
    [typeof functionName, typeof scriptId, typeof url, Number.isInteger(lineNumber), Number.isInteger(columnNumber)],
    ['string', 'string', 'string', true, true],
  );
}
