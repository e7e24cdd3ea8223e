import type { Plan, Stage } from '../../../src/core/database/plan';

/** One stage as it stands in the tree. Deep plans are as long as they are deep, so nothing here recurses. */
export interface PlanRow {
  readonly stage: Stage;
  /** Place among all stages, parents before children. */
  readonly index: number;
  readonly parent: PlanRow | undefined;
  /** Among the parent's children. */
  readonly position: number;
  readonly depth: number;
  readonly children: readonly PlanRow[];
  readonly branch: Branch | undefined;
}

/** Why a stage begins a tree of its own. */
export type Branch =
  { readonly kind: 'facet' | 'pipeline' | 'shard'; readonly name: string } | { readonly kind: 'input' };

export function planRows(root: Stage): readonly PlanRow[] {
  const rows: PlanRow[] = [];
  const open: { stage: Stage; parent: PlanRow | undefined; position: number }[] = [
    { stage: root, parent: undefined, position: 0 },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { stage, parent, position } = next;
    const row: PlanRow & { children: PlanRow[] } = {
      stage,
      index: rows.length,
      parent,
      position,
      depth: parent ? parent.depth + 1 : 0,
      children: [],
      branch: parent && branchOf(stage, parent.stage, position),
    };
    rows.push(row);
    if (parent) (parent.children as PlanRow[]).push(row);
    for (let i = stage.children.length - 1; i >= 0; i--)
      open.push({ stage: stage.children[i], parent: row, position: i });
  }
  return rows;
}

function branchOf(stage: Stage, parent: Stage, position: number): Branch | undefined {
  const { relation } = stage;
  if (relation) return { kind: relation.kind === 'branch' ? 'facet' : 'pipeline', name: relation.name };
  if (stage.shard !== undefined && stage.shard !== parent.shard) return { kind: 'shard', name: stage.shard };
  const besidesBranches = parent.children.some((child) => child.relation !== undefined);
  return position === 0 && besidesBranches ? { kind: 'input' } : undefined;
}

/** Rows that are not below a collapsed one. */
export function shownRows(rows: readonly PlanRow[], collapsed: ReadonlySet<PlanRow>): readonly PlanRow[] {
  if (!collapsed.size) return rows;
  const shown: PlanRow[] = [];
  let hiddenBelow = Infinity;
  for (const row of rows) {
    if (row.depth > hiddenBelow) continue;
    hiddenBelow = collapsed.has(row) && row.children.length ? row.depth : Infinity;
    shown.push(row);
  }
  return shown;
}

/** Child indices from the root, as findings and the saved state have them. */
export function pathOf(row: PlanRow): number[] {
  const path: number[] = [];
  for (let at = row; at.parent; at = at.parent) path.push(at.position);
  return path.reverse();
}

export function rowAt(rows: readonly PlanRow[], path: readonly number[] | undefined): PlanRow | undefined {
  let row = path && rows.at(0);
  for (const position of path ?? []) row = row?.children[position];
  return row;
}

/** The same place in the plan of another run, if the same stage is there. */
export function counterpart(rows: readonly PlanRow[], row: PlanRow | undefined): PlanRow | undefined {
  const other = row && rowAt(rows, pathOf(row));
  return other?.stage.name === row?.stage.name ? other : undefined;
}

/** The row that what was typed means: the next one after `from` whose stage begins so, from the top again after the last. */
export function typedRow(rows: readonly PlanRow[], from: number, typed: string): number {
  const wanted = typed.toLowerCase();
  // A first letter moves on, more letters may stay.
  const start = typed.length === 1 ? from + 1 : Math.max(0, from);
  for (let step = 0; step < rows.length; step++) {
    const at = (start + step) % rows.length;
    if (
      rows[at].stage.name
        .toLowerCase()
        .replace(/^[$_]+/, '')
        .startsWith(wanted) ||
      rows[at].stage.name.toLowerCase().startsWith(wanted)
    )
      return at;
  }
  return -1;
}

/** What is worth looking at first: where the first finding is, else what took longest, else the first leaf. */
export function firstRow(
  rows: readonly PlanRow[],
  findings: readonly { readonly stage?: readonly number[] }[],
): PlanRow | undefined {
  for (const { stage } of findings) {
    const row = rowAt(rows, stage);
    if (row) return row;
  }
  let longest: PlanRow | undefined;
  for (const row of rows) if ((row.stage.selfMillis ?? 0) > (longest?.stage.selfMillis ?? 0)) longest = row;
  return longest ?? rows.find(({ children }) => children.length === 0);
}

/** ms of the whole, that times of stages are parts of; undefined where no time is known. */
export function totalMillis({ totals, root }: Pick<Plan, 'totals' | 'root'>): number | undefined {
  const known = [totals.millis, root.millis].filter((millis) => millis !== undefined);
  return known.length ? Math.max(...known) : undefined;
}
