import type { Finding } from '../../finding';
import { asDocument, asNumber, documentsOf, isDocument, type EjsonDocument } from '../../../ejson/documents';
import { finding, type RuleContext } from './context';
import type { PlacedStage } from '../../stages';
import { counted, inDigits } from '../../../words/numbers';
import { inBytes } from '../../../words/bytes';
import { names } from '../../../words/lists';

const MEMORY_LIMIT = 104_857_600;

interface Sort {
  readonly placed: PlacedStage;
  readonly pattern: EjsonDocument;
  readonly limit?: number;
  readonly bytes?: number;
  readonly input?: number;
}

/** Stages that sort in memory, of the query and of the pipeline. */
function blockingSorts({ stages }: RuleContext): Sort[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    if (stage.name !== 'SORT' && stage.name !== '$sort') return [];
    const spec = asDocument(stage.fields.$sort);
    const pattern = asDocument(stage.fields.sortPattern) ?? asDocument(spec?.sortKey) ?? spec ?? {};
    const limit = asNumber(stage.fields.limitAmount) ?? asNumber(spec?.limit);
    const bytes =
      asNumber(stage.fields.totalDataSizeSorted) ??
      asNumber(stage.fields.totalDataSizeSortedBytesEstimate) ??
      asNumber(stage.fields.memUsage);
    const input = stage.children.at(0)?.returned;
    return [
      {
        placed,
        pattern,
        ...(limit ? { limit } : {}),
        ...(bytes === undefined ? {} : { bytes }),
        ...(input === undefined ? {} : { input }),
      },
    ];
  });
}

/** Whether the sort is over values that no index of the collection can have. */
function sortsComputed({ placed, pattern }: Sort): boolean {
  if (Object.values(pattern).some((direction) => isDocument(direction) && '$meta' in direction)) return true;
  const fields = Object.keys(pattern);
  for (let stage = placed.stage.children.at(0); stage; stage = stage.children.at(0)) {
    const spec = asDocument(stage.fields[stage.name]);
    if (
      /^(\$group|GROUP|\$bucket\w*|\$sortByCount|\$count|\$replaceRoot|\$replaceWith|\$unwind|\$unionWith)$/.test(
        stage.name,
      )
    )
      return true;
    if (
      /^(\$addFields|\$set|\$project|\$lookup|\$setWindowFields|\$_internalSetWindowFields)$/.test(stage.name) &&
      spec
    ) {
      const made = new Set([
        ...Object.keys(spec).filter((key) => spec[key] !== true && spec[key] !== 1),
        ...(typeof spec.as === 'string' ? [spec.as] : []),
      ]);
      if (fields.some((field) => made.has(field) || made.has(field.split('.', 1)[0]))) return true;
    }
  }
  return false;
}

/** R06 and R09: a sort that no index serves. */
export function sortInMemory(context: RuleContext): Finding[] {
  return blockingSorts(context).flatMap((sort) => {
    const { placed, pattern, limit, bytes, input } = sort;
    if (sortsComputed(sort) || (input !== undefined && input <= 100)) return [];
    const small = (input !== undefined && input < 1000) || (bytes !== undefined && bytes < 1_000_000);
    const amount =
      input === undefined ? '' : `${counted(input, 'document')}${bytes === undefined ? '' : `, ${inBytes(bytes)},`} `;
    const fields = names(
      Object.keys(pattern).map((field) => `${field}: ${typeof pattern[field] === 'number' ? pattern[field] : '?'}`),
    );
    const found = [
      finding('R06', limit || small ? 'info' : 'warning', placed, {
        evidence: `${amount}sorted in memory${limit ? ` for the first ${inDigits(limit)}` : ''} by ${fields || 'the sort key'}.`,
        guard:
          'The sort is over fields of the collection, and more than 100 documents or an unknown number flow into it.',
        advice: 'Append the sort fields, with these directions or all reversed, to the equality fields of the index.',
      }),
    ];
    const { allowDiskUse } = context.plan.command ?? {};
    const [major = 99, minor = 0] = (context.plan.server?.version ?? '').split('.').map(Number);
    const old =
      context.command.kind === 'find' && context.plan.server?.version !== undefined && major * 100 + minor < 404;
    if (allowDiskUse === false || old) {
      const why = old ? `Server ${context.plan.server?.version} has no disk use for a find` : 'allowDiskUse is false';
      found.push(
        finding('R09', 'warning', placed, {
          evidence: `${why}${bytes === undefined ? '' : `, and ${inBytes(bytes)} are sorted`}.`,
          guard: 'The sort is done in memory.',
          advice: 'Serve the sort by an index or add a limit: above its memory limit it fails with error 292.',
        }),
      );
    }
    return found;
  });
}

