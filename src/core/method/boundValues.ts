import type { SyntaxNode } from '@lezer/common';
import { NEW, type Step, type Thing } from './boundThings';

/** What values are found by. */
export interface ValueContext {
  readonly text: string;
  /** Method of the function whose parameters start there; -1 for none. */
  methodOf(parametersFrom: number): number;
  /** What `this` is, where that is certain. */
  readonly self: Thing | undefined;
  /** What `super` is in a method, and what it calls in a constructor. */
  readonly above: Thing | undefined;
  /** Whether `require` is Node's. */
  readonly hasRequire: boolean;
}

/** Levels of syntax that are looked through: `a.b.c.d` has three. */
const MOST_LEVELS = 12;

const WRAPPERS = /^(?:Object\.freeze|__importDefault|__importStar|_interopRequire(?:Default|Wildcard))$/;

/** What an expression certainly is; undefined where that cannot be told. */
export function valueOf(expression: SyntaxNode | null, context: ValueContext): Thing | undefined {
  const { text } = context;
  const path: Step[] = [];
  let node = expression;
  for (let level = 0; node && level < MOST_LEVELS; level++) {
    const inner = withinTransparent(node, text);
    if (inner) {
      node = inner;
      continue;
    }
    switch (node.name) {
      case 'MemberExpression': {
        const name = propertyOf(node, text);
        if (name === undefined) return undefined;
        path.unshift(`.${name}`);
        node = firstOf(node);
        continue;
      }
      case 'NewExpression':
        path.unshift(NEW);
        node = calleeOf(node);
        continue;
      case 'VariableName':
        return { kind: 'chain', name: text.slice(node.from, node.to), at: node.from, path };
      case 'this':
        return withSteps(context.self, path);
      case 'super':
        return withSteps(context.above, path);
      case 'ArrowFunction':
      case 'FunctionExpression':
      case 'FunctionDeclaration': {
        const method = context.methodOf(parametersFrom(node));
        return method < 0 ? undefined : withSteps({ kind: 'method', method }, path);
      }
      case 'ClassExpression':
      case 'ClassDeclaration': {
        const body = node.getChild('ClassBody');
        return body ? withSteps({ kind: 'class', at: body.from }, path) : undefined;
      }
      case 'ObjectExpression':
        return withSteps({ kind: 'object', at: node.from }, path);
      case 'CallExpression': {
        const specifier = requiredBy(node, context);
        return specifier === undefined ? undefined : withSteps({ kind: 'module', specifier }, path);
      }
      case 'AwaitExpression': {
        const imported: SyntaxNode | null = node.getChild('DynamicImport');
        const specifier = imported && stringOf(imported.getChild('String'), text);
        return specifier ? withSteps({ kind: 'module', specifier }, path) : undefined;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

function withSteps(base: Thing | undefined, path: readonly Step[]): Thing | undefined {
  return base && path.length ? { kind: 'steps', base, path } : base;
}

/** Parentheses, types, `(0, f)`, `a = b` and some functions hand on what stands in them. */
function withinTransparent(node: SyntaxNode, text: string): SyntaxNode | null {
  switch (node.name) {
    case 'ParenthesizedExpression':
      return firstOf(node);
    case 'InstantiationExpression':
      return firstOf(node);
    case 'PrefixCast':
      return node.lastChild;
    case 'PostfixExpression':
      return node.getChild('LogicOp') ? firstOf(node) : null;
    case 'BinaryExpression':
      return node.getChild('as') || node.getChild('satisfies') ? firstOf(node) : null;
    case 'SequenceExpression':
      return node.firstChild?.name === 'Number' ? node.lastChild : null;
    case 'AssignmentExpression':
      return node.getChild('Equals') ? node.lastChild : null;
    case 'CallExpression': {
      const callee = firstOf(node);
      if (!callee || callee.to - callee.from > 40 || !WRAPPERS.test(text.slice(callee.from, callee.to))) return null;
      return firstArgument(node);
    }
    default:
      return null;
  }
}

/** The specifier in `require('…')`. */
function requiredBy(call: SyntaxNode, { text, hasRequire }: ValueContext): string | undefined {
  const callee = firstOf(call);
  if (!hasRequire || callee?.name !== 'VariableName' || text.slice(callee.from, callee.to) !== 'require')
    return undefined;
  return stringOf(firstArgument(call), text);
}

/** Of a plain string literal. */
export function stringOf(node: SyntaxNode | null, text: string): string | undefined {
  if (node?.name !== 'String') return undefined;
  const inner = text.slice(node.from + 1, node.to - 1);
  return inner.includes('\\') || inner.length > 1_000 ? undefined : inner;
}

export function firstArgument(call: SyntaxNode): SyntaxNode | null {
  const list = call.getChild('ArgList');
  return list ? firstOf(list) : null;
}

/** Of a call or `new`. */
export function calleeOf(node: SyntaxNode): SyntaxNode | null {
  const first = firstOf(node);
  return node.name === 'NewExpression' && first?.name === 'new' ? afterComments(first.nextSibling) : first;
}

/** The name behind the dot; undefined for computed ones. */
export function propertyOf(member: SyntaxNode, text: string): string | undefined {
  const last = member.lastChild;
  if (last?.name !== 'PropertyName' && last?.name !== 'PrivatePropertyName') return undefined;
  return text.slice(last.from, last.to);
}

/** Offset of the parameters of a function; -1 for what has none. */
export function parametersFrom(node: SyntaxNode): number {
  return node.getChild('ParamList')?.from ?? -1;
}

/** The first child that is neither a bracket nor a comment. */
export function firstOf(node: SyntaxNode): SyntaxNode | null {
  let child = node.firstChild;
  if (child && /^[([{]$/.test(child.name)) child = child.nextSibling;
  return afterComments(child);
}

export function afterComments(node: SyntaxNode | null): SyntaxNode | null {
  let at = node;
  while (at?.name.endsWith('Comment')) at = at.nextSibling;
  return at;
}

/** What stands behind the `=` or `:` of a definition; null where it has none. */
export function initialOf(definition: SyntaxNode, sign: 'Equals' | ':'): SyntaxNode | null {
  let at = afterComments(definition.nextSibling);
  if (sign === 'Equals' && at?.name === 'TypeAnnotation') at = afterComments(at.nextSibling);
  return at?.name === sign ? afterComments(at.nextSibling) : null;
}
