import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { views } from '../contributions';
import type { RecordingHost } from '../recordingHost';
import { isAttached } from '../recordingHost';
import { throttle } from '../throttle';
import type { TargetNode } from './targetsModel';
import { targetRows } from './targetsModel';

const changeIntervalMs = 1000;

/** The Targets view: the state of each target and what measuring costs it. */
export class TargetsView implements vscode.TreeDataProvider<TargetNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly host: RecordingHost) {
    this.store.add(vscode.window.createTreeView(views.targets, { treeDataProvider: this }));
    const refresh = this.store.add(throttle(() => this.changed.fire(), changeIntervalMs));
    this.store.add(host.onDidChange(refresh));
  }

  getChildren(node?: TargetNode): TargetNode[] {
    if (node) return [...(node.children ?? [])];
    const { snapshot, targets } = this.host;
    return targetRows(targets, {
      selected: this.host.recording?.selected,
      cpu: snapshot?.cpu,
      memory: snapshot?.memory,
      now: Date.now(),
    });
  }

  getTreeItem(node: TargetNode): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.children?.length ? Collapsed : None);
    item.id = node.id;
    item.description = node.description;
    item.tooltip = node.tooltip;
    item.accessibilityInformation = { label: node.spoken };
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    if (node.target) item.contextValue = isAttached(node.target) ? 'attachedTarget' : 'endedTarget';
    return item;
  }

  dispose(): void {
    this.store.dispose();
  }
}
