import assert from 'node:assert/strict';
import { cpuProfileOfV8Profiler } from '../../../../src/target/agent/v8ProfilerShapes';

const frame = { scriptId: 7, url: '/srv/a b.js', lineNumber: 3, columnNumber: 15 };
const root = { functionName: '(root)', scriptId: 0, url: '', lineNumber: 0, columnNumber: 0 };

const recorded = { start: 12_000_100, end: 12_003_100 };

const expectedNodes = [
  {
    id: 1,
    callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
    hitCount: 0,
    children: [2, 4],
  },
  {
    id: 2,
    callFrame: { functionName: 'outer', scriptId: '7', url: 'file:///srv/a%20b.js', lineNumber: 2, columnNumber: 14 },
    hitCount: 1,
    children: [3],
    positionTicks: [{ line: 4, ticks: 1 }],
  },
  {
    id: 3,
    callFrame: { functionName: 'inner', scriptId: '7', url: 'file:///srv/a%20b.js', lineNumber: 2, columnNumber: 14 },
    hitCount: 1,
  },
  {
    id: 4,
    callFrame: { functionName: 'later', scriptId: '7', url: 'node:timers', lineNumber: 2, columnNumber: 14 },
    hitCount: 0,
  },
];

describe('profiles of v8-profiler-next', () => {
  it('reads the tree shape, whose start and end are rounded to seconds', () => {
    const inner = { ...frame, functionName: 'inner', id: 3, hitCount: 1, children: [], lineTicks: [] };
    const outer = {
      ...frame,
      functionName: 'outer',
      id: 2,
      hitCount: 1,
      children: [inner],
      lineTicks: [{ line: 4, hitCount: 1 }],
    };
    const later = { ...frame, url: 'node:timers', functionName: 'later', id: 4, hitCount: 0, children: [] };
    const head = { ...root, id: 1, hitCount: 0, children: [outer, later] };
    const profile = {
      head,
      startTime: 12,
      endTime: 12,
      samples: [2, 3, 1],
      timestamps: [12_000_500, 12_001_500, 12_002_700],
    };
    assert.deepEqual(cpuProfileOfV8Profiler(profile, recorded), {
      nodes: expectedNodes,
      startTime: 12_000_100,
      endTime: 12_003_100,
      samples: [2, 3, 1],
      timeDeltas: [400, 1_000, 1_200],
    });
  });

  it('reads the flat shape, which the application may have chosen', () => {
    const nodes = [
      { id: 1, hitCount: 0, callFrame: root, children: [2, 4] },
      {
        id: 2,
        hitCount: 1,
        callFrame: { ...frame, functionName: 'outer', lineTicks: [{ line: 4, hitCount: 1 }] },
        children: [3],
      },
      { id: 3, hitCount: 1, callFrame: { ...frame, functionName: 'inner' }, children: [] },
      { id: 4, hitCount: 0, callFrame: { ...frame, url: 'node:timers', functionName: 'later' }, children: [] },
    ];
    const profile = {
      nodes,
      startTime: 12_000_000,
      endTime: 12_003_000,
      samples: [2, 3, 1],
      timeDeltas: [500, 1_000, 1_200],
    };
    assert.deepEqual(cpuProfileOfV8Profiler(profile, recorded), {
      nodes: expectedNodes,
      startTime: 12_000_000,
      endTime: 12_003_000,
      samples: [2, 3, 1],
      timeDeltas: [500, 1_000, 1_200],
    });
  });

  it('refuses any other shape', () => {
    for (const odd of [undefined, null, 3, {}, { head: {} }])
      assert.throws(() => cpuProfileOfV8Profiler(odd, recorded), /unknown shape/);
  });
});
