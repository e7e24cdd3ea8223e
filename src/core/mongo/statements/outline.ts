import type { Step, Target } from './code';
import { isPattern, targetOf } from './javaScriptFunctions';
import { childNamed, type SyntaxNode } from './syntaxNode';
import type { Unit } from './unit';

export type ExportStep = Extract<Step, { kind: 'export' }>;

export interface Exported {
  readonly step: ExportStep;
  readonly unit: Unit;
}

/** What a part of a file makes known to others. */
export interface Outline {
  readonly declared: readonly string[];
  readonly exports: readonly ExportStep[];
  readonly types: readonly string[];
}

/** Read from the heads of declarations where these tell it; what else there is at the top level is short. */
export function outlineOf(unit: Unit): Outline {
  if (unit.kind === 'member') return { declared: [], exports: [], types: [] };
  const quick = unit.language === 'python' ? pythonNames(unit) : javaScriptNames(unit);
  const declared = quick ?? [...new Set(unit.steps.flatMap(declaredNames))];
  const exports = unit.language === 'python' ? [] : exportsOf(unit, quick);
  return { declared, exports, types: unit.kind === 'class' ? declared : quick ? [] : unit.steps.flatMap((step) => (step.kind === 'type' ? [step.name] : [])) };
}

function exportsOf(unit: Unit, quick: readonly string[] | undefined): ExportStep[] {
  if (unit.kind !== 'class' && unit.node.name !== 'ExportDeclaration') return [];
  if (!quick) return unit.steps.filter((step) => step.kind === 'export');
  const written = /^export(\s+default)?\b/.exec(unit.text);
  if (!written) return [];
  return quick.map((local) => ({ from: 0, to: unit.text.length, kind: 'export', exported: written[1] ? 'default' : local, local }));
}

function pythonNames({ node, text }: Unit): string[] | undefined {
  const definition = node.name === 'DecoratedStatement' ? node.children[node.children.length - 1] : node;
  if (definition?.name !== 'FunctionDefinition' && definition?.name !== 'ClassDefinition') return undefined;
  return named(childNamed(definition, 'VariableName'), text);
}

function javaScriptNames({ node, text }: Unit): string[] | undefined {
  const declaration = node.name === 'ExportDeclaration' ? node.children.find(({ name }) => name.endsWith('Declaration')) : node;
  switch (declaration?.name) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return named(childNamed(declaration, 'VariableDefinition'), text);
    case 'VariableDeclaration':
      return [...new Set(declaration.children.filter(isPattern).flatMap((pattern) => targetNames(targetOf(pattern, text))))];
    case 'ExpressionStatement':
      return [];
    default:
      return undefined;
  }
}

function named(node: SyntaxNode | undefined, text: string): string[] {
  return node ? [text.slice(node.from, node.to)] : [];
}

/** Names that a step makes known to what follows; of `if` and blocks everything in them. */
export function declaredNames(step: Step): string[] {
  const found: string[] = [];
  const open: Step[] = [step];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'declare') found.push(...targetNames(next.target));
    else if (next.kind === 'function' && next.function.name) found.push(next.function.name);
    else if (next.kind === 'class' && next.class.name) found.push(next.class.name);
    else if (next.kind === 'import') found.push(...next.names.map((name) => name.local));
    else if (next.kind === 'if') open.push(...next.then, ...next.otherwise);
    else if (next.kind === 'block') open.push(...next.body);
  }
  return found;
}

function targetNames(of: Target): string[] {
  const found: string[] = [];
  const targets = [of];
  for (let target = targets.pop(); target; target = targets.pop()) {
    if (target.kind === 'name') found.push(target.name);
    if (target.kind === 'pattern') targets.push(...target.parts.map((part) => part.target));
  }
  return found;
}
