import type { Disposable } from '../../core/disposable';
import { errorText } from '../../core/errors';
import { descendantsOf } from '../processes/listNodeProcesses';
import type { AttachedProcess } from './attachedProcess';
import type { TargetSpec } from './recordingTypes';

const POLL_MS = 2_000;

export interface Family {
  readonly isWanted: () => boolean;
  readonly attached: () => readonly AttachedProcess[];
  readonly attach: (spec: TargetSpec) => Promise<unknown>;
}

/** Attaches to the Node processes that attached ones start. */
export class ChildFollower implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;

  constructor(private readonly family: Family) {}

  /** Begins to look, unless it does already; it ends by itself when nothing is attached or children are not wanted. */
  begin(): void {
    if (!this.timer && this.family.isWanted()) this.lookLater(new Set());
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private lookLater(tried: Set<number>): void {
    this.timer = setTimeout(() => {
      void this.look(tried)
        .catch(() => undefined)
        .then(() => {
          const goesOn = this.family.isWanted() && this.family.attached().length > 0 && !this.isDisposed;
          if (goesOn) this.lookLater(tried);
          else this.timer = undefined;
        });
    }, POLL_MS);
  }

  private async look(tried: Set<number>): Promise<void> {
    for (const { connection } of [...this.family.attached()]) {
      // Ids of another machine's processes say nothing here.
      if (connection.via === 'host-port') continue;
      for (const child of await descendantsOf(connection.pid)) {
        const isAttached = this.family.attached().some((process) => process.connection.pid === child.pid);
        if (tried.has(child.pid) || isAttached) continue;
        // One that cannot be attached to now (still starting, no inspector) is not worth a message every two seconds.
        tried.add(child.pid);
        const spec: TargetSpec = child.agentSocket
          ? { kind: 'agent', socket: child.agentSocket }
          : { kind: 'pid', pid: child.pid, birth: child.birth };
        await this.family.attach(spec).catch((error: unknown) => {
          this.family
            .attached()
            .at(0)
            ?.main.noteProblem(`child ${child.pid}: ${errorText(error)}`);
        });
      }
    }
  }
}
