import { ServerError } from '../errors';
import { parseQuery } from '../query/parse';
import { isDoc, toNumber } from '../values/types';
import type { Doc } from '../values/types';

/** One stage of a pipeline after its aliases are resolved, with what optimisation put into it. */
export interface Item {
  readonly name: string;
  readonly spec: unknown;
  /** Of `$sort`: only the first ones are needed. */
  readonly limit?: number;
  /** Of `$lookup`: the `$unwind` of its field, and conditions on what it finds. */
  readonly unwinding?: Doc;
  readonly matching?: Doc;
}

const KNOWN = new Set([
  '$match',
  '$project',
  '$addFields',
  '$group',
  '$sort',
  '$limit',
  '$skip',
  '$unwind',
  '$lookup',
  '$graphLookup',
  '$facet',
  '$unionWith',
  '$replaceRoot',
  '$redact',
  '$bucketAuto',
  '$sample',
  '$out',
  '$merge',
  '$indexStats',
  '$collStats',
  '$geoNear',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$documents',
]);
const FIRST_ONLY = new Set(['$indexStats', '$collStats', '$geoNear', '$documents']);

/** Reads a pipeline; throws the errors of a server for unknown and misplaced stages. */
export function parsePipeline(pipeline: unknown, inner = false): Item[] {
  if (!Array.isArray(pipeline)) throw new ServerError(14, 'A pipeline must be an array of objects');
  const items = pipeline.flatMap((stage: unknown, i): Item[] => {
    if (!isDoc(stage)) throw new ServerError(14, "Each element of the 'pipeline' array must be an object");
    const names = Object.keys(stage);
    if (names.length !== 1)
      throw new ServerError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const parsed = parseStage(names[0], stage[names[0]]);
    const [{ name }] = parsed;
    if (FIRST_ONLY.has(name) && i > 0)
      throw new ServerError(40602, `${name} is only valid as the first stage in a pipeline.`);
    if ((name === '$out' || name === '$merge') && i < pipeline.length - 1)
      throw new ServerError(40601, `${name} can only be the final stage in the pipeline`);
    if (inner && (name === '$out' || name === '$merge'))
      throw new ServerError(40600, `${name} is not allowed to be used within a sub-pipeline`);
    return parsed;
  });
  return items;
}

function parseStage(name: string, spec: unknown): Item[] {
  switch (name) {
    case '$count':
      if (typeof spec !== 'string' || spec === '')
        throw new ServerError(40156, 'the count field must be a non-empty string');
      return [group({ _id: null, [spec]: { $sum: 1 } }), { name: '$project', spec: { [spec]: true, _id: false } }];
    case '$sortByCount':
      return [group({ _id: spec, count: { $sum: 1 } }), { name: '$sort', spec: { count: -1 } }];
    case '$bucket':
      return bucket(spec);
    case '$set':
      return [{ name: '$addFields', spec }];
    case '$unset': {
      const fields: unknown[] = Array.isArray(spec) ? spec : [spec];
      return [{ name: '$project', spec: Object.fromEntries(fields.map((field) => [String(field), false])) }];
    }
    case '$replaceWith':
      return [{ name: '$replaceRoot', spec: { newRoot: spec } }];
    case '$match':
      if (!isDoc(spec)) throw new ServerError(15959, 'the match filter must be an expression in an object');
      parseQuery(spec);
      return [{ name, spec }];
    case '$limit':
    case '$skip': {
      const count = toNumber(spec);
      if (count === undefined || count < 0 || (name === '$limit' && count === 0)) {
        throw new ServerError(
          name === '$limit' ? 15958 : 15956,
          name === '$limit' ? 'the limit must be positive' : 'Argument to $skip cannot be negative',
        );
      }
      return [{ name, spec: count }];
    }
    case '$sort':
      if (!isDoc(spec) || Object.keys(spec).length === 0)
        throw new ServerError(15976, '$sort stage must have at least one sort key');
      return [{ name, spec }];
    case '$group':
      if (!isDoc(spec)) throw new ServerError(15947, "a group's fields must be specified in an object");
      if (!('_id' in spec)) throw new ServerError(15955, 'a group specification must include an _id');
      return [{ name, spec }];
    case '$project':
      if (!isDoc(spec) || Object.keys(spec).length === 0)
        throw new ServerError(
          51272,
          'Invalid $project :: caused by :: projection specification must have at least one field',
        );
      return [{ name, spec }];
    case '$unwind': {
      const path = isDoc(spec) ? spec.path : spec;
      if (typeof path !== 'string') throw new ServerError(28808, 'expected a string as the path for $unwind stage');
      if (!path.startsWith('$'))
        throw new ServerError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
      return [{ name, spec: isDoc(spec) ? spec : { path } }];
    }
    case '$lookup':
      if (!isDoc(spec) || typeof spec.as !== 'string')
        throw new ServerError(9, "must specify 'as' field for a $lookup");
      if (typeof spec.from !== 'string') throw new ServerError(9, "must specify 'from' field for a $lookup");
      return [{ name, spec }];
    default:
      if (!KNOWN.has(name)) throw new ServerError(40324, `Unrecognized pipeline stage name: '${name}'`);
      return [{ name, spec }];
  }
}

function group(spec: Doc): Item {
  return { name: '$group', spec };
}

function bucket(spec: unknown): Item[] {
  if (!isDoc(spec) || !Array.isArray(spec.boundaries) || spec.groupBy === undefined)
    throw new ServerError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  const boundaries: unknown[] = spec.boundaries;
  const branches = boundaries.slice(0, -1).map((low, i) => {
    return {
      case: {
        $and: [{ $gte: [spec.groupBy, { $const: low }] }, { $lt: [spec.groupBy, { $const: boundaries[i + 1] }] }],
      },
      then: { $const: low },
    };
  });
  const other = 'default' in spec ? { default: { $const: spec.default } } : {};
  const output = isDoc(spec.output) ? spec.output : { count: { $sum: 1 } };
  return [group({ _id: { $switch: { branches, ...other } }, ...output }), { name: '$sort', spec: { _id: 1 } }];
}
