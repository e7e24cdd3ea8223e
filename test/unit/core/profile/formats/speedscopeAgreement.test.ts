import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createView } from '../../../../../src/core/flame/view/createView';
import type { FlameLayout } from '../../../../../src/core/flame/layouts/flameLayout';
import { layoutLeftHeavy } from '../../../../../src/core/flame/layouts/layoutLeftHeavy';
import { layoutSandwich } from '../../../../../src/core/flame/layouts/layoutSandwich';
import { layoutTimeOrder } from '../../../../../src/core/flame/layouts/layoutTimeOrder';
import type { ProfileView, ViewFrame } from '../../../../../src/core/flame/view/profileView';
import { defaultViewOptions } from '../../../../../src/core/flame/view/viewOptions';
import { readFolded, writeFolded } from '../../../../../src/core/profile/formats/folded';
import { readPprof } from '../../../../../src/core/profile/formats/readPprof';
import { readSpeedscope } from '../../../../../src/core/profile/formats/readSpeedscope';
import { writePprof } from '../../../../../src/core/profile/formats/writePprof';
import { writeSpeedscope } from '../../../../../src/core/profile/formats/writeSpeedscope';
import { writeCpuProfile } from '../../../../../src/core/profile/formats/writeV8';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { readColumns } from '../../../../../src/node/profiles/readColumns';
import { columnsOf } from '../../../../support/columnsBuilder';
import { randomNumbers } from '../../../../support/mutate';
import { profileFixtures, readFixtureText } from '../../../../support/recordedProfiles';
import {
  loadSpeedscope,
  speedscopeMissing,
  type PeerFrame,
  type PeerNode,
  type PeerProfile,
} from '../../../../support/speedscopePeer';

/** Boxes of a view, as `depth name value` in drawing order; values to a thousandth. */
type Picture = string[];

const line = (depth: number, name: string, value: number): string =>
  `${depth} ${name} ${Math.round(value * 1000) / 1000}`;

/** Speedscope names an anonymous function after its place; by place they are the same. */
function frameName({ name, place: { url, line: own } }: ViewFrame): string {
  return placed(name, url, own);
}

function peerName({ name, file, line: own }: PeerFrame): string {
  return placed(name, file ?? '', (own ?? 0) - 1);
}

/** Without the column, which speedscope does not read from pprof; no two functions here differ in it alone. */
function placed(name: string, url: string, own: number): string {
  // V8's own frames have no line, which speedscope takes for line 0.
  return `${name.startsWith('(anonymous') ? '(anonymous)' : name}@${url}:${own}`;
}

/** Depth first, without the root box; of a tree that both lay out by weight, by name where weights are equal. */
function ourPicture(
  { rowStarts, lefts, rights, frames, parents }: FlameLayout,
  names: readonly ViewFrame[],
  sorted: boolean,
): Picture {
  const children: number[][] = Array.from(lefts, () => []);
  for (let box = 1; box < lefts.length; box++) children[parents[box]].push(box);
  const rowOf = (box: number): number => rowStarts.findLastIndex((start) => start <= box);
  const name = (box: number): string => (names[frames[box]] ? frameName(names[frames[box]]) : '(others)');
  const picture: Picture = [];
  const visit = (box: number): void => {
    if (box) picture.push(line(rowOf(box), name(box), rights[box] - lefts[box]));
    const below = children[box];
    if (sorted) below.sort((a, b) => (name(a) < name(b) ? -1 : 1));
    below.forEach(visit);
  };
  visit(0);
  return picture;
}

function peerPicture(root: PeerNode, factor: number, sorted: boolean): Picture {
  const picture: Picture = [];
  const visit = (node: PeerNode, depth: number): void => {
    // What never lasted is no box of ours.
    if (depth && !(node.getTotalWeight() > 0)) return;
    if (depth) picture.push(line(depth, peerName(node.frame), node.getTotalWeight() * factor));
    const below = [...node.children];
    if (sorted) below.sort((a, b) => (peerName(a.frame) < peerName(b.frame) ? -1 : 1));
    for (const child of below) visit(child, depth + 1);
  };
  visit(root, 0);
  return picture;
}

