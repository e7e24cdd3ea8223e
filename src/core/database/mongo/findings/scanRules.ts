import type { Finding } from '../../finding';
import { documentsOf, isDocument, isNonEmpty } from '../../../ejson/documents';
import { finding, hasAncestor, type RuleContext, stoppedByLimit } from './context';
import { leadingColumn } from '../../indexes';
import type { PlacedStage } from '../../stages';
import { counted, inDigits } from '../../../words/numbers';
import { names } from '../../../words/lists';
import { classOf, conjunction, filterFields } from './predicates';

const SMALL_COLLECTION = 1000;
const WRITES = /^(UPDATE|DELETE|BATCHED_DELETE|TS_MODIFY|EXPRESS_UPDATE|EXPRESS_DELETE)$/;

function collectionScans({ stages }: RuleContext): PlacedStage[] {
  return stages.filter(({ stage }) => stage.name === 'COLLSCAN' || stage.name === 'Seq Scan');
}

/** The conditions that a collection scan tests on each document. */
function scanFilter({ stage }: PlacedStage): Record<string, unknown> | null {
  if (isNonEmpty(stage.filter) && isDocument(stage.filter)) return stage.filter;
  const runtime = documentsOf(stage.fields.runtimeFilterSet);
  if (!runtime.length) return null;
  return Object.fromEntries(
    runtime.flatMap((one) =>
      Object.entries(one).flatMap(([operator, fields]) =>
        isDocument(fields)
          ? Object.entries(fields).map(([field, value]) => [field, { [operator]: value }] as const)
          : [],
      ),
    ),
  );
}

function isClustered({ stage }: PlacedStage): boolean {
  return stage.fields.minRecord !== undefined || stage.fields.maxRecord !== undefined;
}

function wantsNaturalOrder({ command }: RuleContext): boolean {
  return isDocument(command.hint) && '$natural' in command.hint;
}

/** R01: a collection scan with a filter. */
export function collectionScan(context: RuleContext): Finding[] {
  if (wantsNaturalOrder(context)) return [];
  return collectionScans(context).flatMap((scan) => {
    const filter = scanFilter(scan);
    if (!filter || isClustered(scan) || hasAncestor(scan, ({ name }) => WRITES.test(name))) return [];
    const { rows: documents } = context.facts(scan.target);
    const read = scan.stage.rowsRead;
    const known = documents ?? (stoppedByLimit(scan) ? undefined : read);
    if (known !== undefined && known < SMALL_COLLECTION) return [];
    if (known === undefined && read !== undefined && read < SMALL_COLLECTION) return [];
    const where = `${scan.target ?? 'the collection'}${scan.stage.shard === undefined ? '' : ` on ${scan.stage.shard}`}`;
    const fields = names(filterFields(filter));
    const advice = `Create an index that starts with what the filter bounds${fields ? ` (${fields})` : ''}: equality first, then sort, then range.`;
    if (read === undefined) {
      const size = documents === undefined ? '' : `, ${counted(documents, 'document')}`;
      return [
        finding('R01', 'warning', scan, {
          evidence: `The whole of ${where}${size} is read to test the filter.`,
          guard: 'The filter is not empty, and no natural order is asked for.',
          advice,
        }),
      ];
    }
    const returned = scan.stage.returned ?? 0;
    const share = returned / Math.max(1, known ?? read);
    const evidence = `${counted(read, 'document')} of ${where} read for ${inDigits(returned)} that match.`;
    if (share >= 0.2) {
      return [
        finding('R01', 'info', scan, {
          evidence,
          guard: `${Math.round(share * 100)} % of the documents match, so an index helps little.`,
          advice,
        }),
      ];
    }
    const severity = read > 10_000 && returned < read / 10 ? 'error' : read < SMALL_COLLECTION ? 'info' : 'warning';
    return [
      finding('R01', severity, scan, {
        evidence,
        guard: `At least ${inDigits(SMALL_COLLECTION)} documents, and fewer than 20 % of them match.`,
        advice,
      }),
    ];
  });
}

/** R35: a write that looks for its documents in the whole collection. */
export function writeCollectionScan(context: RuleContext): Finding[] {
  const writes =
    context.command.kind === 'update' || context.command.kind === 'delete' || context.command.kind === 'findAndModify';
  return collectionScans(context).flatMap((scan) => {
    if (!hasAncestor(scan, ({ name }) => WRITES.test(name)) && !writes) return [];
    const { filter } = context.command;
    if (!isNonEmpty(scan.stage.filter) && !isNonEmpty(filter)) return [];
    const { rows: documents } = context.facts(scan.target);
    if (documents !== undefined && documents < SMALL_COLLECTION) return [];
    const read = scan.stage.rowsRead;
    const size = read ?? documents;
    const evidence =
      read === undefined
        ? `The write looks through the whole collection${size === undefined ? '' : ` of ${counted(size, 'document')}`}.`
        : `${counted(read, 'document')} read to find ${inDigits(scan.stage.returned ?? 0)} to write.`;
    const fields = names(filterFields(filter));
    return [
      finding('R35', 'error', scan, {
        evidence,
        guard: 'The write has a filter, so it is not meant for every document.',
        advice: `Create an index on the fields of the filter${fields ? ` (${fields})` : ''}: a write that scans holds its locks and conflicts with others all the while.`,
      }),
    ];
  });
}

