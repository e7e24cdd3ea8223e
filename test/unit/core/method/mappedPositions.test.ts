import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import type { Method, MethodIndex } from '../../../../src/core/method/method';
import { indexMethods, methodAt } from '../../../../src/core/method/methodIndex';
import { methodNear } from '../../../../src/core/method/methodNear';
import { comparePositions, type Position } from '../../../../src/core/positions';
import { repositoryRoot } from '../../../support/nodeVersions';

interface Compiled {
  code: string;
  map: string;
}

const file = join(repositoryRoot, 'test/fixtures/method/everyKind.ts');
const source = readFileSync(file, 'utf8');

const compilers: [string, () => Compiled][] = [
  ['esbuild', () => esbuild({})],
  ['esbuild with kept names, as tsx', () => esbuild({ keepNames: true, minifySyntax: true, minifyWhitespace: true })],
  ['esbuild, minified', () => esbuild({ minify: true })],
  ['esbuild for es2016', () => esbuild({ target: 'es2016' })],
  ['TypeScript for es2022', () => typescript(ts.ScriptTarget.ES2022)],
  ['TypeScript for es2017', () => typescript(ts.ScriptTarget.ES2017)],
  ['TypeScript for es2015', () => typescript(ts.ScriptTarget.ES2015)],
];

function esbuild(options: object): Compiled {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true } };
  return transformSync(source, { loader: 'ts', sourcemap: 'external', format: 'cjs', tsconfigRaw, ...options });
}

function typescript(target: ts.ScriptTarget): Compiled {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: { target, module: ts.ModuleKind.CommonJS, sourceMap: true, experimentalDecorators: true },
  });
  return { code: outputText, map: sourceMapText ?? '' };
}

/** Where the map puts the last place at or before a generated position, and the next that it puts elsewhere. */
function stretchOf(map: TraceMap, generated: Position): { position?: Position; next?: Position } {
  let position: Position | undefined;
  let next: Position | undefined;
  eachMapping(map, ({ generatedLine, generatedColumn, originalLine, originalColumn }) => {
    if (originalLine === null || next) return;
    const original = { line: originalLine - 1, column: originalColumn };
    if (comparePositions({ line: generatedLine - 1, column: generatedColumn }, generated) <= 0) position = original;
    else if (position && comparePositions(original, position) !== 0) next = original;
  });
  return { position, next };
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, column: before[before.length - 1].length };
}

/** Per label, the methods whose own code calls burn() with it. */
function methodsByLabel(text: string, index: MethodIndex): Map<string, number[]> {
  const methods = new Map<string, number[]>();
  for (const match of text.matchAll(/\bburn\((['"])(.*?)\1\)/g)) {
    methods.set(match[2], [...(methods.get(match[2]) ?? []), methodAt(index, positionIn(text, match.index))]);
  }
  return methods;
}

describe('positions that source maps give', () => {
  const index = indexMethods(source, file);
  const expected = methodsByLabel(source, index);

  it('the labels of the fixture are the names in its method index', () => {
    assert.equal(index.hasErrors, false);
    for (const [label, methods] of expected) {
      for (const method of methods) assert.equal(index.methods[method].qualifiedName, label);
    }
  });

  for (const [name, compile] of compilers) {
    it(`lead to the methods of code compiled by ${name}`, () => {
      const { code, map } = compile();
      const traceMap = new TraceMap(map);
      const generated = indexMethods(code, 'generated.js');
      assert.equal(generated.hasErrors, false);
      const labels = methodsByLabel(code, generated);
      assert.deepEqual([...labels.keys()].sort(), [...expected.keys()].sort());
      const wrong: string[] = [];
      for (const [label, methods] of labels) {
        for (const generatedMethod of methods) {
          // Older targets have static fields as statements after the class, so as a part of the module.
          if (generatedMethod === 0 && label.endsWith('(fields)')) continue;
          const method = generated.methods[generatedMethod];
          const { position, next } = stretchOf(traceMap, method.headStart);
          const found = position ? methodNear(index, position, next, v8Name(method)) : -1;
          if (!expected.get(label)?.includes(found)) wrong.push(`${label} -> ${index.methods[found]?.qualifiedName}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }
});

function v8Name(method: Method): string {
  if (method.anonymous) return '';
  if (method.kind === 'fields') return '<static_initializer>';
  return method.kind === 'constructor' ? method.qualifiedName.split('.').slice(-2)[0] : method.name;
}
