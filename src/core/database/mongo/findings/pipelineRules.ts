import type { Stage } from '../../plan';
import type { Finding } from '../../finding';
import { asDocument, asNumber, asText, documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';
import { finding, type RuleContext } from './context';
import { leadingColumn } from '../../indexes';
import type { PlacedStage } from '../../stages';
import { counted, inDigits } from '../../../words/numbers';
import { names } from '../../../words/lists';
import { filterFields } from './predicates';

function operator(stage: EjsonDocument): string {
  return Object.keys(stage).find((key) => key.startsWith('$')) ?? '';
}

/** R14: documents that are found to be thrown away. */
export function largeSkip(context: RuleContext): Finding[] {
  const { command, stages } = context;
  const below = stages.find(({ stage, parent }) => stage.name === 'SKIP' && parent?.stage.name === 'FETCH');
  const inBranch = command.pipeline
    .flatMap((stage) => Object.values(asDocument(stage.$facet) ?? {}).map(documentsOf))
    .find((branch) => branch.some((stage) => stage.$skip !== undefined));
  const later = command.pipeline.find((stage) => stage.$skip !== undefined);
  const executed = stages.map(({ stage }) => asNumber(stage.fields.skipAmount) ?? 0);
  const skip =
    command.skip ??
    asNumber(later?.$skip) ??
    asNumber(inBranch?.find((stage) => stage.$skip !== undefined)?.$skip) ??
    Math.max(0, ...executed.slice(0, 10_000));
  const limit =
    command.limit ??
    asNumber(command.pipeline.find((stage) => stage.$limit !== undefined)?.$limit) ??
    asNumber(inBranch?.find((stage) => stage.$limit !== undefined)?.$limit);
  if (skip < 1000 && !(limit !== undefined && skip / limit >= 10)) return [];
  const shards = new Set(stages.map(({ stage }) => stage.shard).filter((shard) => shard !== undefined)).size;
  const severity = skip >= 10_000 ? 'error' : skip < 100 || (below && skip < 1000) ? 'info' : 'warning';
  const sharded = shards > 1 ? `; each of ${shards} shards reads skip and limit` : '';
  return [
    finding('R14', severity, below ?? null, {
      evidence: `${counted(skip, 'document')} skipped${limit === undefined ? '' : ` for ${inDigits(limit)} returned`}${sharded}.`,
      guard: below ? 'They are skipped on keys, before they are fetched.' : 'They are skipped after they were found.',
      advice:
        'Page by key: filter on the sort key and _id behind the last row of the page before, with an index on both.',
    }),
  ];
}

/** R15: one pass for a page and its count. */
export function facetForCount({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    if (placed.stage.name !== '$facet') return [];
    const branches = placed.stage.children.filter(({ fields }) => fields.branch !== undefined).map(chain);
    const counts = branches.find((branch) => branch.some(countsOnly));
    const pages = branches.find((branch) => branch !== counts && branch.some(({ name }) => name === '$limit'));
    if (!counts || !pages) return [];
    const input = placed.stage.children.find(({ fields }) => fields.branch === undefined)?.returned;
    if (input !== undefined && input < 1000) return [];
    return [
      finding('R15', 'warning', placed, {
        evidence: `${input === undefined ? 'All documents' : counted(input, 'document')} flow into both ${branchName(counts)} and ${branchName(pages)}.`,
        guard: 'One branch counts, another one has a limit, and the input is not small.',
        advice:
          'Run the page and the count as two queries side by side, so that the page reads only what it returns; or count by estimatedDocumentCount() where the filter is empty.',
      }),
    ];
  });
}

function chain(top: Stage): Stage[] {
  const stages: Stage[] = [];
  for (let stage: Stage | undefined = top; stage; stage = stage.children.at(0)) stages.push(stage);
  return stages;
}

function branchName(branch: readonly Stage[]): string {
  return String(branch[0].fields.branch);
}

function countsOnly({ name, fields }: Stage): boolean {
  const spec = asDocument(fields[name]);
  const id = spec?._id;
  return name === '$count' || (name === '$group' && (id === null || (isDocument(id) && id.$const === null)));
}

