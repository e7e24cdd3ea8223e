import assert from 'node:assert/strict';
import type { ProfileColumns } from '../../../../src/core/profile/profileColumns';
import { decodeColumns, encodeColumns } from '../../../../src/core/profile/columnsCodec';
import { MeasuredThread } from '../../../../src/node/recording/measuredThread';
import type { ColumnsReader } from '../../../../src/core/heat/heatSource';
import { createColumnsReader } from '../../../../src/node/recording/recordedColumns';
import type { RecordingOptions } from '../../../../src/node/recording/recordingTypes';
import { lineResolver } from '../../../support/lineResolver';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';

const main = 'main@/a.js:0';
const hot = `${main} > hot@/a.js:5`;
const cold = `${main} > cold@/a.js:9`;

function thread(id = '1'): MeasuredThread {
  return new MeasuredThread(id, `app.js (${id})`, { pid: Number(id) }, lineResolver({}), () => undefined);
}

/** A window of one stack; µs of the target's clock are epoch ms times 1000 here. */
function addCpu(to: MeasuredThread, stack: string, startMs: number, endMs: number): void {
  to.addCpu(cpuProfile([{ stack, us: (endMs - startMs) * 1_000 }], startMs * 1_000), { startMs, endMs });
}

function readerOf(threads: () => MeasuredThread[], window: RecordingOptions['window'] = 'cumulative'): ColumnsReader {
  return createColumnsReader(
    () => threads().map((each) => ({ thread: each, kind: 'ordinary' })),
    () => window,
  );
}

/** Self value by stack of one measure. */
function selfs({ parents, nodeFrames, frames, measures }: ProfileColumns, kind: string): Record<string, number> {
  const { self } = measures.find((measure) => measure.kind === kind)!;
  const found: Record<string, number> = {};
  self.forEach((value, node) => {
    if (!value) return;
    const names: string[] = [];
    for (let at = node; at > 0; at = parents[at]) names.push(frames[nodeFrames[at]].functionName);
    found[names.reverse().join(' > ')] = value;
  });
  return found;
}

