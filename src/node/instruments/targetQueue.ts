const UNRESPONSIVE_AFTER_MS = 10_000;

/** One conversation at a time with a target: windows must not interleave, nor a blocked target collect a backlog. */
export class TargetQueue {
  private last: Promise<unknown> = Promise.resolve();
  private isOver = false;

  /** Told when a task has not been answered for 10 s, and when it is after all. */
  constructor(private readonly responsive: (isResponsive: boolean) => void) {}

  /** Runs the task when those before it have come to their end. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(() => this.watched(task));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** The conversation is over: that its tasks fail now is no answer. */
  end(): void {
    this.isOver = true;
  }

  private async watched<T>(task: () => Promise<T>): Promise<T> {
    let isLate = false;
    const watch = setTimeout(() => {
      isLate = true;
      this.responsive(false);
    }, UNRESPONSIVE_AFTER_MS);
    try {
      return await task();
    } finally {
      clearTimeout(watch);
      if (isLate && !this.isOver) this.responsive(true);
    }
  }
}
