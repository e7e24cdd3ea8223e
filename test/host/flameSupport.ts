import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FlameState, FromFlamePage, ToFlamePage } from '../../src/core/protocol/flame';
import { waitFor } from './support';

/** A webview panel without a browser: the page's side of the protocol in the hands of a test. */
export interface FakePanel<To extends { readonly type: string } = ToFlamePage, From = FromFlamePage> {
  readonly panel: vscode.WebviewPanel;
  readonly sent: To[];
  say(message: From): void;
  setVisible(visible: boolean): void;
  /** The last message of a type, once there is one. */
  last<T extends To['type']>(type: T): Promise<Extract<To, { type: T }>>;
  close(): void;
}

export function fakePanel(viewColumn = vscode.ViewColumn.One): FakePanel {
  return fakePage<ToFlamePage, FromFlamePage>(viewColumn);
}

export function fakePage<To extends { readonly type: string }, From>(
  viewColumn = vscode.ViewColumn.One,
): FakePanel<To, From> {
  const received = new vscode.EventEmitter<From>();
  const viewState = new vscode.EventEmitter<vscode.WebviewPanelOnDidChangeViewStateEvent>();
  const disposed = new vscode.EventEmitter<void>();
  const sent: To[] = [];
  const webview = {
    options: {},
    html: '',
    cspSource: 'https://example.test',
    onDidReceiveMessage: received.event,
    asWebviewUri: (uri: vscode.Uri) => uri.with({ scheme: 'https', authority: 'example.test' }),
    postMessage(message: To) {
      sent.push(message);
      return Promise.resolve(true);
    },
  };
  const panel = {
    viewType: 'test',
    title: 'test',
    webview,
    viewColumn,
    active: true,
    visible: true,
    options: {},
    onDidChangeViewState: viewState.event,
    onDidDispose: disposed.event,
    reveal: () => undefined,
    dispose: () => disposed.fire(),
  };
  return {
    panel,
    sent,
    say: (message) => received.fire(message),
    setVisible(visible) {
      panel.visible = visible;
      viewState.fire({ webviewPanel: panel });
    },
    last: <T extends To['type']>(type: T) =>
      waitFor(`a message "${type}"; there were ${sent.map((message) => message.type).join(', ')}`, () =>
        sent.findLast((message): message is Extract<To, { type: T }> => message.type === type),
      ),
    close: () => panel.dispose(),
  };
}

/** For what must not happen. */
export const unasked = (text?: unknown): void => assert.fail(String(text));

export const someState: FlameState = {
  version: 1,
  view: 'inverted',
  options: { measure: 0, mergeRecursion: true, foldPackages: false, hideInternals: false, hideIdle: true },
  colour: 'package',
  search: { query: 'score', isRegExp: false, matchCase: false },
  normalised: false,
  focus: ['a', 'b'],
  zoom: { from: 0.25, to: 0.5, row: 3 },
  sort: { column: 'self', descending: true },
};

/** Custom editors of ours that are open. */
export function flameTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputCustom && input.viewType.startsWith('heatlens.'));
}
