/**
 * What the client asks of a target through an inspector: functions of a bundle of their own (`src/target/functions`), whose
 * text is sent to the target and which leaves nothing there by itself. Arguments and results are JSON.
 */
export interface TargetFunctions {
  /** Null when it is no Node process. */
  identify(): TargetIdentity | null;
  /** User and system time that the process has used, µs. */
  usedCpuTime(): number;
  /** µs of the clock that V8's samples have, too; 0 where the program has replaced it by one that does not go. */
  clock(): number;
  /** Of the thread that answers or, where Node tells no more, of the process. */
  usedThreadTime(): UsedTime;
  /** Of the thread that answers, as the process itself sees it; null where the system does not tell (all but Linux). */
  threadId(): number | null;
  /** Resolves in the next turn of the event loop. */
  turnEventLoop(): PromiseLike<true>;
  memoryUse(): MemoryUse;
  /** Epoch ms at which the process started. */
  startedAt(): number;
  /** Environment variables whose value matches the expression, upper and lower case alike. No other leaves the target. */
  environment(pattern: string): Record<string, string>;
  /** See `TargetMapAnswer`. `budgetMs` is how long the target's event loop may be held up. */
  findSourceMaps(scripts: readonly TargetScript[], budgetMs: number, maxLength: number): TargetMapAnswer;

  /** Sees to it that the inspector is closed when the last owner has left or is lost. */
  guardInspector(owner: string): void;
  /** The same where the inspector is guarded for somebody else already; false where it is not. */
  joinGuard(owner: string): boolean;
  /** A sign of life; an owner that gives none for ten seconds is lost. */
  beat(owner: string): void;
  /**
   * Undoes what was done for this owner alone. True when only the inspector is left, which nobody else uses and which
   * `leaveInspector` closes: at once, so that its reply does not come.
   */
  leave(owner: string): boolean;
  leaveInspector(owner: string): void;
  /** Whether it could be told, by now, that an owner is lost: every clock of the program may be a fake. */
  hasClock(): boolean;
  /** Closes a guarded inspector and opens it on a random port, a moment later. */
  moveToRandomPort(): void;
  cancelMove(): void;
  /** Closes the inspector for a moment and opens it again when `port` is free; false in another process than `pid`. */
  stepAside(pid: number, port: number): boolean;
  cancelStepAside(): void;

  /**
   * Opens `next` and then ends `previous`; resolves to the ms that this took. `endAtExit`: a window that is open when the
   * process exits is ended then, if the inspector is guarded.
   */
  changeCpuWindow(next: string | undefined, previous: string | undefined, endAtExit: boolean): number;
  /** At most so many frames, as a text for `parseCallSites`. */
  callSites(most: number): string | null;
  /** What of a worker's profilers may be on from now, to be stopped when the owner is lost; null when nothing is any more. */
  noteWorkerProfilers(owner: string, profilers: WorkerProfilers | null): void;
  /** Whether the process records code coverage. */
  recordsCoverage(): boolean;
  /** Switches inlining off in the whole process; V8 keeps code that it has optimised already. */
  turnInliningOff(owner: string): void;
  turnInliningOn(owner: string): void;
  /** Has V8 allocate each object by itself in the whole process, in code that it optimises from now on; until the owner leaves. */
  turnFoldingOff(owner: string): void;
}

/** What a process says about itself. */
export interface TargetIdentity {
  /** As the process sees it; undefined while it waits for a debugger before its first line (`--inspect-brk`). */
  readonly pid?: number;
  readonly version: string;
  /** What answers in Node's place. */
  readonly otherRuntime?: 'Bun' | 'Deno';
  readonly execArgv: readonly string[];
  readonly argv: readonly string[];
  readonly cwd: string;
}

export interface WorkerProfilers {
  /** Titles of CPU windows. */
  readonly windows: readonly string[];
  /** Whether the heap is sampled. */
  readonly heap: boolean;
}

/** One frame of an interrupted stack: where it stands, not where its function begins. */
export interface TargetCallSite {
  /** Empty where the function has none. */
  readonly name: string;
  readonly url: string;
  /** V8's; empty on a Node that does not tell. */
  readonly scriptId: string;
  /** 1-based in the script that runs; 0 where there is no position (builtins). */
  readonly line: number;
  readonly column: number;
}

/** µs of CPU so far, and of the clock of V8's samples. */
export interface UsedTime {
  readonly usedUs: number;
  readonly atUs: number;
}

/** Bytes. */
export interface MemoryUse {
  readonly heapUsed: number;
  readonly external: number;
}

/** A script as V8 names it, and its path on the target's machine. */
export interface TargetScript {
  readonly url: string;
  readonly path: string;
}

/** The JSON of a script's source map and who gave it, or its length in characters when that is too much. */
export type TargetMap = { readonly json: string; readonly from: string } | { readonly tooLarge: number };

/** By script, null for one that the target knows no map of; shorter than what was asked when time ran out. */
export interface TargetMapAnswer {
  readonly maps: readonly (TargetMap | null)[];
}
