import assert from 'node:assert/strict';
import { createView } from '../../../../../src/core/flame/view/createView';
import type { FlameLayout } from '../../../../../src/core/flame/layouts/flameLayout';
import { layoutInverted } from '../../../../../src/core/flame/layouts/layoutInverted';
import { layoutLeftHeavy } from '../../../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutSandwich } from '../../../../../src/core/flame/layouts/layoutSandwich';
import { layoutTimeOrder } from '../../../../../src/core/flame/layouts/layoutTimeOrder';
import type { ProfileView } from '../../../../../src/core/flame/view/profileView';
import { othersFrame } from '../../../../../src/core/flame/view/viewFrames';
import { defaultViewOptions, type ViewOptions } from '../../../../../src/core/flame/view/viewOptions';
import { columnsOf } from '../../../../support/columnsBuilder';
import {
  assertLayout,
  assertSameValues,
  bump,
  chain,
  fan,
  randomProfile,
  rowTexts,
  samplesWithin,
  shownStacks,
  stackOf,
  totalsByPath,
  widthsByPath,
  type Stack,
} from '../../../../support/flameTruth';

const a = 'a@/app/a.js:0';
const b = 'b@/app/a.js:5';
const c = 'c@/app/a.js:9';

function viewOf(profile: Parameters<typeof createView>[0], options: Partial<ViewOptions> = {}): ProfileView {
  return createView(profile, { ...defaultViewOptions, ...options });
}

