import assert from 'node:assert/strict';
import { CallTree } from '../../../../../src/core/profile/tree/callTree';
import { FrameTable } from '../../../../../src/core/profile/frameTable';
import { createTreeUnion, type TreeUnion } from '../../../../../src/core/profile/tree/treeUnion';
import { callFrame } from '../../../../support/profileBuilder';

function grow(tree: CallTree, stack: string): number {
  return stack.split(' > ').reduce((node, text) => tree.place(node, tree.table.intern(callFrame(text))), 0);
}

/** The stack of a node, as `grow` takes it. */
function stackOf(union: TreeUnion, node: number): string {
  const { parents, nodeFrames } = union.columns();
  const names: string[] = [];
  for (let at = node; at > 0; at = parents[at]) names.push(union.frames[nodeFrames[at]].functionName);
  return names.reverse().join(' > ');
}

describe('a union of growing trees', () => {
  it('has each stack once, whichever trees have it', () => {
    const union = createTreeUnion();
    const [a, b] = [new CallTree(new FrameTable()), new CallTree(new FrameTable())];
    const inA = grow(a, 'main@/a.js:0 > hot@/a.js:5');
    grow(b, 'other@/b.js:1');
    const inB = grow(b, 'main@/a.js:0 > hot@/a.js:5');
    assert.equal(union.nodesOf(a)[inA], union.nodesOf(b)[inB]);
    assert.equal(union.nodeCount, 4);
    assert.equal(stackOf(union, union.nodesOf(b)[inB]), 'main > hot');
  });

  it('follows growth without moving a node, and brings in what is new only', () => {
    const union = createTreeUnion();
    const tree = new CallTree(new FrameTable());
    grow(tree, 'main@/a.js:0');
    const before = Array.from(union.nodesOf(tree));
    for (let i = 0; i < 1000; i++) grow(tree, `main@/a.js:0 > f${i}@/a.js:${i}`);
    const after = union.nodesOf(tree);
    assert.deepEqual(Array.from(after.subarray(0, before.length)), before);
    assert.equal(after.length, tree.nodeCount);
    assert.equal(union.nodeCount, tree.nodeCount);
    const { parents } = union.columns();
    for (let node = 1; node < parents.length; node++) assert.ok(parents[node] >= 0 && parents[node] < node);
  });

  it('is what merging the trees at once gives', () => {
    const union = createTreeUnion();
    const trees = [new CallTree(new FrameTable()), new CallTree(new FrameTable())];
    const stacks = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const stack = `main@/a.js:0 > f${i % 7}@/a.js:${i % 7} > g${i % 11}@/b.js:${i % 11}`;
      stacks.add(stack);
      grow(trees[i % 2], stack);
      union.nodesOf(trees[i % 2]);
    }
    assert.equal(union.nodeCount, 1 + 1 + 7 + stacks.size);
  });
});
