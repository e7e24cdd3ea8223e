import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createView } from '../../../../src/core/flame/view/createView';
import { layoutInverted } from '../../../../src/core/flame/layouts/layoutInverted';
import { layoutLeftHeavy } from '../../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutSandwich } from '../../../../src/core/flame/layouts/layoutSandwich';
import { layoutTimeOrder } from '../../../../src/core/flame/layouts/layoutTimeOrder';
import { defaultViewOptions } from '../../../../src/core/flame/view/viewOptions';
import type { V8CpuProfile, V8HeapNode, V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import { readColumns } from '../../../../src/node/profiles/readColumns';
import { assertLayout } from '../../../support/flameTruth';
import { profileFixtures, readFixture } from '../../../support/recordedProfiles';

/** Agrees to a part in a million. */
function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * 1e-6 + 1e-6, `${actual} instead of ${expected}`);
}

describe('Flame graphs of recorded profiles', () => {
  const files = readdirSync(profileFixtures).filter((name) => /\.(cpu|heap)profile$/.test(name));

  it('has profiles to draw', () => assert.ok(files.length >= 8));

  for (const file of files) {
    it(`draws ${file} in each view, all with its total`, async () => {
      const [profile] = await readColumns(join(profileFixtures, file));
      const all = createView(profile, { ...defaultViewOptions, hideIdle: false });
      assertClose(all.totals[0], file.endsWith('.cpuprofile') ? sampledUs(file) : sampledBytes(file));

      for (let bits = 0; bits < 16; bits++) {
        const options = {
          measure: 0,
          mergeRecursion: (bits & 1) > 0,
          foldPackages: (bits & 2) > 0,
          hideInternals: (bits & 4) > 0,
          hideIdle: (bits & 8) > 0,
        };
        const view = createView(profile, options);
        const total = view.totals[0];
        assertClose(total, all.totals[0] - (options.hideIdle ? idleOf(all) : 0));
        const layouts = [layoutLeftHeavy(view, view.frames), layoutInverted(view)];
        if (view.timeline) layouts.push(layoutTimeOrder(view));
        for (const layout of layouts) {
          assertLayout(layout);
          assertClose(
            layout.selfs.reduce((sum, self) => sum + self, 0),
            total,
          );
        }
        const [{ rowStarts, lefts, rights }] = layouts.slice(1);
        let topRow = 0;
        for (let box = rowStarts[1]; box < rowStarts[2]; box++) topRow += rights[box] - lefts[box];
        assertClose(topRow, total);
        view.frames.forEach(({ category }, frame) => {
          assert.ok(view.frameTotals[frame] <= total * (1 + 1e-9));
          if (options.hideInternals) assert.ok(category !== 'node' && category !== 'native');
          if (options.hideIdle) assert.ok(category !== 'idle');
          if (frame % 16) return;
          const { callers, callees } = layoutSandwich(view, frame);
          for (const half of [callers, callees]) assertClose(half.width, view.frameTotals[frame]);
          assertLayout(callees);
        });
      }
    });
  }
});

function idleOf({ frames, frameTotals }: ReturnType<typeof createView>): number {
  return frames.reduce((sum, { category }, frame) => (category === 'idle' ? sum + frameTotals[frame] : sum), 0);
}

/** From the first sample to the end; V8's own root is nobody. */
function sampledUs(file: string): number {
  const { nodes, samples, timeDeltas, startTime, endTime } = readFixture(file) as Required<V8CpuProfile>;
  let clock = startTime;
  const starts = timeDeltas
    .map((delta, i) => ({ start: (clock += delta), id: samples[i] }))
    .sort((a, b) => a.start - b.start);
  const end = Math.max(endTime, starts.at(-1)!.start);
  return starts.reduce(
    (sum, { start, id }, i) => sum + (id === nodes[0].id ? 0 : (starts[i + 1]?.start ?? end) - start),
    0,
  );
}

function sampledBytes(file: string): number {
  let bytes = 0;
  const waiting: V8HeapNode[] = [(readFixture(file) as V8HeapProfile).head];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    bytes += node.selfSize;
    waiting.push(...node.children);
  }
  return bytes;
}
