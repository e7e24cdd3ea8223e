import assert from 'node:assert/strict';
import { createView } from '../../../../../src/core/flame/view/createView';
import { isBig, leastVisible, thinTimeline } from '../../../../../src/core/flame/layouts/draft';
import type { FlameLayout } from '../../../../../src/core/flame/layouts/flameLayout';
import { layoutLeftHeavy } from '../../../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutTimeOrder } from '../../../../../src/core/flame/layouts/layoutTimeOrder';
import { defaultViewOptions as options } from '../../../../../src/core/flame/view/viewOptions';
import { assertLayout, randomProfile } from '../../../../support/flameTruth';
import { syntheticColumns } from '../../../../support/syntheticColumns';
import { syntheticProfile } from '../../../../support/syntheticProfile';

/** Frames of the boxes at a time, from the root. */
function stackAt({ rowStarts, lefts, rights, frames }: FlameLayout, time: number): number[] {
  const stack: number[] = [];
  for (let row = 0; row + 1 < rowStarts.length; row++) {
    for (let box = rowStarts[row]; box < rowStarts[row + 1]; box++) {
      if (lefts[box] <= time && time < rights[box]) stack.push(frames[box]);
    }
  }
  return stack;
}

/** Widths by the numbers of the frames from the root. */
function widthsByStack({ parents, frames, lefts, rights }: FlameLayout): Map<string, number> {
  const stacks: string[] = [];
  const widths = new Map<string, number>();
  parents.forEach((parent, box) => {
    stacks[box] = parent < 0 ? '' : `${stacks[parent]} ${frames[box]}`;
    widths.set(stacks[box], rights[box] - lefts[box]);
  });
  assert.equal(widths.size, parents.length);
  return widths;
}

describe('a draft of a flame graph', () => {
  const view = createView(syntheticColumns(syntheticProfile(150_000)), options);

  it('is for big profiles only', () => {
    assert.ok(isBig(view));
    assert.ok(!isBig(createView(randomProfile(1), options)));
  });

  it('has every box of the whole left heavy layout that shows, in its place', () => {
    const whole = layoutLeftHeavy(view, view.frames);
    const draft = layoutLeftHeavy(view, view.frames, leastVisible(view));
    assertLayout(draft);
    assert.ok(draft.lefts.length < whole.lefts.length);
    const widths = widthsByStack(draft);
    const least = leastVisible(view);
    for (const [path, width] of widthsByStack(whole)) {
      if (width >= least * 1.001) assert.equal(widths.get(path)?.toFixed(3), width.toFixed(3), path);
    }
  });

  it('has the stack of the whole time order at each of its steps', () => {
    const timeline = thinTimeline(view.timeline!);
    const draft = layoutTimeOrder({ ...view, timeline });
    assertLayout(draft);
    assert.equal(timeline.nodes.length, 20_000);
    const whole = layoutTimeOrder(view);
    assert.equal(draft.width, whole.width);
    for (let step = 0; step < 20_000; step += 1_999) {
      const time = timeline.startsUs[step] - timeline.startsUs[0];
      assert.deepEqual(stackAt(draft, time), stackAt(whole, time));
    }
  });

  it('leaves a short timeline as it is', () => {
    const { timeline } = createView(randomProfile(2), options);
    assert.equal(thinTimeline(timeline!), timeline);
  });
});
