import assert from 'node:assert/strict';
import { cpuProfile } from '../../../../support/profileBuilder';
import { heatOf, heatOfMethod } from '../../../../support/heatOf';
import { lineResolver, type LineMethod } from '../../../../support/lineResolver';
import type { HeatSnapshot } from '../../../../../src/core/heat/heatSnapshot';

interface Case {
  readonly files: Readonly<Record<string, readonly LineMethod[]>>;
  /** Lines of the samples that V8 charges to `stack`, of 1 ms each. */
  readonly lines: readonly number[];
  readonly stack?: string;
  /** Other samples: stacks, 1 ms each. */
  readonly also?: readonly string[];
  /** Stacks that were seen at some time, without any time of their own. */
  readonly seen?: readonly string[];
  readonly interrupts?: Readonly<Record<string, number>>;
}

function heat({ files, lines, stack = 'main@/a.js:0', also = [], seen = [], interrupts }: Case): HeatSnapshot {
  const cpu = cpuProfile([
    ...seen.map((each) => ({ stack: each, us: 0 })),
    ...lines.map((line) => ({ stack, us: 1_000, line })),
    ...also.map((each) => ({ stack: each, us: 1_000 })),
  ]);
  return heatOf({ cpu, interrupts }, lineResolver(files), true);
}

/** ms by name, and `node` for Node's own. */
function check(program: Case, expected: Readonly<Record<string, number>>): HeatSnapshot {
  const snapshot = heat(program);
  const found = Object.fromEntries(
    snapshot.methods
      .filter(({ cpu }) => cpu.selfMs > 1e-9)
      .map(({ source, cpu }) => [source.method.name, Math.round(cpu.selfMs * 100) / 100]),
  );
  if (snapshot.cpu.nodeMs > 1e-9) found['node'] = Math.round(snapshot.cpu.nodeMs * 100) / 100;
  assert.deepEqual(found, expected);
  return snapshot;
}

const main: LineMethod = { name: 'main', lines: [0, 9] };
const times = (count: number, line: number): number[] => Array.from({ length: count }, () => line);

