import { parser as pythonParser } from '@lezer/python';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseableText, parseSource, parseWith } from '../../../../src/core/method/parseSource';
import { splitJavaScript } from '../../../../src/core/code/javascript/split';
import { splitPython } from '../../../../src/core/code/python/split';
import { childNamed, topLevelNodes, type SyntaxNode } from '../../../../src/core/code/syntaxNode';
import { repositoryRoot } from '../../../support/nodeVersions';
import { textChange } from '../../../../src/core/code/textChange';
import { mongoSource } from '../../../support/mongoSource';

function check(text: string, expected: readonly string[], split = (one: string) => splitJavaScript(one).slots): void {
  assert.deepEqual(
    split(text).map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`),
    expected,
  );
}

/** Parts that begin inside a statement of the top level, or inside a member of a class that was taken apart. */
function misplaced(text: string, fileName: string): string[] {
  const python = fileName.endsWith('.py');
  const slots = python ? splitPython(text) : splitJavaScript(text).slots;
  const tree = python ? parseWith(pythonParser, text) : parseSource(parseableText(text), fileName);
  const heads = slots.filter(({ kind }) => kind === 'class');
  const whole: SyntaxNode[] = topLevelNodes(tree).flatMap((node) => {
    const body = childNamed(node, 'ClassBody') ?? childNamed(childNamed(node, 'ClassDefinition') ?? node, 'Body');
    return body && heads.some(({ from, to }) => from <= node.to && node.from <= to) ? body.children : [node];
  });
  return slots.flatMap(({ from, to }) => {
    const start = from + /^\s*/.exec(text.slice(from, to))![0].length;
    return whole.some((node) => node.from < start && start < node.to) ? [text.slice(from, from + 80)] : [];
  });
}

describe('parts of a file', () => {
  it('are statements, heads of classes and members', () => {
    check(
      "import a from 'a';\n@Dec({ a: 1 })\nexport class A<T extends { x: 1 }> extends B<{ y: 2 }> {\n  a = 1;\n  b: { c: 1 } = { c: 1 };\n  @Get('/x')\n  get c() { return `}${`{`}`; }\n}\nf(/[/'\"]{/, 'x}')\nconst d = 4 / 2 / 1;\n",
      [
        "code import a from 'a';",
        'class @Dec({ a: 1 })\nexport class A<T extends { x: 1 }> extends B<{ y: 2 }> ',
        'member a = 1;',
        'member b: { c: 1 } = { c: 1 };',
        "member @Get('/x')\n  get c() { return `}${`{`}`; }",
        "code f(/[/'\"]{/, 'x}')",
        'code const d = 4 / 2 / 1;',
      ],
    );
  });

  it('go on where a statement may go on', () => {
    check('const a = b\n  .c()\n.d()\nif (a) {\n}\nelse {\n}\nconst f =\nasync () => 1\nexport\nconst g = 1', [
      'code const a = b\n  .c()\n.d()\nif (a) {\n}\nelse {\n}',
      'code const f =\nasync () => 1',
      'code export\nconst g = 1',
    ]);
  });

  it('end where a line begins as parts do when a bracket is left open', () => {
    check(
      'function a() {\n  if (x) {\n}\nfunction b() {}\nclass C {\n  d() {\n    (\n  }\n  e() {}\n}\nconst f = `\nconst g = 1;\n',
      [
        'code function a() {\n  if (x) {\n}',
        'code function b() {}',
        'class class C ',
        'member d() {\n    (\n  }',
        'member e() {}',
        'code const f = `',
        'code const g = 1;',
      ],
    );
  });

  it('are told by indentation in Python', () => {
    check(
      '@dataclass\nclass A(B):\n    """def\nx"""\n    a: int = 1\n    @property\n    def b(self):\n        return (\n1)\n\ndef f(a,\n  b): pass\nif a:\n    b\nelse:\n    c\nd = """\ndef\n"""\n',
      [
        'class @dataclass\nclass A(B):',
        'member     """def\nx"""',
        'member     a: int = 1',
        'member     @property\n    def b(self):\n        return (\n1)',
        'code def f(a,\n  b): pass',
        'code if a:\n    b\nelse:\n    c',
        'code d = """\ndef\n"""',
      ],
      splitPython,
    );
    check('a = (1,\ndef f():\n    pass\n', ['code a = (1,', 'code def f():\n    pass'], splitPython);
  });

  it('are the same after an edit as if the text were read from its start', () => {
    const pieces = [
      '',
      ' ',
      '\n',
      ';',
      '{',
      '}',
      '(',
      ')',
      '`',
      '${',
      "'",
      '/*',
      '*/',
      '//',
      'class A {\n',
      'export const a = 1;\n',
      '\nasync',
      'else ',
      '@x ',
    ];
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let resumed = 0;
    for (const style of ['classes', 'oneClass', 'functions'] as const) {
      let text = mongoSource(20, style);
      let split = splitJavaScript(text);
      for (let round = 0; round < 1500; round++) {
        const at = random(text.length);
        const edited =
          text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at + (random(3) ? 0 : random(40)));
        const again = splitJavaScript(edited, split, textChange(text, edited));
        assert.deepEqual(again, splitJavaScript(edited), `${style} ${round}`);
        if (split.starts && again.starts) resumed++;
        // Most edits break the brackets; going on from one that did not keeps the texts readable.
        if (again.starts && round % 50) [text, split] = [edited, again];
        else if (round % 10 === 0) split = splitJavaScript((text = mongoSource(20, style)));
      }
    }
    assert.ok(resumed > 1000, String(resumed));
  });

  it('never begin inside a statement or a member of real code', function () {
    this.timeout(20_000);
    const folders = ['src/core', 'src/node', 'test/fixtures/mongo/statements'];
    const files = folders.flatMap((folder) =>
      readdirSync(join(repositoryRoot, folder), {
        recursive: true,
        encoding: 'utf8',
      })
        .filter((name) => /\.(ts|js|py)$/.test(name))
        .map((name) => join(repositoryRoot, folder, name)),
    );
    assert.ok(files.length > 150);
    for (const file of files) assert.deepEqual(misplaced(readFileSync(file, 'utf8'), file), [], file);
    for (const style of ['classes', 'oneClass', 'functions', 'python'] as const)
      assert.deepEqual(misplaced(mongoSource(20, style), style === 'python' ? 'a.py' : 'a.ts'), []);
  });
});
