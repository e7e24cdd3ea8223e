import assert from 'node:assert/strict';
import {
  affordableStarts,
  isolateLimits,
  planIsolates,
  type IsolateNeed,
  type PlanLimits,
} from '../../../../src/node/recording/isolatePlan';

const limits: PlanLimits = { cpu: 4, heaps: 2, starts: 10, coming: 0, heapTurns: true };

function isolate(id: string, more: Partial<IsolateNeed> = {}): IsolateNeed {
  const parts = { cpu: false, heap: false };
  return { id, usedMs: 0, owedMs: 0, parts, cpuForMs: 0, heapForMs: 0, heapAgoMs: Infinity, ...more };
}
const sampled = (id: string, usedMs: number, more: Partial<IsolateNeed> = {}): IsolateNeed =>
  isolate(id, { usedMs, parts: { cpu: true, heap: false }, cpuForMs: 60_000, ...more });
const many = (count: number, more: Partial<IsolateNeed> = {}): IsolateNeed[] =>
  Array.from({ length: count }, (_, n) => isolate(`idle${n}`, more));

function chosen(isolates: readonly IsolateNeed[], change: Partial<PlanLimits> = {}): { cpu: string[]; heap: string[] } {
  const plan = [...planIsolates(isolates, { ...limits, ...change })];
  const of = (part: 'cpu' | 'heap'): string[] =>
    plan
      .filter(([, parts]) => parts[part])
      .map(([id]) => id)
      .sort();
  assert.equal(plan.length, isolates.length);
  return { cpu: of('cpu'), heap: of('heap') };
}

describe('the plan of what is measured of which isolate', () => {
  it('is everything of everyone while they are few, idle or not', () => {
    assert.deepEqual(chosen([isolate('main'), isolate('worker')]), {
      cpu: ['main', 'worker'],
      heap: ['main', 'worker'],
    });
    assert.deepEqual(chosen(many(4)).cpu.length, 4);
    // As many as there will be when all have come.
    assert.deepEqual(chosen(many(4), { coming: 1 }).cpu, []);
  });

  it('never exceeds its limits, however busy they are', () => {
    for (const count of [5, 64, 1_000]) {
      const busy = Array.from({ length: count }, (_, n) => isolate(String(n), { usedMs: 500 + n, owedMs: 900 + n }));
      const { cpu, heap } = chosen(busy);
      assert.deepEqual([cpu.length, heap.length], [4, 2]);
      assert.ok(cpu.includes(String(count - 1)), 'the busiest first');
    }
    const all = Array.from({ length: 9 }, (_, n) => sampled(String(n), 500 + n));
    assert.deepEqual(chosen(all).cpu, ['5', '6', '7', '8']);
  });

  it('leaves idle ones alone, and lets go of those that have become idle', () => {
    assert.deepEqual(chosen([...many(64, { owedMs: 5 }), isolate('hot', { usedMs: 1_900, owedMs: 1_900 })]), {
      cpu: ['hot'],
      heap: ['hot'],
    });
    assert.deepEqual(chosen([...many(64), sampled('hot', 900), sampled('cold', 3)]).cpu, ['hot']);
    assert.deepEqual(chosen([...many(64), sampled('cold', 3, { cpuForMs: 2_000 })]).cpu, ['cold'], 'but not at once');
  });

  it('gives a turn to those that used enough unseen, at the cost of the coolest', () => {
    const running = [sampled('a', 1_000), sampled('b', 100), sampled('c', 400), sampled('d', 300)];
    assert.deepEqual(chosen([...running, isolate('e', { usedMs: 90, owedMs: 150 })]).cpu, ['a', 'b', 'c', 'd']);
    assert.deepEqual(chosen([...running, isolate('e', { usedMs: 90, owedMs: 250 })]).cpu, ['a', 'c', 'd', 'e']);
    const justBegun = running.map((each) => ({ ...each, cpuForMs: 1_000 }));
    assert.deepEqual(chosen([...justBegun, isolate('e', { usedMs: 90, owedMs: 250 })]).cpu, ['a', 'b', 'c', 'd']);
  });

  it('starts no more profilers than are paid for', () => {
    const busy = Array.from({ length: 64 }, (_, n) => isolate(String(n), { usedMs: 500, owedMs: 900 }));
    assert.equal(chosen(busy, { starts: 2.9 }).cpu.length, 2);
    assert.equal(chosen(many(3), { starts: 0.5 }).cpu.length, 0);
    const running = [1, 2, 3, 4].map((n) => sampled(`s${n}`, 10));
    const kept = chosen([...running, ...busy], { starts: 1 }).cpu.filter((id) => id.startsWith('s'));
    assert.equal(kept.length, 0, 'those that are idle give way without a start');
    const warm = [1, 2, 3, 4].map((n) => sampled(`s${n}`, 100));
    assert.equal(chosen([...warm, ...busy], { starts: 1 }).cpu.filter((id) => id.startsWith('s')).length, 3);
    assert.equal(affordableStarts(1_000), 1);
  });

  it('comes to everyone in turn where nobody tells what they use', () => {
    let isolates = Array.from({ length: 12 }, (_, n) => isolate(String(n), { usedMs: undefined }));
    const seen = new Set<string>();
    for (let look = 0; look < 40; look++) {
      const plan = planIsolates(isolates, { ...limits, starts: 2 });
      isolates = isolates.map((each) => {
        const parts = plan.get(each.id)!;
        if (parts.cpu) seen.add(each.id);
        const cpuForMs = parts.cpu ? each.cpuForMs + 2_000 : 0;
        return {
          ...each,
          parts,
          cpuForMs,
          usedMs: parts.cpu ? 100 : undefined,
          owedMs: parts.cpu ? 0 : each.owedMs + 2_000,
        };
      });
    }
    assert.equal(seen.size, 12);
  });

  it('changes the heaps that are read one at a time, and not in a run of known length', () => {
    const holder = (id: string, heapForMs: number): IsolateNeed =>
      sampled(id, 500, { parts: { cpu: true, heap: true }, heapForMs, heapAgoMs: 0 });
    const isolates = [
      holder('a', 40_000),
      holder('b', 50_000),
      sampled('c', 500),
      sampled('d', 600, { heapAgoMs: 90_000 }),
    ];
    assert.deepEqual(chosen(isolates).heap, ['a', 'c'], 'one that was never read comes first');
    assert.deepEqual(chosen(isolates, { heapTurns: false }).heap, ['a', 'b']);
    assert.deepEqual(chosen([holder('a', 1_000), holder('b', 2_000), sampled('c', 500)]).heap, ['a', 'b']);
    assert.deepEqual(chosen([holder('a', 40_000), holder('b', 50_000), sampled('c', 2)]).heap, ['a', 'b'], 'c is idle');
  });
});

describe('how many are measured at once', () => {
  it('is bounded by samples a second, and heaps by what reading them takes of a run', () => {
    assert.deepEqual(isolateLimits(5_000, undefined), { cpu: 10, heaps: 4 });
    assert.deepEqual(isolateLimits(1_000, 8_000), { cpu: 4, heaps: 4 });
    assert.deepEqual(isolateLimits(3_000, 120_000), { cpu: 6, heaps: 15 });
    assert.deepEqual(isolateLimits(1e6, undefined).cpu, 10);
  });
});
