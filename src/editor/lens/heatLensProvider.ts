import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { methodAccuracyText } from '../../core/heat/accuracyWording';
import { lensText, methodLabel } from '../../core/heat/wording';
import { setting } from '../settings/configuration';
import { commandId } from '../contributions';
import type { HeatModel, PlacedHeat } from '../heat/heatModel';
import { Lens, lensCommand } from '../messages/items';
import { createAnnouncer } from './announcer';

type HeatLens = Lens<PlacedHeat>;

const CHANGE_INTERVAL_MS = 500;
const PATIENCE_MS = 15_000;

/** A lens above each hot method. Places are cheap and cached by the model; texts are made for visible lenses only. */
export class HeatLensProvider implements vscode.CodeLensProvider<HeatLens>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  private readonly announcer = this.store.add(
    createAnnouncer({ announce: () => this.changed.fire(), intervalMs: CHANGE_INTERVAL_MS, patienceMs: PATIENCE_MS }),
  );

  constructor(private readonly model: HeatModel) {
    this.store.add(model.onDidChange(this.announcer.changed));
  }

  provideCodeLenses(document: vscode.TextDocument): HeatLens[] {
    this.announcer.asked();
    if (setting('display') === 'inline') return [];
    return this.model.heatOf(document).methods.map((placed) => {
      const { line, column } = placed.method.nameStart;
      return new Lens(new vscode.Range(line, column, line, column), placed);
    });
  }

  resolveCodeLens(lens: HeatLens): HeatLens {
    const { view, heapIntervalBytes, memoryPending } = this.model;
    if (!view) return lens;
    const { heat, method, stale, sharesLine } = lens.about;
    const label = sharesLine || method.anonymous ? methodLabel(method) : undefined;
    const text = lensText(heat, { snapshot: view.snapshot, heapIntervalBytes, memoryPending }, { stale, label });
    lens.command = lensCommand({
      icon: 'flame',
      title: text,
      tooltip: `${methodAccuracyText(heat)}\n${vscode.l10n.t('Click to see it in the flame graph.')}`,
      command: commandId('showInFlameGraph'),
      arguments: [heat.source.file, heat.source.index],
    });
    return lens;
  }

  dispose(): void {
    this.store.dispose();
  }
}
