import { join } from 'node:path';
import * as vscode from 'vscode';
import { noHeat } from '../editorErrors';
import type { CommandName, InternalCommandName } from '../contributions';
import { commandId, views } from '../contributions';
import type { Flame } from '../flame/registerFlame';
import type { HeatModel } from '../heatModel';
import type { LaunchChoice } from '../launch/launchPlan';
import type { Log } from '../log/log';
import type { Mongo } from '../database/registerMongo';
import type { Notify } from '../notify';
import type { RecordingHost } from '../recordingHost';
import type { HotMethodsView } from '../views/hotMethodsView';
import type { Attacher } from './attach';
import { attachToHost } from './attachToHost';
import { groupHotMethods, sortHotMethods } from './hotMethods';
import { launchAndAttach, pickLaunch } from './launch';
import { attachedRecording, detach, measureExactly, selectTargets, setSamplingInterval } from './measure';
import { showMenu } from './menu';
import { goToMethod, stepToHotMethod } from './navigate';
import { openProfile, profileUris } from './openProfile';

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly host: RecordingHost;
  readonly model: HeatModel;
  readonly attacher: Attacher;
  readonly hotMethods: HotMethodsView;
  readonly flame: Flame;
  readonly mongo: Mongo;
  readonly notify: Notify;
  readonly log: Log;
}

type Handler = (...args: unknown[]) => unknown;

/** What each command does; a command without an entry does not compile. */
export function commandTable(services: Services): Record<CommandName | InternalCommandName, Handler> {
  const { context, host, model, attacher, hotMethods, flame, mongo, notify, log } = services;
  const { paths } = model;
  return {
    attachToProcess: (given) => {
      const pid = pidOf(given);
      if (pid === undefined) return attacher.pickAndAttach();
      return attacher.attach([{ spec: { kind: 'pid', pid }, name: `pid ${pid}` }]);
    },
    attachToHost: () => attachToHost(attacher, context.workspaceState, () => host.applyOptions()),
    launchScript: async (given) => {
      const choice: LaunchChoice | undefined =
        given instanceof vscode.Uri ? { kind: 'script', path: given.fsPath, args: [] } : await pickLaunch(paths);
      if (choice) await launchAndAttach(choice, host, attacher);
    },
    detach: () => detach(host),
    detachTarget: (node) => detach(host, targetIdOf(node)),
    pause: () => attachedRecording(host).pause(),
    resume: () => attachedRecording(host).resume(),
    reset: () => attachedRecording(host).reset(),
    clear: () => host.recording?.clear(),
    setSamplingInterval: () => setSamplingInterval(),
    measureExactly: () => measureExactly(host),
    showApproximate: () => host.recording?.showApproximate(),
    openProfile: (clicked, selection) => openProfile(profileUris(clicked, selection), host, notify, log),
    selectTargets: () => selectTargets(host),
    showHotMethods: () => vscode.commands.executeCommand(`${views.hotMethods}.focus`),
    nextHotMethod: () => stepToHotMethod(model, hotMethods, 1),
    previousHotMethod: () => stepToHotMethod(model, hotMethods, -1),
    sortHotMethods: () => sortHotMethods(hotMethods),
    groupHotMethods: () => groupHotMethods(hotMethods),
    showOwnCodeOnly: () => hotMethods.setState({ ownCodeOnly: true }),
    showAllCode: () => hotMethods.setState({ ownCodeOnly: false }),
    toggleDisplay: () => {
      if (!model.view) throw noHeat();
      model.shown = !model.shown;
    },
    copyAgentCommand: async () => {
      const agent = join(context.extensionPath, 'dist', 'agent.js');
      await vscode.env.clipboard.writeText(`node -r ${/\s/.test(agent) ? JSON.stringify(agent) : agent} `);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: put your script behind it'), 4000);
    },
    openLog: () => log.show(),
    ...flame.commands,
    ...mongo.commands,
    goToMethod: (file, index, line) => {
      if (typeof file !== 'string' || typeof index !== 'number') return undefined;
      return goToMethod(model, file, index, typeof line === 'number' ? line : undefined);
    },
    showMenu: () => showMenu(host, context.extension.packageJSON),
  };
}

/** Registers all; whatever a command throws is shown once, with its next step. */
export function registerCommands(
  table: Record<CommandName | InternalCommandName, Handler>,
  notify: Notify,
): vscode.Disposable {
  const registrations = Object.entries(table).map(([name, run]) =>
    vscode.commands.registerCommand(commandId(name as CommandName), async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        notify.error(error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** Other extensions and tests may say which process: `{ pid }` or the number itself. */
function pidOf(given: unknown): number | undefined {
  const pid = typeof given === 'object' && given !== null ? (given as { pid?: unknown }).pid : given;
  return typeof pid === 'number' ? pid : undefined;
}

function targetIdOf(node: unknown): string | undefined {
  const target = typeof node === 'object' && node !== null ? (node as { target?: { id?: unknown } }).target : undefined;
  return typeof target?.id === 'string' ? target.id : undefined;
}
