import type { Parts } from '../instruments/instrument';

/** Samples a second that all isolates together may be asked for; a sample takes some 30 µs, of an idle one too. */
const MOST_SAMPLES_PER_SECOND = 2_000;
/** So many isolates are sampled whatever the interval is, and no more than that however long it is. */
const FEWEST_SAMPLED = 4;
const MOST_SAMPLED = 10;
/** So many isolates have their heaps sampled; ending that runs a full garbage collection in each. */
const HEAPS_AT_ONCE = 4;
/** Of a run of known length, what heap reads may take of its time. */
const HEAP_READ_SHARE = 0.01;
/** A run of known length reads each heap twice; ms of one read before any was seen. */
const READS_OF_A_RUN = 2;
const HEAP_READ_MS = 40;

/** CPU ms that an isolate must have used unseen before it is worth the start of a profiler. */
const WORTH_A_START_MS = 40;
/** One that used less than this since the last look is idle, ms of CPU: being sampled alone takes half of it. */
const IDLE_MS = 12;
/** A turn lasts at least that long, ms. */
const SHORTEST_TURN_MS = 4_000;
/** Another one's claim must be so many times as large to end a turn: a start is not free. */
const TO_REPLACE = 2;
/** A heap turn covers a window of allocated and one of live bytes, ms. */
const HEAP_TURN_MS = 32_000;
/** What starts of the CPU profiler may take of one core, ms of one start, and how many are saved up. */
const START_SHARE = 0.04;
const START_MS = 40;
export const MOST_SAVED_STARTS = 12;

/** What is known of an isolate when turns are given. Times in ms. */
export interface IsolateNeed {
  readonly id: string;
  /** CPU that it used since the last look; undefined where nobody can tell yet. */
  readonly usedMs: number | undefined;
  /** What it used since it was last sampled, or the time since then where nobody can tell. 0 while it is sampled. */
  readonly owedMs: number;
  readonly parts: Parts;
  /** Since it has been sampled, and since its heap has. */
  readonly cpuForMs: number;
  readonly heapForMs: number;
  /** Since its heap was last sampled; Infinity when it never was. */
  readonly heapAgoMs: number;
}

export interface PlanLimits {
  readonly cpu: number;
  readonly heaps: number;
  /** How many CPU profilers may be started now. */
  readonly starts: number;
  /** Isolates that will soon be there. */
  readonly coming: number;
  /** Whether heap turns change. */
  readonly heapTurns: boolean;
}

/** How many isolates are measured at once. `runMs`: of a run of known length, which has no turns of heaps. */
export function isolateLimits(cpuIntervalUs: number, runMs: number | undefined): Pick<PlanLimits, 'cpu' | 'heaps'> {
  const affordable = Math.floor((MOST_SAMPLES_PER_SECOND * cpuIntervalUs) / 1e6);
  const heaps = runMs === undefined ? 0 : Math.floor((runMs * HEAP_READ_SHARE) / (READS_OF_A_RUN * HEAP_READ_MS));
  return {
    cpu: Math.min(MOST_SAMPLED, Math.max(FEWEST_SAMPLED, affordable)),
    heaps: Math.max(HEAPS_AT_ONCE, heaps),
  };
}

/** Starts that `ms` of time pay for. */
export function affordableStarts(ms: number): number {
  return (ms * START_SHARE) / START_MS;
}

/**
 * What of each isolate is measured from now on. Few isolates are all measured wholly. Of many, those are sampled that use
 * most CPU; the others come in turn as soon as they have used enough unseen; idle ones are left alone. Heaps are read of few
 * of those, in turns that last long enough to see a leak.
 */
export function planIsolates(isolates: readonly IsolateNeed[], limits: PlanLimits): ReadonlyMap<string, Parts> {
  const cpu = planCpu(isolates, limits);
  const heap = planHeaps(isolates, cpu, limits);
  return new Map(isolates.map(({ id }) => [id, { cpu: cpu.has(id), heap: heap.has(id) }]));
}

function planCpu(isolates: readonly IsolateNeed[], limits: PlanLimits): ReadonlySet<string> {
  let starts = Math.floor(limits.starts);
  const isFew = isolates.length + limits.coming <= limits.cpu;
  const claimOf = ({ parts, usedMs, owedMs }: IsolateNeed): number => (parts.cpu ? (usedMs ?? 0) : owedMs);
  const byClaim = (a: IsolateNeed, b: IsolateNeed): number => claimOf(b) - claimOf(a);
  const isOver = (isolate: IsolateNeed): boolean => isolate.cpuForMs >= SHORTEST_TURN_MS;
  const sampled = isolates
    .filter(({ parts }) => parts.cpu)
    .sort(byClaim)
    .filter((isolate, rank) => rank < limits.cpu && (isFew || !isOver(isolate) || !isIdle(isolate)));
  const waiting = isolates
    .filter((isolate) => !isolate.parts.cpu && (isFew || isolate.owedMs >= WORTH_A_START_MS))
    .sort(byClaim);
  const chosen = new Set(sampled.map(({ id }) => id));
  for (; starts > 0 && waiting.length && chosen.size < limits.cpu; starts--) chosen.add(waiting.shift()!.id);
  // The coolest one gives way first.
  const leaving = sampled.filter(isOver).reverse();
  for (; starts > 0 && waiting.length && leaving.length; starts--) {
    if (claimOf(waiting[0]) < TO_REPLACE * claimOf(leaving[0])) break;
    chosen.delete(leaving.shift()!.id);
    chosen.add(waiting.shift()!.id);
  }
  return chosen;
}

function planHeaps(
  isolates: readonly IsolateNeed[],
  cpu: ReadonlySet<string>,
  limits: PlanLimits,
): ReadonlySet<string> {
  const isFew = isolates.length + limits.coming <= limits.heaps;
  const chosen = isolates.filter(({ parts }) => parts.heap).slice(0, limits.heaps);
  const waiting = isolates
    .filter((isolate) => !isolate.parts.heap && cpu.has(isolate.id) && (isFew || !isIdle(isolate)))
    .sort((a, b) => b.heapAgoMs - a.heapAgoMs || (b.usedMs ?? b.owedMs) - (a.usedMs ?? a.owedMs));
  while (waiting.length && chosen.length < limits.heaps) chosen.push(waiting.shift()!);
  // One at a time: each change reads a heap.
  const [longest] = chosen.filter(({ parts }) => parts.heap).sort((a, b) => b.heapForMs - a.heapForMs);
  if (limits.heapTurns && waiting.length && longest && longest.heapForMs >= HEAP_TURN_MS)
    chosen[chosen.indexOf(longest)] = waiting[0];
  return new Set(chosen.map(({ id }) => id));
}

/** One of which nothing is known is not. */
function isIdle({ usedMs }: IsolateNeed): boolean {
  return usedMs !== undefined && usedMs < IDLE_MS;
}
