import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { formatShare } from '../../core/words/sampledShares';
import { heatBucket } from '../../core/heat/scale';
import { setting } from '../settings/configuration';
import { heatColorId } from '../contributions';
import type { HeatModel } from '../heat/heatModel';
import { throttle } from '../throttle';

const CHANGE_INTERVAL_MS = 1000;

/** How much of the CPU time is spent in a file, as a badge of its name in the explorer. */
export class FileBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri[]>());
  readonly onDidChangeFileDecorations = this.changed.event;
  /** Badge by path as the workspace shows it. */
  private shown = new Map<string, string>();

  constructor(private readonly model: HeatModel) {
    const update = this.store.add(throttle(() => this.update(), CHANGE_INTERVAL_MS));
    this.store.add(model.onDidChange(update));
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== 'file' || !setting('fileBadges')) return undefined;
    const { view } = this.model;
    const share = this.model.fileShare(uri);
    const badge = share === undefined ? undefined : badgeText(share);
    if (!view || share === undefined || !badge) return undefined;
    const tooltip = vscode.l10n.t('{0} of the CPU time', formatShare(share, view.snapshot.cpu.samples));
    return new vscode.FileDecoration(badge, tooltip, new vscode.ThemeColor(heatColorId(heatBucket(share))));
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Asks the editor again for those files only whose badge has changed. */
  private update(): void {
    const next = new Map<string, string>();
    if (setting('fileBadges') && this.model.shown) {
      for (const [file, share] of this.model.view?.fileShares ?? []) {
        const badge = badgeText(share);
        if (badge) next.set(this.model.paths.shown(file), badge);
      }
    }
    const paths = new Set([...this.shown.keys(), ...next.keys()]);
    const changed = [...paths].filter((path) => this.shown.get(path) !== next.get(path));
    this.shown = next;
    if (changed.length) this.changed.fire(changed.map((path) => vscode.Uri.file(path)));
  }
}

/** Two characters are all a badge has: whole percents, none below one. */
function badgeText(share: number): string | undefined {
  const percent = Math.round(share * 100);
  return percent < 1 ? undefined : String(Math.min(percent, 99));
}
