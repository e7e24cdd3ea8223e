import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CommandTable, HeatCommandName } from '../contributions';
import { views } from '../contributions';
import type { HeatModel } from '../heat/heatModel';
import type { Log } from '../messages/log';
import type { Notify } from '../messages/notify';
import { tell } from '../messages/tell';
import type { RecordingHost } from '../recording/recordingHost';
import type { HotMethodsView } from '../views/hotMethodsView';
import type { Attacher } from './attach';
import { attachToHost } from './attachToHost';
import { groupHotMethods, sortHotMethods } from './hotMethods';
import { confirmScript, launchAndAttach, pickLaunch } from './launch';
import {
  attachedRecording,
  calibrateBytes,
  detach,
  measureExactly,
  selectTargets,
  setSamplingInterval,
} from './measure';
import { showMenu } from './menu';
import { goToMethod, stepToHotMethod } from './navigate';
import { openProfile, profileUris } from './openProfile';
import { noHeat } from '../editorErrors';

export interface HeatCommandServices {
  readonly context: vscode.ExtensionContext;
  readonly host: RecordingHost;
  readonly model: HeatModel;
  readonly attacher: Attacher;
  readonly hotMethods: HotMethodsView;
  readonly notify: Notify;
  readonly log: Log;
}

export function heatCommandTable(services: HeatCommandServices): CommandTable<HeatCommandName> {
  const { context, host, model, attacher, hotMethods, notify, log } = services;
  const { paths } = model;
  return {
    attachToProcess: () => attacher.pickAndAttach(),
    attachToHost: () => attachToHost(attacher, context.workspaceState, () => host.applyOptions()),
    launchScript: async (given) => {
      const choice = given instanceof vscode.Uri ? await confirmScript(given) : await pickLaunch(paths);
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
    calibrateBytes: () => calibrateBytes(host),
    showApproximate: () => host.recording?.showApproximate(),
    openProfile: (clicked, selection) => openProfile(profileUris(clicked, selection), host, notify, log),
    selectTargets: () => selectTargets(host),
    showHotMethods: () => vscode.commands.executeCommand(`${views.hotMethods}.focus`),
    nextHotMethod: () => stepToHotMethod(model, host.options.pathMappings, hotMethods, 1),
    previousHotMethod: () => stepToHotMethod(model, host.options.pathMappings, hotMethods, -1),
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
      tell(vscode.l10n.t('Copied: add your script at the end'), 4000);
    },
    openLog: () => log.show(),
    goToMethod: (file, index, line) => {
      if (typeof file !== 'string' || typeof index !== 'number') return undefined;
      return goToMethod(
        model,
        host.options.pathMappings,
        file,
        index,
        Number.isSafeInteger(line) ? Math.max(0, Number(line)) : undefined,
      );
    },
    showMenu: () => showMenu(host, context.extension.packageJSON),
  };
}

function targetIdOf(node: unknown): string | undefined {
  const { target } = (node ?? {}) as { target?: { id?: unknown } | null };
  return typeof target?.id === 'string' ? target.id : undefined;
}
