import type { Module } from '../code/units/module';
import type { Expression, Range, Target } from '../code/syntax';
import { data, isVague, valueOf, withOrigin, type AbstractValue } from './abstractValue';
import { spend } from './bounded';
import { unwrapped, type Evaluation } from './evaluation';
import { holeFor, isCutHole, isDraftHole, isNow, makeHole } from './holes';
import { keyOf } from './keyOf';
import { lookup } from './lookup';
import { memberType, namedHoleType } from './namedTypes';
import { rangeOf, textOf, type Scope } from './scope';
import { typeOfValue, withEntry, type HoleType } from './value';
import { valueOfType } from './valueOfType';

interface Written {
  readonly type?: string;
  /** What the names in the type are those of, where it is not the file of the scope. */
  readonly typesOf?: Module;
  readonly fallback?: AbstractValue;
  readonly range: Range;
}

/** Gives a name (or the names of a pattern) what is known of its value. */
export function declare(
  evaluation: Evaluation,
  target: Target,
  abstract: AbstractValue | undefined,
  scope: Scope,
  written: Written,
): void {
  if (target.kind === 'reference') return assignTo(evaluation, target, abstract ?? data(holeFor(target, scope)), scope);
  if (target.kind === 'name') {
    const known = described(evaluation, target, abstract, scope, written);
    scope.vars.set(target.name, abstract ? withOrigin(known, rangeOf(written.range, scope)) : known);
    return;
  }
  const whole =
    abstract ??
    (written.type === undefined
      ? undefined
      : valueOfType(evaluation, scope, written.type, textOf(target, scope), target, written.typesOf));
  for (const part of target.parts) {
    const fallback = part.fallback && evaluation.evaluate(part.fallback, scope);
    const found = part.key === null ? undefined : whole && evaluation.memberOf(whole, part.key);
    const inner =
      part.key === null || written.type === undefined
        ? undefined
        : memberType(evaluation, written.type, part.key, written.typesOf ?? scope.module);
    const member = found && isNamelessHole(found) ? renamed(found, part.target, scope) : found;
    declare(evaluation, part.target, member, scope, {
      type: inner?.type,
      typesOf: inner?.module,
      fallback,
      range: abstract ? written.range : part.target,
    });
  }
}

/** Members of a pattern are called by their new name. */
function renamed(abstract: AbstractValue, target: Target, scope: Scope): AbstractValue {
  if (abstract.is !== 'data' || abstract.value.kind !== 'hole' || target.kind !== 'name') return abstract;
  const { hole } = abstract.value;
  return data(
    makeHole(
      target.name,
      hole.type,
      rangeOf(target, scope),
      isDraftHole(hole) ? hole.written : undefined,
      isCutHole(abstract.value),
    ),
    abstract.origins,
  );
}

function isNamelessHole(abstract: AbstractValue): boolean {
  return abstract.is === 'data' && abstract.value.kind === 'hole';
}

/** The value with what its declaration adds: a type, a default, a name for what is only an expression. */
function described(
  evaluation: Evaluation,
  target: Extract<Target, { kind: 'name' }>,
  abstract: AbstractValue | undefined,
  scope: Scope,
  written: Written,
): AbstractValue {
  const { type, fallback } = written;
  if (!abstract || isVague(abstract)) {
    const typed =
      type === undefined ? undefined : valueOfType(evaluation, scope, type, target.name, target, written.typesOf);
    if (typed && (!abstract || typed.is !== 'data' || abstract.is !== 'data' || abstract.value.kind !== 'hole'))
      return typed;
    if (!abstract) return data(makeHole(target.name, typeOfAbstract(fallback), rangeOf(target, scope)));
  }
  if (abstract.is !== 'data' || abstract.value.kind !== 'hole') return abstract;
  const { hole } = abstract.value;
  const plain = /^[\w$.?]+$/.test(hole.name) || isNow(hole.name);
  const typesOf = written.typesOf ?? scope.module;
  const fromType = type === undefined ? 'unknown' : namedHoleType(evaluation, type, typesOf);
  const found = hole.type !== 'unknown' ? hole.type : fromType !== 'unknown' ? fromType : typeOfAbstract(fallback);
  const keep = isDraftHole(hole) ? hole.written : undefined;
  const annotation = type === undefined ? keep : { type, module: typesOf };
  if (plain && found === hole.type && annotation === keep) return abstract;
  return data(
    makeHole(
      plain ? hole.name : target.name,
      found,
      isDraftHole(hole) ? hole.range : rangeOf(target, scope),
      annotation,
      isCutHole(abstract.value),
    ),
    abstract.origins,
  );
}

function typeOfAbstract(abstract: AbstractValue | undefined): HoleType {
  if (abstract?.is !== 'data') return 'unknown';
  return typeOfValue(abstract.value);
}

/** Assigns to a variable of this scope or an outer one, to a field of `this`, or to a field of a document in either. */
export function assignTo(evaluation: Evaluation, target: Target, abstract: AbstractValue, scope: Scope): void {
  if (target.kind === 'pattern') return declare(evaluation, target, abstract, scope, { range: target });
  if (target.kind === 'name') {
    let owner = scope;
    while (!owner.vars.has(target.name) && owner.parent) owner = owner.parent;
    owner.vars.set(
      target.name,
      withOrigin(described(evaluation, target, abstract, scope, { range: target }), rangeOf(target, scope)),
    );
    return;
  }
  assignToReference(evaluation, target.reference, abstract, scope, target);
}