/** Compares every view of one measure; returns how many boxes and functions there were. */
function assertAgreement(
  columns: ProfileColumns,
  measure: number,
  peer: PeerProfile,
  factor: number,
): { boxes: number; functions: number } {
  const view = createView(columns, { ...defaultViewOptions, measure, hideIdle: false });
  const leftHeavy = ourPicture(layoutLeftHeavy(view, view.frames), view.frames, true);
  assert.deepEqual(leftHeavy, peerPicture(peer.getGroupedCalltreeRoot(), factor, true), 'left heavy');
  if (view.timeline) {
    assert.deepEqual(
      ourPicture(layoutTimeOrder(view), view.frames, false),
      peerPicture(peer.getAppendOrderCalltreeRoot(), factor, false),
      'time order',
    );
  }
  return { boxes: leftHeavy.length, functions: assertSandwiches(view, peer, factor) };
}

function assertSandwiches(view: ProfileView, peer: PeerProfile, factor: number): number {
  const peerFrames = new Map<string, PeerFrame>();
  peer.forEachFrame((frame) => {
    if (frame.getTotalWeight() > 0) peerFrames.set(peerName(frame), frame);
  });
  let functions = 0;
  view.frames.forEach((frame, index) => {
    if (frame.category === 'root' || !(view.frameTotals[index] > 0)) return;
    const name = frameName(frame);
    const other = peerFrames.get(name);
    assert.ok(other, `speedscope has no ${name}`);
    functions++;
    assert.equal(line(0, name, view.frameSelfs[index]), line(0, name, other.getSelfWeight() * factor), 'self');
    assert.equal(line(0, name, view.frameTotals[index]), line(0, name, other.getTotalWeight() * factor), 'total');
    // Row 0 of ours is the function itself, which in speedscope's trees is the first row below the root.
    const { callers, callees } = layoutSandwich(view, index);
    const below = (layout: FlameLayout): Picture => [
      line(0, name, layout.rights[0]),
      ...ourPicture(layout, view.frames, true),
    ];
    const shifted = (root: PeerNode): Picture =>
      peerPicture(root, factor, true).map((text) => text.replace(/^\d+/, (depth) => String(Number(depth) - 1)));
    assert.deepEqual(
      below(callers),
      shifted(peer.getInvertedProfileForCallersOf(other).getGroupedCalltreeRoot()),
      `callers of ${name}`,
    );
    assert.deepEqual(
      below(callees),
      shifted(peer.getProfileForCalleesOf(other).getGroupedCalltreeRoot()),
      `callees of ${name}`,
    );
  });
  assert.equal(functions, peerFrames.size, 'as many functions');
  return functions;
}

/**
 * Stacks with recursion, anonymous functions and gaps; the last sample is a gap, so that all formats end alike, and none
 * is so short that a row of callers sums it up.
 */
function manyStacks(seed: number, bareNames = false): ProfileColumns {
  const random = randomNumbers(seed);
  const upTo = (most: number): number => Math.floor(random() * most);
  let stack: string[] = [];
  const steps = Array.from({ length: 600 }, (_, i): [string, number] => {
    stack = stack.slice(0, upTo(stack.length + 1));
    for (let n = upTo(6); n > 0; n--)
      stack.push(bareNames ? `f${upTo(40)}` : `${upTo(9) ? `f${upTo(15)}` : ''}@/app/m${upTo(2)}.js:${upTo(4)}`);
    return [i === 599 || !upTo(12) ? '' : stack.join(' > '), 100 + upTo(300)];
  });
  return columnsOf({}, { timeline: steps, title: `seed ${seed}` });
}

const text = (chunks: Iterable<string>): string => [...chunks].join('');

