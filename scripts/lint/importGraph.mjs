// What TypeScript files import, as graphs by file and by folder; and the circles in a graph.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/**
 * Files below `folders` of `root`: path (with `/`, from the root) -> its imports `{ path, kind }` of others of them.
 * Kinds: `value`, `type` (gone after compiling) and `lazy` (`import()`, `require()`: run when somebody asks for it).
 */
export function readImports(root, folders) {
  const paths = folders.flatMap((folder) => typescriptFiles(root, folder)).sort();
  const known = new Set(paths);
  return new Map(
    paths.map((path) => {
      const imports = specifiersOf(path, readFileSync(join(root, path), 'utf8'))
        .map(({ specifier, kind }) => ({ path: resolveSpecifier(path, specifier, known), kind }))
        .filter((imported) => imported.path !== undefined);
      return [path, imports];
    }),
  );
}

function typescriptFiles(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    );
}

function resolveSpecifier(from, specifier, known) {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier);
  return [path, `${path}.ts`, path.replace(/\.js$/, '.ts'), `${path}/index.ts`].find((candidate) =>
    known.has(candidate),
  );
}

/** Every specifier in a text, with the kind of its import. */
function specifiersOf(path, text) {
  const source = ts.createSourceFile(path, text, {
    languageVersion: ts.ScriptTarget.Latest,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  });
  const found = [];
  const add = (node, kind) => {
    if (node && ts.isStringLiteralLike(node)) found.push({ specifier: node.text, kind });
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) add(statement.moduleSpecifier, kindOf(statement.importClause));
    else if (ts.isExportDeclaration(statement)) add(statement.moduleSpecifier, kindOf(statement));
    else if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference))
      add(statement.moduleReference.expression, statement.isTypeOnly ? 'type' : 'value');
  }
  // Few files have these, and a walk through all of the tree takes longer than its parsing.
  if (/\b(import|require)\s*\(/.test(text)) ts.forEachChild(source, visit);
  return found;

  function visit(node) {
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'type');
    else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const loads =
        callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
      if (loads) add(node.arguments[0], 'lazy');
    }
    ts.forEachChild(node, visit);
  }
}

/** Of an `import` clause or an `export … from`: one that names types only is gone after compiling. */
function kindOf(clause) {
  if (!clause) return 'value';
  if (clause.isTypeOnly) return 'type';
  const names = (ts.isExportDeclaration(clause) ? clause.exportClause : clause.namedBindings)?.elements;
  return !clause.name && names?.length && names.every((name) => name.isTypeOnly) ? 'type' : 'value';
}

/** File -> set of files that it needs before it runs itself. */
export function valueGraph(imports) {
  return new Map(
    [...imports].map(([path, list]) => [
      path,
      new Set(list.filter(({ kind, path: to }) => kind === 'value' && to !== path).map(({ path: to }) => to)),
    ]),
  );
}

/** Folder -> folder -> the imports behind that arrow, `from -> to` by file; of every kind. */
export function folderGraph(imports) {
  const graph = new Map();
  for (const path of imports.keys()) graph.set(posix.dirname(path), new Map());
  for (const [path, list] of imports) {
    const arrows = graph.get(posix.dirname(path));
    for (const { path: to } of list) {
      const folder = posix.dirname(to);
      if (folder === posix.dirname(path)) continue;
      if (!arrows.has(folder)) arrows.set(folder, new Set());
      arrows.get(folder).add(`${path} -> ${to}`);
    }
  }
  return graph;
}

/**
 * The groups of nodes that reach each other (Tarjan), each after all that it points to; a node outside of any circle is a
 * group of its own. `graph`: node -> nodes (a set, or a map by node); `order`: where to begin, all nodes.
 */
export function groupsOf(graph, order = [...graph.keys()]) {
  const groups = [];
  const numbers = new Map();
  const lowest = new Map();
  const open = [];
  const visit = (node) => {
    const number = numbers.size;
    numbers.set(node, number);
    lowest.set(node, number);
    open.push(node);
    for (const next of [...graph.get(node).keys()].sort()) {
      if (!numbers.has(next)) visit(next);
      if (lowest.has(next)) lowest.set(node, Math.min(lowest.get(node), lowest.get(next)));
    }
    if (lowest.get(node) !== number) return;
    const group = open.splice(open.indexOf(node));
    for (const member of group) lowest.delete(member);
    groups.push(group);
  };
  for (const node of order) if (!numbers.has(node)) visit(node);
  return groups;
}

/** The shortest way from each member of a group back to itself, with that member at both ends; no circle twice. */
export function shortestCircles(graph, group) {
  const members = new Set(group);
  const circles = new Map();
  for (const start of [...group].sort()) {
    const way = wayBack(graph, members, start);
    const key = [...way.slice(1)].sort().join('\n');
    if (!circles.has(key)) circles.set(key, way);
  }
  return [...circles.values()];
}

function wayBack(graph, members, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node).keys()) {
      if (!members.has(next)) continue;
      if (next === start) {
        const way = [start];
        for (let at = node; at !== start; at = cameFrom.get(at)) way.unshift(at);
        return [start, ...way];
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
  }
  throw new Error(`${start} is in no circle`);
}
