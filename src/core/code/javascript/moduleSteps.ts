import type { ImportedName, Step } from '../syntax';
import { readExpression } from './expressions';
import type { JavaScriptSource } from './source';
import { childNamed, type SyntaxNode } from '../syntaxNode';

/** Imports, exports and types of a JavaScript or TypeScript program; nothing of anything else. */
export function readModuleStep(node: SyntaxNode, source: JavaScriptSource): Step[] {
  const at = { from: node.from, to: node.to };
  switch (node.name) {
    case 'ImportDeclaration':
      return [{ ...at, kind: 'import', names: importedNames(node, source) }];
    case 'ExportDeclaration':
      return exportSteps(node, source);
    case 'InterfaceDeclaration':
    case 'TypeAliasDeclaration':
      return types(node, source);
    case 'NamespaceDeclaration':
    case 'AmbientDeclaration':
      return source.readSteps(node.children);
    default:
      return [];
  }
}

function specifierOf(node: SyntaxNode, source: JavaScriptSource): string | undefined {
  const string = childNamed(node, 'String');
  return string && source.text.slice(string.from + 1, string.to - 1);
}

function importedNames(node: SyntaxNode, source: JavaScriptSource): ImportedName[] {
  const specifier = specifierOf(node, source);
  if (specifier === undefined) return [];
  const found: ImportedName[] = [];
  const star = node.children.some((child) => child.name === 'Star');
  for (const child of node.children) {
    if (child.name === 'VariableDefinition') {
      found.push({ local: source.text.slice(child.from, child.to), imported: star ? '*' : 'default', specifier });
    } else if (child.name === 'ImportGroup') {
      for (const [imported, local] of pairs(child, source)) found.push({ local, imported, specifier });
    }
  }
  return found.length ? found : [{ local: '', imported: '', specifier }];
}

/** `a, b as c` as [a, a], [b, c]. */
function pairs(group: SyntaxNode, source: JavaScriptSource): [string, string][] {
  const found: [string, string][] = [];
  let renames = false;
  for (const child of group.children) {
    if (child.name === 'as') renames = true;
    else if (/^Variable|^String$/.test(child.name)) {
      const name = source.text.slice(child.from, child.to).replace(/^['"]|['"]$/g, '');
      if (renames && found.length) found[found.length - 1][1] = name;
      else found.push([name, name]);
      renames = false;
    }
  }
  return found;
}

function exportSteps(node: SyntaxNode, source: JavaScriptSource): Step[] {
  const at = { from: node.from, to: node.to };
  const specifier = specifierOf(node, source);
  const group = childNamed(node, 'ExportGroup');
  if (group) {
    return pairs(group, source).map(([local, exported]) => ({ ...at, kind: 'export', exported, local, specifier }));
  }
  if (specifier !== undefined) return [{ ...at, kind: 'export', exported: '*', local: '*', specifier }];
  const declared = source.readSteps(node.children);
  const isDefault = node.children.some((child) => child.name === 'default');
  if (!isDefault)
    return [
      ...declared,
      ...declared.flatMap((step) =>
        namesOf(step).map((name): Step => ({ ...at, kind: 'export', exported: name, local: name })),
      ),
    ];
  const [name] = declared.flatMap(namesOf);
  if (name !== undefined) return [...declared, { ...at, kind: 'export', exported: 'default', local: name }];
  const value = node.children.find((child) => !['export', 'default', ';'].includes(child.name));
  return value ? [{ ...at, kind: 'export', exported: 'default', local: readExpression(value, source) }] : [];
}

function namesOf(step: Step): string[] {
  if (step.kind === 'declare' && step.target.kind === 'name') return [step.target.name];
  if (step.kind === 'declare' && step.target.kind === 'pattern') {
    return step.target.parts.flatMap((part) => (part.target.kind === 'name' ? [part.target.name] : []));
  }
  if (step.kind === 'function') return step.function.name ? [step.function.name] : [];
  if (step.kind === 'class') return step.class.name ? [step.class.name] : [];
  return step.kind === 'type' ? [step.name] : [];
}

function types(node: SyntaxNode, source: JavaScriptSource): Step[] {
  const name = childNamed(node, 'TypeDefinition');
  if (!name) return [];
  const at = { from: node.from, to: node.to, kind: 'type', name: source.text.slice(name.from, name.to) } as const;
  const body = childNamed(node, 'ObjectType');
  if (body) return [{ ...at, members: typeMembers(body, source) }];
  const equals = node.children.findIndex((child) => child.name === 'Equals');
  const written = equals < 0 ? undefined : node.children[equals + 1];
  return written ? [{ ...at, members: new Map(), alias: source.text.slice(written.from, written.to) }] : [];
}

function typeMembers(body: SyntaxNode, source: JavaScriptSource): Map<string, string> {
  const members = new Map<string, string>();
  for (const property of body.children) {
    const key = childNamed(property, 'PropertyDefinition');
    const type = childNamed(property, 'TypeAnnotation');
    if (key && type)
      members.set(source.text.slice(key.from, key.to), source.text.slice(type.from, type.to).replace(/^:\s*/, ''));
  }
  return members;
}
