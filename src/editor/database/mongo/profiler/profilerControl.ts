import type { Disposable } from '../../../../core/disposable';
import { errorText } from '../../../../core/errors';
import {
  profilingLevel,
  restoreProfiling,
  slowestShapes,
  startProfiling,
  type ProfilingChange,
  type Restored,
  type RunningProfiler,
} from '../../../../node/database/mongo/databaseProfiler';
import type { MongoConnection } from '../../../../node/database/mongo/mongoConnection';
import type { Memory } from '../../../workspace/memory';
import type { MongoNode } from '../tree/mongoTreeModel';
import { profilerRows } from './profilerRows';

export interface ProfilerServices {
  /** Kept over the end of a window. */
  readonly memory: Memory;
  get(id: string): Promise<MongoConnection>;
  /** A row says something else now; all where none is given. */
  changed(node: MongoNode | undefined): void;
  log(text: string): void;
}

/** A level that was set over a connection, to be set back. */
interface Kept {
  readonly id: string;
  readonly change: ProfilingChange;
}

const MEMORY_KEY = 'heatlens.mongo.profiling';
/** How long a window that closes waits for a server, ms. */
const PATIENCE_MS = 2000;

/** The database profiler: set for a time and set back, whatever ends first: the time, the window, or the connection. */
export class ProfilerControl implements Disposable {
  private readonly running = new Map<string, RunningProfiler>();
  /** Of earlier windows: only to be set back in time. */
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  /** Shown rows with a countdown. */
  private readonly counting = new Map<string, MongoNode>();
  private ticking: NodeJS.Timeout | undefined;

  constructor(private readonly services: ProfilerServices) {}

  /** What an earlier window has left: set back now, or when its time is up. */
  async connected(id: string): Promise<void> {
    for (const { change } of this.kept().filter((each) => each.id === id && !this.running.has(nameOf(each)))) {
      const left = change.until - Date.now();
      if (left <= 0) await this.restore(id, change);
      else if (!this.waiting.has(nameOf({ id, change })))
        this.waiting.set(nameOf({ id, change }), setTimeout(() => void this.restore(id, change), left).unref());
    }
  }

  async rows(connection: MongoConnection, parent: MongoNode): Promise<MongoNode[]> {
    const { database = '', connection: id } = parent;
    const [level, shapes] = await Promise.all([
      profilingLevel(connection, database),
      slowestShapes(connection, database),
    ]);
    const until = this.find(id, database)?.change.until;
    const rows = profilerRows(parent, level, until, shapes);
    for (const row of rows) if (row.until !== undefined) this.count(row);
    return rows;
  }

  async start(id: string, database: string, level: 1 | 2, slowms: number | undefined, minutes: number): Promise<void> {
    const connection = await this.services.get(id);
    const kept = this.find(id, database)?.change;
    const name = nameOf({ id, change: { database } });
    this.running.get(name)?.dispose();
    clearTimeout(this.waiting.get(name));
    this.waiting.delete(name);
    const profiler = await startProfiling(connection, database, {
      level,
      ...(slowms === undefined ? {} : { slowms }),
      forMs: minutes * 60_000,
      ...(kept ? { kept } : {}),
      keep: (change) => this.keep(id, database, change),
      onEnd: (outcome) => this.ended(name, database, outcome),
    });
    this.running.set(name, profiler);
    this.services.changed(undefined);
  }

  /** Sets back what we set; what somebody else has switched on is switched off. */
  async stop(id: string, database: string): Promise<void> {
    const name = nameOf({ id, change: { database } });
    const kept = this.find(id, database);
    const profiler = this.running.get(name);
    if (profiler) this.ended(name, database, await profiler.stop());
    else if (kept) await this.restore(id, kept.change);
    else await (await this.services.get(id)).run(database, { profile: 0 }, { readPreference: 'primary' });
    this.services.changed(undefined);
  }

  /** Its connection is removed: afterwards nobody could set a level back. */
  async leave(id: string): Promise<void> {
    for (const { change } of this.kept().filter((each) => each.id === id)) {
      const stopped = this.running.get(nameOf({ id, change }))?.stop() ?? this.restore(id, change);
      await stopped.catch((error: unknown) =>
        this.services.log(`profiling of ${change.database}: ${errorText(error)}`),
      );
      await this.keep(id, change.database, undefined);
    }
  }

  /** What this window has switched on does not stay on. */
  async shutDown(): Promise<void> {
    if (!this.running.size) return;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
    await Promise.race([Promise.allSettled([...this.running.values()].map((profiler) => profiler.stop())), patience]);
    this.running.clear();
  }

  dispose(): void {
    clearInterval(this.ticking);
    for (const timer of this.waiting.values()) clearTimeout(timer);
    for (const profiler of this.running.values()) profiler.dispose();
    this.waiting.clear();
    this.running.clear();
    this.counting.clear();
  }

  private async restore(id: string, change: ProfilingChange): Promise<void> {
    const name = nameOf({ id, change });
    clearTimeout(this.waiting.get(name));
    this.waiting.delete(name);
    try {
      const outcome = await restoreProfiling(await this.services.get(id), change);
      await this.keep(id, change.database, undefined);
      this.ended(name, change.database, outcome);
    } catch (error) {
      // It stays kept, for the next connect.
      this.ended(name, change.database, error as Error);
    }
  }

  private ended(name: string, database: string, outcome: Restored | Error): void {
    this.running.delete(name);
    if (outcome instanceof Error)
      this.services.log(`the profiling level of ${database} could not be set back: ${errorText(outcome)}`);
    else if (outcome === 'changed')
      this.services.log(`the profiling level of ${database} was left alone: somebody else has set it since`);
    this.services.changed(undefined);
  }

  private kept(): readonly Kept[] {
    return this.services.memory.get<Kept[]>(MEMORY_KEY) ?? [];
  }

  private find(id: string, database: string): Kept | undefined {
    return this.kept().find((each) => each.id === id && each.change.database === database);
  }

  private async keep(id: string, database: string, change: ProfilingChange | undefined): Promise<void> {
    const others = this.kept().filter((each) => each.id !== id || each.change.database !== database);
    await this.services.memory.update(MEMORY_KEY, change ? [...others, { id, change }] : others);
  }

  private count(row: MongoNode): void {
    this.counting.set(row.id, row);
    this.ticking ??= setInterval(() => {
      for (const [id, node] of this.counting) {
        if ((node.until ?? 0) < Date.now()) this.counting.delete(id);
        else this.services.changed(node);
      }
      if (this.counting.size) return;
      clearInterval(this.ticking);
      this.ticking = undefined;
    }, 1000);
  }
}

function nameOf({ id, change }: { readonly id: string; readonly change: Pick<ProfilingChange, 'database'> }): string {
  return `${id}/${change.database}`;
}
