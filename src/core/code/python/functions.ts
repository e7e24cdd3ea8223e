import { once, type ClassCode, type FunctionCode, type Member, type Param, type Step } from '../syntax';
import { firstExpression, readExpressions, sliceOf, targetOf } from './expressions';
import type { PythonSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';

export function functionCode(node: SyntaxNode, source: PythonSource): FunctionCode {
  const inner: PythonSource = { ...source, globals: new Set() };
  const name = childNamed(node, 'VariableName');
  const list = childNamed(node, 'ParamList');
  return {
    from: node.from,
    to: node.to,
    name: name && sliceOf(name, source),
    params: list ? params(list, inner) : [],
    body: source.readSteps(childNamed(node, 'Body')?.children ?? [], inner),
  };
}

export function lambdaCode(node: SyntaxNode, source: PythonSource): FunctionCode {
  const list = childNamed(node, 'ParamList');
  const result = firstExpression(node.children.slice(-1), source);
  return {
    from: node.from,
    to: node.to,
    params: list ? params(list, source) : [],
    body: result ? [{ from: result.from, to: result.to, kind: 'return', value: result }] : [],
  };
}

function params(list: SyntaxNode, source: PythonSource): Param[] {
  const found: Param[] = [];
  let group: SyntaxNode[] = [];
  for (const child of [...list.children, undefined]) {
    if (child && child.name !== ',' && child.name !== ')') {
      group.push(child);
      continue;
    }
    const name = group.find((part) => part.name === 'VariableName');
    if (name && sliceOf(name, source) !== 'self' && sliceOf(name, source) !== 'cls') {
      const type = group.find((part) => part.name === 'TypeDef');
      const equals = group.findIndex((part) => part.name === 'AssignOp');
      const fallback = equals < 0 ? undefined : firstExpression(group, source, equals + 1);
      const rest = group.some((part) => part.name === '*' || part.name === '**');
      found.push({
        target: targetOf(name, source),
        type: type && typeText(type, source),
        fallback,
        rest,
        isField: false,
      });
    }
    group = [];
  }
  return found;
}

export function classCode(node: SyntaxNode, source: PythonSource): ClassCode {
  return {
    ...classHead(node, source),
    members: childNamed(node, 'Body')?.children.flatMap((child) => classMembers(child, source)) ?? [],
  };
}

export function classHead(node: SyntaxNode, source: PythonSource): Omit<ClassCode, 'members'> {
  const name = childNamed(node, 'VariableName');
  const bases = childNamed(node, 'ArgList');
  return {
    from: node.from,
    to: node.to,
    name: name && sliceOf(name, source),
    base: bases && readExpressions(bases.children, source)[0],
  };
}

/** What a statement in the body of a class declares. */
export function classMembers(node: SyntaxNode, source: PythonSource): Member[] {
  const definition = node.name === 'DecoratedStatement' ? childNamed(node, 'FunctionDefinition') : node;
  if (definition?.name === 'FunctionDefinition')
    return method(definition, source.text.slice(node.from, definition.from), source);
  return source.readSteps([node], source).flatMap((step): Member[] => {
    if (step.kind !== 'declare' || step.target.kind !== 'name') return [];
    return [
      {
        from: step.from,
        to: step.to,
        name: step.target.name,
        isStatic: false,
        isGetter: false,
        type: step.type,
        value: step.value,
      },
    ];
  });
}

function method(definition: SyntaxNode, decorators: string, source: PythonSource): Member[] {
  const { from, to } = definition;
  const name = childNamed(definition, 'VariableName');
  if (!name) return [];
  const written = sliceOf(name, source);
  const isGetter = /@(cached_)?property\b|@functools\.cached_property/.test(decorators);
  return [
    {
      from,
      to,
      name: written === '__init__' ? 'constructor' : written,
      isStatic: false,
      isGetter,
      method: once(() => functionCode(definition, source)),
    },
  ];
}

/** A class whose fields have types (a dataclass, a pydantic model) is a type as well. */
export function fieldTypes(node: SyntaxNode, source: PythonSource): Step[] {
  const name = childNamed(node, 'VariableName');
  const members = new Map<string, string>();
  for (const field of childNamed(node, 'Body')?.children ?? []) {
    const type = field.name === 'AssignStatement' ? childNamed(field, 'TypeDef') : undefined;
    if (type) members.set(sliceOf(field.children[0], source), typeText(type, source));
  }
  return name && members.size
    ? [{ from: node.from, to: node.to, kind: 'type', name: sliceOf(name, source), members }]
    : [];
}

export function typeText(node: SyntaxNode, source: PythonSource): string {
  return sliceOf(node, source)
    .replace(/^(:|->)\s*/, '')
    .trim();
}
