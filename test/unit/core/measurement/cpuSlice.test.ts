import assert from 'node:assert/strict';
import { CallTree, subtreeTotals } from '../../../../src/core/profile/tree/callTree';
import {
  addCpuProfile,
  addSlice,
  emptySlice,
  forEachTick,
  type CpuSlice,
} from '../../../../src/core/measurement/cpuSlice';
import { readV8Cpu } from '../../../../src/core/profile/v8/readV8';
import { cpuColumnsOf } from '../../../../src/core/profile/v8/v8Columns';
import { FrameTable } from '../../../../src/core/profile/frameTable';
import type { V8CpuProfile } from '../../../../src/core/profile/v8/v8Profile';
import { SampleLog } from '../../../../src/core/measurement/sampleLog';
import { callFrame, cpuProfile } from '../../../support/profileBuilder';

function newTree(): CallTree {
  return new CallTree(new FrameTable());
}

/** µs by stack, written `a>b`. */
function byStack(tree: CallTree, values: ReadonlyMap<number, number>): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [node, value] of values) {
    const names: string[] = [];
    for (let up = node; up > 0; up = tree.parents[up]) names.unshift(tree.table.frames[tree.frames[up]].functionName);
    result[names.join('>')] = value;
  }
  return result;
}

function absorb(profile: V8CpuProfile): {
  self: Record<string, number>;
  slice: CpuSlice;
  problems: string[];
  tree: CallTree;
} {
  const tree = newTree();
  const columns = readV8Cpu(cpuColumnsOf(profile), '', true);
  const slice = addCpuProfile(tree, columns);
  const problems = [...columns.problems];
  return { self: byStack(tree, slice.selfUs), slice, problems, tree };
}

const main = 'main@/a.js:0';
const hot = 'hot@/a.js:5';

