import assert from 'node:assert/strict';
import { cpuProfile, heapProfile, type StackSample } from '../../../support/profileBuilder';
import { heatOf, heatOfMethod, measured, partOf, snapshotOf } from '../../../support/heatOf';
import { lineResolver } from '../../../support/lineResolver';
import { Measurement } from '../../../../src/core/measurement/measurement';
import type { ThreadReadings } from '../../../../src/core/measurement/threadReadings';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';

const resolver = (): ReturnType<typeof lineResolver> =>
  lineResolver({
    '/a.js': [
      { name: '(module)', lines: [0, 99] },
      { name: 'main', lines: [1, 9] },
      { name: 'hot', lines: [20, 29] },
      { name: 'ping', lines: [30, 39] },
      { name: 'pong', lines: [40, 49] },
    ],
    '/b.js': [{ name: 'other', lines: [0, 9] }],
  });
const main = 'main@/a.js:1';
const hot = 'hot@/a.js:20';
const ping = 'ping@/a.js:30';
const pong = 'pong@/a.js:40';

function heatOfSamples(...samples: StackSample[]): HeatSnapshot {
  return heatOf({ cpu: cpuProfile(samples) }, resolver());
}

/** As if each sample's function had run for a share of its time. */
function readingsOf(profile: ReturnType<typeof cpuProfile>, ranOf: (name: string) => number): ThreadReadings {
  const atUs = Float64Array.from([...profile.samples, 0], (_, n) => profile.startTime + n * 5_000);
  const usedUs = new Float64Array(atUs.length);
  profile.samples.forEach((id, n) => {
    const { callFrame } = profile.nodes.find((node) => node.id === id)!;
    usedUs[n + 1] = usedUs[n] + 5_000 * ranOf(callFrame.functionName);
  });
  return { atUs, usedUs, ranUs: usedUs, isCoarse: false };
}

/** `self/total` in ms by method. */
function times(snapshot: HeatSnapshot): Record<string, string> {
  return Object.fromEntries(
    snapshot.methods.map(({ source, cpu }) => [source.method.name, `${cpu.selfMs}/${cpu.totalMs}`]),
  );
}

