import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { setting } from '../settings/configuration';
import type { FilePaths } from '../workspace/filePaths';
import { findPrograms } from '../launch/findProgram';
import type { LaunchChoice } from '../launch/launchPlan';
import {
  findTsxLoader,
  isTypeScript,
  npmScripts,
  packageManagerOf,
  planScript,
  splitArguments,
} from '../launch/launchPlan';
import { launchInTerminal } from '../launch/launchTerminal';
import { nodeFacts } from '../launch/nodeFacts';
import { confirm } from '../messages/confirm';
import { withQuietProgress } from '../messages/progress';
import { ask, askFiles, createPicker, shownChoice, type Choice } from '../messages/questions';
import type { RecordingHost } from '../recording/recordingHost';
import { requireFile } from '../workspace/requireFile';
import { requireTrust } from '../workspace/trust';
import type { Attacher } from './attach';
import { targetOf } from './attach';
import { scriptNotFound } from '../launch/launchErrors';

const SCRIPT_PATTERN = /\.[cm]?[jt]sx?$/;

/** Starts a choice in a terminal and attaches to the program that it becomes. */
export async function launchAndAttach(choice: LaunchChoice, host: RecordingHost, attacher: Attacher): Promise<void> {
  requireTrust();
  if (choice.kind === 'script') await launchScript(choice, attacher);
  else await launchNpmScript(choice, host, attacher);
}

async function launchScript({ path, args }: LaunchChoice & { kind: 'script' }, attacher: Attacher): Promise<void> {
  if (!existsSync(path)) throw scriptNotFound(path);
  const name = basename(path);
  const node = setting('nodePath');
  const title = vscode.l10n.t('Heatlens: starting {0}', name);
  const launched = await withQuietProgress(title, async ({ signal }) => {
    const needsFacts = isTypeScript(path) && !findTsxLoader(path);
    const facts = needsFacts ? await nodeFacts(node, dirname(path), signal) : undefined;
    return launchInTerminal(name, { kind: 'process', plan: planScript(node, path, args, facts) });
  });
  await attacher.attach([{ spec: { kind: 'pid', pid: launched.pid }, name: `${name} (${launched.pid})` }]);
}

async function launchNpmScript(
  choice: LaunchChoice & { kind: 'npm' },
  host: RecordingHost,
  attacher: Attacher,
): Promise<void> {
  const name = `${choice.manager} run ${choice.script}`;
  const { engine } = await host.start();
  const title = vscode.l10n.t('Heatlens: starting {0}', name);
  const programs = await withQuietProgress(title, async ({ signal }) => {
    const command = {
      kind: 'shell',
      command: choice.manager,
      args: ['run', choice.script],
      cwd: choice.folder,
    } as const;
    const { pid, isRunning } = await launchInTerminal(name, command);
    return findPrograms({ name, isRunning, signal, descendants: () => engine.descendantsOf(pid) });
  });
  if (programs.length === 1) await attacher.attach(programs.map(targetOf));
  else await attacher.pickAndAttach(new Set(programs.map((process) => process.pid)));
}

/** A script that was given as an argument: any link can give one, so nothing starts before the user said so. */
export async function confirmScript(given: vscode.Uri): Promise<LaunchChoice | undefined> {
  requireTrust();
  const path = requireFile(given).fsPath;
  const question = vscode.l10n.t('Start {0} with Node and measure it?', basename(path));
  const detail = vscode.l10n.t('{0} is run in a terminal. A link or another extension asks for it.', path);
  const go = vscode.l10n.t('Start');
  return (await confirm({ question, detail, go })) ? { kind: 'script', path, args: [] } : undefined;
}

type Item = Choice & { choose?: () => Promise<LaunchChoice | undefined>; script?: string };

/** The file in the editor, the npm scripts of the workspace, or any file; undefined when dismissed. */
export async function pickLaunch(paths: FilePaths): Promise<LaunchChoice | undefined> {
  requireTrust();
  const withArguments: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('edit'),
    tooltip: vscode.l10n.t('Start with Arguments…'),
  };
  const pick = createPicker<Item>({
    title: vscode.l10n.t('Launch Script and Profile'),
    placeholder: vscode.l10n.t('Starts a script in a terminal and measures it from the beginning'),
  });
  pick.matchOnDescription = true;
  pick.busy = true;
  const current = currentScript();
  const fileItems: Item[] = current
    ? [
        { label: vscode.l10n.t('Current file'), kind: vscode.QuickPickItemKind.Separator },
        { ...scriptItem(current, paths), buttons: [withArguments] },
      ]
    : [];
  const browse: Item = {
    icon: 'folder-opened',
    label: vscode.l10n.t('Choose a file…'),
    alwaysShow: true,
    choose: async () => {
      const path = await browseScript();
      return path === undefined ? undefined : { kind: 'script', path, args: [] };
    },
  };
  pick.items = [...fileItems, browse].map(shownChoice);
  pick.show();
  const chosen = new Promise<Item['choose']>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.choice.choose));
    pick.onDidHide(() => resolve(undefined));
    pick.onDidTriggerItemButton(({ item: { choice } }) =>
      resolve(async () => (choice.script ? askArguments(choice.script) : undefined)),
    );
  });
  void npmItems(paths).then((items) => {
    pick.items = [...fileItems, ...items, browse].map(shownChoice);
    pick.busy = false;
  });
  const choose = await chosen;
  pick.dispose();
  return choose?.();
}

function currentScript(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' && SCRIPT_PATTERN.test(uri.fsPath) ? uri.fsPath : undefined;
}

function scriptItem(path: string, paths: FilePaths): Item {
  return {
    icon: 'file-code',
    label: basename(path),
    description: paths.short(dirname(path)),
    script: path,
    choose: () => Promise.resolve({ kind: 'script', path, args: [] }),
  };
}

const SHOWN_MANIFESTS = 30;

async function npmItems(paths: FilePaths): Promise<Item[]> {
  const manifests = await vscode.workspace.findFiles('**/package.json', '**/node_modules/**', SHOWN_MANIFESTS);
  const files = manifests.map((uri) => uri.fsPath).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return files.flatMap((file): Item[] => {
    const folder = dirname(file);
    const scripts = npmScripts(file);
    if (!scripts.length) return [];
    const manager = packageManagerOf(folder, existsSync);
    const place = paths.short(file);
    return [
      { label: place, kind: vscode.QuickPickItemKind.Separator },
      ...scripts.map((script) => ({
        icon: 'terminal',
        label: script,
        description: `${manager} run`,
        choose: () => Promise.resolve<LaunchChoice>({ kind: 'npm', script, folder, manager }),
      })),
    ];
  });
}

async function browseScript(): Promise<string | undefined> {
  const picked = await askFiles({
    title: vscode.l10n.t('Script to start and profile'),
    filters: { [vscode.l10n.t('JavaScript and TypeScript')]: ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'jsx', 'tsx'] },
  });
  return picked?.[0]?.fsPath;
}

async function askArguments(path: string): Promise<LaunchChoice | undefined> {
  const text = await ask({
    title: basename(path),
    prompt: vscode.l10n.t('Arguments, separated by spaces; quote arguments that contain spaces'),
  });
  return text === undefined ? undefined : { kind: 'script', path, args: splitArguments(text) };
}
