import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHeatlensError } from '../../../../src/core/errors';
import { createRecording } from '../../../../src/node/recording/recording';
import type { RecordingOptions } from '../../../../src/node/recording/recordingTypes';
import { until } from '../../../support/agentTarget';
import { interceptRequests, runWithFault, startNext, type Fault, type FaultWay } from '../../../support/faults';
import { nodeBinaries, type NodeBinary } from '../../../support/nodeVersions';
import { stopPrograms } from '../../../support/program';
import { startWatched, type WatchedTarget } from '../../../support/watchedTarget';

interface Kind {
  readonly name: string;
  /** Of `unusual.cjs`. */
  readonly kinds: readonly string[];
  readonly flags: readonly string[];
  /** Each step fails once in one of each of these lists. */
  readonly ways: readonly (readonly FaultWay[])[];
  /** The only version of Node that it is tried on; else the sample's. */
  readonly version?: number;
}

const refusals: readonly FaultWay[] = ['refused', 'failed'];
const losses: readonly FaultWay[] = ['cut before', 'killed after', 'cut after', 'killed before'];
const blocks: readonly FaultWay[] = ['blocked', 'blocked and cut', 'blocked and killed'];

const closed = ['--inspect-port=0'];
const kinds: readonly Kind[] = [
  { name: 'blocked', kinds: ['none'], flags: closed, ways: [blocks] },
  // Node 24 and before may die when a connection is cut while they write to it, which with sessions of workers is often:
  // nodejs/node#64209.
  { name: 'with a worker', kinds: ['withWorker'], flags: closed, ways: [refusals, losses], version: 26 },
  { name: 'frozen globals', kinds: ['frozenGlobal'], flags: closed, ways: [refusals, losses] },
  { name: 'faked timers', kinds: ['frozenTime'], flags: closed, ways: [refusals, losses] },
  { name: 'frozen intrinsics', kinds: ['frozenIntrinsics'], flags: closed, ways: [refusals, losses] },
  {
    name: 'all of these, inspector open',
    kinds: ['frozenTime', 'frozenIntrinsics', 'lockdown', 'frozenGlobal'],
    flags: ['--inspect=0'],
    ways: [refusals, losses],
  },
];

/** `HEATLENS_FAULTS=all` has every step of a recording fail in every kind of target, which takes half an hour. */
const IS_WHOLE = process.env['HEATLENS_FAULTS'] === 'all';
/** Otherwise one of so many: other ones in each kind of target. */
const EVERY = IS_WHOLE ? 1 : 6;
const EVERY_OF_OTHERS = IS_WHOLE ? 8 : 6;
/** Of requests that are made again and again, so many fail. */
const MOST_TIMES = IS_WHOLE ? 12 : 3;
/** Targets of each kind at once. */
const AT_ONCE = 5;
/**
 * Faults in one target. Node keeps the session of a worker whose connection was cut, and from then on it profiles along with
 * those of others: after thirty of them a target does little else.
 */
const FAULTS_PER_TARGET = 8;

type Scenario = (pid: number, steps: () => readonly string[]) => Promise<void>;

async function record(pid: number, options: Partial<RecordingOptions>, task: Task): Promise<void> {
  const recording = createRecording({ cpuIntervalUs: 1_000, ...options });
  try {
    await recording.attach({ kind: 'pid', pid });
    await task(recording);
  } finally {
    await recording.detach();
    recording.dispose();
  }
}
type Task = (recording: ReturnType<typeof createRecording>) => Promise<unknown>;

/** What a recording does: everything that it asks of a target is asked in one of these. */
const scenarios: Readonly<Record<string, Scenario>> = {
  everything: (pid) =>
    record(pid, { refreshMs: 60_000 }, async (recording) => {
      await recording.flush();
      await recording.measureExactly(50);
      await recording.pause();
      await recording.resume();
    }),
  // A heap that is read while it is sampled, and what is done by the clock.
  'heap reads': (pid, steps) =>
    record(pid, { refreshMs: 500, memory: 'live' }, () =>
      until(() => steps().includes('HeapProfiler.getSamplingProfile#1'), 'a read', 6_000).catch(() => undefined),
    ),
};

