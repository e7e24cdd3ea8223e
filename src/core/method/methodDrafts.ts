import type { TreeCursor } from '@lezer/common';
import type { MethodKind } from './method';
import { keyName, nameByPlace, objectPath, type PlaceName } from './methodNames';

/** A method as found in the tree; all places are offsets. */
export interface MethodDraft {
  name: string;
  qualifiedName: string;
  kind: MethodKind;
  anonymous: boolean;
  from: number;
  to: number;
  nameFrom: number;
  headFrom: number;
  /** The parameter list, for the hash of what the function does. */
  parametersFrom: number;
  bodyFrom: number;
  parent: number;
  isAsync: boolean;
  isGenerator: boolean;
}

/** What encloses a place in the text. */
export interface Scope {
  readonly end: number;
  /** Draft that text in this scope belongs to. */
  readonly owner: number;
  /** Draft that is the parent of methods in this scope. */
  readonly parent: number;
  /** Names of the enclosing scopes, each with its dot. */
  readonly path: string;
  readonly classInfo?: ClassInfo;
}

export interface ClassInfo {
  readonly headFrom: number;
  readonly bodyFrom: number;
  /** Draft of the field initialisers, -1 until the first is seen. */
  fields: number;
}

export function moduleDraft(text: string): MethodDraft {
  return {
    name: '(module)',
    qualifiedName: '(module)',
    kind: 'module',
    anonymous: false,
    from: 0,
    to: text.length,
    nameFrom: 0,
    headFrom: 0,
    parametersFrom: 0,
    bodyFrom: 0,
    parent: -1,
    isAsync: false,
    isGenerator: false,
  };
}

export interface FunctionParts {
  from: number;
  nameFrom: number;
  nameTo: number;
  parametersFrom: number;
  bodyFrom: number;
  /** `get`, `set` or neither. */
  accessor: 'get' | 'set' | '';
  isStatic: boolean;
  isAsync: boolean;
  isGenerator: boolean;
}

/** Undefined for overload signatures, abstract methods and plain properties: they have no parameters or no body. */
export function functionParts(cursor: TreeCursor): FunctionParts | undefined {
  const isArrow = cursor.name === 'ArrowFunction';
  const parts: FunctionParts = {
    from: -1,
    nameFrom: -1,
    nameTo: -1,
    parametersFrom: -1,
    bodyFrom: -1,
    accessor: '',
    isStatic: false,
    isAsync: false,
    isGenerator: false,
  };
  let afterArrow = false;
  if (!cursor.firstChild()) return undefined;
  do {
    const { name, from } = cursor;
    if (parts.from < 0 && name !== 'Decorator') parts.from = from;
    if (afterArrow && parts.bodyFrom < 0 && !name.endsWith('Comment')) parts.bodyFrom = from;
    if (name === 'ParamList') parts.parametersFrom = from;
    else if (name === 'Block' && !isArrow) parts.bodyFrom = from;
    else if (name === 'Arrow') afterArrow = true;
    else if (parts.parametersFrom < 0) {
      if (name === 'async') parts.isAsync = true;
      else if (name === 'Star') parts.isGenerator = true;
      else if (name === 'static') parts.isStatic = true;
      else if (name === 'get' || name === 'set') parts.accessor = name;
      else if (name === 'VariableDefinition') {
        parts.nameFrom = from;
        parts.nameTo = cursor.to;
      }
    }
  } while (cursor.nextSibling());
  cursor.parent();
  return parts.parametersFrom >= 0 && parts.bodyFrom >= 0 ? parts : undefined;
}

export function functionDraft(cursor: TreeCursor, parts: FunctionParts, text: string, scope: Scope): MethodDraft {
  const isArrow = cursor.name === 'ArrowFunction';
  const place = functionName(cursor, parts, text);
  // A blanked `async` (see parseableText) stands before the node that the tree has.
  const blankedAsync = isArrow && !parts.isAsync ? asyncBefore(text, parts.from) : -1;
  const from = blankedAsync >= 0 ? blankedAsync : parts.from;
  const isAsync = parts.isAsync || blankedAsync >= 0;
  return {
    name: place.name,
    qualifiedName: `${scope.path}${place.path}${place.name}`,
    kind: functionKind(cursor.name, place.name, parts, scope),
    anonymous: place.anonymous,
    from,
    to: cursor.to,
    nameFrom: place.from >= 0 ? place.from : from,
    headFrom: isArrow && isAsync ? from : parts.parametersFrom,
    parametersFrom: parts.parametersFrom,
    bodyFrom: parts.bodyFrom,
    parent: scope.parent,
    isAsync,
    isGenerator: parts.isGenerator,
  };
}

function functionName(cursor: TreeCursor, parts: FunctionParts, text: string): PlaceName {
  if (parts.nameFrom >= 0) return writtenName(text, parts);
  if (cursor.name === 'MethodDeclaration') return keyName(cursor.node, text);
  if (cursor.name === 'Property') {
    const property = cursor.node;
    return { ...keyName(property, text), path: objectPath(property, text) };
  }
  return nameByPlace(cursor.node, text);
}

