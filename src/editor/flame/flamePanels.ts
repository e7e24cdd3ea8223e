import { join } from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { FlameState } from '../../core/protocol/flame';
import { isFlameState } from '../../core/protocol/flameGuards';
import { createMethodResolver } from '../../node/sources/createMethodResolver';
import { localFolders } from '../workspace/folders';
import { customEditors, flamePanel } from '../contributions';
import type { HeatModel } from '../heat/heatModel';
import { entitle } from '../messages/items';
import type { Log } from '../messages/log';
import { showInformation } from '../messages/notifications';
import type { Notify } from '../messages/notify';
import type { RecordingHost } from '../recording/recordingHost';
import { createPanel, PageSet } from '../webview/pageSet';
import { compareInPage, rememberComparison, restoreComparison } from './compareProfiles';
import { exportPage } from './exportFlame';
import { FileContent } from './fileContent';
import { FlamePage, type FlamePageServices } from './flamePage';
import { LiveContent } from './liveContent';
import { framesOfMethod } from './methodFrames';
import { rememberProfile } from './recentProfiles';
import { createRevealSource } from './revealSource';
import { createSavedColumns, type SavedColumns } from './savedColumns';

export interface FlameServices {
  readonly context: vscode.ExtensionContext;
  readonly host: RecordingHost;
  readonly model: HeatModel;
  readonly notify: Notify;
  readonly log: Log;
}

/** All flame graphs of the window: one of the recording, and one for each editor of a profile file. */
export class FlamePanels implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly pages = new PageSet<FlamePage>();
  private readonly pageServices: FlamePageServices;
  private readonly saved: SavedColumns;
  private readonly live: LiveContent;
  private livePage: FlamePage | undefined;

  constructor(private readonly services: FlameServices) {
    const { context, host, model, notify, log } = services;
    const reveal = this.store.add(
      createRevealSource(
        model.paths,
        () => host.options.pathMappings,
        (document, file, index) => model.locate(document, file, index),
      ),
    );
    this.pageServices = {
      extensionUri: context.extensionUri,
      reveal,
      log,
      askExport: (page, format) =>
        void exportPage(page, this.services, format && { format }).catch((error: unknown) => notify.error(error)),
      askComparison: (page) =>
        void compareInPage(page, context.workspaceState).catch((error: unknown) => notify.error(error)),
    };
    const folder = context.storageUri?.scheme === 'file' ? join(context.storageUri.fsPath, 'flame') : undefined;
    this.saved = createSavedColumns(folder, (text) => log.warn(`live flame graph: ${text}`));
    this.live = this.store.add(new LiveContent(host, this.saved, () => this.createResolver()));
  }

  /** The one in front, else the one that was last, else any. */
  get active(): FlamePage | undefined {
    return this.pages.active ?? this.pages.all()[0];
  }

  openDocument(uri: vscode.Uri): FileContent {
    rememberProfile(this.services.context.workspaceState, uri);
    return this.openContent(uri);
  }

  /** A file that is read for something else than an editor of its own. */
  openContent(uri: vscode.Uri): FileContent {
    return new FileContent(
      uri,
      (folder) => this.createResolver(folder),
      (text) => this.services.log.warn(text),
    );
  }

  /** Opens a file in an editor of its own, and gives its page. */
  async openInEditor(uri: vscode.Uri): Promise<FlamePage> {
    await vscode.commands.executeCommand('vscode.openWith', uri, editorFor(uri));
    const page = this.pages
      .all()
      .find(({ content }) => content instanceof FileContent && content.uri.toString() === uri.toString());
    if (!page) throw new Error(`no flame graph of ${uri.fsPath} was opened`);
    return page;
  }

  resolveEditor(document: FileContent, panel: vscode.WebviewPanel): FlamePage {
    const { workspaceState } = this.services.context;
    // Closed by the user; a window that closes tells nobody, and finds it again.
    const closed = (): void => rememberComparison(page, undefined, workspaceState);
    const page: FlamePage = this.pages.add(new FlamePage(panel, document, this.pageServices), closed);
    void restoreComparison(page, workspaceState).catch((error: unknown) =>
      this.services.log.warn(`comparison of ${document.name}: ${String(error)}`),
    );
    return page;
  }

  /** Shows the recording. */
  showLive(): FlamePage {
    if (this.livePage) this.livePage.panel.reveal();
    else {
      this.livePage = this.attachLive(createPanel(flamePanel, vscode.l10n.t('Flame Graph')));
    }
    return this.livePage;
  }

  /** A panel that the window had before it was reloaded. */
  reviveLive(panel: vscode.WebviewPanel, state: unknown): void {
    if (this.livePage) return panel.dispose();
    this.livePage = this.attachLive(panel, isFlameState(state) ? state : undefined);
    void this.live.restore();
    return undefined;
  }

  /** The live graph, focused on a method of the source. */
  showMethod(file: string, index: number): void {
    const page = this.showLive();
    const profile = this.live.profile();
    const frames = profile ? framesOfMethod(profile, file, index) : [];
    if (frames.length) return page.focus(frames);
    // Its heat was told by line numbers inside its caller.
    const text = vscode.l10n.t(
      'This method has no frame of its own: V8 inlined it into its callers. Measure Exactly gives it one, while V8 inlines nothing.',
    );
    void showInformation(text);
    return undefined;
  }

  /** Keeps what the live graph shows for the next window. */
  async save(): Promise<void> {
    if (this.livePage) await this.live.save();
  }

  dispose(): void {
    this.store.dispose();
  }

  private attachLive(panel: vscode.WebviewPanel, state?: FlameState): FlamePage {
    panel.iconPath = vscode.Uri.joinPath(this.services.context.extensionUri, 'media', 'icon.svg');
    const retitle = (): void => entitle(panel, vscode.l10n.t('Flame Graph: {0}', this.live.name));
    const titles = this.live.onDidChange(retitle);
    retitle();
    return this.pages.add(new FlamePage(panel, this.live, this.pageServices, state), () => {
      titles.dispose();
      this.livePage = undefined;
      this.live.release();
      // Closed by the user; a window that closes tells nobody.
      void this.saved.clear();
    });
  }

  private createResolver(folder?: string): MethodResolver {
    const { pathMappings } = this.services.host.options;
    const roots = localFolders().map(({ path }) => path);
    return createMethodResolver({ pathMappings, roots: folder === undefined ? roots : [...roots, folder] });
  }
}

function editorFor(uri: vscode.Uri): string {
  return /\.(pprof|pb\.gz)$/i.test(uri.path) ? customEditors.own : customEditors.offered;
}
