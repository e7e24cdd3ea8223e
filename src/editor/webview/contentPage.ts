import type * as vscode from 'vscode';
import type { Answers, Side } from '../../core/protocol/messenger';
import { entitle } from '../messages/items';
import { isEqual } from './isEqual';
import { PageHost, type OwnEvent, type PageKind } from './pageHost';

/** What a page shows. */
export interface PageContent<Host extends Side, Page extends Side> {
  readonly title: string;
  readonly onDidChange: (listener: () => void) => { dispose(): void };
  /** Everything that a page has to know now, in order. Large parts are the same objects until they change. */
  messages(): readonly Page['event'][];
  receive(event: OwnEvent<Host>): void;
  /** To what the page asks, if it asks anything. */
  readonly answers?: Answers<Host>;
}

/** A kind of page that is told whatever is new among the messages of its content. */
export interface ContentPageKind<Host extends Side, Page extends Side> extends PageKind<Host, Page> {
  /** What a message replaces: the one before it with the same slot. */
  slotOf(message: Page['event']): string;
  /** What is told once the content has nothing for a slot any more. */
  emptied(slot: string): Page['event'] | undefined;
}

export interface ContentPageServices {
  readonly extensionUri: vscode.Uri;
  log(text: string): void;
}

/** A page and its content: it is told everything when it is ready, and then what has changed. */
export class ContentPage<
  Host extends Side,
  Page extends Side,
  Content extends PageContent<Host, Page> = PageContent<Host, Page>,
>
  implements vscode.Disposable
{
  readonly host: PageHost<Host, Page>;
  private readonly watching: { dispose(): void };
  /** What was told last, by the slot that it fills. */
  private told = new Map<string, Page['event']>();

  constructor(
    readonly panel: vscode.WebviewPanel,
    readonly content: Content,
    private readonly kind: ContentPageKind<Host, Page>,
    { extensionUri, log }: ContentPageServices,
    key?: string,
  ) {
    entitle(panel, content.title);
    this.host = new PageHost<Host, Page>(panel, kind, {
      extensionUri,
      title: content.title,
      ...(key === undefined ? {} : { key }),
      answers: content.answers ?? ({} as Answers<Host>),
      ready: () => {
        this.told = new Map();
        this.update();
        this.host.markShown();
      },
      receive: (event) => content.receive(event),
      log,
    });
    this.watching = content.onDidChange(() => this.update());
    this.host.onDidDispose(() => this.watching.dispose());
  }

  dispose(): void {
    this.host.dispose();
  }

  private update(): void {
    const { host, content, kind } = this;
    entitle(this.panel, content.title);
    if (!host.isReady) return;
    const next = new Map(content.messages().map((message) => [kind.slotOf(message), message]));
    for (const [slot, message] of next) if (!isEqual(this.told.get(slot), message)) host.send(message);
    for (const slot of this.told.keys()) {
      const message = next.has(slot) ? undefined : kind.emptied(slot);
      if (message) host.send(message);
    }
    this.told = next;
  }
}