describe('CPU profiles', () => {
  it("give each sample the time to the next one, and the last one the time to the profile's end", () => {
    const { self, slice, problems } = absorb(
      cpuProfile([
        { stack: main, us: 100 },
        { stack: `${main} > ${hot}`, us: 300 },
        { stack: main, us: 50 },
      ]),
    );
    assert.deepEqual(self, { main: 150, 'main>hot': 300 });
    assert.deepEqual([slice.startUs, slice.endUs], [1_000, 1_450]);
    assert.deepEqual(problems, []);
  });

  it('leave the time before the first sample to nobody', () => {
    const profile = cpuProfile([{ stack: main, us: 100 }]);
    profile.timeDeltas[0] = 60;
    assert.deepEqual(absorb(profile).self, { main: 40 });
  });

  it('keep position ticks by 0-based line', () => {
    const { slice } = absorb(
      cpuProfile([
        { stack: main, us: 100, line: 3 },
        { stack: main, us: 100, line: 3 },
        { stack: main, us: 100, line: 8 },
      ]),
    );
    const ticks: number[][] = [];
    forEachTick(slice, (node, line, count) => ticks.push([node, line, count]));
    assert.deepEqual(ticks, [
      [1, 3, 2],
      [1, 8, 1],
    ]);
  });

  it('put samples that V8 took when it gave up optimised code, and did not count, on the lines of the others', () => {
    const profile = cpuProfile([
      { stack: main, us: 100, line: 3 },
      { stack: main, us: 100, line: 8 },
      { stack: main, us: 100 },
      { stack: main, us: 100 },
    ]);
    for (const node of profile.nodes) if (node.hitCount) node.hitCount = 2;
    const { slice } = absorb(profile);
    assert.deepEqual([...slice.ticks.values()], [2, 2]);
    assert.deepEqual([...slice.hits.values()], [4]);
  });

  it('put samples in order whose deltas are negative, and lose no time', () => {
    const profile = cpuProfile([main, hot, main, hot].map((stack) => ({ stack, us: 100 })));
    profile.timeDeltas = [0, 250, -150, 200];
    // Samples at 0 main, 250 hot, 100 main, 300 hot; the end is at 400.
    assert.deepEqual(absorb(profile).self, { main: 100 + 150, hot: 50 + 100 });
  });

  it('go on where deltas are missing or no numbers', () => {
    const profile = cpuProfile([main, hot, main].map((stack) => ({ stack, us: 100 })));
    profile.timeDeltas = [0, 100];
    const { self, problems } = absorb(profile);
    assert.equal(self['main'] + self['hot'], 300);
    assert.deepEqual(problems, ['1 samples have no time, or an impossible one']);
    profile.timeDeltas = [0, 'soon' as unknown as number, null as unknown as number];
    assert.deepEqual(absorb(profile).problems, ['2 samples have no time, or an impossible one']);
  });

  it('stay finite when times overflow', () => {
    const profile = cpuProfile([main, hot, main].map((stack) => ({ stack, us: 100 })));
    profile.startTime = 1.7e308;
    profile.timeDeltas = [1.7e308, 1.7e308, -1.7e308];
    const { self, slice } = absorb(profile);
    for (const value of [...Object.values(self), slice.startUs, slice.endUs])
      assert.ok(Number.isFinite(value), String(value));
  });

  it('share the time out by hit counts where there are no samples', () => {
    const profile: V8CpuProfile = cpuProfile([
      { stack: main, us: 100 },
      { stack: hot, us: 200 },
      { stack: hot, us: 300 },
    ]);
    delete profile.samples;
    delete profile.timeDeltas;
    assert.deepEqual(absorb(profile).self, { main: 200, hot: 400 });
    assert.deepEqual(absorb({ nodes: profile.nodes, startTime: NaN, endTime: NaN }).self, { main: 1_000, hot: 2_000 });
    profile.nodes[1].hitCount = -5;
    profile.nodes[2].hitCount = 'many' as unknown as number;
    assert.deepEqual(absorb(profile), { ...absorb(profile), self: {}, problems: ['the profile has no samples'] });
  });

  it('take parents by `parent`, by `children`, and in any order', () => {
    const profile = cpuProfile([{ stack: `${main} > ${hot}`, us: 100 }]);
    profile.nodes.reverse();
    assert.deepEqual(absorb(profile).self, { 'main>hot': 100 });
    for (const node of profile.nodes) {
      node.parent = profile.nodes.find(({ children }) => children!.includes(node.id))?.id;
    }
    for (const node of profile.nodes) delete node.children;
    assert.deepEqual(absorb(profile).self, { 'main>hot': 100 });
  });

  it('keep nodes whose parent is missing', () => {
    const profile = cpuProfile([{ stack: `${main} > ${hot}`, us: 100 }]);
    profile.nodes = profile.nodes.filter(({ callFrame: { functionName } }) => functionName !== 'main');
    assert.deepEqual(absorb(profile).self, { hot: 100 });
  });

  it('survive circles of nodes', () => {
    const profile = cpuProfile([
      { stack: `${main} > ${hot}`, us: 100 },
      { stack: main, us: 100 },
    ]);
    profile.nodes[2].children = [2];
    profile.nodes[0].children = [];
    profile.nodes.push({ id: 9, callFrame: callFrame('own'), children: [9] });
    const { self, problems } = absorb(profile);
    assert.equal(
      Object.values(self).reduce((a, b) => a + b),
      200,
    );
    assert.deepEqual(problems, ['2 circles of nodes are their own ancestors']);
  });

  it('count a node whose id occurs twice once', () => {
    const profile: V8CpuProfile = cpuProfile([
      { stack: main, us: 100, line: 2 },
      { stack: main, us: 100, line: 2 },
    ]);
    profile.nodes.push({ ...profile.nodes[1] });
    const { self, slice, problems } = absorb(profile);
    assert.deepEqual(self, { main: 200 });
    assert.deepEqual([...slice.ticks.values()], [2]);
    assert.deepEqual(problems, ['1 nodes have no id of their own']);
    delete profile.samples;
    assert.deepEqual(absorb(profile).self, { main: 200 });
  });

  it('skip what is no node, no frame, no sample and no tick', () => {
    const profile = cpuProfile([
      { stack: main, us: 100, line: 1 },
      { stack: hot, us: 100 },
    ]) as unknown as {
      nodes: unknown[];
      samples: unknown[];
      timeDeltas: number[];
      startTime: number;
      endTime: number;
    };
    profile.nodes.push(
      null,
      7,
      'node',
      [],
      {},
      { id: '3' },
      { id: 40, callFrame: null },
      { id: 41, callFrame: 'text', positionTicks: {} },
    );
    profile.nodes.push({
      id: 42,
      callFrame: { functionName: 4, url: [], lineNumber: '1', columnNumber: null, scriptId: { toString: 1 } },
    });
    profile.nodes.push({
      id: 43,
      callFrame: callFrame('x'),
      positionTicks: [null, 3, {}, { line: 0, ticks: 1 }, { line: 1.5, ticks: 1 }],
    });
    profile.samples.push(42, 43, 99, null, 'a');
    profile.timeDeltas.push(100, 0, 0, 0, 0);
    const { self, slice, problems } = absorb(profile as unknown as V8CpuProfile);
    assert.equal(self['main'], 100);
    assert.equal(slice.ticks.size, 1);
    assert.deepEqual(problems, [
      '6 nodes have no id of their own',
      '3 samples name nodes that the profile does not have',
    ]);
  });

  for (const nodes of [undefined, null, {}, 'x', []]) {
    it(`say that there is nothing in ${JSON.stringify(nodes)}`, () => {
      const { self, problems } = absorb({ nodes, startTime: 0, endTime: 1 } as unknown as V8CpuProfile);
      assert.deepEqual([self, problems], [{}, ['the profile has no nodes']]);
    });
  }

  it('take any name', () => {
    const names = [
      '',
      'a b',
      '(root)',
      '__proto__',
      'constructor',
      '\0',
      '\ud800',
      'ünï—✓',
      '<img onerror=1>',
      'x'.repeat(1_000),
      'a\nb',
    ];
    const profile = cpuProfile([]);
    names.forEach((functionName, i) => {
      profile.nodes[0].children!.push(i + 2);
      profile.nodes.push({ id: i + 2, callFrame: { ...callFrame('x@/a.js:1'), functionName } });
      profile.samples.push(i + 2);
      profile.timeDeltas.push(i ? 10 : 0);
    });
    profile.endTime = profile.startTime + names.length * 10;
    const { tree, slice } = absorb(profile);
    assert.equal(
      [...slice.selfUs.values()].reduce((a, b) => a + b),
      names.length * 10,
    );
    // A method of a script may be called (root) like V8's own node.
    assert.deepEqual(tree.table.frames.map(({ functionName }) => functionName).sort(), ['(root)', ...names].sort());
  });

  it('carry stacks 10,000 deep', () => {
    const stack = Array.from({ length: 10_000 }, (_, i) => `f${i}@/a.js:${i}`).join(' > ');
    const { slice, tree } = absorb(
      cpuProfile([
        { stack, us: 100 },
        { stack: 'f0@/a.js:0', us: 50 },
      ]),
    );
    const self = new Float64Array(tree.nodeCount);
    for (const [node, us] of slice.selfUs) self[node] = us;
    const totals = subtreeTotals(tree.parents, self);
    assert.deepEqual([tree.nodeCount, totals[0], totals[1], totals[10_000]], [10_001, 150, 150, 100]);
  });
});

