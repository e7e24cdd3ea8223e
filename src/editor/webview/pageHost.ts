import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import {
  createMessenger,
  type Answers,
  type Messenger,
  type Side,
  type SideGuards,
} from '../../core/protocol/messenger';
import type { PageEvent } from '../../core/protocol/page';
import { translatedTexts } from './pageTexts';
import { webviewHtml } from './webviewHtml';
import { onAbort } from '../../core/abort';

/** All that the pages of one kind have in common. `Host` is what a page may tell and ask, `Page` what it may be told and asked. */
export interface PageKind<Host extends Side, Page extends Side> {
  /** Of its script and style sheet in `dist/webview`. */
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly hostGuards: SideGuards<Host>;
  readonly pageGuards: SideGuards<Page>;
  readonly drawsInWorker?: boolean;
}

/** What every page tells is dealt with here. */
export type OwnEvent<Host extends Side> = Exclude<Host['event'], { readonly type: PageEvent<unknown>['type'] }>;

export interface PageHostOptions<Host extends Side> {
  readonly extensionUri: vscode.Uri;
  readonly title: string;
  /** Of what it shows, if it is to be found again after the window was reloaded. */
  readonly key?: string;
  /** What an earlier window kept. */
  readonly state?: unknown;
  readonly answers: Answers<Host>;
  /** The page listens, and knows nothing: at first, and again each time that it was thrown away. */
  ready(): void;
  receive(event: OwnEvent<Host>): void;
  log(text: string): void;
}

/** For the page to show something. */
interface Waiting {
  go(): void;
  giveUp?(reason: Error): void;
}

/** One webview panel and the channel to its page. The page is thrown away while the panel is hidden, and then made anew. */
export class PageHost<Host extends Side, Page extends Side> implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly disposed = new Emitter<void>();
  private readonly messenger: Messenger<Page>;
  private listens = false;
  private shows = false;
  private waiting: Waiting[] = [];
  /** What the page kept last, to be given back to it. */
  state: unknown;

  readonly onDidDispose = this.disposed.event;

  constructor(
    readonly panel: vscode.WebviewPanel,
    kind: PageKind<Host, Page>,
    private readonly options: PageHostOptions<Host>,
  ) {
    const { webview } = panel;
    this.state = options.state;
    this.messenger = createMessenger<Host, Page>({
      own: kind.hostGuards,
      other: kind.pageGuards,
      answers: options.answers,
      receive: (event) => this.receive(event),
      post: (message) => void webview.postMessage(message),
      dropped: (reason) => options.log(`dropped ${reason}`),
    });
    const root = vscode.Uri.joinPath(options.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    this.store.add(webview.onDidReceiveMessage((message: unknown) => this.messenger.take(message)));
    this.store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.forgetPage();
      }),
    );
    this.store.add(panel.onDidDispose(() => this.dispose()));
    const texts = translatedTexts(kind.texts, vscode.l10n.bundle);
    const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
    webview.html = webviewHtml({
      script: uriOf(`${kind.name}.js`),
      style: uriOf(`${kind.name}.css`),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      language: vscode.env.language,
      title: options.title,
      drawsInWorker: kind.drawsInWorker,
      data: { ...(options.key === undefined ? {} : { key: options.key }), ...(texts ? { texts } : {}) },
    });
  }

  /** The page listens, and is seen. */
  get isReady(): boolean {
    return this.listens && this.panel.visible;
  }

  /** It shows what it was told. */
  get isShown(): boolean {
    return this.listens && this.shows;
  }

  /** To a page that listens; one that does not is told everything once it does. */
  send(event: Page['event']): void {
    if (this.listens) this.messenger.send(event);
  }

  /** As soon as the page shows something to which this may refer. */
  sendOnceShown(event: Page['event']): void {
    this.onceShown({ go: () => this.messenger.send(event) });
  }

  /** Asks the page, once it shows something. Rejects when it is thrown away before it has answered. */
  ask<Name extends keyof Page['requests'] & string>(
    name: Name,
    params: Page['requests'][Name]['params'],
    signal: AbortSignal,
  ): Promise<Page['requests'][Name]['result']> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const listening = onAbort(signal, reject);
      this.onceShown({
        go: () => {
          listening.dispose();
          this.messenger.ask(name, params, signal).then(resolve, reject);
        },
        giveUp: reject,
      });
    });
  }

  /** What the page was told is on it: what waited for that follows. */
  markShown(): void {
    this.shows = true;
    const waiting = this.waiting;
    this.waiting = [];
    for (const { go } of waiting) go();
  }

  dispose(): void {
    this.store.dispose();
    const closed = new vscode.CancellationError();
    this.messenger.reset(closed);
    for (const { giveUp } of this.waiting) giveUp?.(closed);
    this.disposed.fire();
    this.disposed.dispose();
  }

  private onceShown(task: Waiting): void {
    if (this.isShown) task.go();
    else this.waiting.push(task);
  }

  private forgetPage(): void {
    this.listens = this.shows = false;
    this.messenger.reset(new Error('the page was closed before it answered'));
  }

  private receive(event: Host['event'] | PageEvent<unknown>): void {
    if (isPageEvent(event)) this.receiveCommon(event);
    else this.options.receive(event as OwnEvent<Host>);
  }

  private receiveCommon(event: PageEvent<unknown>): void {
    switch (event.type) {
      case 'ready':
        // Also of a page that was made anew without having been hidden, because its panel was moved.
        this.forgetPage();
        this.listens = true;
        this.options.ready();
        break;
      case 'state':
        this.state = event.state;
        break;
      case 'failed':
        this.options.log(event.message);
        break;
    }
  }
}

function isPageEvent(event: { readonly type: string }): event is PageEvent<unknown> {
  return event.type === 'ready' || event.type === 'state' || event.type === 'failed';
}
