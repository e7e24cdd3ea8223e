import { isRecord, listOf, shapeOf, textOf, type Guard } from './guards';

/** What every page tells the editor, whatever it shows. */
export type PageEvent<State> =
  /** Comes first: from now on the page listens. */
  | { readonly type: 'ready' }
  /** What it wants to be given back after it was thrown away. */
  | { readonly type: 'state'; readonly state: State }
  /** Something of it failed: for the log. */
  | { readonly type: 'failed'; readonly message: string };

export const pageEventGuards = {
  ready: shapeOf({}),
  failed: shapeOf({ message: textOf(100_000) }),
};

/** What the document of a page holds for its script: JSON in an element of this id. */
export const PAGE_DATA_ID = 'heatlens-page';

export interface PageData {
  /** Names what the panel shows. The page keeps it in its state, by which the panel is known after a reload. */
  readonly key?: string;
  /** Translated texts by their names; what is missing stays English. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Nothing where there is none, or none that can be read. */
export function readPageData(json: string | null | undefined): PageData {
  if (!json) return {};
  try {
    const data: unknown = JSON.parse(json);
    if (!isRecord(data)) return {};
    const { key, texts } = data;
    return { ...(isKey(key) ? { key } : {}), ...(isTexts(texts) ? { texts } : {}) };
  } catch {
    return {};
  }
}

/** The key that a page kept in its state. */
export function keyOfState(state: unknown): string | undefined {
  return isRecord(state) && isKey(state.key) ? state.key : undefined;
}

const isKey = textOf(200);
const areTexts = listOf(textOf(10_000), 2000);
const isTexts: Guard<Readonly<Record<string, string>>> = (value): value is Readonly<Record<string, string>> =>
  isRecord(value) && areTexts(Object.values(value));
