import assert from 'node:assert/strict';
import { CallTree } from '../../../../src/core/profile/tree/callTree';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { addHeapProfile, addHeapSlice, type HeapSlice } from '../../../../src/core/measurement/heapSlice';
import { readV8Heap } from '../../../../src/core/profile/v8/readV8';
import { heapColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import type { V8HeapNode, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { callFrame, heapProfile } from '../../../support/profileBuilder';

function addTo(tree: CallTree, profile: V8HeapProfile): { slice: HeapSlice; problems: readonly string[] } {
  const columns = readV8Heap(heapColumnsOf(profile)!, '', 'live');
  return { slice: addHeapProfile(tree, columns), problems: columns.problems };
}

function bytesOf(profile: V8HeapProfile): {
  bytes: Record<string, number>;
  problems: readonly string[];
  tree: CallTree;
} {
  const tree = new CallTree(new FrameTable());
  const { slice, problems } = addTo(tree, profile);
  const bytes: Record<string, number> = {};
  for (const [node, size] of slice) bytes[tree.table.frames[tree.frames[node]].functionName] = size;
  return { bytes, problems, tree };
}

describe('heap profiles', () => {
  const main = 'main@/a.js:0';

  it('give each node its bytes', () => {
    const { bytes, problems, tree } = bytesOf(
      heapProfile({ [main]: 10, [`${main} > hot@/a.js:5`]: 300, '(V8 API)': 7 }),
    );
    assert.deepEqual(bytes, { main: 10, hot: 300, '(V8 API)': 7 });
    assert.deepEqual(problems, []);
    assert.equal(tree.nodeCount, 4);
  });

  it('are summed by place', () => {
    const tree = new CallTree(new FrameTable());
    const sum = new Map<number, number>();
    for (const size of [1, 2])
      addHeapSlice(sum, addTo(tree, heapProfile({ [main]: size, [`other${size}@/a.js:9`]: 5 })).slice);
    assert.deepEqual([...sum.values()].sort(), [3, 5, 5]);
  });

  it('skip sizes that are none', () => {
    const profile = heapProfile({ [main]: 10 });
    const sizes = [NaN, Infinity, 1e300, -4, '5', null, undefined];
    for (const [i, selfSize] of sizes.entries()) {
      profile.head.children.push({
        id: 50 + i,
        callFrame: callFrame(`f${i}@/a.js:1`),
        selfSize: selfSize as number,
        children: [],
      });
    }
    const { bytes, problems } = bytesOf(profile);
    assert.deepEqual(bytes, { main: 10 });
    assert.deepEqual(problems, [`${sizes.length} nodes have no valid size`]);
  });

  it('skip children that are no nodes, and nodes without children or frame', () => {
    const profile = heapProfile({ [main]: 10 });
    profile.head.children.push(
      null!,
      'node' as unknown as V8HeapNode,
      {} as V8HeapNode,
      { selfSize: 3, id: 9 } as V8HeapNode,
    );
    profile.head.children[0].children = 7 as unknown as V8HeapNode[];
    assert.deepEqual(bytesOf(profile).bytes, { main: 10, '': 3 });
  });

  it('survive a head that is missing, and a circle', () => {
    for (const head of [undefined, null, 'x', 4]) {
      assert.equal(heapColumnsOf({ head } as unknown as V8HeapProfile), undefined);
    }
    const profile = heapProfile({ [main]: 10 });
    profile.head.children[0].children.push(profile.head);
    assert.deepEqual(bytesOf(profile).bytes, { main: 10 });
  });

  it('carry stacks 10,000 deep', () => {
    const stack = Array.from({ length: 10_000 }, (_, i) => `f${i}@/a.js:${i}`).join(' > ');
    const { tree, bytes } = bytesOf(heapProfile({ [stack]: 100 }));
    assert.deepEqual([tree.nodeCount, bytes], [10_001, { f9999: 100 }]);
  });
});
