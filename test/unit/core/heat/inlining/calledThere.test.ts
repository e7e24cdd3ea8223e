import assert from 'node:assert/strict';
import { chargeCalled } from '../../../../../src/core/heat/inlining/calledThere';
import type { Group, Member } from '../../../../../src/core/heat/inlining/groups';

const CALLER = 1;
const STRAIGHT = 2;
const LINE = 48;

function member(samples: number): Member {
  return { samples, through: new Map(), callers: new Map(), callSites: new Set(), lines: new Map([[LINE, samples]]) };
}

/** By function, of a line that the caller has, whose only call there is the straight function's, interrupted so often. */
function partsOf(interrupted: number): [number, number][] {
  const group: Group = {
    samples: 400,
    members: new Map([
      [CALLER, member(400 - interrupted)],
      ...(interrupted ? ([[STRAIGHT, member(interrupted)]] as const) : []),
    ]),
  };
  const { parts } = chargeCalled(
    { parts: [{ key: CALLER, share: 1, places: { methods: [] }, isCaller: true }], doubtful: [] },
    group,
    new Map([
      [CALLER, { head: CALLER, between: [], kind: 'seen' }],
      [STRAIGHT, { head: CALLER, between: [], kind: 'bound' }],
    ]),
    () => new Map(),
    (key, line) => (key === CALLER && line === LINE ? [STRAIGHT] : []),
    (_, line) => ({ methods: [], file: 'a.js', line }),
  );
  return parts.map(({ key, share }) => [key, share]);
}

describe('a line that calls a function without loops', () => {
  it('is that function’s, also where it was interrupted a few times before V8 had optimised it', () => {
    assert.deepEqual(partsOf(0), [[STRAIGHT, 1]]);
    assert.deepEqual(partsOf(8), [[STRAIGHT, 1]]);
  });

  it('is its caller’s where the function is interrupted by itself', () => {
    assert.deepEqual(partsOf(9), [[CALLER, 1]]);
  });
});