describe('agreement with speedscope', function () {
  this.timeout(60_000);
  let peer: ReturnType<typeof loadSpeedscope>;

  before(function () {
    const missing = speedscopeMissing();
    if (missing) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
    peer = loadSpeedscope();
  });

  const imported = async (name: string, content: string | Uint8Array): Promise<PeerProfile[]> => {
    const group =
      typeof content === 'string'
        ? await peer.importProfileGroupFromText(name, content)
        : await peer.importProfilesFromArrayBuffer(name, content.slice().buffer);
    assert.ok(group, `speedscope does not read ${name}`);
    return group.profiles;
  };

  for (const seed of [1, 2, 3]) {
    it(`on every view of a speedscope file with events (seed ${seed})`, async () => {
      const json = text(writeSpeedscope(manyStacks(seed)));
      const [ours] = readSpeedscope(JSON.parse(json), 'x');
      const { boxes, functions } = assertAgreement(ours, 0, (await imported('x.json', json))[0], 1);
      assert.ok(boxes > 500 && functions > 50, `${boxes} boxes, ${functions} functions`);
    });

    it(`on every view of a .cpuprofile (seed ${seed})`, async () => {
      const json = text(writeCpuProfile(manyStacks(seed), 0));
      const { boxes } = assertAgreement(manyStacks(seed), 0, (await imported('x.cpuprofile', json))[0], 1);
      assert.ok(boxes > 500);
    });

    it(`on every view of a pprof file (seed ${seed})`, async () => {
      const bytes = writePprof(manyStacks(seed));
      const { boxes } = assertAgreement(readPprof(bytes, 'x'), 0, (await imported('x.pb', bytes))[0], 1 / 1000);
      assert.ok(boxes > 500);
    });

    it(`on every view of folded stacks (seed ${seed})`, async () => {
      // Speedscope takes the whole text of a frame as its name, places too.
      const content = text(writeFolded(manyStacks(seed, true), 0));
      const { boxes } = assertAgreement(readFolded(content, 'x'), 0, (await imported('x.folded', content))[0], 1);
      assert.ok(boxes > 500);
    });
  }

  it('on samples with weights, in each unit', async () => {
    const random = randomNumbers(9);
    const samples = Array.from({ length: 200 }, () =>
      Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 6)),
    );
    for (const [unit, factor] of [
      ['milliseconds', 1000],
      ['bytes', 1],
      ['none', 1],
    ] as const) {
      const json = JSON.stringify({
        $schema: 'https://www.speedscope.app/file-format-schema.json',
        shared: { frames: Array.from({ length: 6 }, (_, i) => ({ name: `f${i}`, file: 'a.js', line: i + 1 })) },
        profiles: [
          {
            type: 'sampled',
            name: 'x',
            unit,
            startValue: 0,
            endValue: 2000,
            samples,
            weights: samples.map((_, i) => 1 + (i % 13)),
          },
        ],
      });
      assertAgreement(readSpeedscope(JSON.parse(json), 'x')[0], 0, (await imported('x.json', json))[0], factor);
    }
  });

  for (const version of [20, 22, 24, 26]) {
    // Totals differ by design: speedscope puts garbage collection on top of the stack that it interrupts, V8 and we do not.
    it(`on the self time of each function that Node ${version} recorded, but for the last sample, whose time speedscope drops`, async () => {
      const path = join(profileFixtures, `node${version}.cpuprofile`);
      const [columns] = await readColumns(path);
      const [theirs] = await imported('x.cpuprofile', readFixtureText(`node${version}.cpuprofile`));
      const { nodes, startsUs, endUs } = columns.timeline!;
      const self = columns.measures[0].self.slice();
      self[nodes[nodes.length - 1]] -= endUs - startsUs[startsUs.length - 1];
      const view = createView({ ...columns, measures: [{ ...columns.measures[0], self }] }, defaultViewOptions);
      const selfs = (pairs: Iterable<readonly [string, number]>): Record<string, number> =>
        Object.fromEntries([...pairs].filter(([, us]) => us > 0));
      const ours = selfs(view.frames.map((frame, i) => [frameName(frame), view.frameSelfs[i]] as const));
      const peers: [string, number][] = [];
      theirs.forEachFrame((frame) => peers.push([peerName(frame), frame.getSelfWeight()]));
      assert.deepEqual(ours, selfs(peers));
      assert.ok(Object.keys(ours).length > 5);
    });

    it(`on what Heatlens exports of profiles that Node ${version} recorded`, async () => {
      for (const extension of ['cpuprofile', 'heapprofile']) {
        const [columns] = await readColumns(join(profileFixtures, `node${version}.${extension}`));
        const [theirs] = await imported('x.json', text(writeSpeedscope(columns)));
        const { boxes } = assertAgreement(columns, 0, theirs, 1);
        assert.ok(boxes > 5, `${boxes} boxes`);
      }
    });
  }
});
