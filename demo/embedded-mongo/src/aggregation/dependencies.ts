import { fieldsOf } from '../query/projection';
import { isDoc } from '../values/types';
import { isInclusion, matchFields } from './optimise';
import { parsePipeline } from './stages';
import type { Item } from './stages';

interface Needs {
  readonly fields: readonly string[];
  /** No other field of the input reaches the next stage. */
  readonly complete: boolean;
}

function needsOf({ name, spec }: Item): Needs | undefined {
  switch (name) {
    case '$match':
      return { fields: matchFields(spec), complete: false };
    case '$sort':
      return { fields: Object.keys(spec as object), complete: false };
    case '$limit':
    case '$skip':
    case '$sample':
    case '$unionWith':
      return { fields: [], complete: false };
    case '$group':
    case '$replaceRoot':
    case '$bucketAuto':
      return { fields: fieldsOf(isDoc(spec) ? Object.values(spec) : spec), complete: true };
    case '$addFields':
      return { fields: fieldsOf(Object.values(spec as object)), complete: false };
    case '$project': {
      if (!isDoc(spec) || !isInclusion(spec)) return { fields: [], complete: false };
      const kept = Object.entries(spec).flatMap(([field, value]) =>
        value === true || value === 1 ? [field] : fieldsOf(value),
      );
      return { fields: [...kept, ...(spec._id === undefined ? ['_id'] : [])], complete: true };
    }
    case '$unwind':
      return { fields: [String((spec as { path: unknown }).path).slice(1)], complete: false };
    case '$lookup': {
      if (!isDoc(spec)) return undefined;
      const local = typeof spec.localField === 'string' ? [spec.localField] : [];
      return { fields: [...local, ...fieldsOf(spec.let ?? null)], complete: false };
    }
    case '$graphLookup':
      return isDoc(spec) ? { fields: fieldsOf(spec.startWith), complete: false } : undefined;
    case '$facet': {
      const inner = Object.values(spec as object).map((pipeline) => dependencies(parsePipeline(pipeline, true)));
      return inner.includes(undefined)
        ? undefined
        : { fields: inner.flatMap((fields) => fields ?? []), complete: true };
    }
    default:
      return undefined;
  }
}

/** The fields of its input that a pipeline reads, shortest paths only; undefined for whole documents. */
export function dependencies(items: readonly Item[]): string[] | undefined {
  const found = new Set<string>();
  for (const item of items) {
    const needs = needsOf(item);
    if (!needs || needs.fields.includes('$$ROOT')) return undefined;
    needs.fields.forEach((field) => found.add(field));
    if (needs.complete)
      return [...found].filter((field) => ![...found].some((other) => field.startsWith(`${other}.`))).sort();
  }
  return undefined;
}