/** Objects that are assigned to along `a.b.c`: more is no code. */
const MAX_PATH = 20;

function assignToReference(
  evaluation: Evaluation,
  reference: Expression,
  abstract: AbstractValue,
  scope: Scope,
  range: Range,
): void {
  const keys: string[] = [];
  let root = reference;
  while ((root.kind === 'member' || root.kind === 'index') && keys.length < MAX_PATH) {
    if (root.kind === 'member' && root.object.kind === 'self')
      return changeField(evaluation, root.name, keys.reverse(), abstract, scope, range);
    const key = root.kind === 'member' ? root.name : keyOf(evaluation, root.index, scope);
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
      withField(
        evaluation,
        before ?? { is: 'object', entries: new Map(), origins: [] },
        keys.reverse(),
        abstract,
        reference,
        scope,
      ),
    );
    return;
  }
  const before = lookup(evaluation, scope, root.name);
  if (!before || (before.is !== 'data' && before.is !== 'object')) return;
  setVariable(
    root.name,
    withOrigin(withField(evaluation, before, keys.reverse(), abstract, reference, scope), rangeOf(range, scope)),
    scope,
  );
}

function outermost(scope: Scope): Scope {
  let owner = scope;
  while (owner.parent) owner = owner.parent;
  return owner;
}

/** Changes the variable where it lives; one of the file becomes a variable of this part. */
export function setVariable(name: string, abstract: AbstractValue, scope: Scope): void {
  let owner = scope;
  while (!owner.vars.has(name) && owner.parent) owner = owner.parent;
  owner.vars.set(name, abstract);
}

function changeField(
  evaluation: Evaluation,
  name: string,
  keys: readonly string[],
  abstract: AbstractValue,
  scope: Scope,
  range: Range,
): void {
  const self = scope.self;
  if (self?.is !== 'instance') return;
  if (!keys.length) {
    const before = self.fields.get(name);
    if (before && !isVague(before) && isVague(abstract)) return;
    self.fields.set(name, abstract);
    return;
  }
  const before = evaluation.memberOf(self, name);
  if (before?.is === 'data')
    self.fields.set(
      name,
      withOrigin(
        withField(evaluation, before, keys, abstract, { from: range.from, to: range.to, kind: 'undefined' }, scope),
        rangeOf(range, scope),
      ),
    );
}

/** The value with one field changed, at any depth; what is no document stays as it is. */
/** Fields that are copied for the price of one expression. */
const FIELDS_OF_A_STEP = 4;

function withField(
  evaluation: Evaluation,
  before: AbstractValue,
  keys: readonly string[],
  abstract: AbstractValue,
  expression: Expression,
  scope: Scope,
): AbstractValue {
  if (!keys.length) return abstract;
  const [key, ...rest] = keys;
  if (before.is === 'object') {
    spend(evaluation, before.entries.size / FIELDS_OF_A_STEP);
    const entries = new Map(before.entries);
    entries.set(
      key,
      withField(
        evaluation,
        entries.get(key) ?? data({ kind: 'document', entries: [] }),
        rest,
        abstract,
        expression,
        scope,
      ),
    );
    return { ...before, entries };
  }
  if (before.is !== 'data') return before;
  const { value } = before;
  if (value.kind === 'document') {
    spend(evaluation, value.entries.length / FIELDS_OF_A_STEP);
    if (abstract.is !== 'data' && !rest.length) {
      return {
        is: 'object',
        entries: new Map([
          ...value.entries.map(([name, entry]): [string, AbstractValue] => [name, data(entry)]),
          [key, abstract],
        ]),
        origins: before.origins,
      };
    }
    const old = value.entries.find(([name]) => name === key)?.[1] ?? { kind: 'document', entries: [] };
    const changed =
      key === '...'
        ? ({ kind: 'spread', value: valueOf(abstract, expression, scope) } as const)
        : valueOf(withField(evaluation, data(old), rest, abstract, expression, scope), expression, scope);
    return { ...before, value: { kind: 'document', entries: withEntry(value.entries, key, changed) } };
  }
  if (value.kind === 'array' && /^\d+$/.test(key) && Number(key) < value.items.length) {
    spend(evaluation, value.items.length / FIELDS_OF_A_STEP);
    const items = [...value.items];
    items[Number(key)] = valueOf(
      withField(evaluation, data(items[Number(key)]), rest, abstract, expression, scope),
      expression,
      scope,
    );
    return { ...before, value: { kind: 'array', items } };
  }
  return before;
}

/** What stands for an object is now this: the variable or the field that holds it is changed. */
export function store(evaluation: Evaluation, object: Expression, abstract: AbstractValue, scope: Scope): void {
  const target = unwrapped(object);
  if (target.kind === 'name') setVariable(target.name, abstract, scope);
  else if (target.kind === 'member' || target.kind === 'index') {
    assignTo(evaluation, { from: target.from, to: target.to, kind: 'reference', reference: target }, abstract, scope);
  }
}
