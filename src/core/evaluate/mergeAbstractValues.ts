import { joinedOrigins, type AbstractValue } from './abstractValue';
import { spend } from './bounded';
import { libraryOf, type Evaluation } from './evaluation';
import { mergeValues } from './mergeValues';
import { sizeOf } from './valueSize';

/** Nodes that are compared for the price of one expression. */
const NODES_OF_A_STEP = 16;

/** Both forms of whatever a variable holds; what cannot be both is what the branch made of it. */
export function mergeAbstractValues(
  evaluation: Evaluation,
  condition: string,
  then: AbstractValue | undefined,
  otherwise: AbstractValue | undefined,
): AbstractValue | undefined {
  if (!then || !otherwise || then === otherwise) return then ?? otherwise;
  if (then.is === 'data' && otherwise.is === 'data') {
    if (then.value !== otherwise.value)
      spend(evaluation, (sizeOf(then.value).size + sizeOf(otherwise.value).size) / NODES_OF_A_STEP);
    const origins = joinedOrigins([otherwise.origins, then.origins]);
    return { is: 'data', value: mergeValues(condition, then.value, otherwise.value), origins };
  }
  if (then.is === 'library' && otherwise.is === 'library' && then.draft && then.draft.call === otherwise.draft?.call) {
    return { ...then, draft: libraryOf(evaluation, then).merge(condition, then.draft, otherwise.draft) };
  }
  // `let db; if (test) db = …`: what is known wins over what is not.
  if (then.is === 'data') return otherwise;
  return then;
}
