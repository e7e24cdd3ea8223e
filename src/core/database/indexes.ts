/** An index that would serve the query better. */
export interface IndexSuggestion {
  /** What it is on: a table, a collection. */
  readonly target: string;
  /** Column to 1 (ascending) or -1 (descending), in order. */
  readonly columns: Readonly<Record<string, 1 | -1>>;
  readonly options: Readonly<Record<string, unknown>>;
  /** The command that creates it, ready to be run: `db.orders.createIndex({ status: 1, at: -1 })`. */
  readonly ddl: string;
  readonly reason: string;
  /** Names of existing indexes that it makes redundant. */
  readonly replaces: readonly string[];
}

/** An index that is there. */
export interface ExistingIndex {
  readonly name: string;
  /** Column to direction or kind, in order. */
  readonly columns: Readonly<Record<string, unknown>>;
  /** What else it is made with (unique, partial, collation, hidden, …), by the names that the server has for it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Operations that used it since a moment (ISO 8601), where known. */
  readonly usage?: { readonly operations: number; readonly since: string };
}

/** The column that an index is entered by. */
export function leadingColumn(columns: ExistingIndex['columns'] | undefined): string | undefined {
  for (const column in columns) return column;
  return undefined;
}
