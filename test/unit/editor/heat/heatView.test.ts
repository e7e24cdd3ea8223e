import assert from 'node:assert/strict';
import { compareByMeasure, isHot, measureShare, usableMeasure } from '../../../../src/core/heat/measures';
import { createHeatView, hotLines } from '../../../../src/editor/heat/heatView';
import { cpuSummary, memorySummary, method, methodHeat, snapshot } from '../../../support/heatBuilder';

const memory = memorySummary({ liveBytes: 100, allocatedBytes: 1_000 });

describe('heat view', () => {
  const busy = methodHeat({ method: method('busy') }, { selfMs: 5, selfShare: 0.4, totalShare: 0.4 });
  const cold = methodHeat({ method: method('cold') }, { selfMs: 1, selfShare: 0.004, totalShare: 0.004 });
  const leaky = methodHeat({ method: method('leaky'), file: '/app/leak.ts' }, {}, { liveBytes: 1 });
  const none = methodHeat({ method: method('none'), file: '/app/none.ts' });
  const view = createHeatView(snapshot({ methods: [cold, busy, leaky, none], memory }), 0.005);

  it('has what is above the threshold by any measure, by file, with the index in the snapshot', () => {
    assert.deepEqual(
      view.hot.map(({ index }) => index),
      [1, 2],
    );
    assert.deepEqual([...view.hotByFile.keys()], ['/app/cart.ts', '/app/leak.ts']);
  });

  it('adds up a file with its cold methods', () => {
    assert.ok(Math.abs(view.fileShares.get('/app/cart.ts')! - 0.404) < 1e-9);
    assert.equal(view.fileShares.has('/app/none.ts'), false);
  });

  it('shows nothing without heat even at threshold 0', () => {
    assert.equal(isHot(none, { cpu: cpuSummary(), memory }, 0), false);
    assert.equal(isHot(cold, { cpu: cpuSummary(), memory }, 0), true);
  });

  it('has what waits, which colours nothing', () => {
    const waits = methodHeat({ method: method('waits') }, { selfWaitingMs: 900, totalWaitingMs: 900 });
    const cpu = cpuSummary({ sampledMs: 100, waitingMs: 900 });
    assert.equal(isHot(waits, { cpu, memory }, 0.005), true);
    assert.equal(isHot(waits, { cpu, memory }, 0.95), false);
    assert.equal(measureShare(waits, 'self', { memory }) + measureShare(waits, 'total', { memory }), 0);
  });

  it('adds up lines that methods share and drops cold ones', () => {
    const lines = [
      { line: 3, selfMs: 1, selfShare: 0.003 },
      { line: 3, selfMs: 1, selfShare: 0.004 },
      { line: 4, selfMs: 1, selfShare: 0.004 },
    ];
    assert.deepEqual([...hotLines(lines, 0.005).keys()], [3]);
  });
});

describe('measures', () => {
  it('are shares of what was measured at all', () => {
    const heat = methodHeat({ method: method('a') }, {}, { liveBytes: 25, allocatedBytes: 10 });
    assert.equal(measureShare(heat, 'live', { memory }), 0.25);
    assert.equal(measureShare(heat, 'allocated', { memory }), 0.01);
    assert.equal(measureShare(heat, 'live', { memory: memorySummary() }), 0);
  });

  it('keep the order of equal methods', () => {
    const a = methodHeat({ method: method('a'), index: 1 });
    const b = methodHeat({ method: method('b'), index: 2 });
    assert.ok(compareByMeasure('self')(a, b) < 0);
    assert.ok(compareByMeasure('self')(b, a) > 0);
  });

  it('fall back to one that the snapshot has', () => {
    assert.equal(usableMeasure('self', { cpu: cpuSummary({ sampledMs: 0 }), memory }), 'live');
    assert.equal(usableMeasure('allocated', { cpu: cpuSummary(), memory: memorySummary() }), 'self');
    assert.equal(usableMeasure('allocated', { cpu: cpuSummary(), memory }), 'allocated');
  });
});
