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
import { unwrapped, type Run } from './evaluation';
import { evaluateArguments, startDraft, type Arguments } from '../database/mongo/calls/startDraft';
import { inLoop, loopOfCall, noteUse } from './uses';
import {
  data,
  holeFor,
  isDraftHole,
  placeOf,
  shortened,
  textOf,
  withPlace,
  type Collection,
  type Draft,
  type FunctionThing,
  type Scope,
  type Thing,
} from './abstractValue';

export function evaluateCall(run: Run, call: Call, scope: Scope): Thing {
  const callee = unwrapped(call.callee);
  if (callee.kind === 'member') {
    const object = evaluate(run, callee.object, scope);
    const args = inLoop(run, loopOfCall(call, callee, scope), () => evaluateArguments(run, call, scope));
    return callMember(run, call, object, callee, args, scope) ?? data(holeFor(call, scope));
  }
  if (callee.kind === 'name' && callee.name === 'require' && call.args[0]?.value.kind === 'literal') {
    const specifier = String(call.args[0].value.value);
    return evaluate(run, { from: call.from, to: call.to, kind: 'import', specifier }, scope);
  }
  const thing = evaluate(run, callee, scope);
  const args = evaluateArguments(run, call, scope);
  if (callee.kind === 'name' && callee.name === 'list' && args.things[0]?.is === 'cursor')
    noteUse(run, args.things[0].draft.call, { collects: true });
  const result = callThing(run, call, thing, args, scope);
  if (result) return result;
  const name = callee.kind === 'name' ? callee.name : undefined;
  if (name === undefined) return data(holeFor(call, scope));
  return globalCall(name, call, args, scope) ?? collectionGetter(run, name, args, scope) ?? data(holeFor(call, scope));
}

/** `getCollection('orders')` from a file that is not known, in one that has to do with a driver. */
function collectionGetter(run: Run, name: string, args: Arguments, scope: Scope): Thing | undefined {
  const [first] = args.values;
  if (
    !/collection$/i.test(name) ||
    first?.kind !== 'literal' ||
    typeof first.value !== 'string' ||
    !run.evidence(scope.module).length
  )
    return undefined;
  return { is: 'collection', api: apiOf(run, scope), name: first.value };
}

/** What calling a thing itself gives. */
function callThing(run: Run, call: Call, thing: Thing, args: Arguments, scope: Scope): Thing | undefined {
  switch (thing.is) {
    case 'function':
      return namedByCall(followCall(run, thing.code, thing.scope, undefined, args.things), thing, call, scope);
    case 'class':
      return { is: 'instance', class: thing, fields: new Map(), readFrom: undefined, args: args.things };
    case 'external':
      return externalCall(run, thing.name, call, args, scope);
    default:
      return undefined;
  }
}

/** What a helper of ours gives but cannot be told is called by its call, not by the helper's body. */
function namedByCall(
  result: Thing | undefined,
  { code, scope: place }: FunctionThing,
  call: Call,
  scope: Scope,
): Thing | undefined {
  if (result?.is !== 'data' || result.value.kind !== 'hole' || isNow(result.value.hole.name)) return result;
  const { hole } = result.value;
  const inBody =
    isDraftHole(hole) && hole.place.unit === place.unit && hole.place.from >= code.from && hole.place.to <= code.to;
  return inBody ? data(holeFor(call, scope, hole.type), result.places) : result;
}

function callMember(
  run: Run,
  call: Call,
  object: Thing,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): Thing | undefined {
  const { name } = callee;
  switch (object.is) {
    case 'cursor':
      return chained(run, call, object.draft, callee, args, scope);
    case 'collection':
      return callCollection(run, call, object, callee, args, scope);
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
      return externalCall(run, `${object.name}.${name}`, call, args, scope);
    case 'data': {
      const found = callData(run, call, object, callee, args, scope);
      if (found) return found;
      const member = memberOf(run, object, name);
      return member && member.is !== 'data' ? callThing(run, call, member, args, scope) : undefined;
    }
    default: {
      const member = memberOf(run, object, name);
      if (member) return callThing(run, call, member, args, scope) ?? undefined;
      return object.is === 'instance' || object.is === 'module'
        ? collectionOfUnknown(run, call, name, args, scope)
        : undefined;
    }
  }
}

