import type { HeatSnapshot } from '../../../src/core/heat/heatSnapshot';
import { createRecording } from '../../../src/node/recording/recording';
import type { RecordingOptions } from '../../../src/node/recording/recordingTypes';
import type { NodeBinary } from '../nodeVersions';
import type { TruthProgram } from './truthPrograms';
import {
  largestDifference,
  measureTruth,
  startTruthTarget,
  waitUntilSteady,
  type Difference,
  type Shares,
} from './truthTarget';

export interface TruthRun {
  /** The program's own clock while it was measured with the default settings. */
  readonly truth: Shares;
  readonly calibrated: Difference;
  /** Where they were asked for. */
  readonly plain?: Difference;
  readonly exact?: Difference;
}

export interface TruthTimes {
  readonly cpuIntervalUs: number;
  readonly calibratedMs: number;
  /** 0: not measured. */
  readonly plainMs: number;
  readonly exactMs: number;
}

/** As V8 has it: no interrupt samples. */
const PLAIN: Partial<RecordingOptions> & { readonly interruptBudget: number } = { interruptBudget: 0 };

/** One life of the program: what its clock says against what is measured of it, in each of the modes. */
export async function runTruth(program: TruthProgram, node: NodeBinary, times: TruthTimes): Promise<TruthRun> {
  const target = await startTruthTarget(node.path, program.args);
  const common = { cpuIntervalUs: times.cpuIntervalUs };
  try {
    const timedShare = await waitUntilSteady(target);
    let plain: Difference | undefined;
    if (times.plainMs) {
      const recording = createRecording({ ...common, ...PLAIN });
      try {
        await recording.attach({ kind: 'pid', pid: target.pid });
        const truth = await measureTruth(target, times.plainMs, timedShare);
        plain = largestDifference(sharesIn(await recording.flush(), program), truth);
      } finally {
        await recording.detach();
        recording.dispose();
      }
    }
    const recording = createRecording(common);
    try {
      await recording.attach({ kind: 'pid', pid: target.pid });
      const truth = await measureTruth(target, times.calibratedMs * program.timesAsLong, timedShare);
      const calibrated = largestDifference(sharesIn(await recording.flush(), program), truth);
      let exact: Difference | undefined;
      if (times.exactMs) {
        await recording.measureExactly(times.exactMs);
        // Against the program as it is: with inlining off it is another one.
        exact = largestDifference(sharesIn(recording.snapshot, program), truth);
      }
      return { truth, calibrated, plain, exact };
    } finally {
      await recording.detach();
      recording.dispose();
    }
  } finally {
    await target.stop();
  }
}

function sharesIn(snapshot: HeatSnapshot | undefined, { takes }: TruthProgram): Shares {
  const shares: Record<string, number> = {};
  for (const { source, cpu } of snapshot?.methods ?? []) {
    const share = takes === 'self' ? cpu.selfShare : cpu.totalShare;
    shares[source.method.name] = Math.max(shares[source.method.name] ?? 0, share);
  }
  return shares;
}
