import type { SyntaxNode } from '@lezer/common';
import { isDefaultExportOfUnnamedClass } from './parseSource';

/** A name for a function, class or object that is unnamed where it stands. */
export interface PlaceName {
  readonly name: string;
  /** Names around it that belong to it: `api.` for a function in `const api = { … }`, else empty. */
  readonly path: string;
  /** Offset of the name in the source; -1 if the source has none. */
  readonly from: number;
  readonly anonymous: boolean;
}

const MAX_NAME_LENGTH = 60;
const MAX_LEVELS = 24;

/** Names a function or class expression by the variable, property, parameter or target that it is given to, or by its place. */
export function nameByPlace(node: SyntaxNode, text: string): PlaceName {
  const { child, parent } = skipTransparent(node);
  if (!parent) return unnamed('(anonymous)');
  switch (parent.name) {
    case 'VariableDeclaration':
    case 'ParamList':
    case 'PatternProperty':
    case 'ArrayPattern':
      return nameOfInitialised(child, text) ?? unnamed('(anonymous)');
    case 'Property':
      return { ...keyName(parent, text), path: objectPath(parent, text) };
    case 'PropertyDeclaration':
      return keyName(parent, text);
    case 'AssignmentExpression':
      return child.prevSibling ? assignmentTarget(parent, text) : unnamed('(anonymous)');
    case 'ExportDeclaration':
      return named('default', -1);
    case 'UnaryExpression':
      return isDefaultExportOfUnnamedClass(text, parent.from) ? named('default', -1) : unnamed('(anonymous)');
    case 'ArgList':
      return unnamed(callbackName(parent, text));
    case 'CallExpression':
    case 'MemberExpression':
      return unnamed('immediate function');
    case 'ReturnStatement':
    case 'ArrowFunction':
      return unnamed('returned function');
    case 'JSXEscape':
      return attributeName(parent, text);
    default:
      return unnamed('(anonymous)');
  }
}

/** The key of a property, method or field; computed keys keep their brackets. */
export function keyName(property: SyntaxNode, text: string): PlaceName {
  for (let child = property.firstChild; child; child = child.nextSibling) {
    switch (child.name) {
      case 'PropertyDefinition':
      case 'PropertyName':
      case 'PrivatePropertyDefinition':
      case 'Number':
        return named(text.slice(child.from, child.to), child.from);
      case 'String':
        return named(fold(text.slice(child.from + 1, child.to - 1)), child.from);
      case '[': {
        let end = child.nextSibling;
        while (end && end.name !== ']') end = end.nextSibling;
        return named(fold(text.slice(child.from, end ? end.to : child.to)), child.from);
      }
    }
  }
  return unnamed('(anonymous)');
}

/** `api.` or `exports.routes.` for a property of an object literal; empty when the object has no name. */
export function objectPath(property: SyntaxNode, text: string): string {
  let path = '';
  let object = property.parent;
  for (let level = 0; object && level < MAX_LEVELS; level++) {
    const { child, parent } = skipTransparent(object);
    if (parent?.name === 'Property') {
      path = `${keyName(parent, text).name}.${path}`;
      object = parent.parent;
      continue;
    }
    if (!parent || !['VariableDeclaration', 'AssignmentExpression', 'PropertyDeclaration'].includes(parent.name)) break;
    const owner = nameByPlace(child, text);
    return owner.anonymous ? path : `${owner.path}${owner.name}.${path}`;
  }
  return path;
}

function named(name: string, from: number): PlaceName {
  return { name, path: '', from, anonymous: false };
}

function unnamed(name: string): PlaceName {
  return { name, path: '', from: -1, anonymous: true };
}

/** Parentheses, type assertions, `a || f` and `c ? f : g` hand a function on to where they stand. */
function skipTransparent(node: SyntaxNode): { child: SyntaxNode; parent: SyntaxNode | null } {
  let child = node;
  let parent = node.parent;
  for (let level = 0; parent && level < MAX_LEVELS && isTransparent(parent); level++) {
    child = parent;
    parent = parent.parent;
  }
  return { child, parent };
}

