import type { Draft } from './draft';
import { nodesBelow } from './fillStage';
import { asCount, asNumber, plainNumbers, type EjsonDocument, setOwn } from '../../../ejson/documents';

/** What the slot-based stages with one `planNodeId` did together: they carry out one stage of the plan. */
interface SlotGroup {
  readonly returned?: number;
  readonly millis?: number;
  entriesRead?: number;
  rowsRead?: number;
  /** Each without the stages below it, outermost first. */
  readonly stages: EjsonDocument[];
  spilled?: boolean;
}

export type SlotGroups = Map<number, SlotGroup>;

/** The slot-based stages of an execution by the stage of the plan that they carry out. Null where this is no such tree. */
export function groupSlotStages(root: EjsonDocument): SlotGroups | null {
  const groups: SlotGroups = new Map();
  const open: EjsonDocument[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const below = nodesBelow(node);
    const id = asNumber(node.planNodeId);
    if (id !== undefined) addTo(groups, id, node, below.keys);
    for (let i = below.nodes.length - 1; i >= 0; i--) open.push(below.nodes[i]);
  }
  return groups.size ? groups : null;
}

function addTo(groups: SlotGroups, id: number, node: EjsonDocument, childKeys: ReadonlySet<string>): void {
  let group = groups.get(id);
  if (!group)
    groups.set(
      id,
      (group = { returned: asCount(node.nReturned), millis: asCount(node.executionTimeMillisEstimate), stages: [] }),
    );
  const own: Record<string, unknown> = {};
  for (const key in node) if (!childKeys.has(key)) setOwn(own, key, plainNumbers(node[key]));
  group.stages.push(own);
  if (own.usedDisk === true) group.spilled = true;
  else if (own.usedDisk === false) group.spilled ??= false;
  const name = String(node.stage).toLowerCase();
  const reads = asCount(node.numReads);
  if (name.startsWith('ix')) {
    const keys = asCount(node.keysExamined) ?? reads;
    if (keys !== undefined) group.entriesRead = (group.entriesRead ?? 0) + keys;
  } else if (reads !== undefined && (name === 'scan' || name === 'seek' || name === 'fetch' || name === 'pscan')) {
    group.rowsRead = (group.rowsRead ?? 0) + reads;
  }
}

/** Gives a stage of the plan the counters of its slot-based stages, and takes these from the groups. */
export function joinSlotStages(draft: Draft, id: number, groups: SlotGroups): void {
  const group = groups.get(id);
  if (!group) return;
  groups.delete(id);
  if (group.returned !== undefined) draft.returned = group.returned;
  if (group.millis !== undefined) draft.millis = group.millis;
  if (group.entriesRead !== undefined) draft.entriesRead = group.entriesRead;
  if (group.rowsRead !== undefined) draft.rowsRead = group.rowsRead;
  if (group.spilled !== undefined) draft.spilled = group.spilled;
  draft.fields.slotStages = group.stages;
}
