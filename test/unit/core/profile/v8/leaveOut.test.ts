import assert from 'node:assert/strict';
import { busyUs } from '../../../../../src/core/profile/v8/busyTime';
import { leaveOut } from '../../../../../src/core/profile/v8/leaveOut';
import { readV8Cpu } from '../../../../../src/core/profile/v8/readV8';
import { cpuColumnsOf } from '../../../../../src/core/profile/v8/v8Columns';
import type { V8CpuProfile } from '../../../../../src/core/profile/v8/v8Profile';
import { cpuProfile, type StackSample } from '../../../../support/profileBuilder';

const OWN = 'node:heatlens';

/** µs by innermost function. */
function selfTimes(profile: V8CpuProfile): Record<string, number> {
  const { frames, nodeFrames, measures } = readV8Cpu(cpuColumnsOf(profile), '');
  const times: Record<string, number> = {};
  measures[0].self.forEach((us, node) => {
    if (us) times[frames[nodeFrames[node]].functionName] = (times[frames[nodeFrames[node]].functionName] ?? 0) + us;
  });
  return times;
}

const samples = (...list: readonly [stack: string, us: number][]): StackSample[] =>
  list.map(([stack, us]) => ({ stack, us }));

describe('what measuring causes', () => {
  it('is nobody’s time, to the µs at its beginning and to the next sample at its end', () => {
    const profile = cpuProfile(
      samples(['a@/a.js:0', 10], ['(garbage collector)', 10], ['(garbage collector)', 10], ['a@/a.js:0', 10]),
      1_000,
    );
    const left = leaveOut(profile, [{ startUs: 1_007, endUs: 1_028 }], OWN);
    assert.deepEqual(selfTimes(left.profile), { a: 17 });
    assert.equal(left.leftOutUs, 21);
    assert.equal(left.profile.endTime, profile.endTime);
    assert.deepEqual(selfTimes(profile), { a: 20, '(garbage collector)': 20 }, 'the given one is as it was');
  });

  it('leaves the collections of the program alone', () => {
    const profile = cpuProfile(samples(['(garbage collector)', 10], ['a@/a.js:0', 10], ['(garbage collector)', 10]), 0);
    const left = leaveOut(profile, [{ startUs: 19, endUs: 25 }], OWN);
    assert.deepEqual(selfTimes(left.profile), { '(garbage collector)': 10, a: 9 });
  });

  it('is found between two samples, in several places, and cut by the window', () => {
    const profile = cpuProfile(samples(['a@/a.js:0', 10], ['b@/a.js:5', 10], ['a@/a.js:0', 10]), 100);
    const between = leaveOut(
      profile,
      [
        { startUs: 122, endUs: 140 },
        { startUs: 103, endUs: 104 },
        { startUs: 0, endUs: 90 },
      ],
      OWN,
    );
    // The last one begins after the last sample, whose time therefore stays.
    assert.deepEqual(selfTimes(between.profile), { a: 13, b: 10 });
    assert.equal(between.leftOutUs, 1);
  });

  it('is everything that our own functions call, whatever they interrupt', () => {
    const profile = cpuProfile(
      samples(['a@/a.js:0', 10], [`a@/a.js:0 > call@${OWN}:0 > profileEnd`, 7], ['a@/a.js:0', 10]),
      0,
    );
    const left = leaveOut(profile, [], OWN);
    assert.deepEqual(selfTimes(left.profile), { a: 20 });
    assert.equal(left.leftOutUs, 7);
  });

  it('is not looked for in what is no profile', () => {
    const spans = [{ startUs: 1, endUs: 9 }];
    for (const profile of [
      { nodes: [], startTime: 0, endTime: 9 },
      { nodes: [null, { id: 'x' }, 7], startTime: 0, endTime: 9, samples: [1], timeDeltas: [1] },
      { nodes: [{ id: 1, callFrame: null, children: 5 }], startTime: 0, endTime: 9, samples: [1, 2], timeDeltas: [1] },
    ]) {
      const given = profile as unknown as V8CpuProfile;
      assert.equal(leaveOut(given, spans, OWN).profile, given);
      assert.equal(busyUs(given), 0);
    }
  });

  it('ends where functions call each other in a circle', () => {
    const profile = cpuProfile(samples([`a@/a.js:0 > call@${OWN}:0 > b@/b.js:0`, 5], ['a@/a.js:0', 5]), 0);
    profile.nodes.at(-1)!.children = [2];
    assert.deepEqual(selfTimes({ ...leaveOut(profile, [], OWN).profile }), {});
  });
});

describe('busy time', () => {
  it('is all but idle time and gaps', () => {
    assert.equal(busyUs(cpuProfile(samples(['a@/a.js:0', 10], ['(idle)', 5], ['(program)', 3], ['a@/a.js:0', 2]))), 13);
  });
});
