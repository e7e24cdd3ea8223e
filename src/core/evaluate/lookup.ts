import type { Module } from '../code/units/module';
import type { Step } from '../code/syntax';
import type { Unit } from '../code/units/unit';
import { isVague, type AbstractValue } from './abstractValue';
import { spend } from './bounded';
import { definersOf } from './dependencies';
import { askLibraries, collecting, note, quietly, type Evaluation } from './evaluation';
import type { Scope } from './scope';

/** Parts of a file that are looked at for the price of one expression. */
const UNITS_OF_A_STEP = 16;

/** What a name stands for in a scope. */
export function lookup(evaluation: Evaluation, scope: Scope, name: string): AbstractValue | undefined {
  for (let inner: Scope | undefined = scope; inner; inner = inner.parent) {
    const abstract = inner.vars.get(name);
    if (abstract) return abstract;
  }
  return lookupInModule(evaluation, scope.module, name);
}

export function lookupInModule(evaluation: Evaluation, module: Module, name: string): AbstractValue | undefined {
  const all = definersOf(module, name);
  note(evaluation, module, 'name', name, undefined, () => all ?? []);
  if (!all) return undefined;
  spend(evaluation, all.length / UNITS_OF_A_STEP);
  const { root } = evaluation;
  // What runs when the file is loaded sees only what stands before it.
  const cut = root?.isPlain && root.module === module ? root.unit.index : -1;
  const units =
    cut < 0
      ? all.filter((unit) => unit !== root?.unit || name === 'module.exports')
      : all.filter((unit) => unit.index < cut);
  const key = cut < 0 && units.length === all.length ? name : `${name}\0${root?.unit.index}`;
  let memo = evaluation.memo.get(module);
  if (!memo) evaluation.memo.set(module, (memo = new Map()));
  const known = memo.get(key);
  if (known) {
    evaluation.dependencies.inner.add(known.dependencies);
    return known.abstract;
  }
  const id = `${module.fileName}\0${key}`;
  if (evaluation.lookingUp.has(id) || evaluation.lookingUp.size > 40 || evaluation.budget <= 0) return undefined;
  evaluation.lookingUp.add(id);
  const { result, dependencies } = collecting(evaluation, () =>
    quietly(evaluation, () => define(evaluation, module, name, units)),
  );
  evaluation.lookingUp.delete(id);
  // What was given up in the middle is no answer for others.
  if (evaluation.budget > 0) memo.set(key, { abstract: result, dependencies });
  return result;
}

function define(
  evaluation: Evaluation,
  module: Module,
  name: string,
  units: readonly Unit[],
): AbstractValue | undefined {
  const vars = new Map<string, AbstractValue>();
  for (const unit of units) {
    if (evaluation.budget <= 0) break;
    evaluation.runSteps(unit.steps, { unit, module, vars });
  }
  const abstract = vars.get(name);
  if (!isVague(abstract)) return abstract;
  if (name !== 'module.exports' && !units.some((unit) => unit.outline.declared.includes(name))) return abstract;
  // `let pool; async function connect() { pool = await open(url); }`
  for (const unit of units) {
    if (!unit.assigned.has(name)) continue;
    runFunctionBodies(evaluation, unit.steps, { unit, module, vars });
    const assigned = vars.get(name);
    if (!isVague(assigned)) return assigned;
  }
  return abstract;
}

/** Runs the bodies of all functions, for what they assign to names outside. */
function runFunctionBodies(evaluation: Evaluation, steps: readonly Step[], scope: Scope): void {
  const { callbacks } = evaluation;
  evaluation.callbacks = true;
  evaluation.runSteps(steps, scope);
  evaluation.callbacks = callbacks;
}

/** What another file gives under a name; `*` is all of it. */
export function lookupImport(
  evaluation: Evaluation,
  from: Module,
  specifier: string,
  name: string,
): AbstractValue | undefined {
  const found = evaluation.resolve(from, specifier);
  if (found === 'package') {
    const root = specifier.replace(/^node:/, '');
    return name === '*' || name === 'default'
      ? { is: 'external', name: root }
      : memberOfExternal(evaluation, root, name);
  }
  if (name === '*') return { is: 'module', module: found };
  return lookupExport(evaluation, found, name, specifier, from);
}

export function lookupExport(
  evaluation: Evaluation,
  module: Module,
  name: string,
  specifier = '',
  from: Module = module,
  depth = 0,
): AbstractValue | undefined {
  if (--evaluation.budget <= 0) return undefined;
  if (module.language === 'python') {
    const abstract = lookupInModule(evaluation, module, name);
    if (abstract || depth > 0) return abstract;
    const submodule = evaluation.resolve(from, specifier.endsWith('.') ? specifier + name : `${specifier}.${name}`);
    return submodule === 'package' ? undefined : { is: 'module', module: submodule };
  }
  note(evaluation, module, 'export', name, undefined, () => module.exported(name));
  const [exported] = module.exported(name);
  if (exported) {
    const { step, unit } = exported;
    if (step.specifier !== undefined) return lookupImport(evaluation, module, step.specifier, String(step.local));
    if (typeof step.local === 'string') return lookupInModule(evaluation, module, step.local);
    const expression = step.local;
    const vars = new Map<string, AbstractValue>();
    const target = { from: 0, to: 0, kind: 'name', name: ' default' } as const;
    const declared = {
      from: step.from,
      to: step.to,
      kind: 'declare',
      target,
      value: expression,
      scoped: true,
    } as const;
    quietly(evaluation, () => evaluation.runSteps([declared], { unit, module, vars }));
    return vars.get(' default');
  }
  note(evaluation, module, 'export', '*', undefined, () => module.stars());
  for (const { step: star } of module.stars()) {
    if (star.specifier === undefined || depth > 4) continue;
    const other = evaluation.resolve(module, star.specifier);
    const abstract =
      other === 'package' ? undefined : lookupExport(evaluation, other, name, star.specifier, module, depth + 1);
    if (abstract) return abstract;
  }
  const all = lookupInModule(evaluation, module, 'module.exports');
  if (!all) return undefined;
  return name === 'default' ? all : evaluation.memberOf(all, name);
}

/** A member of a package, or of something of it. */
export function memberOfExternal(evaluation: Evaluation, owner: string, name: string): AbstractValue {
  const known = askLibraries(evaluation, (library) => library.memberOfPackage(owner, name));
  return known ?? { is: 'external', name: name === 'default' ? owner : `${owner}.${name}` };
}
