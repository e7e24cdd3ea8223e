import type { Memory } from '../explain/rememberedInputs';

/** A database whose profiling level is to be set back. */
export interface SwitchBack {
  /** Of the connection. */
  readonly id: string;
  readonly database: string;
  readonly level: number;
  readonly slowMs: number;
  /** ms since 1970 */
  readonly until: number;
}

const memoryKey = 'heatlens.mongo.switchBack';
/** `setTimeout` takes no more, ms. */
const LONGEST_MS = 2 ** 31 - 1;

const isSame = (a: Pick<SwitchBack, 'id' | 'database'>, b: Pick<SwitchBack, 'id' | 'database'>): boolean => a.id === b.id && a.database === b.database;

/** Remembers what has to be set back, over the end of a window too, and does it when the time has come. */
export class SwitchBacks {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly memory: Memory,
    private readonly run: (due: SwitchBack) => Promise<void>,
  ) {}

  all(): readonly SwitchBack[] {
    return this.memory.get<SwitchBack[]>(memoryKey) ?? [];
  }

  find(place: Pick<SwitchBack, 'id' | 'database'>): SwitchBack | undefined {
    return this.all().find((each) => isSame(each, place));
  }

  /** What it was before the first change counts: a second change only moves the time. */
  async plan(next: SwitchBack): Promise<void> {
    const { level, slowMs } = this.find(next) ?? next;
    await this.keep([...this.all().filter((each) => !isSame(each, next)), { ...next, level, slowMs }]);
    this.arm(next);
  }

  /** Of a connection that was opened: what is overdue is done now, the rest in time. */
  async resume(id: string, now = Date.now()): Promise<void> {
    for (const each of this.all().filter((one) => one.id === id)) {
      if (each.until <= now) await this.perform(each);
      else this.arm(each);
    }
  }

  /** Those that this window has set, of one connection or of all, before it closes. */
  async performAll(id?: string): Promise<void> {
    const armed = this.all().filter((each) => this.timers.has(nameOf(each)) && (id === undefined || each.id === id));
    await Promise.all(armed.map((each) => this.perform(each)));
  }

  /** Of a connection that is removed, and of a level that was set back by hand. */
  async forget(place: Pick<SwitchBack, 'id' | 'database'>): Promise<void> {
    this.disarm(place);
    await this.keep(this.all().filter((each) => !isSame(each, place)));
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private arm(each: SwitchBack): void {
    this.disarm(each);
    const wait = Math.min(LONGEST_MS, Math.max(0, each.until - Date.now()));
    this.timers.set(nameOf(each), setTimeout(() => this.perform(each).catch(() => undefined), wait));
  }

  private disarm(each: Pick<SwitchBack, 'id' | 'database'>): void {
    clearTimeout(this.timers.get(nameOf(each)));
    this.timers.delete(nameOf(each));
  }

  /** One that fails stays, for the next connect. */
  private async perform(each: SwitchBack): Promise<void> {
    this.disarm(each);
    const current = this.find(each);
    if (!current) return;
    await this.run(current);
    await this.forget(current);
  }

  private async keep(all: readonly SwitchBack[]): Promise<void> {
    await this.memory.update(memoryKey, all);
  }
}

function nameOf({ id, database }: Pick<SwitchBack, 'id' | 'database'>): string {
  return `${id}/${database}`;
}
