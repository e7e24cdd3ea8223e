import type { Entry, Expression, Item, PatternPart, Target } from '../syntax';
import type { JavaScriptSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';
import { unescapeJavaScript } from '../unescape';

const TYPE_NODES = new Set(['TypeAnnotation', 'TypeArgList', 'TypeParamList', 'TypeName', 'TypePredicate']);

export function sliceOf({ from, to }: SyntaxNode, { text }: JavaScriptSource): string {
  return text.slice(from, to);
}

/** Names of terms begin with a capital letter, keywords and punctuation do not. */
function isTerm({ name }: SyntaxNode): boolean {
  const first = name.charCodeAt(0);
  return first >= 65 && first <= 90 && name !== 'Equals' && name !== 'Spread' && name !== 'Optional';
}

function isKeywordValue({ name }: SyntaxNode): boolean {
  return name === 'this' || name === 'null' || name === 'super';
}

export function isValue(node: SyntaxNode): boolean {
  return isTerm(node) ? !TYPE_NODES.has(node.name) : isKeywordValue(node);
}

export function readExpressions(nodes: readonly SyntaxNode[], source: JavaScriptSource): Expression[] {
  const found: Expression[] = [];
  for (const node of nodes) if (isValue(node)) found.push(readExpression(node, source));
  return found;
}

export function firstExpression(
  nodes: readonly SyntaxNode[],
  source: JavaScriptSource,
  start = 0,
): Expression | undefined {
  for (let i = start; i < nodes.length; i++) if (isValue(nodes[i])) return readExpression(nodes[i], source);
  return undefined;
}

export function readExpression(node: SyntaxNode, source: JavaScriptSource): Expression {
  const { from, to, children } = node;
  switch (node.name) {
    case 'VariableName':
    case 'VariableDefinition': {
      const name = source.text.slice(from, to);
      return name === 'undefined' ? { from, to, kind: 'undefined' } : { from, to, kind: 'name', name };
    }
    case 'String':
      return { from, to, kind: 'literal', value: unescapeJavaScript(source.text.slice(from + 1, to - 1)) };
    case 'MemberExpression':
      return member(node, source);
    case 'CallExpression':
    case 'NewExpression':
      return call(node, source);
    case 'ObjectExpression':
      return {
        from,
        to,
        kind: 'object',
        entries: children.flatMap((child) => (child.name === 'Property' ? entries(child, source) : [])),
      };
    case 'Number': {
      const number = Number(source.text.slice(from, to).replaceAll('_', '').replace(/n$/, ''));
      return { from, to, kind: 'literal', value: Number.isNaN(number) ? null : number };
    }
    case 'BooleanLiteral':
      return { from, to, kind: 'literal', value: source.text.startsWith('true', from) };
    case 'null':
      return { from, to, kind: 'literal', value: null };
    case 'this':
      return { from, to, kind: 'self' };
    case 'TemplateString':
      return { from, to, kind: 'template', parts: templateParts(node, source) };
    case 'RegExp': {
      const written = source.text.slice(from, to);
      const end = written.lastIndexOf('/');
      return { from, to, kind: 'regex', pattern: written.slice(1, end), flags: written.slice(end + 1) };
    }
    case 'ParenthesizedExpression':
    case 'InstantiationExpression':
      return firstExpression(children, source) ?? other(node, source);
    case 'AwaitExpression': {
      const value = firstExpression(children, source);
      return value ? { from, to, kind: 'await', value } : other(node, source);
    }
    case 'ArrayExpression':
      return { from, to, kind: 'array', items: items(children, source) };
    case 'ConditionalExpression': {
      // Nothing may be read twice: one in another it would be read twice as often with each.
      const parts = children.filter((child) => child.name !== 'LogicOp').map((child) => readExpression(child, source));
      const [condition, then, otherwise] = parts;
      return condition && then && otherwise
        ? { from, to, kind: 'either', condition, then, otherwise }
        : { from, to, kind: 'other', parts };
    }
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'PostfixExpression':
    case 'PrefixCast':
      return operation(node, source);
    case 'AssignmentExpression': {
      const [left, operator, right] = children;
      if (!right) return other(node, source);
      return {
        from,
        to,
        kind: 'assign',
        target: targetOf(left, source),
        operator: sliceOf(operator, source),
        value: readExpression(right, source),
      };
    }
    case 'ArrowFunction':
    case 'FunctionExpression':
      return { from, to, kind: 'function', function: source.readFunction(node) };
    case 'ClassExpression':
      return { from, to, kind: 'class', class: source.readClass(node) };
    case 'DynamicImport': {
      const specifier = childNamed(node, 'String');
      return specifier
        ? { from, to, kind: 'import', specifier: source.text.slice(specifier.from + 1, specifier.to - 1) }
        : other(node, source);
    }
    default:
      return other(node, source);
  }
}

function other(node: SyntaxNode, source: JavaScriptSource): Expression {
  return { from: node.from, to: node.to, kind: 'other', parts: readExpressions(node.children, source) };
}

function member(node: SyntaxNode, source: JavaScriptSource): Expression {
  const { from, to, children } = node;
  if (!children.length) return other(node, source);
  const object = readExpression(children[0], source);
  for (let i = 1; i < children.length; i++) {
    const { name } = children[i];
    if (name === 'PropertyName' || name === 'PrivatePropertyName')
      return {
        from,
        to,
        kind: 'member',
        object,
        name: sliceOf(children[i], source),
      };
  }
  const index = firstExpression(children, source, 1);
  return index ? { from, to, kind: 'index', object, index } : object;
}

function call(node: SyntaxNode, source: JavaScriptSource): Expression {
  const callee = node.children.find((child) => child.name !== 'new' && child.name !== 'TypeArgList');
  if (!callee || callee.name === 'ArgList') return other(node, source);
  const args = childNamed(node, 'ArgList');
  return {
    from: node.from,
    to: node.to,
    kind: 'call',
    callee: readExpression(callee, source),
    args: args ? items(args.children, source) : [],
    named: [],
    isNew: node.name === 'NewExpression',
  };
}

function items(nodes: readonly SyntaxNode[], source: JavaScriptSource): Item[] {
  const found: Item[] = [];
  let spread = false;
  for (const node of nodes) {
    if (node.name === 'Spread') spread = true;
    else if (isTerm(node) || isKeywordValue(node)) {
      found.push({ spread, value: readExpression(node, source) });
      spread = false;
    }
  }
  return found;
}

function entries(node: SyntaxNode, source: JavaScriptSource): Entry[] {
  const { children } = node;
  if (!children.length) return [];
  const [first] = children;
  if (first.name === 'Spread') return readExpressions(children, source).map((value) => ({ key: null, value }));
  if (childNamed(node, 'ParamList')) {
    const name = childNamed(node, 'PropertyDefinition');
    const code = source.readFunction(node);
    return name
      ? [{ key: sliceOf(name, source), value: { from: node.from, to: node.to, kind: 'function', function: code } }]
      : [];
  }
  if (first.name === '[') {
    const [key, value] = readExpressions(children, source);
    return key && value ? [{ key, value }] : [];
  }
  const key =
    first.name === 'String'
      ? unescapeJavaScript(source.text.slice(first.from + 1, first.to - 1))
      : sliceOf(first, source);
  const value = firstExpression(children, source, 1);
  return [{ key, value: value ?? { from: first.from, to: first.to, kind: 'name', name: key } }];
}

const WORD_OPERATORS = new Set(['as', 'satisfies', 'delete', 'in', 'instanceof']);

function operation(node: SyntaxNode, source: JavaScriptSource): Expression {
  const { from, to } = node;
  const operands: Expression[] = [];
  let operator: string | undefined;
  let type: SyntaxNode | undefined;
  for (const child of node.children) {
    const { name } = child;
    if (name.endsWith('Op') || WORD_OPERATORS.has(name)) operator ??= sliceOf(child, source);
    if (name.startsWith('Type') || name.endsWith('Type')) type ??= child;
    else if (!name.endsWith('Op') && isValue(child)) operands.push(readExpression(child, source));
  }
  const [left, right] = operands;
  if (node.name === 'PrefixCast' || operator === 'as' || operator === 'satisfies') {
    return left
      ? { from, to, kind: 'cast', value: left, type: type ? sliceOf(type, source) : '' }
      : other(node, source);
  }
  if (node.name === 'PostfixExpression' && operator === '!' && left) return left;
  if (left && right && (operator === '&&' || operator === '||' || operator === '??'))
    return { from, to, kind: 'logical', operator, left, right };
  return { from, to, kind: 'operation', operator: operator ?? '', operands };
}

function templateParts(node: SyntaxNode, source: JavaScriptSource): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let last = node.from + 1;
  for (const child of node.children) {
    if (child.name !== 'Interpolation') continue;
    if (child.from > last) parts.push(unescapeJavaScript(source.text.slice(last, child.from)));
    const value = child.children.find((part) => isValue(part) && !part.name.startsWith('Interpolation'));
    if (value) parts.push(readExpression(value, source));
    last = child.to;
  }
  if (node.to - 1 > last) parts.push(unescapeJavaScript(source.text.slice(last, node.to - 1)));
  return parts;
}

