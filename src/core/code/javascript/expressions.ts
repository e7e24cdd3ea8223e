import type { Entry, Expression, Item } from '../syntax';
import { classCode, functionCode, targetOf } from './functions';
import { childNamed, type SyntaxNode } from '../syntaxNode';
import { unescapeJavaScript } from '../unescape';

const TYPE_NODES = new Set(['TypeAnnotation', 'TypeArgList', 'TypeParamList', 'TypeName', 'TypePredicate']);

export function sliceOf({ from, to }: SyntaxNode, text: string): string {
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

export function readExpressions(nodes: readonly SyntaxNode[], text: string): Expression[] {
  const found: Expression[] = [];
  for (const node of nodes) if (isValue(node)) found.push(readExpression(node, text));
  return found;
}

export function firstExpression(nodes: readonly SyntaxNode[], text: string, start = 0): Expression | undefined {
  for (let i = start; i < nodes.length; i++) if (isValue(nodes[i])) return readExpression(nodes[i], text);
  return undefined;
}

export function readExpression(node: SyntaxNode, text: string): Expression {
  const { from, to, children } = node;
  switch (node.name) {
    case 'VariableName':
    case 'VariableDefinition': {
      const name = text.slice(from, to);
      return name === 'undefined' ? { from, to, kind: 'undefined' } : { from, to, kind: 'name', name };
    }
    case 'String':
      return { from, to, kind: 'literal', value: unescapeJavaScript(text.slice(from + 1, to - 1)) };
    case 'MemberExpression':
      return member(node, text);
    case 'CallExpression':
    case 'NewExpression':
      return call(node, text);
    case 'ObjectExpression':
      return {
        from,
        to,
        kind: 'object',
        entries: children.flatMap((child) => (child.name === 'Property' ? entries(child, text) : [])),
      };
    case 'Number': {
      const number = Number(text.slice(from, to).replaceAll('_', '').replace(/n$/, ''));
      return { from, to, kind: 'literal', value: Number.isNaN(number) ? null : number };
    }
    case 'BooleanLiteral':
      return { from, to, kind: 'literal', value: text.startsWith('true', from) };
    case 'null':
      return { from, to, kind: 'literal', value: null };
    case 'this':
      return { from, to, kind: 'self' };
    case 'TemplateString':
      return { from, to, kind: 'template', parts: templateParts(node, text) };
    case 'RegExp': {
      const written = text.slice(from, to);
      const end = written.lastIndexOf('/');
      return { from, to, kind: 'regex', pattern: written.slice(1, end), flags: written.slice(end + 1) };
    }
    case 'ParenthesizedExpression':
    case 'InstantiationExpression':
      return firstExpression(children, text) ?? other(node, text);
    case 'AwaitExpression': {
      const value = firstExpression(children, text);
      return value ? { from, to, kind: 'await', value } : other(node, text);
    }
    case 'ArrayExpression':
      return { from, to, kind: 'array', items: items(children, text) };
    case 'ConditionalExpression': {
      const [condition, then, otherwise] = children
        .filter((child) => child.name !== 'LogicOp')
        .map((child) => readExpression(child, text));
      return condition && then && otherwise
        ? { from, to, kind: 'either', condition, then, otherwise }
        : other(node, text);
    }
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'PostfixExpression':
    case 'PrefixCast':
      return operation(node, text);
    case 'AssignmentExpression': {
      const [left, operator, right] = children;
      if (!right) return other(node, text);
      return {
        from,
        to,
        kind: 'assign',
        target: targetOf(left, text),
        operator: sliceOf(operator, text),
        value: readExpression(right, text),
      };
    }
    case 'ArrowFunction':
    case 'FunctionExpression':
      return { from, to, kind: 'function', function: functionCode(node, text) };
    case 'ClassExpression':
      return { from, to, kind: 'class', class: classCode(node, text) };
    case 'DynamicImport': {
      const specifier = childNamed(node, 'String');
      return specifier
        ? { from, to, kind: 'import', specifier: text.slice(specifier.from + 1, specifier.to - 1) }
        : other(node, text);
    }
    default:
      return other(node, text);
  }
}

function other(node: SyntaxNode, text: string): Expression {
  return { from: node.from, to: node.to, kind: 'other', parts: readExpressions(node.children, text) };
}

function member(node: SyntaxNode, text: string): Expression {
  const { from, to, children } = node;
  if (!children.length) return other(node, text);
  const object = readExpression(children[0], text);
  for (let i = 1; i < children.length; i++) {
    const { name } = children[i];
    if (name === 'PropertyName' || name === 'PrivatePropertyName')
      return {
        from,
        to,
        kind: 'member',
        object,
        name: sliceOf(children[i], text),
      };
  }
  const index = firstExpression(children, text, 1);
  return index ? { from, to, kind: 'index', object, index } : object;
}

function call(node: SyntaxNode, text: string): Expression {
  const callee = node.children.find((child) => child.name !== 'new' && child.name !== 'TypeArgList');
  if (!callee || callee.name === 'ArgList') return other(node, text);
  const args = childNamed(node, 'ArgList');
  return {
    from: node.from,
    to: node.to,
    kind: 'call',
    callee: readExpression(callee, text),
    args: args ? items(args.children, text) : [],
    named: [],
    isNew: node.name === 'NewExpression',
  };
}

function items(nodes: readonly SyntaxNode[], text: string): Item[] {
  const found: Item[] = [];
  let spread = false;
  for (const node of nodes) {
    if (node.name === 'Spread') spread = true;
    else if (isTerm(node) || isKeywordValue(node)) {
      found.push({ spread, value: readExpression(node, text) });
      spread = false;
    }
  }
  return found;
}

function entries(node: SyntaxNode, text: string): Entry[] {
  const { children } = node;
  if (!children.length) return [];
  const [first] = children;
  if (first.name === 'Spread') return readExpressions(children, text).map((value) => ({ key: null, value }));
  if (childNamed(node, 'ParamList')) {
    const name = childNamed(node, 'PropertyDefinition');
    const code = functionCode(node, text);
    return name
      ? [{ key: sliceOf(name, text), value: { from: node.from, to: node.to, kind: 'function', function: code } }]
      : [];
  }
  if (first.name === '[') {
    const [key, value] = readExpressions(children, text);
    return key && value ? [{ key, value }] : [];
  }
  const key =
    first.name === 'String' ? unescapeJavaScript(text.slice(first.from + 1, first.to - 1)) : sliceOf(first, text);
  const value = firstExpression(children, text, 1);
  return [{ key, value: value ?? { from: first.from, to: first.to, kind: 'name', name: key } }];
}

const WORD_OPERATORS = new Set(['as', 'satisfies', 'delete', 'in', 'instanceof']);

function operation(node: SyntaxNode, text: string): Expression {
  const { from, to } = node;
  const operands: Expression[] = [];
  let operator: string | undefined;
  let type: SyntaxNode | undefined;
  for (const child of node.children) {
    const { name } = child;
    if (name.endsWith('Op') || WORD_OPERATORS.has(name)) operator ??= sliceOf(child, text);
    if (name.startsWith('Type') || name.endsWith('Type')) type ??= child;
    else if (!name.endsWith('Op') && isValue(child)) operands.push(readExpression(child, text));
  }
  const [left, right] = operands;
  if (node.name === 'PrefixCast' || operator === 'as' || operator === 'satisfies') {
    return left ? { from, to, kind: 'cast', value: left, type: type ? sliceOf(type, text) : '' } : other(node, text);
  }
  if (node.name === 'PostfixExpression' && operator === '!' && left) return left;
  if (left && right && (operator === '&&' || operator === '||' || operator === '??'))
    return { from, to, kind: 'logical', operator, left, right };
  return { from, to, kind: 'operation', operator: operator ?? '', operands };
}

function templateParts(node: SyntaxNode, text: string): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let last = node.from + 1;
  for (const child of node.children) {
    if (child.name !== 'Interpolation') continue;
    if (child.from > last) parts.push(unescapeJavaScript(text.slice(last, child.from)));
    const value = child.children.find((part) => isValue(part) && !part.name.startsWith('Interpolation'));
    if (value) parts.push(readExpression(value, text));
    last = child.to;
  }
  if (node.to - 1 > last) parts.push(unescapeJavaScript(text.slice(last, node.to - 1)));
  return parts;
}
