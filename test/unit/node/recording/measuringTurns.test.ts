import assert from 'node:assert/strict';
import type { Parts } from '../../../../src/node/instruments/instrument';
import { createCoverage, scaleOf } from '../../../../src/node/recording/coverage';
import {
  createMeasuringTurns,
  oneAtATime,
  type MeasuringTurns,
  type TurnIsolate,
} from '../../../../src/node/recording/measuringTurns';
import { until } from '../../../support/agentTarget';

describe('turns of isolates', function () {
  this.timeout(20_000);
  let turns: MeasuringTurns;
  let given: Map<string, Parts[]>;
  const used = new Map<string, number>();

  const isolate = (id: string, assign?: (parts: Parts) => Promise<void>): TurnIsolate => {
    given.set(id, []);
    used.set(id, 0);
    return {
      id,
      usedMs: () => used.get(id),
      sampledMs: () => 0,
      coverage: createCoverage(),
      assign: async (parts) => {
        given.get(id)!.push(parts);
        await assign?.(parts);
      },
    };
  };
  const sampledNow = (): string[] => [...given].filter(([, all]) => all.at(-1)?.cpu).map(([id]) => id);

  beforeEach(() => {
    given = new Map();
    used.clear();
    turns = createMeasuringTurns({ cpuIntervalUs: () => 5_000 });
  });
  afterEach(() => turns.dispose());

  it('are all given at once while there are few', async () => {
    for (let n = 0; n < 10; n++) turns.add(isolate(String(n)), true);
    await until(() => sampledNow().length === 10, 'all are measured');
    assert.equal([...given.values()].filter(([parts]) => parts.heap).length, 4, 'ten heaps are too many');
    assert.equal(turns.state.isolates, 10);
  });

  it('go to the one that runs, of many', async () => {
    const isolates = Array.from({ length: 65 }, (_, n) => isolate(String(n)));
    const burning = setInterval(() => used.set('33', used.get('33')! + 50), 50);
    try {
      for (const each of isolates) turns.add(each, true);
      await until(() => sampledNow().length > 0, 'a turn');
      assert.deepEqual(sampledNow(), ['33']);
      assert.deepEqual(given.get('33')!.at(-1), { cpu: true, heap: true });
      assert.equal([...given.values()].filter((all) => all.length).length, 1, 'nothing is asked of the others');
      assert.equal(isolates[0].coverage.share, 0);
    } finally {
      clearInterval(burning);
    }
  });

  it('are not given before all that will come are there', async () => {
    const coming = Array.from({ length: 64 }, () => turns.expect(false));
    turns.add(isolate('main'), true, { cpu: true, heap: true });
    for (let n = 0; n < 3; n++) {
      coming[n].dispose();
      turns.add(isolate(String(n)), true);
    }
    await until(() => turns.state.isolates === 65, 'the count');
    await new Promise((resolve) => setTimeout(resolve, 60)); // what they would be gathered in, several times
    assert.deepEqual(sampledNow(), []);
  });

  it('are given at once to what has just begun, as long as there is room', () => {
    const first = turns.expect(true);
    assert.deepEqual(first.parts, { cpu: true, heap: true });
    const others = Array.from({ length: 9 }, () => turns.expect(true));
    assert.deepEqual(others.at(-1)!.parts, { cpu: true, heap: false });
    assert.deepEqual(turns.expect(true).parts, { cpu: false, heap: false });
    first.dispose();
    first.dispose();
    assert.equal(turns.state.isolates, 10);
  });

  it('stand still while they are held', async () => {
    const held = turns.hold();
    turns.add(isolate('a'), true);
    await new Promise((resolve) => setTimeout(resolve, 60)); // what they would be gathered in, several times
    assert.deepEqual(sampledNow(), []);
    held.dispose();
    held.dispose();
    await until(() => sampledNow().length === 1, 'the turn');
  });

  it('do not end while they are frozen, and begin', async () => {
    const first = isolate('a');
    turns.add(first, true);
    await until(() => sampledNow().length === 1, 'the turn');
    const frozen = turns.freeze();
    first.coverage.leaveOut();
    turns.add(isolate('b'), true);
    await until(() => sampledNow().length === 2, 'the next one');
    used.set('a', 500);
    frozen.dispose();
    assert.equal(first.coverage.totalMs, 0, 'what was used meanwhile does not count');
  });

  it('tell what nobody saw, of those that have ended too', async () => {
    const isolates = Array.from({ length: 30 }, (_, n) => isolate(String(n)));
    for (const each of isolates) turns.add(each, true);
    await until(() => isolates[0].coverage.share !== undefined, 'a plan');
    used.set('7', 5);
    turns.remove(isolates[7]);
    used.set('8', 3);
    turns.remove(isolates[8]);
    assert.deepEqual(turns.unseen, { threads: 30, usedMs: 8, allMs: 8 });
  });
});

describe('what is asked for while something is under way', () => {
  it('is done once, and the last of it', async () => {
    const done: number[] = [];
    let release: (() => void) | undefined;
    const ask = oneAtATime(async (value: number) => {
      done.push(value);
      await new Promise<void>((resolve) => (release = resolve));
    });
    const all = [ask(1), ask(2), ask(3)];
    release!();
    await until(() => done.length === 2, 'the last one');
    release!();
    await Promise.all(all);
    assert.deepEqual(done, [1, 3]);
  });
});

describe('coverage', () => {
  it('is a share of what was used, from the time when it was left out', () => {
    const coverage = createCoverage();
    coverage.mark(100, false);
    assert.equal(coverage.share, undefined);
    assert.equal(scaleOf(coverage), 1);
    coverage.leaveOut();
    assert.deepEqual([coverage.share, scaleOf(coverage)], [0, 1], 'nothing is made of nothing');
    coverage.mark(130, false);
    coverage.mark(140, true);
    coverage.skip(1_000);
    assert.deepEqual([coverage.share, coverage.totalMs, scaleOf(coverage)], [0.25, 40, 4]);
    coverage.mark(1_000_000, false);
    assert.equal(scaleOf(coverage), 50, 'bounded');
    coverage.forget();
    coverage.mark(1_000_010, true);
    assert.equal(coverage.share, 1);
  });
});