/** Options that cover each of them with random profiles. */
function randomOptions(seed: number): ViewOptions {
  return {
    measure: 0,
    mergeRecursion: seed % 2 === 1,
    foldPackages: seed % 4 > 1,
    hideInternals: seed % 8 > 3,
    hideIdle: seed % 3 !== 0,
    range: seed % 5 === 0 ? { startUs: 5_200, endUs: 6_000 } : undefined,
  };
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

describe('Time order', () => {
  it('draws what follows each other with a common stack as one box', () => {
    const view = viewOf(
      columnsOf(
        {},
        {
          timeline: [
            [a, 5],
            [`${a} > ${b}`, 10],
            [`${a} > ${b} > ${c}`, 1],
            [`${a} > ${c}`, 4],
            [c, 2],
          ],
        },
      ),
    );
    assert.deepEqual(rowTexts(layoutTimeOrder(view), view.frames), [
      '(root) 0-22',
      'a 0-20 self 5, c 20-22 self 2',
      'b 5-16 self 10, c 16-20 self 4',
      'c 15-16 self 1',
    ]);
  });

  it('leaves gaps where nobody sampled, and where idle time is hidden', () => {
    const profile = columnsOf(
      {},
      {
        startUs: 1_000,
        timeline: [
          [a, 5],
          ['', 3],
          [a, 2],
          ['(idle)', 10],
          [a, 1],
        ],
      },
    );
    const view = viewOf(profile);
    assert.deepEqual(rowTexts(layoutTimeOrder(view), view.frames), [
      '(root) 0-21',
      'a 0-5 self 5, a 8-10 self 2, a 20-21 self 1',
    ]);
    const withIdle = viewOf(profile, { hideIdle: false });
    assert.deepEqual(
      rowTexts(layoutTimeOrder(withIdle), withIdle.frames)[1],
      'a 0-5 self 5, a 8-10 self 2, (idle) 10-20 self 10, a 20-21 self 1',
    );
  });

  it('does not part a box by a sample that takes no time', () => {
    const view = viewOf(
      columnsOf(
        {},
        {
          timeline: [
            [`${a} > ${b}`, 5],
            [`${c} > ${c} > ${c}`, 0],
            [`${a} > ${b}`, 5],
          ],
        },
      ),
    );
    assert.deepEqual(rowTexts(layoutTimeOrder(view), view.frames), ['(root) 0-10', 'a 0-10', 'b 0-10 self 10']);
  });

  it('parts boxes of one frame under different callers', () => {
    const view = viewOf(
      columnsOf(
        {},
        {
          timeline: [
            [`${a} > ${c}`, 5],
            [`${b} > ${c}`, 5],
          ],
        },
      ),
    );
    assert.deepEqual(rowTexts(layoutTimeOrder(view), view.frames), [
      '(root) 0-10',
      'a 0-5, b 5-10',
      'c 0-5 self 5, c 5-10 self 5',
    ]);
  });

  it('says why there is none without a timeline, and draws an empty one', () => {
    assert.throws(() => layoutTimeOrder(viewOf(columnsOf({ [a]: 1 }))), { code: 'noTimeline' });
    const empty = layoutTimeOrder(viewOf(columnsOf({}, { timeline: [] })));
    assertLayout(empty);
    assert.equal(empty.width, 0);
  });

  it('is what the samples say', () => {
    for (const seed of seeds) {
      const profile = randomProfile(seed);
      const options = randomOptions(seed);
      const view = createView(profile, options);
      const layout = layoutTimeOrder(view);
      assertLayout(layout);
      assert.deepEqual(rowTexts(layout, view.frames).slice(1), timeRows(profile, options), `seed ${seed}`);
      assert.equal(
        layout.selfs.reduce((sum, self) => sum + self, 0),
        view.totals[0],
      );
    }
  });

  /** Row by row: neighbouring samples with the same path to that depth. */
  function timeRows(profile: Parameters<typeof createView>[0], options: ViewOptions): string[] {
    const range = options.range ?? { startUs: -Infinity, endUs: Infinity };
    const samples = samplesWithin(profile, range.startUs, range.endUs).map(({ node, startUs, us }) => ({
      startUs,
      us,
      names: node ? (stackOf(profile, node, 1, options)[0]?.names ?? []) : [],
    }));
    const start = samples[0].startUs;
    const rows: string[] = [];
    for (let depth = 1; depth <= Math.max(...samples.map(({ names }) => names.length)); depth++) {
      const boxes: { path: string; from: number; to: number; self: number }[] = [];
      for (const { startUs, us, names } of samples) {
        if (names.length < depth) continue;
        const path = names.slice(0, depth).join(' > ');
        let box = boxes.at(-1);
        if (box?.path !== path || box.to !== startUs - start)
          boxes.push((box = { path, from: startUs - start, to: 0, self: 0 }));
        box.to = startUs - start + us;
        if (names.length === depth) box.self += us;
      }
      rows.push(
        boxes
          .map(({ path, from, to, self }) => `${path.split(' > ').at(-1)} ${from}-${to}${self ? ` self ${self}` : ''}`)
          .join(', '),
      );
    }
    return rows;
  }
});

describe('Left heavy', () => {
  it('has the heaviest left, equal ones by name', () => {
    const view = viewOf(columnsOf({ [`${a} > ${c}`]: 2, [`${a} > ${b}`]: 2, [a]: 1, [b]: 6, [c]: 5 }));
    assert.deepEqual(rowTexts(layoutLeftHeavy(view, view.frames), view.frames), [
      '(root) 0-16',
      'b 0-6 self 6, a 6-11 self 1, c 11-16 self 5',
      'b 6-8 self 2, c 8-10 self 2',
    ]);
  });

  it('does not draw what has no value', () => {
    const view = viewOf(columnsOf({ [a]: 0, [`${b} > ${c}`]: 3 }));
    assert.deepEqual(rowTexts(layoutLeftHeavy(view, view.frames), view.frames), [
      '(root) 0-3',
      'b 0-3',
      'c 0-3 self 3',
    ]);
    assert.deepEqual(
      rowTexts(layoutLeftHeavy(viewOf(columnsOf({})), viewOf(columnsOf({})).frames), viewOf(columnsOf({})).frames),
      ['(root) 0-0'],
    );
  });

  it('is what the stacks say', () => {
    for (const seed of seeds) {
      const profile = randomProfile(seed);
      const options = { ...randomOptions(seed), measure: seed % 2 };
      const view = createView(profile, options);
      const layout = layoutLeftHeavy(view, view.frames);
      assertLayout(layout);
      assertSameValues(widthsByPath(layout, view.frames), totalsWithRoot(shownStacks(profile, options)));
      assertHeaviestLeft(layout, view);
    }
  });
});

describe('Inverted', () => {
  it('has the leaves by self value at the top, and their callers below', () => {
    const view = viewOf(columnsOf({ [`${a} > ${c}`]: 2, [`${b} > ${c}`]: 3, [`${a} > ${b} > ${c}`]: 4, [a]: 5 }));
    assert.deepEqual(rowTexts(layoutInverted(view), view.frames), [
      '(root) 0-14',
      'c 0-9 self 9, a 9-14 self 5',
      'b 0-7, a 7-9',
      'a 0-4',
    ]);
  });

  it('has what belongs to no frame as the root', () => {
    const view = viewOf(columnsOf({ 'tick@node:x:1': 3, [`${a} > tick@node:x:1`]: 2 }), { hideInternals: true });
    assert.deepEqual(rowTexts(layoutInverted(view), view.frames), ['(root) 0-5', '(root) 0-3 self 3, a 3-5 self 2']);
  });

  it('is what the stacks say, the top row summing to the total', () => {
    for (const seed of seeds) {
      const profile = randomProfile(seed);
      const options = { ...randomOptions(seed), measure: seed % 2 };
      const view = createView(profile, options);
      const layout = layoutInverted(view);
      assertLayout(layout);
      const inverted = shownStacks(profile, options).map(({ names, value }) => ({
        names: names.length ? [...names].reverse() : ['(root)'],
        value,
      }));
      assertSameValues(widthsByPath(layout, [...view.frames, othersFrame]), totalsWithRoot(inverted));
      assertHeaviestLeft(layout, view);
      assert.equal(layout.width, view.totals[0]);
      assert.equal(
        layout.selfs.reduce((sum, self) => sum + self, 0),
        view.totals[0],
      );
    }
  });

  it('tells paths below 0.01 % as others, all shares staying right', () => {
    const view = viewOf(fan(30_000, 30_000, (node) => (node === 1 ? 70_000 : 1)));
    const layout = layoutInverted(view);
    assertLayout(layout);
    const frames = [...view.frames, othersFrame];
    assert.deepEqual(rowTexts(layout, frames)[1], 'f0 0-70000 self 70000, (others) 70000-99999 self 29999');
  });

  it('stays small and quick where stacks are deep and hot in each frame', function () {
    this.timeout(30_000);
    for (const frameCount of [1, 100, 10_000]) {
      const view = viewOf(chain(10_000, frameCount, () => 1));
      const started = performance.now();
      const layout = layoutInverted(view);
      assert.ok(performance.now() - started < 5_000, `${frameCount} frames: ${performance.now() - started} ms`);
      assertLayout(layout);
      assert.ok(layout.lefts.length < 2_500_000, `${layout.lefts.length} boxes`);
      assert.ok(Math.abs(layout.selfs.reduce((sum, self) => sum + self, 0) - 10_000) < 1e-6);
    }
  });
});

describe('Sandwich', () => {
  it('has the callers and the callees of all calls of a frame', () => {
    const view = viewOf(
      columnsOf({ [`${a} > ${b} > ${c}`]: 2, [`${c} > ${b}`]: 3, [`${c} > ${a} > ${b} > ${a}`]: 4, [a]: 9 }),
    );
    const { callers, callees } = layoutSandwich(
      view,
      view.frames.findIndex(({ name }) => name === 'b'),
    );
    assert.deepEqual(rowTexts(callers, view.frames), ['b 0-9 self 3', 'a 0-6, c 6-9', 'c 0-4']);
    assert.deepEqual(rowTexts(callees, view.frames), ['b 0-9 self 3', 'a 0-4 self 4, c 4-6 self 2']);
  });

  it('counts recursion once', () => {
    const view = viewOf(columnsOf({ [`${a} > ${b} > ${a} > ${c}`]: 2, [`${a} > ${a}`]: 3 }));
    const { callers, callees } = layoutSandwich(view, 1);
    assert.deepEqual(rowTexts(callers, view.frames), ['a 0-5 self 3']);
    assert.deepEqual(rowTexts(callees, view.frames), ['a 0-5', 'a 0-3 self 3, b 3-5', 'a 3-5', 'c 3-5 self 2']);
  });

  it('is what the stacks say for every frame, both halves with its total', () => {
    for (const seed of seeds.slice(0, 24)) {
      const profile = randomProfile(seed);
      const options = randomOptions(seed);
      const view = createView(profile, options);
      const stacks = shownStacks(profile, options);
      view.frames.forEach(({ name }, frame) => {
        if (frame === 0) return;
        const { callers, callees } = layoutSandwich(view, frame);
        assertLayout(callees);
        assert.equal(callers.width, view.frameTotals[frame]);
        assert.equal(callees.width, view.frameTotals[frame]);
        const through = stacks.filter(({ names }) => names.includes(name));
        const up = through.map(({ names, value }) => ({ names: names.slice(0, names.indexOf(name)).reverse(), value }));
        const down = through.map(({ names, value }) => ({ names: names.slice(names.indexOf(name) + 1), value }));
        assertSameValues(widthsByPath(callers, [...view.frames, othersFrame]), totalsWithRoot(up));
        assertSameValues(widthsByPath(callees, view.frames), totalsWithRoot(down));
      });
    }
  });

  it('is linear in depth and in width', function () {
    this.timeout(10_000);
    const started = performance.now();
    const recursive = viewOf(chain(10_000, 2, () => 1));
    const { callers, callees } = layoutSandwich(recursive, 2);
    assert.deepEqual([callers.rowStarts.length, callees.rowStarts.length, callees.width], [3, 10_000, 9_999]);
    const wide = viewOf(fan(100_000, 100_000, () => 1));
    assert.equal(layoutSandwich(wide, 5).callees.width, 1);
    assert.equal(layoutSandwich(wide, 0).callees.lefts.length, 100_001);
    assert.ok(performance.now() - started < 3_000);
  });
});

describe('Layouts of extreme trees', () => {
  it('follow a stack of 10,000 calls', () => {
    const view = viewOf(chain(10_000, 10_000, (node) => (node === 10_000 ? 5 : 1)));
    for (const layout of [layoutTimeOrder(view), layoutLeftHeavy(view, view.frames)]) {
      assertLayout(layout);
      assert.equal(layout.rowStarts.length, 10_002);
      assert.equal(layout.lefts.length, 10_001);
      assert.equal(layout.rights[10_000] - layout.lefts[10_000], 5);
    }
  });

  it('sort 100,000 callees of one caller', function () {
    this.timeout(10_000);
    const view = viewOf(fan(100_000, 100_000, (node) => 1 + ((node * 7919) % 1000)));
    const started = performance.now();
    const layout = layoutLeftHeavy(view, view.frames);
    assert.ok(performance.now() - started < 3_000);
    assertLayout(layout);
    assertHeaviestLeft(layout, view);
    const overTime = layoutTimeOrder(view);
    assertLayout(overTime);
    assert.equal(overTime.lefts.length, 100_001);
  });
});

/** Paths above row 0, and row 0 although nothing is there. */
function totalsWithRoot(stacks: readonly Stack[]): Map<string, number> {
  const totals = totalsByPath(stacks);
  bump(totals, '', 0);
  return totals;
}

function assertHeaviestLeft({ lefts, rights, frames, parents }: FlameLayout, view: ProfileView): void {
  const name = (box: number): string => view.frames[frames[box]]?.name;
  for (let box = 1; box < lefts.length; box++) {
    if (parents[box] !== parents[box - 1]) continue;
    const wider = rights[box - 1] - lefts[box - 1] - (rights[box] - lefts[box]);
    assert.ok(wider > 1e-9 || (wider > -1e-9 && name(box - 1) <= name(box)), `box ${box} after box ${box - 1}`);
  }
}
