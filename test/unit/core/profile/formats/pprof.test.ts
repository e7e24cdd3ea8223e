import assert from 'node:assert/strict';
import { Function as PprofFunction, Line, Location, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { isHeatlensError } from '../../../../../src/core/errors';
import { readPprof } from '../../../../../src/core/profile/formats/readPprof';
import { writePprof } from '../../../../../src/core/profile/formats/writePprof';
import { assertColumns, columnsOf, valuesByStack } from '../../../../support/columnsBuilder';

interface PprofFixture {
  readonly types: readonly (readonly [type: string, unit: string])[];
  /** Functions by id, from 1: name, file, start line. */
  readonly functions: readonly (readonly [name: string, file: string, startLine: number])[];
  /** Locations by id, from 1: lines as function id and line, the innermost inlined call first. */
  readonly locations: readonly (readonly (readonly [functionId: number, line: number, column?: number])[])[];
  /** Location ids, leaf first, and values. */
  readonly samples: readonly (readonly [locationIds: readonly number[], values: readonly (number | bigint)[]])[];
  readonly period?: readonly [type: string, unit: string, period: number];
  readonly defaultType?: string;
}

/** A profile written by the package `pprof-format`, which knows nothing of our reader. */
function pprofBytes({ types, functions, locations, samples, period, defaultType }: PprofFixture): Uint8Array {
  const stringTable = new StringTable();
  const text = (value: string): number => stringTable.dedup(value);
  const profile = new Profile({
    stringTable,
    sampleType: types.map(([type, unit]) => new ValueType({ type: text(type), unit: text(unit) })),
    function: functions.map(
      ([name, filename, startLine], i) =>
        new PprofFunction({ id: i + 1, name: text(name), systemName: 0, filename: text(filename), startLine }),
    ),
    location: locations.map(
      (lines, i) =>
        new Location({
          id: i + 1,
          address: 4096 + i,
          line: lines.map(([functionId, line, column]) => new Line({ functionId, line, column })),
        }),
    ),
    sample: samples.map(([locationId, value]) => new Sample({ locationId: [...locationId], value: [...value] })),
    periodType: period && new ValueType({ type: text(period[0]), unit: text(period[1]) }),
    period: period?.[2],
    defaultSampleType: defaultType === undefined ? 0 : text(defaultType),
  });
  return profile.encode();
}

const simple: PprofFixture = {
  types: [
    ['samples', 'count'],
    ['cpu', 'nanoseconds'],
  ],
  functions: [
    ['main', '/app/main.js', 1],
    ['hot', '/app/hot.js', 10],
    ['inlined', '/app/hot.js', 30],
  ],
  locations: [
    [[1, 5]],
    [[2, 12]],
    [
      [3, 31],
      [2, 15],
    ],
  ],
  samples: [
    [
      [2, 1],
      [2, 20_000_000],
    ],
    [
      [3, 1],
      [1, 10_000_000n],
    ],
    [[1], [3, 1_500]],
  ],
};

describe('readPprof', () => {
  it('reads stacks leaf first, inlined calls, several values, and units', () => {
    const columns = readPprof(pprofBytes(simple), 'app.pb.gz');
    assertColumns(columns);
    assert.equal(columns.title, 'app.pb.gz');
    assert.deepEqual(columns.problems, []);
    assert.deepEqual(
      columns.measures.map(({ kind, label, unit }) => [kind, label, unit]),
      [
        ['cpu', 'CPU time', 'µs'],
        ['other', 'samples', 'count'],
      ],
    );
    assert.deepEqual(valuesByStack(columns), {
      'main@/app/main.js:0:-1': 1.5,
      'main@/app/main.js:0:-1 > hot@/app/hot.js:9:-1': 20_000,
      'main@/app/main.js:0:-1 > hot@/app/hot.js:9:-1 > inlined@/app/hot.js:29:-1': 10_000,
    });
    assert.deepEqual(valuesByStack(columns, 1), {
      'main@/app/main.js:0:-1': 3,
      'main@/app/main.js:0:-1 > hot@/app/hot.js:9:-1': 2,
      'main@/app/main.js:0:-1 > hot@/app/hot.js:9:-1 > inlined@/app/hot.js:29:-1': 1,
    });
  });

  it('takes the sample type that the file calls its default first', () => {
    const columns = readPprof(
      pprofBytes({
        ...simple,
        types: [
          ['alloc_objects', 'count'],
          ['alloc_space', 'bytes'],
          ['inuse_objects', 'count'],
          ['inuse_space', 'kilobytes'],
        ],
        samples: [
          [
            [2, 1],
            [1, 2, 3, 4],
          ],
        ],
        defaultType: 'alloc_space',
      }),
      'heap',
    );
    assert.deepEqual(
      columns.measures.map(({ kind, label, unit }) => `${kind} ${label} ${unit}`),
      [
        'allocated Allocated bytes bytes',
        'other alloc_objects count',
        'other inuse_objects count',
        'live Live bytes bytes',
      ],
    );
    assert.deepEqual(
      columns.measures.map(({ self }) => self.reduce((sum, value) => sum + value, 0)),
      [2, 1, 3, 4096],
    );
  });

  it('makes time of counted samples where only the period has a time', () => {
    const columns = readPprof(
      pprofBytes({
        ...simple,
        types: [['samples', 'count']],
        samples: [[[1], [7]]],
        period: ['cpu', 'nanoseconds', 10_000_000],
      }),
      'old',
    );
    assert.deepEqual(
      columns.measures.map(({ kind, unit }) => [kind, unit]),
      [['cpu', 'µs']],
    );
    assert.deepEqual(valuesByStack(columns), { 'main@/app/main.js:0:-1': 70_000 });
  });

  it('keeps a function in one piece that has no start line: its first line that is named stands for it', () => {
    const columns = readPprof(
      pprofBytes({
        ...simple,
        functions: [['main', 'main.go', 0]],
        locations: [[[1, 30, 4]], [[1, 12, 9]], [[1, 20]]],
        samples: [
          [[1], [1, 1000]],
          [[2], [1, 2000]],
          [[3], [1, 4000]],
        ],
      }),
      'go',
    );
    assert.deepEqual(valuesByStack(columns), { 'main@main.go:11:8': 7 });
  });

  it('names code without symbols by its address, and takes the root of V8 as the root', () => {
    const columns = readPprof(
      pprofBytes({
        ...simple,
        functions: [['(root)', '', 0]],
        locations: [[[1, 0]], []],
        samples: [
          [
            [2, 1],
            [1, 1000],
          ],
          [[1], [1, 5000]],
        ],
      }),
      'native',
    );
    assert.deepEqual(valuesByStack(columns), { '': 5, '0x1001': 1 });
  });

  it('says what is wrong and reads the rest', () => {
    const columns = readPprof(
      pprofBytes({
        ...simple,
        locations: [[[1, 5]], [[99, 1]]],
        samples: [
          [[1], [1, 1000]],
          [
            [77, 1],
            [1, 2000],
          ],
          [[1], [1, -5000]],
          [[1], [1]],
          [[2], [1, 8000]],
        ],
      }),
      'bad',
    );
    assertColumns(columns);
    assert.deepEqual(valuesByStack(columns), { 'main@/app/main.js:0:-1': 3, '0x1001': 8 });
    assert.deepEqual(columns.problems, [
      '1 lines name functions that the profile does not have.',
      '1 frames of samples name locations that the profile does not have; they are left out.',
      '1 samples have more or fewer values than the profile names.',
      '1 values are negative or too large to be measured; they count as 0.',
    ]);
  });

  it('tells ids of 64 bits apart', () => {
    const stringTable = new StringTable();
    const big = 2n ** 63n;
    const bytes = new Profile({
      stringTable,
      sampleType: [new ValueType({ type: stringTable.dedup('cpu'), unit: stringTable.dedup('microseconds') })],
      function: [1n, 2n].map((n) => new PprofFunction({ id: big + n, name: stringTable.dedup(`f${n}`) })),
      location: [1n, 2n].map((n) => new Location({ id: big + n, line: [new Line({ functionId: big + n })] })),
      sample: [1n, 2n].map((n) => new Sample({ locationId: [big + n], value: [n] })),
    }).encode();
    assert.deepEqual(valuesByStack(readPprof(bytes, 'ids')), { f1: 1, f2: 2 });
  });

  it('reads what stands before the place where a file breaks off', () => {
    const bytes = pprofBytes({ ...simple, samples: Array.from({ length: 100 }, () => [[1], [1, 1000]] as const) });
    let breaks = 0;
    for (let length = 0; length < bytes.length; length++) {
      try {
        const columns = readPprof(bytes.subarray(0, length), 'cut');
        assertColumns(columns);
        breaks += Number(columns.problems[0]?.includes('breaks off') ?? false);
      } catch (error) {
        assert.ok(isHeatlensError(error));
      }
    }
    assert.ok(breaks > bytes.length / 2, `${breaks} of ${bytes.length}`);
  });

  it('refuses what is no pprof profile, with one message', () => {
    const foreign = [
      new Uint8Array(0),
      new TextEncoder().encode('{"nodes":[]}'),
      new Uint8Array(1000).fill(255),
      new Uint8Array(64),
    ];
    for (const bytes of foreign) {
      assert.throws(
        () => readPprof(bytes, 'x.pb'),
        (error: unknown) =>
          isHeatlensError(error) && /^x\.pb holds nothing that can be shown as a pprof profile: /.test(error.message),
      );
    }
  });

  it('ends soon on a megabyte of a number that never ends, and on places that blow up', () => {
    const endless = new Uint8Array(1_000_000).fill(255);
    endless.set(pprofBytes(simple));
    const start = performance.now();
    assert.match(readPprof(endless, 'endless').problems[0], /breaks off/);
    const lines = Array.from({ length: 900 }, () => [1, 1] as const);
    const bomb = pprofBytes({
      ...simple,
      locations: [lines],
      samples: Array.from({ length: 20 }, (_, i) => [new Array<number>(5_000 + i).fill(1), [1, 1000]] as const),
    });
    const columns = readPprof(bomb, 'bomb');
    assertColumns(columns);
    assert.match(columns.problems.join('\n'), /only \d+ were read/);
    assert.ok(performance.now() - start < 5_000);
  });
});

describe('writePprof', () => {
  const columns = columnsOf(
    {
      '': [0, 12, 3],
      'main@/app/a.js:0': [1.5, 0, 0],
      'main@/app/a.js:0 > hot@/app/a.js:5': [1_000_000_000, 2 ** 40, 7],
      'main@/app/a.js:0 > @/app/a.js:9 > hot@/app/a.js:5': [20, 0, 1],
      '(garbage collector)': [9, 0, 0],
    },
    {
      measures: [
        { kind: 'cpu', label: 'CPU time', unit: 'µs' },
        { kind: 'allocated', label: 'Allocated bytes', unit: 'bytes' },
        { kind: 'other', label: 'requests', unit: 'count' },
      ],
    },
  );

  it('writes what the package pprof-format reads', () => {
    const profile = Profile.decode(writePprof(columns));
    const { strings } = profile.stringTable;
    const names = new Map(profile.function.map(({ id, name }) => [Number(id), strings[Number(name)]]));
    const functions = new Map(
      profile.location.map(({ id, line }) => [Number(id), names.get(Number(line[0].functionId))]),
    );
    assert.equal(strings[0], '');
    assert.deepEqual(
      profile.sampleType.map(({ type, unit }) => [strings[Number(type)], strings[Number(unit)]]),
      [
        ['cpu', 'nanoseconds'],
        ['alloc_space', 'bytes'],
        ['requests', 'count'],
      ],
    );
    assert.equal(strings[Number(profile.defaultSampleType)], 'cpu');
    const samples = profile.sample.map(({ locationId, value }) => [
      locationId.map((id) => functions.get(Number(id))).join(' < '),
      value.map(Number),
    ]);
    assert.deepEqual(Object.fromEntries(samples), {
      '': [0, 12, 3],
      main: [1500, 0, 0],
      'hot < main': [1e12, 2 ** 40, 7],
      'hot < (anonymous) < main': [20_000, 0, 1],
      '(garbage collector)': [9_000, 0, 0],
    });
  });

  it('keeps every stack, place and measure when it is read again', () => {
    const again = readPprof(writePprof(columns), columns.title);
    assertColumns(again);
    assert.deepEqual(again.problems, []);
    assert.deepEqual(
      again.measures.map(({ kind, label, unit }) => ({ kind, label, unit })),
      columns.measures.map(({ kind, label, unit }) => ({ kind, label, unit })),
    );
    for (const measure of [0, 1, 2]) assert.deepEqual(valuesByStack(again, measure), valuesByStack(columns, measure));
  });

  it('refuses a stack so deep that its samples would fill gigabytes', () => {
    const depth = 40_000;
    const parents = Int32Array.from({ length: depth }, (_, node) => node - 1);
    const deep = {
      ...columns,
      parents,
      nodeFrames: new Int32Array(depth),
      measures: [{ ...columns.measures[0], self: new Float64Array(depth).fill(1) }],
    };
    assert.throws(
      () => writePprof(deep),
      (error: unknown) => isHeatlensError(error) && error.code === 'exportTooLarge',
    );
  });
});
