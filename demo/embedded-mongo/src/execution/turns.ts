import { ServerError } from '../errors';

/** Milliseconds of work after which other connections have their turn. */
const SLICE_MILLIS = 20;

/** Cuts long work into slices: between two of them other connections are served, so that nobody thinks the server dead. */
export class Turns {
  private began = performance.now();
  private stopped = false;

  /** Ends the work at its next pause. */
  stop(): void {
    this.stopped = true;
  }

  get due(): boolean {
    return performance.now() - this.began > SLICE_MILLIS;
  }

  /** Throws 11601 when the work was stopped meanwhile. */
  async pass(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.stopped) throw new ServerError(11601, 'operation was interrupted');
    this.began = performance.now();
  }
}
