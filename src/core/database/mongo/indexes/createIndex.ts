import { asDocument, type EjsonDocument } from '../../../ejson/documents';
import type { IndexSuggestion } from '../../indexes';

export interface NewIndex {
  readonly collection: string;
  /** Field to 1, -1 or a kind, in order. */
  readonly key: EjsonDocument;
  readonly options: EjsonDocument;
}

/** As the shell takes it: `db.orders.createIndex({ status: 1, at: -1 })`. */
export function createIndexText({ collection, key, options }: NewIndex): string {
  const name = /^[A-Za-z_]\w*$/.test(collection)
    ? `db.${collection}`
    : `db.getCollection(${JSON.stringify(collection)})`;
  const tail = Object.keys(options).length ? `, ${documentText(options)}` : '';
  return `${name}.createIndex(${documentText(key)}${tail})`;
}

function documentText(document: EjsonDocument): string {
  const entries = Object.entries(document).map(
    ([field, value]) =>
      `${/^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field)}: ${asDocument(value) ? documentText(value as EjsonDocument) : JSON.stringify(value)}`,
  );
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}

/** A suggestion with the command that creates it. */
export function indexSuggestion(parts: Omit<IndexSuggestion, 'ddl'>): IndexSuggestion {
  const { target, columns, options } = parts;
  return { ...parts, ddl: createIndexText({ collection: target, key: columns, options }) };
}
