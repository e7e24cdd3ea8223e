import { asDocument } from '../../../ejson/documents';
import type { ExistingIndex } from '../../indexes';
import type { RuleContext } from '../findings/context';

/** Indexes of a collection that queries may use: of the facts, else those that the plans name. */
export function knownIndexes({ facts, plan, stages }: RuleContext, collection: string): ExistingIndex[] {
  const { indexes } = facts(collection);
  if (indexes) return indexes.filter(({ options }) => options.hidden !== true);
  const found = new Map<string, ExistingIndex>([['_id_', { name: '_id_', columns: { _id: 1 }, options: {} }]]);
  const open = [...stages.filter((placed) => placed.target === collection).map(({ stage }) => stage)];
  for (const root of plan.rejected) open.push(root);
  for (let stage = open.pop(); stage; stage = open.pop()) {
    if (
      stage.index !== undefined &&
      stage.indexColumns &&
      stage.fields.isPartial !== true &&
      stage.fields.isSparse !== true
    ) {
      const { collation, isUnique } = stage.fields;
      found.set(stage.index, {
        name: stage.index,
        columns: stage.indexColumns,
        options: { ...(asDocument(collation) ? { collation } : {}), ...(isUnique === true ? { unique: true } : {}) },
      });
    }
    if (plan.rejected.length) for (const one of stage.children) open.push(one);
  }
  return [...found.values()];
}
