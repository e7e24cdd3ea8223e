import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { Emitter } from '../../core/emitter';
import { isAttached, type ColumnsReader, type HeatSource } from '../../core/heat/heatSource';
import type { MethodResolver } from '../../core/heat/methodResolver';
import { decodeColumns, encodeColumns } from '../../core/profile/columnsCodec';
import { isProfileFile } from '../views/targetsModel';
import type { ContentStatus, FlameContent, ShownProfile } from './flameContent';
import type { SavedColumns } from './savedColumns';
import { noHeat } from '../editorErrors';

/** Between two refreshes at least, ms; and so many times what the last one took, so that it never takes over the host. */
const REFRESH_MS = 1000;
const REST_FACTOR = 10;
/** What the way to the page carries without delaying the editor's own messages. */
const BYTES_PER_MS = 5000;
const SAVE_EVERY_MS = 30_000;

/** What is measured now, as a flame graph: what is selected of it, read anew after each refresh while a page looks. */
export class LiveContent implements FlameContent {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private reader: ColumnsReader | undefined;
  private shown: ShownProfile | undefined;
  private restored: ShownProfile | undefined;
  private stale = true;
  private timer: NodeJS.Timeout | undefined;
  private nextAt = 0;
  private savedAt = 0;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly source: HeatSource,
    private readonly saved: SavedColumns,
    private readonly resolverOfFiles: () => MethodResolver,
  ) {
    this.store.add(source.onDidChange(() => this.noteChange()));
    this.store.add({ dispose: () => clearTimeout(this.timer) });
  }

  get name(): string {
    return (
      this.shown?.columns.title ??
      this.source.targets[0]?.label ??
      this.restored?.columns.title ??
      vscode.l10n.t('nothing measured yet')
    );
  }

  get status(): ContentStatus | undefined {
    const { targets } = this.source;
    const attachedTargets = targets.filter(isAttached);
    const profile = this.profile();
    if (!profile && attachedTargets.length) {
      return {
        type: 'progress',
        text: vscode.l10n.t('Waiting for the first samples of {0}', attachedTargets[0].label),
      };
    }
    if (!profile) {
      const { message, nextStep } = noHeat();
      return { type: 'failure', message, nextStep };
    }
    if (profile === this.restored) {
      return {
        type: 'ended',
        message: vscode.l10n.t('Measured before the window was reloaded. Attach again to go on.'),
      };
    }
    if (attachedTargets.length || targets.every(isProfileFile)) return undefined;
    return {
      type: 'ended',
      message: vscode.l10n.t('No longer attached to {0}. This is what was measured.', targets[0]?.label ?? this.name),
    };
  }

  profile(): ShownProfile | undefined {
    if (this.stale) {
      this.stale = false;
      this.shown = this.read();
      if (this.shown) {
        this.restored = undefined;
        if (Date.now() - this.savedAt > SAVE_EVERY_MS) void this.save();
      }
    }
    return this.shown ?? this.restored;
  }

  choose(index: number): void {
    const { targets } = this.source;
    if (targets.length < 2) return;
    const target = targets[index - 1];
    this.source.select(target ? new Set([target.id]) : undefined);
  }

  /** What an earlier window measured, until something is measured in this one. */
  async restore(): Promise<void> {
    const data = await this.saved.load();
    if (!data) return;
    try {
      const columns = decodeColumns(data);
      const resolver = this.resolverOfFiles();
      this.restored = { columns, data, live: false, titles: [columns.title], active: 0, resolverOf: () => resolver };
      this.changed.fire();
    } catch {
      // Of another version, or half written by a window that was killed: as good as none.
      await this.saved.clear();
    }
  }

  /** Keeps what is measured now for the next window. Never rejects. */
  async save(): Promise<void> {
    this.savedAt = Date.now();
    const data = (this.profile() ?? this.restored)?.data;
    if (data) await this.saved.save(data);
  }

  /** Nobody looks any more: the next reading begins anew. */
  release(): void {
    this.reader = undefined;
    this.shown = undefined;
    this.restored = undefined;
    this.stale = true;
  }

  dispose(): void {
    this.store.dispose();
  }

  private noteChange(): void {
    this.stale = true;
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.changed.fire();
      },
      Math.max(0, this.nextAt - performance.now()),
    );
  }

  private read(): ShownProfile | undefined {
    const start = performance.now();
    const measured = (this.reader ??= this.source.openColumns()).read();
    if (!measured) return undefined;
    const { columns, resolvers } = measured;
    const data = encodeColumns(columns);
    const tookMs = performance.now() - start;
    this.nextAt = start + Math.max(REFRESH_MS, tookMs * REST_FACTOR, data.byteLength / BYTES_PER_MS);
    return {
      columns,
      data,
      live: this.source.targets.some(isAttached),
      ...this.choices(),
      resolverOf: (frame) => resolvers[frame],
    };
  }

  /** All targets merged, then each; last a selection of several. */
  private choices(): Pick<ShownProfile, 'titles' | 'active'> {
    const { targets, selected } = this.source;
    if (targets.length < 2) return { titles: targets.map(({ label }) => label), active: 0 };
    const titles = [vscode.l10n.t('All targets, merged'), ...targets.map(({ label }) => label)];
    if (!selected) return { titles, active: 0 };
    const chosen = targets.filter(({ id }) => selected.has(id));
    if (chosen.length === 1) return { titles, active: targets.indexOf(chosen[0]) + 1 };
    return { titles: [...titles, vscode.l10n.t('{0} targets, merged', chosen.length)], active: titles.length };
  }
}
