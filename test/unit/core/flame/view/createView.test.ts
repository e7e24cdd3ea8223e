import assert from 'node:assert/strict';
import { createView } from '../../../../../src/core/flame/view/createView';
import { frameKey, placeKey } from '../../../../../src/core/flame/view/viewFrames';
import { defaultViewOptions, type ViewOptions } from '../../../../../src/core/flame/view/viewOptions';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { columnsOf } from '../../../../support/columnsBuilder';
import {
  assertSameValues,
  bump,
  chain,
  fan,
  randomProfile,
  shownStacks,
  totalsByPath,
  viewTotals,
} from '../../../../support/flameTruth';

const main = 'main@/app/a.js:0';
const hot = 'hot@/app/a.js:5';
const route = 'route@file:///app/node_modules/express/lib/router.js:3';
const layer = 'layer@file:///app/node_modules/express/lib/layer.js:9';
const find = 'find@/app/node_modules/db/index.js:1';
const tick = 'tick@node:internal/process:7';

/** Self values by path, of nodes that have one. */
function selfs(profile: ProfileColumns, options: Partial<ViewOptions> = {}): Record<string, number> {
  const { frames, parents, nodeFrames, selfs: values } = createView(profile, { ...defaultViewOptions, ...options });
  const paths: string[] = [''];
  const result: Record<string, number> = {};
  for (let node = 0; node < parents.length; node++) {
    if (node) paths[node] = [paths[parents[node]], frames[nodeFrames[node]].name].filter(Boolean).join(' > ');
    assert.ok(!(paths[node] in result), `${paths[node]} is one node`);
    if (values[node]) result[paths[node]] = values[node];
  }
  return result;
}

