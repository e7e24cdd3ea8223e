import type { Module } from '../code/units/module';
import { noDependencies } from './dependencies';
import { evaluate } from './evaluate';
import { BUDGET_PER_UNIT, type Evaluation } from './evaluation';
import { runSteps } from './execute';
import type { Library } from './library';
import { memberOf } from './members';
import { PLAIN_TYPES } from './types';

/** An evaluation of one version of the files that `resolve` leads to. */
export function createEvaluation(
  libraries: readonly Library[],
  resolve: Evaluation['resolve'],
  { isOver, maxDrafts }: Pick<Evaluation, 'isOver' | 'maxDrafts'>,
): Evaluation {
  const evidence = new Map<Library, Map<Module, readonly string[]>>();
  const evaluation: Evaluation = {
    evaluate: (expression, scope) => evaluate(evaluation, expression, scope),
    runSteps: (steps, scope) => runSteps(evaluation, steps, scope),
    memberOf: (abstract, name) => memberOf(evaluation, abstract, name),
    libraries,
    typeNames: Object.assign(
      {},
      PLAIN_TYPES,
      ...libraries.map(({ typeNames }) => typeNames),
    ) as Evaluation['typeNames'],
    resolve,
    evidence(name, module) {
      const library = libraries.find((one) => one.name === name);
      if (!library) return [];
      let ofLibrary = evidence.get(library);
      if (!ofLibrary) evidence.set(library, (ofLibrary = new Map()));
      let known = ofLibrary.get(module);
      if (!known) ofLibrary.set(module, (known = importedPackages(library, module, resolve)));
      return known;
    },
    memo: new Map(),
    instances: new Map(),
    lookingUp: new Set(),
    dependencies: noDependencies(),
    noted: new Map(),
    drafts: undefined,
    collected: [],
    uses: new Map(),
    loop: undefined,
    callbacks: false,
    root: undefined,
    depth: 0,
    nesting: 0,
    budget: BUDGET_PER_UNIT,
    steps: 0,
    isOver,
    maxDrafts,
  };
  return evaluation;
}

/** Packages of the library that the file imports, else those that files which it imports do. */
function importedPackages({ packages }: Library, module: Module, resolve: Evaluation['resolve']): readonly string[] {
  const own = (of: Module): string[] => [...of.imports()].filter((name) => packages.test(name));
  const direct = own(module);
  if (direct.length) return direct;
  const imported = [...module.imports()].map((name) => resolve(module, name));
  return [...new Set(imported.flatMap((other) => (other === 'package' ? [] : own(other))))];
}
