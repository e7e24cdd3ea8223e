import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { TargetState, TargetSummary } from '../../core/heat/heatSnapshot';
import { accuracyText, stateText } from '../../core/heat/wording';
import { commandId } from '../contributions';
import type { RecordingHost } from '../recording/recordingHost';
import { isProfileFile, stateIcon } from './targetsModel';

/** The one status-bar item: hidden until there is something to say, one click from everything that can be done. */
export class StatusBar implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('heatlens.state', vscode.StatusBarAlignment.Left, 10),
  );

  constructor(private readonly host: RecordingHost) {
    this.item.name = 'Heatlens';
    this.item.command = commandId('showMenu');
    this.store.add(host.onDidChange(() => this.render()));
  }

  dispose(): void {
    this.store.dispose();
  }

  private render(): void {
    const text = this.text();
    if (text === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = text;
    const { snapshot, targets } = this.host;
    const lines = targets.map((target) =>
      isProfileFile(target) ? target.label : `${target.label}: ${stateText(target.state)}`,
    );
    if (snapshot) lines.push(accuracyText(snapshot.accuracy));
    this.item.tooltip = lines.join('\n');
    this.item.accessibilityInformation = { label: ['Heatlens', ...lines].join(', '), role: 'button' };
    const stuck = this.host.attachedTargets.some((target) => target.state === 'unresponsive');
    this.item.backgroundColor = stuck ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }

  private text(): string | undefined {
    if (this.host.busy) return `$(loading~spin) ${vscode.l10n.t('Heatlens: attaching…')}`;
    const attached = this.host.attachedTargets;
    if (attached.length) {
      const state = mostTelling(attached);
      const icon = state === 'measuring' ? 'flame' : stateIcon(state);
      const suffix = state === 'measuring' ? '' : ` · ${stateText(state)}`;
      return `$(${icon}) ${nameOf(attached)}${suffix}`;
    }
    const { snapshot, targets } = this.host;
    if (!snapshot || !targets.length) return undefined;
    const kept = targets.every(isProfileFile) ? '' : ` · ${vscode.l10n.t('heat kept')}`;
    return `$(flame) ${nameOf(targets)}${kept}`;
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
