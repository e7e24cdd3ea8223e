import type { TargetFunctions } from '../../core/protocol/targetFunctions';
import { provideRequire } from '../builtin';
import { changeCpuWindow } from './cpuWindow';
import { recordsCoverage, turnInliningOff, turnInliningOn } from './exactMode';
import { environment, identify, memoryUse, startedAt, turnEventLoop, usedCpuTime } from './facts';
import { beat, cancelMove, guardInspector, joinGuard, leave, moveToRandomPort } from './guard';
import { findSourceMaps } from './sourceMaps';
import { cancelStepAside, stepAside } from './stepAside';

// Entry of the bundle whose text is sent to targets. It runs in other people's programs: it imports nothing, defines no
// global, and nothing in it runs before it is called.

// The inspector lends it to the text while it is evaluated, unless this is no Node.
provideRequire((globalThis as { require?: (id: string) => unknown }).require);

export const functions: TargetFunctions = {
  beat,
  cancelMove,
  cancelStepAside,
  changeCpuWindow,
  environment,
  findSourceMaps,
  guardInspector,
  identify,
  joinGuard,
  leave,
  memoryUse,
  moveToRandomPort,
  recordsCoverage,
  startedAt,
  stepAside,
  turnEventLoop,
  turnInliningOff,
  turnInliningOn,
  usedCpuTime,
};
