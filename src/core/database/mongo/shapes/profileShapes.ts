import { asDocument, asCount, asNumber, asText, type EjsonDocument } from '../../../ejson/documents';
import { type QueryShape, shapeOfProfileEntry } from './queryShape';

/** What `system.profile` holds of one query shape. Plain JSON. */
export interface ShapeUse {
  readonly shape: QueryShape;
  /** Operations; later batches of a cursor are part of the one that opened it. */
  readonly count: number;
  readonly totalMillis: number;
  readonly maxMillis: number;
  readonly medianMillis: number;
  readonly docsExamined: number;
  readonly keysExamined: number;
  readonly returned: number;
  /** As the server sums plans up (`IXSCAN { a: 1 }`), the most frequent first. */
  readonly planSummaries: readonly string[];
  /** The slowest entry as it is, and when it was, ms since 1970. */
  readonly example: { readonly entry: EjsonDocument; readonly millis: number; readonly at?: number };
}

export interface ProfileShapes {
  /** The most costly together first. */
  readonly shapes: readonly ShapeUse[];
  /** Entries that were looked at. */
  readonly entries: number;
  /** Of these, entries without a query: commands of administration, and those that the server cut short. */
  readonly others: number;
  /** Time of the oldest of them, ms since 1970. */
  readonly since?: number;
}

/** Our own explains and samples say so in their comment. */
const OWN_COMMENT = /^heatlens\b/i;

/** Entries of `system.profile` by the shape of their query. What Heatlens itself asked is left out. */
export function groupByShape(entries: Iterable<EjsonDocument>): ProfileShapes {
  const groups = new Map<string, { shape: QueryShape; entries: EjsonDocument[] }>();
  let [all, others] = [0, 0];
  let since: number | undefined;
  for (const entry of entries) {
    if (isOwn(entry)) continue;
    all++;
    const at = timeOf(entry);
    if (at !== undefined) since = Math.min(since ?? at, at);
    const shape = shapeOfProfileEntry(entry);
    if (!shape) {
      others++;
      continue;
    }
    const key = `${shape.collection} ${shape.text}`;
    const group = groups.get(key) ?? { shape, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  const uses = [...groups.values()].map(({ shape, entries: own }) => useOf(shape, own));
  const shapes = uses.sort((a, b) => b.totalMillis - a.totalMillis || b.count - a.count);
  return { shapes, entries: all, others, ...(since === undefined ? {} : { since }) };
}

function isOwn(entry: EjsonDocument): boolean {
  const command = asDocument(entry.originatingCommand) ?? asDocument(entry.command);
  const comment = asText(command?.comment) ?? asText(asDocument(command?.explain)?.comment) ?? '';
  return OWN_COMMENT.test(comment) || /\.system\.profile$|^heatlens_scratch\./.test(asText(entry.ns) ?? '');
}

function useOf(shape: QueryShape, entries: readonly EjsonDocument[]): ShapeUse {
  const millis = entries.map((entry) => asCount(entry.millis) ?? 0).sort((a, b) => a - b);
  const sum = (name: string, oldName = name): number =>
    entries.reduce((total, entry) => total + (asCount(entry[name]) ?? asCount(entry[oldName]) ?? 0), 0);
  const middle = millis.length >> 1;
  const slowest = entries.reduce((worst, entry) =>
    (asCount(entry.millis) ?? 0) > (asCount(worst.millis) ?? 0) ? entry : worst,
  );
  const at = timeOf(slowest);
  const summaries = new Map<string, number>();
  for (const entry of entries) {
    const summary = asText(entry.planSummary);
    if (summary) summaries.set(summary, (summaries.get(summary) ?? 0) + 1);
  }
  return {
    shape,
    count: Math.max(1, entries.filter(({ op }) => op !== 'getmore').length),
    totalMillis: millis.reduce((total, one) => total + one, 0),
    maxMillis: millis[millis.length - 1],
    medianMillis: millis.length % 2 ? millis[middle] : (millis[middle - 1] + millis[middle]) / 2,
    docsExamined: sum('docsExamined', 'nscannedObjects'),
    keysExamined: sum('keysExamined', 'nscanned'),
    returned: sum('nreturned'),
    planSummaries: [...summaries].sort((a, b) => b[1] - a[1]).map(([summary]) => summary),
    example: { entry: slowest, millis: asCount(slowest.millis) ?? 0, ...(at === undefined ? {} : { at }) },
  };
}

function timeOf({ ts }: EjsonDocument): number | undefined {
  if (ts instanceof Date) return ts.getTime();
  const date = asDocument(ts)?.$date;
  const millis = asNumber(date) ?? (typeof date === 'string' ? Date.parse(date) : NaN);
  return Number.isFinite(millis) ? millis : undefined;
}
