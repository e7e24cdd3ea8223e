import type { TargetFunctions } from '../../core/protocol/targetFunctions';
import { attempt } from '../attempt';
import { provideProcess, provideRequire } from '../builtin';
import { turnFoldingOff } from './allocationFolding';
import { callSites } from './callSites';
import { changeCpuWindow } from './cpuWindow';
import { clock } from './monotonicClock';
import { recordsCoverage, turnInliningOff, turnInliningOn } from './exactMode';
import {
  environment,
  identify,
  memoryUse,
  reachesNode,
  startedAt,
  threadId,
  turnEventLoop,
  usedCpuTime,
  usedThreadTime,
} from './facts';
import {
  beat,
  cancelMove,
  guardInspector,
  hasClock,
  joinGuard,
  leave,
  leaveInspector,
  moveToRandomPort,
} from './guard';
import { findSourceMaps } from './sourceMaps';
import { cancelStepAside, stepAside } from './stepAside';
import { noteWorkerProfilers } from './workerProfilers';

// Entry of the bundle whose text is sent to targets. It runs in other people's programs: it imports nothing, defines no
// global, and nothing in it runs before it is called.

/** Of the text around the bundle, which takes the functions from there: exports would need globals of the program. */
declare const heatlensTarget: { functions?: TargetFunctions & TargetReach };

/** How the functions come to Node's own modules. */
export interface TargetReach {
  reachesNode(): boolean;
  provideProcess(process: unknown): void;
}

// The inspector lends it to the text while it is evaluated, unless this is no Node.
provideRequire(attempt(() => (globalThis as { require?: (id: string) => unknown }).require));

heatlensTarget.functions = {
  beat,
  callSites,
  cancelMove,
  cancelStepAside,
  changeCpuWindow,
  clock,
  environment,
  findSourceMaps,
  guardInspector,
  hasClock,
  identify,
  joinGuard,
  leave,
  leaveInspector,
  memoryUse,
  moveToRandomPort,
  noteWorkerProfilers,
  provideProcess,
  reachesNode,
  recordsCoverage,
  startedAt,
  stepAside,
  threadId,
  turnEventLoop,
  turnFoldingOff,
  turnInliningOff,
  turnInliningOn,
  usedCpuTime,
  usedThreadTime,
};
