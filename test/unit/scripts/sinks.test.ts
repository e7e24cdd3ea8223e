import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Linter } from 'eslint';
import { ESLint } from 'eslint';
import { repositoryRoot } from '../../support/nodeVersions';

/** Sinks that the repository's own lint rules refuse in a file at this path. */
async function refused(file: string, code: string): Promise<string[]> {
  type Config = {
    files?: string[];
    ignores?: string[];
    rules?: Linter.RulesRecord;
    plugins?: Linter.Config['plugins'];
  };
  const config = (await import(pathToFileURL(join(repositoryRoot, 'eslint.config.mjs')).href)) as {
    default: (Config & { languageOptions?: { parser?: Linter.Parser } })[];
  };
  const sinks = config.default.filter(({ rules }) => rules && 'heatlens/sinks' in rules);
  const parser = config.default.find(({ languageOptions }) => languageOptions?.parser)?.languageOptions?.parser;
  assert.ok(sinks.length >= 2 && parser);
  const eslint = new ESLint({
    cwd: repositoryRoot,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, ...sinks],
  });
  const [result] = await eslint.lintText(code, { filePath: join(repositoryRoot, file) });
  return (result?.messages ?? []).map(({ message }) => /^'([^']+)'/.exec(message)?.[1] ?? message);
}

const editorSinks = `
  import * as vscode from 'vscode';
  import { window, MarkdownString, Uri } from 'vscode';
  vscode.window.showErrorMessage('a');
  vscode.window['showWarningMessage']('a');
  vscode.window[name]('a');
  void vscode.window.showQuickPick([]);
  vscode.window.withProgress({}, task);
  vscode.window.setStatusBarMessage('a');
  vscode.window.createStatusBarItem();
  vscode.window.createTerminal('a');
  vscode.window.createOutputChannel('a');
  vscode.languages.createLanguageStatusItem('a', []);
  new vscode.MarkdownString('a');
  new vscode.CodeLens(range);
  class Row extends vscode.TreeItem {}
  new vscode.Diagnostic(range, 'a');
  const shown = vscode.window;
  const { window: other } = vscode;
  const { showErrorMessage } = vscode.window;
  panel.title = name;
  markdown.isTrusted = true;
  const options = { after: { contentText: name } };
  console.log('a');
  vscode.window.showTextDocument(document);
  vscode.window.createTreeView('a', {});
  vscode.window.activeTextEditor;
  new vscode.Range(0, 0, 0, 0);`;

describe('text of others', () => {
  it('is shown in the editor by the messages alone', async () => {
    const found = await refused('src/editor/flame/any.ts', editorSinks);
    assert.deepEqual(found, [
      'window',
      'MarkdownString',
      'window.showErrorMessage',
      'window.showWarningMessage',
      'window.…',
      'window.showQuickPick',
      'window.withProgress',
      'window.setStatusBarMessage',
      'window.createStatusBarItem',
      'window.createTerminal',
      'window.createOutputChannel',
      'languages.createLanguageStatusItem',
      'MarkdownString',
      'CodeLens',
      'TreeItem',
      'Diagnostic',
      'window',
      'window',
      'window',
      'title',
      'isTrusted',
      'contentText',
      'console.log',
    ]);
    assert.deepEqual(await refused('src/editor/messages/any.ts', editorSinks), []);
    assert.deepEqual(await refused('src/extension.ts', `vscode.window.showInformationMessage('a');`), [
      'window.showInformationMessage',
    ]);
  });

  it('reaches a terminal through one writer', async () => {
    const code = `
      process.stdout.write('a');
      process['stderr'].write('a');
      console.error('a');
      globalThis.console.log('a');
      const { stdout } = process;
      import { stderr } from 'node:process';
      process.exit(1);
      process.stdin.resume();`;
    const expected = [
      'process.stdout',
      'process.stderr',
      'console.error',
      'console.log',
      'process.stdout',
      'node:process',
    ];
    for (const file of ['src/cli/any.ts', 'src/node/profiles/any.ts', 'src/core/heat/any.ts'])
      assert.deepEqual(await refused(file, code), expected);
    assert.deepEqual(await refused('src/cli/output.ts', code), []);
  });
});
