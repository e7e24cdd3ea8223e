import type { Tree } from '@lezer/common';
import {
  classDraft,
  classParts,
  fieldsDraft,
  functionDraft,
  functionParts,
  initialiserStart,
  moduleDraft,
  namespaceName,
  writtenName,
  type ClassInfo,
  type ClassParts,
  type MethodDraft,
  type Scope,
} from './methodDrafts';
import { nameByPlace } from './methodNames';

export interface CollectedMethods {
  readonly drafts: readonly MethodDraft[];
  /** [offset, index of a draft, offset, …], ascending: from the offset on, the text belongs to the draft. */
  readonly boundaries: readonly number[];
  /** [from, to, from, to, …], ascending. */
  readonly comments: readonly number[];
  readonly hasErrors: boolean;
}

/** Long qualified names (deep nesting) are cut at the front: at most about twice this long. */
const MAX_PATH_LENGTH = 300;

/** Walks the tree once, without recursion: 5,000 nested functions are no deeper than five. */
export function collectMethods(tree: Tree, text: string): CollectedMethods {
  const drafts: MethodDraft[] = [moduleDraft(text)];
  const boundaries: number[] = [0, 0];
  const comments: number[] = [];
  const scopes: Scope[] = [{ end: Infinity, owner: 0, parent: 0, path: '' }];
  let scope = scopes[0];
  let hasErrors = false;

  const enter = (next: Scope, from: number) => {
    if (next.owner !== scope.owner) boundaries.push(from, next.owner);
    scopes.push(next);
    scope = next;
  };
  const leaveUntil = (offset: number) => {
    while (scope.end <= offset) {
      const left = scopes.pop()!;
      scope = scopes[scopes.length - 1];
      if (left.owner !== scope.owner) boundaries.push(left.end, scope.owner);
    }
  };
  const addMethod = (draft: MethodDraft) => {
    drafts.push(draft);
    const index = drafts.length - 1;
    enter({ end: draft.to, owner: index, parent: index, path: pathBelow(draft.qualifiedName) }, draft.from);
  };
  const addClass = (parts: ClassParts, to: number, name: string, path: string) => {
    const qualifiedName = `${scope.path}${path}${name}`;
    const classInfo = { headFrom: parts.classFrom, bodyFrom: parts.bodyFrom, fields: -1 };
    enter({ ...scope, end: to, path: pathBelow(qualifiedName), classInfo }, parts.from);
    if (parts.hasConstructor || parts.isAmbient) return;
    drafts.push(classDraft(parts, to, name, qualifiedName, scope.parent));
    enter({ ...scope, end: parts.bodyFrom, owner: drafts.length - 1 }, parts.from);
  };
  const addInitialiser = (info: ClassInfo, from: number, to: number) => {
    if (info.fields < 0) {
      drafts.push(fieldsDraft(info, from, scope));
      info.fields = drafts.length - 1;
    }
    drafts[info.fields].to = to;
    enter({ end: to, owner: info.fields, parent: info.fields, path: scope.path }, from);
  };

  const cursor = tree.cursor();
  // Decorators are inside the node of what they decorate, but run outside: until they are past, it waits here.
  const waiting: { from: number; add: () => void }[] = [];
  const afterDecorators = (from: number, add: () => void) => {
    if (from > cursor.from) waiting.push({ from, add });
    else add();
  };
  do {
    leaveUntil(cursor.from);
    while (waiting.length > 0 && waiting[waiting.length - 1].from <= cursor.from) waiting.pop()!.add();
    if (cursor.type.isError) hasErrors = true;
    switch (cursor.name) {
      case 'LineComment':
      case 'BlockComment':
        comments.push(cursor.from, cursor.to);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunction':
      case 'MethodDeclaration':
      case 'Property': {
        const parts = functionParts(cursor);
        if (!parts) break;
        const draft = functionDraft(cursor, parts, text, scope);
        afterDecorators(draft.from, () => addMethod(draft));
        break;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const parts = classParts(cursor, text);
        if (!parts) break;
        const place = parts.nameFrom >= 0 ? writtenName(text, parts) : nameByPlace(cursor.node, text);
        const { to } = cursor;
        afterDecorators(parts.from, () => addClass(parts, to, place.anonymous ? '(class)' : place.name, place.path));
        break;
      }
      case 'PropertyDeclaration':
      case 'StaticBlock': {
        const from = scope.classInfo ? initialiserStart(cursor) : -1;
        const info = scope.classInfo;
        if (from < 0 || !info) break;
        const { to } = cursor;
        afterDecorators(from, () => addInitialiser(info, from, to));
        break;
      }
      case 'NamespaceDeclaration': {
        const name = namespaceName(cursor, text);
        enter({ ...scope, end: cursor.to, path: pathBelow(scope.path + name), classInfo: undefined }, cursor.from);
        break;
      }
    }
  } while (cursor.next());
  leaveUntil(text.length);
  return { drafts, boundaries, comments, hasErrors };
}

function pathBelow(qualifiedName: string): string {
  return qualifiedName.length > MAX_PATH_LENGTH ? '….' : `${qualifiedName}.`;
}
