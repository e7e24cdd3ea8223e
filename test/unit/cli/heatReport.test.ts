import assert from 'node:assert/strict';
import { formatReport, heatReport } from '../../../src/cli/heatReport';
import type { TargetSummary } from '../../../src/core/heat/heatSnapshot';
import { cpuSummary, method, methodHeat, snapshot } from '../../support/heatBuilder';

const target: TargetSummary = {
  id: '42',
  label: 'server.js (42)',
  pid: 42,
  nodeVersion: 'v22.1.0',
  state: 'detached',
  cost: { heapReadShare: 0.004, heapReadMs: 40, startStallMs: 70, refreshMs: 3, samplingShare: 0.012 },
};
const cpu = (
  selfMs: number,
  totalMs: number,
): { selfMs: number; totalMs: number; selfShare: number; totalShare: number } => ({
  selfMs,
  totalMs,
  selfShare: selfMs / 40_000,
  totalShare: totalMs / 40_000,
});

describe('the report', () => {
  const heat = snapshot({
    cpu: cpuSummary({ idleMs: 5_000, gcMs: 300, nativeMs: 200, nodeMs: 100, unmappedMs: 50 }),
    memory: {
      liveBytes: 3e6,
      allocatedBytes: 10e6,
      allocatedWindowMs: 10_000,
      allocatedInterval: { startMs: 1_000, endMs: 11_000 },
      liveInterval: { startMs: 11_000, endMs: 41_000 },
    },
    methods: [
      methodHeat({ method: method('cold', 3) }, cpu(10, 20)),
      methodHeat({ method: method('Cart.total', 11) }, cpu(30_000, 40_000), {
        allocatedBytes: 2e6,
        totalAllocatedBytes: 4e6,
        liveBytes: 1e6,
        totalLiveBytes: 1e6,
      }),
      methodHeat({ method: method('unused', 40) }),
    ],
    unmapped: [
      {
        name: 'gone',
        url: 'file:///x.js',
        line: 6,
        reason: 'no-file',
        detail: 'x.js is not there',
        selfMs: 50,
        liveBytes: 0,
        allocatedBytes: 1e6,
      },
    ],
  });

  it('has the hottest first, positions from 1, and allocated bytes of the whole time', () => {
    const report = heatReport(heat, [target], ['one thing']);
    assert.deepEqual(
      report.methods.map(({ name, line, column }) => [name, line, column]),
      [
        ['total', 12, 1],
        ['cold', 4, 1],
        ['unused', 41, 1],
      ],
    );
    assert.deepEqual(report.methods[0].memory, {
      liveBytes: 1e6,
      allocatedBytes: 8e6,
      totalLiveBytes: 1e6,
      totalAllocatedBytes: 16e6,
    });
    assert.deepEqual(report.memory, {
      liveBytes: 3e6,
      allocatedBytes: 40e6,
      liveWindowMs: 30_000,
      allocatedWindowMs: 10_000,
    });
    assert.deepEqual([report.unmapped[0].line, report.unmapped[0].allocatedBytes], [7, 4e6]);
    assert.deepEqual([report.exact, report.intervalMs, report.problems], [false, 40_000, ['one thing']]);
    assert.deepEqual(
      [report.target?.pid, report.target?.label, report.target?.threads.length],
      [42, 'server.js (42)', 1],
    );
  });

  it('reads as a table, with what was measured and at what cost', () => {
    const targets = [target, { ...target, id: '42/1', label: 'worker 1' }];
    const text = formatReport(heatReport(heat, targets, ['one thing'])).join('\n');
    assert.match(text, /^server\.js \(42\) and 1 more, Node v22\.1\.0, 40 s \(approximate: V8 may charge/);
    assert.match(
      text,
      /busy 40 s, idle 5 s; of the busy time: garbage collection 300 ms, native 200 ms, Node itself 100 ms, not mapped 50 ms/,
    );
    assert.match(text, /live: allocated in 30 s and still alive at its end/);
    assert.match(text, /allocated: sampled for 10 s and scaled to the 40 s measured/);
    assert.match(
      text,
      /cost of measuring server\.js \(42\): stall at start 70 ms, 3 ms per refresh, sampling thread 1\.2 % of a core, heap reads 0\.4 % of the time/,
    );
    assert.match(text, /Cart\.total +\/app\/cart\.ts:12/);
    assert.doesNotMatch(text, /unused/);
    assert.match(text, /50 ms {2}gone {2}file:\/\/\/x\.js:7 {2}\(x\.js is not there\)/);
    assert.match(text, /! one thing$/);
  });

  it('says what was not measured instead of 0', () => {
    const text = formatReport(heatReport(snapshot({ methods: heat.methods }), [target], [])).join('\n');
    assert.match(text, /75\.0 % .* - +- +Cart\.total/);
    assert.doesNotMatch(text, /live:|allocated:/);
  });

  it('is empty of nothing, and says so', () => {
    const report = heatReport(undefined, [], []);
    assert.deepEqual([report.target, report.intervalMs, report.methods], [null, 0, []]);
    assert.match(formatReport(report).join('\n'), /^No target.*\n[^]*No method of a source file was seen/);
  });

  it('shows 25 rows and counts the others', () => {
    const methods = Array.from({ length: 40 }, (_, i) =>
      methodHeat({ method: method(`m${i}`, i), index: i }, cpu(100 + i, 100 + i)),
    );
    const text = formatReport(heatReport(snapshot({ methods }), [target], []));
    assert.equal(text.filter((line) => /cart\.ts:\d+$/.test(line)).length, 25);
    assert.ok(text.some((line) => line.startsWith('… and 15 cooler methods')));
  });
});