function callData(
  run: Run,
  call: Call,
  object: Extract<Thing, { is: 'data' }>,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): Thing | undefined {
  const { name } = callee;
  const changed = changedByCall(object, name, args);
  if (changed) {
    const thing = withPlace(
      { ...changed.thing, places: [...new Set([...changed.thing.places, ...args.places])] },
      placeOf(call, scope),
    );
    if (changed.inPlace) store(run, callee.object, thing, scope);
    return thing;
  }
  if (object.value.kind === 'hole') {
    const found = collectionOfUnknown(run, call, name, args, scope);
    if (found) return found;
  }
  return globalCall(`.${name}`, call, args, scope, object.value);
}

/** `anything.collection('orders')`, `anything.db('shop')`. */
function collectionOfUnknown(run: Run, call: Call, name: string, args: Arguments, scope: Scope): Thing | undefined {
  const evidence = run.evidence(scope.module).length > 0;
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
    return namedCollection(apiOf(run, scope), call, written, undefined, scope);
  return written === undefined ? undefined : collectionGetter(run, name, args, scope);
}

function namedCollection(
  api: Collection['api'],
  call: Call,
  name: string | undefined,
  database: string | undefined,
  scope: Scope,
): Thing {
  const asked =
    name === undefined ? shortened(call.args[0] ? textOf(call.args[0].value, scope) : textOf(call, scope)) : undefined;
  return { is: 'collection', api, name: name ?? null, asked, database };
}

function callDatabase(
  object: Extract<Thing, { is: 'database' }>,
  name: string,
  call: Call,
  args: Arguments,
  scope: Scope,
): Thing | undefined {
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
  run: Run,
  call: Call,
  collection: Collection,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): Thing | undefined {
  if (callee.name === 'with_options' || callee.name === 'withOptions') return collection;
  if (callee.name === 'discriminator' && collection.api === 'mongoose') return collection;
  const draft = startDraft(call, callee.name, collection, args, scope);
  if (!draft) return undefined;
  run.drafts?.set(draft.call, draft);
  if (run.drafts && run.loop) noteUse(run, draft.call, { loop: run.loop });
  return isOpen(draft) ? { is: 'cursor', draft } : undefined;
}

/** Whether more can be chained to it: cursors, and everything that Mongoose makes of a query. */
function isOpen(draft: Draft): boolean {
  const { kind, single } = draft.command;
  if (draft.collection.api === 'mongoose') return kind !== 'insert' && kind !== 'bulkWrite';
  return kind === 'aggregate' || (kind === 'find' && !single);
}

function chained(
  run: Run,
  call: Call,
  draft: Draft,
  callee: Extract<Expression, { kind: 'member' }>,
  args: Arguments,
  scope: Scope,
): Thing | undefined {
  const next = chainCall(draft, callee.name, args);
  if (!next) return undefined;
  if (run.drafts && /^(?:toArray|toList|to_list)$/.test(callee.name)) noteUse(run, draft.call, { collects: true });
  const here = draft.place.unit === scope.unit && draft.place.from === call.from;
  const extended: Draft = here
    ? { ...next.draft, place: { ...draft.place, to: call.to } }
    : { ...next.draft, related: [...next.draft.related, placeOf(call, scope)] };
  if (run.drafts?.has(extended.call)) run.drafts.set(extended.call, extended);
  const thing: Thing = { is: 'cursor', draft: extended };
  if (!here) store(run, callee.object, thing, scope);
  return next.open ? thing : undefined;
}

/** A call that changes what it is called on changes the variable. */
function store(run: Run, object: Expression, thing: Thing, scope: Scope): void {
  const target = unwrapped(object);
  if (target.kind === 'name') setVariable(target.name, thing, scope);
  else if (target.kind === 'member' || target.kind === 'index') {
    assignTo(run, { from: target.from, to: target.to, kind: 'place', place: target }, thing, scope);
  }
}
