import { createMessenger, type Answers, type Side, type SideGuards } from '../../src/core/protocol/messenger';
import { PAGE_DATA_ID, readPageData } from '../../src/core/protocol/page';

/** Messages to whoever shows the page and from there, and the state that is kept for it. */
export interface HostChannel<Page extends Side, Host extends Side, State> {
  /** The editor, or a report that was saved as one file. */
  readonly kind: 'editor' | 'report';
  /** Translated, by their names; what is missing stays English. */
  readonly texts: Readonly<Record<string, string>>;
  post(event: Host['event']): void;
  listen(receive: (event: Page['event']) => void, answers: Answers<Page>): void;
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

/** The editor around the page. `version` is that of the states which this page can read. */
export function connectEditor<Page extends Side, Host extends Side, State extends { readonly version: number }>(
  page: SideGuards<Page>,
  host: SideGuards<Host>,
  version: State['version'],
): HostChannel<Page, Host, State> {
  if (typeof acquireVsCodeApi !== 'function') throw new Error('The page is not in a webview of the editor.');
  const api = acquireVsCodeApi();
  const { key, texts = {} } = readPageData(document.getElementById(PAGE_DATA_ID)?.textContent);
  // By its key the editor finds what the panel showed; after a reload it has nothing else.
  const keep = (state: object): void => api.setState(key === undefined ? state : { ...state, key });
  const savedState = (): Partial<State> | undefined => {
    const state = api.getState() as Partial<State> | undefined;
    return state && typeof state === 'object' && state.version === version ? state : undefined;
  };
  if (key !== undefined) keep(savedState() ?? {});
  return {
    kind: 'editor',
    texts,
    post: (event) => api.postMessage(event),
    listen: (receive, answers) => {
      const messenger = createMessenger<Page, Host>({
        own: page,
        other: host,
        answers,
        receive,
        post: (message, transfer) => api.postMessage(message, transfer),
        dropped: (reason) => api.postMessage({ type: 'failed', message: `dropped ${reason}` }),
      });
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => messenger.take(data));
    },
    savedState,
    saveState: keep,
  };
}
