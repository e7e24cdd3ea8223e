import { attempt } from '../attempt';
import { builtin, nodeProcess } from '../builtin';
import { openUndoRegistry, undoRegistry, type UndoStep } from '../undo';
import { isFlagGiven } from './nodeFlags';

const EXACT_MODE = 'exact mode';

interface ExactStep extends UndoStep {
  /** Once, however many ask for it. May throw half-way; what was done until then is undone with the step. */
  enter(): void;
}

export function recordsCoverage(): boolean {
  return !!nodeProcess()!.env['NODE_V8_COVERAGE'];
}

/** The step stands before the first flag is changed, so that no failure leaves one changed. */
export function turnInliningOff(owner: string): void {
  const registry = openUndoRegistry();
  const step = registry.register(owner, EXACT_MODE, exactStep);
  try {
    step.enter();
  } catch (error) {
    registry.release(owner, EXACT_MODE);
    throw error;
  }
}

export function turnInliningOn(owner: string): void {
  undoRegistry()?.release(owner, EXACT_MODE);
}

function exactStep(): ExactStep {
  let hasEntered = false;
  let isTurboOff = false;
  let isMaglevOff = false;
  return {
    enter() {
      if (hasEntered) return;
      const v8 = builtin('v8');
      // What drops the code afterwards, if our side is gone by then: without it the process would stay slow.
      builtin('inspector');
      // What the user switched off himself stays off afterwards.
      if (!isFlagGiven('--no-turbo-inlining')) {
        isTurboOff = true;
        v8.setFlagsFromString('--no-turbo-inlining');
      }
      if (!isFlagGiven('--no-maglev-inlining')) {
        isMaglevOff = true;
        v8.setFlagsFromString('--no-maglev-inlining');
      }
      hasEntered = true;
    },
    undo() {
      if (isTurboOff) attempt(() => builtin('v8').setFlagsFromString('--turbo-inlining'));
      if (isMaglevOff) attempt(() => builtin('v8').setFlagsFromString('--maglev-inlining'));
      attempt(dropOptimisedCode);
    },
  };
}

/** What V8 has optimised without inlining stays slow until it is thrown away, and our side may be gone. */
function dropOptimisedCode(): void {
  const { Session } = builtin('inspector');
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    session.post('Profiler.stopPreciseCoverage');
  } finally {
    session.disconnect();
  }
}
