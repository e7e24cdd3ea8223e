import type { Disposable } from '../../core/disposable';
import type { Parts } from '../instruments/instrument';
import type { Coverage } from './coverage';
import {
  affordableStarts,
  isolateLimits,
  MOST_SAVED_STARTS,
  planIsolates,
  type IsolateNeed,
  type PlanLimits,
} from './isolatePlan';

/** Between two looks at what the isolates use, ms; the first one at many is sooner. */
const LOOK_MS = 2_000;
const FIRST_LOOK_MS = 300;
/** Isolates that come together are planned together, ms. */
const GATHER_MS = 10;

/** One isolate that is to be measured. */
export interface TurnIsolate {
  readonly id: string;
  /** CPU ms that its thread has used so far; undefined where nobody tells. */
  usedMs(): number | undefined;
  /** ms that it was busy in the samples so far. */
  sampledMs(): number;
  readonly coverage: Coverage;
  /** Resolves when it is measured so; not before the isolate answers. */
  assign(parts: Parts): Promise<void>;
}

export interface TurnsHost {
  readonly cpuIntervalUs: () => number;
  /** Epoch ms at which a run of known length ends that starts now. */
  readonly endsAt?: () => number;
  /** Turns were given: called after each look. */
  readonly onTurns?: () => void;
}

/** How many isolates there are and may be measured at once. */
export interface TurnsState extends Pick<PlanLimits, 'cpu' | 'heaps'> {
  readonly isolates: number;
}

/** Of isolates whose CPU time is known, those that have ended included; ms. */
export interface UnseenTime {
  /** Threads of which nothing was sampled, and what they used. */
  readonly threads: number;
  readonly usedMs: number;
  /** What all used. */
  readonly allMs: number;
}

/** An isolate that will be added. */
export interface Coming extends Disposable {
  /** What may be measured of it before it is added: all, as long as there are few. */
  readonly parts: Parts;
}

/** Gives all isolates of a recording their turns, so that what measuring costs is bounded whatever their number. */
export interface MeasuringTurns extends Disposable {
  /** To be disposed of before the isolate is added, or when it will not be. `isUrgent`: to be measured at once, if that can be. */
  expect(isUrgent: boolean): Coming;
  /** `runsAlready`: it was there before us, and may be idle. `parts`: what is measured of it already. */
  add(isolate: TurnIsolate, runsAlready: boolean, parts?: Parts): void;
  remove(isolate: TurnIsolate): void;
  /** Until disposed of, turns stay as they are and time does not count. */
  hold(): Disposable;
  /** Until disposed of, nobody's turn ends; who has none yet may get one. Time does not count. */
  freeze(): Disposable;
  readonly state: TurnsState;
  readonly unseen: UnseenTime;
}

export const NOTHING: Parts = { cpu: false, heap: false };

interface Entry {
  readonly isolate: TurnIsolate;
  parts: Parts;
  /** As the isolate itself has come to; behind `parts` while it does not answer. */
  isSampled: boolean;
  /** In the time of one look. */
  usedMs: number | undefined;
  /** What the clocks said at the last look at it, and when that was. */
  lastUsedMs: number | undefined;
  lastSampledMs: number;
  lookedAt: number;
  wasLookedAt: boolean;
  owedMs: number;
  cpuSince: number;
  heapSince: number;
  heapUntil: number;
}

