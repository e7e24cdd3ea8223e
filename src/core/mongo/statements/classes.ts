import type { FunctionCode, Member } from './code';
import { evaluate } from './evaluate';
import { bindParams, followCall, runSteps } from './execute';
import { isVague } from './lookup';
import type { Run } from './run';
import type { ClassThing, Instance, Scope, Thing } from './things';
import { thingOfType } from './typedThings';

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

export function methodOf(run: Run, ofClass: ClassThing, name: string): { method: FunctionCode; member: Member; owner: ClassThing } | undefined {
  for (const owner of classChain(run, ofClass)) {
    const member = owner.code.members.find((candidate) => candidate.name === name && candidate.method);
    if (member?.method) return { method: member.method, member, owner };
  }
  return undefined;
}

export function staticMember(run: Run, ofClass: ClassThing, name: string): Thing | undefined {
  for (const owner of classChain(run, ofClass)) {
    const member = owner.code.members.find((candidate) => candidate.name === name && !candidate.method);
    if (member?.value) return evaluate(run, member.value, { ...scopeIn(owner), self: ofClass });
  }
  const method = methodOf(run, ofClass, name);
  return method && { is: 'function', code: method.method, scope: { ...scopeIn(method.owner), self: ofClass } };
}

/** The instance that the methods of a class see when nothing is known of who calls them. */
export function instanceOf(run: Run, ofClass: ClassThing): Instance {
  const known = run.instances.get(ofClass.code);
  if (known) return known;
  const made: Instance = { is: 'instance', class: ofClass, fields: new Map(), ready: false };
  run.instances.set(ofClass.code, made);
  return made;
}

/** A field, getter or method of an instance. */
export function fieldOfInstance(run: Run, instance: Instance, name: string): Thing | undefined {
  if (!instance.ready) {
    instance.ready = true;
    quietly(run, () => initialise(run, instance));
  }
  const field = instance.fields.get(name);
  if (!isVague(field)) return field;
  const found = methodOf(run, instance.class, name);
  if (found?.member.isGetter) return quietly(run, () => followCall(run, found.method, scopeIn(found.owner), instance, []));
  if (found) return { is: 'function', code: found.method, scope: { ...scopeIn(found.owner), self: instance } };
  return quietly(run, () => assignedInMethods(run, instance, name)) ?? field;
}

function initialise(run: Run, instance: Instance): void {
  for (const owner of classChain(run, instance.class).reverse()) {
    const scope: Scope = { ...scopeIn(owner), self: instance };
    for (const member of owner.code.members) {
      if (member.method || member.isStatic) continue;
      const value = member.value && evaluate(run, member.value, scope);
      const typed = member.type === undefined ? undefined : thingOfType(run, scope, member.type, `this.${member.name}`, member);
      const thing = isVague(value) ? (typed ?? value) : value;
      if (thing) instance.fields.set(member.name, thing);
    }
    const constructor = owner.code.members.find((member) => member.name === 'constructor')?.method;
    if (!constructor) continue;
    const inner: Scope = { ...scope, parent: scope, vars: new Map() };
    bindParams(run, constructor, inner, owner === instance.class || instance.class.code === owner.code ? instance.args : undefined);
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
      for (const member of owner.code.members) {
        if (!member.method || member.name === 'constructor') continue;
        const text = owner.scope.unit.text.slice(member.from, member.to);
        if (!text.includes(`this.${name}`) && !text.includes(`self.${name}`)) continue;
        const copy: Instance = { ...instance, fields: new Map(instance.fields) };
        followCall(run, member.method, scopeIn(owner), copy, undefined);
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
  fieldOfInstance(run, instance, 'constructor');
  const copy: Instance = { ...instance, fields: new Map(instance.fields) };
  return copy;
}

function scopeIn(owner: ClassThing): Scope {
  return { ...owner.scope, vars: new Map(), parent: owner.scope };
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
