import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HeatlensApi } from '../../src/extension';
import { extensionId } from './support';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

describe('the extension', () => {
  const extension = vscode.extensions.getExtension<HeatlensApi>(extensionId);

  it('is the one of this repository, and runs where the workspace is', () => {
    assert.ok(extension);
    assert.equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
  });

  it('activates, and measures nothing unasked', async () => {
    assert.ok(extension);
    const api = await extension.activate();
    assert.equal(api.version, 1);
    assert.equal(api.getSnapshot(), undefined);
  });

  it('registers every command that it contributes', async () => {
    assert.ok(extension);
    const { commands } = (extension.packageJSON as Manifest).contributes;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(commands.length > 10);
    assert.deepEqual(
      commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
    for (const { command, title, category } of commands) {
      assert.equal(category, 'Heatlens', command);
      assert.ok(!title.includes('%'), `${command} has no title in package.nls.json`);
    }
  });

  it('registers every view that it contributes', async () => {
    assert.ok(extension);
    const { views } = (extension.packageJSON as Manifest).contributes;
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { id } of Object.values(views).flat()) assert.ok(registered.has(`${id}.focus`), id);
  });
});
