import { addProblem, type Draft, newDraft, type Place, type Reading, stageName } from './draft';
import { fillStage } from './fillStage';
import {
  asDocument,
  asCount,
  asText,
  documentsOf,
  isDocument,
  plainNumbers,
  type EjsonDocument,
  setOwn,
} from '../../../ejson/documents';

/**
 * A pipeline as a chain: the last stage on top, its input below it. `input` is what flows into the first stage. Null where
 * the list has no stage.
 */
export function readPipeline(
  reading: Reading,
  stages: unknown,
  place: Place,
  input: Draft | null = null,
): Draft | null {
  let top = input;
  for (const entry of documentsOf(stages)) {
    const stage = readPipelineStage(reading, entry, place, top);
    if (stage) top = stage;
    else addProblem(reading, 'A stage of the pipeline has no name.');
  }
  return top;
}

function readPipelineStage(reading: Reading, entry: EjsonDocument, place: Place, input: Draft | null): Draft | null {
  const name = operatorOf(entry);
  const draft = newDraft(name ?? (stageName(entry) || ''), place);
  if (!draft.name) return null;
  if (input) draft.children.push(input);
  // Cosmos DB lists its steps by `stage`, each with the time of its own and of all before it.
  const skip = new Set(name === undefined ? [] : [name]);
  fillStage(draft, entry, skip);
  if (name === undefined) return cosmosStage(reading, draft, entry);
  if (draft.returned !== undefined) reading.executed = true;
  readSpecification(reading, draft, entry[name], place);
  countLookup(reading, draft, place);
  return draft;
}

function operatorOf(entry: EjsonDocument): string | undefined {
  for (const key in entry) if (key.startsWith('$')) return key;
  return undefined;
}

function cosmosStage(reading: Reading, draft: Draft, entry: EjsonDocument): Draft {
  const inclusive = asCount(entry.timeInclusiveMS);
  if (inclusive !== undefined) {
    draft.millis = inclusive;
    draft.selfMillis = asCount(entry.timeExclusiveMS);
    draft.returned ??= asCount(entry.out);
    reading.engines.add('cosmos');
    reading.executed = true;
  }
  return draft;
}

function readSpecification(reading: Reading, draft: Draft, specification: unknown, place: Place): void {
  const spec = asDocument(specification);
  if (spec && hasPlan(spec)) return readCursor(reading, draft, spec, place);
  switch (draft.name) {
    case '$facet':
      return readFacet(reading, draft, spec, place);
    case '$unionWith':
      return readNested(
        reading,
        draft,
        specification,
        spec?.pipeline,
        asText(specification) ?? asText(spec?.coll),
        place,
      );
    case '$lookup':
    case '$_internalSearchIdLookup':
      return readNested(
        reading,
        draft,
        specification,
        spec?.pipeline ?? spec?.subPipeline,
        collectionName(spec?.from),
        place,
        readOwnCounters,
      );
    case '$graphLookup':
      return readNested(reading, draft, specification, undefined, collectionName(spec?.from), place, readOwnCounters);
    case '$match':
      draft.filter = plainNumbers(specification);
      return;
    default:
      draft.fields[draft.name] = plainNumbers(specification);
      if (spec && draft.name.startsWith('$_internalSearch')) readOwnCounters(draft, spec);
  }
}

/** Newer servers put the counters of a join inside its specification. */
function readOwnCounters(draft: Draft, spec: EjsonDocument): void {
  draft.rowsRead ??= asCount(spec.totalDocsExamined);
  draft.entriesRead ??= asCount(spec.totalKeysExamined);
}

function hasPlan(spec: EjsonDocument): boolean {
  return isDocument(spec.queryPlanner) || isDocument(spec.executionStats) || Array.isArray(spec.stages);
}

/** `$cursor` and `$geoNearCursor` hold a whole answer of their own. */
function readCursor(reading: Reading, draft: Draft, spec: EjsonDocument, place: Place): void {
  reading.queue.push(() => {
    const body = reading.readBody(reading, spec, place);
    if (body.top) draft.children.push(body.top);
    else addProblem(reading, `${draft.name} tells no plan.`);
    draft.returned ??= body.returned;
    draft.millis ??= body.millis;
    Object.assign(draft.fields, body.fields);
  });
}

/** The branches come after the input, which is the first child. */
function readFacet(reading: Reading, draft: Draft, spec: EjsonDocument | undefined, place: Place): void {
  const input = draft.children.at(0);
  draft.fields.$facet = Object.keys(spec ?? {});
  for (const branch in spec) {
    reading.queue.push(() => {
      const top = readPipeline(reading, spec[branch], place);
      if (!top) return;
      top.fields.branch = branch;
      draft.children.push(top);
      const first = firstOf(top);
      if (input && /teeConsumer$/i.test(first.name)) first.earlierMillis = input.millis;
    });
  }
}

function firstOf(top: Draft): Draft {
  let first = top;
  while (first.children.length) first = first.children[0];
  return first;
}

function readNested(
  reading: Reading,
  draft: Draft,
  specification: unknown,
  pipeline: unknown,
  collection: string | undefined,
  place: Place,
  more?: (draft: Draft, spec: EjsonDocument) => void,
): void {
  const spec = asDocument(specification);
  draft.fields[draft.name] = plainNumbers(withoutPipeline(specification));
  if (collection !== undefined) draft.target = collection;
  if (spec) more?.(draft, spec);
  if (!Array.isArray(pipeline) || !pipeline.length) return;
  reading.queue.push(() => {
    const top = readPipeline(reading, pipeline, collection === undefined ? place : { ...place, target: collection });
    if (!top) return;
    top.fields.pipelineOf = draft.name;
    draft.children.push(top);
  });
}

/** The pipeline is shown as stages. */
function withoutPipeline(specification: unknown): unknown {
  const spec = asDocument(specification);
  if (!spec) return specification;
  const rest: Record<string, unknown> = {};
  for (const key in spec) if (key !== 'pipeline' && key !== 'subPipeline') setOwn(rest, key, spec[key]);
  return rest;
}

/** `from` is a name, or `{ db, coll }` across databases. */
function collectionName(from: unknown): string | undefined {
  return asText(from) ?? asText(asDocument(from)?.coll);
}

/** What a join read is not in any total of its server. */
function countLookup(reading: Reading, draft: Draft, place: Place): void {
  if (place.rejected || draft.name === '$cursor' || draft.name === '$geoNearCursor') return;
  if (draft.rowsRead !== undefined) reading.rowsRead = (reading.rowsRead ?? 0) + draft.rowsRead;
  if (draft.entriesRead !== undefined) reading.entriesRead = (reading.entriesRead ?? 0) + draft.entriesRead;
}