function joinInput(placed: PlacedStage): number | undefined {
  return placed.stage.children.find(({ fields }) => fields.pipelineOf === undefined)?.returned ?? placed.stage.returned;
}

/** R16, R17 and R46: joins. */
export function joins(context: RuleContext): Finding[] {
  return context.stages.flatMap((placed) => [...unindexedJoin(context, placed), ...largeJoin(placed)]);
}

export function unindexedJoin({ facts }: RuleContext, placed: PlacedStage): Finding[] {
  const { stage } = placed;
  const pushedDown = /^EQ_LOOKUP/.test(stage.name);
  if (stage.name !== '$lookup' && !pushedDown) return [];
  const spec = pushedDown ? stage.fields : (asDocument(stage.fields.$lookup) ?? {});
  const from = stage.target ?? asText(spec.from) ?? asText(spec.foreignCollection)?.split('.').slice(1).join('.');
  const field = asText(spec.foreignField);
  if (field === '_id' || from === undefined) return [];
  const scans = asNumber(stage.fields.collectionScans) ?? asNumber(spec.collectionScans);
  const used = stage.fields.indexesUsed ?? spec.indexesUsed;
  const { indexes, rows: documents } = facts(from);
  const unserved =
    field !== undefined &&
    indexes !== undefined &&
    !indexes.some(({ columns: key, options }) => leadingColumn(key) === field && options.hidden !== true);
  const byStrategy = /^(NestedLoopJoin|HashJoin)$/.test(asText(spec.strategy) ?? '');
  const noneUsed = Array.isArray(used) && used.length === 0 && field !== undefined && (stage.rowsRead ?? 0) > 0;
  if (
    !(scans !== undefined && scans > 0 && (field !== undefined || spec.let !== undefined)) &&
    !noneUsed &&
    !byStrategy &&
    !(unserved && scans === undefined)
  )
    return [];
  const input = joinInput(placed);
  if ((documents ?? 1000) < 1000 && (input ?? 11) <= 10) return [];
  const reads = stage.rowsRead ?? (input ?? 0) * (documents ?? 0);
  const numbers = scans
    ? `${counted(scans, 'scan')} of ${from}${stage.rowsRead === undefined ? '' : `, ${counted(stage.rowsRead, 'document')} read`}`
    : `${from} has no index on ${field ?? 'the joined field'}${documents === undefined ? '' : ` and ${counted(documents, 'document')}`}`;
  return [
    finding('R16', reads > 10_000 ? 'error' : 'warning', placed, {
      evidence: `${numbers}${input === undefined ? '' : `, for ${counted(input, 'input document')}`}.`,
      guard: 'The join is on a field other than _id, and neither side is tiny.',
      advice: `Create an index on ${from} that starts with ${field ?? 'the field that the sub-pipeline compares'}.`,
    }),
  ];
}

function largeJoin(placed: PlacedStage): Finding[] {
  const { stage } = placed;
  if ((stage.name !== '$lookup' && stage.name !== '$graphLookup') || !stage.rowsRead) return [];
  const input = joinInput(placed);
  if (!input) return [];
  const each = stage.rowsRead / input;
  const scanned = (asNumber(stage.fields.collectionScans) ?? 0) > 0;
  const found: Finding[] = [];
  const evidence = `${counted(stage.rowsRead, 'document')} of ${stage.target ?? 'the other collection'} read for ${counted(input, 'input document')}: ${inDigits(each)} each.`;
  if (each > 100 && !scanned)
    found.push(
      finding('R17', 'warning', placed, {
        evidence,
        guard: 'An index was used.',
        advice: 'Filter and project inside the join with a pipeline, or embed what is always needed.',
      }),
    );
  const spec = asDocument(stage.fields[stage.name]);
  const unwound = spec?.unwinding !== undefined || placed.parent?.stage.name === '$unwind';
  if (each > 1000 && !scanned && !unwound)
    found.push(
      finding('R46', 'warning', placed, {
        evidence,
        guard: 'The array is not unwound at once.',
        advice: `Put a $limit into the join's pipeline: a document cannot be larger than 16 MB.`,
      }),
    );
  return found;
}

