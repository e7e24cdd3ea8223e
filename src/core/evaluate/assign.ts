import type { Value } from '../database/statement';
import type { Expression, Range, Target } from '../code/syntax';
import { evaluate } from './evaluate';
import { isVague, lookup } from './lookup';
import { memberOf } from './members';
import type { Module } from '../code/module';
import type { Run } from './evaluation';
import {
  data,
  isDraftHole,
  makeHole,
  placeOf,
  textOf,
  valueOf,
  withPlace,
  type Scope,
  type Thing,
} from './abstractValue';
import { thingOfType } from './typedValues';
import { memberType, namedHoleType } from './namedTypes';
import type { HoleType } from './types';

interface Written {
  readonly type?: string;
  /** What the names in the type are those of, where it is not the file of the scope. */
  readonly typesOf?: Module;
  readonly fallback?: Thing;
  readonly range: Range;
}

/** Gives a name (or the names of a pattern) what is known of its value. */
export function declare(run: Run, target: Target, thing: Thing | undefined, scope: Scope, written: Written): void {
  if (target.kind === 'place')
    return assignTo(
      run,
      target,
      thing ?? data(makeHole(textOf(target, scope), 'unknown', placeOf(target, scope))),
      scope,
    );
  if (target.kind === 'name') {
    const known = described(run, target, thing, scope, written);
    scope.vars.set(target.name, thing ? withPlace(known, placeOf(written.range, scope)) : known);
    return;
  }
  const whole =
    thing ??
    (written.type === undefined
      ? undefined
      : thingOfType(run, scope, written.type, textOf(target, scope), target, written.typesOf));
  for (const part of target.parts) {
    const fallback = part.fallback && evaluate(run, part.fallback, scope);
    const found = part.key === null ? undefined : whole && memberOf(run, whole, part.key);
    const inner =
      part.key === null || written.type === undefined
        ? undefined
        : memberType(run, written.type, part.key, written.typesOf ?? scope.module);
    const member = found && isNamelessHole(found) ? renamed(found, part.target, scope) : found;
    declare(run, part.target, member, scope, {
      type: inner?.type,
      typesOf: inner?.module,
      fallback,
      range: thing ? written.range : part.target,
    });
  }
}

/** Members of a pattern are called by their new name. */
function renamed(thing: Thing, target: Target, scope: Scope): Thing {
  if (thing.is !== 'data' || thing.value.kind !== 'hole' || target.kind !== 'name') return thing;
  const { hole } = thing.value;
  return data(
    makeHole(target.name, hole.type, placeOf(target, scope), isDraftHole(hole) ? hole.written : undefined),
    thing.places,
  );
}

function isNamelessHole(thing: Thing): boolean {
  return thing.is === 'data' && thing.value.kind === 'hole';
}

/** The thing with what its declaration adds: a type, a default, a name for what is only an expression. */
function described(
  run: Run,
  target: Extract<Target, { kind: 'name' }>,
  thing: Thing | undefined,
  scope: Scope,
  written: Written,
): Thing {
  const { type, fallback } = written;
  if (!thing || isVague(thing)) {
    const typed = type === undefined ? undefined : thingOfType(run, scope, type, target.name, target, written.typesOf);
    if (typed && (!thing || typed.is !== 'data' || thing.is !== 'data' || thing.value.kind !== 'hole')) return typed;
    if (!thing) return data(makeHole(target.name, typeOfThing(fallback), placeOf(target, scope)));
  }
  if (thing.is !== 'data' || thing.value.kind !== 'hole') return thing;
  const { hole } = thing.value;
  const plain = /^[\w$.?]+$/.test(hole.name) || isNow(hole.name);
  const typesOf = written.typesOf ?? scope.module;
  const fromType = type === undefined ? 'unknown' : namedHoleType(run, type, typesOf);
  const found = hole.type !== 'unknown' ? hole.type : fromType !== 'unknown' ? fromType : typeOfThing(fallback);
  const keep = isDraftHole(hole) ? hole.written : undefined;
  const annotation = type === undefined ? keep : { type, module: typesOf };
  if (plain && found === hole.type && annotation === keep) return thing;
  return data(
    makeHole(
      plain ? hole.name : target.name,
      found,
      isDraftHole(hole) ? hole.place : placeOf(target, scope),
      annotation,
    ),
    thing.places,
  );
}

/** The present moment under any name: whoever fills holes need not ask for it. */
export function isNow(name: string): boolean {
  return /^new Date\(\)$|^Date\.now\(\)$|^(?:datetime\.)*(?:utcnow|now)\([\w.]*\)$/.test(name);
}

function typeOfThing(thing: Thing | undefined): HoleType {
  if (thing?.is !== 'data') return 'unknown';
  return typeOfValue(thing.value);
}

export function typeOfValue(value: Value): HoleType {
  if (value.kind === 'literal') {
    const type = typeof value.value;
    return type === 'string' || type === 'number' || type === 'boolean' ? type : 'unknown';
  }
  if (value.kind === 'hole') return value.hole.type;
  if (value.kind === 'array' || value.kind === 'document' || value.kind === 'regex') return value.kind;
  if (value.kind === 'either') {
    const then = typeOfValue(value.then);
    return then === typeOfValue(value.otherwise) ? then : 'unknown';
  }
  return 'unknown';
}

