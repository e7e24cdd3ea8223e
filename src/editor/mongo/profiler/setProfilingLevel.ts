import * as vscode from 'vscode';
import { requireTrust } from '../../trust';
import type { MongoFeature } from '../mongoFeature';
import { databasePlace } from '../tree/showCollection';
import type { MongoNode } from '../tree/mongoTreeModel';
import { profilerRow } from '../tree/mongoTree';
import type { ProfilerLevel } from './profilerLevel';

const MINUTES = [1, 5, 15, 60] as const;

/** Asks for the level and for how long, warns what it costs, and sets it. */
export async function setProfilingLevel(feature: MongoFeature, node: Partial<MongoNode>): Promise<void> {
  requireTrust();
  const place = await databasePlace(feature, node);
  if (!place) return;
  const next = await askLevel(place.database);
  if (!next) return;
  if (next.level === 0) return feature.profiler.set(place.id, place.database, next, undefined);
  const minutes = await askMinutes();
  if (minutes === undefined || !(await confirm(feature, place, next, minutes))) return;
  await feature.profiler.set(place.id, place.database, next, minutes);
  feature.reveal(profilerRow(feature.tree.databaseNode(place.id, place.database)));
}

async function askLevel(database: string): Promise<ProfilerLevel | undefined> {
  const items = [
    { label: vscode.l10n.t('Off'), level: 0 },
    { label: vscode.l10n.t('Slow operations'), description: vscode.l10n.t('those slower than a limit'), level: 1 },
    { label: vscode.l10n.t('All operations'), description: vscode.l10n.t('costs the most'), level: 2 },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Profiling of {0}', database), placeHolder: vscode.l10n.t('What the server records in system.profile') });
  if (picked?.level !== 1) return picked && { level: picked.level, slowMs: 100 };
  const slow = await vscode.window.showInputBox({
    title: vscode.l10n.t('Profiling of {0}', database),
    prompt: vscode.l10n.t('Operations that take longer than this many milliseconds are recorded'),
    value: '100',
    validateInput: (text) => (/^\d{1,7}$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number')),
  });
  return slow === undefined ? undefined : { level: 1, slowMs: Number(slow) };
}

async function askMinutes(): Promise<number | undefined> {
  const items = MINUTES.map((minutes) => ({ label: minutes === 1 ? vscode.l10n.t('1 minute') : vscode.l10n.t('{0} minutes', minutes), minutes }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('When it is switched back') }))?.minutes;
}

async function confirm({ connections }: MongoFeature, { id, database }: { id: string; database: string }, { level }: ProfilerLevel, minutes: number): Promise<boolean> {
  const name = connections.open.status(id)?.name ?? id;
  const start = vscode.l10n.t('Start Profiling');
  const costs = level === 2 ? vscode.l10n.t('Every operation is written to system.profile, which slows the server down.') : vscode.l10n.t('Slow operations are written to system.profile; the limit of slow operations holds for the server’s log too.');
  const detail = `${costs} ${vscode.l10n.t('It is for everyone who uses this server. After {0} min, or when this window closes, it is set back to what it was.', minutes)}`;
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Record operations of {0} on {1}?', database, name), { modal: true, detail }, start);
  return answer === start;
}
