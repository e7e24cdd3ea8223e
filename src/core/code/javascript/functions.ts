import { once, type ClassCode, type FunctionCode, type Member, type Param } from '../syntax';
import {
  assigned,
  firstExpression,
  isPattern,
  readExpression,
  readExpressions,
  sliceOf,
  targetOf,
} from './expressions';
import type { JavaScriptSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';

export function functionCode(node: SyntaxNode, source: JavaScriptSource): FunctionCode {
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
    name: name && !lone ? sliceOf(name, source) : undefined,
    params: paramList
      ? params(paramList, source)
      : lone
        ? [{ target: targetOf(lone, source), rest: false, isField: false }]
        : [],
    body: result
      ? [{ from: result.from, to: result.to, kind: 'return', value: readExpression(result, source) }]
      : source.readSteps(block?.children ?? []),
  };
}

function params(list: SyntaxNode, source: JavaScriptSource): Param[] {
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
        target: targetOf(pattern, source),
        type: type && typeText(type, source),
        fallback: assigned(group, source),
        rest: group.some((part) => part.name === 'Spread'),
        isField: group.some((part) => part.name === 'Privacy' || part.name === 'readonly'),
        decorator: decorator && firstExpression(decorator.children, source),
      });
    }
    group = [];
  }
  return found;
}

export function classCode(node: SyntaxNode, source: JavaScriptSource): ClassCode {
  const body = childNamed(node, 'ClassBody');
  return {
    ...classHead(node, source),
    members: body ? body.children.flatMap((child) => classMember(child, source)) : [],
  };
}

export function classHead(node: SyntaxNode, source: JavaScriptSource): Omit<ClassCode, 'members'> {
  const name = childNamed(node, 'VariableDefinition');
  const extendsAt = node.children.findIndex((child) => child.name === 'extends');
  const bases = extendsAt < 0 ? [] : node.children.slice(extendsAt + 1).filter((child) => child.name !== 'ClassBody');
  return { from: node.from, to: node.to, name: name && sliceOf(name, source), base: readExpressions(bases, source)[0] };
}

export function classMember(node: SyntaxNode, source: JavaScriptSource): Member[] {
  const name = node.children.find((child) => child.name.endsWith('PropertyDefinition') || child.name === 'String');
  if (!name) return [];
  const at = {
    from: node.from,
    to: node.to,
    name: sliceOf(name, source),
    isStatic: childNamed(node, 'static') !== undefined,
    isGetter: childNamed(node, 'get') !== undefined,
  };
  if (node.name === 'MethodDeclaration') return [{ ...at, method: once(() => functionCode(node, source)) }];
  const type = childNamed(node, 'TypeAnnotation');
  return [{ ...at, type: type && typeText(type, source), value: assigned(node.children, source) }];
}

export function typeText(annotation: SyntaxNode, source: JavaScriptSource): string {
  return sliceOf(annotation, source).replace(/^:\s*/, '').trim();
}