describe('a recording as a profile', () => {
  it('is nothing before something was measured', () => {
    assert.equal(readerOf(() => []).read(), undefined);
    assert.equal(readerOf(() => [thread()]).read(), undefined);
  });

  it('has what waited as a measure of its own, and not as CPU time', () => {
    const target = thread();
    const samples = Array.from({ length: 200 }, (_, n) => ({ stack: n % 40 < 20 ? hot : cold, us: 5_000 }));
    const atUs = Float64Array.from({ length: 101 }, (_, n) => 1_000 + n * 10_000);
    // `cold` runs, `hot` does not.
    const usedUs = atUs.map((_, n) => Math.floor(n / 20) * 100_000 + Math.max(0, (n % 20) - 10) * 10_000);
    target.addCpu(cpuProfile(samples), { startMs: 0, endMs: 1_000 }, { atUs, usedUs, ranUs: usedUs, isCoarse: false });
    const { columns } = readerOf(() => [target]).read()!;
    assert.deepEqual(
      columns.measures.map(({ kind, label, unit }) => `${kind} ${label} ${unit}`),
      ['cpu CPU time µs', 'other Waiting µs'],
    );
    assert.deepEqual(selfs(columns, 'cpu'), { 'main > cold': 500_000 });
    assert.deepEqual(selfs(columns, 'other'), { 'main > hot': 500_000 });
    assert.deepEqual(decodeColumns(encodeColumns(columns)), { ...columns, frames: columns.frames });
  });

  it('has CPU, allocated and live bytes of one thread in one tree, with its samples in time order', () => {
    const target = thread();
    addCpu(target, hot, 1_000, 3_000);
    addCpu(target, cold, 3_000, 4_000);
    target.addHeap({
      measure: 'allocated',
      profile: heapProfile({ [hot]: 500, 'elsewhere@/b.js:1': 20 }),
      sampleBytes: 16,
      startMs: 1_000,
      endMs: 2_000,
    });
    target.addHeap({
      measure: 'live',
      profile: heapProfile({ [cold]: 70 }),
      sampleBytes: 16,
      startMs: 2_000,
      endMs: 3_000,
    });
    const { columns, resolvers } = readerOf(() => [target]).read()!;
    assert.equal(columns.title, 'app.js (1)');
    assert.deepEqual(
      columns.measures.map(({ kind, unit }) => `${kind} ${unit}`),
      ['cpu µs', 'allocated bytes', 'live bytes'],
    );
    assert.deepEqual(selfs(columns, 'cpu'), { 'main > hot': 2_000_000, 'main > cold': 1_000_000 });
    assert.deepEqual(selfs(columns, 'allocated'), { 'main > hot': 500, elsewhere: 20 });
    assert.deepEqual(selfs(columns, 'live'), { 'main > cold': 70 });
    assert.equal(resolvers.length, columns.frames.length);
    assert.ok(resolvers.every((resolver) => resolver === target.resolver));
    const { timeline } = columns;
    assert.deepEqual(Array.from(timeline!.startsUs), [1_000_000, 3_000_000]);
    assert.equal(timeline!.endUs, 4_000_000);
    assert.deepEqual(
      Array.from(timeline!.nodes, (node) => columns.frames[columns.nodeFrames[node]].functionName),
      ['hot', 'cold'],
    );
    // What the page reads checks every number.
    assert.deepEqual(decodeColumns(encodeColumns(columns)), { ...columns, frames: columns.frames });
  });

  it('sums threads, which have no common order in time, and knows who maps each frame', () => {
    const [a, b] = [thread('1'), thread('2')];
    addCpu(a, hot, 0, 1_000);
    addCpu(b, hot, 0, 500);
    addCpu(b, 'own@/b.js:1', 500, 600);
    const { columns, resolvers } = readerOf(() => [a, b]).read()!;
    assert.deepEqual(selfs(columns, 'cpu'), { 'main > hot': 1_500_000, own: 100_000 });
    assert.equal(columns.timeline, undefined);
    assert.match(columns.title, /^app\.js \(1\) \+ 1$/);
    assert.equal(resolvers[columns.frames.findIndex(({ functionName }) => functionName === 'own')], b.resolver);
    assert.equal(resolvers[columns.frames.findIndex(({ functionName }) => functionName === 'hot')], a.resolver);
  });

  it('goes on where it was at each reading, and leaves what it gave unchanged', () => {
    const target = thread();
    const reader = readerOf(() => [target]);
    addCpu(target, hot, 0, 1_000);
    const first = reader.read()!.columns;
    addCpu(target, hot, 1_000, 2_000);
    addCpu(target, cold, 2_000, 3_000);
    const second = reader.read()!.columns;
    assert.deepEqual(selfs(first, 'cpu'), { 'main > hot': 1_000_000 });
    assert.deepEqual(selfs(second, 'cpu'), { 'main > hot': 2_000_000, 'main > cold': 1_000_000 });
    assert.equal(first.parents.length, second.parents.length - 1);
    assert.equal(first.frames.length, second.frames.length - 1);
    assert.equal(first.timeline!.nodes.length, 1);
  });

  it('begins anew after a reset, and when a thread is no longer selected', () => {
    const [a, b] = [thread('1'), thread('2')];
    addCpu(a, hot, 0, 1_000);
    addCpu(b, 'own@/b.js:1', 0, 1_000);
    let shown = [a, b];
    const reader = readerOf(() => shown);
    reader.read();
    shown = [b];
    assert.deepEqual(
      reader.read()!.columns.frames.map(({ functionName }) => functionName),
      ['(root)', 'own'],
    );
    b.forget();
    assert.equal(reader.read(), undefined);
    addCpu(b, cold, 2_000, 3_000);
    assert.deepEqual(selfs(reader.read()!.columns, 'cpu'), { 'main > cold': 1_000_000 });
  });

  it('slides: sums and samples of the last windows only', () => {
    const target = thread();
    target.keepRecent(60_000);
    const now = Date.now();
    addCpu(target, hot, now - 50_000, now - 49_000);
    addCpu(target, cold, now - 2_000, now - 1_000);
    const { columns } = readerOf(() => [target], { slidingMs: 10_000 }).read()!;
    assert.deepEqual(selfs(columns, 'cpu'), { 'main > cold': 1_000_000 });
    assert.deepEqual(Array.from(columns.timeline!.startsUs), [(now - 2_000) * 1_000]);
  });

  it('says what was wrong with the measurement, by thread', () => {
    const target = thread();
    addCpu(target, hot, 0, 1_000);
    target.noteProblem('3 samples have no time');
    assert.deepEqual(readerOf(() => [target]).read()!.columns.problems, ['app.js (1): 3 samples have no time.']);
  });
});