function isTransparent(node: SyntaxNode): boolean {
  return (
    node.name === 'ParenthesizedExpression' || node.name === 'BinaryExpression' || node.name === 'ConditionalExpression'
  );
}

function nameOfInitialised(value: SyntaxNode, text: string): PlaceName | undefined {
  let before = siblingBefore(value);
  if (before?.name !== 'Equals') return undefined;
  before = siblingBefore(before);
  if (before?.name === 'TypeAnnotation') before = siblingBefore(before);
  if (before?.name !== 'VariableDefinition' && before?.name !== 'PropertyName') return undefined;
  return named(text.slice(before.from, before.to), before.from);
}

/** Comments are nodes like others and may stand anywhere. */
function siblingBefore(node: SyntaxNode): SyntaxNode | null {
  let sibling = node.prevSibling;
  while (sibling?.name.endsWith('Comment')) sibling = sibling.prevSibling;
  return sibling;
}

function assignmentTarget(assignment: SyntaxNode, text: string): PlaceName {
  const target = assignment.firstChild!;
  const written = fold(text.slice(target.from, target.to)).replace(/\?\./g, '.');
  if (!/^[\w$.#]+$/.test(written) || written === 'module.exports') return named(written, target.from);
  const parts = written.split('.').filter((part) => part !== 'prototype');
  const name = parts.pop() ?? written;
  if (parts[0] === 'module') parts.shift();
  if (parts[0] === 'exports' || parts[0] === 'this') parts.shift();
  const path = parts.map((part) => `${part}.`).join('');
  return { name, path, from: target.lastChild?.from ?? target.from, anonymous: false };
}

function callbackName(argList: SyntaxNode, text: string): string {
  const call = argList.parent;
  const callee = call?.name === 'NewExpression' ? call.firstChild?.nextSibling : call?.firstChild;
  const calleeName = callee ? shortCallee(callee, text) : '';
  let first = argList.firstChild?.nextSibling;
  while (first?.name.endsWith('Comment')) first = first.nextSibling;
  const isText = first?.name === 'String' || (first?.name === 'TemplateString' && !first.firstChild);
  if (!calleeName) return 'callback';
  const start = call?.name === 'NewExpression' ? `new ${calleeName}` : calleeName;
  return isText && first
    ? `${start}('${fold(text.slice(first.from + 1, first.to - 1))}') callback`
    : `${start} callback`;
}

/** `router.get`, `this.items.map`; only the last name when the rest is no chain of names. */
function shortCallee(called: SyntaxNode, text: string): string {
  // `new Promise<void>(…)`
  const callee = called.name === 'InstantiationExpression' ? (called.firstChild ?? called) : called;
  if (callee.name === 'VariableName' || callee.name === 'super') return text.slice(callee.from, callee.to);
  if (callee.name !== 'MemberExpression') return '';
  const last = callee.lastChild;
  if (!last || !last.name.endsWith('PropertyName')) return '';
  const lastName = text.slice(last.from, last.to);
  if (callee.to - callee.from > MAX_NAME_LENGTH) return lastName;
  const whole = text.slice(callee.from, callee.to).replace(/\s+/g, '').replace(/\?\./g, '.');
  return /^[\w$.#]+$/.test(whole) ? whole : lastName;
}

function attributeName(escape: SyntaxNode, text: string): PlaceName {
  const attribute = escape.parent?.name === 'JSXAttribute' ? escape.parent.firstChild : null;
  return unnamed(attribute ? text.slice(attribute.from, attribute.to) : '(anonymous)');
}

function fold(text: string): string {
  const folded = text
    .slice(0, 4 * MAX_NAME_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return folded.length <= MAX_NAME_LENGTH ? folded : `${folded.slice(0, MAX_NAME_LENGTH - 1)}…`;
}