export function isPattern({ name }: SyntaxNode): boolean {
  return name === 'VariableDefinition' || name === 'ObjectPattern' || name === 'ArrayPattern';
}

export function targetOf(node: SyntaxNode, source: JavaScriptSource): Target {
  const { from, to, name, children } = node;
  if (name === 'VariableDefinition' || name === 'VariableName')
    return { from, to, kind: 'name', name: source.text.slice(from, to) };
  if (name === 'ObjectPattern') {
    return {
      from,
      to,
      kind: 'pattern',
      parts: children.flatMap((child) => (child.name === 'PatternProperty' ? patternPart(child, source) : [])),
    };
  }
  if (name === 'ArrayPattern') {
    const parts = children
      .filter(isPattern)
      .map((child, index): PatternPart => ({ key: String(index), target: targetOf(child, source) }));
    return { from, to, kind: 'pattern', parts };
  }
  return { from, to, kind: 'reference', reference: readExpression(node, source) };
}

function patternPart({ children }: SyntaxNode, source: JavaScriptSource): PatternPart[] {
  const inner = [...children].reverse().find(isPattern);
  if (!inner) return [];
  const [first] = children;
  if (first.name === 'Spread') return [{ key: null, target: targetOf(inner, source) }];
  const key = first.name === 'String' ? source.text.slice(first.from + 1, first.to - 1) : sliceOf(first, source);
  return [{ key, target: targetOf(inner, source), fallback: assigned(children, source) }];
}

/** What stands behind the `=`. */
export function assigned(nodes: readonly SyntaxNode[], source: JavaScriptSource): Expression | undefined {
  const equals = nodes.findIndex((child) => child.name === 'Equals');
  return equals < 0 ? undefined : firstExpression(nodes, source, equals + 1);
}
