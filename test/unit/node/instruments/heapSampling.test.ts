import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { COARSE_HEAP_INTERVAL_BYTES } from '../../../../src/node/instruments/heapSchedule';
import { heapSampling, type HeapWindow } from '../../../../src/node/instruments/heapSampling';
import type { Instrument, InstrumentContext, InstrumentOptions } from '../../../../src/node/instruments/instrument';

/** So much is sampled in each window, whatever was asked for. */
const SAMPLED_BYTES = 300e6;
const profile: V8HeapProfile = {
  head: {
    callFrame: { functionName: 'fill', scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 },
    selfSize: SAMPLED_BYTES,
    id: 1,
    children: [],
  },
};

interface Sampled {
  readonly instrument: Instrument;
  /** As the profiler was started, one after the other. */
  readonly starts: { readonly measure: string; readonly intervalBytes: number }[];
  readonly windows: HeapWindow[];
}

/** In the place of an isolate stands one that notes what is asked of its profiler. */
function sample(): Sampled {
  const starts: Sampled['starts'] = [];
  const windows: HeapWindow[] = [];
  const backend = {
    cheapLiveReads: false,
    measures: { live: true, allocated: true },
    startHeap: (measure: string, intervalBytes: number) => {
      starts.push({ measure, intervalBytes });
      return Promise.resolve();
    },
    stopHeap: () => Promise.resolve(profile),
    readLive: () => Promise.resolve(profile),
  };
  const context = { backend, memory: { heapUsed: 1e6 } } as unknown as InstrumentContext;
  return { instrument: heapSampling(context, (window) => windows.push(window)), starts, windows };
}

const options = (heapIntervalBytes: number, runMs: number): InstrumentOptions => ({
  cpuIntervalUs: 1_000,
  heapIntervalBytes,
  memory: 'both',
  interruptBudget: 0,
  refreshMs: 1_000,
  endsAt: Date.now() + runMs,
});

describe('heap sampling', () => {
  it('looks how fast a target allocates before it samples it closely', async () => {
    const { instrument, starts, windows } = sample();
    await instrument.start(options(8_192, 60_000));
    assert.deepEqual(starts, [{ measure: 'allocated', intervalBytes: COARSE_HEAP_INTERVAL_BYTES }]);
    await sleep(Math.max(0, instrument.dueAt(Date.now()) - Date.now()) + 20);
    await instrument.tend();
    assert.equal(windows.length, 0, 'the look is no window');
    assert.equal(starts[1].measure, 'allocated');
    // 300 MB in 0.3 s, and a thousand samples a second.
    assert.ok(starts[1].intervalBytes > 500_000, String(starts[1].intervalBytes));
    await instrument.stop();
    assert.deepEqual(
      windows.map(({ measure, sampleBytes }) => ({ measure, sampleBytes })),
      [{ measure: 'allocated', sampleBytes: starts[1].intervalBytes }],
    );
  });

  it('samples at once where that costs little, and where there is no time to look', async () => {
    for (const [bytes, runMs] of [
      [262_144, 60_000],
      [8_192, 1_000],
    ]) {
      const { instrument, starts, windows } = sample();
      await instrument.start(options(bytes, runMs));
      assert.equal(starts.length, 1);
      assert.ok(starts[0].intervalBytes < bytes * 1.1);
      await instrument.stop();
      assert.equal(windows.length, 1);
    }
  });

  it('delivers nothing of a look that was interrupted', async () => {
    const { instrument, windows } = sample();
    await instrument.start(options(8_192, 60_000));
    await instrument.stop();
    assert.deepEqual(windows, []);
  });
});