/** R27: an `$or` that no set of indexes serves. */
export function unindexedAlternatives(context: RuleContext): Finding[] {
  if (!context.query.alternatives.length) return [];
  const scan = collectionScans(context).find(({ target: collection }) => collection === context.command.collection);
  if (!scan) return [];
  const { rows: documents, indexes } = context.facts(scan.target);
  const size = documents ?? scan.stage.rowsRead;
  if (size !== undefined && size < SMALL_COLLECTION) return [];
  return context.query.alternatives.map((branches) => {
    const leading = new Set(
      (indexes ?? []).filter(({ options }) => options.hidden !== true).map(({ columns: key }) => leadingColumn(key)),
    );
    const missing = branches
      .map((branch) =>
        conjunction(branch)
          .predicates.filter((predicate) => classOf(predicate) !== 'unindexed')
          .map(({ field }) => field),
      )
      .filter((fields) => indexes && !fields.some((field) => leading.has(field)))
      .map((fields) => fields[0] ?? 'a branch that no index can serve');
    const evidence = `One $or of ${branches.length} branches, and a collection scan${size === undefined ? '' : ` of ${counted(size, 'document')}`}.`;
    const advice = missing.length
      ? `Create an index for every branch; there is none for ${names(missing)}. A single branch without one makes the server read everything.`
      : 'Create an index for every branch: a single branch without one makes the server read everything.';
    return finding('R27', 'warning', scan, {
      evidence,
      guard: 'The server did not rewrite it to $in, and the rest of the filter did not bound an index either.',
      advice,
    });
  });
}

/** R34: a field of few values alone in its index. */
export function fewValues(context: RuleContext): Finding[] {
  return context.stages.flatMap((placed) => {
    const { stage } = placed;
    if (stage.name !== 'IXSCAN' || !stage.indexColumns || Object.keys(stage.indexColumns).length !== 1) return [];
    const [field] = Object.keys(stage.indexColumns);
    const predicate = context.query.predicates.find((one) => one.field === field && one.operator === '$eq');
    const { rows: documents } = context.facts(placed.target);
    if (
      !predicate ||
      documents === undefined ||
      documents < SMALL_COLLECTION ||
      stage.returned === undefined ||
      stoppedByLimit(placed)
    )
      return [];
    const share = stage.returned / documents;
    if (share < 0.2) return [];
    return [
      finding('R34', 'info', placed, {
        evidence: `${field} = one value matches ${inDigits(stage.returned)} of ${counted(documents, 'document')} (${Math.round(share * 100)} %).`,
        guard: 'The index has this field only, and the scan ran to its end.',
        advice: `Use a partial index for the rare value, or a compound index that has a more selective field beside ${field}.`,
      }),
    ];
  });
}

/** R47: counting all documents one by one. */
export function exactCountOfAll(context: RuleContext): Finding[] {
  const { command } = context;
  const group = command.pipeline.find((stage) => isDocument(stage.$group))?.$group;
  const countsAll =
    isDocument(group) &&
    Object.values(group).some((value) => isDocument(value) && value.$sum === 1) &&
    (group._id === null || group._id === 1);
  const onlyCounts = command.pipeline.every(
    (stage) => isDocument(stage.$group) || (isDocument(stage.$match) && !isNonEmpty(stage.$match)),
  );
  if (command.kind !== 'aggregate' || !countsAll || !onlyCounts) return [];
  const scan = collectionScans(context).at(0);
  const read = scan?.stage.rowsRead ?? context.facts(command.collection).rows;
  if (!scan || (read !== undefined && read < SMALL_COLLECTION)) return [];
  return [
    finding('R47', 'info', scan, {
      evidence: `All ${read === undefined ? '' : `${inDigits(read)} `}documents are read to count them.`,
      guard: 'The filter is empty.',
      advice: 'Use estimatedDocumentCount(), which reads the number from the metadata, unless it must be exact.',
    }),
  ];
}

/** R26: two indexes intersected. */
export function indexIntersection({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    if (!/^AND_(SORTED|HASH)$/.test(placed.stage.name)) return [];
    const used = placed.stage.children.map(({ index }) => index ?? '?');
    return [
      finding('R26', 'info', placed, {
        evidence: `${names(used)} are read and intersected${placed.stage.returned === undefined ? '' : ` for ${counted(placed.stage.returned, 'document')}`}.`,
        guard: 'The server chose it itself.',
        advice: 'One compound index over the fields of both usually does less work.',
      }),
    ];
  });
}