describe('A view of a profile', () => {
  it('is the profile itself by default, without idle time', () => {
    const profile = columnsOf({
      [main]: 1,
      [`${main} > ${hot}`]: 2,
      '(idle)': 4,
      '(program)': 8,
      '(garbage collector)': 16,
    });
    const view = createView(profile, defaultViewOptions);
    assert.deepEqual(selfs(profile), { main: 1, 'main > hot': 2, '(program)': 8, '(garbage collector)': 16 });
    assert.equal(view.totals[0], 27);
    assert.deepEqual(view.measure, { kind: 'cpu', label: 'CPU time', unit: 'µs' });
    assert.deepEqual(
      view.frames.map(({ name, category }) => [name, category]),
      [
        ['(root)', 'root'],
        ['main', 'source'],
        ['hot', 'source'],
        ['(program)', 'program'],
        ['(garbage collector)', 'gc'],
      ],
    );
  });

  it('shows idle time on request', () => {
    const profile = columnsOf({ [main]: 1, '(idle)': 4 });
    assert.deepEqual(selfs(profile, { hideIdle: false }), { main: 1, '(idle)': 4 });
  });

  it('joins children of one frame under one parent', () => {
    const twice = { ...columnsOf({ [main]: 1, [hot]: 2 }), nodeFrames: Int32Array.of(0, 1, 1) };
    assert.deepEqual(selfs(twice), { main: 3 });
  });

  it('names a function without a name, and tells its place', () => {
    const { frames } = createView(columnsOf({ '@/app/a.js:3': 1, [route]: 1 }), defaultViewOptions);
    assert.deepEqual(frames[1], {
      name: '(anonymous)',
      frame: 1,
      place: { url: '/app/a.js', line: 3, column: 0 },
      category: 'source',
    });
    assert.equal(frames[2].packageName, 'express');
    assert.equal(frameKey(frames[1]), placeKey({ functionName: '', url: '/app/a.js', line: 3, column: 0 }));
    assert.notEqual(frameKey(frames[1]), placeKey({ functionName: '', url: '/app/a.js', line: 4, column: 0 }));
  });

  it("gives what Node's own and native frames cost to their callers", () => {
    const profile = columnsOf({
      [`${main} > ${tick} > sort > ${hot}`]: 1,
      [`${main} > ${tick}`]: 2,
      [`${main} > sort`]: 4,
      [tick]: 8,
      '(program)': 16,
      'f@wasm:x:1': 32,
    });
    assert.deepEqual(selfs(profile, { hideInternals: true }), {
      '': 8,
      main: 6,
      'main > hot': 1,
      '(program)': 16,
      f: 32,
    });
  });

  it('folds consecutive frames of one package', () => {
    const profile = columnsOf({
      [`${main} > ${route} > ${layer}`]: 1,
      [`${main} > ${layer} > ${route} > ${hot} > ${route}`]: 2,
      [`${main} > ${route} > ${find} > ${layer}`]: 4,
    });
    assert.deepEqual(selfs(profile, { foldPackages: true }), {
      'main > express': 1,
      'main > express > hot > express': 2,
      'main > express > db > express': 4,
    });
    const { frames } = createView(profile, { ...defaultViewOptions, foldPackages: true });
    const folded = frames.find(({ name }) => name === 'express')!;
    assert.deepEqual(folded, {
      name: 'express',
      frame: -1,
      place: { url: '', line: -1, column: -1 },
      category: 'source',
      packageName: 'express',
    });
    assert.equal(new Set(frames.map(frameKey)).size, frames.length);
  });

  it('folds frames of a package that only hidden ones part', () => {
    const profile = columnsOf({ [`${route} > ${tick} > ${layer}`]: 1 });
    assert.deepEqual(selfs(profile, { foldPackages: true, hideInternals: true }), { express: 1 });
    assert.deepEqual(selfs(profile, { foldPackages: true }), { 'express > tick > express': 1 });
  });

  it('merges recursion into the outermost call, and what that calls too', () => {
    const profile = columnsOf({
      [`${main} > ${hot} > ${main} > ${hot}`]: 1,
      [`${main} > ${main} > ${route}`]: 2,
      [`${main} > ${hot} > ${main} > ${route}`]: 4,
      [`${hot} > ${hot}`]: 8,
    });
    assert.deepEqual(selfs(profile, { mergeRecursion: true }), { 'main > hot': 1, 'main > route': 6, hot: 8 });
    assert.deepEqual(Object.keys(selfs(profile)), [
      'main > hot > main > hot',
      'main > main > route',
      'main > hot > main > route',
      'hot > hot',
    ]);
  });

  it('counts a recursive frame once', () => {
    const view = createView(
      columnsOf({ [`${main} > ${hot} > ${main} > ${hot}`]: 1, [`${main} > ${hot}`]: 2, [hot]: 4 }),
      defaultViewOptions,
    );
    assert.deepEqual(Array.from(view.frameTotals), [7, 3, 7]);
    assert.deepEqual(Array.from(view.frameSelfs), [0, 0, 7]);
  });

  it('shows one measure of several, and has no timeline for one without', () => {
    const measures = [
      { kind: 'cpu', label: 'CPU time', unit: 'µs' },
      { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
    ] as const;
    const profile = columnsOf({ [main]: [0, 100] }, { measures, timeline: [[main, 5]] });
    const bytes = createView(profile, { ...defaultViewOptions, measure: 1, range: { startUs: 1, endUs: 2 } });
    assert.deepEqual([bytes.totals[0], bytes.timeline, bytes.measure.unit], [100, undefined, 'bytes']);
    assert.throws(() => createView(profile, { ...defaultViewOptions, measure: 2 }), /does not have the measure/);
  });

  describe('of a range of time', () => {
    const profile = columnsOf(
      {},
      {
        startUs: 100,
        timeline: [
          [main, 10],
          ['(idle)', 10],
          [`${main} > ${hot}`, 10],
          ['', 10],
          [main, 10],
        ],
      },
    );
    const range = (startUs: number, endUs: number): Record<string, number> =>
      selfs(profile, { range: { startUs, endUs } });

    it('counts what is within, samples cut at its borders', () => {
      assert.deepEqual(range(105, 125), { main: 5, 'main > hot': 5 });
      assert.deepEqual(range(110, 130), { 'main > hot': 10 });
      assert.deepEqual(range(141, 142), { main: 1 });
      assert.deepEqual(range(112, 118), {});
      assert.deepEqual(range(0, 1000), { main: 20, 'main > hot': 10 });
    });

    it('is empty outside, and where it is none', () => {
      for (const [start, end] of [
        [0, 100],
        [150, 160],
        [120, 120],
        [125, 115],
        [NaN, 120],
        [110, NaN],
      ]) {
        assert.deepEqual(range(start, end), {}, `${start}-${end}`);
      }
    });

    it('has the samples of the range only', () => {
      const { timeline, nodeFrames, frames } = createView(profile, {
        ...defaultViewOptions,
        range: { startUs: 105, endUs: 125 },
      });
      assert.deepEqual(
        [...timeline!.nodes].map((node) => frames[nodeFrames[node]].name),
        ['main', '(root)', 'hot'],
      );
      assert.deepEqual([...timeline!.startsUs, timeline!.endUs], [105, 110, 120, 125]);
    });
  });

  const flags = [false, true];
  for (const mergeRecursion of flags) {
    for (const foldPackages of flags) {
      for (const hideInternals of flags) {
        for (const hideIdle of flags) {
          it(`is what the stacks say: ${JSON.stringify({ mergeRecursion, foldPackages, hideInternals, hideIdle })}`, () => {
            for (let seed = 0; seed < 20; seed++) {
              const profile = randomProfile(seed);
              const range = seed % 3 ? undefined : { startUs: 5_100 + seed, endUs: 5_900 };
              const options = {
                measure: seed % 5 === 4 ? 1 : 0,
                mergeRecursion,
                foldPackages,
                hideInternals,
                hideIdle,
                range,
              };
              const stacks = shownStacks(profile, options);
              const view = createView(profile, options);
              assertSameValues(viewTotals(view), totalsByPath(stacks));
              assert.equal(
                view.selfs.reduce((sum, self) => sum + self, 0),
                view.totals[0],
              );

              const selfOfFrame = new Map<string, number>();
              const totalOfFrame = new Map<string, number>();
              for (const { names, value } of stacks) {
                bump(selfOfFrame, names.at(-1) ?? '(root)', value);
                for (const name of new Set(['(root)', ...names])) bump(totalOfFrame, name, value);
              }
              const byName = (values: Float64Array): Map<string, number> =>
                new Map(
                  view.frames.map(({ name }, frame) => [name, values[frame]] as const).filter(([, value]) => value > 0),
                );
              assertSameValues(byName(view.frameSelfs), selfOfFrame);
              assertSameValues(byName(view.frameTotals), totalOfFrame);
            }
          });
        }
      }
    }
  }

  it('is linear in depth and in width', function () {
    this.timeout(10_000);
    const options = { ...defaultViewOptions, mergeRecursion: true };
    const started = performance.now();
    const deep = createView(
      chain(10_000, 10_000, () => 1),
      defaultViewOptions,
    );
    assert.equal(deep.totals[0], 10_000);
    assert.equal(deep.frameTotals[10_000], 1);
    assert.equal(
      createView(
        chain(10_000, 7, () => 1),
        options,
      ).parents.length,
      8,
    );
    assert.equal(
      createView(
        fan(100_000, 100_000, () => 1),
        options,
      ).parents.length,
      100_001,
    );
    assert.equal(
      createView(
        fan(100_000, 10, () => 1),
        defaultViewOptions,
      ).parents.length,
      11,
    );
    assert.ok(performance.now() - started < 3_000, `${performance.now() - started} ms`);
  });
});