describe('whatever fails in a recording', function () {
  this.timeout(900_000);
  let folder: string;
  let putBack: () => void;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'heatlens-run-'));
    putBack = interceptRequests();
  });
  after(async () => {
    await stopPrograms();
    putBack();
    rmSync(folder, { recursive: true, force: true });
  });

  interface Injection extends Fault {
    readonly scenario: Scenario;
    /** Nothing of ours was in the target yet that could notice our death. */
    readonly isBeforeGuard: boolean;
  }

  function notesOf({ pid }: WatchedTarget): string {
    const own = join(folder, String(pid));
    mkdirSync(own, { recursive: true, mode: 0o700 });
    return own;
  }

  /** The steps of every scenario that are the same each time, those of a later scenario only if they are new. */
  async function stepsOf(target: WatchedTarget): Promise<Omit<Injection, 'way'>[]> {
    const seen = new Set<string>();
    const found: Omit<Injection, 'way'>[] = [];
    for (const scenario of Object.values(scenarios)) {
      const trials: (readonly string[])[] = [];
      for (let trial = 0; trial < 2; trial++) {
        const run = runWithFault(
          notesOf(target),
          undefined,
          () => Promise.resolve(),
          () => scenario(target.pid, () => run.steps),
        );
        assert.equal(await run.ended, undefined);
        assert.equal(await target.difference(3_000), '');
        trials.push(run.steps);
      }
      const [first, second] = trials;
      const guardedAt = first.findIndex((step) => step.startsWith('guardInspector'));
      first.forEach((step, index) => {
        const isOneOfMany = Number(step.split('#')[1]) > MOST_TIMES;
        if (!second.includes(step) || seen.has(step) || isOneOfMany) return;
        seen.add(step);
        found.push({ step, scenario, isBeforeGuard: index <= guardedAt });
      });
    }
    return found;
  }

  async function inject(target: WatchedTarget, injection: Injection): Promise<'missed' | 'hit'> {
    const run = runWithFault(
      notesOf(target),
      injection,
      () => target.block(),
      () => injection.scenario(target.pid, () => run.steps),
    );
    const error = await run.ended;
    assert.ok(error === undefined || isHeatlensError(error), `an error for people: ${String(error)}`);
    let difference = await target.difference(injection.way.includes('blocked') ? 4_000 : 300);
    // The guard of a worker may take longer than that of a process; where there is none yet nothing is to be waited for.
    const patienceMs = injection.isBeforeGuard ? 6_000 : 15_000;
    if (difference) difference = await target.whileFast(() => target.difference(patienceMs));
    if (difference && injection.isBeforeGuard && injection.way.includes('killed')) {
      await startNext(notesOf(target));
      difference = await target.difference(3_000);
    }
    assert.equal(difference, '');
    if (injection.way.includes('killed')) await run.bury();
    return run.isHit ? 'hit' : 'missed';
  }

  async function tryAll(node: NodeBinary, kind: Kind, every: number): Promise<void> {
    const targets = await Promise.all(
      Array.from({ length: AT_ONCE }, () => startWatched(node.path, kind.flags, kind.kinds)),
    );
    const steps = await stepsOf(targets[0]);
    const injections = steps.flatMap((step, index): Injection[] =>
      kind.ways.map((ways) => ({ ...step, way: ways[index % ways.length] })),
    );
    const left = injections.filter((_, index) => (index + kinds.indexOf(kind)) % every === 0);
    const total = left.length;
    const counts = { hit: 0, missed: 0 };
    const failures: string[] = [];
    await Promise.all(
      targets.map(async (first) => {
        let target = first;
        let isUsedUp = false;
        let faults = 0;
        for (let next = left.shift(); next; next = left.shift()) {
          if (isUsedUp || faults++ % FAULTS_PER_TARGET === FAULTS_PER_TARGET - 1) {
            target.program.child.kill('SIGKILL');
            target = await startWatched(node.path, kind.flags, kind.kinds);
            isUsedUp = false;
          }
          try {
            counts[await inject(target, next)]++;
          } catch (error) {
            failures.push(`${next.step} ${next.way}: ${error instanceof Error ? error.message : String(error)}`);
            isUsedUp = true;
          }
        }
      }),
    );
    console.log(
      `      Node ${node.version}, ${kind.name}: ${steps.length} steps, ${total} faults, ${counts.missed} not reached`,
    );
    assert.deepEqual(failures, []);
    assert.ok(steps.length > 30 && counts.hit > total * 0.7, 'it has something to try');
    await stopPrograms();
  }

  const [first, ...others] = [22, 20, 24, 26].map((version) =>
    nodeBinaries().find((node) => node.version === version)!,
  );
  for (const kind of kinds) {
    const node = others.find(({ version }) => version === kind.version) ?? first;
    it(`leaves nothing behind: ${kind.name}, Node ${node.version}`, () => tryAll(node, kind, EVERY));
  }
  for (const node of IS_WHOLE ? others : others.slice(-1)) {
    it(`leaves nothing behind: a sample, Node ${node.version}`, async () => {
      for (const kind of (IS_WHOLE ? kinds : kinds.slice(-1)).filter((each) => each.version === undefined))
        await tryAll(node, kind, EVERY_OF_OTHERS);
    });
  }
});