describe('overlapping windows', () => {
  /** Samples of one run every 10 µs, as two windows that overlap see them. */
  const stackAt = (time: number): string => (time % 30 ? main : `${main} > ${hot}`);
  const window = (from: number, to: number): V8CpuProfile => {
    const first = Math.ceil(from / 10) * 10;
    const times = Array.from({ length: Math.floor((to - first) / 10) + 1 }, (_, i) => first + i * 10).filter(
      (time) => time < to,
    );
    const profile = cpuProfile(
      times.map((time, i) => ({ stack: stackAt(time), us: (times[i + 1] ?? to) - time, line: 2 })),
      from,
    );
    profile.timeDeltas[0] = first - from;
    return { ...profile, endTime: to };
  };
  const join = (windows: readonly V8CpuProfile[]): { self: Record<string, number>; slice: CpuSlice } => {
    const tree = newTree();
    const sum = emptySlice();
    const samples = new SampleLog();
    let lastEnd = -Infinity;
    for (const profile of windows) {
      addSlice(sum, addCpuProfile(tree, readV8Cpu(cpuColumnsOf(profile), '', true), { notBeforeUs: lastEnd, samples }));
      lastEnd = Math.max(lastEnd, profile.endTime);
    }
    const times = [...samples.timestampsUs];
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
      'the log is in time order',
    );
    return { self: byStack(tree, sum.selfUs), slice: sum };
  };

  it('are joined without counting anything twice or losing anything', () => {
    const whole = join([window(0, 1_000)]);
    for (const [end, next] of [
      [500, 500],
      [500, 420],
      [505, 411],
      [503, 497],
      [508, 0],
      [1_000, 900],
    ]) {
      const { self, slice } = join([window(0, end), window(next, 1_000)]);
      assert.deepEqual(self, whole.self, `windows 0-${end} and ${next}-1000`);
      assert.equal(
        [...slice.hits.values()].reduce((a, b) => a + b),
        100,
      );
      assert.equal(Math.round([...slice.ticks.values()].reduce((a, b) => a + b)), 100);
    }
  });

  it('cut the sample that straddles the seam', () => {
    const { self } = join([window(0, 95), window(80, 125)]);
    // The sample at 90 (hot) runs to 95 in the first window and from there to 100 in the second.
    assert.deepEqual(self, { 'main>hot': 4 * 10 + 5, main: 8 * 10 });
  });

  it('may leave a gap, which belongs to nobody', () => {
    const { self, slice } = join([window(0, 100), window(200, 300)]);
    assert.equal(self['main'] + self['main>hot'], 200);
    assert.deepEqual([slice.startUs, slice.endUs], [0, 300]);
  });

  it('that lie wholly in the past add nothing', () => {
    const { self } = join([window(0, 300), window(100, 200)]);
    assert.equal(self['main'] + self['main>hot'], 300);
  });

  it('never have more ticks than samples', () => {
    const tree = newTree();
    const slice = addCpuProfile(tree, readV8Cpu(cpuColumnsOf(window(0, 100)), '', true), { notBeforeUs: 55 });
    const ticks = [...slice.ticks.values()].reduce((a, b) => a + b);
    const hits = [...slice.hits.values()].reduce((a, b) => a + b);
    assert.equal(hits, 4);
    assert.ok(Math.abs(ticks - hits) < 1e-9, `${ticks} ticks`);
  });
});
