import type { Expression, Step } from '../syntax';
import { firstExpression, isPattern, isValue, readExpression, readExpressions, targetOf } from './expressions';
import { classCode, functionCode, typeText } from './functions';
import { readModuleStep } from './moduleSteps';
import type { JavaScriptSource } from './source';
import type { SyntaxNode } from '../syntaxNode';

/** Program of JavaScript or TypeScript from nodes of its syntax tree; their offsets are offsets in `text`. */
export function readJavaScript(nodes: readonly SyntaxNode[], text: string): Step[] {
  return readSteps(nodes, javaScriptSource(text));
}

export function javaScriptSource(text: string): JavaScriptSource {
  const source: JavaScriptSource = {
    text,
    readSteps: (nodes) => readSteps(nodes, source),
    readFunction: (node) => functionCode(node, source),
    readClass: (node) => classCode(node, source),
  };
  return source;
}

function readSteps(nodes: readonly SyntaxNode[], source: JavaScriptSource): Step[] {
  const found: Step[] = [];
  for (const node of nodes) readStep(node, source, found);
  return found;
}

function readStep(node: SyntaxNode, source: JavaScriptSource, found: Step[]): void {
  const { from, to, children } = node;
  switch (node.name) {
    case 'ExpressionStatement':
    case 'SingleExpression':
      for (const value of readExpressions(children, source)) found.push({ from, to, kind: 'do', value });
      return;
    case 'VariableDeclaration':
      declarations(children, source, found);
      return;
    case 'FunctionDeclaration':
      found.push({ from, to, kind: 'function', function: functionCode(node, source) });
      return;
    case 'ClassDeclaration':
      found.push({ from, to, kind: 'class', class: classCode(node, source) });
      return;
    case 'IfStatement':
      condition(node, source, found);
      return;
    case 'Block':
    case 'StaticBlock':
    case 'LabeledStatement':
      found.push({ from, to, kind: 'block', body: readSteps(children, source) });
      return;
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoStatement':
      found.push(loop(node, source));
      return;
    case 'SwitchStatement':
    case 'WithStatement':
    case 'TryStatement':
    case 'CatchClause':
    case 'FinallyClause':
    case 'SwitchBody':
      found.push(guarded(node, source));
      return;
    case 'ReturnStatement':
    case 'ThrowStatement':
      found.push({
        from,
        to,
        kind: node.name === 'ReturnStatement' ? 'return' : 'throw',
        value: firstExpression(children, source),
      });
      return;
    default:
      for (const step of readModuleStep(node, source)) found.push(step);
  }
}

function condition({ from, to, children }: SyntaxNode, source: JavaScriptSource, found: Step[]): void {
  const [test, ...branches] = children.filter((child) => child.name !== 'if');
  if (!test) return;
  const elseAt = branches.findIndex((child) => child.name === 'else');
  const then = elseAt < 0 ? branches : branches.slice(0, elseAt);
  const otherwise = elseAt < 0 ? [] : branches.slice(elseAt + 1);
  found.push({
    from,
    to,
    kind: 'if',
    condition: readExpression(test, source),
    then: readSteps(then, source),
    otherwise: readSteps(otherwise, source),
  });
}

function declarations(parts: readonly SyntaxNode[], source: JavaScriptSource, found: Step[]): void {
  const scoped = parts.length > 0 && parts[0].name !== 'var';
  for (let i = 0; i < parts.length; i++) {
    if (!isPattern(parts[i])) continue;
    const target = targetOf(parts[i], source);
    let type: string | undefined;
    let value: Expression | undefined;
    const { from } = parts[i];
    let { to } = parts[i];
    while (i + 1 < parts.length && parts[i + 1].name !== ',') {
      const part = parts[++i];
      if (part.name === 'TypeAnnotation') type = typeText(part, source);
      else if (isValue(part)) value = readExpression(part, source);
      if (part.name !== ';') to = part.to;
    }
    found.push({ from, to, kind: 'declare', target, type, value, scoped });
  }
}

/** Characters of the head of a loop that are kept. */
const MAX_HEAD = 400;

function loop(node: SyntaxNode, source: JavaScriptSource): Step {
  const body: Step[] = [];
  const head = node.children.find((child) => child.name.startsWith('For') || child.name === 'ParenthesizedExpression');
  if (head && head.name !== 'ParenthesizedExpression') {
    const variable = head.children.find(isPattern);
    for (const child of head.children) if (child.name === 'VariableDeclaration') readStep(child, source, body);
    if (variable)
      body.push({
        from: variable.from,
        to: variable.to,
        kind: 'declare',
        target: targetOf(variable, source),
        scoped: true,
      });
    for (const value of readExpressions(
      head.children.filter((child) => !isPattern(child) && child.name !== 'VariableDeclaration'),
      source,
    )) {
      body.push({ from: value.from, to: value.to, kind: 'do', value });
    }
  } else if (head) {
    body.push({ from: head.from, to: head.to, kind: 'do', value: readExpression(head, source) });
  }
  for (const child of node.children) if (child !== head) readStep(child, source, body);
  const headText = head ? source.text.slice(head.from, Math.min(head.to, head.from + MAX_HEAD)) : '';
  return {
    from: node.from,
    to: node.to,
    kind: 'block',
    body,
    repeats: `${node.children[0]?.name ?? 'loop'} ${headText}`.trim(),
  };
}

/** `switch`, `try` and their parts. */
function guarded(node: SyntaxNode, source: JavaScriptSource): Step {
  const body: Step[] = [];
  let subject: Expression | undefined;
  for (const child of node.children) {
    const { from, to } = child;
    if (child.name === 'ParenthesizedExpression') {
      subject = readExpression(child, source);
      body.push({ from, to, kind: 'do', value: subject });
    } else if (child.name === 'SwitchBody') {
      for (const step of cases(subject, child, source)) body.push(step);
    } else if (child.name === 'CatchClause')
      body.push({ from, to, kind: 'block', body: readSteps(child.children, source), repeats: 'catch' });
    else readStep(child, source, body);
  }
  return { from: node.from, to: node.to, kind: 'block', body };
}

/** Each case by itself, under the condition of its label. */
function cases(subject: Expression | undefined, switchBody: SyntaxNode, source: JavaScriptSource): Step[] {
  const parts: { condition?: Expression; body: SyntaxNode[] }[] = [];
  for (const child of switchBody.children) {
    const last = parts[parts.length - 1];
    if (child.name === 'CaseLabel') {
      const label = firstExpression(child.children, source);
      const operands = subject && label ? [subject, label] : [];
      // Labels without steps between them share what follows.
      const shared = last && !last.body.length ? last.condition : undefined;
      if (shared) parts.pop();
      const from = shared?.from ?? child.from;
      parts.push({
        condition: { from, to: label?.to ?? child.to, kind: 'operation', operator: '===', operands },
        body: [],
      });
    } else if (child.name === 'DefaultLabel') parts.push({ body: [] });
    else if (last && child.name !== '}') last.body.push(child);
  }
  let otherwise: Step[] = readSteps(parts.find((part) => !part.condition)?.body ?? [], source);
  for (const { condition: label, body } of parts.reverse()) {
    if (!label || !body.length) continue;
    otherwise = [
      { from: label.from, to: switchBody.to, kind: 'if', condition: label, then: readSteps(body, source), otherwise },
    ];
  }
  return otherwise;
}
