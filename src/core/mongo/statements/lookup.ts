import type { Unit } from './code';
import { runFunctionBodies, runSteps } from './execute';
import { declaredNames, type Module } from './module';
import { memberOf, memberOfExternal } from './members';
import type { Dependencies, Run } from './run';
import type { Scope, Thing } from './things';

/** What a name stands for in a scope. */
export function lookup(run: Run, scope: Scope, name: string): Thing | undefined {
  for (let inner: Scope | undefined = scope; inner; inner = inner.parent) {
    const thing = inner.vars.get(name);
    if (thing) return thing;
  }
  return lookupInModule(run, scope.module, name);
}

export function lookupInModule(run: Run, module: Module, name: string): Thing | undefined {
  const all = name === 'module.exports' ? [...(module.definers.get('module') ?? []), ...(module.definers.get('exports') ?? [])] : module.definers.get(name);
  const dependency = `${module.fileName}\0${name}`;
  run.dependencies.set(dependency, { module, name, units: all });
  if (!all) return undefined;
  const { root } = run;
  const cut = root?.isPlain && root.module === module ? module.units.indexOf(root.unit) : -1;
  const units = cut < 0 ? all.filter((unit) => unit !== root?.unit || name === 'module.exports') : all.filter((unit) => module.units.indexOf(unit) < cut);
  const key = cut < 0 && units.length === all.length ? dependency : `${dependency}\0${root?.unit.from}`;
  const known = run.memo.get(key);
  if (known) {
    for (const [id, entry] of known.dependencies) run.dependencies.set(id, entry);
    return known.thing;
  }
  if (run.lookingUp.has(key) || run.lookingUp.size > 40) return undefined;

  const { dependencies, drafts, callbacks } = run;
  const own: Dependencies = new Map();
  run.lookingUp.add(key);
  run.dependencies = own;
  run.drafts = undefined;
  run.callbacks = false;
  const thing = define(run, module, name, units);
  run.callbacks = callbacks;
  run.drafts = drafts;
  run.dependencies = dependencies;
  run.lookingUp.delete(key);
  run.memo.set(key, { thing, dependencies: own });
  for (const [id, entry] of own) dependencies.set(id, entry);
  return thing;
}

function define(run: Run, module: Module, name: string, units: readonly Unit[]): Thing | undefined {
  const vars = new Map<string, Thing>();
  for (const unit of units) runSteps(run, unit.steps, { unit, module, vars });
  const thing = vars.get(name);
  if (!isVague(thing)) return thing;
  if (name !== 'module.exports' && !units.some((unit) => unit.steps.some((step) => declaredNames(step).includes(name)))) return thing;
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
  if (thing.is === 'data') return thing.value.kind === 'hole' || (thing.value.kind === 'literal' && thing.value.value === null);
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

export function lookupExport(run: Run, module: Module, name: string, specifier = '', from: Module = module, depth = 0): Thing | undefined {
  if (module.language === 'python') {
    const thing = lookupInModule(run, module, name);
    if (thing || depth > 0) return thing;
    const submodule = run.resolve(from, specifier.endsWith('.') ? specifier + name : `${specifier}.${name}`);
    return submodule === 'package' ? undefined : { is: 'module', module: submodule };
  }
  const step = module.exports.get(name);
  if (step) {
    if (step.specifier !== undefined) return lookupImport(run, module, step.specifier, String(step.local));
    if (typeof step.local === 'string') return lookupInModule(run, module, step.local);
    const expression = step.local;
    const unit = module.units.find((candidate) => candidate.steps.includes(step));
    if (!unit) return undefined;
    const vars = new Map<string, Thing>();
    const target = { from: 0, to: 0, kind: 'name', name: ' default' } as const;
    const declared = { from: step.from, to: step.to, kind: 'declare', target, value: expression, scoped: true } as const;
    const { drafts } = run;
    run.drafts = undefined;
    runSteps(run, [declared], { unit, module, vars });
    run.drafts = drafts;
    return vars.get(' default');
  }
  for (const [key, star] of module.exports) {
    if (!key.startsWith('*') || star.specifier === undefined || depth > 4) continue;
    const other = run.resolve(module, star.specifier);
    const thing = other === 'package' ? undefined : lookupExport(run, other, name, star.specifier, module, depth + 1);
    if (thing) return thing;
  }
  const all = lookupInModule(run, module, 'module.exports');
  if (!all) return undefined;
  return name === 'default' ? all : memberOf(run, all, name);
}
