import type { WorkerProfilers } from '../../core/protocol/targetFunctions';
import { attempt } from '../attempt';
import { builtin, v8Console } from '../builtin';
import { openUndoRegistry, undoRegistry, type UndoStep } from '../undo';

const PROFILERS = 'profilers';

interface ProfilersStep extends UndoStep {
  noted: WorkerProfilers;
}

/**
 * Notes what is about to be begun in a worker. It may end before that is asked for: one that ends by itself emits `exit`, and the
 * windows are ended then; one that is terminated does not. And when our connection is lost its session goes on, with all that was
 * begun in it: then that is stopped when we give no sign of life.
 */
export function noteWorkerProfilers(owner: string, profilers: WorkerProfilers | null): void {
  if (profilers === null) {
    undoRegistry()?.release(owner, PROFILERS);
    return;
  }
  openUndoRegistry().register(owner, PROFILERS, createStep).noted = profilers;
}

function createStep(): ProfilersStep {
  const endWindows = (): void => {
    const { windows } = step.noted;
    // Of a window that is not open V8 knows nothing.
    for (let index = 0; index < windows.length; index++) {
      const title = windows[index];
      attempt(() => v8Console().profileEnd(title));
    }
  };
  const step: ProfilersStep = {
    noted: { windows: [], heap: false },
    undo() {
      endWindows();
      if (step.noted.heap) attempt(stopHeapSampling);
    },
    exit: endWindows,
  };
  return step;
}

/** V8 has one sampler in an isolate, whichever session began it. */
function stopHeapSampling(): void {
  const { Session } = builtin('inspector');
  const session = new Session();
  session.connect();
  try {
    session.post('HeapProfiler.stopSampling');
  } finally {
    session.disconnect();
  }
}
