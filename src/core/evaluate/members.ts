import { data, type AbstractValue, type Data } from './abstractValue';
import { fieldOfInstance, staticMember } from './classes';
import { libraryOf, type Evaluation } from './evaluation';
import { isDraftHole, makeHole } from './holes';
import { lookupExport, memberOfExternal } from './lookup';
import { memberType, namedHoleType } from './namedTypes';
import type { Value } from './value';

/** A member by its name; undefined where the value has none that is known. */
export function memberOf(evaluation: Evaluation, abstract: AbstractValue, name: string): AbstractValue | undefined {
  switch (abstract.is) {
    case 'data':
      return memberOfValue(evaluation, abstract.value, name, abstract.origins);
    case 'object':
      return abstract.entries.get(name);
    case 'module':
      return lookupExport(evaluation, abstract.module, name);
    case 'external':
      return memberOfExternal(evaluation, abstract.name, name);
    case 'instance':
      return fieldOfInstance(evaluation, abstract, name);
    case 'class':
      return staticMember(evaluation, abstract, name);
    case 'library':
      return libraryOf(evaluation, abstract).member(abstract, name);
    case 'function':
      return undefined;
  }
}

function memberOfValue(
  evaluation: Evaluation,
  value: Value,
  name: string,
  origins: Data['origins'],
): AbstractValue | undefined {
  if (value.kind === 'document') {
    const found = value.entries.find(([key]) => key === name);
    return found && data(found[1], origins);
  }
  if (value.kind === 'array') {
    if (name === 'length') return undefined;
    const item = /^\d+$/.test(name) ? value.items[Number(name)] : undefined;
    return item && item.kind !== 'spread' ? data(item, origins) : undefined;
  }
  if (value.kind !== 'hole' || !isDraftHole(value.hole)) return undefined;
  const { hole } = value;
  const written = hole.written && memberType(evaluation, hole.written.type, name, hole.written.module);
  const path =
    /^[\w$]+$/.test(name) && !/^\d/.test(name) ? `${hole.name}.${name}` : `${hole.name}[${JSON.stringify(name)}]`;
  return data(
    makeHole(path, written ? namedHoleType(evaluation, written.type, written.module) : 'unknown', hole.range, written),
    origins,
  );
}
