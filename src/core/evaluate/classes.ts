import type { FunctionCode, Member } from '../code/syntax';
import { isVague, type AbstractValue, type ClassValue, type Instance } from './abstractValue';
import { spend } from './bounded';
import { assigningMembers, initialisers, membersNamed, noDependencies } from './dependencies';
import { collecting, instanceOf, note, quietly, type Evaluation } from './evaluation';
import { bindParams, followCall, runBody } from './functions';
import type { Scope } from './scope';
import { valueOfType } from './valueOfType';

/** Bases that are followed: more is a cycle. */
const MAX_BASES = 8;

/** The class and what it extends, nearest first. */
function classChain(evaluation: Evaluation, start: ClassValue): ClassValue[] {
  const chain = [start];
  while (chain.length < MAX_BASES) {
    const last: ClassValue = chain[chain.length - 1];
    const base = last.code.base && evaluation.evaluate(last.code.base, last.scope);
    if (base?.is !== 'class' || chain.some((other) => other.code === base.code)) break;
    chain.push(base);
  }
  return chain;
}

function methodOf(
  evaluation: Evaluation,
  ofClass: ClassValue,
  name: string,
): { method: FunctionCode; member: Member; owner: ClassValue } | undefined {
  for (const owner of classChain(evaluation, ofClass)) {
    const member = membersOf(evaluation, owner, name).find((candidate) => candidate.method);
    if (member?.method) return { method: member.method(), member, owner };
  }
  return undefined;
}

function membersOf(evaluation: Evaluation, { code, scope }: ClassValue, name: string): readonly Member[] {
  const found = membersNamed(code, name);
  if (code.unit) note(evaluation, scope.module, 'member', name, code.unit, () => found);
  return found;
}

export function staticMember(evaluation: Evaluation, ofClass: ClassValue, name: string): AbstractValue | undefined {
  for (const owner of classChain(evaluation, ofClass)) {
    const member = membersOf(evaluation, owner, name).find((candidate) => !candidate.method);
    if (member?.value) return evaluation.evaluate(member.value, { ...memberScope(owner, member), self: ofClass });
  }
  const found = methodOf(evaluation, ofClass, name);
  return (
    found && { is: 'function', code: found.method, scope: { ...memberScope(found.owner, found.member), self: ofClass } }
  );
}

/** Reads the fields of an instance when they are first asked for. */
function makeReady(evaluation: Evaluation, instance: Instance): void {
  if (instance.readFrom) {
    evaluation.dependencies.inner.add(instance.readFrom);
    return;
  }
  // While they are read they may be asked for.
  instance.readFrom = noDependencies();
  instance.readFrom = collecting(evaluation, () =>
    quietly(evaluation, () => initialise(evaluation, instance)),
  ).dependencies;
}

/** A field, getter or method of an instance. */
export function fieldOfInstance(evaluation: Evaluation, instance: Instance, name: string): AbstractValue | undefined {
  makeReady(evaluation, instance);
  const field = instance.fields.get(name);
  if (!isVague(field)) return field;
  const found = methodOf(evaluation, instance.class, name);
  if (found?.member.isGetter)
    return quietly(evaluation, () =>
      followCall(evaluation, found.method, memberScope(found.owner, found.member), instance, []),
    );
  if (found)
    return { is: 'function', code: found.method, scope: { ...memberScope(found.owner, found.member), self: instance } };
  return quietly(evaluation, () => assignedInMethods(evaluation, instance, name)) ?? field;
}

function initialise(evaluation: Evaluation, instance: Instance): void {
  for (const owner of classChain(evaluation, instance.class).reverse()) {
    const { code, scope: outer } = owner;
    const members = initialisers(code);
    if (code.unit) note(evaluation, outer.module, 'fields', '', code.unit, () => members);
    for (const member of members) {
      if (member.method) continue;
      const scope: Scope = { ...memberScope(owner, member), self: instance };
      const value = member.value && evaluation.evaluate(member.value, scope);
      const typed =
        member.type === undefined
          ? undefined
          : valueOfType(evaluation, scope, member.type, `this.${member.name}`, member);
      const abstract = isVague(value) ? (typed ?? value) : value;
      if (abstract) instance.fields.set(member.name, abstract);
    }
    const member = members.find(({ name, method }) => name === 'constructor' && method);
    const constructor = member?.method?.();
    if (!member || !constructor) continue;
    const inner: Scope = { ...memberScope(owner, member), self: instance };
    bindParams(evaluation, constructor, inner, instance.class.code === code ? instance.args : undefined);
    for (const param of constructor.params) {
      if (!param.isField || param.target.kind !== 'name') continue;
      const abstract = inner.vars.get(param.target.name);
      if (abstract) instance.fields.set(param.target.name, abstract);
    }
    evaluation.runSteps(constructor.body, inner);
  }
}

/** `async connect() { this.pool = await open(url); }` */
function assignedInMethods(evaluation: Evaluation, instance: Instance, name: string): AbstractValue | undefined {
  const id = `${instance.class.code.name}.${name}`;
  if (evaluation.lookingUp.has(id)) return undefined;
  evaluation.lookingUp.add(id);
  try {
    for (const owner of classChain(evaluation, instance.class)) {
      const { code, scope } = owner;
      spend(evaluation, code.members.length);
      const members = assigningMembers(code, name, scope.unit);
      if (code.unit) note(evaluation, scope.module, 'assigning', name, code.unit, () => members);
      for (const member of members) {
        if (!member.method) continue;
        const copy: Instance = { ...instance, fields: instance.fields.copy() };
        followCall(evaluation, member.method(), memberScope(owner, member), copy, undefined);
        const assigned = copy.fields.get(name);
        if (!isVague(assigned)) return assigned;
      }
    }
    return undefined;
  } finally {
    evaluation.lookingUp.delete(id);
  }
}

/** The same instance for one method: what that assigns is its own. */
function ownCopy(evaluation: Evaluation, instance: Instance): Instance {
  makeReady(evaluation, instance);
  return { ...instance, fields: instance.fields.copy() };
}

/** Where the code of a member runs: it may be a part of the file of its own. */
function memberScope(owner: ClassValue, member: Member): Scope {
  return { ...owner.scope, unit: member.unit ?? owner.scope.unit, vars: new Map(), parent: owner.scope };
}

/** Every method of a class, or of one part of it, each by itself. */
export function runMembers(evaluation: Evaluation, ofClass: ClassValue, members: readonly Member[]): void {
  const instance = instanceOf(evaluation, ofClass);
  for (const member of members) {
    const self = member.isStatic ? ofClass : ownCopy(evaluation, instance);
    const scope: Scope = { ...memberScope(ofClass, member), self };
    if (member.method) runBody(evaluation, member.method(), scope, undefined);
    else if (member.value?.kind === 'function') runBody(evaluation, member.value.function, scope, undefined);
    else if (member.value) evaluation.evaluate(member.value, scope);
  }
}
