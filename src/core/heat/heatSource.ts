import type { Disposable } from '../disposable';
import type { ProfileColumns } from '../profile/profileColumns';
import type { HeatSnapshot, TargetState, TargetSummary } from './heatSnapshot';
import type { MeasuredSource, MethodResolver } from './methodResolver';

/**
 * Whatever has heat to show: a recording, opened files. Lenses, hovers, decorations, views and pages read this and nothing
 * of where it comes from. All of it is at hand: nobody waits for a target.
 */
export interface HeatSource {
  /** Latest heat of the selected targets; undefined until something was measured or loaded. */
  readonly snapshot: HeatSnapshot | undefined;
  /** Everything that was measured, attached or not. */
  readonly targets: readonly TargetSummary[];
  /** Ids shown; undefined means all, merged. */
  readonly selected: ReadonlySet<string> | undefined;
  select(ids: ReadonlySet<string> | undefined): void;
  /**
   * A file as it was measured, with all its methods, hot or not: what the methods of an edited text are matched against.
   * `file` as in `SourceMethod.file`; undefined for a file that no frame led to.
   */
  measuredSource(file: string): MeasuredSource | undefined;
  /** For a flame graph that is refreshed in place: CPU, allocated and live bytes of the selected targets in one profile. */
  openColumns(): ColumnsReader;
  /** The snapshot, a target's state or the selection changed. */
  readonly onDidChange: (listener: () => void) => Disposable;
}

/** Everything measured on the shown targets, as one profile. */
export interface MeasuredColumns {
  readonly columns: ProfileColumns;
  /** By frame of `columns`: who maps it to the source. */
  readonly resolvers: readonly MethodResolver[];
}

export interface ColumnsReader {
  /** Undefined until something was measured. Costs what was added since the last call, and the columns themselves. */
  read(): MeasuredColumns | undefined;
}

const ATTACHED_STATES: readonly TargetState[] = [
  'starting',
  'measuring',
  'measuring-exactly',
  'paused',
  'unresponsive',
];

export function isAttached(target: Pick<TargetSummary, 'state'>): boolean {
  return ATTACHED_STATES.includes(target.state);
}
