import assert from 'node:assert/strict';
import type { HeatSnapshot } from '../../../../src/core/heat/heatSnapshot';
import { createHeatView } from '../../../../src/editor/heat/heatView';
import type { HotMethodsSettings, HotNode } from '../../../../src/editor/views/hotMethodsModel';
import { hotMethodRows, methodsInOrder } from '../../../../src/editor/views/hotMethodsModel';
import { cpuSummary, interval, memorySummary, method, methodHeat, snapshot } from '../../../support/heatBuilder';

const total = methodHeat(
  { method: method('Cart.total', 9), index: 1 },
  { selfMs: 8_000, totalMs: 20_000, selfShare: 0.2, totalShare: 0.5 },
  { allocatedBytes: 30_000_000, liveBytes: 0 },
);
const route = methodHeat(
  { method: method('route', 4), file: '/app/node_modules/router/index.js', packageName: 'router', index: 3 },
  { selfMs: 12_000, totalMs: 36_000, selfShare: 0.3, totalShare: 0.9 },
);
const keep = methodHeat(
  { method: method('keep', 30), index: 2 },
  { selfMs: 1, totalMs: 1, selfShare: 0.000025, totalShare: 0.000025 },
  { allocatedBytes: 10_000_000, liveBytes: 9_000_000 },
);
const cold = methodHeat(
  { method: method('cold', 50), index: 4 },
  { selfMs: 1, totalMs: 1, selfShare: 0.001, totalShare: 0.001 },
);

const heat: HeatSnapshot = snapshot({
  methods: [total, route, keep, cold],
  cpu: cpuSummary({ idleMs: 40_000, gcMs: 2_000, nativeMs: 4_000, nodeMs: 0, unmappedMs: 6_000 }),
  memory: memorySummary({
    liveBytes: 9_000_000,
    allocatedBytes: 40_000_000,
    allocatedWindowMs: 4_000,
    liveInterval: interval,
    allocatedInterval: interval,
  }),
  unmapped: [
    { name: 'a', url: '', line: 0, reason: 'evaluated', waitingMs: 0, selfMs: 1_000, liveBytes: 0, allocatedBytes: 0 },
    {
      name: 'b',
      url: 'file:///gone.js',
      line: 6,
      reason: 'no-file',
      waitingMs: 0,
      selfMs: 5_000,
      liveBytes: 0,
      allocatedBytes: 0,
    },
  ],
});

function rows(change: Partial<HotMethodsSettings> = {}, shown = heat): HotNode[] {
  return hotMethodRows(shown, createHeatView(shown, 0.005).hot, {
    sort: 'self',
    group: 'none',
    ownCodeOnly: false,
    heapIntervalBytes: 131_072,
    shortPath: (file) => file.replace('/app/', ''),
    ...change,
  });
}

const labels = (nodes: readonly HotNode[]): string[] => nodes.map(({ label }) => label);

