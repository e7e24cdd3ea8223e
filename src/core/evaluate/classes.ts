import type { FunctionCode, Member } from '../code/syntax';
import { evaluate } from './evaluate';
import { bindParams, followCall, runSteps } from './execute';
import { assigningMembers, initialisers, membersNamed, noDependencies } from './dependencies';
import { isVague } from './lookup';
import { collecting, note, type Run } from './evaluation';
import type { ClassThing, Instance, Scope, Thing } from './abstractValue';
import { thingOfType } from './typedValues';

/** Bases that are followed: more is a cycle. */
const MAX_BASES = 8;

/** The class and what it extends, nearest first. */
export function classChain(run: Run, start: ClassThing): ClassThing[] {
  const chain = [start];
  while (chain.length < MAX_BASES) {
    const last: ClassThing = chain[chain.length - 1];
    const base = last.code.base && evaluate(run, last.code.base, last.scope);
    if (base?.is !== 'class' || chain.some((other) => other.code === base.code)) break;
    chain.push(base);
  }
  return chain;
}

export function methodOf(
  run: Run,
  ofClass: ClassThing,
  name: string,
): { method: FunctionCode; member: Member; owner: ClassThing } | undefined {
  for (const owner of classChain(run, ofClass)) {
    const member = membersOf(run, owner, name).find((candidate) => candidate.method);
    if (member?.method) return { method: member.method(), member, owner };
  }
  return undefined;
}

function membersOf(run: Run, { code, scope }: ClassThing, name: string): readonly Member[] {
  const found = membersNamed(code, name);
  if (code.unit) note(run, scope.module, 'member', name, code.unit, () => found);
  return found;
}

export function staticMember(run: Run, ofClass: ClassThing, name: string): Thing | undefined {
  for (const owner of classChain(run, ofClass)) {
    const member = membersOf(run, owner, name).find((candidate) => !candidate.method);
    if (member?.value) return evaluate(run, member.value, { ...memberScope(owner, member), self: ofClass });
  }
  const found = methodOf(run, ofClass, name);
  return (
    found && { is: 'function', code: found.method, scope: { ...memberScope(found.owner, found.member), self: ofClass } }
  );
}

/** The instance that the methods of a class see when nothing is known of who calls them. */
export function instanceOf(run: Run, ofClass: ClassThing): Instance {
  const known = run.instances.get(ofClass.code);
  if (known) return known;
  const made: Instance = { is: 'instance', class: ofClass, fields: new Map(), readFrom: undefined };
  run.instances.set(ofClass.code, made);
  return made;
}

/** Reads the fields of an instance when they are first asked for. */
function makeReady(run: Run, instance: Instance): void {
  if (instance.readFrom) {
    run.dependencies.inner.add(instance.readFrom);
    return;
  }
  // While they are read they may be asked for.
  instance.readFrom = noDependencies();
  instance.readFrom = collecting(run, () => quietly(run, () => initialise(run, instance))).dependencies;
}

/** A field, getter or method of an instance. */
export function fieldOfInstance(run: Run, instance: Instance, name: string): Thing | undefined {
  makeReady(run, instance);
  const field = instance.fields.get(name);
  if (!isVague(field)) return field;
  const found = methodOf(run, instance.class, name);
  if (found?.member.isGetter)
    return quietly(run, () => followCall(run, found.method, memberScope(found.owner, found.member), instance, []));
  if (found)
    return { is: 'function', code: found.method, scope: { ...memberScope(found.owner, found.member), self: instance } };
  return quietly(run, () => assignedInMethods(run, instance, name)) ?? field;
}

function initialise(run: Run, instance: Instance): void {
  for (const owner of classChain(run, instance.class).reverse()) {
    const { code, scope: outer } = owner;
    const members = initialisers(code);
    if (code.unit) note(run, outer.module, 'fields', '', code.unit, () => members);
    for (const member of members) {
      if (member.method) continue;
      const scope: Scope = { ...memberScope(owner, member), self: instance };
      const value = member.value && evaluate(run, member.value, scope);
      const typed =
        member.type === undefined ? undefined : thingOfType(run, scope, member.type, `this.${member.name}`, member);
      const thing = isVague(value) ? (typed ?? value) : value;
      if (thing) instance.fields.set(member.name, thing);
    }
    const member = members.find(({ name, method }) => name === 'constructor' && method);
    const constructor = member?.method?.();
    if (!member || !constructor) continue;
    const inner: Scope = { ...memberScope(owner, member), self: instance };
    bindParams(run, constructor, inner, instance.class.code === code ? instance.args : undefined);
    for (const param of constructor.params) {
      if (!param.isField || param.target.kind !== 'name') continue;
      const thing = inner.vars.get(param.target.name);
      if (thing) instance.fields.set(param.target.name, thing);
    }
    runSteps(run, constructor.body, inner);
  }
}

/** `async connect() { this.db = client.db('shop'); }` */
function assignedInMethods(run: Run, instance: Instance, name: string): Thing | undefined {
  const id = `${instance.class.code.name}.${name}`;
  if (run.lookingUp.has(id)) return undefined;
  run.lookingUp.add(id);
  try {
    for (const owner of classChain(run, instance.class)) {
      const { code, scope } = owner;
      const members = assigningMembers(code, name, scope.unit);
      if (code.unit) note(run, scope.module, 'assigning', name, code.unit, () => members);
      for (const member of members) {
        if (!member.method) continue;
        const copy: Instance = { ...instance, fields: new Map(instance.fields) };
        followCall(run, member.method(), memberScope(owner, member), copy, undefined);
        const assigned = copy.fields.get(name);
        if (!isVague(assigned)) return assigned;
      }
    }
    return undefined;
  } finally {
    run.lookingUp.delete(id);
  }
}

/** The same instance for one method: what that assigns is its own. */
export function ownCopy(run: Run, instance: Instance): Instance {
  makeReady(run, instance);
  return { ...instance, fields: new Map(instance.fields) };
}

/** Where the code of a member runs: it may be a part of the file of its own. */
export function memberScope(owner: ClassThing, member: Member): Scope {
  return { ...owner.scope, unit: member.unit ?? owner.scope.unit, vars: new Map(), parent: owner.scope };
}

/** Runs without collecting statements. */
export function quietly<T>(run: Run, action: () => T): T {
  const { drafts, callbacks } = run;
  run.drafts = undefined;
  run.callbacks = false;
  try {
    return action();
  } finally {
    run.drafts = drafts;
    run.callbacks = callbacks;
  }
}
