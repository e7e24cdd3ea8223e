import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { flameTexts } from '../../core/pageTexts/flame';
import type {
  FlameHostSide,
  FlamePageCommand,
  FlamePageSide,
  FlameState,
  PageExportFormat,
  ToFlamePage,
} from '../../core/protocol/flame';
import { flameHostGuards, flamePageGuards } from '../../core/protocol/flameGuards';
import type { FramePlace } from '../../core/profile/frame';
import type { Log } from '../messages/log';
import { PageHost, type OwnEvent, type PageKind } from '../webview/pageHost';
import type { FlameContent, ShownProfile } from './flameContent';
import type { RevealSource } from './revealSource';
import { sendSources } from './sendSources';
import { onAbort } from '../../core/abort';

export interface FlamePageServices {
  readonly extensionUri: vscode.Uri;
  readonly reveal: RevealSource;
  readonly log: Log;
  /** Without a format the user is asked for one. */
  askExport(page: FlamePage, format?: PageExportFormat): void;
  askComparison(page: FlamePage): void;
}

const kind: PageKind<FlameHostSide, FlamePageSide> = {
  name: 'flame',
  texts: flameTexts,
  hostGuards: flameHostGuards,
  pageGuards: flamePageGuards,
  drawsInWorker: true,
};

/** A drawing takes a moment; a page that says nothing for so long is gone, ms. */
const EXPORT_PATIENCE_MS = 30_000;

/** A panel and the profile that it shows, which may come late, and again and again. */
export class FlamePage implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly host: PageHost<FlameHostSide, FlamePageSide>;
  private sent: ShownProfile | undefined;
  private sentStatus = '';
  private comparison: ArrayBuffer | undefined;
  private sourcesRun = 0;

  readonly onDidDispose: PageHost<FlameHostSide, FlamePageSide>['onDidDispose'];

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly content: FlameContent,
    private readonly services: FlamePageServices,
    state?: FlameState,
  ) {
    this.host = new PageHost<FlameHostSide, FlamePageSide>(panel, kind, {
      extensionUri: services.extensionUri,
      title: content.name,
      state,
      answers: {},
      ready: () => {
        this.sent = undefined;
        this.sentStatus = '';
        this.update();
      },
      receive: (event) => this.receive(event),
      log: (text) => services.log.error(`flame graph page: ${text}`),
    });
    this.onDidDispose = this.host.onDidDispose;
    this.store.add(content.onDidChange(() => this.update()));
    this.store.add(panel.onDidChangeViewState(() => this.update()));
    this.store.add(this.onDidDispose(() => this.end()));
  }

  get hasComparison(): boolean {
    return this.comparison !== undefined;
  }

  /** As soon as a profile is shown. */
  command(command: FlamePageCommand): void {
    this.host.sendOnceShown({ type: 'command', command });
  }

  /** As soon as a profile is shown. */
  focus(frames: readonly FramePlace[]): void {
    this.host.sendOnceShown({ type: 'focus', frames });
  }

  /** What was before; stays when the page is hidden and shown again. */
  compareWith(data: ArrayBuffer): void {
    this.comparison = data;
    if (this.host.isShown) this.host.send({ type: 'comparison', data });
  }

  /** A drawing of what the page shows. */
  async draw(format: PageExportFormat, signal: AbortSignal): Promise<string | ArrayBuffer> {
    const abort = new AbortController();
    const seconds = EXPORT_PATIENCE_MS / 1000;
    const tooLate = (): void => abort.abort(new Error(`the page drew no ${format} within ${seconds} s`));
    const timer = setTimeout(tooLate, EXPORT_PATIENCE_MS);
    const listening = onAbort(signal, () => abort.abort(new vscode.CancellationError()));
    try {
      this.panel.reveal(undefined, true);
      return await this.host.ask('draw', { format }, abort.signal);
    } finally {
      clearTimeout(timer);
      listening.dispose();
    }
  }

  dispose(): void {
    this.host.dispose();
  }

  private end(): void {
    this.sourcesRun++;
    this.store.dispose();
  }

  private update(): void {
    if (!this.host.isReady) return;
    const profile = this.content.profile();
    if (profile && profile !== this.sent) this.show(profile);
    const { status } = this.content;
    const text = JSON.stringify(status) ?? '';
    if (text === this.sentStatus) return;
    this.sentStatus = text;
    if (status) this.host.send(status);
  }

  private show(profile: ShownProfile): void {
    const { data, live, titles, active } = profile;
    const isNewPage = this.sent === undefined;
    this.sent = profile;
    // A live page keeps its own state, which is newer than what it has told.
    const state = live && !isNewPage ? undefined : (this.host.state as FlameState | undefined);
    this.host.send({ type: 'profile', data, live, titles, active, state });
    // A profile ends the progress that was shown before it.
    this.sentStatus = '';
    if (isNewPage && this.comparison) this.host.send({ type: 'comparison', data: this.comparison });
    this.host.markShown();
    this.sendSources(profile);
  }

  private sendSources(profile: ShownProfile): void {
    const run = ++this.sourcesRun;
    const send = (sources: Extract<ToFlamePage, { type: 'sources' }>['sources']): boolean => {
      if (run !== this.sourcesRun) return false;
      this.host.send({ type: 'sources', sources });
      return true;
    };
    sendSources(profile, () => this.services.reveal.mappings, send).catch((error: unknown) =>
      this.services.log.error(`sources of ${this.content.name}: ${String(error)}`),
    );
  }

  private receive(event: OwnEvent<FlameHostSide>): void {
    switch (event.type) {
      case 'openSource':
        void this.services.reveal.open(event.place, this.sent, this.panel.viewColumn);
        break;
      case 'selected':
        if (event.place) void this.services.reveal.show(event.place, this.sent);
        break;
      case 'chooseProfile':
        this.content.choose(event.index);
        break;
      case 'cancelWork':
        this.content.cancel?.();
        break;
      case 'askExport':
        this.services.askExport(this, event.format);
        break;
      case 'askComparison':
        this.services.askComparison(this);
        break;
    }
  }
}
