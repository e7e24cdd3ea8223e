import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { HeatSnapshot } from '../../core/heat/heatSnapshot';
import type { Measure } from '../../core/heat/measures';
import { usableMeasure } from '../../core/heat/measures';
import { inDigits } from '../../core/words/numbers';
import { formatDuration } from '../../core/words/times';
import { heatBucket } from '../../core/heat/scale';
import { withAccuracy } from '../../core/heat/accuracyWording';
import { measureLabel } from '../../core/heat/wording';
import { commandId, heatColorId, views } from '../contributions';
import type { HeatModel } from '../heat/heatModel';
import type { HotMethod } from '../heat/heatView';
import { treeItem } from '../messages/items';
import { throttle } from '../throttle';
import type { Grouping, HotNode } from './hotMethodsModel';
import { hotMethodRows, methodsInOrder } from './hotMethodsModel';

export interface HotMethodsState {
  sort: Measure;
  group: Grouping;
  ownCodeOnly: boolean;
}

const STATE_KEY = 'heatlens.hotMethodsView';
const defaultState: HotMethodsState = { sort: 'self', group: 'none', ownCodeOnly: false };
const CHANGE_INTERVAL_MS = 1000;

/** The Hot Methods view. How it is sorted, grouped and filtered is remembered per workspace. */
export class HotMethodsView implements vscode.TreeDataProvider<HotNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly tree: vscode.TreeView<HotNode>;
  private rows: readonly HotNode[] = [];
  /** What the tree was last told to show; asking for the same rows again would only cost. */
  private shown = '';

  constructor(
    private readonly model: HeatModel,
    private readonly memento: vscode.Memento,
  ) {
    this.tree = this.store.add(
      vscode.window.createTreeView(views.hotMethods, { treeDataProvider: this, showCollapseAll: true }),
    );
    const refresh = this.store.add(throttle(() => this.refresh(), CHANGE_INTERVAL_MS));
    this.store.add(model.onDidChange(refresh));
    this.store.add(this.tree.onDidChangeVisibility(refresh));
  }

  get state(): HotMethodsState {
    return { ...defaultState, ...this.memento.get<Partial<HotMethodsState>>(STATE_KEY) };
  }

  async setState(change: Partial<HotMethodsState>): Promise<void> {
    await this.memento.update(STATE_KEY, { ...this.state, ...change });
    this.refresh();
  }

  /** Methods in the order of the view, groups unfolded. */
  inOrder(): HotMethod[] {
    return methodsInOrder(this.build());
  }

  getChildren(node?: HotNode): HotNode[] {
    if (node) return [...(node.children ?? [])];
    this.rows = this.build();
    return [...this.rows];
  }

  getParent(node: HotNode): HotNode | undefined {
    return this.rows.find((row) => row.children?.some((child) => child.id === node.id));
  }

  getTreeItem(node: HotNode): vscode.TreeItem {
    const item = treeItem(node, collapsible(node));
    item.contextValue = node.kind;
    const color = node.share > 0 ? new vscode.ThemeColor(heatColorId(heatBucket(node.share))) : undefined;
    if (node.kind === 'method' && node.method) {
      const { file, index } = node.method.heat.source;
      item.iconPath = new vscode.ThemeIcon('flame', color);
      item.command = {
        command: commandId('goToMethod'),
        title: vscode.l10n.t('Go to Method'),
        arguments: [file, index],
      };
    } else if (node.kind === 'file') {
      item.iconPath = new vscode.ThemeIcon('file-code', color);
    } else if (node.kind === 'package') {
      item.iconPath = new vscode.ThemeIcon('package', color);
    }
    return item;
  }

  dispose(): void {
    this.store.dispose();
  }

  private refresh(): void {
    const { view } = this.model;
    this.tree.message = view ? summary(view.snapshot) : undefined;
    const sort = view && usableMeasure(this.state.sort, view.snapshot);
    this.tree.description = sort && vscode.l10n.t('by {0}', measureLabel(sort));
    // A hidden tree asks for its rows when it is shown.
    const rows = this.tree.visible ? JSON.stringify(this.build(), withoutHeat) : '';
    if (rows && rows === this.shown) return;
    this.shown = rows;
    this.changed.fire();
  }

  private build(): HotNode[] {
    const { view, heapIntervalBytes, paths } = this.model;
    if (!view) return [];
    return hotMethodRows(view.snapshot, view.hot, {
      ...this.state,
      heapIntervalBytes,
      shortPath: (file) => paths.short(file),
    });
  }
}

/** Rows are compared by what is seen of them. */
function withoutHeat(key: string, value: unknown): unknown {
  return key === 'method' ? undefined : value;
}

function summary({ cpu, accuracy }: HeatSnapshot): string | undefined {
  if (cpu.samples <= 0) return undefined;
  const time = formatDuration(cpu.sampledMs);
  const text = vscode.l10n.t('{0} of CPU time · {1} samples', time, inDigits(cpu.samples));
  // What was sampled is no guess; that it was of another program than the usual one is said once, above the rows.
  return accuracy === 'exact' ? withAccuracy(text, accuracy) : text;
}

function collapsible(node: HotNode): vscode.TreeItemCollapsibleState {
  if (!node.children?.length) return vscode.TreeItemCollapsibleState.None;
  return node.kind === 'file' || node.kind === 'package'
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}
