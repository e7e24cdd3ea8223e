import { asDocument, asText, type EjsonDocument, isDocument } from '../../../ejson/documents';
import {
  DEEPEST,
  expressionNode,
  filterNode,
  holeOf,
  keptNode,
  projectionNode,
  record,
  sortedRecord,
  sortNode,
  typeNode,
  type ShapeNode,
} from './shapeNodes';

/** The stages of a pipeline, with those inside them. */
export function pipelineNode(pipeline: unknown, depth = 0): ShapeNode {
  const hole = holeOf(pipeline);
  if (hole !== undefined || !Array.isArray(pipeline) || depth > DEEPEST) return hole ?? '?array<?object>';
  return pipeline.map((stage) => {
    const [name, spec] = isDocument(stage) ? (Object.entries(stage)[0] ?? []) : [];
    return holeOf(stage) ?? (name === undefined ? '?object' : record([[name, stageNode(name, spec, depth)]]));
  });
}

function stageNode(name: string, spec: unknown, depth: number): ShapeNode {
  const fields = asDocument(spec);
  switch (name) {
    case '$match':
      return filterNode(spec);
    case '$sort':
      return sortNode(spec);
    case '$project':
      return projectionNode(spec);
    case '$addFields':
    case '$set':
      return fields
        ? sortedRecord(Object.entries(fields).map(([key, value]) => [key, expressionNode(value)]))
        : typeNode(spec);
    case '$limit':
    case '$skip':
    case '$sample':
      return typeNode(spec);
    case '$count':
    case '$unset':
    case '$out':
    case '$merge':
      return keptNode(spec);
    case '$unionWith':
      return fields ? joinNode(fields, depth) : keptNode(spec);
    case '$lookup':
    case '$graphLookup':
      return fields ? joinNode(fields, depth) : typeNode(spec);
    case '$facet':
      return fields
        ? record(Object.entries(fields).map(([branch, stages]) => [branch, pipelineNode(stages, depth + 1)]))
        : typeNode(spec);
    case '$geoNear': {
      const { query, ...others } = fields ?? {};
      const options = Object.entries(others).map(
        ([key, value]) => [key, asText(value) === undefined ? typeNode(value) : keptNode(value)] as const,
      );
      return sortedRecord([...options, ...(query === undefined ? [] : [['query', filterNode(query)] as const])]);
    }
    default:
      return expressionNode(spec);
  }
}

function joinNode(fields: EjsonDocument, depth: number): ShapeNode {
  return sortedRecord(
    Object.entries(fields).map(([key, value]): [string, ShapeNode] => {
      switch (key) {
        case 'pipeline':
          return [key, pipelineNode(value, depth + 1)];
        case 'let':
        case 'startWith':
          return [key, expressionNode(value)];
        case 'restrictSearchWithMatch':
          return [key, filterNode(value)];
        case 'maxDepth':
          return [key, typeNode(value)];
        default:
          return [key, keptNode(value)];
      }
    }),
  );
}

/** An update: what it changes, not to what. */
export function changeNode(change: unknown): ShapeNode {
  if (Array.isArray(change)) return pipelineNode(change);
  const hole = holeOf(change);
  if (hole !== undefined || !isDocument(change)) return hole ?? '?object';
  // A replacement has whatever fields the document has.
  if (!Object.keys(change)[0]?.startsWith('$')) return '?object';
  return sortedRecord(Object.entries(change).map(([operator, fields]) => [operator, changedFields(fields)]));
}

function changedFields(fields: unknown): ShapeNode {
  if (!isDocument(fields) || holeOf(fields) !== undefined) return typeNode(fields);
  return sortedRecord(Object.entries(fields).map(([field, value]) => [field, changedNode(value)]));
}

/** Documents that are written differ; the modifiers of a `$push` do not. */
function changedNode(value: unknown): ShapeNode {
  const node = typeNode(value);
  if (typeof node === 'string' || Array.isArray(node)) return node;
  return Object.keys(node)[0]?.startsWith('$') ? node : '?object';
}
