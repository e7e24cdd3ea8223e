import assert from 'node:assert/strict';
import type {
  CpuHeat,
  CpuSummary,
  MemoryHeat,
  MemorySummary,
  MethodHeat,
} from '../../../../src/core/heat/heatSnapshot';
import type { LensContext } from '../../../../src/core/heat/wording';
import { cpuSummary, interval, memorySummary, method, methodHeat, snapshot } from '../../../support/heatBuilder';
import { intervalText, lensText, methodLabel } from '../../../../src/core/heat/wording';

function heat(
  cpu: Partial<CpuHeat>,
  memory: Partial<MemoryHeat> = {},
  told: Partial<Pick<MethodHeat, 'accuracy' | 'bound'>> = {},
): MethodHeat {
  return methodHeat({ method: method('Cart.total') }, cpu, memory, told);
}

function context(
  change: { cpu?: Partial<CpuSummary>; memory?: Partial<MemorySummary>; pending?: boolean } = {},
): LensContext {
  return {
    snapshot: snapshot({
      cpu: cpuSummary(change.cpu),
      memory: memorySummary(change.memory),
    }),
    heapIntervalBytes: 131_072,
    memoryPending: change.pending ?? true,
  };
}

const busy = { selfMs: 12_400, totalMs: 19_280, selfShare: 0.31, totalShare: 0.482 };
const read: Partial<MemorySummary> = { liveInterval: interval, allocatedInterval: interval, allocatedWindowMs: 4_000 };

describe('wording of a lens', () => {
  it('says total, self, live and allocated with its window, and the accuracy', () => {
    const memory = { liveBytes: 12_000_000, allocatedBytes: 210_000_000 };
    assert.equal(
      lensText(heat(busy, memory), context({ memory: read })),
      '48.2 % total · 31.0 % self · 12 MB live · 210 MB allocated in 4 s ≈',
    );
    assert.equal(
      lensText(heat(busy, memory, { accuracy: 'exact', bound: 0.005 }), context({ memory: read })),
      '48.2 % total · 31.0 % self · 12 MB live · 210 MB allocated in 4 s · exact',
    );
  });

  it('has the bound of a calibrated method as its badge', () => {
    const text = (bound?: number): string =>
      lensText(heat(busy, {}, { accuracy: 'calibrated', bound }), context({ pending: false }));
    assert.equal(text(0.021), '48 % total · 31 ± 2 % self');
    assert.equal(text(0.006), '48.2 % total · 31.0 ± 0.6 % self');
    assert.equal(text(0.0001), '48.2 % total · 31.0 % self');
    assert.equal(text(0.35), '~48 % total · <70 % self');
    assert.equal(text(), '48.2 % total · 31.0 % self');
  });

  it('has the sign, and no bound, of an approximate method, however wide it is', () => {
    const told = { accuracy: 'approximate', bound: 0.12 } as const;
    assert.equal(lensText(heat(busy, {}, told), context({ pending: false })), '~48 % total · ~31 % self ≈');
  });

  it('marks bytes by themselves where only the time is calibrated', () => {
    const told = { accuracy: 'calibrated', bound: 0.02 } as const;
    const memory = { liveBytes: 12_000_000, allocatedBytes: 210_000_000 };
    assert.equal(
      lensText(heat(busy, memory, told), context({ memory: read })),
      '48 % total · 31 ± 2 % self · ≈12 MB live · ≈210 MB allocated in 4 s',
    );
    const rough = lensText(heat(busy, { ...memory, liveBytes: 500_000 }, told), {
      ...context({ memory: read }),
      heapIntervalBytes: 256 * 1024,
    });
    assert.match(rough, / ≈500 kB live /, 'one sign of both');
    assert.equal(
      lensText(heat(busy, { ...memory, accuracy: 'calibrated' }, told), context({ memory: read })),
      '48 % total · 31 ± 2 % self · 12 MB live · 210 MB allocated in 4 s',
    );
  });

  it('says unknown, not 0, before the first memory window', () => {
    assert.equal(lensText(heat(busy), context()), '48.2 % total · 31.0 % self · memory unknown yet ≈');
  });

  it('is silent about memory that is not measured', () => {
    assert.equal(lensText(heat(busy), context({ pending: false })), '48.2 % total · 31.0 % self ≈');
  });

  it('shows live bytes alone while the allocated window is still missing', () => {
    assert.equal(
      lensText(heat(busy, { liveBytes: 3_000_000 }), context({ memory: { liveInterval: interval } })),
      '48.2 % total · 31.0 % self · 3.0 MB live ≈',
    );
  });

  it('leaves CPU out where none was measured', () => {
    assert.equal(
      lensText(heat({}, { liveBytes: 3_000_000 }), context({ cpu: { samples: 0, sampledMs: 0 }, memory: read })),
      '3.0 MB live ≈',
    );
  });

  it('bounds the self time of a method that only calls others', () => {
    assert.equal(
      lensText(heat({ ...busy, selfShare: 0, selfMs: 0 }), context({ pending: false })),
      '48.2 % total · <0.1 % self ≈',
    );
  });

  it('marks a method that was edited, and names it where lenses share a line', () => {
    assert.equal(
      lensText(heat(busy), context({ pending: false }), { stale: true, label: 'Cart.total' }),
      'Cart.total: edited since measured · 48.2 % total · 31.0 % self ≈',
    );
  });
});

describe('wording around the lens', () => {
  it('tells the interval, and its age once it is over', () => {
    assert.equal(intervalText(interval, 42_000), 'last 40 s');
    assert.equal(intervalText(interval, 161_000), '40 s, until 2 min ago');
  });

  it('names methods without a name of their own', () => {
    assert.equal(methodLabel({ qualifiedName: 'Cart.(fields)', kind: 'fields' }), 'field initialisers of Cart');
    assert.equal(methodLabel({ qualifiedName: 'Cart', kind: 'class' }), 'constructor of Cart');
    assert.equal(methodLabel({ qualifiedName: '(module)', kind: 'module' }), 'top level of the file');
    assert.equal(methodLabel({ qualifiedName: 'Cart.total', kind: 'method' }), 'Cart.total');
  });
});
