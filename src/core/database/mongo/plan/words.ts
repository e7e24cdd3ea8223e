import type { PlanWords } from '../../planWords';

export const MONGO_WORDS: PlanWords = {
  target: 'collection',
  row: 'document',
  rows: 'documents',
  rowShort: 'doc',
  rowsShort: 'docs',
  entry: 'key',
  entries: 'keys',
  language: 'js',
};
