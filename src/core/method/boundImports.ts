import type { SyntaxNode } from '@lezer/common';
import type { Collector } from './boundMembers';
import type { Thing } from './boundThings';
import { afterComments, initialOf, stringOf } from './boundValues';

/** `{ a, b: c } = …`, one level deep and without defaults. */
export function ofPattern({ text, value }: Collector, node: SyntaxNode, property: SyntaxNode): Thing | undefined {
  const pattern = property.parent;
  if (pattern?.name !== 'ObjectPattern' || pattern.parent?.name !== 'VariableDeclaration') return undefined;
  if (property.getChild('Equals') || property.getChild('Spread') || property.getChild('[')) return undefined;
  const key = property.getChild('PropertyName') ?? node;
  const base = value(initialOf(pattern, 'Equals'));
  return base && { kind: 'steps', base, path: [`.${text.slice(key.from, key.to)}`] };
}

/** What an `import` brings by the name. */
export function imported({ text }: Collector, node: SyntaxNode, parent: SyntaxNode): Thing | undefined {
  const declaration = parent.name === 'ImportGroup' ? parent.parent : parent;
  if (!declaration || declaration.getChild('type')) return undefined;
  const specifier = stringOf(declaration.getChild('String'), text);
  if (specifier === undefined) return undefined;
  const base: Thing = { kind: 'module', specifier };
  const keyword = node.prevSibling?.name === 'as' ? node.prevSibling : null;
  if (parent === declaration) return keyword ? base : { kind: 'steps', base, path: ['.default'] };
  const named = keyword ? keyword.prevSibling : node;
  if (!named || named.name === 'String' || named.prevSibling?.name === 'type') return undefined;
  return { kind: 'steps', base, path: [`.${text.slice(named.from, named.to)}`] };
}

/** `export { a as b }`, the same of another module, `export *` and `export default …`. */
export function noteReexports({ text, names, value }: Collector, node: SyntaxNode): void {
  if (node.getChild('type')) return;
  const specifier = stringOf(node.getChild('String'), text);
  const module: Thing | undefined = specifier === undefined ? undefined : { kind: 'module', specifier };
  const star = node.getChild('Star');
  if (star && specifier !== undefined && module) {
    const name = node.getChild('VariableName');
    if (name) names.exports.set(text.slice(name.from, name.to), module);
    else names.stars.add(specifier);
    return;
  }
  const keyword = node.getChild('default');
  if (keyword) {
    const given = afterComments(keyword.nextSibling);
    const thing = value(given);
    if (thing) names.exports.set('default', thing);
    return;
  }
  const group = node.getChild('ExportGroup');
  for (let at = group?.firstChild ?? null; at; at = at.nextSibling) {
    if (at.name !== 'VariableName' && at.name !== 'default') continue;
    if (at.prevSibling?.name === 'as' || at.prevSibling?.name === 'type') continue;
    const local = text.slice(at.from, at.to);
    const next = at.nextSibling;
    const alias = next?.name === 'as' ? next.nextSibling : at;
    if (!alias || alias.name === 'String') continue;
    names.exports.set(
      text.slice(alias.from, alias.to),
      module
        ? { kind: 'steps', base: module, path: [`.${local}`] }
        : { kind: 'chain', name: local, at: at.from, path: [] },
    );
  }
}
