import * as vscode from 'vscode';
import { profilingCost } from '../../../../node/database/mongo/databaseProfiler';
import { confirm } from '../../../messages/confirm';
import { ask, pickOne } from '../../../messages/questions';
import { requireTrust } from '../../../workspace/trust';
import { databasePlace, type DatabasePlace } from '../connections/databasePlace';
import type { MongoConnections } from '../connections/mongoConnections';
import type { MongoTree } from '../tree/mongoTree';
import type { MongoNode } from '../tree/mongoTreeModel';
import type { ProfilerControl } from './profilerControl';

export interface ProfilingServices {
  readonly connections: MongoConnections;
  readonly profiler: ProfilerControl;
  readonly tree: MongoTree;
}

/** 0 is off. */
interface ChosenLevel {
  readonly level: 0 | 1 | 2;
  /** ms; the server's own where it is not given. */
  readonly slowms?: number;
}

const MINUTES = [1, 5, 15, 60] as const;

/** Asks for the level and for how long, warns what it costs, and sets it. */
export async function setProfilingLevel(
  { connections, profiler, tree }: ProfilingServices,
  node: Partial<MongoNode>,
): Promise<void> {
  requireTrust();
  const place = await databasePlace(connections, node);
  if (!place) return;
  const next = await askLevel(place.database);
  if (!next) return;
  const { level, slowms } = next;
  if (level === 0) return profiler.stop(place.id, place.database);
  const minutes = await askMinutes();
  if (minutes === undefined || !(await confirmLevel(connections, place, level, minutes))) return;
  await profiler.start(place.id, place.database, level, slowms, minutes);
  tree.showProfiler(place.id, place.database, { focus: false });
}

/** Unfolds the profiler of a database in the view. */
export async function showProfiler(
  { connections, tree }: Pick<ProfilingServices, 'connections' | 'tree'>,
  node: Partial<MongoNode>,
): Promise<void> {
  requireTrust();
  const place = await databasePlace(connections, node);
  if (place) tree.showProfiler(place.id, place.database, { focus: true });
}

async function askLevel(database: string): Promise<ChosenLevel | undefined> {
  const items = [
    { label: vscode.l10n.t('Off'), level: 0 },
    { label: vscode.l10n.t('Slow operations'), description: vscode.l10n.t('those slower than a limit'), level: 1 },
    { label: vscode.l10n.t('All operations'), description: vscode.l10n.t('costs the most'), level: 2 },
  ] as const;
  const picked = await pickOne(items, {
    title: vscode.l10n.t('Profiling of {0}', database),
    placeHolder: vscode.l10n.t('What the server records in system.profile'),
  });
  if (picked?.level !== 1) return picked && { level: picked.level };
  const slow = await ask({
    title: vscode.l10n.t('Profiling of {0}', database),
    prompt: vscode.l10n.t('Operations that take longer than this many milliseconds are recorded'),
    value: '100',
    problem: (text) => (/^\d{1,7}$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number')),
  });
  return slow === undefined ? undefined : { level: 1, slowms: Number(slow) };
}

async function askMinutes(): Promise<number | undefined> {
  const items = MINUTES.map((minutes) => ({
    label: minutes === 1 ? vscode.l10n.t('1 minute') : vscode.l10n.t('{0} minutes', minutes),
    minutes,
  }));
  return (await pickOne(items, { placeHolder: vscode.l10n.t('When to switch it back') }))?.minutes;
}

function confirmLevel(
  connections: MongoConnections,
  { id, database }: DatabasePlace,
  level: 1 | 2,
  minutes: number,
): Promise<boolean> {
  const name = connections.open.status(id)?.name ?? id;
  const back = vscode.l10n.t(
    'This affects everyone who uses the server. After {0} min, or when this window closes, the previous level is restored.',
    minutes,
  );
  const detail = `${profilingCost(level)} ${back}`;
  const question = vscode.l10n.t('Record operations of {0} on {1}?', database, name);
  return confirm({ question, detail, go: vscode.l10n.t('Start Profiling') });
}
