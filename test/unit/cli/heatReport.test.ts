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
  cost: {
    heapReadShare: 0.004,
    heapReadMs: 40,
    startStallMs: 70,
    refreshMs: 3,
    samplingShare: 0.012,
    interruptShare: 0.0175,
    interruptSamples: 4_200,
  },
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
      accuracy: 'approximate',
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
        waitingMs: 0,
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
      accuracy: 'approximate',
    });
    assert.deepEqual(report.memory, {
      liveBytes: 3e6,
      allocatedBytes: 40e6,
      liveWindowMs: 30_000,
      allocatedWindowMs: 10_000,
      accuracy: 'approximate',
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
    assert.match(
      text,
      /^server\.js \(42\) and 1 more, Node v22\.1\.0, 40 s \(approximate\)\napproximate \(≈\): V8 inlines/,
    );
    assert.match(
      text,
      /busy 40 s, idle 5 s; of the busy time: garbage collection 300 ms, native 200 ms, Node itself 100 ms, not mapped 50 ms/,
    );
    assert.match(text, /live: allocated in 30 s and still alive at its end/);
    assert.match(text, /allocated: sampled for 10 s and scaled to the 40 s measured/);
    assert.match(
      text,
      /cost of measuring server\.js \(42\): stall at start 70 ms, 3 ms per refresh, sampling thread 1\.2 % of a core, interrupt samples \(4,200\) 1\.8 % of its CPU, heap reads 0\.4 % of the time/,
    );
    assert.match(text, /Cart\.total +\/app\/cart\.ts:12/);
    assert.doesNotMatch(text, /unused/);
    assert.match(text, /50 ms, 4\.0 MB allocated {2}gone {2}file:\/\/\/x\.js:7 {2}\(x\.js is not there\)/);
    assert.match(text, /! one thing$/);
  });

  it('has the accuracy and the bound of each method', () => {
    const methods = [
      methodHeat({ method: method('told', 1) }, cpu(20_000, 30_000), {}, { accuracy: 'calibrated', bound: 0.0213 }),
      methodHeat(
        { method: method('rare', 2), index: 2 },
        cpu(2_000, 2_000),
        {},
        { accuracy: 'calibrated', bound: 0.006 },
      ),
      methodHeat({ method: method('mixed', 3), index: 3 }, cpu(1_000, 1_000)),
    ];
    const report = heatReport(snapshot({ methods }), [target], []);
    assert.deepEqual(
      report.methods.map(({ name, accuracy, bound }) => [name, accuracy, bound]),
      [
        ['told', 'calibrated', 0.0213],
        ['rare', 'calibrated', 0.006],
        ['mixed', 'approximate', null],
      ],
    );
    const text = formatReport(report).join('\n');
    assert.match(text, /40 s \(calibrated\)\ncalibrated: the true self share is within ± points/);
    assert.match(text, /SELF % +± +TOTAL/);
    assert.match(text, / 50 % +2 +30 s +75 % .*told/);
    assert.match(text, / 5\.0 % +0\.6 +2 s +5\.0 % .*rare/);
    assert.match(text, / 2\.5 % +≈ +1 s .*mixed/);
  });

  it('says of an exact measurement what it changes', () => {
    const methods = [
      methodHeat({ method: method('told') }, cpu(20_000, 30_000), {}, { accuracy: 'exact', bound: 0.005 }),
    ];
    const report = heatReport(snapshot({ methods, accuracy: 'exact' }), [target], []);
    assert.deepEqual([report.exact, report.methods[0].accuracy], [true, 'exact']);
    assert.match(
      formatReport(report).join('\n'),
      /40 s \(exact\)\nexact: V8 inlined nothing meanwhile, which makes another/,
    );
  });

  it('tells the cost of few of many threads each by itself, and nothing of those that were not measured', () => {
    const thread = (n: number): TargetSummary => ({
      ...target,
      id: `42/${n}`,
      label: `worker ${n}`,
      cost: { ...target.cost, startStallMs: n, sampledShare: 0.25, leftOutMs: 40 },
    });
    const idle: TargetSummary = { ...target, id: '42/99', label: 'worker 99', cost: { heapReadShare: 0 } };
    const workers = Array.from({ length: 10 }, (_, n) => thread(n + 1));
    const lines = formatReport(heatReport(heat, [target, ...workers, idle], [])).filter((line) => /^cost/.test(line));
    assert.equal(lines.length, 7);
    assert.match(
      lines[1],
      /^cost of measuring worker 1: .*left out 40 ms that measuring caused, sampled 25 % of its time$/,
    );
    assert.match(lines[6], /^cost of measuring 5 more: stall at start at most 10 ms, heap reads 2\.0 % of the time$/);
  });

  it('says what waited, and what Node and native code took', () => {
    const summary = cpuSummary({ waitingMs: 9_000, nativeMs: 4_000, nodeMs: 20_000 });
    const waits = { selfWaitingMs: 8_000, totalWaitingMs: 9_000 };
    const below = { selfWaitingMs: 0, totalWaitingMs: 9_000 };
    const measured = snapshot({
      cpu: summary,
      methods: [
        methodHeat({ method: method('below', 3) }, { ...cpu(10, 20), ...below }),
        methodHeat({ method: method('waits', 9) }, { ...cpu(0, 0), ...waits }),
      ],
      runtime: [
        { kind: 'node', name: 'processImmediate', url: 'node:internal/timers', selfMs: 18_000 },
        { kind: 'native', name: 'writeSync', url: '', selfMs: 4_000 },
      ],
      unmapped: [
        {
          name: 'f',
          url: 'wasm://wasm/1',
          line: 0,
          reason: 'webassembly',
          selfMs: 70,
          waitingMs: 0,
          liveBytes: 0,
          allocatedBytes: 0,
        },
      ],
    });
    const report = heatReport(measured, [target], []);
    assert.equal(report.cpu.waitingMs, 9_000);
    assert.deepEqual(report.methods.find(({ name }) => name === 'waits')!.cpu, { ...cpu(0, 0), ...waits });
    const text = formatReport(report).join('\n');
    assert.match(text, /busy 40 s, waiting 9 s, idle 0/);
    assert.match(text, /waiting: blocked outside of JavaScript, no CPU time; waits 8 s, below 9 s in what it calls/);
    assert.match(text, /native 10 %: writeSync 4 s/);
    assert.match(text, /Node itself 50 %: processImmediate \(node:internal\/timers\) 18 s/);
    assert.match(text, /V8 inlines hot callbacks into these functions of Node/);
    assert.match(text, /70 ms {2}f {2}wasm:\/\/wasm\/1 {2}\(webassembly\)/);
    // Files do not tell.
    assert.equal(heatReport(heat, [target], []).cpu.waitingMs, null);
    assert.doesNotMatch(formatReport(heatReport(heat, [target], [])).join('\n'), /waiting|inlines hot/);
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

  it('marks methods of files that are not what ran, at their lines there now', () => {
    const methods = [
      methodHeat(
        { method: method('moved', 4), index: 0, sourceChanged: true, nameOnDisk: { line: 8, column: 2 } },
        cpu(9, 9),
      ),
      methodHeat({ method: method('gone', 6), index: 1, sourceChanged: true }, cpu(8, 8)),
    ];
    const report = heatReport(snapshot({ methods }), [target], []);
    assert.deepEqual(
      report.methods.map(({ line, changed }) => [line, changed]),
      [
        [9, true],
        [7, true],
      ],
    );
    const text = formatReport(report).join('\n');
    assert.match(
      text,
      /moved +\S+cart\.ts:9 !\n.*gone +\S+cart\.ts:7 !\n! the file is not what ran: .* by their names/,
    );
    assert.doesNotMatch(formatReport(heatReport(heat, [target], [])).join('\n'), /!/);
  });

  it('shows 25 rows and counts the others', () => {
    const methods = Array.from({ length: 40 }, (_, i) =>
      methodHeat({ method: method(`m${i}`, i), index: i }, cpu(100 + i, 100 + i)),
    );
    const text = formatReport(heatReport(snapshot({ methods }), [target], []));
    assert.equal(text.filter((line) => /cart\.ts:\d+$/.test(line)).length, 25);
    assert.ok(text.some((line) => line.startsWith('… and 15 cooler methods')));
  });

  it('has a row for whoever leads live or allocated bytes, however cool it is', () => {
    const methods = [
      ...Array.from({ length: 40 }, (_, i) =>
        methodHeat({ method: method(`m${i}`, i), index: i }, cpu(500 - i, 500 - i)),
      ),
      methodHeat({ method: method('leaks', 90), index: 40 }, cpu(0, 1), { liveBytes: 9e6, allocatedBytes: 1e6 }),
      methodHeat({ method: method('throwsAway', 91), index: 41 }, cpu(0, 1), { liveBytes: 0, allocatedBytes: 60e6 }),
      methodHeat({ method: method('trifle', 92), index: 42 }, cpu(0, 1), { liveBytes: 9e3, allocatedBytes: 1e5 }),
    ];
    const memory = {
      liveBytes: 10e6,
      allocatedBytes: 80e6,
      accuracy: 'approximate' as const,
      allocatedWindowMs: 40_000,
      allocatedInterval: { startMs: 1_000, endMs: 41_000 },
      liveInterval: { startMs: 11_000, endMs: 41_000 },
    };
    const unmapped = Array.from({ length: 9 }, (_, i) => ({
      name: `unknown${i}`,
      url: 'file:///x.js',
      line: i,
      reason: 'no-file' as const,
      waitingMs: 0,
      selfMs: i < 8 ? 100 - i : 0,
      liveBytes: i === 8 ? 1e6 : 0,
      allocatedBytes: i === 7 ? 20e6 : 0,
    }));
    const lines = formatReport(heatReport(snapshot({ methods, memory, unmapped }), [target], []));
    const from = lines.findIndex((line) => line.startsWith('Cooler ones with most live bytes'));
    assert.match(lines[from + 1], / 9\.0 MB +1\.0 MB +leaks /);
    assert.match(lines[from + 2], /^Cooler ones with most allocated bytes/);
    assert.match(lines[from + 3], / 0 B +60 MB +throwsAway /);
    assert.match(lines[from + 4], /^… and 16 cooler methods/);
    const foreign = lines.slice(lines.indexOf('Not mapped to a source file:') + 1);
    assert.deepEqual(
      foreign.map((line) => /unknown\d/.exec(line)?.[0]),
      ['unknown0', 'unknown1', 'unknown2', 'unknown3', 'unknown4', 'unknown8', 'unknown7'],
    );
    assert.match(foreign[5], /^ {2}0 ms, 1\.0 MB live {2}unknown8/);
  });

  it('marks what is shown as it runs, and says why below the table', () => {
    const reason = 'no-source-map' as const;
    const detail = 'cart.js names the source map cart.js.map, which does not exist';
    const methods = [
      methodHeat({ method: method('compiled', 3), generated: { reason, detail } }, cpu(200, 200)),
      methodHeat({ method: method('other', 8), index: 1, generated: { reason, detail } }, cpu(100, 100)),
      methodHeat({ method: method('written', 20), index: 2 }, cpu(50, 50)),
    ];
    const report = heatReport(snapshot({ methods }), [target], []);
    assert.deepEqual(
      report.methods.map(({ generated }) => generated?.reason),
      [reason, reason, undefined],
    );
    const lines = formatReport(report);
    assert.match(
      lines.find((line) => line.includes('compiled'))!,
      /cart\.ts:4 \*$/,
    );
    assert.match(
      lines.find((line) => line.includes('written'))!,
      /cart\.ts:21$/,
    );
    assert.deepEqual(
      lines.filter((line) => line.startsWith('* ')),
      [`* Generated code, not its source: ${detail}.`],
    );
  });
});
