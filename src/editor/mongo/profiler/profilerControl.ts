import type * as vscode from 'vscode';
import { errorText } from '../../../core/errors';
import type { MongoConnection } from '../../../node/mongo/mongoConnection';
import { requireTrust } from '../../trust';
import type { Memory } from '../explain/rememberedInputs';
import type { MongoFeature } from '../mongoFeature';
import { databasePlace } from '../tree/showCollection';
import { inside, type MongoNode } from '../tree/mongoTreeModel';
import { profilerRow } from '../tree/mongoTree';
import { levelText, setLevel, statusOf, type ProfilerLevel } from './profilerLevel';
import { SwitchBacks } from './switchBack';

export interface ProfilerServices {
  readonly memory: Memory;
  get(id: string): Promise<MongoConnection>;
  /** A row says something else now. */
  changed(node: MongoNode | undefined): void;
  log(text: string): void;
}

/** The database profiler: its level, switched back in time, and what it found. */
export class ProfilerControl implements vscode.Disposable {
  private readonly backs: SwitchBacks;
  /** Shown rows with a countdown. */
  private readonly counting = new Map<string, MongoNode>();
  private ticking: NodeJS.Timeout | undefined;

  constructor(private readonly services: ProfilerServices) {
    this.backs = new SwitchBacks(services.memory, async ({ id, database, level, slowMs }) => {
      try {
        await setLevel(await services.get(id), database, { level, slowMs });
        services.changed(undefined);
      } catch (error) {
        services.log(`profiling level of ${database} could not be set back: ${errorText(error)}`);
        throw error;
      }
    });
  }

  /** Of earlier windows, what is left to be set back. */
  async connected(id: string): Promise<void> {
    // It is logged, and tried again at the next connect.
    await this.backs.resume(id).catch(() => undefined);
  }

  /** Its connection is removed: afterwards nobody could set a level back. */
  async leave(id: string): Promise<void> {
    await this.backs.performAll(id).catch(() => undefined);
  }

  async rows(connection: MongoConnection, parent: MongoNode): Promise<MongoNode[]> {
    const { database = '' } = parent;
    const status = await statusOf(connection, database);
    const back = this.backs.find({ id: parent.connection, database });
    const row: MongoNode = {
      ...inside(parent, 'level'),
      kind: 'fact',
      label: levelText(status),
      ...(back ? { until: back.until } : {}),
      icon: status.level === 0 ? 'circle-outline' : 'record',
      context: 'mongoProfiler',
      expandable: false,
    };
    if (back) this.count(row);
    return [row];
  }

  /** Unfolds the profiler of a database in the view. */
  async show(feature: MongoFeature, node: Partial<MongoNode>): Promise<void> {
    requireTrust();
    const place = await databasePlace(feature, node);
    if (place) feature.reveal(profilerRow(feature.tree.databaseNode(place.id, place.database)));
  }

  /** `minutes` until it is switched back. */
  async set(id: string, database: string, next: ProfilerLevel, minutes: number | undefined): Promise<void> {
    const connection = await this.services.get(id);
    const before = await statusOf(connection, database);
    // Noted first: a window that is closed in between must not leave it on.
    if (minutes !== undefined) await this.backs.plan({ id, database, ...before, until: Date.now() + minutes * 60_000 });
    await setLevel(connection, database, next);
    if (minutes === undefined) await this.backs.forget({ id, database });
    this.services.changed(undefined);
  }

  /** What this window has switched on does not stay on. */
  async shutDown(): Promise<void> {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, 2000).unref());
    await Promise.race([this.backs.performAll().catch(() => undefined), patience]);
  }

  dispose(): void {
    clearInterval(this.ticking);
    this.counting.clear();
    this.backs.dispose();
  }

  private count(row: MongoNode): void {
    this.counting.set(row.id, row);
    this.ticking ??= setInterval(() => {
      for (const [id, node] of this.counting) {
        if ((node.until ?? 0) < Date.now()) this.counting.delete(id);
        this.services.changed(node);
      }
      if (this.counting.size) return;
      clearInterval(this.ticking);
      this.ticking = undefined;
    }, 1000);
  }
}
