import { type Draft, newDraft, type Reading } from './draft';
import { noteFailure, readSolution } from './readSolution';
import { asDocument, asCount, asText, plainNumbers, type EjsonDocument, setOwn } from '../../../ejson/documents';

/** An entry of `system.profile`; of a line of the log the part that has the same names. Null where this is neither. */
export function profileEntry(answer: EjsonDocument): EjsonDocument | null {
  const attributes = asDocument(answer.attr);
  if (attributes && (attributes.planSummary !== undefined || attributes.durationMillis !== undefined)) {
    return { op: attributes.type, millis: attributes.durationMillis, ...attributes };
  }
  const isEntry =
    typeof answer.ns === 'string' &&
    (typeof answer.op === 'string' || answer.planSummary !== undefined || isExecuted(answer));
  return isEntry ? answer : null;
}

function isExecuted(answer: EjsonDocument): boolean {
  return asDocument(answer.execStats) !== undefined || answer.docsExamined !== undefined;
}

const OWN = new Set(['execStats', 'command', 'query', 'originatingCommand']);

/** The plan of an operation that really ran: there is no planner's half. */
export function readProfile(reading: Reading, entry: EjsonDocument): { top: Draft; returned?: number } {
  reading.executed = true;
  reading.namespace = asText(entry.ns);
  reading.entriesRead = asCount(entry.keysExamined) ?? asCount(entry.nscanned);
  reading.rowsRead = asCount(entry.docsExamined) ?? asCount(entry.nscannedObjects);
  reading.millis = asCount(entry.millis);
  for (const key in entry) if (!OWN.has(key)) setOwn(reading.facts, key, plainNumbers(entry[key]));
  noteFailure(reading, {
    executionSuccess: entry.errCode === undefined,
    errorMessage: entry.errMsg ?? entry.exception,
    errorCode: entry.errCode,
  });
  const executed = asDocument(entry.execStats);
  const named = executed && executed.stage !== '' ? executed : undefined;
  const top = (named && readSolution(reading, { executed: named }, {})) ?? summaryPlan(asText(entry.planSummary));
  return {
    top: top ?? newDraft(asText(entry.op)?.toUpperCase() || 'UNKNOWN', {}),
    returned: asCount(entry.nreturned),
  };
}

/** `IXSCAN { a: 1 }, COLLSCAN`: the leaves of the plan are all that a summary tells. */
function summaryPlan(summary: string | undefined): Draft | null {
  const leaves = [...(summary ?? '').slice(0, 10_000).matchAll(/([A-Z][A-Z0-9_]+)(?:\s+(\{[^}]*\}))?/g)].map(
    ([, name, pattern]) => {
      const leaf = newDraft(name, {});
      if (pattern) leaf.indexColumns = keyPatternOf(pattern);
      return leaf;
    },
  );
  if (leaves.length < 2) return leaves[0] ?? null;
  const top = newDraft('OR', {});
  top.fields.fromSummary = true;
  top.children = leaves;
  return top;
}

function keyPatternOf(text: string): Record<string, unknown> {
  const pattern: Record<string, unknown> = {};
  for (const [, field, value] of text.matchAll(/(?<![^\s{},:])([^\s{},:]+)\s*:\s*([^\s,}][^,}]*)/g)) {
    setOwn(pattern, field, Number.isNaN(Number(value)) ? value.trim().replace(/^"|"$/g, '') : Number(value));
  }
  return pattern;
}
