import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { explainTexts } from '../../../src/core/pageTexts/explain';
import { flameTexts } from '../../../src/core/pageTexts/flame';
import { repositoryRoot } from '../../support/nodeVersions';

const bundlePath = join(repositoryRoot, 'l10n/bundle.l10n.json');

/** Texts of `t('…')`, `l10n.t('…')` and `vscode.l10n.t('…')`; anything but a literal cannot be translated. */
function translatable(file: string): { texts: string[]; problems: string[] } {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^((vscode\.)?l10n\.)?t$/.test(node.expression.getText(source))) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteralLike(first)) {
        texts.push(first.text);
        const holes =
          Math.max(-1, ...(first.text.match(/\{(\d+)\}/g) ?? []).map((hole) => Number(hole.slice(1, -1)))) + 1;
        if (holes !== node.arguments.length - 1) problems.push(`${file}: "${first.text}" has ${holes} holes`);
      } else problems.push(`${file}: ${node.getText(source).slice(0, 60)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { texts, problems };
}

function readTable(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8')) as Record<string, string>;
}

/** What a translation must leave as it is, whatever its order: holes, variables, icons and the commands of links. */
function fixedParts(text: string): string[] {
  return (text.match(/\$\{\w+\}|\{\d+\}|\$\([\w~-]+\)|\(command:[^)]+\)/g) ?? []).sort();
}

describe('translations', () => {
  const files = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const found = files.map((file) => translatable(join(repositoryRoot, 'src', file)));

  it('are made of literals whose holes are all filled', () => {
    assert.deepEqual(
      found.flatMap(({ problems }) => problems),
      [],
    );
  });

  it('have every text of the code and of the pages in the bundle (UPDATE_L10N=1 rewrites it)', () => {
    const ofPages = [flameTexts, explainTexts].flatMap((table) => Object.values<string>(table));
    const texts = [...new Set([...found.flatMap(({ texts: each }) => each), ...ofPages])].sort();
    const expected = Object.fromEntries(texts.map((text) => [text, text]));
    assert.ok(texts.length > 100);
    if (process.env['UPDATE_L10N']) writeFileSync(bundlePath, `${JSON.stringify(expected, null, 2)}\n`);
    assert.deepEqual(JSON.parse(readFileSync(bundlePath, 'utf8')), expected);
  });

  const tables = [
    ...readdirSync(join(repositoryRoot, 'l10n'))
      .filter((name) => /^bundle\.l10n\..+\.json$/.test(name) && name !== 'bundle.l10n.json')
      .map((name) => ({ english: 'l10n/bundle.l10n.json', translated: `l10n/${name}` })),
    ...readdirSync(repositoryRoot)
      .filter((name) => /^package\.nls\..+\.json$/.test(name) && name !== 'package.nls.json')
      .map((name) => ({ english: 'package.nls.json', translated: name })),
  ];
  for (const { english, translated } of tables) {
    it(`have the keys, the placeholders and the links of the English in ${translated}`, () => {
      const from = readTable(english);
      const to = readTable(translated);
      assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
      const wrong = Object.entries(from).filter(
        ([key, text]) => !to[key].trim() || String(fixedParts(to[key])) !== String(fixedParts(text)),
      );
      assert.deepEqual(
        wrong.map(([key]) => `${key}: ${to[key]}`),
        [],
      );
    });
  }
});
