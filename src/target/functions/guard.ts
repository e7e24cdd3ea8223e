import { attempt } from '../attempt';
import { builtin, nodeProcess, v8Console } from '../builtin';
import { after } from '../clock';
import { openUnannounced } from './openUnannounced';
import { isRegistryShared, openUndoRegistry, undoRegistry, type UndoStep } from '../undo';
import { isFlagGiven } from './nodeFlags';

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
  /** After the reply; throws where there is no clock, or nothing to open it again with. */
  moveToRandomPort(): void;
  cancelMove(): void;
}

function openedInspector(): InspectorStep {
  // Opening it has put the port that it got in place of 0, any port.
  const debugPort = attempt(() => (isFlagGiven('--inspect-port=0') ? 0 : nodeProcess()!.debugPort));
  let windows: { readonly title: string; readonly older: typeof windows } | undefined;
  const endWindows = (): void => {
    for (let at = windows; at; at = at.older) v8Console().profileEnd(at.title);
  };
  const without = (title: string, list: typeof windows): typeof windows => {
    if (!list || list.title === title) return list?.older;
    return { title: list.title, older: without(title, list.older) };
  };
  let cancel: (() => void) | undefined;
  const step: InspectorStep = {
    undo() {
      cancel?.();
      closeInspector();
      // A blocked loop was interrupted to open it, and Node opens it once more when that loop turns.
      if (!hasClock()) attempt(closeAfterTurn);
      // Read-only in some processes; then it was not changed either.
      attempt(() => {
        if (debugPort !== undefined) nodeProcess()!.debugPort = debugPort;
      });
    },
    noteWindow(next, previous) {
      if (previous !== undefined) windows = without(previous, windows);
      if (next !== undefined) windows = { title: next, older: windows };
      step.exit = windows ? endWindows : undefined;
      undoRegistry()?.exitChanged();
    },
    moveToRandomPort() {
      // Not when it is closed already: what cannot be opened again stays where it is.
      builtin('inspector');
      cancel = after(MOVE_DELAY_MS, () => {
        cancel = undefined;
        closeInspector();
        openUnannounced(0, '127.0.0.1');
      });
    },
    cancelMove() {
      cancel?.();
      cancel = undefined;
    },
  };
  return step;
}

/**
 * At once, whatever the program is doing: this also runs in the middle of a loop that never ends. The connection on which
 * it is asked for is cut with that, and no reply comes.
 */
function closeInspector(): void {
  attempt(() => builtin('inspector').close());
  // What it stands for, in case somebody has replaced it; closing what is closed does nothing.
  attempt(() => nodeProcess()!._debugEnd!());
}

/** In the turn after the next: in the one that comes first, timers run before what the signal has left to be done. */
function closeAfterTurn(): void {
  after(1, () => {
    after(MOVE_DELAY_MS, () => {
      if (!guarded()) closeInspector();
    });
  });
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

export function hasClock(): boolean {
  return undoRegistry()?.hasClock() ?? false;
}

export function beat(owner: string): void {
  // Given up as lost while somebody else kept the inspector open, and back again.
  if (!undoRegistry()?.beat(owner)) joinGuard(owner);
}

export function leave(owner: string): boolean {
  const registry = undoRegistry();
  if (registry?.isOnlyOwner(owner, INSPECTOR)) {
    registry.leaveAllBut(owner, INSPECTOR);
    return true;
  }
  registry?.leave(owner);
  return false;
}

export function leaveInspector(owner: string): void {
  undoRegistry()?.leave(owner);
}

export function moveToRandomPort(): void {
  // The next connection would not find the guard, and this one's would take us for lost.
  if (!isRegistryShared()) throw new Error('Nothing in this program takes the list of what is to be undone.');
  guarded()?.moveToRandomPort();
}

export function cancelMove(): void {
  guarded()?.cancelMove();
}