describe('samples of a function that others are inlined into', () => {
  it('go to the method of their line that interrupt samples have seen inside of it', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'small', lines: [40, 49] as const }] };
    const interrupts = { 'small@/b.js:41 < main@/a.js:4': 30 };
    const snapshot = check({ files, lines: [3, 42, 42, 42], interrupts }, { main: 1, small: 3 });
    const small = heatOfMethod(snapshot, 'small');
    assert.deepEqual([small.cpu.totalMs, heatOfMethod(snapshot, 'main').cpu.totalMs], [3, 4]);
    assert.deepEqual(
      small.lines.map(({ line, selfMs }) => [line, Math.round(selfMs)]),
      [[42, 3]],
    );
    assert.deepEqual(
      small.callers.map(({ name, totalMs }) => [name, Math.round(totalMs)]),
      [['main', 3]],
    );
    assert.equal(small.accuracy, 'calibrated');
  });

  it('go to what was seen below it, and to what its text certainly calls', () => {
    const files = {
      '/a.js': [
        { ...main, calls: ['bound'] },
        { name: 'bound', lines: [20, 29] as const, calls: ['deeper'] },
      ],
      '/b.js': [
        { name: 'seen', lines: [40, 49] as const },
        { name: 'deeper', lines: [60, 61] as const },
      ],
    };
    const seen = ['main@/a.js:0 > map > seen@/b.js:40', 'deeper@/b.js:60'];
    check({ files, lines: [3, 21, 41, 60], seen }, { main: 1, bound: 1, seen: 1, deeper: 1 });
  });

  it('stay when nobody saw it call the method of that line, whatever the names', () => {
    const files = { '/a.js': [main, { name: 'small', lines: [20, 29] as const }] };
    check({ files, lines: [3, 21] }, { main: 2 });
    check({ files, lines: [3, 21], interrupts: { 'small@/a.js:21 < other@/a.js:50': 90 } }, { main: 2 });
  });

  it('are divided by interrupt samples where several have the line', () => {
    const files = {
      '/a.js': [main],
      '/b.js': [{ name: 'b', lines: [40, 49] as const }],
      '/c.js': [{ name: 'c', lines: [40, 49] as const }],
    };
    const interrupts = { 'b@/b.js:41 < main@/a.js:3': 300, 'c@/c.js:41 < main@/a.js:4': 100 };
    const snapshot = check({ files, lines: times(8, 45), interrupts }, { b: 6, c: 2 });
    const { accuracy, bound } = heatOfMethod(snapshot, 'b');
    assert.equal(accuracy, 'calibrated');
    // 1.96 √(0.75 · 0.25 / 8 + 0.75 · 0.25 / 400)
    assert.ok(bound! > 0.3 && bound! < 0.31, String(bound));
  });

  it('go to whom the interrupt samples are short of, lines of its own and frames of its own counted', () => {
    const files = {
      '/a.js': [main],
      '/b.js': [{ name: 'b', lines: [40, 69] as const }],
      '/c.js': [{ name: 'c', lines: [40, 49] as const }],
    };
    const interrupts = { 'b@/b.js:41 < main@/a.js:3': 100, 'c@/c.js:41 < main@/a.js:4': 100 };
    // Half of 8 each: b has 3 on a line that is only its own.
    check({ files, lines: [...times(5, 45), ...times(3, 60)], interrupts }, { b: 4, c: 4 });
    const own = 'main@/a.js:0 > c@/c.js:40';
    check({ files, lines: times(8, 45), also: [own, own], interrupts }, { b: 5, c: 5 });
  });

  it('go to what its text calls without a loop, whoever has such lines, though it was interrupted once before it was inlined', () => {
    const files = {
      '/a.js': [
        { ...main, calls: ['straight'] },
        { name: 'straight', lines: [20, 29] as const },
      ],
      '/b.js': [{ name: 'looping', lines: [21, 29] as const }],
    };
    const lines = [...times(60, 3), ...times(2, 20), ...times(38, 22)];
    const interrupts = {
      'main@/a.js:4': 97,
      'straight@/a.js:20 < main@/a.js:4': 1,
      'looping@/b.js:23 < main@/a.js:4': 2,
    };
    const snapshot = heat({ files, lines, interrupts });
    assert.ok(heatOfMethod(snapshot, 'straight').cpu.selfMs > 37);
  });

  it('of several that no sample tells apart go to the one that has other lines to itself', () => {
    const files = {
      '/a.js': [
        { ...main, calls: ['early', 'late'] },
        { name: 'early', lines: [20, 29] as const },
      ],
      '/b.js': [{ name: 'late', lines: [22, 31] as const }],
    };
    const interrupts = { 'main@/a.js:4': 100 };
    check({ files, lines: [3, 24, 24, 30], interrupts }, { main: 1, late: 3 });
    check({ files, lines: [3, 24, 24, 20], interrupts }, { main: 1, early: 3 });
  });

  it('stay, and are doubtful, where several have the line and too few samples tell', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'b', lines: [0, 9] as const }] };
    const snapshot = check({ files, lines: times(8, 3), interrupts: { 'b@/b.js:3 < main@/a.js:3': 4 } }, { main: 8 });
    const { accuracy, bound } = heatOfMethod(snapshot, 'main');
    assert.equal(accuracy, 'approximate');
    assert.equal(bound, 1);
  });

  it('stay on lines of the function itself, whoever else has such a line', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'b', lines: [0, 9] as const }] };
    check({ files, lines: [3, 5], seen: ['main@/a.js:0 > b@/b.js:0'] }, { main: 2 });
  });

  it('go to a callback that is inlined into Node, by the line of the call too', () => {
    const files = { '/a.js': [{ name: 'callback', lines: [0, 9] as const }] };
    const stack = 'listOnTimeout@node:internal/timers:500';
    const interrupts = { 'callback@/a.js:3 < listOnTimeout@node:internal/timers:560': 50 };
    const snapshot = check({ files, lines: [3, 3, 560, 560, 700], stack, interrupts }, { callback: 5 });
    assert.equal(heatOfMethod(snapshot, 'callback').cpu.totalMs, 5);
    check({ files, lines: [3, 560], stack }, { node: 2 });
  });

  it('count in the totals of what stands between', () => {
    const files = {
      '/a.js': [main],
      '/b.js': [
        { name: 'outer', lines: [40, 49] as const },
        { name: 'inner', lines: [60, 69] as const },
      ],
    };
    const interrupts = { 'inner@/b.js:61 < outer@/b.js:41 < main@/a.js:3': 40 };
    const snapshot = check({ files, lines: [61, 61, 41], interrupts }, { outer: 1, inner: 2 });
    assert.equal(heatOfMethod(snapshot, 'outer').cpu.totalMs, 3);
    assert.deepEqual(
      heatOfMethod(snapshot, 'inner').callers.map(({ name }) => name),
      ['outer'],
    );
  });

  it('count once in the total of a callee that is on the stack already', () => {
    const files = { '/a.js': [main, { name: 'small', lines: [20, 29] as const }] };
    const stack = 'main@/a.js:0 > small@/a.js:20 > main@/a.js:0 > small@/a.js:20 > main@/a.js:0';
    const snapshot = check({ files, lines: [21, 21, 3], stack }, { main: 1, small: 2 });
    assert.equal(heatOfMethod(snapshot, 'small').cpu.totalMs, 3);
  });

  it('are judged anew when more was seen', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'small', lines: [40, 49] as const }] };
    check({ files, lines: [41], seen: ['small@/b.js:40'] }, { main: 1 });
    check({ files, lines: [41], seen: ['main@/a.js:0 > small@/b.js:40'] }, { small: 1 });
  });

  it('are not moved where nothing was inlined', () => {
    const cpu = cpuProfile([{ stack: 'main@/a.js:0', us: 1_000, line: 21 }]);
    const snapshot = heatOf({ cpu }, lineResolver({ '/a.js': [main, { name: 'small', lines: [20, 29] }] }), false);
    assert.equal(heatOfMethod(snapshot, 'main').cpu.selfMs, 1);
  });

  it('of what measuring runs are nobody’s', () => {
    const files = { '/a.js': [main] };
    const also = ['main@/a.js:0 > callSites@node:heatlens:0', 'main@/a.js:0 > callSites@node:heatlens:0 > join'];
    const snapshot = check({ files, lines: [3], also }, { main: 1 });
    assert.equal(snapshot.cpu.sampledMs, 1);
  });

  it('without interrupt samples are approximate, and have no bound', () => {
    const { accuracy, bound } = heatOfMethod(heat({ files: { '/a.js': [main] }, lines: [3] }), 'main');
    assert.deepEqual([accuracy, bound], ['approximate', undefined]);
  });
});
