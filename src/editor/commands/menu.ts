import * as vscode from 'vscode';
import { pickOne } from '../messages/questions';
import type { CommandName } from '../contributions';
import { commandId } from '../contributions';
import type { RecordingHost } from '../recording/recordingHost';

interface ContributedCommand {
  readonly command: string;
  readonly title: string;
}

/** What a click on the status-bar item offers: the commands that make sense now, by the titles of the palette. */
export async function showMenu(host: RecordingHost, manifest: unknown): Promise<void> {
  const contributed = (manifest as { contributes: { commands: ContributedCommand[] } }).contributes.commands;
  const titles = new Map(contributed.map(({ command, title }) => [command, title]));
  const items = menuCommands(host).map((name) => ({
    label: titles.get(commandId(name)) ?? name,
    description: name === 'measureExactly' ? vscode.l10n.t('V8 inlines nothing meanwhile') : undefined,
    name,
  }));
  const picked = await pickOne(items, { title: 'Heatlens' });
  if (picked) await vscode.commands.executeCommand(commandId(picked.name));
}

function menuCommands(host: RecordingHost): CommandName[] {
  const { recording, snapshot } = host;
  const names: CommandName[] = [];
  if (host.attachedTargets.length) {
    names.push(recording?.paused ? 'resume' : 'pause');
    if (!recording?.measuringExactly) {
      names.push('measureExactly');
      if (recording?.options.memory !== 'off') names.push('calibrateBytes');
    }
    names.push('reset', 'detach', 'setSamplingInterval');
  }
  if (snapshot) {
    names.push('showFlameGraph', 'showHotMethods', 'nextHotMethod', 'toggleDisplay');
    if (snapshot.accuracy === 'exact') names.push('showApproximate');
    if (host.targets.length > 1) names.push('selectTargets');
    names.push('clear');
  }
  return [...names, 'attachToProcess', 'launchScript', 'openProfile', 'openLog'];
}
