import { assignTo, isNow, setVariable } from './assign';
import { chainCall } from '../database/mongo/calls/cursorCalls';
import type { Call, Expression } from '../code/syntax';
import { changedByCall } from './dataCalls';
import { evaluate } from './evaluate';
import { apiOf } from '../database/mongo/calls/evidence';
import { followCall } from './execute';
import { externalCall } from '../database/mongo/calls/externalCalls';
import { globalCall } from './globalCalls';
import { memberOf } from './members';
import { modelOf } from '../database/mongo/calls/models';
import { unwrapped, type Evaluation } from './evaluation';
import { evaluateArguments, startDraft, type Arguments } from '../database/mongo/calls/startDraft';
import { inLoop, loopOfCall, noteUse } from './uses';
import {
  data,
  holeFor,
  isDraftHole,
  rangeOf,
  shortened,
  textOf,
  withOrigin,
  type Collection,
  type Draft,
  type FunctionValue,
  type Scope,
  type AbstractValue,
} from './abstractValue';

export function evaluateCall(evaluation: Evaluation, call: Call, scope: Scope): AbstractValue {
  const callee = unwrapped(call.callee);
  if (callee.kind === 'member') {
    const object = evaluate(evaluation, callee.object, scope);
    const args = inLoop(evaluation, loopOfCall(call, callee, scope), () => evaluateArguments(evaluation, call, scope));
    return callMember(evaluation, call, object, callee, args, scope) ?? data(holeFor(call, scope));
  }
  if (callee.kind === 'name' && callee.name === 'require' && call.args[0]?.value.kind === 'literal') {
    const specifier = String(call.args[0].value.value);
    return evaluate(evaluation, { from: call.from, to: call.to, kind: 'import', specifier }, scope);
  }
  const abstract = evaluate(evaluation, callee, scope);
  const args = evaluateArguments(evaluation, call, scope);
  if (callee.kind === 'name' && callee.name === 'list' && args.abstractValues[0]?.is === 'cursor')
    noteUse(evaluation, args.abstractValues[0].draft.call, { collects: true });
  const result = callValue(evaluation, call, abstract, args, scope);
  if (result) return result;
  const name = callee.kind === 'name' ? callee.name : undefined;
  if (name === undefined) return data(holeFor(call, scope));
  return (
    globalCall(name, call, args, scope) ?? collectionGetter(evaluation, name, args, scope) ?? data(holeFor(call, scope))
  );
}

/** `getCollection('orders')` from a file that is not known, in one that has to do with a driver. */
function collectionGetter(
  evaluation: Evaluation,
  name: string,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const [first] = args.values;
  if (
    !/collection$/i.test(name) ||
    first?.kind !== 'literal' ||
    typeof first.value !== 'string' ||
    !evaluation.evidence(scope.module).length
  )
    return undefined;
  return { is: 'collection', api: apiOf(evaluation, scope), name: first.value };
}

/** What calling the value itself gives. */
function callValue(
  evaluation: Evaluation,
  call: Call,
  abstract: AbstractValue,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  switch (abstract.is) {
    case 'function':
      return namedByCall(
        followCall(evaluation, abstract.code, abstract.scope, undefined, args.abstractValues),
        abstract,
        call,
        scope,
      );
    case 'class':
      return { is: 'instance', class: abstract, fields: new Map(), readFrom: undefined, args: args.abstractValues };
    case 'external':
      return externalCall(evaluation, abstract.name, call, args, scope);
    default:
      return undefined;
  }
}

/** What a helper of ours gives but cannot be told is called by its call, not by the helper's body. */
function namedByCall(
  result: AbstractValue | undefined,
  { code, scope: inner }: FunctionValue,
  call: Call,
  scope: Scope,
): AbstractValue | undefined {
  if (result?.is !== 'data' || result.value.kind !== 'hole' || isNow(result.value.hole.name)) return result;
  const { hole } = result.value;
  const inBody =
    isDraftHole(hole) && hole.range.unit === inner.unit && hole.range.from >= code.from && hole.range.to <= code.to;
  return inBody ? data(holeFor(call, scope, hole.type), result.origins) : result;
}

function callMember(
  evaluation: Evaluation,
  call: Call,
  object: AbstractValue,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const { name } = callee;
  switch (object.is) {
    case 'cursor':
      return chained(evaluation, call, object.draft, callee, args, scope);
    case 'collection':
      return callCollection(evaluation, call, object, callee, args, scope);
    case 'database':
      return callDatabase(object, name, call, args, scope);
    case 'client':
      if (name === 'db' || name === 'get_database' || name === 'get_default_database') {
        const [first] = args.values;
        return {
          is: 'database',
          api: object.api,
          name: first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined,
        };
      }
      return name === 'connect' ? object : undefined;
    case 'external':
      return externalCall(evaluation, `${object.name}.${name}`, call, args, scope);
    case 'data': {
      const found = callData(evaluation, call, object, callee, args, scope);
      if (found) return found;
      const member = memberOf(evaluation, object, name);
      return member && member.is !== 'data' ? callValue(evaluation, call, member, args, scope) : undefined;
    }
    default: {
      const member = memberOf(evaluation, object, name);
      if (member) return callValue(evaluation, call, member, args, scope) ?? undefined;
      return object.is === 'instance' || object.is === 'module'
        ? collectionOfUnknown(evaluation, call, name, args, scope)
        : undefined;
    }
  }
}

