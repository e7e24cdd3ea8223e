import { asDocument, asText, documentsOf, type EjsonDocument } from '../../../ejson/documents';
import type { RuleContext } from './context';
import type { PlacedStage } from '../../stages';
import { conjunction, type Conjunction } from './predicates';

/** A `$match` that the server runs inside another stage of the pipeline. */
export interface InnerMatch {
  /** `branch page of $facet`, `$lookup of orders` */
  readonly where: string;
  /** Of another collection, where it reads one. */
  readonly collection: string | null;
  readonly kind: '$facet' | '$lookup' | '$unionWith';
  readonly query: Conjunction;
  /** Documents that flow in, as far as it is known: of a branch its input, of a join what was read for it. */
  readonly input?: number;
  readonly stage: PlacedStage | null;
}

/** Pipelines inside pipelines are followed this deep. */
const MAX_DEPTH = 8;

/** All that the command's branches, joins and unions filter by; a `$match` at the beginning of the pipeline is none of them. */
export function innerMatches(context: RuleContext): InnerMatch[] {
  const found: InnerMatch[] = [];
  const open: { pipeline: readonly EjsonDocument[]; depth: number }[] = [
    { pipeline: context.command.pipeline, depth: 0 },
  ];
  for (let at = 0; at < open.length; at++) {
    const { pipeline, depth } = open[at];
    if (depth >= MAX_DEPTH) continue;
    for (const stage of pipeline) {
      for (const inner of innerPipelines(stage)) {
        open.push({ pipeline: inner.pipeline, depth: depth + 1 });
        for (const match of inner.pipeline) {
          const filter = asDocument(match.$match);
          if (filter) found.push(placed(context, inner, conjunction(filter)));
        }
      }
    }
  }
  return found;
}

interface Inner {
  readonly where: string;
  readonly kind: InnerMatch['kind'];
  readonly collection: string | null;
  readonly pipeline: readonly EjsonDocument[];
}

function innerPipelines(stage: EjsonDocument): Inner[] {
  const facet = asDocument(stage.$facet);
  if (facet)
    return Object.keys(facet).map((name) => ({
      where: `branch ${name} of $facet`,
      kind: '$facet',
      collection: null,
      pipeline: documentsOf(facet[name]),
    }));
  const lookup = asDocument(stage.$lookup);
  const from = asText(lookup?.from);
  if (lookup)
    return [
      {
        where: `$lookup of ${from ?? 'documents'}`,
        kind: '$lookup',
        collection: from ?? null,
        pipeline: documentsOf(lookup.pipeline),
      },
    ];
  const union = asDocument(stage.$unionWith);
  const other = asText(union?.coll);
  return union
    ? [
        {
          where: `$unionWith ${other ?? 'documents'}`,
          kind: '$unionWith',
          collection: other ?? null,
          pipeline: documentsOf(union.pipeline),
        },
      ]
    : [];
}

function placed({ stages, facts }: RuleContext, { where, kind, collection }: Inner, query: Conjunction): InnerMatch {
  const stage =
    stages.find(
      (one) =>
        one.stage.name === kind &&
        (kind === '$facet' || one.stage.target === undefined || one.stage.target === collection),
    ) ?? null;
  const flows =
    kind === '$facet'
      ? stage?.stage.children.find(({ fields }) => fields.branch === undefined)?.returned
      : (stage?.stage.rowsRead ?? facts(collection).rows);
  return { where, kind, collection, query, stage, ...(flows === undefined ? {} : { input: flows }) };
}

/** Whether so little flows in that no condition matters. */
export function isSmallInput({ input }: InnerMatch): boolean {
  return input !== undefined && input < 1000;
}
