import { type Draft, stageName } from './draft';
import { asDocument, asCount, isDocument, plainNumbers, type EjsonDocument, setOwn } from '../../../ejson/documents';

/** The stages below a stage of a plan, in the order in which the server lists them, and the keys that hold them. */
export interface Below {
  readonly nodes: readonly EjsonDocument[];
  readonly keys: ReadonlySet<string>;
}

const NO_KEYS: ReadonlySet<string> = new Set();

export function nodesBelow(node: EjsonDocument): Below {
  let keys: Set<string> | undefined;
  const nodes: EjsonDocument[] = [];
  for (const key in node) {
    const value = node[key];
    if (typeof value !== 'object' || value === null || key === 'shards') continue;
    if (Array.isArray(value)) {
      // A list of stages is one by its first entry; whatever else stands in it is kept as a field of the parent.
      if (!value.length || !isDocument(value[0]) || stageName(value[0]) === undefined) continue;
      for (const entry of value) if (isDocument(entry) && stageName(entry) !== undefined) nodes.push(entry);
    } else if (isDocument(value) && stageName(value) !== undefined) nodes.push(value);
    else continue;
    (keys ??= new Set()).add(key);
  }
  return { nodes, keys: keys ?? NO_KEYS };
}

/**
 * Reads what the server says about a stage itself, without the keys of `skip`; what `told` (the same stage as it ran) has
 * already is not read again.
 */
export function fillStage(draft: Draft, node: EjsonDocument, skip: ReadonlySet<string>, told?: EjsonDocument): void {
  const { fields } = draft;
  for (const key in node) {
    if (key === 'stage' || key === 'Node Type' || skip.has(key) || (told !== undefined && Object.hasOwn(told, key)))
      continue;
    const value = node[key];
    // Shards are stages below it.
    if (key === 'shards' && Array.isArray(value)) continue;
    if (known(draft, key, value, node)) continue;
    if (typeof value !== 'object') setOwn(fields, key, typeof value === 'bigint' ? Number(value) : value);
    else setOwn(fields, key, plainNumbers(value));
  }
  if (draft.name === 'IDHACK') draft.index ??= '_id_';
  if (draft.fields.usedDisk === true || (asCount(draft.fields.spills) ?? 0) > 0) draft.spilled = true;
  else if (draft.fields.usedDisk === false) draft.spilled ??= false;
}

type Counter = 'returned' | 'entriesRead' | 'rowsRead' | 'millis';

const COUNTERS: ReadonlyMap<string, Counter> = new Map<string, Counter>(
  Object.entries({
    nReturned: 'returned',
    'Actual Rows': 'returned',
    keysExamined: 'entriesRead',
    totalKeysExamined: 'entriesRead',
    docsExamined: 'rowsRead',
    totalDocsExamined: 'rowsRead',
    executionTimeMillisEstimate: 'millis',
    executionTimeMillis: 'millis',
    'Actual Total Time': 'millis',
  }),
);

/** Takes a value that has a property of its own in a stage; false when it has none, or is not what it should be. */
function known(draft: Draft, key: string, value: unknown, node: EjsonDocument): boolean {
  const counter = COUNTERS.get(key);
  if (counter !== undefined) {
    const number = asCount(value);
    if (number === undefined) return false;
    // A stage may have both an estimate and a total; the first one stands, the other stays visible.
    if (draft[counter] !== undefined) return draft[counter] === number;
    draft[counter] = number;
    return true;
  }
  switch (key) {
    case 'indexName':
      if (typeof value !== 'string') return false;
      draft.index ??= value;
      return true;
    case 'keyPattern': {
      const pattern = typeof value === 'string' ? parseKeyPattern(value) : asDocument(plainNumbers(value));
      if (!pattern) return false;
      draft.indexColumns ??= pattern;
      return true;
    }
    case 'indexBounds': {
      const bounds = readBounds(value);
      if (!bounds) return false;
      draft.bounds ??= bounds;
      return true;
    }
    case 'filter':
      draft.filter ??= plainNumbers(value);
      return true;
    case 'advanced':
      // Old servers have no `nReturned`.
      if (node.nReturned === undefined) draft.returned ??= asCount(value);
      return false;
    default:
      return false;
  }
}

/** `{ a: 1.0, b: "text" }`, as old servers and the express stages write it. */
function parseKeyPattern(text: string): EjsonDocument | undefined {
  const inside = /^\{(.*)\}$/s.exec(text)?.[1].trim();
  if (inside === undefined || inside.length > 10_000) return undefined;
  const pattern: Record<string, unknown> = {};
  for (const pair of inside.split(/,\s*/)) {
    const colon = pair.indexOf(':');
    const [name, value] = [pair.slice(0, colon), pair.slice(colon + 1)].map((part) => part.trim());
    if (colon < 1 || !name || !value) return undefined;
    setOwn(pattern, withoutQuotes(name), Number.isNaN(Number(value)) ? withoutQuotes(value) : Number(value));
  }
  return pattern;
}

function withoutQuotes(text: string): string {
  return text.replace(/^"|"$/g, '');
}

/** Intervals by field; undefined where the server writes them in another way (COUNT_SCAN's start and end key). */
function readBounds(value: unknown): Record<string, readonly string[]> | undefined {
  if (!isDocument(value)) return undefined;
  const bounds: Record<string, readonly string[]> = {};
  for (const field in value) {
    const intervals = value[field];
    if (!Array.isArray(intervals)) return undefined;
    setOwn(bounds, field, intervals.map(intervalText));
  }
  return bounds;
}

function intervalText(interval: unknown): string {
  if (typeof interval === 'string') return interval;
  // Servers before 3.0 write a pair of values.
  if (!Array.isArray(interval)) return '?';
  return `[${interval.map((end: unknown) => (typeof end === 'object' && end !== null ? Object.keys(end).join() : JSON.stringify(end))).join(', ')}]`;
}
