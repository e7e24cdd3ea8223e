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
import { accuracyText, intervalText, lensText, methodLabel } from '../../../../src/core/heat/wording';

function heat(cpu: Partial<CpuHeat>, memory: Partial<MemoryHeat> = {}): MethodHeat {
  return methodHeat({ method: method('Cart.total') }, cpu, memory);
}

function context(
  change: { cpu?: Partial<CpuSummary>; memory?: Partial<MemorySummary>; accuracy?: 'exact'; pending?: boolean } = {},
): LensContext {
  return {
    snapshot: snapshot({
      accuracy: change.accuracy ?? 'approximate',
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
      lensText(heat(busy), context({ memory: read, accuracy: 'exact' })),
      '48.2 % total · 31.0 % self · exact',
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

  it('explains both accuracies', () => {
    assert.match(accuracyText('approximate'), /inlined/);
    assert.match(accuracyText('exact'), /inlined nothing/);
  });

  it('names methods without a name of their own', () => {
    assert.equal(methodLabel({ qualifiedName: 'Cart.(fields)', kind: 'fields' }), 'field initialisers of Cart');
    assert.equal(methodLabel({ qualifiedName: 'Cart', kind: 'class' }), 'constructor of Cart');
    assert.equal(methodLabel({ qualifiedName: '(module)', kind: 'module' }), 'top level of the file');
    assert.equal(methodLabel({ qualifiedName: 'Cart.total', kind: 'method' }), 'Cart.total');
  });
});
