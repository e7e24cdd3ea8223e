import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import { isAttached, type HeatSource } from '../../core/heat/heatSource';
import { views } from '../contributions';
import { treeItem } from '../messages/items';
import { throttle } from '../throttle';
import type { TargetNode } from './targetsModel';
import { targetRows } from './targetsModel';

const CHANGE_INTERVAL_MS = 1000;

/** The Targets view: the state of each target and what measuring costs it. */
export class TargetsView implements vscode.TreeDataProvider<TargetNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;

  /** What the tree was last told to show; asking for the same rows again would only cost. */
  private shown = '';

  constructor(private readonly source: HeatSource) {
    const tree = this.store.add(vscode.window.createTreeView(views.targets, { treeDataProvider: this }));
    const update = (): void => {
      const rows = JSON.stringify(this.rows());
      if (rows === this.shown) return;
      this.shown = rows;
      this.changed.fire();
    };
    const refresh = this.store.add(throttle(update, CHANGE_INTERVAL_MS));
    this.store.add(source.onDidChange(refresh));
    this.store.add(tree.onDidChangeVisibility(refresh));
  }

  getChildren(node?: TargetNode): TargetNode[] {
    return node ? [...(node.children ?? [])] : this.rows();
  }

  getTreeItem(node: TargetNode): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = treeItem(node, node.children?.length ? Collapsed : None);
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon);
    if (node.target) item.contextValue = isAttached(node.target) ? 'attachedTarget' : 'endedTarget';
    return item;
  }

  dispose(): void {
    this.store.dispose();
  }

  private rows(): TargetNode[] {
    const { snapshot, targets, selected } = this.source;
    return targetRows(targets, {
      selected,
      cpu: snapshot?.cpu,
      memory: snapshot?.memory,
      now: Date.now(),
    });
  }
}
