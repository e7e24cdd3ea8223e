/** A running Node process as the picker and `heatlens processes` show it. */
export interface NodeProcess {
  readonly pid: number;
  readonly ppid: number;
  /** What a person calls it: the script's base name, the npm script, or the process title. */
  readonly name: string;
  /** Absolute path of the entry script where it can be told. */
  readonly script?: string;
  readonly cwd?: string;
  readonly commandLine: string;
  /** What started it, when it is not plain `node`: tsx, ts-node, nodemon, pm2, jest, mocha, npm… */
  readonly runner?: string;
  /** What it is among others of its name: `worker 2` of a cluster or a test runner, the npm script that it is. */
  readonly role?: string;
  /** TCP ports that it serves; Linux only. */
  readonly ports?: readonly number[];
  /** Another one has the same name, role, ports and folder. */
  readonly isOneOfMany?: boolean;
  /** It waits, and this one below it works. */
  readonly busyChild?: { readonly pid: number; readonly name: string };
  /** It only starts other processes (npm, nodemon, the tsx command), which are the ones that are meant. */
  readonly isLauncher?: boolean;
  /** Part of the editor itself: server, extension host, language servers. */
  readonly isEditor?: boolean;
  readonly user?: string;
  /** False for another user's process, which cannot be signalled. */
  readonly own: boolean;
  /** Share of one core over the last moments or, where only that is known, since its start; 0..n. */
  readonly cpuShare?: number;
  readonly residentBytes?: number;
  /** Epoch ms. */
  readonly startedAt?: number;
  /** Tells it from a later process of the same number: see `birthOf`. */
  readonly birth?: string;
  /** Loopback port of an open inspector, as far as it can be told without talking to the process. */
  readonly inspectorPort?: number;
  /** Socket path (or pipe name) of the in-process agent's main thread, if it runs there. */
  readonly agentSocket?: string;
}
