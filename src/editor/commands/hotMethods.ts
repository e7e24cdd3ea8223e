import * as vscode from 'vscode';
import { MEASURES } from '../../core/heat/measures';
import { pickOne, type Choice } from '../messages/questions';
import type { Grouping } from '../views/hotMethodsModel';
import { sortTitle } from '../views/hotMethodsModel';
import type { HotMethodsView } from '../views/hotMethodsView';

export async function sortHotMethods(view: HotMethodsView): Promise<void> {
  const { sort } = view.state;
  const items = MEASURES.map((measure) => ({ ...chosen(sortTitle(measure), measure === sort), measure }));
  const picked = await pickOne(items, { title: vscode.l10n.t('Sort Hot Methods') });
  if (picked) await view.setState({ sort: picked.measure });
}

export async function groupHotMethods(view: HotMethodsView): Promise<void> {
  const labels: Record<Grouping, string> = {
    none: vscode.l10n.t('Not grouped'),
    file: vscode.l10n.t('By file'),
    package: vscode.l10n.t('By package'),
  };
  const { group } = view.state;
  const items = (Object.keys(labels) as Grouping[]).map((key) => ({ ...chosen(labels[key], key === group), key }));
  const picked = await pickOne(items, { title: vscode.l10n.t('Group Hot Methods') });
  if (picked) await view.setState({ group: picked.key });
}

function chosen(label: string, current: boolean): Choice {
  return { label, ...(current ? { description: vscode.l10n.t('current') } : {}) };
}
