import assert from 'node:assert/strict';
import { isHeatlensError } from '../../../../../src/core/errors';
import { readSpeedscope } from '../../../../../src/core/profile/formats/readSpeedscope';
import { writeSpeedscope } from '../../../../../src/core/profile/formats/writeSpeedscope';
import type { ProfileColumns } from '../../../../../src/core/profile/profileColumns';
import { assertColumns, columnsOf, valuesByStack } from '../../../../support/columnsBuilder';

const frames = [
  { name: 'main', file: 'main.js', line: 1, col: 1 },
  { name: 'hot', file: 'main.js', line: 10 },
  { name: 'gc' },
];

function file(...profiles: unknown[]): unknown {
  return { $schema: 'https://www.speedscope.app/file-format-schema.json', shared: { frames }, profiles };
}

function read(...profiles: unknown[]): ProfileColumns[] {
  const result = readSpeedscope(file(...profiles), 'app.json');
  for (const columns of result) assertColumns(columns);
  return result;
}

/** Frames and durations of the timeline. */
function timeOf({ timeline, frames: all, nodeFrames }: ProfileColumns): [string, number][] {
  const { nodes, startsUs, endUs } = timeline!;
  return [...nodes].map((node, i) => [
    node ? all[nodeFrames[node]].functionName : '-',
    (i + 1 < nodes.length ? startsUs[i + 1] : endUs) - startsUs[i],
  ]);
}

const evented = {
  type: 'evented',
  name: 'thread 1',
  unit: 'milliseconds',
  startValue: 100,
  endValue: 120,
  events: [
    { type: 'O', frame: 0, at: 102 },
    { type: 'O', frame: 1, at: 105 },
    { type: 'C', frame: 1, at: 111 },
    { type: 'C', frame: 0, at: 112 },
    { type: 'O', frame: 2, at: 112 },
    { type: 'C', frame: 2, at: 115 },
  ],
};

