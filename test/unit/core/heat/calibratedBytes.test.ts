import assert from 'node:assert/strict';
import { calibrateBytes, type BytesTeacher, type SampledBytes } from '../../../../src/core/heat/calibratedBytes';
import { attributeHeat } from '../../../../src/core/heat/attributeHeat';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import { CallTree } from '../../../../src/core/profile/tree/callTree';
import { heatOfMethod, snapshotOf } from '../../../support/heatOf';
import { lineResolver } from '../../../support/lineResolver';
import { callFrame } from '../../../support/profileBuilder';

type Bytes = Readonly<Record<string, number>>;

interface Tree {
  readonly tree: CallTree;
  at(path: string): number;
  slice(bytes: Bytes): Map<number, number>;
}

/** Paths are written `main > hot`; each name is a function of /a.js. */
function newTree(): Tree {
  const tree = new CallTree(new FrameTable());
  const at = (path: string): number =>
    path
      .split(' > ')
      .reduce((node, name) => tree.place(node, tree.table.intern(callFrame(`${name}@/a.js:${LINES[name]}`))), 0);
  return { tree, at, slice: (bytes) => new Map(Object.entries(bytes).map(([path, size]) => [at(path), size])) };
}

const NAMES = ['main', 'other', 'small', 'large', 'price', 'keep', 'deep', 'rec'];
const LINES: Readonly<Record<string, number>> = Object.fromEntries(NAMES.map((name, n) => [name, n * 10]));
const SAMPLE_BYTES = 1;

function sampled(tree: Tree, bytes: Bytes, numbers: Bytes | undefined): SampledBytes {
  return { slice: tree.slice(bytes), numbers: numbers && tree.slice(numbers), sampleBytes: SAMPLE_BYTES };
}

interface Given {
  readonly ordinary: Bytes;
  readonly ordinaryNumbers?: Bytes;
  readonly live?: Bytes;
  readonly liveNumbers?: Bytes;
  readonly allocated?: Bytes;
  readonly allocatedNumbers?: Bytes;
}

function build(given: Given): {
  own: Tree;
  ordinary: SampledBytes & { tree: CallTree };
  teacher: BytesTeacher;
  taught: Tree;
} {
  const own = newTree();
  const taught = newTree();
  const ordinary = { tree: own.tree, ...sampled(own, given.ordinary, given.ordinaryNumbers) };
  const teacher: BytesTeacher = {
    tree: taught.tree,
    live: given.live && sampled(taught, given.live, given.liveNumbers),
    allocated: given.allocated && sampled(taught, given.allocated, given.allocatedNumbers),
  };
  return { own, ordinary, teacher, taught };
}

/** Bytes by the function at the end of each path, rounded; what nobody was told of is named with a question mark. */
function divided(given: Given, measure: 'live' | 'allocated' = 'allocated'): Record<string, number> {
  const { own, ordinary, teacher, taught } = build(given);
  const result = calibrateBytes(ordinary, teacher, measure);
  const sums: Record<string, number> = {};
  let total = 0;
  for (const [{ tree }, slice, mark] of [
    [taught, result.taught, ''],
    [own, result.rest, '?'],
  ] as const) {
    for (const [node, bytes] of slice) {
      const name = `${tree.table.frames[tree.frames[node]].functionName}${mark}`;
      sums[name] = (sums[name] ?? 0) + bytes;
      total += bytes;
    }
  }
  const supply = Object.values(given.ordinary).reduce((sum, bytes) => sum + bytes, 0);
  assert.ok(Math.abs(total - supply) < 1e-6 * supply, `${total} of ${supply}`);
  return Object.fromEntries(
    Object.entries(sums)
      .map(([name, bytes]) => [name, Math.round(bytes)] as const)
      .filter(([, bytes]) => bytes > 0),
  );
}