describe('CPU heat of methods', () => {
  it('is self time, and total time with everything below', () => {
    const snapshot = heatOfSamples(
      { stack: main, us: 1_000 },
      { stack: `${main} > ${hot}`, us: 3_000 },
      { stack: `${main} > ${hot} > other@/b.js:0`, us: 4_000 },
    );
    assert.deepEqual(times(snapshot), { main: '1/8', hot: '3/7', other: '4/4' });
    assert.deepEqual(heatOfMethod(snapshot, 'hot').cpu, {
      selfMs: 3,
      totalMs: 7,
      selfShare: 0.375,
      totalShare: 0.875,
      selfSamples: 1,
      totalSamples: 2,
      selfWaitingMs: 0,
      totalWaitingMs: 0,
    });
  });

  it('counts direct recursion once', () => {
    const snapshot = heatOfSamples(
      { stack: `${main} > ${hot} > ${hot} > ${hot}`, us: 5_000 },
      { stack: `${main} > ${hot}`, us: 1_000 },
      { stack: `${main} > ${hot} > other@/b.js:0 > ${hot}`, us: 2_000 },
    );
    assert.deepEqual(times(snapshot), { main: '0/8', hot: '8/8', other: '0/2' });
  });

  it('counts mutual recursion once', () => {
    const snapshot = heatOfSamples(
      { stack: `${main} > ${ping} > ${pong} > ${ping} > ${pong} > ${ping}`, us: 6_000 },
      { stack: `${main} > ${pong} > ${ping} > ${pong}`, us: 2_000 },
    );
    assert.deepEqual(times(snapshot), { main: '0/8', ping: '6/8', pong: '2/8' });
    // In both stacks pong called ping: once is counted, however often it is on the stack.
    const { callers } = heatOfMethod(snapshot, 'ping');
    assert.deepEqual(
      callers.map(({ name, totalMs, totalShare }) => [name, totalMs, totalShare]),
      [
        ['pong', 8, 1],
        ['main', 6, 0.75],
      ],
    );
  });

  it('stays at 100 % for recursion 5,000 deep, direct and mutual', () => {
    const direct = Array.from({ length: 5_000 }, () => hot);
    const mutual = Array.from({ length: 5_000 }, (_, i) => (i % 2 ? ping : pong));
    const snapshot = heatOfSamples(
      { stack: [main, ...direct].join(' > '), us: 1_000 },
      { stack: [main, ...mutual].join(' > '), us: 1_000 },
      { stack: [main, ...direct.slice(0, 2_500)].join(' > '), us: 1_000 },
    );
    assert.deepEqual(times(snapshot), { main: '0/3', hot: '2/2', ping: '1/1', pong: '0/1' });
    assert.deepEqual(
      heatOfMethod(snapshot, 'main').callees.map(({ name, totalMs }) => [name, totalMs]),
      [
        ['hot', 2],
        ['pong', 1],
      ],
    );
  });

  it('sums different frames of one method: a closure that was compiled twice', () => {
    const files = lineResolver({ '/a.js': [{ name: 'main', lines: [1, 9] }] });
    const snapshot = heatOf(
      {
        cpu: cpuProfile([
          { stack: 'main@/a.js:1', us: 1_000 },
          { stack: 'main@/a.js:5 > main@/a.js:1', us: 2_000 },
        ]),
      },
      files,
    );
    assert.deepEqual(times(snapshot), { main: '3/3' });
  });

  it('keeps idle, collection, native and Node time apart, and shares are of the time that is not idle', () => {
    const snapshot = heatOfSamples(
      { stack: '(idle)', us: 90_000 },
      { stack: '(garbage collector)', us: 1_000 },
      { stack: '(program)', us: 2_000 },
      { stack: `${main} > stringify`, us: 3_000 },
      { stack: `${main} > run@node:vm:1`, us: 4_000 },
      { stack: `${main} > run@node:vm:1 > ${hot}`, us: 5_000 },
      { stack: 'f@wasm://wasm/12:0', us: 6_000 },
      { stack: `${main} > gone@/elsewhere.js:3`, us: 7_000 },
    );
    const { interval: _interval, ...cpu } = snapshot.cpu;
    assert.deepEqual(cpu, {
      sampledMs: 28,
      idleMs: 90,
      waitingMs: undefined,
      gcMs: 1,
      nativeMs: 2 + 3,
      nodeMs: 4,
      unmappedMs: 6 + 7,
      samples: 7,
      samplingIntervalUs: 1_000,
    });
    assert.deepEqual(times(snapshot), { main: '0/19', hot: '5/5' });
    assert.deepEqual(snapshot.unmapped, [
      {
        name: 'gone',
        url: '/elsewhere.js',
        line: 3,
        reason: 'no-file',
        detail: '/elsewhere.js is not here',
        selfMs: 7,
        waitingMs: 0,
        liveBytes: 0,
        allocatedBytes: 0,
      },
      {
        name: 'f',
        url: 'wasm://wasm/12',
        line: 0,
        reason: 'webassembly',
        detail: undefined,
        selfMs: 6,
        waitingMs: 0,
        liveBytes: 0,
        allocatedBytes: 0,
      },
    ]);
    assert.deepEqual(snapshot.runtime, [
      { kind: 'node', name: 'run', url: 'node:vm', selfMs: 4 },
      { kind: 'native', name: 'stringify', url: '', selfMs: 3 },
      { kind: 'native', name: '(program)', url: '', selfMs: 2 },
    ]);
  });

  it('keeps what a thread waited out of busy time, shares, lines and samples', () => {
    const waits = `${main} > ${ping}`;
    const samples: StackSample[] = [];
    // The line that waits is hit as often as the function waits; V8 has inlined the work of another line.
    for (let n = 0; n < 40; n++) {
      for (let each = 0; each < 16; each++) samples.push({ stack: waits, us: 5_000, line: 33 });
      for (let each = 0; each < 4; each++) samples.push({ stack: waits, us: 5_000, line: 35 });
      for (let each = 0; each < 10; each++) samples.push({ stack: `${waits} > wait`, us: 5_000 });
      for (let each = 0; each < 10; each++) samples.push({ stack: `${main} > ${hot}`, us: 5_000 });
    }
    const profile = cpuProfile(samples);
    const measurement = new Measurement();
    measurement.addCpu(
      profile,
      { startMs: 0, endMs: 8_000 },
      readingsOf(profile, (stack) => (stack === 'hot' ? 1 : 0)),
    );
    const snapshot = snapshotOf([partOf(measurement, resolver())]);
    const near = (value: number, wished: number): void =>
      assert.ok(Math.abs(value - wished) <= 0.03 * wished, `${value} is not ${wished}`);
    near(snapshot.cpu.waitingMs!, 6_000);
    near(snapshot.cpu.sampledMs, 2_000);
    near(snapshot.cpu.samples, 400);
    near(heatOfMethod(snapshot, 'hot').cpu.selfShare, 1);
    // What a builtin without a script waits is the waiting of its caller.
    near(heatOfMethod(snapshot, 'ping').cpu.selfWaitingMs, 6_000);
    near(heatOfMethod(snapshot, 'main').cpu.totalWaitingMs, 6_000);
    assert.equal(heatOfMethod(snapshot, 'main').cpu.selfWaitingMs, 0);
    assert.equal(heatOfMethod(snapshot, 'hot').cpu.totalWaitingMs, 0);
  });

  it('has no shares of a process that only idled', () => {
    const snapshot = heatOfSamples({ stack: '(idle)', us: 9_000 });
    assert.deepEqual([snapshot.cpu.sampledMs, snapshot.cpu.idleMs, snapshot.methods], [0, 9, []]);
  });

  it('tells callers and callees, through native and Node frames', () => {
    const snapshot = heatOfSamples(
      { stack: `${main} > map > ${hot}`, us: 3_000 },
      { stack: `run@node:timers:1 > ${hot}`, us: 1_000 },
      { stack: `${main} > ${ping}`, us: 2_000 },
    );
    const edges = (list: readonly { name: string; totalMs: number }[]): unknown =>
      list.map(({ name, totalMs }) => [name, totalMs]);
    assert.deepEqual(edges(heatOfMethod(snapshot, 'hot').callers), [
      ['main', 3],
      ['(event loop)', 1],
    ]);
    assert.deepEqual(edges(heatOfMethod(snapshot, 'main').callees), [
      ['hot', 3],
      ['ping', 2],
    ]);
    assert.deepEqual(edges(heatOfMethod(snapshot, 'main').callers), [['(event loop)', 5]]);
  });

  it('keeps the five hottest callees', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const files = lineResolver({
      '/a.js': [
        { name: 'main', lines: [0, 9] },
        ...names.map((name, i) => ({ name, lines: [10 + i, 10 + i] as const })),
      ],
    });
    const cpu = cpuProfile(names.map((name, i) => ({ stack: `main@/a.js:0 > ${name}@/a.js:1`, us: (i + 1) * 1_000 })));
    assert.deepEqual(
      heatOfMethod(heatOf({ cpu }, files), 'main').callees.map(({ name }) => name),
      ['g', 'f', 'e', 'd', 'c'],
    );
  });

  it('charges lines by position ticks, in proportion to the time', () => {
    const snapshot = heatOfSamples(
      { stack: hot, us: 1_000, line: 22 },
      { stack: hot, us: 3_000, line: 24 },
      { stack: hot, us: 4_000 },
    );
    // Three samples of 8 ms, one on each line and one on none.
    const expected = 8 / 3;
    const { lines } = heatOfMethod(snapshot, 'hot');
    assert.deepEqual(
      lines.map(({ line }) => line),
      [22, 24],
    );
    for (const { selfMs, selfShare } of lines)
      assert.ok(Math.abs(selfMs - expected) < 1e-9 && Math.abs(selfShare - 1 / 3) < 1e-9);
  });

  it('walks 10,000-deep stacks and 100,000 functions', function () {
    this.timeout(60_000);
    const deep = Array.from({ length: 10_000 }, (_, i) => (i % 3 ? `f${i}@/x.js:${i}` : hot)).join(' > ');
    assert.deepEqual(times(heatOfSamples({ stack: deep, us: 1_000 })), { hot: '1/1' });
    const many = 100_000;
    const cpu = cpuProfile([]);
    for (let i = 0; i < many; i++) {
      cpu.nodes.push({
        id: i + 2,
        callFrame: { functionName: `f${i}`, scriptId: '1', url: '/many.js', lineNumber: i, columnNumber: 0 },
        hitCount: 1,
      });
      cpu.nodes[0].children!.push(i + 2);
      cpu.samples.push(i + 2);
      cpu.timeDeltas.push(i ? 10 : 0);
    }
    cpu.endTime = cpu.startTime + many * 10;
    const byName = new Map(Array.from({ length: many }, (_, i) => [`f${i}`, i]));
    const files = lineResolver({ '/many.js': [...byName.keys()].map((name, i) => ({ name, lines: [i, i] as const })) });
    const quick = {
      ...files,
      resolveFrame: ({ functionName }: { functionName: string }) => ({ method: byName.get(functionName)! }),
    };
    const snapshot = heatOf({ cpu }, quick);
    assert.equal(snapshot.methods.length, many);
    assert.ok(Math.abs(snapshot.cpu.sampledMs - many / 100) < 1e-6);
  });
});

