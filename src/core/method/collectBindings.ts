import type { SyntaxNode, Tree } from '@lezer/common';
import { noteExport, noteWrittenExport } from './boundExports';
import { imported, noteReexports, ofPattern } from './boundImports';
import { addClass, addMember, addProperty, type Collector } from './boundMembers';
import { emptyNames, NEW, type BoundNames, type Thing, type Use } from './boundThings';
import {
  calleeOf,
  firstArgument,
  firstOf,
  initialOf,
  parametersFrom,
  propertyOf,
  valueOf,
  type ValueContext,
} from './boundValues';
import type { CollectedMethods } from './collectMethods';

export interface Bindings {
  readonly names: BoundNames;
  /** What is called, constructed or read, and by which method. */
  readonly uses: readonly { readonly owner: number; readonly thing: Thing; readonly use: Use }[];
}

/** What stands around a place in the text. */
interface Around {
  readonly from: number;
  readonly to: number;
  readonly self: Thing | undefined;
  readonly above: Thing | undefined;
  /** The class whose body is the innermost here. */
  readonly classAt: number;
}

const NODES_PER_STEP = 2_000;

/** Nodes in which names are of their own. */
const SCOPES = new Set(['Block', 'ForStatement', 'CatchClause', 'SwitchBody', 'ArrowFunction']);

/** What reads no property by its first part: a getter is not called there, or what it returns is called. */
const WRITES_OR_CALLS = /^(?:AssignmentExpression|CallExpression)$/;

/** Methods of arrays that call what they are given, and nothing else that anybody writes is named like them. */
const CALLING = /^(?:map|forEach|filter|reduce|reduceRight|sort|toSorted|some|every|find|findIndex|findLast|flatMap)$/;

/**
 * One walk over the tree, without recursion. Undefined where names cannot be told: the tree has errors or ends early, or the text
 * evaluates code that may declare anything.
 */
