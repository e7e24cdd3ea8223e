import assert from 'node:assert/strict';
import { cpuProfile } from '../../../support/profileBuilder';
import { heatOf, heatOfMethod } from '../../../support/heatOf';
import { lineResolver, type LineMethod } from '../../../support/lineResolver';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';

/** V8 charged `main` with ticks on these lines; each sample is 1 ms. */
function heatOfTicks(
  files: Record<string, readonly LineMethod[]>,
  lines: readonly number[],
  options: { seen?: string[]; stack?: string } = {},
): HeatSnapshot {
  const stack = options.stack ?? 'main@/a.js:0';
  // Stacks that were seen at some time, without any time of their own.
  const seen = (options.seen ?? []).map((each) => ({ stack: each, us: 0 }));
  const cpu = cpuProfile([...seen, ...lines.map((line) => ({ stack, us: 1_000, line }))]);
  return heatOf({ cpu }, lineResolver(files), true);
}

function selfTimes(snapshot: HeatSnapshot): Record<string, number> {
  return Object.fromEntries(
    snapshot.methods
      .filter(({ cpu }) => cpu.selfMs > 0)
      .map(({ source, cpu }) => [source.method.name, Math.round(cpu.selfMs * 1e6) / 1e6]),
  );
}

describe('ticks of inlined functions', () => {
  const main: LineMethod = { name: 'main', lines: [0, 9], uses: ['small'] };

  it('go to the callee of the same file whose lines they are on', () => {
    const snapshot = heatOfTicks({ '/a.js': [main, { name: 'small', lines: [20, 29] }] }, [3, 21, 22, 22]);
    assert.deepEqual(selfTimes(snapshot), { main: 1, small: 3 });
    const small = heatOfMethod(snapshot, 'small');
    assert.equal(small.fromTicks, true);
    assert.equal(heatOfMethod(snapshot, 'main').fromTicks, false);
    assert.equal(small.cpu.totalMs, 3);
    assert.equal(heatOfMethod(snapshot, 'main').cpu.totalMs, 4);
    assert.deepEqual(
      small.lines.map(({ line, selfMs }) => [line, Math.round(selfMs)]),
      [
        [21, 1],
        [22, 2],
      ],
    );
    assert.deepEqual(
      small.callers.map(({ name, totalMs }) => [name, Math.round(totalMs)]),
      [['main', 3]],
    );
  });

  it('go to the callee in another file', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'small', lines: [40, 49] as const }] };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 41, 42], { seen: ['small@/b.js:40'] })), { main: 1, small: 2 });
  });

  it('go to a callee of a callee', () => {
    const files = {
      '/a.js': [
        main,
        { name: 'small', lines: [20, 29] as const, uses: ['tiny'] },
        { name: 'tiny', lines: [50, 51] as const },
      ],
    };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 50])), { main: 1, tiny: 1 });
  });

  it('go to a function that the charged method does not name, but was seen to call', () => {
    const files = {
      '/a.js': [
        { ...main, uses: [] },
        { name: 'small', lines: [20, 29] as const },
      ],
    };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 21], { seen: ['main@/a.js:0 > map > small@/a.js:20'] })), {
      main: 1,
      small: 1,
    });
  });

  it('stay when the charged method neither names the function nor was seen to call it', () => {
    const files = {
      '/a.js': [
        { ...main, uses: ['print'] },
        { name: 'small', lines: [20, 29] as const },
      ],
    };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 21])), { main: 2 });
  });

  it('stay when two functions could have been meant', () => {
    const files = {
      '/a.js': [
        { ...main, uses: ['small', 'other'] },
        { name: 'small', lines: [40, 49] as const },
      ],
      '/b.js': [{ name: 'other', lines: [40, 49] as const }],
    };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 41], { seen: ['other@/b.js:40'] })), { main: 2 });
    assert.deepEqual(
      selfTimes(heatOfTicks(files, [3, 41], { seen: ['other@/b.js:40'] })),
      selfTimes(heatOfTicks(files, [41, 3], { seen: ['other@/b.js:40'] })),
    );
  });

  it('stay when the line has no code that is known', () => {
    assert.deepEqual(selfTimes(heatOfTicks({ '/a.js': [main, { name: 'small', lines: [20, 29] }] }, [3, 99])), {
      main: 2,
    });
  });

  it('stay on lines of the charged method itself, also where a nested callee stands', () => {
    const files = { '/a.js': [main, { name: 'small', lines: [4, 6] as const }] };
    assert.deepEqual(selfTimes(heatOfTicks(files, [3, 5])), { main: 2 });
  });

  it('count the callee once where it is on the stack already', () => {
    const files = { '/a.js': [main, { name: 'small', lines: [20, 29] as const, uses: ['main'] }] };
    const stack = 'main@/a.js:0 > small@/a.js:20 > main@/a.js:0 > small@/a.js:20 > main@/a.js:0';
    const snapshot = heatOfTicks(files, [21, 21, 3], { stack });
    assert.deepEqual(selfTimes(snapshot), { main: 1, small: 2 });
    assert.equal(heatOfMethod(snapshot, 'small').cpu.totalMs, 3);
    assert.deepEqual(
      heatOfMethod(snapshot, 'small').callers.map(({ name, totalMs }) => [name, Math.round(totalMs * 1e6) / 1e6]),
      [['main', 3]],
    );
  });

  it('change nothing in exact numbers', () => {
    const cpu = cpuProfile([{ stack: 'main@/a.js:0', us: 1_000, line: 21 }]);
    const snapshot = heatOf({ cpu }, lineResolver({ '/a.js': [main, { name: 'small', lines: [20, 29] }] }), false);
    assert.deepEqual(selfTimes(snapshot), { main: 1 });
  });

  it('are judged anew when more of the program is known', () => {
    const files = { '/a.js': [main], '/b.js': [{ name: 'small', lines: [40, 49] as const }] };
    assert.deepEqual(selfTimes(heatOfTicks(files, [41])), { main: 1 });
    assert.deepEqual(selfTimes(heatOfTicks(files, [41], { seen: ['small@/b.js:40'] })), { small: 1 });
  });
});