export function createMeasuringTurns(host: TurnsHost): MeasuringTurns {
  const entries = new Map<TurnIsolate, Entry>();
  let coming = 0;
  let holds = 0;
  let freezes = 0;
  const gone = { threads: 0, usedMs: 0, allMs: 0 };
  let starts = MOST_SAVED_STARTS;
  let lastLookAt = Date.now();
  const runMs = host.endsAt && host.endsAt() - Date.now();
  let timer: NodeJS.Timeout | undefined;
  let nextAt = Infinity;

  const limits = (): PlanLimits => ({
    ...isolateLimits(host.cpuIntervalUs(), runMs),
    starts,
    coming,
    heapTurns: runMs === undefined && !freezes,
  });

  const lookIn = (ms: number): void => {
    const at = Date.now() + ms;
    if (at >= nextAt) return;
    clearTimeout(timer);
    nextAt = at;
    timer = setTimeout(() => {
      nextAt = Infinity;
      look();
    }, ms);
  };

  /** ms of the clock that coverage is told by. */
  const clockOf = ({ isolate }: Entry): number => isolate.usedMs() ?? Date.now();
  const mark = (entry: Entry): void => {
    const { coverage } = entry.isolate;
    if (freezes) coverage.skip(clockOf(entry));
    else coverage.mark(clockOf(entry), entry.isSampled);
  };

  const notice = (entry: Entry, now: number): void => {
    const elapsedMs = now - entry.lookedAt;
    if (elapsedMs < FIRST_LOOK_MS) return;
    const used = entry.isolate.usedMs();
    const sampled = entry.isolate.sampledMs();
    // By the kernel's account or, of one that is sampled, by its samples.
    const usedNow =
      used !== undefined
        ? used - (entry.lastUsedMs ?? used)
        : entry.isSampled
          ? sampled - entry.lastSampledMs
          : undefined;
    const aLook = LOOK_MS / elapsedMs;
    entry.usedMs = usedNow === undefined ? undefined : usedNow * aLook;
    if (entry.parts.cpu) entry.owedMs = 0;
    // What it does at first is what it does all the time, as far as is known.
    else entry.owedMs += (usedNow ?? elapsedMs) * (entry.wasLookedAt ? 1 : Math.max(1, aLook));
    entry.lastUsedMs = used;
    entry.lastSampledMs = sampled;
    entry.lookedAt = now;
    entry.wasLookedAt = true;
  };

  const give = (entry: Entry, parts: Parts, now: number): void => {
    const before = entry.parts;
    if (!parts.cpu) entry.isolate.coverage.leaveOut();
    if (parts.cpu === before.cpu && parts.heap === before.heap) return;
    entry.parts = parts;
    if (parts.cpu && !before.cpu) {
      entry.cpuSince = now;
      starts--;
    }
    if (parts.heap && !before.heap) entry.heapSince = now;
    if (before.heap && !parts.heap) entry.heapUntil = now;
    void entry.isolate
      .assign(parts)
      .catch(() => undefined)
      .then(() => {
        if (!entries.has(entry.isolate)) return;
        mark(entry);
        entry.isSampled = entry.parts.cpu;
      });
  };

  const needOf = (entry: Entry, now: number): IsolateNeed => ({
    id: entry.isolate.id,
    usedMs: entry.usedMs,
    owedMs: entry.owedMs,
    parts: entry.parts,
    // A turn that has just begun does not end.
    cpuForMs: entry.parts.cpu && !freezes ? now - entry.cpuSince : 0,
    heapForMs: entry.parts.heap ? now - entry.heapSince : 0,
    heapAgoMs: entry.parts.heap ? 0 : now - entry.heapUntil,
  });

  const look = (): void => {
    if (holds || !entries.size) return;
    const now = Date.now();
    starts = Math.min(MOST_SAVED_STARTS, starts + affordableStarts(now - lastLookAt));
    for (const entry of entries.values()) {
      notice(entry, now);
      mark(entry);
    }
    lastLookAt = now;
    plan(now);
    host.onTurns?.();
    const isNew = [...entries.values()].some((entry) => !entry.wasLookedAt);
    lookIn(isNew ? FIRST_LOOK_MS : LOOK_MS);
  };

  const plan = (now: number): void => {
    const parts = planIsolates(
      [...entries.values()].map((entry) => needOf(entry, now)),
      limits(),
    );
    for (const entry of [...entries.values()]) give(entry, parts.get(entry.isolate.id) ?? NOTHING, now);
  };

  const addUnseen = ({ isolate }: Entry, to: { -readonly [K in keyof UnseenTime]: UnseenTime[K] }): void => {
    if (isolate.usedMs() === undefined) return;
    const { totalMs, share } = isolate.coverage;
    to.allMs += totalMs;
    if (share !== 0) return;
    to.threads++;
    to.usedMs += totalMs;
  };

  return {
    expect(isUrgent) {
      coming++;
      const { cpu, heaps } = limits();
      const room = entries.size + coming;
      const hasTurn = isUrgent && !holds && room <= cpu && starts >= 1;
      if (hasTurn) starts--;
      let isComing = true;
      return {
        parts: { cpu: hasTurn, heap: hasTurn && room <= heaps },
        dispose: () => {
          if (isComing) coming--;
          isComing = false;
        },
      };
    },
    add(isolate, runsAlready, parts = NOTHING) {
      const now = Date.now();
      const entry: Entry = {
        isolate,
        parts,
        isSampled: parts.cpu,
        usedMs: undefined,
        lastUsedMs: isolate.usedMs(),
        lastSampledMs: isolate.sampledMs(),
        lookedAt: now,
        wasLookedAt: false,
        // One that has just been started is busy, until it is known.
        owedMs: runsAlready ? 0 : LOOK_MS,
        cpuSince: now,
        heapSince: now,
        heapUntil: -Infinity,
      };
      entries.set(isolate, entry);
      mark(entry);
      lookIn(GATHER_MS);
    },
    remove(isolate) {
      const entry = entries.get(isolate);
      if (!entry) return;
      mark(entry);
      entries.delete(isolate);
      addUnseen(entry, gone);
      host.onTurns?.();
      lookIn(GATHER_MS);
    },
    hold() {
      if (!holds++) for (const entry of entries.values()) mark(entry);
      let isHeld = true;
      return {
        dispose: () => {
          if (!isHeld) return;
          isHeld = false;
          if (--holds) return;
          for (const entry of entries.values()) entry.isolate.coverage.skip(clockOf(entry));
          lookIn(GATHER_MS);
        },
      };
    },
    freeze() {
      for (const entry of entries.values()) mark(entry);
      freezes++;
      let isFrozen = true;
      return {
        dispose: () => {
          if (!isFrozen) return;
          isFrozen = false;
          for (const entry of entries.values()) mark(entry);
          freezes--;
          lookIn(GATHER_MS);
        },
      };
    },
    get state() {
      return { ...isolateLimits(host.cpuIntervalUs(), runMs), isolates: entries.size + coming };
    },
    get unseen() {
      const sum = { ...gone };
      for (const entry of entries.values()) addUnseen(entry, sum);
      return sum;
    },
    dispose() {
      clearTimeout(timer);
      entries.clear();
    },
  };
}

/** Of what is asked for while something is under way, only the last is done. */
export function oneAtATime<T>(task: (value: T) => Promise<void>): (value: T) => Promise<void> {
  let wanted: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (wanted) {
      const { value } = wanted;
      wanted = undefined;
      await task(value);
    }
  };
  return (value) => {
    wanted = { value };
    return (running ??= run().finally(() => (running = undefined)));
  };
}