/** R07: memory was not enough. */
export function spilled({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    if (stage.spilled !== true) return [];
    const spills = asNumber(stage.fields.spills);
    const bytes =
      asNumber(stage.fields.spilledDataStorageSize) ??
      asNumber(stage.fields.spilledBytes) ??
      asNumber(stage.fields.totalDataSizeSorted);
    const limit = asNumber(stage.fields.memLimit) ?? MEMORY_LIMIT;
    const amount = [spills ? counted(spills, 'spill') : '', bytes ? inBytes(bytes) : ''].filter(Boolean).join(', ');
    return [
      finding('R07', 'error', placed, {
        evidence: `${stage.name} wrote to disk${amount ? `: ${amount}` : ''}; its memory limit is ${inBytes(limit)}.`,
        guard: 'The server itself says so.',
        advice:
          'Reduce what flows into it: an earlier $match, a limit, fewer fields, or an index that gives the order.',
      }),
    ];
  });
}

/** R08: memory is nearly used up. */
export function nearMemoryLimit({ stages }: RuleContext): Finding[] {
  return stages.flatMap((placed) => {
    const { stage } = placed;
    const bytes =
      asNumber(stage.fields.peakTrackedMemBytes) ??
      asNumber(stage.fields.totalDataSizeSorted) ??
      asNumber(stage.fields.memUsage);
    const limit = asNumber(stage.fields.memLimit) ?? MEMORY_LIMIT;
    // A sort for the first few keeps no more than those.
    if (stage.spilled === true || stage.fields.limitAmount || bytes === undefined || bytes <= limit / 2) return [];
    return [
      finding('R08', 'info', placed, {
        evidence: `${stage.name} used ${inBytes(bytes)} of ${inBytes(limit)}.`,
        guard: 'It did not spill this time.',
        advice: 'Let an index give the order or reduce the input before the data grows.',
      }),
    ];
  });
}

/** Stages between a sort and its limit that make them separate. */
const CHANGES_NUMBER = /^\$(match|unwind|redact)$/;

/** R20: a limit that the sort does not know of. */
export function sortAndLimitApart({ command, stages }: RuleContext): Finding[] {
  const kinds = command.pipeline.map((stage) => Object.keys(stage)[0] ?? '');
  const sort = kinds.indexOf('$sort');
  const limit = kinds.indexOf('$limit', sort + 1);
  if (sort < 0 || limit < 0) return [];
  const between = kinds.slice(sort + 1, limit);
  if (
    !between.some((kind) => CHANGES_NUMBER.test(kind)) ||
    between.some((kind) => /^\$(group|bucket|facet|sort|sortByCount|count)/.test(kind))
  )
    return [];
  if (
    stages.some(({ stage }) => (asNumber(stage.fields.limitAmount) ?? 0) > 0 && stage.name === 'SORT') ||
    documentsOf(stages.map(({ stage }) => stage.fields.$sort)).some((spec) => spec.limit !== undefined)
  )
    return [];
  return [
    finding('R20', 'info', null, {
      evidence: `$sort is stage ${sort + 1}, $limit is stage ${limit + 1}, with ${names(between)} between.`,
      guard: 'The server did not join them.',
      advice: 'Put $limit right behind $sort where the result allows it: then only the first few are kept.',
    }),
  ];
}
