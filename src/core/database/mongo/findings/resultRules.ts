import type { Finding } from '../../finding';
import { asDocument, asText, isDocument, isNonEmpty } from '../../../ejson/documents';
import { finding, passingAbove, type RuleContext } from './context';
import { counted } from '../../../words/numbers';
import { inBytes } from '../../../words/bytes';
import { names } from '../../../words/lists';
import { filterFields } from './predicates';

/** R22: large documents with all fields. */
export function wholeDocuments({ command, plan, stages, facts }: RuleContext): Finding[] {
  if (command.kind !== 'find' || command.projection) return [];
  const { averageBytes } = facts(command.collection);
  const { returned } = plan.totals;
  const reads = stages.some(({ stage }) => /^(FETCH|COLLSCAN|IDHACK|EXPRESS_\w+|CLUSTERED_IXSCAN)$/.test(stage.name));
  if (averageBytes === undefined || !reads || (averageBytes <= 8192 && (returned ?? 0) * averageBytes <= 1_000_000))
    return [];
  const total =
    returned === undefined ? '' : `, about ${inBytes(returned * averageBytes)} for ${counted(returned, 'document')}`;
  return [
    finding('R22', 'info', null, {
      evidence: `Documents have ${inBytes(averageBytes)} on average${total}, and the query has no projection.`,
      guard: 'More than 8 kB each, or more than 1 MB together.',
      advice: 'Project the fields that are used; with few of them an index may cover the query (with _id: 0).',
    }),
  ];
}

/** R23: a fetch for one field. */
export function almostCovered({ command, stages, query }: RuleContext): Finding[] {
  if (
    !command.projection ||
    Object.values(command.projection).some((value) => value !== 1 && value !== true && value !== 0 && value !== false)
  )
    return [];
  return stages.flatMap((placed) => {
    const { stage } = placed;
    if (
      stage.name !== 'IXSCAN' ||
      placed.parent?.stage.name !== 'FETCH' ||
      !stage.indexColumns ||
      stage.fields.isMultiKey === true
    )
      return [];
    if (!passingAbove(placed).some(({ stage: { name } }) => name.startsWith('PROJECTION'))) return [];
    if (query.predicates.some(({ operator, value }) => operator === '$exists' || value === null) || query.others.length)
      return [];
    const projection = command.projection ?? {};
    const wanted = new Set(Object.keys(projection).filter((field) => field !== '_id' && Boolean(projection[field])));
    // A projection that only leaves fields out needs all others.
    if (!wanted.size) return [];
    if (projection._id !== 0 && projection._id !== false) wanted.add('_id');
    for (const field of [...filterFields(command.filter), ...Object.keys(command.sort ?? {})]) wanted.add(field);
    const { indexColumns: keyPattern } = stage;
    const missing = [...wanted].filter((field) => !(field in keyPattern));
    if (missing.length !== 1) return [];
    const [field] = missing;
    return [
      finding('R23', 'info', placed.parent, {
        evidence: `${stage.index ?? 'The index'} has every field but ${field}${placed.parent.stage.rowsRead === undefined ? '' : `, so ${counted(placed.parent.stage.rowsRead, 'document')} are fetched`}.`,
        guard: 'No array, null or $exists is involved.',
        advice:
          field === '_id' && !Object.hasOwn(projection, '_id')
            ? 'Add _id: 0 to the projection when it is not needed.'
            : `Append ${field} to the index, then it covers the query.`,
      }),
    ];
  });
}

/** R24: results that grow with the data. */
export function unlimitedResult({ command, plan, stages, statement }: RuleContext): Finding[] {
  const found: Finding[] = [];
  const { returned } = plan.totals;
  const writes = stages.some(({ stage }) => stage.name === '$out' || stage.name === '$merge');
  const limited = command.limit !== undefined || command.pipeline.some((stage) => stage.$limit !== undefined);
  if (
    (command.kind === 'find' || command.kind === 'aggregate') &&
    returned !== undefined &&
    returned > 10_000 &&
    !limited &&
    !writes
  ) {
    // A cursor that the source reads one by one holds a batch at a time.
    const streams = statement !== undefined && !statement.use?.collects && statement.api !== 'mongoose';
    const inSource = statement?.use?.collects ? ', and the source puts all of them in one list' : '';
    if (!streams) {
      found.push(
        finding('R24', 'warning', null, {
          evidence: `${counted(returned, 'document')} returned without a limit${inSource}.`,
          guard: 'The result is not written to a collection.',
          advice: 'Page it, or read it with the cursor one by one instead of toArray().',
        }),
      );
    }
  }
  for (const placed of stages) {
    const spec = placed.stage.name === '$group' ? asDocument(placed.stage.fields.$group) : undefined;
    if (!spec) continue;
    const growing = Object.entries(spec)
      .filter(([, value]) => isDocument(value) && ('$push' in value || '$addToSet' in value))
      .map(([field]) => field);
    const input = placed.stage.children.at(0)?.returned;
    const groups = placed.stage.returned;
    if (!growing.length || !input || !groups || input / groups <= 1000) continue;
    found.push(
      finding('R24', 'warning', placed, {
        evidence: `${names(growing)} collects ${counted(input, 'document')} into ${counted(groups, 'group')}.`,
        guard: 'More than 1,000 per group.',
        advice: 'Use $firstN or $topN, or $slice the array: a group is limited to 16 MB.',
      }),
    );
  }
  return found;
}

/** R29: a value that can never match. */
export function otherType({ query, facts, command, plan }: RuleContext): Finding[] {
  const { columnTypes: fieldTypes } = facts(command.collection);
  if (!fieldTypes || (plan.totals.returned ?? 0) > 0) return [];
  return query.predicates.flatMap(({ field, operator, value }) => {
    if (!/^\$(eq|gt|gte|lt|lte)$/.test(operator)) return [];
    const [type, ...more] = fieldTypes[field] ?? [];
    const given = typeName(value);
    if (type === undefined || more.length || given === undefined || given === type) return [];
    return [
      finding('R29', 'warning', null, {
        evidence: `${field} is ${type} in the collection and is compared with a ${given}.`,
        guard: 'All sampled values are of one type, and nothing was found.',
        advice: `Convert the value to ${type} before the query.`,
      }),
    ];
  });
}

const NUMBER_TYPES = ['$numberInt', '$numberLong', '$numberDouble', '$numberDecimal'];

function typeName(value: unknown): string | undefined {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Date) return 'date';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const bson = asText((value as Record<string, unknown>)._bsontype);
  if (bson === 'ObjectId' || '$oid' in value) return 'objectId';
  if ('$date' in value) return 'date';
  if (bson === 'Decimal128' || NUMBER_TYPES.some((key) => key in value)) return 'number';
  return undefined;
}

/** R37: a replacement where a change would do. */
export function replacement({ command }: RuleContext): Finding[] {
  const { change, kind } = command;
  if ((kind !== 'update' && kind !== 'findAndModify') || !isNonEmpty(change) || !isDocument(change)) return [];
  if (Object.keys(change).some((key) => key.startsWith('$'))) return [];
  return [
    finding('R37', 'info', null, {
      evidence: `The update replaces the document by one of ${counted(Object.keys(change).length, 'field')}.`,
      guard: 'It has no update operator.',
      advice: 'Set what changed with $set: less is sent, logged and replicated, and other writers lose nothing.',
    }),
  ];
}
