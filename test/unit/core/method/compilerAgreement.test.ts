import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { indexMethods } from '../../../../src/core/method/methodIndex';
import { repositoryRoot } from '../../../support/nodeVersions';

const folders = ['src', 'test/fixtures/method', 'node_modules/ws/lib', 'node_modules/mocha/lib'];

function sourcesIn(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|tsx|js|cjs|mjs)$/.test(name) && !/\.d\.ts$/.test(name))
    .map((name) => join(repositoryRoot, folder, name));
}

/** `kind start-end` of every function with a body, as the TypeScript compiler reads the text. */
function functionsByCompiler(source: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const modifiers = (ts.canHaveModifiers(node) && ts.getModifiers(node)) || [];
      const outer = [ts.SyntaxKind.ExportKeyword, ts.SyntaxKind.DefaultKeyword];
      // Decorators, `export` and `default` come before the function's own first token.
      const before = ts.canHaveDecorators(node) ? [...(ts.getDecorators(node) ?? [])] : [];
      const ends = [...before, ...modifiers.filter((modifier) => outer.includes(modifier.kind))].map(({ end }) => end);
      const start = ends.length > 0 ? skipBlanks(source.text, Math.max(...ends)) : node.getStart(source);
      found.add(`${kindOf(node)} ${place(source, start)}-${place(source, node.end)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function skipBlanks(text: string, from: number): number {
  return from + (/^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/.exec(text.slice(from))?.[0].length ?? 0);
}

function kindOf(node: ts.Node): string {
  if (ts.isArrowFunction(node)) return 'arrow';
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isGetAccessorDeclaration(node)) return 'getter';
  if (ts.isSetAccessorDeclaration(node)) return 'setter';
  return ts.isMethodDeclaration(node) ? 'method' : 'function';
}

function place(source: ts.SourceFile, offset: number): string {
  const { line, character } = source.getLineAndCharacterOfPosition(offset);
  return `${line}:${character}`;
}

describe('agreement with the TypeScript compiler', () => {
  for (const folder of folders) {
    it(`finds the same functions in ${folder}`, function () {
      this.timeout(60_000);
      let functions = 0;
      for (const file of sourcesIn(folder)) {
        const text = readFileSync(file, 'utf8');
        const expected = functionsByCompiler(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
        const found = indexMethods(text, file)
          .methods.filter(({ kind }) => !['module', 'class', 'fields'].includes(kind))
          .map(({ kind, span: { start, end } }) => `${kind} ${start.line}:${start.column}-${end.line}:${end.column}`);
        assert.deepEqual([...found].sort(), [...expected].sort(), file);
        functions += found.length;
      }
      assert.ok(functions > 50, `${functions} functions compared`);
    });
  }
});
