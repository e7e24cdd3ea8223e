import type { Expression, ImportedName, Step } from '../syntax';
import { isTerm, listOf, readExpression, readExpressions, sliceOf, targetList, targetOf } from './expressions';
import { classCode, fieldTypes, functionCode, lambdaCode, typeText } from './functions';
import type { PythonSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';

/** Program of Python from nodes of its syntax tree; their offsets are offsets in `text`. */
export function readPython(nodes: readonly SyntaxNode[], text: string): Step[] {
  return readSteps(nodes, pythonSource(text));
}

export function pythonSource(text: string): PythonSource {
  return { text, globals: new Set(), readSteps, readLambda: lambdaCode };
}

function readSteps(nodes: readonly SyntaxNode[], source: PythonSource): Step[] {
  return nodes.flatMap((node) => readStep(node, source));
}

function readStep(node: SyntaxNode, source: PythonSource): Step[] {
  const at = { from: node.from, to: node.to };
  const { children } = node;
  switch (node.name) {
    case 'ExpressionStatement':
    case 'YieldStatement':
    case 'AssertStatement':
    case 'PrintStatement':
    case 'DeleteStatement':
      return readExpressions(children, source).map((value) => ({ ...at, kind: 'do', value }));
    case 'AssignStatement':
      return assignment(node, source);
    case 'UpdateStatement': {
      const [left, operator, ...right] = children;
      const value = right.length ? listOf(right, source) : undefined;
      if (!value) return [];
      return [
        {
          ...at,
          kind: 'do',
          value: { ...at, kind: 'assign', target: targetOf(left, source), operator: sliceOf(operator, source), value },
        },
      ];
    }
    case 'FunctionDefinition':
      return [{ ...at, kind: 'function', function: functionCode(node, source) }];
    case 'ClassDefinition':
      return [{ ...at, kind: 'class', class: classCode(node, source) }, ...fieldTypes(node, source)];
    case 'DecoratedStatement':
    case 'StatementGroup':
    case 'Body':
    case 'MatchBody':
      return readSteps(children, source);
    case 'IfStatement':
      return ifChain(node, source);
    case 'ForStatement':
    case 'WhileStatement':
      return [loop(node, source)];
    case 'TryStatement':
    case 'WithStatement':
    case 'MatchStatement':
    case 'MatchClause':
      return [{ ...at, kind: 'block', body: guarded(node, source) }];
    case 'ReturnStatement':
    case 'RaiseStatement':
      return [{ ...at, kind: node.name === 'ReturnStatement' ? 'return' : 'throw', value: listOf(children, source) }];
    case 'ImportStatement':
      return imports(node, source);
    case 'ScopeStatement':
      for (const child of children) if (child.name === 'VariableName') source.globals.add(sliceOf(child, source));
      return [];
    default:
      return [];
  }
}

function assignment(node: SyntaxNode, source: PythonSource): Step[] {
  const at = { from: node.from, to: node.to };
  const groups: SyntaxNode[][] = [[]];
  for (const child of node.children) {
    if (child.name === 'AssignOp') groups.push([]);
    else groups[groups.length - 1].push(child);
  }
  const typeNode = childNamed(node, 'TypeDef');
  const type = typeNode && typeText(typeNode, source);
  const value = groups.length > 1 ? listOf(groups[groups.length - 1], source) : undefined;
  const targets = groups.length > 1 ? groups.slice(0, -1) : groups;
  return targets.flatMap((group): Step[] => {
    const target = targetList(group, source);
    if (!target) return [];
    if (target.kind === 'reference' || (target.kind === 'name' && source.globals.has(target.name))) {
      const assigned: Expression | undefined = value ?? (type === undefined ? undefined : { ...at, kind: 'undefined' });
      if (!assigned) return [];
      const typed: Expression = type === undefined ? assigned : { ...at, kind: 'cast', value: assigned, type };
      return [{ ...at, kind: 'do', value: { ...at, kind: 'assign', target, operator: '=', value: typed } }];
    }
    return [{ ...at, kind: 'declare', target, type, value, scoped: false }];
  });
}

function ifChain(node: SyntaxNode, source: PythonSource): Step[] {
  const parts: { condition?: Expression; body: Step[]; from: number }[] = [];
  let condition: SyntaxNode | undefined;
  let from = node.from;
  for (const child of node.children) {
    if (child.name === 'if' || child.name === 'elif' || child.name === 'else') {
      from = child.from;
      condition = undefined;
    } else if (child.name === 'Body')
      parts.push({
        condition: condition && readExpression(condition, source),
        body: readSteps(child.children, source),
        from,
      });
    else condition = child;
  }
  let otherwise: Step[] = [];
  for (const part of parts.reverse()) {
    if (!part.condition) otherwise = part.body;
    else
      otherwise = [{ from: part.from, to: node.to, kind: 'if', condition: part.condition, then: part.body, otherwise }];
  }
  return otherwise;
}

/** Characters of the head of a loop or case that are kept. */
const MAX_HEAD = 400;

function beginning(text: string, from: number, to: number): string {
  return text.slice(from, Math.min(to, from + MAX_HEAD));
}

function loop(node: SyntaxNode, source: PythonSource): Step {
  const { children } = node;
  const inAt = children.findIndex((child) => child.name === 'in');
  const bodyAt = children.findIndex((child) => child.name === 'Body');
  const end = bodyAt < 0 ? undefined : bodyAt;
  const head = children.slice(0, end).filter((child) => child.name !== 'async');
  const body: Step[] = [];
  const iterated = readExpressions(children.slice(inAt + 1, end), source).filter(
    (value) => value.kind !== 'other' || value.parts.length,
  );
  for (const value of iterated) body.push({ from: value.from, to: value.to, kind: 'do', value });
  if (inAt >= 0) {
    const target = targetList(children.slice(0, inAt), source);
    if (target) body.push({ from: target.from, to: target.to, kind: 'declare', target, scoped: false });
  }
  for (const child of children.slice(Math.max(bodyAt, 0)))
    if (child.name === 'Body') for (const step of readSteps([child], source)) body.push(step);
  const last = head[head.length - 1] ?? node;
  return {
    from: node.from,
    to: node.to,
    kind: 'block',
    body,
    repeats: beginning(source.text, (head[0] ?? node).from, last.to),
  };
}

/** `try`, `with`, `match`: what runs in order; what runs only after a failure repeats, as it may not run. */
function guarded(node: SyntaxNode, source: PythonSource): Step[] {
  const found: Step[] = [];
  let failed = false;
  let bound = false;
  let value: Expression | undefined;
  for (const child of node.children) {
    const { name, from, to } = child;
    if (name === 'except') failed = true;
    else if (name === 'finally' || name === 'else') failed = false;
    else if (name === 'Body' || name === 'MatchBody') {
      found.push({
        from,
        to,
        kind: 'block',
        body: readSteps(child.children, source),
        repeats: failed ? 'except' : undefined,
      });
    } else if (name === 'MatchClause') {
      found.push({
        from,
        to,
        kind: 'block',
        body: guarded(child, source),
        repeats: beginning(source.text, from, to).split('\n', 1)[0],
      });
    } else if (name === 'as') bound = true;
    else if (bound && name === 'VariableName' && !failed) {
      found.push({ from, to, kind: 'declare', target: targetOf(child, source), value, scoped: false });
      bound = false;
    } else if (node.name === 'WithStatement' && isTerm(child)) {
      value = readExpression(child, source);
      found.push({ from, to, kind: 'do', value });
    }
  }
  return found;
}

function imports(node: SyntaxNode, source: PythonSource): Step[] {
  const written = sliceOf(node, source)
    .replace(/[()\\]/g, ' ')
    .replace(/#[^\n]*/g, '')
    .replace(/\s+/g, ' ');
  const from = /^from ([.\w ]+?) import ([^]*)$/.exec(written);
  const list = from ? from[2] : written.replace(/^import /, '');
  const module = from?.[1].replace(/\s+/g, '');
  const names = list.split(',').flatMap((part): ImportedName[] => {
    const [, imported, local] = /^\s*([\w.*]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
    if (!imported) return [];
    if (module !== undefined) return [{ local: local ?? imported, imported, specifier: module }];
    const dotted = local === undefined && imported.includes('.');
    return [
      { local: local ?? imported.split('.')[0], imported: '*', specifier: dotted ? imported.split('.')[0] : imported },
    ];
  });
  return [{ from: node.from, to: node.to, kind: 'import', names }];
}
