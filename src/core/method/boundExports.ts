import type { SyntaxNode } from '@lezer/common';
import type { BoundNames, Thing } from './boundThings';

/** Notes `exports.a = …` and `module.exports = …`; false for other targets. */
export function noteExport(names: BoundNames, target: SyntaxNode, thing: Thing | undefined, text: string): boolean {
  if (target.name !== 'MemberExpression' || target.to - target.from > 200) return false;
  const written = text.slice(target.from, target.to).replace(/\s+/g, '');
  if (written === 'module.exports') {
    addExport(names, '=', thing);
    return true;
  }
  const found = /^(?:module\.)?exports\.([\w$]+)$/.exec(written);
  if (!found) return false;
  addExport(names, found[1], thing);
  return true;
}

/** What is exported twice may be either; compilers write `exports.a = void 0` first. */
function addExport(names: BoundNames, name: string, thing: Thing | undefined): void {
  if (!thing && !names.exports.has(name)) return;
  names.exports.set(name, names.exports.has(name) ? undefined : thing);
}

/** Notes functions and classes that are exported where they are declared; the parser does not see the word before a class. */
export function noteWrittenExport(names: BoundNames, declaration: SyntaxNode, text: string): void {
  let first = declaration.firstChild;
  while (first && (first.name === 'Decorator' || first.name.endsWith('Comment'))) first = first.nextSibling;
  const from = first?.from ?? declaration.from;
  const isClass = declaration.name.startsWith('Class');
  const before = text.slice(Math.max(0, from - 60), from);
  const found = /\bexport(\s+default)?\s+(?:abstract\s+|async\s+)?$/.exec(before);
  if (!found) return;
  const definition = declaration.getChild('VariableDefinition');
  const body = isClass ? declaration.getChild('ClassBody') : null;
  const name = definition && text.slice(definition.from, definition.to);
  const thing: Thing | undefined = body
    ? { kind: 'class', at: body.from }
    : name !== null
      ? { kind: 'chain', name, at: definition!.from, path: [] }
      : undefined;
  if (!thing) return;
  if (found[1]) names.exports.set('default', thing);
  else if (name !== null) names.exports.set(name, thing);
}
