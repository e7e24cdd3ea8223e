import { counted } from '../words/numbers';

/** What a server calls the parts of its plans: English nouns in lower case, for one and for many. */
export interface PlanWords {
  /** What holds rows: `collection`, `table`. */
  readonly target: string;
  /** `document` or `row`. */
  readonly row: string;
  readonly rows: string;
  /** The same where room is short: `doc`. */
  readonly rowShort: string;
  readonly rowsShort: string;
  /** Of an index: `key` or `entry`. */
  readonly entry: string;
  readonly entries: string;
  /** Of statements, as Markdown names it: `js`, `sql`. */
  readonly language: string;
}

/** `1 document`, `48,211 documents`. */
export function rowsText(count: number, { row, rows }: PlanWords): string {
  return counted(count, row, rows);
}

/** `1 doc`, `48,211 docs`. */
export function rowsShortText(count: number, { rowShort, rowsShort }: PlanWords): string {
  return counted(count, rowShort, rowsShort);
}

/** `1 key`, `48,211 keys`. */
export function entriesText(count: number, { entry, entries }: PlanWords): string {
  return counted(count, entry, entries);
}
