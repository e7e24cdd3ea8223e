import * as vscode from 'vscode';
import { DisposableStore } from '../core/disposable';
import type { ContextKeys } from './contributions';
import type { RecordingHost } from './recordingHost';

/** Keeps the keys of `when` clauses up to date; the editor is told of changes only. */
export class ContextKeyUpdater implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly told = new Map<string, unknown>();

  constructor(host: RecordingHost) {
    const update = (): void => {
      const { recording, snapshot, targets } = host;
      this.set('heatlens.attached', host.attachedTargets.length > 0);
      this.set('heatlens.paused', recording?.paused ?? false);
      this.set('heatlens.hasHeat', snapshot !== undefined && (snapshot.methods.length > 0 || snapshot.cpu.samples > 0));
      this.set('heatlens.exact', snapshot?.accuracy === 'exact');
      this.set('heatlens.measuringExactly', recording?.measuringExactly ?? false);
      this.set('heatlens.severalTargets', targets.length > 1);
    };
    this.store.add(host.onDidChange(update));
  }

  set<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
    if (this.told.get(key) === value) return;
    this.told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }

  dispose(): void {
    this.store.dispose();
  }
}
