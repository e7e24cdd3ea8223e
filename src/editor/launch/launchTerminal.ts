import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { shownLabel } from '../messages/shownText';
import { launchedAndGone, launchedNotFound, launchNeedsFolder, nodeNotFound } from './launchErrors';
import type { LaunchPlan } from './launchPlan';

/** A program in a task's terminal, which stays open with its output when the program ends. */
export interface Launched {
  /** Of the process that the terminal started: the program itself, or the shell of an npm script. */
  readonly pid: number;
  readonly isRunning: () => boolean;
}

export type TerminalCommand =
  | { readonly kind: 'process'; readonly plan: LaunchPlan }
  | { readonly kind: 'shell'; readonly command: string; readonly args: readonly string[]; readonly cwd: string };

const START_TIMEOUT_MS = 20_000;

/**
 * A task rather than a terminal of our own: the editor then tells the pid of exactly the process it started, quotes the
 * command line for every shell, and keeps the output afterwards. Throws `launchNeedsFolder`, and `nodeNotFound`,
 * `launchedAndGone` or `launchedNotFound` when nothing starts.
 */
export async function launchInTerminal(program: string, command: TerminalCommand): Promise<Launched> {
  const name = shownLabel(program);
  // Without a folder the editor refuses terminals outside of the home folder, and tells nobody that it did.
  if (!vscode.workspace.workspaceFolders?.length) throw launchNeedsFolder();
  const cwd = command.kind === 'process' ? command.plan.cwd : command.cwd;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(cwd));
  const task = new vscode.Task(
    // The name makes tasks of one kind different; two at once would otherwise be one.
    { type: 'heatlens', name, startedAt: Date.now() },
    folder ?? vscode.TaskScope.Workspace,
    name,
    'Heatlens',
    execution(command),
  );
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    focus: false,
    clear: true,
  };
  const store = new DisposableStore();
  let running = true;
  const started = new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(launchedNotFound(name, START_TIMEOUT_MS / 1000)), START_TIMEOUT_MS);
    store.add({ dispose: () => clearTimeout(timer) });
    const isOurs = (execution: vscode.TaskExecution): boolean =>
      execution.task.definition['startedAt'] === task.definition['startedAt'] && execution.task.name === name;
    store.add(
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (!isOurs(event.execution)) return;
        clearTimeout(timer);
        // The types promise a pid, but there is none when the command could not be run.
        if (event.processId > 0) resolve(event.processId);
        else reject(command.kind === 'process' ? nodeNotFound(command.plan.command) : launchedAndGone(name));
      }),
    );
    store.add(
      vscode.tasks.onDidEndTask((event) => {
        if (!isOurs(event.execution)) return;
        running = false;
        store.dispose();
        reject(launchedAndGone(name));
      }),
    );
  });
  // Whoever awaits `executeTask` first must not leave an early end unhandled.
  started.catch(() => undefined);
  try {
    await vscode.tasks.executeTask(task);
    return { pid: await started, isRunning: () => running };
  } catch (error) {
    store.dispose();
    throw error;
  }
}

function execution(command: TerminalCommand): vscode.ProcessExecution | vscode.ShellExecution {
  if (command.kind === 'process') {
    const { plan } = command;
    return new vscode.ProcessExecution(plan.command, [...plan.args], { cwd: plan.cwd });
  }
  return new vscode.ShellExecution(command.command, [...command.args], { cwd: command.cwd });
}
