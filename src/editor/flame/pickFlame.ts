import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { commandId } from '../contributions';
import { pickOne, type Choice } from '../messages/questions';
import type { FlamePanels, FlameServices } from './flamePanels';
import { chooseProfile } from './profileFilters';
import { recentProfiles } from './recentProfiles';

/** Nothing is measured: what could be shown instead. */
export async function pickFlame(panels: FlamePanels, { context, model }: FlameServices): Promise<void> {
  type Item = Choice & { run?: () => unknown };
  const recent = recentProfiles(context.workspaceState).map((uri): Item => ({
    icon: 'flame',
    label: basename(uri.fsPath),
    description: model.paths.short(dirname(uri.fsPath)),
    run: () => panels.openInEditor(uri),
  }));
  const attach: Item = {
    icon: 'add',
    label: vscode.l10n.t('Attach to Node Process'),
    description: vscode.l10n.t('its flame graph refreshes while it runs'),
    run: () => vscode.commands.executeCommand(commandId('attachToProcess')),
  };
  const items: Item[] = [
    {
      icon: 'folder-opened',
      label: vscode.l10n.t('Open a Profile…'),
      description: '.cpuprofile, .heapprofile, .pprof, .pb.gz, .speedscope.json, .folded',
      run: async () => {
        const uri = await chooseProfile(vscode.l10n.t('Profile to show'));
        return uri && panels.openInEditor(uri);
      },
    },
    ...(vscode.workspace.isTrusted ? [attach] : []),
    ...(recent.length ? [{ label: vscode.l10n.t('Recent'), kind: vscode.QuickPickItemKind.Separator }, ...recent] : []),
  ];
  const title = vscode.l10n.t('Nothing has been measured yet. What should the flame graph show?');
  const picked = await pickOne(items, { title });
  await picked?.run?.();
}
