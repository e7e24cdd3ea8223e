import * as vscode from 'vscode';
import { DisposableStore } from '../../core/disposable';
import type { NodeProcess } from '../../node/processes/nodeProcess';
import { redact } from '../../core/redact';
import { createPicker, shownChoice, type Choice } from '../messages/questions';
import type { ProcessRow } from './processItems';

type Item = Choice & { process?: NodeProcess };

export interface ProcessPickerOptions {
  readonly list: () => Promise<ProcessRow[]>;
  readonly title: string;
  readonly onError: (error: unknown) => void;
}

/** Several can be checked; Enter without a check takes the focused one. Undefined when dismissed. */
export function pickProcesses({ list, title, onError }: ProcessPickerOptions): Promise<NodeProcess[] | undefined> {
  const store = new DisposableStore();
  const placeholder = vscode.l10n.t('Enter picks the focused process; check several to measure them together');
  const pick = store.add(createPicker<Item>({ title, placeholder }));
  const refresh: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('refresh'),
    tooltip: vscode.l10n.t('Refresh'),
  };
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [refresh];

  const load = async (): Promise<void> => {
    pick.busy = true;
    try {
      const rows = await list();
      if (store.isDisposed) return;
      const checked = new Set(pick.selectedItems.map(({ choice }) => choice.process?.pid));
      const none: Item = { label: vscode.l10n.t('No Node process is running'), alwaysShow: true };
      pick.items = (rows.length ? rows.map(toItem) : [none]).map(shownChoice);
      pick.selectedItems = pick.items.filter(({ choice: { process } }) => process && checked.has(process.pid));
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
        const processes = items.flatMap(({ choice }) => choice.process ?? []);
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
  const { icon, label, description, detail, process } = row;
  return { icon, label, description, detail: redact(detail), process };
}
