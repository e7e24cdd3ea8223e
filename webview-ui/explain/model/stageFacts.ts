import { leadingColumn } from '../../../src/core/database/indexes';
import type { Stage, StageMark } from '../../../src/core/database/plan';

/** What flows into a stage and out of it; absent where the server does not tell. */
export interface Flow {
  readonly into?: number;
  readonly out?: number;
}

/** Into a scan flow the rows or index entries that it reads, into anything else what the stages below it return. */
export function flowOf({ role, returned: out, rowsRead, entriesRead, children }: Stage): Flow {
  const inputs = children.filter(({ relation }) => relation?.kind !== 'subplan');
  // Branches take what the input beside them delivers.
  const branches = inputs.some(({ relation }) => relation?.kind === 'branch');
  const fed = branches && inputs.length > 1 ? inputs.slice(0, 1) : inputs;
  if (!fed.length) return { into: role === 'scan' ? rowsRead : (entriesRead ?? rowsRead), out };
  let into: number | undefined = 0;
  for (const { returned } of fed) into = into === undefined || returned === undefined ? undefined : into + returned;
  return { into, out };
}

export type BadgeKind = StageMark | 'spilled' | 'memory' | 'sortInMemory' | 'fullIndex';

export interface Badge {
  readonly kind: BadgeKind;
  /** Worth a second look. */
  readonly bad: boolean;
  /** Bytes, of memory and of what was spilled. */
  readonly bytes?: number;
  readonly limit?: number;
}

export function badgesOf(stage: Stage): Badge[] {
  const { marks = [], memory = {} } = stage;
  const badges: Badge[] = [];
  const mark = (kind: StageMark, bad = false): void => {
    if (marks.includes(kind)) badges.push({ kind, bad });
  };
  mark('failed', true);
  if (stage.spilled) badges.push({ kind: 'spilled', bad: true, ...bytesOf(stage.tempBytes) });
  if (stage.role === 'sort') badges.push({ kind: 'sortInMemory', bad: !stage.limit });
  if (memory.used !== undefined && memory.used > 0) {
    const near = memory.limit !== undefined && memory.used > memory.limit / 2;
    badges.push({
      kind: 'memory',
      bad: near,
      bytes: memory.used,
      ...(memory.limit === undefined ? {} : { limit: memory.limit }),
    });
  }
  mark('multikey');
  const leading = leadingColumn(stage.indexColumns);
  if (leading !== undefined && stage.unbounded?.includes(leading)) badges.push({ kind: 'fullIndex', bad: true });
  mark('covered');
  mark('partial');
  return badges;
}

function bytesOf(bytes: number | undefined): { bytes?: number } {
  return bytes === undefined ? {} : { bytes };
}

/** One column of the index with the intervals that are read; `whole` lets every entry through. */
export interface BoundRow {
  readonly field: string;
  readonly direction: string;
  readonly intervals: readonly string[];
  readonly whole: boolean;
  /** A column after the first unbounded one narrows nothing by itself. */
  readonly afterWhole: boolean;
}

export function boundRows({ bounds, indexColumns, unbounded = [] }: Stage): BoundRow[] {
  const fields = Object.keys(bounds ?? indexColumns ?? {});
  const at = unbounded.length ? fields.indexOf(unbounded[0]) : Infinity;
  return fields.map((field, index) => ({
    field,
    direction: directionText(indexColumns?.[field]),
    intervals: bounds?.[field] ?? [],
    whole: unbounded.includes(field),
    afterWhole: index > at,
  }));
}

function directionText(value: unknown): string {
  if (value === 1) return '↑';
  if (value === -1) return '↓';
  return typeof value === 'string' ? value : '';
}
