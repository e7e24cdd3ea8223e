import type { SyntaxNode, TreeCursor } from '@lezer/common';
import type { BoundClass, BoundNames, Thing } from './boundThings';
import { afterComments, stringOf } from './boundValues';
import { functionParts, initialiserStart, type MethodDraft } from './methodDrafts';

/** What collects the bindings of a file, and where its walk stands. */
export interface Collector {
  readonly text: string;
  readonly names: BoundNames;
  readonly drafts: readonly MethodDraft[];
  /** Method of the function whose parameters start there; -1 for none. */
  readonly methodOf: (parametersFrom: number) => number;
  /** By the brace of a class: its implicit constructor, and its initialisers. */
  readonly constructOf: ReadonlyMap<number, number>;
  readonly fieldsOf: ReadonlyMap<number, number>;
  /** What an expression certainly is, where the walk stands. */
  readonly value: (expression: SyntaxNode | null) => Thing | undefined;
}

/** Notes a class whose body starts there. */
export function addClass({ names, value, constructOf }: Collector, node: SyntaxNode, at: number): void {
  const keyword = node.getChild('extends');
  const base = keyword ? value(afterComments(keyword.nextSibling)) : undefined;
  names.classes.set(at, {
    construct: constructOf.get(at) ?? -1,
    fields: -1,
    base,
    extendsUnknown: keyword !== null && !base,
    statics: new Map(),
    own: new Map(),
  });
}

/** Notes a member of the class whose body starts at `at`; the cursor stands on it, as the node does. */
export function addMember(
  { names, text, drafts, value, methodOf, fieldsOf }: Collector,
  of: BoundClass,
  at: number,
  node: SyntaxNode,
  cursor: TreeCursor,
): void {
  const isStatic = node.getChild('static') !== null;
  const members = isStatic ? of.statics : of.own;
  const key = keyOf(node, text);
  if (key === undefined) {
    if (!/^\[\s*Symbol\./.test(text.slice(node.getChild('[')?.from ?? node.from, node.to))) members.clear();
    return;
  }
  if (node.name === 'PropertyDeclaration') {
    if (!isStatic && initialiserStart(cursor) >= 0) of.fields = fieldsOf.get(at) ?? -1;
    const sign = node.getChild('Equals');
    const thing = sign ? value(afterComments(sign.nextSibling)) : undefined;
    if (thing) members.set(key, { value: thing });
    else if (!node.getChild('declare')) members.delete(key);
  } else {
    const parts = functionParts(cursor);
    const method = parts ? methodOf(parts.parametersFrom) : -1;
    if (!parts || method < 0) return;
    if (drafts[method].kind === 'constructor') {
      of.construct = method;
      return;
    }
    // A setter beside a getter takes nothing from it.
    if (parts.accessor === 'set') return;
    members.set(key, { value: { kind: 'method', method }, isGetter: parts.accessor === 'get' });
  }
  if (!isStatic && (of.base || of.extendsUnknown)) names.overriding.set(key, (names.overriding.get(key) ?? 0) + 1);
}

/** Notes a property of the object literal that starts at `objectAt`. */
export function addProperty(
  { names, text, value, methodOf }: Collector,
  node: SyntaxNode,
  objectAt: number,
  cursor: TreeCursor,
): void {
  let members = names.objects.get(objectAt);
  const key = keyOf(node, text);
  if (key === undefined) {
    // A spread or a computed key may be any name.
    members?.clear();
    return;
  }
  const parts = functionParts(cursor);
  const sign = node.getChild(':');
  let thing: Thing | undefined;
  if (parts) {
    if (parts.accessor === 'set') return;
    const method = methodOf(parts.parametersFrom);
    thing = method < 0 ? undefined : { kind: 'method', method };
  } else if (sign) thing = value(afterComments(sign.nextSibling));
  else thing = { kind: 'chain', name: key, at: node.from, path: [] };
  if (!thing) {
    members?.delete(key);
    return;
  }
  if (!members) names.objects.set(objectAt, (members = new Map()));
  members.set(key, { value: thing, isGetter: parts?.accessor === 'get' });
}

/** The written name of a member; undefined for computed ones. */
function keyOf(node: SyntaxNode, text: string): string | undefined {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    switch (child.name) {
      case 'PropertyDefinition':
      case 'PrivatePropertyDefinition':
      case 'PropertyName':
      case 'Number':
        return text.slice(child.from, child.to);
      case 'String':
        return stringOf(child, text);
      case '[':
      case 'Spread':
      case 'ParamList':
        return undefined;
    }
  }
  return undefined;
}
