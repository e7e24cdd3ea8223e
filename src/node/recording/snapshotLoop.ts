import type { Disposable } from '../../core/disposable';
import type { HeatSnapshot } from '../../core/heat/heatSnapshot';

/** Windows of several isolates that end at about the same moment make one snapshot. */
const SETTLE_MS = 100;

/** The latest heat snapshot, and when it is built anew. */
export class SnapshotLoop implements Disposable {
  private latest: HeatSnapshot | undefined;
  private building: Promise<void> | undefined;
  private isDirty = false;
  /** Counts what was forgotten, so that a build of before does not bring it back. */
  private generation = 0;
  private settling: NodeJS.Timeout | undefined;
  private isDisposed = false;

  /** `build` reads what there is when it is called; `onBuilt` is told after each round of building. */
  constructor(
    private readonly build: () => Promise<HeatSnapshot | undefined>,
    private readonly onBuilt: () => void,
  ) {}

  get snapshot(): HeatSnapshot | undefined {
    return this.latest;
  }

  /** Resolves when nothing is newer than the snapshot. */
  rebuild(): Promise<void> {
    this.isDirty = true;
    this.building ??= this.buildWhileDirty().finally(() => (this.building = undefined));
    return this.building;
  }

  rebuildSoon(): void {
    if (this.isDisposed) return;
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      void this.rebuild();
    }, SETTLE_MS);
  }

  forget(): void {
    this.generation++;
    this.latest = undefined;
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.settling);
  }

  private async buildWhileDirty(): Promise<void> {
    while (this.isDirty) {
      this.isDirty = false;
      const born = this.generation;
      const built = await this.build();
      if (born === this.generation) this.latest = built;
    }
    this.onBuilt();
  }
}