describe('memory heat of methods', () => {
  it('charges what builtins allocate to the method that called them', () => {
    const snapshot = heatOf(
      { live: heapProfile({ [`${main} > push`]: 100, [`${main} > sort > compare`]: 20, [main]: 3, '(V8 API)': 50 }) },
      resolver(),
    );
    assert.deepEqual(heatOfMethod(snapshot, 'main').memory, {
      liveBytes: 123,
      totalLiveBytes: 123,
      allocatedBytes: 0,
      totalAllocatedBytes: 0,
      accuracy: 'approximate',
    });
    assert.equal(snapshot.memory.liveBytes, 173);
  });

  it("leaves what Node's own code and the collector allocate to the total", () => {
    const snapshot = heatOf(
      { allocated: heapProfile({ [`${main} > write@node:net:1 > push`]: 100, [`${main} > ${hot}`]: 5 }) },
      resolver(),
    );
    assert.deepEqual(heatOfMethod(snapshot, 'main').memory, {
      liveBytes: 0,
      totalLiveBytes: 0,
      allocatedBytes: 0,
      totalAllocatedBytes: 105,
      accuracy: 'approximate',
    });
    assert.equal(snapshot.memory.allocatedBytes, 105);
  });

  it('counts recursion once', () => {
    const snapshot = heatOf(
      { live: heapProfile({ [`${hot} > ${hot} > ${hot}`]: 10, [hot]: 5, [`${ping} > ${pong} > ${ping}`]: 7 }) },
      resolver(),
    );
    const bytes = (name: string): unknown => [
      heatOfMethod(snapshot, name).memory.liveBytes,
      heatOfMethod(snapshot, name).memory.totalLiveBytes,
    ];
    assert.deepEqual(
      [bytes('hot'), bytes('ping'), bytes('pong')],
      [
        [15, 15],
        [7, 7],
        [0, 7],
      ],
    );
  });

  it('keeps live and allocated bytes apart, and unmapped ones by their frame', () => {
    const snapshot = heatOf(
      {
        live: heapProfile({ [main]: 10, 'gone@/x.js:1': 4 }),
        allocated: heapProfile({ [main]: 900, 'gone@/x.js:1 > push': 6 }),
      },
      resolver(),
    );
    assert.deepEqual(heatOfMethod(snapshot, 'main').memory, {
      liveBytes: 10,
      totalLiveBytes: 10,
      allocatedBytes: 900,
      totalAllocatedBytes: 900,
      accuracy: 'approximate',
    });
    assert.deepEqual(
      snapshot.unmapped.map(({ name, liveBytes, allocatedBytes }) => [name, liveBytes, allocatedBytes]),
      [['gone', 4, 6]],
    );
  });
});

