import type { Range } from '../code/syntax';
import { data, type AbstractValue } from './abstractValue';
import { askLibraries, instanceOf, type Evaluation } from './evaluation';
import { makeHole } from './holes';
import { lookup, lookupInModule } from './lookup';
import { namedHoleType } from './namedTypes';
import { rangeOf, type Scope } from './scope';
import { alternatives, holeType } from './types';

/** What a value of this type is; `asked` is its name in the text, `module` the file whose names the type has. */
export function valueOfType(
  evaluation: Evaluation,
  scope: Scope,
  annotation: string,
  asked: string,
  range: Range,
  module = scope.module,
): AbstractValue {
  for (const alternative of alternatives(annotation)) {
    if (--evaluation.budget <= 0) break;
    const [root, ...rest] = (/^[\w$]+(?:\.[\w$]+)*/.exec(alternative)?.[0] ?? '').split('.');
    const named =
      !root || holeType(root, evaluation.typeNames) !== 'unknown'
        ? undefined
        : module === scope.module
          ? lookup(evaluation, scope, root)
          : lookupInModule(evaluation, module, root);
    if (named?.is === 'external') {
      const type = [named.name, ...rest].join('.');
      const found = askLibraries(evaluation, (library) => library.valueOfType(type, asked));
      if (found) return found;
    }
    if (named?.is === 'class' && !rest.length) return instanceOf(evaluation, named);
  }
  const hole = makeHole(asked, namedHoleType(evaluation, annotation, module), rangeOf(range, scope), {
    type: annotation,
    module,
  });
  return data(hole);
}
