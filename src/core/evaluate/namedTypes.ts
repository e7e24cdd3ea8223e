import type { Module } from '../code/units/module';
import { note, type Evaluation } from './evaluation';
import { alternatives, holeType, inlineMemberType } from './types';
import type { HoleType } from './value';
import type { Unit } from '../code/units/unit';

/** A type as it is written, and the file whose names it has. */
export interface WrittenType {
  readonly type: string;
  readonly module: Module;
}

/** Names for names, and files that hand on what they import: more is a cycle. */
const MAX_STEPS = 6;

/** Type of a member of an annotated value: `number` for `page` of `{ page: number }` or of a named type, also an imported one. */
export function memberType(
  evaluation: Evaluation,
  annotation: string,
  name: string,
  module: Module,
  steps = 0,
): WrittenType | undefined {
  for (const alternative of alternatives(annotation)) {
    if (--evaluation.budget <= 0) return undefined;
    const inline = inlineMemberType(alternative, name);
    if (inline !== undefined) return { type: inline, module };
    const named = steps < MAX_STEPS ? namedType(evaluation, alternative, module) : undefined;
    const own = named?.unit.fields.get(name);
    if (named && own !== undefined) return { type: own, module: named.module };
    const other =
      named?.unit.alias === undefined
        ? undefined
        : memberType(evaluation, named.unit.alias, name, named.module, steps + 1);
    if (other) return other;
  }
  return undefined;
}

/** Type of a value by its annotation; what a name stands for is followed. */
export function namedHoleType(evaluation: Evaluation, annotation: string, module: Module, steps = 0): HoleType {
  const known = holeType(annotation, evaluation.typeNames);
  if (known !== 'unknown' || steps >= MAX_STEPS) return known;
  const all = alternatives(annotation);
  const named = all.length === 1 ? namedType(evaluation, all[0], module) : undefined;
  if (!named) return 'unknown';
  if (named.unit.alias !== undefined) return namedHoleType(evaluation, named.unit.alias, named.module, steps + 1);
  return named.unit.kind === 'code' ? 'document' : 'unknown';
}

function namedType(
  evaluation: Evaluation,
  alternative: string,
  module: Module,
): { unit: Unit; module: Module } | undefined {
  let name = /^[\w$]+/.exec(alternative)?.[0];
  let from = module;
  for (let step = 0; name !== undefined && step < MAX_STEPS; step++) {
    const wanted = name;
    const here = from;
    note(evaluation, here, 'type', wanted, undefined, () => here.typesNamed(wanted));
    const [unit] = here.typesNamed(wanted);
    if (unit) return { unit, module: here };
    const next = importOf(evaluation, here, wanted);
    if (!next) return undefined;
    ({ name, from } = next);
  }
  return undefined;
}

/** Where an imported name comes from. */
function importOf(evaluation: Evaluation, module: Module, name: string): { name: string; from: Module } | undefined {
  note(evaluation, module, 'name', name, undefined, () => module.definers(name) ?? []);
  for (const unit of module.definers(name) ?? []) {
    for (const step of unit.steps) {
      const found = step.kind === 'import' ? step.names.find(({ local }) => local === name) : undefined;
      if (!found || found.imported === '*') continue;
      const from = evaluation.resolve(module, found.specifier);
      return from === 'package' ? undefined : exportedAs(evaluation, from, found.imported);
    }
  }
  note(evaluation, module, 'export', name, undefined, () => module.exported(name));
  const [exported] = module.exported(name);
  if (exported?.step.specifier === undefined) return undefined;
  const from = evaluation.resolve(module, exported.step.specifier);
  return from === 'package' ? undefined : { name: String(exported.step.local), from };
}

/** A default export has a name of its own. */
function exportedAs(evaluation: Evaluation, module: Module, name: string): { name: string; from: Module } {
  note(evaluation, module, 'export', name, undefined, () => module.exported(name));
  const [exported] = module.exported(name);
  const local =
    exported?.step.specifier === undefined && typeof exported?.step.local === 'string' ? exported.step.local : name;
  return { name: local, from: module };
}
