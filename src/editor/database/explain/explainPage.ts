import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../../../core/disposable';
import type { ExplainPageState, ExplainWork, FromExplainPage, ToExplainPage } from '../../../core/protocol/explain';
import { webviewHtml } from '../../webviewHtml';

/** What a plan view shows: a statement of a file, or a saved plan. */
export interface ExplainContent {
  readonly title: string;
  readonly onDidChange: (listener: () => void) => vscode.Disposable;
  /** Everything that the page has to know now, in order. */
  messages(): readonly ToExplainPage[];
  receive(message: FromExplainPage): void;
}

export interface ExplainPageServices {
  readonly extensionUri: vscode.Uri;
  log(text: string): void;
}

const WORKS: readonly ExplainWork[] = ['explain', 'trial', 'scale'];

/** Messages between a webview panel and what it shows. The page asks first (`ready`), and again after it was hidden. */
export class ExplainPage implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private ready = false;
  /** What was told last, by the slot that it fills. */
  private told = new Map<string, ToExplainPage>();
  private waiting: ToExplainPage[] = [];
  state: ExplainPageState | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly content: ExplainContent,
    private readonly services: ExplainPageServices,
  ) {
    const { webview } = panel;
    const root = vscode.Uri.joinPath(services.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    panel.title = content.title;
    this.store.add(webview.onDidReceiveMessage((message: FromExplainPage) => this.receive(message)));
    this.store.add(content.onDidChange(() => this.update()));
    this.store.add(
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away, and made anew when it is shown.
        if (!panel.visible) this.ready = false;
      }),
    );
    this.store.add(panel.onDidDispose(() => this.dispose()));
    const uriOf = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
    webview.html = webviewHtml({
      script: uriOf('explain.js'),
      style: uriOf('explain.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      language: vscode.env.language,
      title: content.title,
    });
  }

  command(command: Extract<ToExplainPage, { type: 'command' }>['command']): void {
    const message: ToExplainPage = { type: 'command', command };
    if (this.ready) this.post(message);
    else this.waiting.push(message);
  }

  dispose(): void {
    this.store.dispose();
  }

  private update(): void {
    if (this.panel.title !== this.content.title) this.panel.title = this.content.title;
    if (!this.ready) return;
    const messages = this.content.messages();
    const next = new Map(messages.map((message) => [slotOf(message), message]));
    for (const [slot, message] of next) if (!isSame(this.told.get(slot), message)) this.post(message);
    for (const of of WORKS) {
      const slot = `progress ${of}`;
      if (this.told.has(slot) && !next.has(slot)) this.post({ type: 'progress', of, text: undefined });
    }
    this.told = next;
  }

  private receive(message: FromExplainPage): void {
    switch (message.type) {
      case 'ready': {
        this.ready = true;
        this.told = new Map();
        this.update();
        const waiting = this.waiting;
        this.waiting = [];
        for (const each of waiting) this.post(each);
        break;
      }
      case 'state':
        this.state = message.state;
        break;
      case 'failed':
        this.services.log(`plan view: ${message.message}`);
        break;
      default:
        this.content.receive(message);
    }
  }

  private post(message: ToExplainPage): void {
    void this.panel.webview.postMessage(message);
  }
}

/** Runs are large, and never changed: the same object is the same run. */
function isSame(before: ToExplainPage | undefined, now: ToExplainPage): boolean {
  if (before?.type === 'run' && now.type === 'run')
    return before.run === now.run && before.history.length === now.history.length;
  if (before?.type === 'trial' && now.type === 'trial') return before.trial === now.trial;
  if (before?.type === 'scale' && now.type === 'scale') return before.scale === now.scale;
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now);
}

function slotOf(message: ToExplainPage): string {
  return message.type === 'progress' || message.type === 'failure' ? `${message.type} ${message.of}` : message.type;
}
