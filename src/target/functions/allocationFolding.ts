import { attempt } from '../attempt';
import { builtin } from '../builtin';
import { openUndoRegistry, undoRegistry, type UndoStep } from '../undo';
import { isFlagGiven } from './nodeFlags';

const FOLDING = 'allocation folding';

interface FoldingStep extends UndoStep {
  /** Once, however many ask for it. */
  enter(): void;
}

/** Code that is optimised from now on allocates each object by itself, until the owner leaves. */
export function turnFoldingOff(owner: string): void {
  const step = openUndoRegistry().register(owner, FOLDING, foldingStep);
  try {
    step.enter();
  } catch (error) {
    undoRegistry()?.release(owner, FOLDING);
    throw error;
  }
}

function foldingStep(): FoldingStep {
  let isOff = false;
  return {
    enter() {
      // What the user switched off himself stays off afterwards.
      if (isOff || isFlagGiven('--no-turbo-allocation-folding')) return;
      isOff = true;
      builtin('v8').setFlagsFromString('--no-turbo-allocation-folding');
    },
    // Code that was optimised meanwhile is as fast as any other, so it stays.
    undo() {
      if (isOff) attempt(() => builtin('v8').setFlagsFromString('--turbo-allocation-folding'));
    },
  };
}