function callData(
  evaluation: Evaluation,
  call: Call,
  object: Extract<AbstractValue, { is: 'data' }>,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const { name } = callee;
  const changed = changedByCall(object, name, args);
  if (changed) {
    const abstract = withOrigin(
      { ...changed.abstract, origins: [...new Set([...changed.abstract.origins, ...args.origins])] },
      rangeOf(call, scope),
    );
    if (changed.inPlace) store(evaluation, callee.object, abstract, scope);
    return abstract;
  }
  if (object.value.kind === 'hole') {
    const found = collectionOfUnknown(evaluation, call, name, args, scope);
    if (found) return found;
  }
  return globalCall(`.${name}`, call, args, scope, object.value);
}

/** `anything.collection('orders')`, `anything.db('shop')`. */
function collectionOfUnknown(
  evaluation: Evaluation,
  call: Call,
  name: string,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const evidence = evaluation.evidence(scope.module).length > 0;
  const [first] = args.values;
  const written = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined;
  if (name === 'collection' && call.args.length && scope.module.language !== 'python') {
    if (!evidence && [...scope.module.imports()].some((specifier) => /fire(base|store)/i.test(specifier)))
      return undefined;
    return namedCollection('driver', call, written, undefined, scope);
  }
  if (!evidence) return undefined;
  if (name === 'db' && (written !== undefined || !call.args.length) && scope.module.language !== 'python')
    return {
      is: 'database',
      api: 'driver',
      name: written,
    };
  if (name === 'get_collection' && call.args.length)
    return namedCollection(apiOf(evaluation, scope), call, written, undefined, scope);
  return written === undefined ? undefined : collectionGetter(evaluation, name, args, scope);
}

function namedCollection(
  api: Collection['api'],
  call: Call,
  name: string | undefined,
  database: string | undefined,
  scope: Scope,
): AbstractValue {
  const asked =
    name === undefined ? shortened(call.args[0] ? textOf(call.args[0].value, scope) : textOf(call, scope)) : undefined;
  return { is: 'collection', api, name: name ?? null, asked, database };
}

function callDatabase(
  object: Extract<AbstractValue, { is: 'database' }>,
  name: string,
  call: Call,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const [first] = args.values;
  const written = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : undefined;
  if (name === 'collection' || name === 'get_collection')
    return namedCollection(object.api === 'mongoose' ? 'driver' : object.api, call, written, object.name, scope);
  if (name === 'model' && object.api === 'mongoose') return modelOf(call, args, scope);
  if (name === 'useDb' && object.api === 'mongoose') return { ...object, name: written };
  if (name === 'getClient') return { is: 'client', api: 'driver' };
  return name === 'asPromise' || name === 'with_options' ? object : undefined;
}

function callCollection(
  evaluation: Evaluation,
  call: Call,
  collection: Collection,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  if (callee.name === 'with_options' || callee.name === 'withOptions') return collection;
  if (callee.name === 'discriminator' && collection.api === 'mongoose') return collection;
  const draft = startDraft(call, callee.name, collection, args, scope);
  if (!draft) return undefined;
  evaluation.drafts?.set(draft.call, draft);
  if (evaluation.drafts && evaluation.loop) noteUse(evaluation, draft.call, { loop: evaluation.loop });
  return isOpen(draft) ? { is: 'cursor', draft } : undefined;
}

/** Whether more can be chained to it: cursors, and everything that Mongoose makes of a query. */
function isOpen(draft: Draft): boolean {
  const { kind, single } = draft.command;
  if (draft.collection.api === 'mongoose') return kind !== 'insert' && kind !== 'bulkWrite';
  return kind === 'aggregate' || (kind === 'find' && !single);
}

function chained(
  evaluation: Evaluation,
  call: Call,
  draft: Draft,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): AbstractValue | undefined {
  const next = chainCall(draft, callee.name, args);
  if (!next) return undefined;
  if (evaluation.drafts && /^(?:toArray|toList|to_list)$/.test(callee.name))
    noteUse(evaluation, draft.call, { collects: true });
  const here = draft.range.unit === scope.unit && draft.range.from === call.from;
  const extended: Draft = here
    ? { ...next.draft, range: { ...draft.range, to: call.to } }
    : { ...next.draft, related: [...next.draft.related, rangeOf(call, scope)] };
  if (evaluation.drafts?.has(extended.call)) evaluation.drafts.set(extended.call, extended);
  const abstract: AbstractValue = { is: 'cursor', draft: extended };
  if (!here) store(evaluation, callee.object, abstract, scope);
  return next.open ? abstract : undefined;
}

/** A call that changes what it is called on changes the variable. */
function store(evaluation: Evaluation, object: Expression, abstract: AbstractValue, scope: Scope): void {
  const target = unwrapped(object);
  if (target.kind === 'name') setVariable(target.name, abstract, scope);
  else if (target.kind === 'member' || target.kind === 'index') {
    assignTo(evaluation, { from: target.from, to: target.to, kind: 'reference', reference: target }, abstract, scope);
  }
}
