import { instanceOf } from './classes';
import type { Range } from '../code/syntax';
import { lookup, lookupInModule } from './lookup';
import { namedHoleType } from './namedTypes';
import type { Evaluation } from './evaluation';
import { data, makeHole, rangeOf, type Api, type Scope, type AbstractValue } from './abstractValue';
import { alternatives, holeType } from './types';

/** What the name of a type of a driver says, by package and name. */
const TYPES: readonly (readonly [RegExp, (asked: string) => AbstractValue])[] = [
  [/^mongodb\.MongoClient$/, () => ({ is: 'client', api: 'driver' })],
  [/^mongodb\.Db$/, () => ({ is: 'database', api: 'driver' })],
  [/^mongodb\.Collection$/, (asked) => collection('driver', asked)],
  [/^mongoose\.(Model|PaginateModel|SoftDeleteModel)$/, (asked) => collection('mongoose', asked)],
  [/^mongoose\.(Connection|Mongoose)$/, () => ({ is: 'database', api: 'mongoose' })],
  [/^pymongo(\.\w+)*\.(Async)?MongoClient$/, () => ({ is: 'client', api: 'pymongo' })],
  [/^pymongo(\.\w+)*\.(Async)?Database$/, () => ({ is: 'database', api: 'pymongo' })],
  [/^pymongo(\.\w+)*\.(Async)?Collection$/, (asked) => collection('pymongo', asked)],
  [/^motor(\.\w+)*\.(AsyncIO)?MotorClient$|^motor(\.\w+)*\.AgnosticClient$/, () => ({ is: 'client', api: 'motor' })],
  [/^motor(\.\w+)*\.(AsyncIOMotor|Agnostic|Motor)Database$/, () => ({ is: 'database', api: 'motor' })],
  [/^motor(\.\w+)*\.(AsyncIOMotor|Agnostic|Motor)Collection$/, (asked) => collection('motor', asked)],
];

function collection(api: Api, asked: string): AbstractValue {
  return { is: 'collection', api, name: null, asked };
}

export function externalType(name: string, asked: string): AbstractValue | undefined {
  return TYPES.find(([pattern]) => pattern.test(name))?.[1](asked);
}

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
    const [root, ...rest] = (/^[\w$]+(?:\.[\w$]+)*/.exec(alternative)?.[0] ?? '').split('.');
    const named =
      !root || isBuiltIn(root)
        ? undefined
        : module === scope.module
          ? lookup(evaluation, scope, root)
          : lookupInModule(evaluation, module, root);
    if (named?.is === 'external') {
      const found = externalType([named.name, ...rest].join('.'), asked);
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

function isBuiltIn(name: string): boolean {
  return holeType(name) !== 'unknown';
}
