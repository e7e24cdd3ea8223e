import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import { accuracyText } from '../../core/heat/accuracyWording';
import { stateText } from '../../core/heat/wording';
import { commandId } from '../contributions';
import { createStatusItem } from '../messages/items';
import type { RecordingHost } from '../recording/recordingHost';
import { isProfileFile, stateIcon } from './targetsModel';

/** The one status-bar item: hidden until there is something to say, one click from everything that can be done. */
export class StatusBar implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    createStatusItem({ id: 'heatlens.state', name: 'Heatlens', priority: 10, command: commandId('showMenu') }),
  );

  constructor(private readonly host: RecordingHost) {
    this.store.add(host.onDidChange(() => this.render()));
  }

  dispose(): void {
    this.store.dispose();
  }

  private render(): void {
    const text = this.text();
    if (text === undefined) return this.item.show(undefined);
    const { snapshot, targets } = this.host;
    const lines = targets.map((target) =>
      isProfileFile(target) ? target.label : `${target.label}: ${stateText(target.state)}`,
    );
    if (snapshot) lines.push(accuracyText(snapshot.accuracy));
    this.item.show({
      ...text,
      tooltip: lines,
      spoken: ['Heatlens', ...lines].join(', '),
      isWarning: this.host.attachedTargets.some((target) => target.state === 'unresponsive'),
    });
    return undefined;
  }

  private text(): { readonly icon: string; readonly text: string } | undefined {
    if (this.host.busy) return { icon: 'loading~spin', text: vscode.l10n.t('Heatlens: attaching…') };
    const attached = this.host.attachedTargets;
    if (attached.length) {
      const state = mostTelling(attached);
      const icon = state === 'measuring' ? 'flame' : stateIcon(state);
      const suffix = state === 'measuring' ? '' : ` · ${stateText(state)}`;
      return { icon, text: `${nameOf(attached)}${suffix}` };
    }
    const { snapshot, targets } = this.host;
    if (!snapshot || !targets.length) return undefined;
    const kept = targets.every(isProfileFile) ? '' : ` · ${vscode.l10n.t('heat kept')}`;
    return { icon: 'flame', text: `${nameOf(targets)}${kept}` };
  }
}

/** Worst first: what the user should know of several targets. */
const TELLING: readonly TargetState[] = ['unresponsive', 'measuring-exactly', 'starting', 'measuring', 'paused'];

function mostTelling(targets: readonly TargetSummary[]): TargetState {
  return TELLING.find((state) => targets.some((target) => target.state === state)) ?? 'measuring';
}

/** Threads are targets of their own; people count processes. */
function nameOf(targets: readonly TargetSummary[]): string {
  const processes = new Set(targets.map((target) => target.pid ?? target.id));
  const [first] = targets;
  return processes.size === 1 && first ? first.label : vscode.l10n.t('{0} processes', processes.size);
}
