import type { Tree, TreeFragment } from '@lezer/common';
import { parser as pythonParser } from '@lezer/python';
import { unchangedFragments, withoutByteOrderMark } from '../../method/methodIndex';
import { parseSource, parseableText, parseWith } from '../../method/parseSource';
import type { Statement } from '../statement';
import type { Step, Unit } from './code';
import { readJavaScript } from './readJavaScript';
import { readPython } from './readPython';
import { topLevelNodes } from './syntaxNode';

/** One file: its top-level parts and what they declare. */
export interface Module {
  readonly fileName: string;
  readonly language: Statement['language'];
  readonly text: string;
  readonly units: readonly Unit[];
  /** By name, the units that declare it or assign to it, in order. */
  readonly definers: ReadonlyMap<string, readonly Unit[]>;
  /** What it imports, whether or not there is such a file. */
  readonly imports: ReadonlySet<string>;
  readonly exports: ReadonlyMap<string, Extract<Step, { kind: 'export' }>>;
  readonly types: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface ModuleReader {
  read(text: string): Module;
}

export function languageOf(fileName: string): Statement['language'] {
  if (/\.pyi?$/i.test(fileName)) return 'python';
  return /\.[mc]?tsx?$/i.test(fileName) ? 'typescript' : 'javascript';
}

/** Reads successive versions of one file; parts whose text did not change are the same objects as before. */
export function createModuleReader(fileName: string): ModuleReader {
  const language = languageOf(fileName);
  let last: { module: Module; parsedText: string; tree: Tree } | undefined;
  return {
    read(textOfFile) {
      if (last?.module.text === textOfFile) return last.module;
      const text = withoutByteOrderMark(textOfFile);
      const parsedText = language === 'python' ? text : parseableText(text);
      const fragments: readonly TreeFragment[] | undefined = last && unchangedFragments(last.tree, last.parsedText, parsedText);
      const tree = language === 'python' ? parseWith(pythonParser, text, fragments) : parseSource(parsedText, fileName, fragments);
      const units = readUnits(tree, text, fileName, language, last?.module.units ?? []);
      const module: Module = { fileName, language, text: textOfFile, units, ...tables(units) };
      last = { module, parsedText, tree };
      return module;
    },
  };
}

function readUnits(tree: Tree, text: string, fileName: string, language: Statement['language'], before: readonly Unit[]): Unit[] {
  const nodes = topLevelNodes(tree);
  const same = ({ from, to }: { from: number; to: number }, unit: Unit | undefined): boolean =>
    unit !== undefined && unit.text.length === to - from && text.startsWith(unit.text, from);
  let head = 0;
  while (head < nodes.length && same(nodes[head], before[head])) head++;
  let tail = 0;
  const moved = before.length - nodes.length;
  while (nodes.length - tail > head && before.length - tail > head && same(nodes[nodes.length - 1 - tail], before[before.length - 1 - tail])) tail++;
  return nodes.map(({ from, to, read }, index) => {
    const unit = index < head ? before[index] : index >= nodes.length - tail ? before[index + moved] : undefined;
    if (unit) {
      unit.from = from;
      return unit;
    }
    const unitText = text.slice(from, to);
    const steps = language === 'python' ? readPython(read(), unitText) : readJavaScript(read(), unitText);
    const declared = [...new Set(steps.flatMap(declaredNames))];
    return { fileName, language, text: unitText, from, steps, declared, imports: importedModules(steps, unitText), assigned: assignedNames(unitText) };
  });
}

function importedModules(steps: readonly Step[], text: string): string[] {
  const found = steps.flatMap((step) => (step.kind === 'import' ? step.names.map((name) => name.specifier) : []));
  for (const match of text.matchAll(/\b(?:require|import)\s*\(\s*['"]([^'"\n]+)['"]/g)) found.push(match[1]);
  return found;
}

/** Assigned or appended to, told by the words alone: it may say too much, never too little. */
const ASSIGNMENT =
  /(?<![\w$.])((?:this|self)\.)?([\w$]+)(?:\.[\w$]+|\[[^\]\n]{0,80}\])*(?:\s*:\s*[\w$.<>[\]|, ]{1,80}?)?\s*(?:=(?![=>])|[+|&?]{1,2}=|\.(?:push|unshift|append|extend|insert|update|setdefault|index|add)\s*\()/g;

function assignedNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(ASSIGNMENT)) names.add(match[1] ? `this.${match[2]}` : match[2]);
  return names;
}

function tables(units: readonly Unit[]): Pick<Module, 'definers' | 'imports' | 'exports' | 'types'> {
  const definers = new Map<string, Unit[]>();
  const imports = new Set<string>();
  const exports = new Map<string, Extract<Step, { kind: 'export' }>>();
  const types = new Map<string, ReadonlyMap<string, string>>();
  const define = (name: string, unit: Unit): void => {
    const list = definers.get(name);
    if (!list) definers.set(name, [unit]);
    else if (list[list.length - 1] !== unit) list.push(unit);
  };
  for (const unit of units) {
    for (const step of unit.steps) {
      if (step.kind === 'export') exports.set(step.exported === '*' ? `*${step.specifier}` : step.exported, step);
      if (step.kind === 'type') types.set(step.name, step.members);
    }
    for (const name of unit.imports) imports.add(name);
    for (const name of unit.declared) define(name, unit);
    for (const name of unit.assigned) define(name, unit);
  }
  return { definers, imports, exports, types };
}

/** Names that a step makes known to what follows; of `if` and blocks everything in them. */
export function declaredNames(step: Step): string[] {
  const found: string[] = [];
  const open: Step[] = [step];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'declare') {
      const targets = [next.target];
      for (let target = targets.pop(); target; target = targets.pop()) {
        if (target.kind === 'name') found.push(target.name);
        if (target.kind === 'pattern') targets.push(...target.parts.map((part) => part.target));
      }
    } else if (next.kind === 'function' && next.function.name) found.push(next.function.name);
    else if (next.kind === 'class' && next.class.name) found.push(next.class.name);
    else if (next.kind === 'import') found.push(...next.names.map((name) => name.local));
    else if (next.kind === 'if') open.push(...next.then, ...next.otherwise);
    else if (next.kind === 'block') open.push(...next.body);
  }
  return found;
}