/** Assigns to a variable of this scope or an outer one, to a field of `this`, or to a field of a document in either. */
export function assignTo(run: Run, target: Target, thing: Thing, scope: Scope): void {
  if (target.kind === 'pattern') return declare(run, target, thing, scope, { range: target });
  if (target.kind === 'name') {
    let owner = scope;
    while (!owner.vars.has(target.name) && owner.parent) owner = owner.parent;
    owner.vars.set(
      target.name,
      withPlace(described(run, target, thing, scope, { range: target }), placeOf(target, scope)),
    );
    return;
  }
  assignToPlace(run, target.place, thing, scope, target);
}

/** Objects that are assigned to along `a.b.c`: more is no code. */
const MAX_PATH = 20;

function assignToPlace(run: Run, place: Expression, thing: Thing, scope: Scope, range: Range): void {
  const keys: string[] = [];
  let root = place;
  while ((root.kind === 'member' || root.kind === 'index') && keys.length < MAX_PATH) {
    if (root.kind === 'member' && root.object.kind === 'self')
      return changeField(run, root.name, keys.reverse(), thing, scope, range);
    const key = root.kind === 'member' ? root.name : keyOf(run, root.index, scope);
    keys.push(key ?? '...');
    root = root.object;
  }
  if (root.kind !== 'name') return;
  const isExports = root.name === 'exports' || (root.name === 'module' && keys[keys.length - 1] === 'exports');
  if (isExports) {
    if (root.name === 'module') keys.pop();
    const owner = outermost(scope);
    const before = owner.vars.get('module.exports');
    owner.vars.set(
      'module.exports',
      withField(before ?? { is: 'object', entries: new Map(), places: [] }, keys.reverse(), thing, place, scope),
    );
    return;
  }
  const before = lookup(run, scope, root.name);
  if (!before || (before.is !== 'data' && before.is !== 'object')) return;
  setVariable(
    root.name,
    withPlace(withField(before, keys.reverse(), thing, place, scope), placeOf(range, scope)),
    scope,
  );
}

function outermost(scope: Scope): Scope {
  let owner = scope;
  while (owner.parent) owner = owner.parent;
  return owner;
}

/** Changes the variable where it lives; one of the file becomes a variable of this part. */
export function setVariable(name: string, thing: Thing, scope: Scope): void {
  let owner = scope;
  while (!owner.vars.has(name) && owner.parent) owner = owner.parent;
  owner.vars.set(name, thing);
}

function changeField(run: Run, name: string, keys: readonly string[], thing: Thing, scope: Scope, range: Range): void {
  const self = scope.self;
  if (self?.is !== 'instance') return;
  if (!keys.length) {
    const before = self.fields.get(name);
    if (before && !isVague(before) && isVague(thing)) return;
    self.fields.set(name, thing);
    return;
  }
  const before = memberOf(run, self, name);
  if (before?.is === 'data')
    self.fields.set(
      name,
      withPlace(
        withField(before, keys, thing, { from: range.from, to: range.to, kind: 'undefined' }, scope),
        placeOf(range, scope),
      ),
    );
}

export function keyOf(run: Run, expression: Expression, scope: Scope): string | undefined {
  const value = valueOf(evaluate(run, expression, scope), expression, scope);
  if (value.kind === 'literal' && value.value !== null) return String(value.value);
  return undefined;
}

/** The thing with one field changed, at any depth; what is no document stays as it is. */
function withField(before: Thing, keys: readonly string[], thing: Thing, expression: Expression, scope: Scope): Thing {
  if (!keys.length) return thing;
  const [key, ...rest] = keys;
  if (before.is === 'object') {
    const entries = new Map(before.entries);
    entries.set(
      key,
      withField(entries.get(key) ?? data({ kind: 'document', entries: [] }), rest, thing, expression, scope),
    );
    return { ...before, entries };
  }
  if (before.is !== 'data') return before;
  const { value } = before;
  if (value.kind === 'document') {
    if (thing.is !== 'data' && !rest.length) {
      return {
        is: 'object',
        entries: new Map([...value.entries.map(([name, entry]): [string, Thing] => [name, data(entry)]), [key, thing]]),
        places: before.places,
      };
    }
    const old = value.entries.find(([name]) => name === key)?.[1] ?? { kind: 'document', entries: [] };
    const changed =
      key === '...'
        ? ({ kind: 'spread', value: valueOf(thing, expression, scope) } as const)
        : valueOf(withField(data(old), rest, thing, expression, scope), expression, scope);
    return { ...before, value: { kind: 'document', entries: withEntry(value.entries, key, changed) } };
  }
  if (value.kind === 'array' && /^\d+$/.test(key) && Number(key) < value.items.length) {
    const items = [...value.items];
    items[Number(key)] = valueOf(
      withField(data(items[Number(key)]), rest, thing, expression, scope),
      expression,
      scope,
    );
    return { ...before, value: { kind: 'array', items } };
  }
  return before;
}

export function withEntry(
  entries: readonly (readonly [string, Value])[],
  key: string,
  value: Value,
): (readonly [string, Value])[] {
  if (key === '...') return [...entries, [key, value]];
  const index = entries.findIndex(([name]) => name === key);
  if (index < 0) return [...entries, [key, value]];
  return entries.map((entry, i) => (i === index ? [key, value] : entry));
}