describe('heat of several targets', () => {
  const first = {
    cpu: cpuProfile([{ stack: `${main} > ${hot}`, us: 4_000, line: 22 }]),
    live: heapProfile({ [hot]: 100 }),
  };
  const second = {
    cpu: cpuProfile([
      { stack: `${main} > ${hot}`, us: 2_000, line: 22 },
      { stack: ping, us: 1_000 },
      { stack: '(idle)', us: 50_000 },
    ]),
    live: heapProfile({ [hot]: 20, 'gone@/x.js:1': 5 }),
  };

  it('is summed by method, with resolvers of their own', () => {
    const snapshot = snapshotOf([partOf(measured(first), resolver()), partOf(measured(second), resolver())]);
    assert.deepEqual(times(snapshot), { main: '0/6', hot: '6/6', ping: '1/1' });
    assert.equal(snapshot.cpu.idleMs, 50);
    assert.equal(heatOfMethod(snapshot, 'hot').memory.liveBytes, 120);
    assert.equal(heatOfMethod(snapshot, 'hot').cpu.totalShare, 6 / 7);
    assert.deepEqual(
      heatOfMethod(snapshot, 'hot').lines.map(({ line, selfMs }) => [line, selfMs]),
      [[22, 6]],
    );
    assert.deepEqual(
      heatOfMethod(snapshot, 'main').callees.map(({ name, totalMs }) => [name, totalMs]),
      [['hot', 6]],
    );
  });

  it('refers to methods by their place in the merged list, whatever order the targets have', () => {
    const reversed = lineResolver({
      '/b.js': [{ name: 'other', lines: [0, 9] }],
      '/a.js': ['(module)', 'main', 'hot', 'ping', 'pong'].map((name, i) => ({
        name,
        lines: [i * 10, i * 10 + 9] as const,
      })),
    });
    const same = {
      ...reversed,
      methods: reversed.methods.map((each) =>
        resolver().methods.find(({ method: { name } }) => name === each.method.name)!,
      ),
    };
    const snapshot = snapshotOf([partOf(measured(second), resolver()), partOf(measured(first), same)]);
    for (const { source, callees } of snapshot.methods) {
      for (const edge of callees)
        assert.equal(snapshot.methods[edge.method].source.method.name, edge.name, source.method.name);
    }
    assert.equal(heatOfMethod(snapshot, 'hot').cpu.selfMs, 6);
  });

  it('never mixes two versions of a file', () => {
    const changed = resolver();
    const edited = {
      ...changed,
      methods: changed.methods.map((each) => ({ ...each, method: { ...each.method, textHash: 2 } })),
    };
    const snapshot = snapshotOf([partOf(measured(first), resolver()), partOf(measured(second), edited)]);
    assert.deepEqual(
      snapshot.methods.filter(({ source }) => source.method.name === 'hot').map(({ cpu }) => cpu.selfMs),
      [4, 2],
    );
  });

  it('is empty of nothing', () => {
    assert.deepEqual(snapshotOf([]).methods, []);
  });
});