export function writtenName(text: string, { nameFrom, nameTo }: { nameFrom: number; nameTo: number }): PlaceName {
  return { name: text.slice(nameFrom, nameTo), path: '', from: nameFrom, anonymous: false };
}

function functionKind(nodeName: string, name: string, parts: FunctionParts, scope: Scope): MethodKind {
  if (nodeName === 'ArrowFunction') return 'arrow';
  if (nodeName !== 'MethodDeclaration' && nodeName !== 'Property') return 'function';
  if (parts.accessor) return parts.accessor === 'get' ? 'getter' : 'setter';
  return name === 'constructor' && !parts.isStatic && scope.classInfo ? 'constructor' : 'method';
}

function asyncBefore(text: string, from: number): number {
  if (text[from] !== '<') return -1;
  const found = /\basync\s*$/.exec(text.slice(Math.max(0, from - 40), from));
  return found ? from - found[0].length : -1;
}

export interface ClassParts {
  /** Decorators excluded. */
  from: number;
  classFrom: number;
  bodyFrom: number;
  nameFrom: number;
  nameTo: number;
  hasConstructor: boolean;
  isAmbient: boolean;
}

/** Undefined when the class has no body (a file broken there). */
export function classParts(cursor: TreeCursor, text: string): ClassParts | undefined {
  const parts: ClassParts = {
    from: -1,
    classFrom: -1,
    bodyFrom: -1,
    nameFrom: -1,
    nameTo: -1,
    hasConstructor: false,
    isAmbient: /\bdeclare\s+(?:abstract\s+)?$/.test(text.slice(Math.max(0, cursor.from - 40), cursor.from)),
  };
  if (!cursor.firstChild()) return undefined;
  do {
    if (parts.from < 0 && cursor.name !== 'Decorator') parts.from = cursor.from;
    if (cursor.name === 'class') parts.classFrom = cursor.from;
    else if (cursor.name === 'VariableDefinition' && parts.nameFrom < 0) {
      parts.nameFrom = cursor.from;
      parts.nameTo = cursor.to;
    } else if (cursor.name === 'ClassBody') {
      parts.bodyFrom = cursor.from;
      parts.hasConstructor = hasConstructor(cursor, text);
    }
  } while (cursor.nextSibling());
  cursor.parent();
  return parts.bodyFrom >= 0 && parts.classFrom >= 0 ? parts : undefined;
}

function hasConstructor(body: TreeCursor, text: string): boolean {
  let found = false;
  if (!body.firstChild()) return false;
  do {
    if (body.name !== 'MethodDeclaration') continue;
    const parts = functionParts(body);
    if (parts && !parts.isStatic && /\bconstructor\s*$/.test(text.slice(parts.from, parts.parametersFrom))) {
      found = true;
    }
  } while (!found && body.nextSibling());
  body.parent();
  return found;
}

export function classDraft(
  parts: ClassParts,
  to: number,
  name: string,
  qualifiedName: string,
  parent: number,
): MethodDraft {
  return {
    name,
    qualifiedName,
    kind: 'class',
    anonymous: false,
    from: parts.from,
    to,
    nameFrom: parts.nameFrom >= 0 ? parts.nameFrom : parts.from,
    headFrom: parts.classFrom,
    parametersFrom: parts.nameTo >= 0 ? parts.nameTo : parts.classFrom,
    bodyFrom: parts.bodyFrom,
    parent,
    isAsync: false,
    isGenerator: false,
  };
}

/** Where a field with an initialiser or a static block starts; -1 for other properties. */
export function initialiserStart(cursor: TreeCursor): number {
  if (cursor.name === 'StaticBlock') return cursor.from;
  let from = -1;
  let hasValue = false;
  if (!cursor.firstChild()) return -1;
  do {
    if (from < 0 && cursor.name !== 'Decorator') from = cursor.from;
    if (cursor.name === 'Equals') hasValue = true;
  } while (cursor.nextSibling());
  cursor.parent();
  return hasValue ? from : -1;
}

export function fieldsDraft(info: ClassInfo, from: number, scope: Scope): MethodDraft {
  return {
    name: '(fields)',
    qualifiedName: `${scope.path}(fields)`,
    kind: 'fields',
    anonymous: false,
    from,
    to: from,
    nameFrom: from,
    headFrom: info.headFrom,
    parametersFrom: from,
    bodyFrom: info.bodyFrom,
    parent: scope.parent,
    isAsync: false,
    isGenerator: false,
  };
}

export function namespaceName(cursor: TreeCursor, text: string): string {
  let from = -1;
  let to = -1;
  if (!cursor.firstChild()) return '';
  do {
    if (cursor.name !== 'VariableDefinition' && cursor.name !== 'PropertyDefinition') continue;
    if (from < 0) from = cursor.from;
    to = cursor.to;
  } while (cursor.nextSibling());
  cursor.parent();
  return from < 0 ? '(namespace)' : text.slice(from, to);
}
