import { builtin } from '../builtin';
import { openUndoRegistry, undoRegistry, type UndoStep } from '../undo';

/** Lets the reply out before the connection it travels on is cut. */
const CLOSE_DELAY_MS = 50;
const MOVE_DELAY_MS = 10;

const INSPECTOR = 'inspector';

/** An inspector that Heatlens opened, and everything that is to be done with it. */
export interface InspectorStep extends UndoStep {
  /**
   * A process that ends by itself would take the open window along: all of a script that is shorter than a refresh. So it
   * is ended as the process emits `exit`, while JavaScript can still run, and V8 sends the profile before Node waits for us
   * to disconnect. (Asking for it then is too late: running code at that point crashes Node 20.)
   */
  noteWindow(next: string | undefined, previous: string | undefined): void;
  moveToRandomPort(): void;
  cancelMove(): void;
}

function openedInspector(): InspectorStep {
  const inspector = builtin('inspector');
  const timers = builtin('timers');
  const { debugPort } = process;
  const windows = new Set<string>();
  // V8's own console, which programs do not replace.
  const endWindows = (): void => windows.forEach((title) => inspector.console.profileEnd(title));
  let move: NodeJS.Timeout | undefined;
  const step: InspectorStep = {
    undo() {
      timers
        .setTimeout(() => {
          inspector.close();
          try {
            process.debugPort = debugPort;
          } catch {
            // Read-only in this process; then it was not changed either.
          }
        }, CLOSE_DELAY_MS)
        .unref();
    },
    noteWindow(next, previous) {
      if (previous !== undefined) windows.delete(previous);
      if (next !== undefined) windows.add(next);
      step.exit = windows.size > 0 ? endWindows : undefined;
      undoRegistry()?.exitChanged();
    },
    moveToRandomPort() {
      move = timers.setTimeout(() => {
        move = undefined;
        inspector.close();
        inspector.open(0, '127.0.0.1');
      }, MOVE_DELAY_MS);
    },
    cancelMove() {
      if (move) timers.clearTimeout(move);
      move = undefined;
    },
  };
  return step;
}

/** What is known of the inspector if Heatlens opened it. */
export function guarded(): InspectorStep | undefined {
  return undoRegistry()?.find(INSPECTOR) as InspectorStep | undefined;
}

export function guardInspector(owner: string): void {
  openUndoRegistry().register(owner, INSPECTOR, openedInspector);
}

export function joinGuard(owner: string): boolean {
  if (!guarded()) return false;
  guardInspector(owner);
  return true;
}

export function beat(owner: string): void {
  // Given up as lost while somebody else kept the inspector open, and back again.
  if (!undoRegistry()?.beat(owner)) joinGuard(owner);
}

export function leave(owner: string): boolean {
  const registry = undoRegistry();
  const isLast = registry?.isOnlyOwner(owner, INSPECTOR) ?? false;
  registry?.leave(owner);
  return isLast;
}

export function moveToRandomPort(): void {
  guarded()?.moveToRandomPort();
}

export function cancelMove(): void {
  guarded()?.cancelMove();
}
