import type { Disposable } from '../../core/disposable';
import { errorText } from '../../core/errors';
import { isAlive } from '../inspector/checkProcess';
import { linuxDescendants } from '../processes/linuxProcesses';
import { descendantsOf } from '../processes/listNodeProcesses';
import type { NodeProcess } from '../processes/nodeProcess';
import type { AttachedProcess } from './attachedProcess';
import type { TargetSpec } from './recordingTypes';

/** Elsewhere than on Linux a list of processes takes a program of its own to be run. */
const POLL_MS = process.platform === 'linux' ? 200 : 2_000;
/** A process becomes Node's a moment after it was started, which no list of children shows … */
const FRESH_MS = 1_000;
/** … and a shell may become one at any time. */
const FULL_LOOK_MS = 2_000;
/** They take turns where inspectors open; beyond that, attaching is the target's work. */
const MOST_AT_ONCE = 4;
/** One that cannot be attached to may still be starting. */
const MOST_TRIES = 3;

export interface Family {
  readonly isWanted: () => boolean;
  readonly attached: () => readonly AttachedProcess[];
  readonly attach: (spec: TargetSpec, signal: AbortSignal) => Promise<unknown>;
}

/** Attaches to the Node processes that attached ones start. */
export class ChildFollower implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private stopping = new AbortController();
  private isDisposed = false;
  private readonly pending = new Map<number, Promise<void>>();
  private readonly tries = new Map<number, number>();
  private seen = '';
  private changedAt = 0;
  private fullLookAt = 0;
  /** Children that the last full look found. */
  private found: readonly number[] = [];

  constructor(private readonly family: Family) {}

  /** Begins to look, unless it does already; it ends by itself when nothing is attached or children are not wanted. */
  begin(): void {
    // Those that run already are attached to at once.
    if (!this.timer && this.family.isWanted()) this.lookIn(0);
  }

  /** What is just being attached to is let go again. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.noteUnmeasured();
    this.stopping.abort();
    this.stopping = new AbortController();
    this.tries.clear();
    await Promise.all(this.pending.values());
  }

  dispose(): void {
    this.isDisposed = true;
    void this.stop();
  }

  private lookIn(ms: number): void {
    const { signal } = this.stopping;
    this.timer = setTimeout(() => {
      void this.look(signal)
        .catch(() => undefined)
        .then(() => {
          if (signal.aborted) return;
          const goesOn = this.family.isWanted() && this.family.attached().length > 0 && !this.isDisposed;
          if (goesOn) this.lookIn(POLL_MS);
          else this.timer = undefined;
        });
    }, ms);
  }

  private async look(signal: AbortSignal): Promise<void> {
    // Ids of another machine's processes say nothing here.
    const parents = this.family
      .attached()
      .filter(({ connection }) => connection.via !== 'host-port')
      .map(({ connection }) => connection.pid);
    if (!this.isFullLookDue(parents)) return;
    const below = new Map<number, NodeProcess>();
    for (const pid of parents) {
      // Children that are attached are found below their parents already.
      if (!below.has(pid)) for (const child of await descendantsOf(pid)) below.set(child.pid, child);
    }
    // The number of one that has ended may be that of another one later.
    for (const pid of this.tries.keys()) if (!below.has(pid)) this.tries.delete(pid);
    this.found = [...below.keys()];
    for (const child of below.values()) {
      if (this.pending.size >= MOST_AT_ONCE || signal.aborted) return;
      if (this.isKnown(child.pid)) continue;
      const attaching = this.attachTo(child, signal).finally(() => {
        this.pending.delete(child.pid);
        // There is room for another one.
        this.changedAt = performance.now();
      });
      this.pending.set(child.pid, attaching);
    }
  }

  /** The list of all processes is long; who has new children is soon told. */
  private isFullLookDue(parents: readonly number[]): boolean {
    const now = performance.now();
    if (process.platform === 'linux') {
      const seen = parents.map((pid) => `${pid}:${linuxDescendants(pid).join()}`).join(' ');
      if (seen !== this.seen) this.changedAt = now;
      this.seen = seen;
      if (now - this.changedAt > FRESH_MS && now - this.fullLookAt < FULL_LOOK_MS) return false;
    }
    this.fullLookAt = now;
    return true;
  }

  private isKnown(pid: number): boolean {
    const isAttached = this.family.attached().some(({ connection }) => connection.pid === pid);
    return isAttached || this.pending.has(pid) || (this.tries.get(pid) ?? 0) >= MOST_TRIES;
  }

  private async attachTo({ pid, birth, agentSocket }: NodeProcess, signal: AbortSignal): Promise<void> {
    const spec: TargetSpec = agentSocket ? { kind: 'agent', socket: agentSocket } : { kind: 'pid', pid, birth };
    const tries = (this.tries.get(pid) ?? 0) + 1;
    this.tries.set(pid, MOST_TRIES);
    try {
      await this.family.attach(spec, signal);
    } catch (error) {
      if (signal.aborted || !isAlive(pid)) return;
      this.tries.set(pid, tries);
      if (tries < MOST_TRIES) return;
      this.note(`child ${pid}: ${errorText(error)}`);
    }
  }

  private noteUnmeasured(): void {
    const left = this.found.filter((pid) => (!this.isKnown(pid) || this.pending.has(pid)) && isAlive(pid)).length;
    this.found = [];
    if (left === 0) return;
    const children = left === 1 ? '1 child process was' : `${left} child processes were`;
    this.note(`${children} not measured: the end came before they were attached to`);
  }

  private note(problem: string): void {
    this.family.attached().at(0)?.main.noteProblem(problem);
  }
}
