import { nodeBinaries, outerNodes, type NodeBinary } from '../nodeVersions';

/** How often each program is measured: once in the whole of `npm test`, ten times by `--only=truth`. */
export const RUNS = Number(process.env['HEATLENS_TRUTH_RUNS'] ?? 1);

/** Also what only the table needs, and programs that differ little from others. */
export const isFull = RUNS >= 10;

/** Those that differ most, where there is little time. */
export function truthNodes(): NodeBinary[] {
  return isFull ? nodeBinaries() : outerNodes();
}

/**
 * What is to be reached, in percentage points and percent, is asserted where all runs were asked for, with nothing beside them. The
 * whole of `npm test` runs on any machine, and finds what is wrong in kind.
 */
export const LIMITS = isFull
  ? { sharePoints: 4, bytesPoints: 1, bytesPercent: 10, nothingPoints: 1 }
  : { sharePoints: 12, bytesPoints: 6, bytesPercent: 25, nothingPoints: 3 };
