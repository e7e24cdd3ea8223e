/** A process as the operating system describes it, before anything is made of it. */
export interface RawProcess {
  readonly pid: number;
  readonly ppid: number;
  /** `argv[0]` included. One odd entry when the program rewrote its title. */
  readonly argv: readonly string[];
  /** The program is inside of the executable, and all arguments are its own. */
  readonly isPacked?: boolean;
  /** At start; empty where it may not be read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly user?: string;
  /** Whether we may signal it. */
  readonly own: boolean;
  /** Processor time so far, ms. */
  readonly cpuMs?: number;
  /** Where the system reports a share of a core itself. */
  readonly cpuShare?: number;
  readonly residentBytes?: number;
  /** Epoch ms. */
  readonly startedAt?: number;
  /** See `birthOf`. */
  readonly birth?: string;
  readonly inspectorPort?: number;
  /** All that it listens on, besides its inspector's. */
  readonly ports?: readonly number[];
}
