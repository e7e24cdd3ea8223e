import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import type { FramePlace } from '../../core/profile/frame';
import type {
  FlamePageCommand,
  FlameState,
  FromFlamePage,
  PageExportFormat,
  ToFlamePage,
} from '../../core/protocol/flame';
import type { Log } from '../messages/log';
import type { FlameContent, ShownProfile } from './flameContent';
import { webviewHtml } from '../webviewHtml';
import { sendSources } from './sendSources';
import type { RevealSource } from './revealSource';

export interface FlamePageServices {
  readonly extensionUri: vscode.Uri;
  readonly reveal: RevealSource;
  readonly log: Log;
  askExport(page: FlamePage): void;
  askComparison(page: FlamePage): void;
}

/** A drawing takes a moment; a page that says nothing for so long is gone, ms. */
const EXPORT_PATIENCE_MS = 30_000;

/** Messages between a webview panel and what it shows. The page asks first (`ready`), also after it was hidden. */
export class FlamePage implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly disposed = new Emitter<void>();
  private readonly exported = new Emitter<Extract<FromFlamePage, { type: 'exported' | 'failed' }>>();
  private ready = false;
  private sent: ShownProfile | undefined;
  private sentStatus = '';
  private comparison: ArrayBuffer | undefined;
  /** What waits for a profile to be on the page. */
  private waiting: ToFlamePage[] = [];
  private sourcesRun = 0;

  readonly onDidDispose = this.disposed.event;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly content: FlameContent,
    private readonly services: FlamePageServices,
    private state?: FlameState,
  ) {
    const { webview } = panel;
    const root = vscode.Uri.joinPath(services.extensionUri, 'dist', 'webview');
    webview.options = {
      enableScripts: true,
      localResourceRoots: [root, vscode.Uri.joinPath(services.extensionUri, 'media')],
    };
    this.store.add(webview.onDidReceiveMessage((message: FromFlamePage) => this.receive(message)));
    this.store.add(content.onDidChange(() => this.update()));
    this.store.add(
      panel.onDidChangeViewState(() => {
        // A page that is hidden is thrown away, and made anew when it is shown.
        if (!panel.visible) this.ready = false;
        this.update();
      }),
    );
    this.store.add(panel.onDidDispose(() => this.dispose()));
    const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
    webview.html = webviewHtml({
      script: uriOf('flame.js'),
      style: uriOf('flame.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      language: vscode.env.language,
      title: content.name,
      drawsInWorker: true,
    });
  }

  get hasComparison(): boolean {
    return this.comparison !== undefined;
  }

  /** As soon as a profile is shown. */
  send(message: ToFlamePage): void {
    if (this.ready && this.sent) this.post(message);
    else this.waiting.push(message);
  }

  command(command: FlamePageCommand): void {
    this.send({ type: 'command', command });
  }

  focus(frames: readonly FramePlace[]): void {
    this.send({ type: 'focus', frames });
  }

  /** What was before; stays when the page is hidden and shown again. */
  compareWith(data: ArrayBuffer): void {
    this.comparison = data;
    this.send({ type: 'comparison', data });
  }

  /** A drawing of what the page shows. */
  exportFromPage(format: PageExportFormat, signal: AbortSignal): Promise<string | ArrayBuffer> {
    return new Promise((resolve, reject) => {
      const done = new DisposableStore();
      const fail = (error: Error): void => {
        done.dispose();
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new Error(`the page drew no ${format} within ${EXPORT_PATIENCE_MS / 1000} s`)),
        EXPORT_PATIENCE_MS,
      );
      const abort = (): void => fail(new vscode.CancellationError());
      signal.addEventListener('abort', abort);
      done.add({ dispose: () => clearTimeout(timer) });
      done.add({ dispose: () => signal.removeEventListener('abort', abort) });
      done.add(this.onDidDispose(abort));
      done.add(
        this.exported.event((message) => {
          if (message.type === 'failed') return fail(new Error(message.message));
          if (message.format !== format) return undefined;
          done.dispose();
          return resolve(message.data);
        }),
      );
      this.panel.reveal(undefined, true);
      this.command({ name: 'export', format });
    });
  }

  dispose(): void {
    this.sourcesRun++;
    this.store.dispose();
    this.disposed.fire();
    this.disposed.dispose();
    this.exported.dispose();
  }

  private update(): void {
    if (!this.ready || !this.panel.visible) return;
    const profile = this.content.profile();
    if (profile && profile !== this.sent) this.show(profile);
    const { status } = this.content;
    const text = JSON.stringify(status) ?? '';
    if (text === this.sentStatus) return;
    this.sentStatus = text;
    if (status) this.post(status);
  }

  private show(profile: ShownProfile): void {
    const { data, live, titles, active } = profile;
    const isNewPage = this.sent === undefined;
    this.sent = profile;
    // A live page keeps its own state, which is newer than what it has told.
    this.post({ type: 'profile', data, live, titles, active, state: live && !isNewPage ? undefined : this.state });
    // A profile ends the progress that was shown before it.
    this.sentStatus = '';
    if (isNewPage && this.comparison && !this.waiting.some(({ type }) => type === 'comparison')) {
      this.post({ type: 'comparison', data: this.comparison });
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (const message of waiting) this.post(message);
    const run = ++this.sourcesRun;
    sendSources(
      profile,
      () => this.services.reveal.mappings,
      (sources) => {
        if (run !== this.sourcesRun) return false;
        this.post({ type: 'sources', sources });
        return true;
      },
    ).catch((error: unknown) => this.services.log.error(`sources of ${this.content.name}: ${String(error)}`));
  }

  private receive(message: FromFlamePage): void {
    switch (message.type) {
      case 'ready':
        // Also of a page that was made anew when the panel was moved or shown again: it knows nothing.
        this.ready = true;
        this.sent = undefined;
        this.sentStatus = '';
        this.update();
        break;
      case 'state':
        this.state = message.state;
        break;
      case 'openSource':
        void this.services.reveal.open(message.place, this.sent, this.panel.viewColumn);
        break;
      case 'selected':
        if (message.place) void this.services.reveal.show(message.place, this.sent);
        break;
      case 'chooseProfile':
        this.content.choose(message.index);
        break;
      case 'cancelWork':
        this.content.cancel?.();
        break;
      case 'askExport':
        this.services.askExport(this);
        break;
      case 'askComparison':
        this.services.askComparison(this);
        break;
      case 'exported':
        this.exported.fire(message);
        break;
      case 'failed':
        this.services.log.error(`flame graph page: ${message.message}`);
        this.exported.fire(message);
        break;
    }
  }

  private post(message: ToFlamePage): void {
    void this.panel.webview.postMessage(message);
  }
}
