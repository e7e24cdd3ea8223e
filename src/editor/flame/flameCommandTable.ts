import * as vscode from 'vscode';
import type { FlamePageCommand } from '../../core/protocol/flame';
import type { ViewKind } from '../../core/flame/view/viewOptions';
import { requireFile } from '../workspace/requireFile';
import { hotMethodAtCursor } from '../commands/navigate';
import type { CommandTable, FlameCommandName } from '../contributions';
import { compareFiles, compareInPage } from './compareProfiles';
import { exportPage } from './exportFlame';
import { exportOf, methodOf, pairOf } from './flameArguments';
import type { FlamePage } from './flamePage';
import type { FlamePanels, FlameServices } from './flamePanels';
import { pickFlame } from './pickFlame';
import { chooseProfile } from './profileFilters';
import { noFlameGraph } from './flameErrors';
import { noHeat } from '../editorErrors';

export function flameCommandTable(panels: FlamePanels, services: FlameServices): CommandTable<FlameCommandName> {
  const { context, host, model } = services;
  const memento = context.workspaceState;
  const activePage = (): FlamePage => {
    const { active } = panels;
    if (!active) throw noFlameGraph();
    return active;
  };
  const tell = (command: FlamePageCommand) => (): void => activePage().command(command);
  const view = (name: ViewKind) => tell({ name: 'view', view: name });
  return {
    showFlameGraph: async (given) => {
      if (given instanceof vscode.Uri) await panels.openInEditor(requireFile(given));
      else if (host.snapshot ?? host.attachedTargets.length) panels.showLive();
      else await pickFlame(panels, services);
    },
    showInFlameGraph: (given, index) => {
      const method = methodOf(given, index) ?? hotMethodAtCursor(model)?.heat.source;
      if (!method) throw noHeat();
      panels.showMethod(method.file, method.index);
    },
    compareProfiles: async (clicked, selection) => {
      const given = pairOf(clicked, selection);
      if (given) return compareFiles(requireFile(given.before), requireFile(given.after), panels, memento);
      if (panels.active) return compareInPage(panels.active, memento);
      const after = await chooseProfile(vscode.l10n.t('Profile to show'));
      return after && compareInPage(await panels.openInEditor(after), memento);
    },
    exportFlameGraph: (given) => exportPage(activePage(), services, exportOf(given)),
    findInFlameGraph: tell({ name: 'find' }),
    nextFlameMatch: tell({ name: 'nextMatch' }),
    previousFlameMatch: tell({ name: 'previousMatch' }),
    resetFlameZoom: tell({ name: 'resetZoom' }),
    flameTimeOrder: view('timeOrder'),
    flameLeftHeavy: view('leftHeavy'),
    flameInverted: view('inverted'),
    flameSandwich: view('sandwich'),
    flameTable: view('table'),
    flameDifference: async () => {
      const page = activePage();
      if (page.hasComparison) page.command({ name: 'view', view: 'difference' });
      else await compareInPage(page, memento);
    },
  };
}