describe('calibrated bytes', () => {
  it('divide the bytes of a function among the methods inlined into it', () => {
    assert.deepEqual(
      divided({ ordinary: { main: 1_000 }, allocated: { main: 2_000, 'main > small': 2_000, 'main > large': 4_000 } }),
      { main: 250, small: 250, large: 500 },
    );
  });

  it('find members whatever is inlined between, and callees that are called from inlined ones', () => {
    assert.deepEqual(
      divided({
        ordinary: { main: 900, 'main > deep': 300 },
        allocated: { 'main > small > large': 600, 'main > small': 300, 'main > small > deep': 300 },
      }),
      { small: 300, large: 600, deep: 300 },
    );
  });

  it('leave a method that has a place of its own with what was sampled there', () => {
    assert.deepEqual(
      divided({
        ordinary: { main: 200, 'main > deep': 10_000 },
        // 10 % less than its share of the ordinary window: chance, or another mix of work.
        allocated: { 'main > small': 200, 'main > deep': 11_000 },
      }),
      { small: 200, deep: 10_000 },
    );
  });

  it('give a method that is inlined at some of its calls what it lacks', () => {
    const found = divided({
      ordinary: { main: 7_000, 'main > deep': 3_000 },
      allocated: { main: 5_000, 'main > deep': 5_000 },
    });
    assert.ok(Math.abs(found['deep'] - 5_000) < 500, JSON.stringify(found));
  });

  it('leave nothing with a function that allocates nothing, at whichever path its members are inlined', () => {
    assert.deepEqual(
      divided({
        ordinary: { 'main > other': 860, other: 140 },
        allocated: { 'main > other > small': 500, 'main > other > large': 500 },
      }),
      { small: 500, large: 500 },
    );
  });

  it('count a function that calls itself as one step, and know a function at another path', () => {
    assert.deepEqual(
      divided({
        ordinary: { 'main > rec > rec': 400 },
        allocated: { 'main > rec > rec > rec > small': 300, 'main > rec > rec > rec': 100 },
      }),
      { rec: 100, small: 300 },
    );
    assert.deepEqual(divided({ ordinary: { 'main > deep': 90 }, allocated: { 'other > deep > small': 10 } }), {
      small: 90,
    });
  });

  it('leave alone what the teacher never saw', () => {
    assert.deepEqual(divided({ ordinary: { main: 70, other: 30 }, allocated: { 'main > small': 5 } }), {
      small: 70,
      'other?': 30,
    });
    assert.deepEqual(divided({ ordinary: { main: 70 } }), { 'main?': 70 });
  });

  describe('numbers', () => {
    const boxes = { 'main > price': 100_000, 'main > small': 1_000, 'main > keep': 1_000 };

    it('that only calls without inlining box count as nothing', () => {
      const found = divided({
        ordinary: { main: 1_000 },
        ordinaryNumbers: {},
        allocated: { 'main > price': 100_000, 'main > small': 1_000 },
        allocatedNumbers: { 'main > price': 100_000 },
      });
      assert.deepEqual(found, { small: 1_000 });
    });

    it('count where the ordinary window has as many', () => {
      const found = divided({
        ordinary: { main: 2_000 },
        ordinaryNumbers: { main: 1_000 },
        allocated: { 'main > keep': 1_000, 'main > small': 1_000 },
        allocatedNumbers: { 'main > keep': 1_000 },
      });
      assert.deepEqual(found, { keep: 1_000, small: 1_000 });
    });

    it('among many boxes are of those whose numbers stay alive', () => {
      const found = divided({
        ordinary: { main: 2_000 },
        ordinaryNumbers: { main: 1_000 },
        allocated: boxes,
        allocatedNumbers: { 'main > price': 100_000, 'main > keep': 1_000 },
        live: { 'main > keep': 900 },
        liveNumbers: { 'main > keep': 900 },
      });
      assert.deepEqual(found, { keep: 1_000, small: 1_000 });
    });

    it('that nobody keeps stay with the function, where V8 charges them', () => {
      const found = divided({
        ordinary: { main: 2_000 },
        ordinaryNumbers: { main: 1_000 },
        allocated: boxes,
        allocatedNumbers: { 'main > price': 100_000, 'main > keep': 1_000 },
      });
      assert.deepEqual(found, { small: 1_000, 'main?': 1_000 });
    });
  });

  it('that live are divided as those that live in the window, and as the allocated ones where hardly any do', () => {
    const allocated = { 'main > small': 9_000, 'main > large': 1_000 };
    const found = divided({ ordinary: { main: 1_000 }, allocated, live: { 'main > large': 5_000 } }, 'live');
    assert.ok(found['large'] >= 999, JSON.stringify(found));
    assert.deepEqual(divided({ ordinary: { main: 1_000 }, allocated, live: {} }, 'live'), { small: 900, large: 100 });
  });

  it('become the heat of methods, with totals along the calls and an accuracy of their own', () => {
    const { ordinary, teacher } = build({
      ordinary: { main: 1_000, other: 50 },
      allocated: { main: 0, 'main > small': 300, 'main > small > large': 700 },
    });
    const resolver = lineResolver({
      '/a.js': NAMES.map((name) => ({ name, lines: [LINES[name], LINES[name] + 9] as const })),
    });
    const part = attributeHeat({ resolver, allocated: ordinary, bytesTeacher: teacher });
    const snapshot = snapshotOf([part]);
    const told = ['main', 'small', 'large', 'other'].map((name) => {
      const { allocatedBytes, totalAllocatedBytes, accuracy } = heatOfMethod(snapshot, name).memory;
      return [name, Math.round(allocatedBytes), Math.round(totalAllocatedBytes), accuracy];
    });
    assert.deepEqual(told, [
      ['main', 0, 1_000, 'calibrated'],
      ['small', 300, 1_000, 'calibrated'],
      ['large', 700, 700, 'calibrated'],
      ['other', 50, 50, 'approximate'],
    ]);
    assert.equal(snapshot.memory.accuracy, 'calibrated');
    assert.equal(snapshot.memory.allocatedBytes, 1_050);
  });
});
