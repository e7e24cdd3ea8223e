import type { Entry, Expression, Item, Target } from '../syntax';
import type { PythonSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';
import { unescapePython } from '../unescape';

/** Names of terms begin with a capital letter, keywords and punctuation do not. */
export function isTerm({ name }: SyntaxNode): boolean {
  const first = name.charCodeAt(0);
  return first >= 65 && first <= 90 && name !== 'TypeDef' && name !== 'AssignOp';
}

function isValue(node: SyntaxNode): boolean {
  return isTerm(node) && !node.name.endsWith('Op');
}

export function sliceOf({ from, to }: SyntaxNode, { text }: PythonSource): string {
  return text.slice(from, to);
}

export function readExpressions(nodes: readonly SyntaxNode[], source: PythonSource): Expression[] {
  const found: Expression[] = [];
  for (const node of nodes) if (isValue(node)) found.push(readExpression(node, source));
  return found;
}

export function firstExpression(nodes: readonly SyntaxNode[], source: PythonSource, start = 0): Expression | undefined {
  for (let i = start; i < nodes.length; i++) if (isValue(nodes[i])) return readExpression(nodes[i], source);
  return undefined;
}

/** One value, or several with commas between them as a list. */
export function listOf(nodes: readonly SyntaxNode[], source: PythonSource): Expression | undefined {
  const values = readExpressions(nodes, source);
  if (values.length < 2) return values[0];
  const range = { from: values[0].from, to: values[values.length - 1].to };
  return { ...range, kind: 'array', items: values.map((value) => ({ spread: false, value })) };
}

export function readExpression(node: SyntaxNode, source: PythonSource): Expression {
  const { from, to, children } = node;
  switch (node.name) {
    case 'VariableName': {
      const name = sliceOf(node, source);
      return name === 'self' || name === 'cls' ? { from, to, kind: 'self' } : { from, to, kind: 'name', name };
    }
    case 'String':
      return { from, to, kind: 'literal', value: stringValue(sliceOf(node, source)) };
    case 'ContinuedString':
      return continued(node, source);
    case 'FormatString':
      return { from, to, kind: 'template', parts: formatParts(node, source) };
    case 'Number': {
      const number = Number(sliceOf(node, source).replaceAll('_', ''));
      return { from, to, kind: 'literal', value: Number.isNaN(number) ? null : number };
    }
    case 'Boolean':
      return { from, to, kind: 'literal', value: source.text.startsWith('True', from) };
    case 'None':
      return { from, to, kind: 'literal', value: null };
    case 'ParenthesizedExpression':
      return firstExpression(children, source) ?? other(node, source);
    case 'AwaitExpression': {
      const value = firstExpression(children, source);
      return value ? { from, to, kind: 'await', value } : other(node, source);
    }
    case 'MemberExpression':
      return member(node, source);
    case 'CallExpression':
      return call(node, source);
    case 'ArrayExpression':
    case 'TupleExpression':
    case 'SetExpression':
      return { from, to, kind: 'array', items: items(children, source) };
    case 'DictionaryExpression':
      return { from, to, kind: 'object', entries: entries(children, source) };
    case 'ConditionalExpression': {
      // Nothing may be read twice: one in another it would be read twice as often with each.
      const parts = readExpressions(children, source);
      const [then, condition, otherwise] = parts;
      return then && condition && otherwise
        ? { from, to, kind: 'either', condition, then, otherwise }
        : { from, to, kind: 'other', parts };
    }
    case 'BinaryExpression':
    case 'UnaryExpression':
      return operation(node, source);
    case 'NamedExpression': {
      const parts = readExpressions(children, source);
      const [left, right] = parts;
      if (!left || !right) return { from, to, kind: 'other', parts };
      const at = { from: left.from, to: left.to };
      const target: Target =
        left.kind === 'name' ? { ...at, kind: 'name', name: left.name } : { ...at, kind: 'reference', reference: left };
      return { from, to, kind: 'assign', target, operator: '=', value: right };
    }
    case 'LambdaExpression':
      return { from, to, kind: 'function', function: source.readLambda(node, source) };
    default:
      return other(node, source);
  }
}

function other(node: SyntaxNode, source: PythonSource): Expression {
  return { from: node.from, to: node.to, kind: 'other', parts: readExpressions(node.children, source) };
}

function operation(node: SyntaxNode, source: PythonSource): Expression {
  const { from, to, children } = node;
  const operands = readExpressions(children, source);
  const word = children.find((child) => child.name === 'and' || child.name === 'or');
  const [left, right] = operands;
  if (word && left && right)
    return { from, to, kind: 'logical', operator: word.name === 'and' ? '&&' : '||', left, right };
  const operator = children.find(
    (child) => child.name.endsWith('Op') || child.name === 'not' || child.name === 'in' || child.name === 'is',
  );
  return { from, to, kind: 'operation', operator: operator ? sliceOf(operator, source) : '', operands };
}

function member(node: SyntaxNode, source: PythonSource): Expression {
  const { from, to, children } = node;
  if (!children.length) return other(node, source);
  const object = readExpression(children[0], source);
  const name = childNamed(node, 'PropertyName');
  if (name) return { from, to, kind: 'member', object, name: sliceOf(name, source) };
  if (childNamed(node, ':')) return { from, to, kind: 'slice', object, ...sliceBounds(children, source) };
  const index = firstExpression(children, source, 1);
  return index ? { from, to, kind: 'index', object, index } : object;
}

/** `[start:end:step]`, of which any may be missing. */
function sliceBounds(
  children: readonly SyntaxNode[],
  source: PythonSource,
): { start?: Expression; end?: Expression; step?: Expression } {
  const bounds: (Expression | undefined)[] = [undefined];
  for (const child of children.slice(1)) {
    if (child.name === ':') bounds.push(undefined);
    else if (isValue(child)) bounds[bounds.length - 1] = readExpression(child, source);
  }
  const [start, end, step] = bounds;
  return { start, end, step };
}

function call(node: SyntaxNode, source: PythonSource): Expression {
  const callee = node.children[0];
  if (!callee || callee.name === 'ArgList') return other(node, source);
  const list = childNamed(node, 'ArgList');
  const named: [string, Expression][] = [];
  const positional: SyntaxNode[] = [];
  let group: SyntaxNode[] = [];
  for (const child of [...(list?.children ?? []), undefined]) {
    if (child && child.name !== ',' && child.name !== ')') {
      if (child.name !== '(') group.push(child);
      continue;
    }
    const [first, operator, value] = group;
    if (operator?.name === 'AssignOp' && value) named.push([sliceOf(first, source), readExpression(value, source)]);
    else if (first?.name === '**' && operator) named.push(['**', readExpression(operator, source)]);
    else for (const one of group) positional.push(one);
    group = [];
  }
  return {
    from: node.from,
    to: node.to,
    kind: 'call',
    callee: readExpression(callee, source),
    args: items(positional, source),
    named,
    isNew: false,
  };
}

function items(nodes: readonly SyntaxNode[], source: PythonSource): Item[] {
  const found: Item[] = [];
  let spread = false;
  for (const node of nodes) {
    if (node.name === '*') spread = true;
    else if (isTerm(node)) {
      found.push({ spread, value: readExpression(node, source) });
      spread = false;
    }
  }
  return found;
}

function entries(nodes: readonly SyntaxNode[], source: PythonSource): Entry[] {
  const found: Entry[] = [];
  let key: Expression | undefined;
  let spread = false;
  for (const node of nodes) {
    if (node.name === '**') spread = true;
    else if (isTerm(node)) {
      const value = readExpression(node, source);
      if (spread) found.push({ key: null, value });
      else if (!key) {
        key = value;
        continue;
      } else found.push({ key: key.kind === 'literal' && typeof key.value === 'string' ? key.value : key, value });
      key = undefined;
      spread = false;
    }
  }
  return found;
}

/** `'a' f'{b}'`: strings beside each other are one. */
function continued({ from, to, children }: SyntaxNode, source: PythonSource): Expression {
  const parts = children
    .map((child) => readExpression(child, source))
    .flatMap((part) =>
      part.kind === 'literal' ? [String(part.value)] : part.kind === 'template' ? part.parts : [part],
    );
  if (parts.every((part) => typeof part === 'string')) return { from, to, kind: 'literal', value: parts.join('') };
  return { from, to, kind: 'template', parts };
}

function formatParts(node: SyntaxNode, source: PythonSource): (string | Expression)[] {
  const written = sliceOf(node, source);
  const opening = /^[a-zA-Z]*('''|"""|'|")/.exec(written);
  const raw = /^[a-zA-Z]*r/i.test(written);
  const parts: (string | Expression)[] = [];
  const literal = (from: number, to: number): void => {
    const text = source.text.slice(from, to).replace(/\{\{/g, '{').replace(/\}\}/g, '}');
    if (to > from) parts.push(raw ? text : unescapePython(text));
  };
  let last = node.from + (opening?.[0].length ?? 0);
  for (const child of node.children) {
    if (child.name !== 'FormatReplacement') continue;
    literal(last, child.from);
    const value = child.children.find((part) => isValue(part) && !part.name.startsWith('Format'));
    if (value) parts.push(readExpression(value, source));
    last = child.to;
  }
  literal(last, node.to - (opening?.[1].length ?? 0));
  return parts;
}

function stringValue(written: string): string {
  const opening = /^([a-zA-Z]*)('''|"""|'|")/.exec(written);
  if (!opening) return written;
  const inner = written.slice(opening[0].length, written.length - opening[2].length);
  return /r/i.test(opening[1]) ? inner : unescapePython(inner);
}

export function targetList(nodes: readonly SyntaxNode[], source: PythonSource): Target | undefined {
  const targets = nodes.filter(isTerm).map((node) => targetOf(node, source));
  if (targets.length < 2) return targets[0];
  const parts = targets.map((target, index) => ({ key: String(index), target }));
  return { from: targets[0].from, to: targets[targets.length - 1].to, kind: 'pattern', parts };
}

export function targetOf(node: SyntaxNode, source: PythonSource): Target {
  const at = { from: node.from, to: node.to };
  if (node.name === 'VariableName') return { ...at, kind: 'name', name: sliceOf(node, source) };
  if (node.name === 'TupleExpression' || node.name === 'ArrayExpression')
    return (
      targetList(node.children, source) ?? {
        ...at,
        kind: 'pattern',
        parts: [],
      }
    );
  return { ...at, kind: 'reference', reference: readExpression(node, source) };
}
