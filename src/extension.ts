import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { HeatSnapshot } from './core/heat/heatSnapshot';
import { createAttacher } from './editor/commands/attach';
import { rememberedMappings } from './editor/commands/attachToHost';
import { heatCommandTable } from './editor/commands/heatCommandTable';
import { launchAndAttach } from './editor/commands/launch';
import { registerCommands } from './editor/commands/registerCommands';
import { createCalibrationOffer } from './editor/commands/offerCalibration';
import { startupAction } from './editor/commands/startup';
import { allSettings, onSettingsChange, setting } from './editor/settings/configuration';
import { createContextKeys } from './editor/settings/contextKeys';
import { localFolders } from './editor/workspace/folders';
import { keepCommandKeys } from './editor/commands/commandKeys';
import { componentFiles, languages } from './editor/contributions';
import { HeatDecorations } from './editor/decorations/heatDecorations';
import { loadEngine } from './editor/recording/engine';
import { closeLeftOpen } from './editor/recording/leftOpen';
import { FileBadges } from './editor/explorer/fileBadges';
import { createFilePaths } from './editor/workspace/filePaths';
import { registerFlame, type Flame } from './editor/flame/registerFlame';
import { HeatModel } from './editor/heat/heatModel';
import { HeatHoverProvider } from './editor/hover/heatHoverProvider';
import { HeatLensProvider } from './editor/lens/heatLensProvider';
import { createLog } from './editor/messages/log';
import { registerDatabases, type Databases } from './editor/database/registerDatabases';
import { createNotify } from './editor/messages/notify';
import { recordingOptions } from './editor/settings/recordingOptions';
import { RecordingHost } from './editor/recording/recordingHost';
import { tellLost } from './editor/recording/tellLost';
import { StatusBar } from './editor/views/statusBar';
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
let databases: Databases | undefined;

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
      onLoseTarget: (lost) => void tellLost(lost, notify),
    }),
  );
  host = recording;
  const model = own(new HeatModel(recording, () => recording.engine, paths));
  const hotMethods = own(new HotMethodsView(model, context.workspaceState));
  const setKey = createContextKeys();
  own(keepCommandKeys(recording, setKey));
  own(new TargetsView(recording));
  own(new StatusBar(recording));
  own(new HeatDecorations(model));

  databases = own(registerDatabases({ context, host: recording, setKey, notify, log }));
  const selector: vscode.DocumentFilter[] = languages.map((language) => ({ language, scheme: 'file' }));
  selector.push({ pattern: componentFiles, scheme: 'file' });
  const lenses = own(new HeatLensProvider(model));
  const badges = own(new FileBadges(model));
  own(vscode.languages.registerCodeLensProvider(selector, lenses));
  own(vscode.languages.registerHoverProvider(selector, new HeatHoverProvider(model)));
  own(vscode.window.registerFileDecorationProvider(badges));

  flame = own(registerFlame({ context, host: recording, model, notify, log }));
  const offer = own(createCalibrationOffer(recording, context.workspaceState));
  const attacher = createAttacher(recording, paths, notify, log, (spec, id) => offer.attached(spec, id));
  const heatCommands = heatCommandTable({ context, host: recording, model, attacher, hotMethods, notify, log });
  own(registerCommands({ ...heatCommands, ...flame.commands, ...databases.commands }, notify));

  const showFilter = (): void => setKey('heatlens.ownCodeOnly', hotMethods.state.ownCodeOnly);
  showFilter();
  own(hotMethods.onDidChangeTreeData(showFilter));
  const applyOptions = (): void => void recording.applyOptions().catch((error: unknown) => notify.error(error));
  own(onSettingsChange(applyOptions));
  own(vscode.workspace.onDidChangeWorkspaceFolders(applyOptions));

  const changed = own(new vscode.EventEmitter<void>());
  own(recording.onDidChange(() => changed.fire()));

  const startUp = async (): Promise<void> => {
    void closeLeftOpen((pid) =>
      log.info(`Closed the inspector of process ${pid}, which a Heatlens that was killed had left open.`),
    );
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
  await Promise.all([flame?.save(), databases?.shutDown(), host?.shutDown()]);
  host = flame = databases = undefined;
}