export function* collectBindings(
  tree: Tree,
  text: string,
  parsedText: string,
  collected: CollectedMethods,
): Generator<undefined, Bindings | undefined> {
  if (collected.hasErrors || tree.length < parsedText.length) return undefined;
  const { drafts, boundaries } = collected;
  const names = emptyNames();
  const uses: { owner: number; thing: Thing; use: Use }[] = [];
  const byParameters = new Map<number, number>();
  const constructOf = new Map<number, number>();
  const fieldsOf = new Map<number, number>();
  drafts.forEach(({ kind, parametersFrom: at, bodyFrom }, i) => {
    if (kind === 'class') constructOf.set(bodyFrom, i);
    else if (kind === 'fields') fieldsOf.set(bodyFrom, i);
    else if (kind !== 'module') byParameters.set(at, i);
  });
  refuseBlanked(names, text, parsedText);

  const arounds: Around[] = [{ from: 0, to: Infinity, self: undefined, above: undefined, classAt: -1 }];
  let around = arounds[0];
  const enter = (next: Around): void => {
    arounds.push(next);
    around = next;
  };
  let hasRequire = true;
  const methodOf = (at: number): number => byParameters.get(at) ?? -1;
  const context = (): ValueContext => ({
    text,
    methodOf,
    self: around.self,
    above: around.above,
    hasRequire,
  });
  const value = (node: SyntaxNode | null): Thing | undefined => valueOf(node, context());

  const collector: Collector = { text, names, drafts, methodOf, constructOf, fieldsOf, value };

  const define = (node: SyntaxNode, scope: Pick<Around, 'from' | 'to'>, thing: Thing | undefined): void => {
    const name = text.slice(node.from, node.to);
    const known = names.definitions.get(name);
    if (known) known.count++;
    else names.definitions.set(name, { count: 1, from: scope.from, to: scope.to, thing });
    if (name === 'require' && !isCreatedRequire(node, text)) hasRequire = false;
  };

  const noteTarget = (target: SyntaxNode | null): void => {
    if (target?.name === 'VariableName') names.reassigned.add(text.slice(target.from, target.to));
    else if (target?.name === 'MemberExpression') {
      const object = firstOf(target);
      const of = object && object.to - object.from < 20 ? text.slice(object.from, object.to) : '';
      const property = propertyOf(target, text);
      if (property !== undefined && of !== 'exports' && of !== 'module' && of !== 'module.exports')
        names.assigned.add(property);
    }
  };

  let boundary = 0;
  const use = (how: Use, thing: Thing | undefined): void => {
    if (!thing) return;
    const owner = boundaries[boundary + 1];
    // A class that is defined runs nothing of what its name stands for.
    if (drafts[owner].kind !== 'class') uses.push({ owner, thing, use: how });
  };

  const cursor = tree.cursor();
  let nodes = 0;
  do {
    if (++nodes % NODES_PER_STEP === 0) yield;
    const { from } = cursor;
    while (around.to <= from) {
      arounds.pop();
      around = arounds[arounds.length - 1];
    }
    while (boundary + 2 < boundaries.length && boundaries[boundary + 2] <= from) boundary += 2;
    const { name } = cursor;
    switch (name) {
      case 'WithStatement':
        return undefined;
      case 'VariableDefinition': {
        const node = cursor.node;
        defineAt(node, node.parent);
        break;
      }
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        enter({ from, to: cursor.to, self: undefined, above: undefined, classAt: -1 });
        if (name === 'FunctionDeclaration' && cursor.node.parent?.name === 'ExportDeclaration')
          noteWrittenExport(names, cursor.node, text);
        break;
      case 'MethodDeclaration':
      case 'PropertyDeclaration':
      case 'StaticBlock': {
        const of = around.classAt === around.from ? names.classes.get(around.classAt) : undefined;
        const node = cursor.node;
        const at = around.classAt;
        const isStatic = name === 'StaticBlock' || node.getChild('static') !== null;
        const self: Thing | undefined = !of
          ? undefined
          : isStatic
            ? { kind: 'class', at }
            : { kind: 'instance', at, isThis: true };
        const base = of?.base;
        const above: Thing | undefined = base && !isStatic ? { kind: 'steps', base, path: [NEW] } : base;
        const outer = around;
        enter({ ...outer, self, above, classAt: at });
        if (of && name !== 'StaticBlock') addMember(collector, of, at, node, cursor);
        arounds.pop();
        enter({ from, to: cursor.to, self, above, classAt: -1 });
        break;
      }
      case 'Decorator':
        enter({ ...around, from, to: cursor.to, self: undefined, above: undefined });
        break;
      case 'ClassBody': {
        const node = cursor.node;
        if (node.parent && /^Class/.test(node.parent.name)) {
          addClass(collector, node.parent, from);
          noteWrittenExport(names, node.parent, text);
        }
        enter({ from, to: cursor.to, self: undefined, above: undefined, classAt: from });
        break;
      }
      case 'Property': {
        const node = cursor.node;
        if (node.parent?.name !== 'ObjectExpression') break;
        addProperty(collector, node, node.parent.from, cursor);
        if (node.getChild('ParamList')) enter({ from, to: cursor.to, self: undefined, above: undefined, classAt: -1 });
        break;
      }
      case 'CallExpression': {
        const node = cursor.node;
        const callee = calleeOf(node);
        if (callee?.name === 'VariableName' && text.slice(callee.from, callee.to) === 'eval') return undefined;
        if (callee?.name === 'super') use('new', around.above?.kind === 'steps' ? around.above.base : undefined);
        else use('call', value(callee));
        const property = callee?.name === 'MemberExpression' ? propertyOf(callee, text) : undefined;
        if (property !== undefined && CALLING.test(property)) {
          const given = firstArgument(node);
          if (given?.name === 'ArrowFunction' || given?.name === 'FunctionExpression') use('call', value(given));
        }
        break;
      }
      case 'NewExpression':
        use('new', value(calleeOf(cursor.node)));
        break;
      case 'MemberExpression': {
        const node = cursor.node;
        const { parent } = node;
        const isRead =
          parent?.name !== 'UnaryExpression' && !(isFirst(node, parent) && WRITES_OR_CALLS.test(parent!.name));
        if (isRead) use('get', value(node));
        break;
      }
      case 'AssignmentExpression': {
        const node = cursor.node;
        const target = node.firstChild;
        const isExport = !names.definitions.has('exports') && !names.definitions.has('module');
        if (isExport && target && node.getChild('Equals') && noteExport(names, target, value(node.lastChild), text))
          break;
        noteTarget(target);
        break;
      }
      case 'UnaryExpression':
      case 'PostfixExpression':
        if (cursor.node.getChild('ArithOp'))
          noteTarget(name === 'UnaryExpression' ? cursor.node.lastChild : cursor.node.firstChild);
        else if (name === 'UnaryExpression' && cursor.node.getChild('delete')) noteTarget(cursor.node.lastChild);
        break;
      case 'ForOfSpec':
      case 'ForInSpec':
        noteTarget(firstOf(cursor.node));
        break;
      case 'ExportDeclaration': {
        const node = cursor.node;
        noteReexports(collector, node);
        break;
      }
      default:
        if (SCOPES.has(name)) enter({ ...around, from, to: cursor.to, classAt: -1 });
    }
  } while (cursor.next());
  return { names, uses };

  function defineAt(node: SyntaxNode, parent: SyntaxNode | null): void {
    const outer = arounds[Math.max(0, arounds.length - 2)];
    switch (parent?.name) {
      case 'FunctionDeclaration': {
        const method = methodOf(parametersFrom(parent));
        // The signature of an overload is no function; that of a declared one is elsewhere.
        if (method < 0 && !parent.getChild('Block')) return;
        define(node, outer, method < 0 ? undefined : { kind: 'method', method });
        return;
      }
      case 'FunctionExpression':
        define(node, around, value(parent));
        return;
      case 'ClassDeclaration':
        define(node, around, value(parent));
        return;
      case 'ClassExpression':
        define(node, parent, value(parent));
        return;
      case 'VariableDeclaration': {
        define(node, around, value(initialOf(node, 'Equals')));
        if (parent.parent?.name === 'ExportDeclaration') {
          const name = text.slice(node.from, node.to);
          names.exports.set(name, { kind: 'chain', name, at: node.from, path: [] });
        }
        return;
      }
      case 'PatternProperty':
        define(node, around, ofPattern(collector, node, parent));
        return;
      case 'ImportDeclaration':
      case 'ImportGroup':
        define(node, around, imported(collector, node, parent));
        return;
      default:
        define(node, around, undefined);
    }
  }
}

/** Parts that the parser did not get to see (see `parseableText`) may declare any of their names. */
function refuseBlanked(names: BoundNames, text: string, parsedText: string): void {
  if (text === parsedText) return;
  for (const { index, 0: run } of parsedText.matchAll(/_{2,}/g)) {
    if (text.startsWith(run, index)) continue;
    for (const [name] of text.slice(index, index + run.length).matchAll(/[\w$\u0080-\uffff]+/g))
      names.reassigned.add(name);
  }
}

/** `const require = createRequire(import.meta.url)`. */
function isCreatedRequire(node: SyntaxNode, text: string): boolean {
  const given = initialOf(node, 'Equals');
  return given?.name === 'CallExpression' && /^(?:\w+\.)?createRequire\b/.test(text.slice(given.from, given.to));
}

function isFirst(node: SyntaxNode, parent: SyntaxNode | null): boolean {
  const first = parent?.firstChild;
  return first?.from === node.from && first.to === node.to;
}
