import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { NodeProcess } from '../../node/processes/nodeProcess';
import { redact } from '../messages/redact';
import type { ProcessRow } from './processItems';

type Item = vscode.QuickPickItem & { process?: NodeProcess };

export interface ProcessPickerOptions {
  readonly list: () => Promise<ProcessRow[]>;
  readonly title: string;
  readonly onError: (error: unknown) => void;
}

/** Several can be checked; Enter without a check takes the focused one. Undefined when dismissed. */
export function pickProcesses({ list, title, onError }: ProcessPickerOptions): Promise<NodeProcess[] | undefined> {
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<Item>());
  const refresh: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('refresh'),
    tooltip: vscode.l10n.t('Refresh'),
  };
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Enter picks the focused process; check several to measure them together');
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [refresh];

  const load = async (): Promise<void> => {
    pick.busy = true;
    try {
      const rows = await list();
      if (store.isDisposed) return;
      const checked = new Set(pick.selectedItems.map((item) => item.process?.pid));
      pick.items = rows.length
        ? rows.map(toItem)
        : [{ label: vscode.l10n.t('No Node process is running'), alwaysShow: true }];
      pick.selectedItems = pick.items.filter((item) => item.process && checked.has(item.process.pid));
    } catch (error) {
      onError(error);
      pick.hide();
    } finally {
      if (!store.isDisposed) pick.busy = false;
    }
  };

  return new Promise((resolve) => {
    store.add(
      pick.onDidAccept(() => {
        const items = pick.selectedItems.length ? pick.selectedItems : pick.activeItems;
        const processes = items.flatMap((item) => item.process ?? []);
        resolve(processes.length ? processes : undefined);
        pick.hide();
      }),
    );
    store.add(
      pick.onDidHide(() => {
        resolve(undefined);
        store.dispose();
      }),
    );
    store.add(pick.onDidTriggerButton(() => void load()));
    pick.show();
    void load();
  });
}

function toItem(row: ProcessRow): Item {
  if (row.kind === 'title') return { label: row.label, kind: vscode.QuickPickItemKind.Separator };
  const { label, description, detail, process } = row;
  return { label, description, detail: redact(detail), process };
}
