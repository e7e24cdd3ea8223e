import { type Draft, newDraft, type Place, type Reading } from './draft';
import { readSolution } from './readSolution';
import {
  asDocument,
  asCount,
  asText,
  documentsOf,
  plainNumbers,
  type EjsonDocument,
  setOwn,
} from '../../../ejson/documents';

/** Answers of servers before 3.0: one flat document with the name of a cursor. */
export function isLegacy(answer: EjsonDocument): boolean {
  return typeof answer.cursor === 'string' || typeof answer.clusteredType === 'string';
}

const OWN = new Set(['stats', 'shards', 'allPlans', 'clauses']);

export function readLegacy(reading: Reading, answer: EjsonDocument): { top: Draft; returned?: number } {
  reading.engines.add('legacy');
  reading.executed = true;
  // Of a collection scan it counts the documents there.
  reading.entriesRead = scansCollection(answer) ? 0 : asCount(answer.nscanned);
  reading.rowsRead = asCount(answer.nscannedObjects);
  reading.millis = asCount(answer.millis);
  for (const key in answer) if (!OWN.has(key)) setOwn(reading.facts, key, plainNumbers(answer[key]));
  const shards = asDocument(answer.shards);
  const top = shards ? readShards(reading, answer, shards) : readCursor(reading, answer, {});
  return { top, returned: asCount(answer.n) };
}

function scansCollection(answer: EjsonDocument): boolean {
  return asText(answer.cursor)?.startsWith('BasicCursor') ?? false;
}

function readShards(reading: Reading, answer: EjsonDocument, shards: EjsonDocument): Draft {
  const top = newDraft('SHARD_MERGE', {});
  top.fields.clusteredType = answer.clusteredType;
  top.returned = asCount(answer.n);
  for (const shard in shards) {
    for (const entry of documentsOf(shards[shard])) top.children.push(readCursor(reading, entry, { shard }));
  }
  return top;
}

function readCursor(reading: Reading, answer: EjsonDocument, place: Place): Draft {
  const stats = asDocument(answer.stats);
  const top = (stats && readSolution(reading, { executed: stats }, place)) ?? cursorPlan(answer, place);
  if (place.shard !== undefined) top.fields.shardPlan = plainNumbers(withoutOwn(answer));
  top.millis ??= asCount(answer.millis);
  const [, index] = /^BtreeCursor (.+?)(?: reverse)?(?: multi)?$/.exec(asText(answer.cursor) ?? '') ?? [];
  if (index !== undefined) reading.queue.push(() => reading.queue.push(() => nameIndex(top, index, answer)));
  for (const plan of documentsOf(answer.allPlans).slice(1)) {
    reading.rejected.push(cursorPlan(plan, { ...place, rejected: true }));
  }
  return top;
}

function withoutOwn(answer: EjsonDocument): EjsonDocument {
  const rest: Record<string, unknown> = {};
  for (const key in answer) if (!OWN.has(key)) setOwn(rest, key, answer[key]);
  return rest;
}

/** The old execution stages do not name their index; the cursor does. */
function nameIndex(top: Draft, index: string, answer: EjsonDocument): void {
  const open = [top];
  for (let draft = open.pop(); draft; draft = open.pop()) {
    if (draft.name === 'IXSCAN') {
      draft.index ??= index;
      draft.bounds ??= boundsOf(answer.indexBounds);
    }
    for (const one of draft.children) open.push(one);
  }
}

function boundsOf(value: unknown): Record<string, string[]> | undefined {
  const bounds = asDocument(value);
  if (!bounds) return undefined;
  const result: Record<string, string[]> = {};
  for (const field in bounds) {
    const intervals = bounds[field];
    if (Array.isArray(intervals))
      setOwn(
        result,
        field,
        intervals.map((interval: unknown) =>
          Array.isArray(interval) ? `[${interval.map((end) => endText(end)).join(', ')}]` : '?',
        ),
      );
  }
  return result;
}

function endText(end: unknown): string {
  if (typeof end === 'string') return `"${end}"`;
  return typeof end === 'object' && end !== null ? Object.keys(end).join() : String(end);
}

/** What the name of the cursor and the counters beside it tell, from before there were execution stages. */
function cursorPlan(answer: EjsonDocument, place: Place): Draft {
  const cursor = asText(answer.cursor) ?? '';
  const returned = asCount(answer.n);
  const clauses = documentsOf(answer.clauses);
  let top: Draft;
  if (clauses.length) {
    top = newDraft('OR', place);
    // Clauses of clauses do not exist: `$or` inside `$or` is flattened.
    top.children = clauses.map((clause) => cursorPlan({ ...clause, clauses: undefined }, place));
  } else if (/^BtreeCursor /.test(cursor)) {
    const scan = newDraft('IXSCAN', place);
    scan.index = cursor.replace(/^BtreeCursor | reverse$| multi$/g, '');
    scan.entriesRead = asCount(answer.nscanned);
    scan.bounds = boundsOf(answer.indexBounds);
    top = answer.indexOnly === true ? scan : above('FETCH', scan, place);
    if (top !== scan) top.rowsRead = asCount(answer.nscannedObjects);
  } else {
    top = newDraft(scansCollection(answer) ? 'COLLSCAN' : cursor || 'UNKNOWN', place);
    top.rowsRead = asCount(answer.nscannedObjects);
  }
  top.returned = returned;
  return answer.scanAndOrder === true ? Object.assign(above('SORT', top, place), { returned }) : top;
}

function above(name: string, child: Draft, place: Place): Draft {
  const draft = newDraft(name, place);
  draft.children.push(child);
  return draft;
}
