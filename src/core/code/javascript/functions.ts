import {
  once,
  type ClassCode,
  type Expression,
  type FunctionCode,
  type Member,
  type Param,
  type PatternPart,
  type Target,
} from '../syntax';
import { firstExpression, readExpression, readExpressions, sliceOf } from './expressions';
import { readSteps } from './readSteps';
import { childNamed, type SyntaxNode } from '../syntaxNode';

export function isPattern({ name }: SyntaxNode): boolean {
  return name === 'VariableDefinition' || name === 'ObjectPattern' || name === 'ArrayPattern';
}

export function targetOf(node: SyntaxNode, text: string): Target {
  const { from, to, name, children } = node;
  if (name === 'VariableDefinition' || name === 'VariableName')
    return { from, to, kind: 'name', name: text.slice(from, to) };
  if (name === 'ObjectPattern') {
    return {
      from,
      to,
      kind: 'pattern',
      parts: children.flatMap((child) => (child.name === 'PatternProperty' ? patternPart(child, text) : [])),
    };
  }
  if (name === 'ArrayPattern') {
    const parts = children
      .filter(isPattern)
      .map((child, index): PatternPart => ({ key: String(index), target: targetOf(child, text) }));
    return { from, to, kind: 'pattern', parts };
  }
  return { from, to, kind: 'reference', reference: readExpression(node, text) };
}

function patternPart({ children }: SyntaxNode, text: string): PatternPart[] {
  const inner = [...children].reverse().find(isPattern);
  if (!inner) return [];
  const [first] = children;
  if (first.name === 'Spread') return [{ key: null, target: targetOf(inner, text) }];
  const key = first.name === 'String' ? text.slice(first.from + 1, first.to - 1) : sliceOf(first, text);
  return [{ key, target: targetOf(inner, text), fallback: assigned(children, text) }];
}

/** What stands behind the `=`. */
function assigned(nodes: readonly SyntaxNode[], text: string): Expression | undefined {
  const equals = nodes.findIndex((child) => child.name === 'Equals');
  return equals < 0 ? undefined : firstExpression(nodes, text, equals + 1);
}

export function functionCode(node: SyntaxNode, text: string): FunctionCode {
  const { from, to, children } = node;
  const name = childNamed(node, 'VariableDefinition') ?? childNamed(node, 'PropertyDefinition');
  const paramList = childNamed(node, 'ParamList');
  const block = childNamed(node, 'Block');
  const arrow = children.findIndex((child) => child.name === 'Arrow');
  const result = block || arrow < 0 ? undefined : children[arrow + 1];
  const lone = arrow > 0 && !paramList ? childNamed(node, 'VariableDefinition') : undefined;
  return {
    from,
    to,
    name: name && !lone ? sliceOf(name, text) : undefined,
    params: paramList
      ? params(paramList, text)
      : lone
        ? [{ target: targetOf(lone, text), rest: false, isField: false }]
        : [],
    body: result
      ? [{ from: result.from, to: result.to, kind: 'return', value: readExpression(result, text) }]
      : readSteps(block?.children ?? [], text),
  };
}

function params(list: SyntaxNode, text: string): Param[] {
  const found: Param[] = [];
  let group: SyntaxNode[] = [];
  for (const child of [...list.children, undefined]) {
    if (child && child.name !== ',') {
      group.push(child);
      continue;
    }
    const pattern = group.find(isPattern);
    if (pattern) {
      const type = group.find((part) => part.name === 'TypeAnnotation');
      const decorator = group.find((part) => part.name === 'Decorator');
      found.push({
        target: targetOf(pattern, text),
        type: type && typeText(type, text),
        fallback: assigned(group, text),
        rest: group.some((part) => part.name === 'Spread'),
        isField: group.some((part) => part.name === 'Privacy' || part.name === 'readonly'),
        decorator: decorator && firstExpression(decorator.children, text),
      });
    }
    group = [];
  }
  return found;
}

export function classCode(node: SyntaxNode, text: string): ClassCode {
  const body = childNamed(node, 'ClassBody');
  return { ...classHead(node, text), members: body ? body.children.flatMap((child) => classMember(child, text)) : [] };
}

export function classHead(node: SyntaxNode, text: string): Omit<ClassCode, 'members'> {
  const name = childNamed(node, 'VariableDefinition');
  const extendsAt = node.children.findIndex((child) => child.name === 'extends');
  const bases = extendsAt < 0 ? [] : node.children.slice(extendsAt + 1).filter((child) => child.name !== 'ClassBody');
  return { from: node.from, to: node.to, name: name && sliceOf(name, text), base: readExpressions(bases, text)[0] };
}

export function classMember(node: SyntaxNode, text: string): Member[] {
  const name = node.children.find((child) => child.name.endsWith('PropertyDefinition') || child.name === 'String');
  if (!name) return [];
  const at = {
    from: node.from,
    to: node.to,
    name: sliceOf(name, text),
    isStatic: childNamed(node, 'static') !== undefined,
    isGetter: childNamed(node, 'get') !== undefined,
  };
  if (node.name === 'MethodDeclaration') return [{ ...at, method: once(() => functionCode(node, text)) }];
  const type = childNamed(node, 'TypeAnnotation');
  return [{ ...at, type: type && typeText(type, text), value: assigned(node.children, text) }];
}

export function typeText(annotation: SyntaxNode, text: string): string {
  return sliceOf(annotation, text).replace(/^:\s*/, '').trim();
}
