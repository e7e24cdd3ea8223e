import type { Step, Target } from '../syntax';
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

const NOTHING: Outline = { declared: [], exports: [], types: [] };
const NAMED =
  /^(export\s+(?:default\s+)?)?(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(function|class|interface|type|enum)\b[\s*]*([\w$]+)/;
const ONE_VARIABLE = /^(export\s+)?(?:const|let|var)\s+([\w$]+)(?:[^\w$,][^,]*)?$/;
const ANOTHER = /\n(?:export|import|const|let|var|function|class|async|def|from)\b/;
const DECLARING =
  /\b(?:var|let|const|using|function|class|import|export|exports|enum|namespace|module|interface|type|declare|abstract)\b/;
const PYTHON_DECLARING = /=|\b(?:import|def|class|for|as|global|nonlocal|match|type)\b/;
/** One line, one `=`. */
const PYTHON_VARIABLE = /^([A-Za-z_]\w*)[ \t]*=[^=\n]*$/;
const NAMED_IMPORT = /^import\s*\{([\w$,\s]+)\}\s*from\s*(?:'[^'\n]*'|"[^"\n]*");?$/;
const PYTHON_NAMED = /^(?:async\s+)?(def|class)\s+(\w+)/m;

/** Told by the first words where they are enough: then nothing need be parsed. */
export function outlineOf(unit: Unit): Outline {
  if (unit.kind === 'member') return NOTHING;
  // Several in one part: it was not sure that the first one ends.
  if (unit.kind === 'code' && ANOTHER.test(unit.text)) return readOutline(unit);
  if (unit.kind === 'code' && declaresNothing(unit)) return NOTHING;
  if (unit.language === 'python') {
    const variable = unit.kind === 'code' ? PYTHON_VARIABLE.exec(unit.text)?.[1] : undefined;
    if (variable !== undefined) return { declared: [variable], exports: [], types: [] };
    const named = unit.kind === 'class' || /^(?:@|def\b|async\b)/.test(unit.text) ? PYTHON_NAMED.exec(unit.text) : null;
    if (!named) return readOutline(unit);
    return { declared: [named[2]], exports: [], types: unit.kind === 'class' ? [named[2]] : [] };
  }
  const start =
    unit.kind === 'class' ? unit.text.search(/(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?class\b/) : 0;
  const [, exported, kind, name] = NAMED.exec(start > 0 ? unit.text.slice(start) : unit.text) ?? [];
  const isOneName =
    name !== undefined && (unit.kind === 'class' || kind === 'function' || kind === 'interface' || kind === 'type');
  if (isOneName && !(unit.kind === 'class' && /^(?:extends|implements)$/.test(name))) {
    const isType = kind === 'interface' || kind === 'type' || unit.kind === 'class';
    return {
      declared: isType && unit.kind !== 'class' ? [] : [name],
      exports: exportSteps(exported, name, unit),
      types: isType ? [name] : [],
    };
  }
  const imported = unit.kind === 'code' ? importedNames(unit.text) : undefined;
  if (imported) return { declared: imported, exports: [], types: [] };
  const variable = unit.kind === 'code' ? ONE_VARIABLE.exec(unit.text) : null;
  if (variable) return { declared: [variable[2]], exports: exportSteps(variable[1], variable[2], unit), types: [] };
  return readOutline(unit);
}

/** Without any of its words there is no declaration. */
function declaresNothing({ language, text }: Unit): boolean {
  return language === 'python' ? !PYTHON_DECLARING.test(text) : !DECLARING.test(text);
}

/** Of a plain import of names; undefined for every other one, and for what is no import. */
function importedNames(text: string): string[] | undefined {
  const [, list] = NAMED_IMPORT.exec(text) ?? [];
  const names = list?.split(',').map((name) => name.trim());
  return names?.every((name) => /^[\w$]+$/.test(name)) ? names : undefined;
}

function exportSteps(exported: string | undefined, local: string, { text }: Unit): ExportStep[] {
  if (exported === undefined) return [];
  return [
    { from: 0, to: text.length, kind: 'export', exported: exported.includes('default') ? 'default' : local, local },
  ];
}

function readOutline({ steps }: Unit): Outline {
  const exports = steps.filter((step) => step.kind === 'export');
  return {
    declared: [...new Set(steps.flatMap(declaredNames))],
    exports,
    types: steps.flatMap((step) => (step.kind === 'type' ? [step.name] : [])),
  };
}

/** Names that a step makes known to what follows; of `if` and blocks everything in them. */
function declaredNames(step: Step): string[] {
  const found: string[] = [];
  const open: Step[] = [step];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'declare') {
      for (const name of targetNames(next.target)) found.push(name);
    } else if (next.kind === 'function' && next.function.name) found.push(next.function.name);
    else if (next.kind === 'class' && next.class.name) found.push(next.class.name);
    else if (next.kind === 'import') for (const { local } of next.names) found.push(local);
    else if (next.kind === 'if') for (const inner of [...next.then, ...next.otherwise]) open.push(inner);
    else if (next.kind === 'block') for (const inner of next.body) open.push(inner);
  }
  return found;
}

function targetNames(of: Target): string[] {
  const found: string[] = [];
  const targets = [of];
  for (let target = targets.pop(); target; target = targets.pop()) {
    if (target.kind === 'name') found.push(target.name);
    if (target.kind === 'pattern') for (const part of target.parts) targets.push(part.target);
  }
  return found;
}