describe('hot methods', () => {
  it('are sorted by each measure; what is below the threshold by all of them is left out', () => {
    const outside = 'Not in your methods';
    assert.deepEqual(labels(rows()), ['route', 'Cart.total', 'keep', outside]);
    assert.deepEqual(labels(rows({ sort: 'total' })), ['route', 'Cart.total', 'keep', outside]);
    assert.deepEqual(labels(rows({ sort: 'allocated' })), ['Cart.total', 'keep', 'route', outside]);
    assert.deepEqual(labels(rows({ sort: 'live' })), ['keep', 'route', 'Cart.total', outside]);
  });

  it('say the sort measure first, and where the method is', () => {
    assert.equal(rows()[1].description, '20.0 % self ≈ · 50.0 % total · cart.ts:10');
    assert.equal(rows()[0].description, '30.0 % self ≈ · 90.0 % total · index.js:5 · router');
    assert.equal(rows({ sort: 'allocated' })[0].description, '30 MB allocated ≈ · 0 B live · cart.ts:10');
    assert.equal(rows()[1].spoken, 'Cart.total, 20.0 % self, 50.0 % total, approximate, cart.ts:10');
  });

  it('have a badge each, and its sentence', () => {
    const calibrated = { accuracy: 'calibrated', bound: 0.02 } as const;
    const mixed = { ...heat, methods: [{ ...total, ...calibrated }, route, keep, cold] };
    const [first, second] = rows({}, mixed);
    assert.equal(first.description, '30.0 % self ≈ · 90.0 % total · index.js:5 · router');
    assert.match(first.tooltip!, /^node_modules\/router\/index\.js:5\n30\.0 % self\n90\.0 % total\nApproximate: /);
    assert.equal(second.description, '20 ± 2 % self · 50 % total · cart.ts:10');
    assert.match(second.tooltip!, /\nCalibrated: .*± 2 points/);
    assert.match(second.spoken, /, calibrated, /);
    assert.equal(rows({ sort: 'allocated' }, mixed)[0].description, '≈30 MB allocated · ≈0 B live · cart.ts:10');
    const [own] = rows({ group: 'file' }, { ...mixed, methods: mixed.methods.slice(0, 1) });
    assert.equal(own.description, '20 % self');
  });

  it('say exact once, above the rows, where all of them are', () => {
    const exact = { ...heat, accuracy: 'exact' as const, methods: [{ ...total, accuracy: 'exact' as const }] };
    assert.equal(rows({}, exact)[0].description, '20.0 % self · 50.0 % total · cart.ts:10');
    assert.match(rows({}, exact)[0].tooltip!, /\nExact: /);
  });

  it('are sorted by another measure where the wished one was not measured', () => {
    const [first] = rows({ sort: 'live' }, { ...heat, memory: memorySummary() });
    assert.equal(first.description, '30.0 % self ≈ · 90.0 % total · index.js:5 · router');
  });

  it('are filtered to own code', () => {
    assert.deepEqual(labels(rows({ ownCodeOnly: true })).slice(0, -1), ['Cart.total', 'keep']);
  });

  it('are grouped by file and by package, hottest group first', () => {
    const byFile = rows({ group: 'file' });
    assert.deepEqual(labels(byFile), ['node_modules/router/index.js', 'cart.ts', 'Not in your methods']);
    assert.deepEqual(labels(byFile[1].children!), ['Cart.total', 'keep']);
    assert.equal(byFile[1].description, '20.0 % self ≈');
    assert.deepEqual(labels(rows({ group: 'package' })), ['router', 'Your code', 'Not in your methods']);
  });

  it('are stepped through in the order shown, groups unfolded', () => {
    const names = methodsInOrder(rows({ group: 'file', sort: 'allocated' })).map(
      ({ heat: each }) => each.source.method.name,
    );
    assert.deepEqual(names, ['total', 'keep', 'route']);
  });

  it('keep the ids of rows between refreshes, and give none twice', () => {
    const ids = (nodes: readonly HotNode[]): string[] =>
      nodes.flatMap((node) => [node.id, ...ids(node.children ?? [])]);
    const before = ids(rows({ group: 'file' }));
    assert.equal(new Set(before).size, before.length);
    assert.deepEqual(ids(rows({ group: 'file' }, { ...heat })), before);
  });
});

describe('what is not in methods', () => {
  const outside = rows().at(-1)!;

  it('is kept apart, each kind by itself', () => {
    assert.equal(outside.description, '30.0 %');
    assert.deepEqual(
      outside.children!.map(({ label, description }) => `${label}: ${description}`),
      [
        'Garbage collection: 5.0 % · 2 s',
        'Native code: 10.0 % · 4 s',
        'Code without a known source: 15.0 % · 6 s',
        'Idle: 50 % of the wall time · 40 s',
      ],
    );
  });

  it('has what waited beside what idled, and what Node took by function', () => {
    const cpu = cpuSummary({ sampledMs: 20_000, waitingMs: 30_000, idleMs: 50_000, nodeMs: 10_000 });
    const runtime = [{ kind: 'node', name: 'processImmediate', url: 'node:internal/timers', selfMs: 9_000 }] as const;
    const facts = rows({}, { ...heat, cpu, runtime, unmapped: [] }).at(-1)!.children!;
    assert.deepEqual(
      facts.map(({ label, description }) => `${label}: ${description}`),
      [
        'Node’s own JavaScript: 50.0 % · 10 s',
        'Waiting: 30 % of the wall time · 30 s',
        'Idle: 50 % of the wall time · 50 s',
      ],
    );
    assert.match(facts[0].tooltip!, /^V8 inlines hot callbacks/);
    assert.deepEqual(
      facts[0].children!.map(({ label, description }) => `${label}: ${description}`),
      ['processImmediate: 9 s · node:internal/timers'],
    );
  });

  it('says why a frame has no method, the costliest reason first', () => {
    const [, , unmapped] = outside.children!;
    assert.deepEqual(labels(unmapped.children!), [
      'The file is not on this machine; a path mapping may help',
      'Evaluated code: no file',
    ]);
    assert.equal(unmapped.children![0].children![0].tooltip, 'b\nfile:///gone.js:7');
  });

  it('is absent where there is only memory', () => {
    const none = { sampledMs: 0, idleMs: 0, gcMs: 0, nativeMs: 0, unmappedMs: 0, samples: 0 };
    assert.deepEqual(
      labels(rows({ sort: 'live' }, { ...heat, cpu: cpuSummary(none), unmapped: [] })).at(-1),
      'Cart.total',
    );
  });
});