describe('readSpeedscope', () => {
  it('reads events: sums, gaps and the order in time', () => {
    const [columns] = read(evented);
    assert.equal(columns.title, 'app.json');
    assert.deepEqual(columns.problems, []);
    assert.deepEqual(
      columns.measures.map(({ kind, label, unit }) => [kind, label, unit]),
      [['cpu', 'CPU time', 'µs']],
    );
    assert.deepEqual(valuesByStack(columns), {
      'main@main.js:0:0': 4000,
      'main@main.js:0:0 > hot@main.js:9:-1': 6000,
      gc: 3000,
    });
    assert.equal(columns.timeline!.startsUs[0], 100_000);
    assert.deepEqual(timeOf(columns), [
      ['-', 2000],
      ['main', 3000],
      ['hot', 6000],
      ['main', 1000],
      ['gc', 3000],
      ['-', 5000],
    ]);
  });

  it('reads samples with weights of each unit', () => {
    const sampled = (unit: string): unknown => ({
      type: 'sampled',
      name: 'x',
      unit,
      startValue: 0,
      endValue: 6,
      samples: [[0], [0, 1], [], [0, 1]],
      weights: [1, 2, 4, 3],
    });
    const scales: [string, string, number][] = [
      ['nanoseconds', 'µs', 0.001],
      ['microseconds', 'µs', 1],
      ['milliseconds', 'µs', 1_000],
      ['seconds', 'µs', 1_000_000],
      ['bytes', 'bytes', 1],
      ['none', 'count', 1],
      ['parsecs', 'count', 1],
    ];
    for (const [unit, ours, factor] of scales) {
      const [columns] = read(sampled(unit));
      assert.equal(columns.measures[0].unit, ours, unit);
      const values = valuesByStack(columns);
      const near = (stack: string, value: number): void =>
        assert.ok(
          Math.abs((values[stack] ?? 0) - value * factor) < 1e-9 * factor,
          `${unit} ${stack}: ${values[stack]}`,
        );
      near('main@main.js:0:0', 1);
      near('main@main.js:0:0 > hot@main.js:9:-1', 5);
      // Time without a stack is nobody's; four samples without one are somebody's.
      near('', ours === 'µs' ? 0 : 4);
      assert.equal(columns.timeline !== undefined, ours === 'µs');
    }
    assert.deepEqual(timeOf(read(sampled('microseconds'))[0]), [
      ['main', 1],
      ['hot', 2],
      ['-', 4],
      ['hot', 3],
    ]);
  });

  it('gives each profile of a file its name, over the same frames', () => {
    const result = read(evented, { ...evented, name: 'thread 2', events: [] }, { ...evented, name: '' });
    assert.deepEqual(
      result.map(({ title }) => title),
      ['thread 1', 'thread 2', 'app.json 3'],
    );
    assert.deepEqual(result[1].problems, ['The profile has no events.']);
    assert.equal(result[0].frames, result[2].frames);
  });

  it('reads unbalanced and unordered events, and says so', () => {
    const [columns] = read({
      ...evented,
      events: [
        { type: 'C', frame: 1, at: 100 },
        { type: 'O', frame: 0, at: 100 },
        { type: 'O', frame: 1, at: 104 },
        { type: 'O', frame: 2, at: 103 },
        { type: 'C', frame: 0, at: 110 },
        { type: 'O', frame: 9, at: 110 },
        { type: 'X', frame: 0, at: 110 },
        null,
        { type: 'O', frame: 1, at: 'soon' },
      ],
    });
    assert.deepEqual(valuesByStack(columns), {
      'main@main.js:0:0': 4000,
      'main@main.js:0:0 > hot@main.js:9:-1 > gc': 6000,
      'hot@main.js:9:-1': 10_000,
    });
    assert.deepEqual(columns.problems, [
      '3 events neither open nor close a frame of the file; they are left out.',
      '1 events have no time, or an impossible one; they happen at the time of the event before.',
      '1 events are earlier than the event before; they happen at its time.',
      '1 events close frames that are not open; they are left out.',
      '2 frames were still open when their callers were closed; they end there.',
      '1 frames are never closed; they end with the profile.',
    ]);
  });

  it('reads samples with bad weights and frames, and says so', () => {
    const [columns] = read({
      type: 'sampled',
      name: 'x',
      unit: 'none',
      samples: [[0], [0, 7], [1], 'x', [0], [2]],
      weights: [1, 2, -4, 8, null, NaN, 3],
    });
    assert.deepEqual(valuesByStack(columns), { 'main@main.js:0:0': 3 });
    assert.deepEqual(columns.problems, [
      '1 weights have no sample.',
      '3 weights are missing, negative, impossible or no numbers; they count as 0.',
      '1 entries of stacks name frames that the file does not have; they are left out.',
      '1 samples are no lists of frames; they are left out.',
    ]);
  });

  it('leaves out what is no profile, and refuses a file without any', () => {
    const [columns] = read({ type: 'other' }, null, evented);
    assert.equal(columns.problems.length, 2);
    for (const json of [
      undefined,
      null,
      5,
      'text',
      [],
      {},
      { profiles: [] },
      { profiles: [null] },
      { shared: { frames: [] }, profiles: [{ type: 'evented' }] },
    ]) {
      assert.throws(
        () => readSpeedscope(json, 'x.json'),
        (error: unknown) => isHeatlensError(error) && error.message.startsWith('x.json holds nothing'),
      );
    }
  });

  it('reads a stack of 100,000 frames', () => {
    const depth = 100_000;
    const events = [
      ...Array.from({ length: depth }, (_, i) => ({ type: 'O', frame: i % 3, at: i })),
      ...Array.from({ length: depth }, (_, i) => ({ type: 'C', frame: (depth - 1 - i) % 3, at: depth + i })),
    ];
    const [columns] = read({ ...evented, unit: 'microseconds', startValue: 0, endValue: 2 * depth, events });
    assert.deepEqual([columns.parents.length, columns.problems.length], [depth + 1, 0]);
    assert.equal(
      columns.measures[0].self.reduce((sum, value) => sum + value, 0),
      2 * depth - 1,
    );
  });
});

