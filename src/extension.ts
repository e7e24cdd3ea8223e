import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { HeatSnapshot } from './core/heat/heatSnapshot';
import { createAttacher } from './editor/commands/attach';
import { rememberedMappings } from './editor/commands/attachToHost';
import { commandTable, registerCommands } from './editor/commands/commandTable';
import { launchAndAttach } from './editor/commands/launch';
import { startupAction } from './editor/commands/startup';
import { allSettings, localFolders, onSettingsChange, setting } from './editor/configuration';
import { ContextKeyUpdater } from './editor/contextKeys';
import { languages } from './editor/contributions';
import { HeatDecorations } from './editor/decorations/heatDecorations';
import { loadEngine } from './editor/engine';
import { FileBadges } from './editor/explorer/fileBadges';
import { createFilePaths } from './editor/filePaths';
import { registerFlame, type Flame } from './editor/flame/registerFlame';
import { HeatModel } from './editor/heatModel';
import { HeatHoverProvider } from './editor/hover/heatHoverProvider';
import { HeatLensProvider } from './editor/lens/heatLensProvider';
import { createLog } from './editor/log/log';
import { registerMongo, type Mongo } from './editor/database/registerMongo';
import { createNotify } from './editor/notify';
import { recordingOptions } from './editor/recordingOptions';
import { RecordingHost } from './editor/recordingHost';
import { StatusBar } from './editor/statusBar';
import { HotMethodsView } from './editor/views/hotMethodsView';
import { TargetsView } from './editor/views/targetsView';

/** What other extensions may read; stable within a major version. */
export interface HeatlensApi {
  readonly version: 1;
  /** Latest heat of this window; undefined until something was measured or loaded. */
  getSnapshot(): HeatSnapshot | undefined;
  readonly onDidChangeHeat: vscode.Event<void>;
}

let host: RecordingHost | undefined;
let flame: Flame | undefined;
let mongo: Mongo | undefined;

/** Registers everything and loads nothing: the engine is a chunk of its own that the first use loads. */
export function activate(context: vscode.ExtensionContext): HeatlensApi {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const own = <T extends vscode.Disposable>(item: T): T => {
    context.subscriptions.push(item);
    return item;
  };

  const log = own(createLog());
  const notify = createNotify(log);
  const paths = createFilePaths(localFolders);
  const recording = own(
    new RecordingHost({
      loadEngine,
      options: () => recordingOptions(allSettings(), localFolders(), rememberedMappings(context.workspaceState)),
      onLoseTarget: (message) => notify.warn(message),
    }),
  );
  host = recording;
  const model = own(new HeatModel(recording, () => recording.engine, paths));
  const hotMethods = own(new HotMethodsView(model, context.workspaceState));
  const keys = own(new ContextKeyUpdater(recording));
  own(new TargetsView(recording));
  own(new StatusBar(recording));
  own(new HeatDecorations(model));

  mongo = own(registerMongo({ context, host: recording, keys, notify, log }));
  const selector = languages.map((language) => ({ language, scheme: 'file' }));
  const lenses = own(new HeatLensProvider(model));
  const badges = own(new FileBadges(model));
  own(vscode.languages.registerCodeLensProvider(selector, lenses));
  own(vscode.languages.registerHoverProvider(selector, new HeatHoverProvider(model, recording)));
  own(vscode.window.registerFileDecorationProvider(badges));

  flame = own(registerFlame({ context, host: recording, model, notify, log }));
  const attacher = createAttacher(recording, paths, notify, log);
  const table = commandTable({ context, host: recording, model, attacher, hotMethods, flame, mongo, notify, log });
  own(registerCommands(table, notify));

  const showFilter = (): void => keys.set('heatlens.ownCodeOnly', hotMethods.state.ownCodeOnly);
  showFilter();
  own(hotMethods.onDidChangeTreeData(showFilter));
  const applyOptions = (): void => void recording.applyOptions().catch((error: unknown) => notify.error(error));
  own(onSettingsChange(applyOptions));
  own(vscode.workspace.onDidChangeWorkspaceFolders(applyOptions));

  const changed = own(new vscode.EventEmitter<void>());
  own(recording.onDidChange(() => changed.fire()));

  const startUp = async (): Promise<void> => {
    const wish = setting('attachOnStartup');
    const action = startupAction(wish, localFolders()[0]?.path);
    if (!action) {
      if (Object.keys(wish).length)
        log.warn(`heatlens.attachOnStartup names nothing to attach to: ${JSON.stringify(wish)}`);
      return;
    }
    try {
      if ('target' in action) await attacher.attach([action.target]);
      else await launchAndAttach(action.launch, recording, attacher);
    } catch (error) {
      notify.error(error);
    }
  };
  if (vscode.workspace.isTrusted) void startUp();
  else own(vscode.workspace.onDidGrantWorkspaceTrust(startUp));

  return { version: 1, getSnapshot: () => recording.snapshot, onDidChangeHeat: changed.event };
}

/** The editor waits for this: every process is put back as it was found before the window closes. */
export async function deactivate(): Promise<void> {
  await Promise.all([flame?.save(), mongo?.shutDown(), host?.shutDown()]);
  host = flame = mongo = undefined;
}
