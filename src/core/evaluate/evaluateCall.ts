import type { Call, Expression } from '../code/syntax';
import { data, joinedOrigins, withOrigin, type AbstractValue, type Data, type FunctionValue } from './abstractValue';
import { evaluateArguments, type Arguments } from './arguments';
import { store } from './assign';
import { changedByCall } from './dataCalls';
import { askLibraries, libraryOf, unwrapped, type Evaluation } from './evaluation';
import { followCall } from './functions';
import { globalCall } from './globalCalls';
import { cutHole, holeFor, isCutHole, isDraftHole, isNow } from './holes';
import { createInstanceFields } from './instanceFields';
import type { LibraryCall } from './library';
import { memberOf } from './members';
import { packageCall } from './packageCalls';
import { rangeOf, type Scope } from './scope';
import { inLoop, loopOfCall, noteUse } from './uses';

export function evaluateCall(evaluation: Evaluation, call: Call, scope: Scope): AbstractValue {
  const callee = unwrapped(call.callee);
  if (callee.kind === 'member') {
    const object = evaluation.evaluate(callee.object, scope);
    const args = inLoop(evaluation, loopOfCall(call, callee, scope), () => evaluateArguments(evaluation, call, scope));
    return callMember(object, callee, { evaluation, call, args, scope }) ?? data(holeFor(call, scope));
  }
  if (callee.kind === 'name' && callee.name === 'require' && call.args[0]?.value.kind === 'literal') {
    const specifier = String(call.args[0].value.value);
    return evaluation.evaluate({ from: call.from, to: call.to, kind: 'import', specifier }, scope);
  }
  const called = evaluation.evaluate(callee, scope);
  const args = evaluateArguments(evaluation, call, scope);
  const given: LibraryCall = { evaluation, call, args, scope };
  const name = callee.kind === 'name' ? callee.name : undefined;
  if (name === 'list') noteCollected(evaluation, args);
  const result = callValue(called, given);
  if (result) return result;
  if (name === undefined) return data(holeFor(call, scope));
  const known = globalCall(name, call, args, scope) ?? callUnknown(name, undefined, given);
  return known ?? data(holeFor(call, scope));
}

/** `list(…)` of what a statement gives. */
function noteCollected(evaluation: Evaluation, { abstractValues: [first] }: Arguments): void {
  if (first?.is === 'library' && first.draft) noteUse(evaluation, first.draft.call, { collects: true });
}

/** What calling the value itself gives. */
function callValue(called: AbstractValue, given: LibraryCall): AbstractValue | undefined {
  const { evaluation, call, args, scope } = given;
  switch (called.is) {
    case 'function':
      return namedByCall(
        followCall(evaluation, called.code, called.scope, undefined, args.abstractValues),
        called,
        call,
        scope,
      );
    case 'class':
      return {
        is: 'instance',
        class: called,
        fields: createInstanceFields(),
        readFrom: undefined,
        args: args.abstractValues,
      };
    case 'external':
      return callExternal(called.name, given);
    default:
      return undefined;
  }
}

function callExternal(name: string, given: LibraryCall): AbstractValue | undefined {
  return askLibraries(given.evaluation, (library) => library.callExternal(name, given)) ?? packageCall(name, given);
}

function callUnknown(name: string, on: AbstractValue | undefined, given: LibraryCall): AbstractValue | undefined {
  return askLibraries(given.evaluation, (library) => library.callUnknown(name, on, given));
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
  if (!inBody) return result;
  return data(
    isCutHole(result.value) ? cutHole(call, scope, hole.type) : holeFor(call, scope, hole.type),
    result.origins,
  );
}

function callMember(
  object: AbstractValue,
  callee: Extract<Expression, { kind: 'member' }>,
  given: LibraryCall,
): AbstractValue | undefined {
  const { evaluation } = given;
  const { name } = callee;
  switch (object.is) {
    case 'library':
      return libraryOf(evaluation, object).callMember(object, name, { ...given, on: callee.object });
    case 'external':
      return callExternal(`${object.name}.${name}`, given);
    case 'data': {
      const found = callData(object, callee, given);
      if (found) return found;
      const member = memberOf(evaluation, object, name);
      return member && member.is !== 'data' ? callValue(member, given) : undefined;
    }
    default: {
      const member = memberOf(evaluation, object, name);
      if (member) return callValue(member, given);
      return object.is === 'instance' || object.is === 'module' ? callUnknown(name, object, given) : undefined;
    }
  }
}

function callData(
  object: Data,
  callee: Extract<Expression, { kind: 'member' }>,
  given: LibraryCall,
): AbstractValue | undefined {
  const { evaluation, call, args, scope } = given;
  const { name } = callee;
  const changed = changedByCall(object, name, args);
  if (changed) {
    const abstract = withOrigin(
      { ...changed.abstract, origins: joinedOrigins([changed.abstract.origins, args.origins]) },
      rangeOf(call, scope),
    );
    if (changed.inPlace) store(evaluation, callee.object, abstract, scope);
    return abstract;
  }
  return callUnknown(name, object, given) ?? globalCall(`.${name}`, call, args, scope, object.value);
}
