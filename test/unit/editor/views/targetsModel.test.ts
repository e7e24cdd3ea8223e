import assert from 'node:assert/strict';
import type { TargetSummary } from '../../../../src/core/heat/heatSnapshot';
import type { TargetNode } from '../../../../src/editor/views/targetsModel';
import { targetRows } from '../../../../src/editor/views/targetsModel';
import { cpuSummary, interval, memorySummary } from '../../../support/heatBuilder';

function target(change: Partial<TargetSummary> = {}): TargetSummary {
  return {
    id: '42',
    label: 'server.js (42)',
    pid: 42,
    nodeVersion: 'v22.1.0',
    state: 'measuring',
    cost: { heapReadShare: 0 },
    ...change,
  };
}

const context = { selected: undefined, now: 42_000 };
const lines = (nodes: readonly TargetNode[] = []): string[] =>
  nodes.map(({ label, description }) => `${label}: ${description}`);

describe('targets', () => {
  it('say their state, whether they are shown, and their version', () => {
    const others = { ...context, selected: new Set(['7']) };
    assert.deepEqual(lines(targetRows([target()], context)), ['server.js (42): measuring · v22.1.0']);
    assert.deepEqual(lines(targetRows([target()], others)), ['server.js (42): measuring · not shown · v22.1.0']);
    assert.deepEqual(lines(targetRows([target({ state: 'unresponsive' })], context)), [
      'server.js (42): not responding · v22.1.0',
    ]);
  });

  it('tell a loaded profile from a process that has ended', () => {
    const file = target({
      id: 'file:/x/a.cpuprofile',
      label: 'a.cpuprofile',
      pid: undefined,
      nodeVersion: undefined,
      state: 'ended',
    });
    assert.deepEqual(lines(targetRows([file], context)), ['a.cpuprofile: profile file']);
  });

  it('have what measuring costs them, as far as it is known', () => {
    const cost = {
      startStallMs: 71.4,
      samplingShare: 0.004,
      interruptShare: 0.0123,
      interruptSamples: 4_200,
      refreshMs: 2.4,
      refreshMaxMs: 9,
      heapReadShare: 0.0061,
      heapReadMs: 44,
      nextHeapReadInMs: 12_000,
    };
    const [row] = targetRows([target({ cost, heapUsedBytes: 28_000_000, externalBytes: 1_200_000 })], context);
    assert.deepEqual(lines(row.children), [
      'Pause at start: 71 ms',
      'CPU sampling: 0.4 %',
      'Interrupt samples: 1.2 % · 4,200 samples',
      'CPU refresh: 2.4 ms, at most 9 ms',
      'Heap reads: 0.6 % · last took 44 ms · next in 12 s',
      'Heap in use: 28 MB',
      'Outside the heap: 1.2 MB',
    ]);
    const [early] = targetRows([target({ cost: { heapReadShare: 0, predictedStartStallMs: 900 } })], context);
    assert.deepEqual(lines(early.children), ['Pause at start: 900 ms predicted']);
  });

  it('name the intervals that the numbers cover', () => {
    const memory = memorySummary({ liveInterval: interval, allocatedInterval: interval, allocatedWindowMs: 8_000 });
    const rows = targetRows([target()], {
      ...context,
      cpu: cpuSummary({ samplingIntervalUs: 5_000, samples: 1_200 }),
      memory,
    });
    assert.deepEqual(lines(rows.at(-1)!.children), [
      'CPU: last 40 s · 1,200 samples every 5 ms',
      'Live bytes: last 40 s',
      'Allocated bytes: 8 s of the last 40 s',
    ]);
  });
});
