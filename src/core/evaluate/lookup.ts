import { quietly } from './classes';
import { definersOf } from './dependencies';
import { runFunctionBodies, runSteps } from './execute';
import type { Module } from '../code/module';
import { memberOf, memberOfExternal } from './members';
import { collecting, note, type Run } from './evaluation';
import type { Scope, Thing } from './abstractValue';
import type { Unit } from '../code/unit';

/** What a name stands for in a scope. */
export function lookup(run: Run, scope: Scope, name: string): Thing | undefined {
  for (let inner: Scope | undefined = scope; inner; inner = inner.parent) {
    const thing = inner.vars.get(name);
    if (thing) return thing;
  }
  return lookupInModule(run, scope.module, name);
}

export function lookupInModule(run: Run, module: Module, name: string): Thing | undefined {
  const all = definersOf(module, name);
  note(run, module, 'name', name, undefined, () => all ?? []);
  if (!all) return undefined;
  const { root } = run;
  // What runs when the file is loaded sees only what stands before it.
  const cut = root?.isPlain && root.module === module ? root.unit.index : -1;
  const units =
    cut < 0
      ? all.filter((unit) => unit !== root?.unit || name === 'module.exports')
      : all.filter((unit) => unit.index < cut);
  const key = cut < 0 && units.length === all.length ? name : `${name}\0${root?.unit.index}`;
  let memo = run.memo.get(module);
  if (!memo) run.memo.set(module, (memo = new Map()));
  const known = memo.get(key);
  if (known) {
    run.dependencies.inner.add(known.dependencies);
    return known.thing;
  }
  const id = `${module.fileName}\0${key}`;
  if (run.lookingUp.has(id) || run.lookingUp.size > 40) return undefined;
  run.lookingUp.add(id);
  const { result, dependencies } = collecting(run, () => quietly(run, () => define(run, module, name, units)));
  run.lookingUp.delete(id);
  memo.set(key, { thing: result, dependencies });
  return result;
}

function define(run: Run, module: Module, name: string, units: readonly Unit[]): Thing | undefined {
  const vars = new Map<string, Thing>();
  for (const unit of units) runSteps(run, unit.steps, { unit, module, vars });
  const thing = vars.get(name);
  if (!isVague(thing)) return thing;
  if (name !== 'module.exports' && !units.some((unit) => unit.outline.declared.includes(name))) return thing;
  // `let db; async function connect() { db = client.db('shop'); }`
  for (const unit of units) {
    if (!unit.assigned.has(name)) continue;
    runFunctionBodies(run, unit.steps, { unit, module, vars });
    const assigned = vars.get(name);
    if (!isVague(assigned)) return assigned;
  }
  return thing;
}

/** Nothing, or something that an assignment elsewhere may tell more of. */
export function isVague(thing: Thing | undefined): boolean {
  if (!thing) return true;
  if (thing.is === 'data')
    return thing.value.kind === 'hole' || (thing.value.kind === 'literal' && thing.value.value === null);
  if (thing.is === 'collection') return thing.name === null;
  return thing.is === 'database' && thing.name === undefined;
}

/** What another file gives under a name; `*` is all of it. */
export function lookupImport(run: Run, from: Module, specifier: string, name: string): Thing | undefined {
  const found = run.resolve(from, specifier);
  if (found === 'package') {
    const root = specifier.replace(/^node:/, '');
    return name === '*' || name === 'default' ? { is: 'external', name: root } : memberOfExternal(root, name);
  }
  if (name === '*') return { is: 'module', module: found };
  return lookupExport(run, found, name, specifier, from);
}

export function lookupExport(
  run: Run,
  module: Module,
  name: string,
  specifier = '',
  from: Module = module,
  depth = 0,
): Thing | undefined {
  if (module.language === 'python') {
    const thing = lookupInModule(run, module, name);
    if (thing || depth > 0) return thing;
    const submodule = run.resolve(from, specifier.endsWith('.') ? specifier + name : `${specifier}.${name}`);
    return submodule === 'package' ? undefined : { is: 'module', module: submodule };
  }
  note(run, module, 'export', name, undefined, () => module.exported(name));
  const [exported] = module.exported(name);
  if (exported) {
    const { step, unit } = exported;
    if (step.specifier !== undefined) return lookupImport(run, module, step.specifier, String(step.local));
    if (typeof step.local === 'string') return lookupInModule(run, module, step.local);
    const expression = step.local;
    const vars = new Map<string, Thing>();
    const target = { from: 0, to: 0, kind: 'name', name: ' default' } as const;
    const declared = {
      from: step.from,
      to: step.to,
      kind: 'declare',
      target,
      value: expression,
      scoped: true,
    } as const;
    quietly(run, () => runSteps(run, [declared], { unit, module, vars }));
    return vars.get(' default');
  }
  note(run, module, 'export', '*', undefined, () => module.stars());
  for (const { step: star } of module.stars()) {
    if (star.specifier === undefined || depth > 4) continue;
    const other = run.resolve(module, star.specifier);
    const thing = other === 'package' ? undefined : lookupExport(run, other, name, star.specifier, module, depth + 1);
    if (thing) return thing;
  }
  const all = lookupInModule(run, module, 'module.exports');
  if (!all) return undefined;
  return name === 'default' ? all : memberOf(run, all, name);
}
