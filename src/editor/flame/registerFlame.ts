import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { lazyCommands } from '../commands/registerCommands';
import type { CommandTable, FlameCommandName } from '../contributions';
import { customEditors, flameCommands, flamePanel } from '../contributions';
import type { FileContent } from './fileContent';
import type { FlamePanels, FlameServices } from './flamePanels';

export interface Flame extends vscode.Disposable {
  readonly commands: CommandTable<FlameCommandName>;
  /** Keeps what the live graph shows for the next window; nothing where none was opened. */
  save(): Promise<void>;
}

/** Everything behind it is a chunk that the first flame graph loads. */
export function registerFlame(services: FlameServices): Flame {
  const store = new DisposableStore();
  let loading: Promise<FlamePanels> | undefined;
  const load = (): Promise<FlamePanels> =>
    (loading ??= import(/* webpackChunkName: "flame" */ './flamePanels.js').then(({ FlamePanels: Panels }) =>
      store.add(new Panels(services)),
    ));

  const editors: vscode.CustomReadonlyEditorProvider<FileContent> = {
    openCustomDocument: async (uri) => (await load()).openDocument(uri),
    resolveCustomEditor: async (document, panel) => {
      (await load()).resolveEditor(document, panel);
    },
  };
  for (const viewType of Object.values(customEditors)) {
    store.add(
      vscode.window.registerCustomEditorProvider(viewType, editors, { supportsMultipleEditorsPerDocument: true }),
    );
  }
  store.add(
    vscode.window.registerWebviewPanelSerializer(flamePanel, {
      deserializeWebviewPanel: async (panel, state) => (await load()).reviveLive(panel, state),
    }),
  );

  return {
    commands: lazyCommands(flameCommands, async () => {
      const panels = await load();
      const { flameCommandTable } = await import(/* webpackChunkName: "flame" */ './flameCommandTable.js');
      return flameCommandTable(panels, services);
    }),
    save: async () => (await loading)?.save(),
    dispose: () => store.dispose(),
  };
}