describe('writeSpeedscope', () => {
  const roundTrip = (columns: ProfileColumns): ProfileColumns[] =>
    readSpeedscope(JSON.parse([...writeSpeedscope(columns)].join('')), columns.title);

  it('keeps the order in time', () => {
    const columns = columnsOf(
      {},
      {
        startUs: 1_000_000_000_000,
        timeline: [
          ['a@/a.js:1 > b@/a.js:2', 10],
          ['a@/a.js:1', 5.25],
          ['', 7],
          ['a@/a.js:1 > b@/a.js:2', 1],
          ['a@/a.js:1 > b@/a.js:2 > a@/a.js:1', 2],
          ['@/a.js:9', 3],
        ],
      },
    );
    const [again] = roundTrip(columns);
    assertColumns(again);
    assert.deepEqual(again.problems, []);
    assert.deepEqual(valuesByStack(again), valuesByStack(columns));
    assert.deepEqual(again.timeline!.startsUs, columns.timeline!.startsUs);
    assert.equal(again.timeline!.endUs, columns.timeline!.endUs);
    assert.deepEqual(timeOf(again), timeOf(columns));
  });

  it('keeps every measure of a profile without times, what the root costs too', () => {
    const columns = columnsOf(
      {
        '': [3, 0, 5],
        'a@/a.js:1': [1, 100, 0],
        'a@/a.js:1 > b@/a.js:2': [10, 0, 0],
        'a@/a.js:1 > c@/a.js:3': [0, 7, 9],
        'c@/a.js:3': [2, 0, 0],
      },
      {
        measures: [
          { kind: 'cpu', label: 'CPU time', unit: 'µs' },
          { kind: 'live', label: 'Live bytes', unit: 'bytes' },
          { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
        ],
      },
    );
    const again = roundTrip(columns);
    again.forEach((profile, measure) => {
      assertColumns(profile);
      assert.deepEqual(profile.problems, []);
      assert.equal(profile.measures[0].kind, columns.measures[measure].kind);
      assert.deepEqual(valuesByStack(profile), valuesByStack(columns, measure));
    });
    assert.equal(again.length, 3);
  });

  it('goes on with a call where V8 only changed its node', () => {
    const split: ProfileColumns = {
      ...columnsOf({ 'f@/a.js:1 > g@/a.js:2': 0 }),
      parents: Int32Array.of(-1, 0, 0, 1, 2),
      nodeFrames: Int32Array.of(0, 1, 1, 2, 2),
      measures: [{ kind: 'cpu', label: 'CPU time', unit: 'µs', self: Float64Array.of(0, 0, 0, 4, 4) }],
      timeline: { measure: 0, nodes: Int32Array.of(3, 4), startsUs: Float64Array.of(0, 4), endUs: 8 },
    };
    const { profiles } = JSON.parse([...writeSpeedscope(split)].join('')) as {
      profiles: { events: { type: string; at: number }[] }[];
    };
    assert.deepEqual(
      profiles[0].events.map(({ type, at }) => `${type}${at}`),
      ['O0', 'O0', 'C8', 'C8'],
    );
  });

  it('writes JSON whatever the names are', () => {
    const nasty = '</script><b>"\\\n\u2028\ud800 \u202eevil';
    const columns = columnsOf({ [`${nasty}@/a.js:1`]: 5 }, { title: nasty });
    const [again] = roundTrip(columns);
    assert.equal(again.frames[1].functionName, nasty);
  });

  it('is linear for a chain of 50,000 frames that all have a value', () => {
    const depth = 50_000;
    const chain: ProfileColumns = {
      ...columnsOf({ 'f@/a.js:1': 0 }),
      parents: Int32Array.from({ length: depth }, (_, node) => node - 1),
      nodeFrames: Int32Array.from({ length: depth }, (_, node) => (node ? 1 : 0)),
      measures: [
        {
          kind: 'cpu',
          label: 'CPU time',
          unit: 'µs',
          self: Float64Array.from({ length: depth }, (_, node) => (node ? 1 : 0)),
        },
      ],
    };
    const [again] = roundTrip(chain);
    assert.equal(again.parents.length, depth);
  });
});
