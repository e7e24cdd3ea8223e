import { joinedOrigins } from '../../../evaluate/abstractValue';
import { mergeValues } from '../../../evaluate/mergeValues';
import { NOTHING, type Value } from '../../../evaluate/value';
import type { MongoDraft } from './mongoValue';

/** A statement in both forms that a condition decides between. */
export function mergeDrafts(condition: string, then: MongoDraft, otherwise: MongoDraft): MongoDraft {
  const a = then.command;
  const b = otherwise.command;
  const merge = (x: Value | undefined, y: Value | undefined): Value | undefined =>
    x === y ? x : mergeValues(condition, x ?? NOTHING, y ?? NOTHING);
  const options: Record<string, Value> = {};
  for (const name of new Set([...Object.keys(a.options), ...Object.keys(b.options)])) {
    options[name] = merge(a.options[name], b.options[name]) ?? NOTHING;
  }
  return {
    ...then,
    related: joinedOrigins([then.related, otherwise.related]),
    command: {
      ...a,
      filter: merge(a.filter, b.filter),
      pipeline: merge(a.pipeline, b.pipeline),
      field: merge(a.field, b.field),
      change: merge(a.change, b.change),
      options,
    },
  };
}
