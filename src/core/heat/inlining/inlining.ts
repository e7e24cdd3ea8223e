import type { InterruptLog } from '../../measurement/interruptLog';
import type { CallTree } from '../../profile/tree/callTree';
import type { Inlining } from '../inlinedMoves';
import type { MethodResolver } from '../methodResolver';
import { createInlinedFunctions } from './inlinedFunctions';
import { moveInlined } from './moveInlined';

/** What is known of a target beside its samples. */
export interface Knowledge {
  /** Trees that saw the program without inlining. */
  readonly teachers?: () => readonly CallTree[];
  /** V8 14 and later give frames of their own to innermost functions that are inlined: nobody hides on another one's lines. */
  readonly isExpanded?: boolean;
}

/**
 * For one isolate and its tree; what is learnt of the program grows with it: the same object serves each refresh.
 */
export function createInlining(
  resolver: MethodResolver,
  tree: CallTree,
  log: InterruptLog,
  { teachers = () => [], isExpanded = false }: Knowledge = {},
): Inlining {
  const functions = createInlinedFunctions(resolver, tree, log, teachers);
  return {
    get hasSamples() {
      return log.count > 0;
    },
    move: (part, cpu, nodes) => moveInlined(part, cpu, nodes, functions, isExpanded),
  };
}