const MOVED_OVER = /^\$(project|unwind|lookup|addFields|set)$/;

/** R18: a filter that could have stood first. */
export function lateMatch({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    if (stage.name !== '$match' || !isDocument(stage.filter) || stage.fields.pipelineOf !== undefined) return [];
    const fields = [...filterFields(stage.filter)];
    if (!fields.length || [...Object.keys(stage.filter)].some((key) => key === '$expr' || key === '$text')) return [];
    const over: string[] = [];
    for (let input = stage.children.at(0); input; input = input.children.at(0)) {
      if (/^\$(cursor|geoNearCursor)$/.test(input.name) || !input.name.startsWith('$')) break;
      if (input.name === '$sort' || input.name === '$match') continue;
      if (!MOVED_OVER.test(input.name) || changesField(input, fields)) return [];
      over.push(input.name);
    }
    if (!over.length) return [];
    return [
      finding('R18', 'warning', placed, {
        evidence: `$match on ${names(fields)} runs behind ${names(over.reverse())}${stage.children[0].returned === undefined ? '' : ` and gets ${counted(stage.children[0].returned, 'document')}`}.`,
        guard: 'Its fields come unchanged from the collection, and the server did not move it.',
        advice: 'Move it to the beginning of the pipeline, where it can use an index.',
      }),
    ];
  });
}

function changesField({ name, fields: { [name]: raw } }: Stage, fields: readonly string[]): boolean {
  const spec = asDocument(raw);
  const touches = (path: string): boolean =>
    fields.some((field) => field === path || field.startsWith(`${path}.`) || path.startsWith(`${field}.`));
  if (name === '$unwind') return touches((asText(raw) ?? asText(spec?.path) ?? '').replace(/^\$/, ''));
  if (!spec) return true;
  if (name === '$lookup') return touches(asText(spec.as) ?? '') || spec.unwinding !== undefined;
  if (name !== '$project') return Object.keys(spec).some(touches);
  const excluding = Object.entries(spec).every(([key, value]) => value === false || value === 0 || key === '_id');
  if (excluding)
    return Object.keys(spec).some(
      (path) => touches(path) && !(path === '_id' && (spec._id === true || spec._id === 1)),
    );
  return fields.some(
    (field) => !(field === '_id' && spec._id === undefined) && spec[field] !== true && spec[field] !== 1,
  );
}

/** R19 and R21, of the pipeline as it is written. */
export function pipelineOrder({ command: { pipeline } }: RuleContext): Finding[] {
  const kinds = pipeline.map(operator);
  const found: Finding[] = [];
  for (const [at, kind] of kinds.entries()) {
    if (kind === '$unwind') {
      let next = at + 1;
      while (/^\$(match|project|addFields|set|sort)$/.test(kinds[next] ?? '')) next++;
      if (asDocument(pipeline[next]?.$group)?._id === '$_id') {
        found.push(
          finding('R19', 'warning', null, {
            evidence: `$unwind is stage ${at + 1}, $group by _id is stage ${next + 1}.`,
            guard: 'Nothing between combines documents.',
            advice: 'Use $filter, $map or $reduce on the array: no document has to be taken apart.',
          }),
        );
      }
    }
    const following = kinds[at + 1];
    if (kind === '$project' && (following === '$match' || following === '$group')) {
      const spec = asDocument(pipeline[at].$project) ?? {};
      const plain = Object.values(spec).every((value) => value === 0 || value === 1 || typeof value === 'boolean');
      if (plain)
        found.push(
          finding('R21', 'info', null, {
            evidence: `$project is stage ${at + 1}, right before ${following}.`,
            guard: 'It computes nothing.',
            advice: 'Leave it out, or put it last: the server works out itself which fields are needed.',
          }),
        );
    }
  }
  return found;
}
