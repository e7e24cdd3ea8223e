/** Who shows a page: the editor, a report that was saved as one file, or a plain window that sends messages. */
export type HostKind = 'editor' | 'report' | 'window';

/** Messages to and from whoever shows the page, and the state that it keeps for it. */
export interface HostChannel<To, From, State> {
  readonly kind: HostKind;
  post(message: From, transfer?: ArrayBuffer[]): void;
  listen(receive: (message: To) => void): void;
  savedState(): Partial<State> | undefined;
  saveState(state: State): void;
}

interface EditorApi {
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  /** Only in a webview of the editor; may be called once. */
  var acquireVsCodeApi: (() => EditorApi) | undefined;
}

/** The editor where there is one, else the window around the page. */
export function connectWindow<To extends { readonly type: string }, From, State extends { readonly version: number }>(
  version: State['version'],
): HostChannel<To, From, State> {
  if (typeof acquireVsCodeApi !== 'function') {
    return {
      kind: 'window',
      // Our own messages come back to us when the window is its own parent; their types are none of ours to receive.
      post: (message, transfer) => window.parent.postMessage(message, '*', transfer),
      listen: listenToWindow,
      savedState: () => undefined,
      saveState: () => undefined,
    };
  }
  const api = acquireVsCodeApi();
  return {
    kind: 'editor',
    post: (message, transfer) => api.postMessage(message, transfer),
    listen: listenToWindow,
    savedState: () => {
      const state = api.getState() as Partial<State> | undefined;
      return state && typeof state === 'object' && state.version === version ? state : undefined;
    },
    saveState: (state) => api.setState(state),
  };
}

function listenToWindow<To extends { readonly type: string }>(receive: (message: To) => void): void {
  window.addEventListener('message', ({ data }: MessageEvent<To>) => {
    if (data && typeof data === 'object' && typeof data.type === 'string') receive(data);
  });
}
